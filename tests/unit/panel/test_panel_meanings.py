"""What error texts mean: whole words in any order, in many languages, and never the customer's
own.
"""

import pytest

from panel import Meaning, Rejected
from panel.error_codes import ALL, STOPPING, definite_meaning, meaning_of
from panel.wording import Sentence, fits
from tests.fakes.adding import LINK
from tests.fakes.panel import FakePanel
from tests.harness.cases import cases

MEANINGS = {"unlisted": Meaning.OTHER}


@pytest.mark.parametrize("case", cases("refusal_words", by="error"))
async def test_words_of_the_wild(case: dict) -> None:
    async with FakePanel({"error": case["error"]}, case["http"]).client() as client:
        with pytest.raises(Rejected) as caught:
            await client.add("1", LINK)
    assert str(caught.value.meaning) == MEANINGS.get(case["meaning"], case["meaning"])


# Parted by " | ".
SAID = {
    Meaning.FUNDS: """
        Insufficient funds in provider's account | Please top up your balance first |
        Balance insufficient, top-up required | Credit limit exceeded | Not enough money on your account |
        You have no money | Low funds | Your credits are finished | Payment is required |
        Wallet balance too low | Not sufficient funds | Fonds insuffisants sur votre compte |
        Votre crédit est épuisé | Solde trop faible | Guthaben zu gering | Zu wenig Guthaben |
        Ihr Konto ist nicht gedeckt | Saldo demasiado bajo | Su saldo es demasiado bajo |
        No hay fondos suficientes | Fondos no suficientes | Недостаточно денег на счету | Баланс недостаточен |
        Средств недостаточно | На вашем счету недостаточно средств | Закончились средства | Баланс слишком мал |
        Нулевой баланс | Пополните счет | Saldo tidak cukup | Saldo Anda kurang | Saldo tidak memadai |
        Saldo kamu tidak mencukupi untuk melakukan pesanan | Bakiye yeterli değil |
        Bakiyenizde yeterli para yok | Yetersiz kredi | 资金不足 | 账户余额不够 | 余额不够，请充值 |
        您的余额不足以支付此订单 | رصيدك غير كافٍ | لا يوجد رصيد كاف | الرصيد غير كافي لإتمام الطلب |
        رصيد حسابك لا يكفي | You don't have enough balance | You do not have enough funds to place this order. |
        Insufficient Funds! | insufficientFunds | NOT_ENOUGH_CREDITS | error.low-balance |
        Balance too low, please top up | Your account balance isn't enough | Out of credit | Credits exhausted |
        Order amount exceeds your balance | Balance not enough; add funds | Please recharge your balance |
        You can't afford this order | Недостаточный баланс | На балансе недостаточно средств. |
        Не хватает средств на счёте | Нет средств | НЕДОСТАТОЧНО СРЕДСТВ | Ваш баланс слишком низкий |
        Пополните баланс | Недостатньо коштів на балансі | No tienes saldo suficiente | Fondos insuficientes |
        SALDO INSUFICIENTE | Créditos insuficientes | Sin saldo | Seu saldo é insuficiente |
        Você não tem saldo suficiente | Créditos insuficientes na conta | Solde insuffisant |
        Fonds insuffisants | Votre solde n'est pas suffisant | Crédits insuffisants |
        Guthaben nicht ausreichend | Nicht genügend Guthaben | Nicht genuegend Guthaben |
        Unzureichendes Guthaben | Ihr Guthaben reicht nicht aus | Kein Guthaben | Saldo insufficiente |
        Credito insufficiente | Fondi non sufficienti | Saldo kurang | Saldo Anda tidak cukup |
        Dana tidak mencukupi | Saldo habis | Bakiye yetersiz | Bakiyeniz yetersizdir | YETERSİZ BAKİYE |
        Yeterli bakiyeniz bulunmamaktadır. | Bakiyeniz yeterli değil | 账户余额不足 | 餘額不足，請先充值 |
        您的余额不够 | 残高が不足しています | 잔액이 부족합니다 | الرصيد غير كافٍ | ليس لديك رصيد كافي |
        رصيدك لا يكفي | Số dư không đủ | Tài khoản không đủ số dư | अपर्याप्त शेष |
        आपके खाते में पर्याप्त बैलेंस नहीं है | ยอดเงินไม่เพียงพอ | Brak środków na koncie |
        neworder.error.not_enough_funds: 0.5 | balance.low? | Error:not enough funds | Niewystarczające saldo |
        Onvoldoende saldo | {'code': 'insufficient_balance'}
    """,
    Meaning.BAD_KEY: """
        Api key is wrong | Invalid key | Incorrect API credentials | Key not found | No API key |
        Access key invalid | Bad API key | Your API access is disabled | Account disabled |
        Your account has been banned | Your account was blocked | account is not active |
        API is disabled for your account | Ключ неверный | Неправильный ключ API | API ключ не найден |
        Ваш аккаунт приостановлен | Аккаунт заблокирован | IP не разрешён | Доступ с этого IP запрещен |
        IP address is not authorized | Your IP address is not allowed | Unauthorized IP | IP not in whitelist |
        Clave API no válida | Tu cuenta está suspendida | Cuenta suspendida | Votre compte est suspendu |
        Compte suspendu | Clé invalide | Ihr Konto wurde gesperrt | Konto gesperrt | Ungültiger Schlüssel |
        Kunci API salah | Akun Anda diblokir | API anahtarı geçersiz | Hesabınız askıya alındı | 账户已被封禁 |
        您的账号已被冻结 | مفتاح API غير صالح | حسابك موقوف | Invalid API key | API key not found |
        apiKey is missing | API_KEY_INVALID | Incorrect key | The key you provided is not valid |
        Invalid token | Authentication failed | Unauthenticated. | You are not authorized | Your IP is blocked |
        IP 1.2.3.4 is not whitelisted | Your account has been disabled | Account suspended | Inactive account |
        Your account isn't active | Неверный ключ | Неверный API ключ | Ключ API недействителен |
        Ваш аккаунт заблокирован | Clave API inválida | Clave incorrecta | Chave de API inválida |
        Clé API invalide | Ungültiger API-Schlüssel | API-Schluessel ungueltig | Falscher Schlüssel |
        Chiave API non valida | API key salah | Kunci API tidak valid | Geçersiz API anahtarı | Hatalı anahtar |
        密钥错误 | API密钥无效 | key错误 | مفتاح API غير صحيح | Khóa API không hợp lệ | अमान्य API कुंजी
    """,
    Meaning.BUSY_LINK: """
        Order with this link already exists | You already have an order with this link | Link already exists |
        This link is already in progress | There is already an order in progress for this link |
        Same order already exists | Please wait for the previous order to finish |
        Previous order not completed | Your previous order for this URL isn't finished | Дублирующаяся ссылка |
        Заказ на эту ссылку уже существует | Уже есть заказ с такой ссылкой |
        Ya hay un pedido en curso para este enlace | Enlace duplicado | Lien en double |
        Une commande est déjà en cours sur ce lien | Doppelter Link |
        Es läuft bereits eine Bestellung mit diesem Link | Pesanan dengan link ini masih berjalan |
        Link sedang diproses | Bu linke ait aktif sipariş var | Bu bağlantı için zaten bir sipariş var |
        此链接已有订单 | 相同链接的订单正在进行 | لديك بالفعل طلب نشط لنفس الرابط |
        You have active order with this link. Please wait until order being completed. | link_duplicate |
        Duplicate link | An order for this link is already in progress | This link already has a pending order |
        Another order for that link is being processed | Link is already in use | ACTIVE_ORDER_EXISTS_FOR_LINK |
        Duplicate order | Please wait until your previous order for this link is completed |
        У вас уже есть активный заказ на эту ссылку | Заказ с этой ссылкой уже выполняется |
        Эта ссылка уже используется | Ya tienes un pedido activo con este enlace |
        Ya existe una orden en progreso para este link | Você já tem um pedido em andamento com este link |
        Vous avez déjà une commande en cours pour ce lien |
        Es gibt bereits eine aktive Bestellung für diesen Link | Hai già un ordine attivo con questo link |
        Anda memiliki pesanan aktif dengan link ini |
        Masih ada pesanan yang sedang berjalan pada link yang sama | Bu link için aktif bir siparişiniz var |
        Aynı linke ait devam eden siparişiniz bulunmaktadır | 该链接已有进行中的订单 | 链接重复 |
        لديك طلب نشط على هذا الرابط | Bạn đang có đơn hàng đang chạy với link này
    """,
    Meaning.RATE_LIMIT: """
        Too many requests, try again later | Rate limit exceeded for this API key | rate_limited |
        RateLimitExceeded | API limit reached | Request limit exceeded | Слишком много запросов |
        Превышен лимит запросов | Demasiadas solicitudes | Muitas requisições | Trop de requêtes |
        Zu viele Anfragen | Troppe richieste | Terlalu banyak permintaan | Çok fazla istek | 请求过于频繁 |
        طلبات كثيرة جدا | Quá nhiều yêu cầu
    """,
    Meaning.BAD_SERVICE: """
        Incorrect service ID | neworder.error.service_inactive | Service not found | The service doesn't exist |
        Service is disabled service | Invalid service | Услуга не найдена | Услуга отключена |
        Servicio no encontrado | El servicio no existe | Serviço não encontrado | Service introuvable |
        Ce service n'existe pas | Dienst nicht gefunden | Servizio non trovato | Layanan tidak ditemukan |
        Servis bulunamadı | 服务不存在 | الخدمة غير موجودة | Dịch vụ không tồn tại
    """,
    Meaning.QUANTITY: """
        Amount must be at least 100 | Min 10 Max 1000 | Quantity is not a number | Minimum quantity is 10 |
        Quantity not in range | Too small quantity | order quantity below min |
        Количество должно быть от 10 до 1000 | Минимум 100 | neworder.error.min_quantity |
        Quantity less than minimal 100 | Quantity more than maximum 10000 | Min. quantity is 10 |
        The quantity is too low | Minimum order is 100 | Количество меньше минимального |
        Минимальное количество: 100 | Cantidad mínima 100 | La cantidad debe estar entre 10 y 100 |
        Quantidade mínima: 100 | La quantité minimale est 10 | Die Mindestmenge beträgt 10 | Menge ungültig |
        Quantità minima 10 | Jumlah minimal 100 | Miktar en az 100 olmalı | 数量必须在10到100之间 |
        الكمية أقل من الحد الأدنى | Số lượng tối thiểu là 100
    """,
    Meaning.LINK: """
        Link format is not correct | Invalid username | Username not found | Private account |
        Profile not found | Channel is private | Url is invalid | The link is incorrect | Wrong link format |
        Link field is empty | Неправильная ссылка | Аккаунт закрыт | El enlace no es válido | Perfil privado |
        URL invalide | Benutzer nicht gefunden | Link salah | Kullanıcı bulunamadı | 链接不存在 | 用户不存在 |
        neworder.error.link | error.link | Link is not valid | invalid_link | url: a link is needed |
        The link field is required. | Please enter a valid URL | Profile is private | This account is private |
        Video not found | Post doesn't exist | Неверная ссылка | Некорректная ссылка | Пользователь не найден |
        Enlace no válido | Link inválido | Lien invalide | Ungültiger Link | Der Link ist ungültig |
        Link non valido | Link tidak valid | Tautan salah | Geçersiz link | Hatalı bağlantı | 链接无效 |
        链接格式错误 | الرابط غير صحيح | Liên kết không hợp lệ | अमान्य लिंक
    """,
    Meaning.TEMPORARY: """
        Under maintenance | Site is down for maintenance | Технические работы | Сервис временно недоступен |
        Systemwartung | Bakım modu | Mode maintenance | En mantenimiento | Service is temporarily unavailable |
        Please try again later | We are in maintenance | Ведутся технические работы | Попробуйте позже |
        Sistema en mantenimiento | Em manutenção | Veuillez réessayer plus tard | Wartungsarbeiten |
        In manutenzione | Sedang pemeliharaan | Sistem bakımda | 系统维护中 | تحت الصيانة |
        Hệ thống đang bảo trì
    """,
}


@pytest.mark.parametrize(
    ("meaning", "text"),
    [
        (meaning, " ".join(text.split()))
        for meaning, texts in SAID.items()
        for text in texts.split("|")
    ],
)
def test_words_in_any_order_and_language(meaning: Meaning, text: str) -> None:
    assert meaning_of(text) is meaning
    assert meaning_of(f"Error: {text}") is meaning
    assert definite_meaning(text) in {meaning, Meaning.OTHER}


# The same kinds in other words. What none of the rules' authors had seen.
MORE_SAID = {
    Meaning.FUNDS: """
        Your remaining balance is less than the order amount | Your balance is empty | Out of balance |
        Balance is less than the order cost | The balance does not cover this order | Not enough coins |
        Your balance has run out | Balance lower than order price | Insufficient wallet balance | Fondos agotados |
        Su saldo es inferior al costo | Saldo esgotado | Seu saldo acabou | Solde épuisé | Votre solde est vide |
        Guthaben aufgebraucht | Ihr Guthaben ist leer | Credito esaurito | Saldo Anda kosong | Bakiyeniz bitti |
        Баланс меньше стоимости заказа | Ваш баланс пуст | Средства закончились | Баланс менший за вартість |
        Saldo wyczerpane | Saldo ontoereikend | 余额已用完 | 余额小于订单金额 | 金币不足 | 残高なし |
        잔액이 소진되었습니다 |
        رصيدك أقل من قيمة الطلب | Số dư bằng 0 | आपका बैलेंस समाप्त | เครดิตหมด | موجودی کمتر از مبلغ
    """,
    Meaning.BUSY_LINK: """
        You have an order in progress with this link | This link is already being processed | Enlace en uso |
        Link masih dalam proses | An order for this link is in queue | This URL is currently in use |
        Este enlace ya está siendo procesado | Link em uso | Este link está sendo processado | Lien déjà utilisé |
        Lien en cours de traitement | Link wird bereits verwendet | Link in Bearbeitung | Link in uso |
        Tautan sedang digunakan | Bağlantı kullanımda | Bu link işleniyor | Ссылка в работе |
        Ссылка уже есть в очереди |
        Посилання вже обробляється | Link jest w trakcie realizacji | Link is al gebruikt | 链接被占用 |
        链接使用中 |
        リンクは処理中です | 링크가 이미 있습니다 | الرابط قيد المعالجة | Link đang xử lý | लिंक उपयोग में है |
        ลิงก์กำลังดำเนินการ
    """,
    Meaning.BAD_KEY: """
        Доступ запрещен | Доступ заборонено | 账号已被封 | تم تعليق حسابك | Il tuo account è sospeso |
        Your user is blocked | Your access has been revoked | Access denied | Acceso denegado | Acesso negado |
        Accès refusé | Zugriff verweigert | Accesso negato | Akses ditolak | Erişim engellendi | Dostęp zabroniony |
        Toegang geweigerd | 权限被拒绝 | アクセスが拒否されました | 접근이 거부되었습니다 | الوصول مرفوض |
        Truy cập bị từ chối |
        Tu cuenta ha sido bloqueada | Su cuenta está inhabilitada | Sua conta foi banida | Votre compte est banni |
        Dein Account wurde blockiert | Ваш аккаунт деактивирован | Ваша учетная запись заблокирована |
        Ваш акаунт заблоковано | Akun Anda dibekukan | Hesabınız engellendi | Twoje konto jest zablokowane |
        Uw account is geblokkeerd | アカウントが停止されています | 계정이 정지되었습니다 |
        Tài khoản của bạn bị khóa | आपका खाता निलंबित है
    """,
    Meaning.RATE_LIMIT: """
        Requests are too frequent | Слишком частые запросы | You can only send one order per second |
        Only 1 request every 2 seconds | Wait 5 seconds between orders | Flood control | Забагато запитів |
        Solicitudes demasiado frecuentes | Requisições muito frequentes | Requêtes trop fréquentes |
        Anfragen zu häufig | Richieste troppo frequenti | Permintaan terlalu sering | Çok sık istek |
        Zbyt wiele zapytań | Te veel verzoeken | 请求太快 | 操作过快 | 요청이 너무 많습니다 | الطلبات متكررة |
        Yêu cầu quá nhanh | คำขอมากเกินไป
    """,
    Meaning.QUANTITY: """
        Quantity should be from 10 to 1000 | الحد الأدنى للطلب 100 | Adet 10 ile 1000 arasında olmalı |
        Quantity is outside the limits | El pedido mínimo es 100 | Pedido mínimo: 100 | Commande minimum 10 |
        Mindestbestellmenge 100 | Bestellmenge zwischen 10 und 100 | Ordine minimo 100 | Pesanan minimal 100 |
        Количество: от 10 до 100 | Кількість від 10 до 100 | Ilość minimalna 10 | Aantal minimaal 10 | 最低下单100 |
        数量不能少于10 | 数量は10以上 | 수량 최소 10 | Số lượng tối đa 10 | จำนวนขั้นต่ำ 10
    """,
    Meaning.TEMPORARY: """
        System is busy, try again in a few minutes | Server overloaded | Please retry in a moment |
        Сервер перегружен | Попробуйте через 5 минут | Sistema ocupado | Serveur surchargé | System überlastet |
        Server sovraccarico | Server sibuk | Sistem yoğun | 系统繁忙 | サーバーが混雑しています | النظام مشغول |
        ระบบไม่ว่าง
    """,
}


@pytest.mark.parametrize(
    ("meaning", "text"),
    [
        (meaning, " ".join(text.split()))
        for meaning, texts in MORE_SAID.items()
        for text in texts.split("|")
    ],
)
def test_the_same_in_other_words(meaning: Meaning, text: str) -> None:
    assert meaning_of(text) is meaning
    assert definite_meaning(text) in {meaning, Meaning.OTHER}


@pytest.mark.parametrize(
    "text",
    [
        "Your Instagram account is suspended",
        "Your channel is blocked",
        "User is blocked",
        "The user was banned",
        "Customer account blocked",
        "Access to this post is denied",
        "Access to the channel is denied",
        "Channel access denied",
        "Доступ к каналу запрещен",
        "Доступ к профилю запрещён",
        "Аккаунт пользователя заблокирован",
        "Целевой аккаунт заблокирован",
        "Acceso al perfil denegado",
        "Accès au profil refusé",
        "Zugriff auf das Profil verweigert",
        "La cuenta del usuario está suspendida",
        "Kanalınıza erişim engellendi",
        "目标账号已被封",
        "该账号已被冻结",
        "频道访问被拒绝",
        "تم حظر القناة",
        "この アカウントは停止されています",
        "Only one order per minute is delivered to followers",
        "Channel is empty",
        "The order needs one minute",
        "Order in progress",
        "Access key is used",
        "Wait for 5 minutes",
        "Video processing failed",
    ],
)
def test_what_is_somebody_elses_stops_no_shop(text: str) -> None:
    assert meaning_of(text) not in STOPPING | {Meaning.BUSY_LINK}


@pytest.mark.parametrize(
    "text",
    [
        "The link cannot be used",
        "Link could not be processed",
        "Order in progress failed: bad link",
    ],
)
def test_a_link_that_fails_is_not_busy(text: str) -> None:
    assert meaning_of(text) is not Meaning.BUSY_LINK


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ce service est en pause",
        "Bestellung abgelehnt (7731)",
        "Service Unavailable",
        "Account balance is 0",
        "服务器错误",
        "Сервис недоступен",
        "Order refused",
        "Fundsraiser is closed",
        "Unbalanced keyboard",
        "Monkey invalid",
        "Linked list incorrectly built",
        "Instagram account is suspended",
        "Account @shop is suspended",
        "The account is blocked",
        "Incorrect key file for table 'orders'",
        "Duplicate entry for key 'orders'",
        "CSRF token mismatch",
    ],
)
def test_unlisted(text: str) -> None:
    assert meaning_of(text) is Meaning.OTHER


def test_what_is_not_there_is_not_busy() -> None:
    assert meaning_of("An order for this link does not exist") is Meaning.ORDER_ID


@pytest.mark.parametrize(
    "row", [(meaning, line) for meaning, lines in ALL for line in lines], ids=str
)
def test_every_rule_can_be_met(row: tuple[Meaning, str]) -> None:
    """The first words of each group, one after another, meet the rule: none of them forbids what
    another wants.
    """
    wanted = [group.split("|")[0] for group in row[1].split() if not group.startswith("!")]
    text = " ".join(wanted).replace("_", " ").replace("*", "")
    assert fits(row[1], Sentence.of(text)), text

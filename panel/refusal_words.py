"""The words that providers refuse with, in the languages that were seen.

A rule is a line, such as `not_enough|insufficient funds|balance`: groups parted by spaces, of each
of which one alternative has to be there, and `_` between the words of an alternative, all of which
have to be there. Words are whole words, in any order, of one sentence; `stem*` is any word that
begins so; a group with `!` in front is what must not be there. Chinese, Japanese and Thai have no
spaces, so their words may stand anywhere. Upper case and accents don't count (panel.wording folds
both sides).
"""

ECHO = "\ue000"  # stands where something that the customer wrote, or an address, was cut out

# What belongs to somebody else than the shop: the account, the page or the post that an order is
# for.
THEIRS = (
    f"{ECHO}|link|links|instagram|tiktok|twitter|facebook|youtube|telegram|profile|page|"
    "channel|group|target|customer"
    "|customers|post|posts|video|media|content|username|file|story|private|enlace|perfil|"
    "canal|pagina|grupo|publicacion"
    "|objetivo|usuario|lien|profil|chaine|cible|utilisateur|ce|seite|kanal|beitrag|"
    "benutzers|dieses|profilo|canale"
    "|utente|questo|tautan|pengguna|ini|kanal*|profil*|канал*|профил*|страниц*|пост*|"
    "видео|ссылк*|групп*|пользовател*"
    "|целев*|этот|клиент*|посиланн*|频道|链接|主页|目标|对方|该|此|视频|帖子|群|القناه|قناه|الرابط|الصفحه|"
    "المستخدم|العميل"
    "|kenh|trang|bai_viet|対象|チャンネル|この|채널*|프로필*|대상*|पेज|चैनल|پیج|کانال|ช่อง|เพจ"
)

# What only the provider itself can say. Under a 5xx or 408 these alone are definite, and only where
# every other word is one of these or of panel.harmless_words: gateways and databases have errors
# with a "link", a "key" or a "limit" too.
DEFINITE: tuple[tuple[str, str], ...] = (
    (
        "rate_limit",
        """
        too_many requests|calls
        rate limit|limits|limited|limiting
        ratelimit|ratelimited
        request|requests|api limit exceeded|reached|exceed
        слишком_много|слишком_часто запрос*
        превышен* лимит*|количеств*|частот* запрос*
        забагато запит*
        demasiadas|muchas solicitudes|peticiones
        muitas solicitacoes|requisicoes
        trop requetes
        zu_viele anfragen|anfrage
        troppe richieste
        terlalu_banyak permintaan
        cok|fazla istek*
        请求|請求|访问|操作 频繁|頻繁|过多|過多|频率|次数
        リクエスト 多すぎ|制限
        طلبات|الطلبات|محاولات كثيره|الكثير|حد
        qua_nhieu yeu_cau
        बहुत अनुरोध
        """,
    ),
    (
        "busy_link",
        """
        active|another|existing|previous|uncompleted|unfinished order|orders link|links
        order|orders already|exists link|links !not|no
        same link|links
        duplicate|duplicated|duplicates link|links !entry|key
        already|still order|orders progress|processing|pending|running|active|process link|links
        link|links already|still progress|processing|pending|running|use|busy|ordered
        link|links busy|in_use
        активн*|другой|другого|предыдущ*|незавершен*|действующ* заказ* ссылк*
        ссылк* есть|уже заказ*
        ссылк* уже|занят* используется|обрабатыва*|выполня*|работе|занят*
        ссылк* занята
        дублик*|дублир*|повторн* ссылк*
        активн*|інше замовленн* посиланн*
        pedido|orden activo|activa|curso|progreso|proceso enlace|link|vinculo
        mismo|duplicado enlace|link|vinculo
        pedido|ordem ativo|ativa|andamento link
        mesmo|duplicado link
        commande|commandes active|actives|cours|deja lien
        meme|duplique|double lien
        aktive|aktiven|aktiver|laufende|laufenden|lauft|bereits|offene bestellung|auftrag link
        gleichen|gleiche|doppelter|selben link
        ordine attivo|corso|gia link
        stesso|duplicato link
        pesanan|order aktif|sedang|berjalan|proses link|tautan
        link|tautan sama|duplikat|sedang_diproses|sedang_proses
        aktif|devam|zaten siparis* link*|baglanti*
        ayni link*|baglanti*
        链接|連結|鏈接 进行中|進行中|已有|重复|重複|正在|处理中|已存在
        طلب نشط|قيد|بالفعل رابط|الرابط|لهذا_الرابط
        don_hang link|lien_ket dang|chua|cung
        सक्रिय|चालू ऑर्डर|आर्डर लिंक
        """,
    ),
    (
        "funds",
        """
        not_enough|not_sufficient|insufficient|low|inadequate fund|funds|balance|credit|credits|points|money
        no|zero|negative fund|funds|balance|credit|credits|points|money
        balance|funds|credit|credits exhausted|depleted|finished
        credit limit exceeded|reached
        exceed|exceeds|exceeded balance|funds
        недостаточно|недостаточен|недостаточный|недостаток|нехватает|не_хватает|нехватка|мало средств*|баланс*
        недостаточно|недостаток|нехватает|не_хватает|нехватка|мало|нет денег|деньги|балл*|кредит*
        нет|закончились|кончились|исчерпан* средств*|деньги
        баланс* низк*|исчерпан*|пуст*|отрицательн*|нулев*|мал
        недостатньо|бракує|не_вистачає|немає коштів|баланс*|грошей
        saldo|fondos|credito|creditos|dinero insuficiente*|bajo|no_suficiente*|agotado|no_alcanza
        sin saldo|fondos|creditos
        saldo|fundos|credito|creditos|dinheiro insuficiente*|baixo|nao_suficiente*|esgotado
        sem saldo|fundos|creditos
        solde|fonds|credit|credits|argent insuffisant*|faible|epuise*|pas_assez|pas_suffisant*|manque
        guthaben|kontostand|saldo|geld|deckung nicht_ausreichend*|nicht_genug|nicht_genugend*|nicht_genuegend*
        guthaben|kontostand|saldo|geld|deckung zu_niedrig|zu_gering|unzureichend*|ungenugend*|ungenuegend*|zu_wenig
        guthaben|kontostand|saldo|geld|deckung reicht_nicht|aufgebraucht|kein|keine
        konto nicht_gedeckt|nicht_ausreichend_gedeckt
        saldo|fondi|credito|crediti insufficient*|basso|non_sufficient*|esaurit*|non_abbastanza
        saldo|dana|kredit|baki tidak_cukup|tidak_mencukupi|tak_cukup|kurang|habis|rendah|belum_cukup|tidak_memadai
        bakiye*|kredi|krediniz|paraniz yetersiz*|yeterli_degil*|yetmiyor|dusuk|yok|yeterli_bulunm*|kalmadi
        niewystarczaj*|brak|za_malo|zbyt_malo|zbyt_niskie srodk*|saldo|salda|pieniedzy
        onvoldoende|te_laag|niet_genoeg saldo|tegoed|krediet
        余额|餘額|资金|資金|积分|積分|点数|點數 不足|不够|不夠|过低|太低|为零
        残高|クレジット 不足|足り|ありません
        잔액*|잔고*|크레딧*|포인트* 부족*|없*|모자*
        رصيد*|الرصيد* غير_كاف*|لا_يكفي|لايكفي|منخفض|قليل|نفد|نفذ|ليس_كاف*|لا_كاف*|لا_يوجد
        موجودی|اعتبار کافی_نیست|ناکافی|کمبود
        so_du|tien|quy khong_du|thap|khong_con
        शेष|बैलेंस|राशि|धनराशि|पैसे|क्रेडिट अपर्याप्त|पर्याप्त_नहीं|कम|नहीं
        ยอดเงิน|เครดิต|เงิน ไม่เพียงพอ|ไม่พอ|ไม่เพียง
        """,
    ),
    (
        "bad_key",
        f"""
        apikey invalid|incorrect|wrong|bad|unknown|expired|not_valid|not_found|missing|required !link|links|quantity
        apikey inactive|disabled
        api key|token invalid|incorrect|wrong|bad|unknown|expired|not_valid|not_found|not_exist !link|links|quantity
        api key|token missing|required !link|links|quantity
        api key|token inactive|disabled|revoked|blocked|denied !link|links|quantity
        your account suspended|inactive|disabled|blocked|banned|deactivated|frozen|not_active !{THEIRS}
        неверн*|неправильн*|недействительн*|некорректн*|невалидн*|не_найден*|недейств* api ключ*|токен* !ссылк*
        clave|token|llave api invalid*|incorrect*|no_valid*|erronea
        chave|token api invalid*|incorret*|nao_valid*|errada
        cle|jeton api invalide|incorrect*|erron*|non_valide|pas_valide
        schlussel|schluessel|token api ungultig*|ungueltig*|falsch*|inkorrekt*
        chiave|token api non_valid*|errat*|invalid*|sbagliat*
        kunci api salah|tidak_valid|tidak_sah
        anahtar* api gecersiz|hatali|yanlis
        密钥|密鑰|秘钥|令牌 api 无效|無效|错误|錯誤|不正确|不存在
        مفتاح api غير_صحيح|غير_صالح|خاطئ|خطا
        khoa api khong_hop_le|sai|khong_dung
        कुंजी api अमान्य|गलत
        """,
    ),
    (
        "bad_service",
        """
        service id invalid|incorrect|wrong|bad|unknown|not_found|not_exist|missing|required
        service|services not_found|not_exist|disabled|inactive|not_active|invalid|incorrect|wrong|bad|removed|deleted
        услуг* не_найден*|не_существует|отключен*|неактивн*|неверн*|удален*|недоступн*
        сервис* не_найден|не_существует|отключен|неактивен|неверн*|удален
        послуг* не_знайден*|не_існує|вимкнен*
        servicio no_encontrado|no_existe|invalido|inactivo|desactivado|deshabilitado|incorrecto
        servico nao_encontrado|nao_existe|invalido|inativo|desativado
        service introuvable|inexistant|invalide|inactif|desactive|pas_trouve|non_trouve|existe_pas
        dienst|service nicht_gefunden|ungultig*|ungueltig*|deaktiviert|inaktiv|existiert_nicht
        servizio non_trovato|non_esiste|non_valido|inattivo|disattivato|disabilitato
        layanan tidak_ditemukan|tidak_aktif|tidak_valid|nonaktif|tidak_ada
        servis|hizmet bulunamadi|gecersiz|pasif|aktif_degil|mevcut_degil
        服务|服務 不存在|已下架|已停用|已禁用|未找到 !服务器|服務器
        الخدمه|خدمه غير_موجوده|معطله|غير_صالحه|غير_مفعله|غير_صحيحه
        dich_vu khong_ton_tai|khong_tim_thay|khong_hop_le
        सेवा अमान्य|मौजूद_नहीं|निष्क्रिय|नहीं_मिली
        """,
    ),
    (
        "quantity",
        """
        quantity less|more|between|minimum|minimal|maximum|maximal|min|max|invalid|incorrect|wrong|bad|least|most
        quantity multiple|range|exceed|exceeds|low|high|small|large|big|greater|lower|higher|smaller|bounds|not_valid
        количеств* минимал*|максимал*|мин|макс|меньше|больше|неверн*|недопустим*|между|некорректн*|превыша*
        количеств* менее|более|ниже|выше|мало|велик*|неправильн*
        кількіст* мінімал*|максимал*|менше|більше|невірн*
        cantidad minim*|maxim*|menor|mayor|invalida|entre|inferior|superior|incorrecta
        quantidade minim*|maxim*|menor|maior|invalida|entre|inferior|superior|incorreta
        quantite minim*|maxim*|inferieure|superieure|invalide|entre|incorrecte
        menge|anzahl minim*|mindest*|maxim*|zwischen|ungultig*|ungueltig*|klein|gross|hochstens|kleiner|grosser
        mindestmenge|mindestanzahl|hochstmenge|hoechstmenge|maximalmenge
        quantita minim*|massim*|inferiore|superiore|non_valida|compresa|tra
        jumlah|kuantitas minim*|maksim*|kurang|lebih|antara|tidak_valid
        miktar* minimum|maksimum|az|fazla|gecersiz|arasinda|dusuk|yuksek
        数量|數量 最小|最低|最少|最大|最多|最高|之间|之間|无效|無效|错误|小于|大于|超出|低于|超过|必须
        الكميه|كميه اقل|اكثر|الحد|بين|غير_صالحه|غير_صحيحه|ادني|اقصي
        so_luong toi_thieu|toi_da|nho_hon|lon_hon|khong_hop_le|it_nhat
        मात्रा न्यूनतम|अधिकतम|कम|अधिक|अमान्य|बीच
        """,
    ),
    (
        "link",
        """
        link|links bad|incorrect|invalid|wrong|not_valid|required|missing|needed|empty
        neworder link
        ссылк* неверн*|неправильн*|некорректн*|недействительн*|ошибочн*|битая|нерабоч*|недопустим*|плохая
        посиланн* невірн*|неправильн*|некоректн*|недійсн*
        enlace|link|vinculo invalido|incorrecto|no_valido|erroneo
        link invalido|incorreto|errado|nao_valido
        lien invalide|incorrect|mauvais|non_valide|pas_valide|errone
        link ungultig*|ungueltig*|falsch*|inkorrekt*|fehlerhaft*|nicht_gultig
        link|collegamento non_valido|errato|sbagliato|invalido|non_corretto
        link|tautan salah|tidak_valid|tidak_benar|rusak
        link*|baglanti* gecersiz|hatali|yanlis|bozuk|gecerli_degil
        链接|連結|鏈接 无效|無效|错误|錯誤|不正确|有误|格式
        الرابط|رابط غير_صحيح|غير_صالح|خاطئ|خطا
        lien_ket|link khong_hop_le|sai|khong_dung
        लिंक अमान्य|गलत|सही_नहीं
        """,
    ),
)

# What is believed of the provider's own errors besides: under any code below 500 other than 408.
USUAL: tuple[tuple[str, str], ...] = (
    (
        "rate_limit",
        """
        too_fast|too_often|too_frequently|slow_down !link
        quota exceeded|reached
        """,
    ),
    (
        "busy_link",
        """
        active|another|previous|existing order|orders url|page|profile|post|username
        same order|orders
        previous order|orders not_finished|not_completed|finish|completed|complete
        link|links already_exists|already_exist|already_added
        duplicate|duplicated order|orders !entry|key
        too_many order|orders link
        дублик*|повторн* заказ*
        """,
    ),
    (
        "funds",
        """
        out_of|need_more|lack|run_out funds|credit|credits|money
        add|deposit funds|money|balance
        recharge|topup|top_up|replenish|refill balance|wallet
        payment required
        not_afford
        пополните|пополни|пополнить баланс*|счет
        充值
        """,
    ),
    (
        "bad_key",
        f"""
        apikey !link|links|quantity
        api key !link|links|quantity
        api access|key disabled|blocked|denied|revoked|suspended !link|links|quantity
        no api key|token !link|links|quantity
        key invalid|incorrect|wrong|bad|unknown|expired|not_valid|not_found|not_exist !file|length|table|link|links
        key missing|required|empty|disabled|revoked|inactive|blocked !file|length|table|link|links|quantity
        token|credentials|authentication|authorization|auth invalid|incorrect|wrong|bad|expired|not_valid !csrf|payment
        token|credentials|authentication|authorization|auth failed|missing|required !csrf|payment
        unauthorized|unauthorised|unauthenticated|not_authorized|not_authenticated
        ip not_allowed|not_whitelisted|white_list|whitelist|blocked|banned|denied|not_authorized|forbidden|not_permitted
        inactive account
        account not_active !{ECHO}|the|this|user|link|username|instagram|profile|page|channel|target
        account suspended|blocked|banned|disabled|deactivated|frozen|terminated !{ECHO}|the|this|user|link|username \
            !customer|customers|client|group|instagram|tiktok|twitter|facebook|youtube|telegram|profile|page|channel|target
        неверн*|неправильн*|недействительн*|некорректн*|невалидн* ключ*|токен* !ссылк*
        аккаунт*|акаунт* заблокирован*|отключен*|приостановлен*|неактив*|забанен* !{THEIRS}
        ip не_разреш*|запрещ*|заблокирован*|белом_списке
        clave|llave invalida|incorrecta|no_valida|erronea
        cuenta suspendida|bloqueada|desactivada|inactiva !{THEIRS}
        chave invalida|incorreta|nao_valida|errada
        conta suspensa|bloqueada|desativada|inativa !{THEIRS}
        cle|jeton invalide|incorrecte|erronee|non_valide|pas_valide
        compte suspendu|bloque|desactive|inactif !{THEIRS}
        schlussel|schluessel|apischlussel|apischluessel ungultig*|ungueltig*|falsch*|inkorrekt*
        konto gesperrt|deaktiviert|inaktiv !{THEIRS}
        chiave non_valida|errata|sbagliata
        kunci|key|token salah|tidak_valid|tidak_sah
        akun ditangguhkan|diblokir|dinonaktifkan !{THEIRS}
        anahtar*|key gecersiz|hatali|yanlis
        hesabiniz askiya|engellendi|pasif|kapatildi
        密钥|密鑰|秘钥|令牌|key 无效|無效|错误|錯誤|不正确|不存在
        مفتاح|المفتاح غير_صحيح|غير_صالح|خاطئ|خطا
        khoa|key khong_hop_le|sai|khong_dung
        कुंजी|key अमान्य|गलत
        """,
    ),
    (
        "bad_service",
        """
        service id
        disabled|inactive service
        """,
    ),
    (
        "quantity",
        """
        min|max quantity
        minimum|maximum|minimal|maximal number|order|orders|amount|value|limit|is \
            !connections|requests|time|memory|execution|attempts|users|deposit|balance|funds
        minimum|minimal !connections|deposit|balance|funds
        min max
        quantity not_number|number|integer|required|missing
        количеств* от_до
        минимум|максимум !подключен*|соединен*
        amount less|least|between|invalid|incorrect|below
        out_of bounds !index|array|offset|range|length
        минимальн*|максимальн* заказ*
        miktar|adet en_az|en_fazla
        """,
    ),
    (
        "link",
        """
        error link
        link|links not_found|not_supported|unsupported|private|broken|format|deleted|not_exist !server|network
        url|uri bad|incorrect|invalid|wrong|not_valid|required|missing|needed|empty|not_found|not_supported
        valid|correct link|url|username enter|provide|use|must|should|need|needs|please|not
        user|username|profile|account|page|post|video|channel|media|reel not_found|private|not_exist|deleted !api
        user|username|profile|account|page|post|video|channel|media unavailable|not_available|restricted|not_public !api
        user|username invalid|incorrect|wrong|bad|not_valid
        пользовател*|профил*|аккаунт*|страниц*|канал*|пост*|видео не_найден*|закрыт*|приватн*|удален*|не_существует
        usuario|perfil no_encontrado|no_existe|privado|nao_encontrado|nao_existe
        url|lien|profil|utilisateur invalide|introuvable|prive
        benutzer|profil|nutzer nicht_gefunden|privat
        url ungultig*|non_valido|invalido|invalide|salah|tidak_valid|gecersiz
        utente|profilo non_trovato|privato
        pengguna|akun|profil tidak_ditemukan|privat
        kullanici|profil bulunamadi|gizli
        用户|帐号|链接|連結 不存在|未找到|找不到
        المستخدم غير_موجود
        """,
    ),
    (
        "unsupported",
        """
        incorrect|invalid|unknown|wrong|unsupported|not_supported|no_such|not_found action
        incorrect request
        """,
    ),
    (
        "temporary",
        """
        temporarily unavailable|not_available|disabled|down
        try|retry later
        internal server error
        maintenance
        попробуйте|повторите позже|позднее
        техническ* работ*|обслуживан*|перерыв
        временно недоступ*
        mantenimiento
        mas_tarde intente|intentelo|intenta|prueba|vuelva
        temporalmente no_disponible
        manutencao
        mais_tarde tente
        reessayez|reessayer
        temporairement indisponible
        wartung|wartungsarbeiten|wartungsmodus|systemwartung|wartungspause
        spater|spaeter versuchen|versuch*|erneut
        manutenzione
        riprova|riprovare
        pemeliharaan|perbaikan
        coba lagi
        bakim|bakimda|bakimdadir
        tekrar deneyin
        维护|維護|稍后|稍後
        صيانه|الصيانه|لاحقا
        bao_tri
        thu_lai
        रखरखाव
        """,
    ),
)

# Of everything but an `add`: nothing else than the operator's account can be meant there.
OF_THE_ACCOUNT = (("bad_key", "user|account not_found|not_exist|invalid"),)

# As definite as DEFINITE in the answers to `refill` and `cancel`, which are about an order.
OF_AN_ORDER = (
    (
        "refill",
        """
        refill not_found|not_eligible|not_available|not_allowed
        not refilled
        already|being refilled
        """,
    ),
    (
        "order_id",
        """
        order id incorrect|invalid|wrong|not_found|not_exist
        order|orders not_found|not_exist
        """,
    ),
)

# Пополнение, платежи и что с ними стало.

button-top-up = Пополнить
button-by-stars = ⭐ Telegram Stars
button-by-crypto = 💎 Криптовалюта
button-by-hand = 🙋 Через нас

top-up =
    💳 <b>Пополнение</b>
    Сейчас в кошельке { $balance }. Как вам удобнее заплатить?
top-up-stars =
    ⭐ <b>Telegram Stars</b>

    Одна звезда – это { $value } в кошелёк. Сколько возьмём?
    Выберите или пришлите сумму, например <code>12,50</code> или <code>300 звёзд</code>.
invoice-title = Пополнение кошелька
invoice-stars = { $stars } ⭐ – это { $amount } в кошелёк. Я сообщу, как только деньги придут.

topped-up = ✅ <b>{ $amount }</b> в вашем кошельке.
paid-back =
    ↩️ <b>Платёж возвращён</b>
    { $stars } ⭐ снова у вас, { $amount } списано с кошелька.
charged-back =
    ⚠️ <b>Telegram отозвал ваш платёж</b>
    { $stars } ⭐ ушли от нас, поэтому { $amount } списано с кошелька.
charged-back-asked = Мы просим поставщика отменить ваши заказы в работе ({ $shown }). Возврат за них придёт в кошелёк.

pay-support =
    💳 <b>Платежи</b>
    Вы пополняете кошелёк, заказы оплачиваются из него. За невыполненное деньги возвращаются в кошелёк сами.

    <b>Пополнение не пришло?</b> Подождите пять минут: платёж, сообщение о котором потерялось, найдётся сам.
    <b>Хотите вернуть платёж?</b> Мы можем вернуть ещё не потраченные звёзды, платёж целиком. Напишите нам:
    <code>/paysupport Платёж #12 сделан по ошибке</code>

    Отвечаем мы, а не поддержка Telegram.
pay-support-payments = <b>Ваши последние платежи</b>
pay-support-line =
    <b>#{ $id }</b> · { $paid } → { $amount } · { $state }, { $at }
    <code>{ $charge }</code>

payment-own-credited = в кошельке
payment-own-refunding = возвращается
payment-own-refunded = возвращён
payment-own-charged_back = отозван Telegram

payments = 💳 <b>Платежи</b>
payments-none = Их пока не было.
payments-line =
    <b>#{ $id }</b> · { $paid } → { $amount } · { $at }
    <code>{ $user }</code> · { $state }
payment-state-credited = в кошельке
payment-state-refunding = возвращается
payment-state-refunded = возвращён
payment-state-charged_back = отозван Telegram
button-give-back = Вернуть #{ $id } · { $paid }
button-give-back-sure = Да, вернуть
refund-sure =
    ↩️ <b>Вернуть платёж #{ $id }?</b>
    <code>{ $user }</code> заплатил { $paid } – это { $amount } в кошелёк. Сейчас там { $balance }.
    Деньги спишутся с кошелька сразу, затем Telegram вернёт звёзды.
refund-spent = Этого мало: деньги уже потрачены. Telegram возвращает только платёж целиком.
refund-asked = С кошелька списано. Просим Telegram вернуть звёзды.

admin-chargeback =
    🚨 <b>Telegram отозвал платёж.</b>
    { $amount } у <code>{ $user }</code>, баланс теперь { $balance }.
    { $count ->
        [one] Остановлен { $shown } заказ, ещё ждавший очереди.
        [few] Остановлены { $shown } заказа, ещё ждавшие очереди.
       *[other] Остановлено заказов, ещё ждавших очереди: { $shown }
    }
admin-chargeback-asked = Поставщика просят отменить заказы этого клиента, которые в работе: { $shown }
admin-refund-failed =
    ⚠️ <b>Telegram не возвращает платёж #{ $payment }.</b>
    Деньги снова в кошельке <code>{ $user }</code>.
    <code>{ $text }</code>
admin-stray-payment =
    ❓ <b>Пришёл платёж, который я не могу зачислить.</b>
    <code>{ $user }</code> заплатил { $stars } ⭐, но сколько это стоит, неизвестно. Посмотрите, пожалуйста, и зачислите: /credit.
    <code>{ $charge }</code>
admin-stars-differ =
    ⚖️ <b>Звёзды Telegram не сходятся.</b>
    На балансе { $balance } ⭐, а по операциям выходит { $total } ⭐. Я перечитал их все, оплаченное зачислено. Загляните, пожалуйста, в баланс бота.

error-stars-unclear = Не могу прочитать сумму. Пришлите, например, 12,50 или 300 звёзд.
error-too-many-stars = Это слишком много за раз: счёт может быть не больше чем на { $most } ⭐.
error-stars-per-day = За 24 часа можно внести { $most } ⭐, и неоплаченные счета тоже считаются: пока осталось { $left } ⭐.
error-invoice-unknown = Этот счёт не для вас или не наш. Создайте, пожалуйста, свой: /wallet
error-invoice-paid = Этот счёт уже оплачен. Для нового пополнения создайте, пожалуйста, новый: /wallet
error-invoice-old = Этот счёт устарел. Создайте, пожалуйста, новый: /wallet
error-in-debt = Ваш платёж был отозван, и в кошельке не хватает { $missing } до нуля. Заказы подождут, пока там не будет 0: /wallet
error-no-such-payment = Такого платежа, который мог бы вернуть Telegram, нет.
error-refund-not-open = Этого платежа уже нет в кошельке: он возвращён или скоро будет возвращён.
error-refund-spent = Деньги уже потрачены: в этом кошельке только { $has }.

command-paysupport = Помощь с платежами
command-payments = Платежи и возвраты

# Оплата недостающего, Crypto Pay и пополнения вручную.

summary-pay =
    👛 Кошелёк: { $before }
    Не хватает { $missing }. Оплатите прямо здесь, и заказ начнётся сам.
starts-by-itself = Заказ начнётся сам, как только счёт будет оплачен.
not-started = ❗️ <b>Заказ не начат.</b> Проверьте его, пожалуйста, ещё раз.
order-has-started = Ваш заказ начат:

button-pay = Оплатить { $amount }
button-pay-stars = Оплатить { $amount } ({ $stars } ⭐)
button-pay-more-stars = { $stars } ⭐ · { $amount }
button-pay-crypto = Оплатить { $amount } криптовалютой

crypto-choose =
    💎 <b>Оплата криптовалютой</b>

    Сколько положить в кошелёк? Выберите или напишите сумму, например <code>12,50</code>.
crypto-asked =
    ⏳ Готовлю счёт на <b>{ $amount }</b>.
    Ссылка придёт через мгновение.
crypto-being-made = ⏳ Готовлю счёт. Ссылка придёт через мгновение.
crypto-ready =
    💎 Счёт на <b>{ $amount }</b> готов. Его можно оплатить в течение часа.
    Я сообщу, когда деньги будут в кошельке.
crypto-failed =
    😔 Счёт на { $amount } создать не удалось, так что платить не за что.
    Выберите, пожалуйста, другой способ или попробуйте позже.
crypto-description = Пополнение кошелька №{ $id }
error-crypto-per-day = Вместе с неоплаченными счетами это больше, чем { $most } криптовалютой за 24 часа. Выберите сумму поменьше или приходите завтра.
error-invoices-open = У вас уже { $most } неоплаченных счетов. Оплатите один из них или подождите, пока они истекут.
error-amount = Не могу прочитать это как сумму. Пришлите число, например 12,50
error-amount-too-large = Для одного пополнения это слишком много.

top-up-not-wanted = Хорошо, без пополнения. Всё остальное продолжается с того же места.

manual-choose =
    🙋 <b>Пополнить через нас</b>

    Сколько положить в кошелёк? Выберите или напишите сумму, например <code>12,50</code>.
manual-note = <blockquote>{ $note }</blockquote>
manual-open =
    🙋 <b>Заявка №{ $id }: { $amount }</b>
    Отправлена { $at }. Мы посмотрим её, как только сможем, и сообщим вам.
manual-canceled = Заявка отменена. В кошелёк ничего не зачислено.
manual-gone = Эта заявка уже закрыта.
manual-approved =
    ✅ Заявка №{ $id }: <b>{ $amount }</b> в вашем кошельке.
    Баланс: { $balance }
manual-refused =
    🙁 Заявка №{ $id } на { $amount } не одобрена, в кошелёк ничего не зачислено.
    Если это ошибка, напишите нам: /support.
button-cancel-top-up = Отменить заявку
error-top-up-requests = Вы отправили { $most } заявок за 24 часа. Приходите, пожалуйста, завтра или напишите нам: /support
error-nobody-to-ask = Сейчас попросить некого. Выберите, пожалуйста, другой способ.

admin-top-up-asked =
    🙋 <b>Заявка №{ $id }: { $amount }</b>
    { $name } (<code>{ $user }</code>) просит пополнить кошелёк. Деньги получены?
admin-top-up = 🙋 Заявка №{ $id }: { $amount } для { $name } (<code>{ $user }</code>)
admin-top-up-approved = ✅ Одобрено: { $by }
admin-top-up-refused = ✖️ Отказано: { $by }
admin-top-up-canceled = ↩️ Отменено клиентом
admin-you = вы
admin-top-ups = 🙋 <b>Заявки на пополнение</b>
admin-top-ups-line = №{ $id } · <b>{ $amount }</b> · { $name } (<code>{ $user }</code>), { $at }
admin-top-ups-none = 🙋 Пополнения никто не ждёт.
admin-crypto-failed =
    💎 <b>Crypto Pay не создаёт счета.</b> Клиентам предложено платить иначе. Проверьте CRYPTO_PAY_TOKEN и CRYPTO_PAY_TESTNET.
    <code>{ $text }</code>
button-approve = Одобрить
button-refuse = Отказать
command-topups = Кто ждёт пополнения

admin-crypto-differs =
    ❓ <b>Crypto Pay говорит, что счёт #{ $id } оплачен, но он не такой, как наш.</b>
    Клиент <code>{ $user }</code>. Мы просили { $ours }, там { $theirs }, наш номер «{ $payload }», оплачено { $paid }.
    <code>{ $charge }</code>

    Ничего не зачислено. Посмотрите в @CryptoBot: его ли это счёт и пришли ли деньги?
button-crypto-credit = Зачислить { $amount }
button-crypto-leave = Не зачислять
admin-crypto-credited = ✅ Счёт #{ $id }: { $amount } в кошельке <code>{ $user }</code>.
admin-crypto-left = ✖️ Счёт #{ $id } клиента <code>{ $user }</code> закрыт, { $amount } не зачислено.
error-crypto-decided = По этому счёту уже решено.
admin-crypto-missing =
    ⚠️ <b>Crypto Pay уже сутки ничего не говорит о счёте #{ $invoice }.</b>
    Клиент <code>{ $user }</code>, там это <code>{ $external }</code>. Не сменили ли токен на токен другого приложения? Счёт остаётся открытым, о нём спрашивают месяц; если он оплачен, зачислите через /credit.
admin-crypto-unwatched =
    ⚠️ <b>Crypto Pay выключен, а неоплаченных счетов: { $invoices }</b>
    Без CRYPTO_PAY_TOKEN не видно, оплачены ли они. Они остаются открытыми; с токеном о них снова спросят.

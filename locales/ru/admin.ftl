# Только для администраторов.

admin-balance-asked = ⏳ Спрашиваю поставщика …
admin-balance-last = Последнее известное: { $amount }, { $at }
admin-balance =
    🏦 Баланс у поставщика: <b>{ $amount }</b> ({ $currency })
    Заказов в работе: { $in_work }
admin-balance-failed =
    🏦 Поставщик не сообщил баланс: { $text }
    Заказов в работе: { $in_work }
admin-balance-unreadable =
    🏦 Поставщик отвечает, но баланс не читается: «{ $text }». Последний известный остаётся.
    Заказов в работе: { $in_work }
admin-sync-asked = ⏳ Загружаю каталог …
admin-synced =
    ✅ Каталог загружен, услуг: { $listed }.
    Новых { $added } · изменено { $changed } · скрыто { $hidden }{ $unread }
admin-left-out = { $unread }
admin-unread-entries = { $count ->
        [one] ⚠️ { $shown } запись каталога поставщика не читается и пропущена.
        [few] ⚠️ { $shown } записи каталога поставщика не читаются и пропущены.
       *[many] ⚠️ { $shown } записей каталога поставщика не читаются и пропущены.
    }
admin-unread-limits = { $count ->
        [one] ⚠️ { $shown } предел не читается; услуга продаётся без него.
        [few] ⚠️ { $shown } предела не читаются; услуги продаются без них.
       *[many] ⚠️ { $shown } пределов не читаются; услуги продаются без них.
    }
admin-unread-line = <code>{ $id }</code> { $name }: { $why }
admin-unread-no-service = не услуга («{ $said }»)
admin-unread-no-id = нет ID («{ $said }»)
admin-unread-rate = цена «{ $said }»
admin-unread-currency = цена в другой валюте «{ $said }»
admin-unread-repeated = такой ID там уже есть
admin-unread-limit = предел «{ $said }»
admin-unread-more = … и ещё { $count }
admin-sync-failed = ⚠️ Каталог загрузить не удалось: { $text }

admin-credit-usage =
    Вот так:
    <code>/credit 1001 5.00 оплата наличными</code>
    (id пользователя, сумма, причина)
admin-debit-usage =
    Вот так:
    <code>/debit 1001 5.00 зачислено дважды</code>
    (id пользователя, сумма, причина)
admin-bad-amount = «{ $text }» – не сумма. Вот так: <code>5</code> или <code>12.50</code>
admin-bad-user = «{ $text }» – не id пользователя. Это число, например <code>1001</code>; у тех, кто пишет через /support, оно видно.
admin-credited = ✅ { $amount } зачислено в кошелёк <code>{ $user }</code>. Теперь там { $balance }
admin-debited = ✅ { $amount } списано из кошелька <code>{ $user }</code>. Теперь там { $balance }
error-no-such-user = Пользователя <code>{ $user }</code> я не знаю. Сначала он должен нажать Start.
error-debit-too-large = Это больше, чем там есть: { $has }

admin-order-details =
    пользователь <code>{ $user }</code>
    { $service }
    { $link }
    { $quantity } · { $price } · ID у поставщика <code>{ $provider }</code>
admin-order-failure = <code>{ $failure }</code>
admin-unknown-order =
    🔎 <b>Заказ #{ $id }: исход неизвестен.</b>
    Ответ поставщика потерялся; заказ там может быть, а может и не быть. Повторно он не отправляется, деньги удержаны.
    { $details }
admin-conflict =
    ⚠️ <b>Заказ #{ $id }: поставщик дал ID, который у нас уже есть.</b>
    ID <code>{ $provider_order_id }</code> принадлежит заказу #{ $other }.
    { $details }
admin-found-order =
    ✅ <b>Заказ #{ $id } нашёлся у поставщика сам, как <code>{ $provider_order_id }</code>.</b>
    Ответ на него потерялся; теперь заказ выполняется дальше, делать ничего не нужно.
    { $details }
admin-late-answer =
    ⚠️ <b>Заказ #{ $id } у поставщика всё-таки выполняется, как <code>{ $provider_order_id }</code>.</b>
    Ответ пришёл, когда заказ здесь был уже решён; ничего не изменилось. Если возможно, отмените его там.
    { $details }
admin-failed-order =
    🛠 <b>Заказ #{ $id }: поставщик сообщает о сбое.</b> Деньги не возвращались, заказ остаётся в работе.
    { $details }
admin-unclear-refund =
    🟡 <b>Заказ #{ $id } закончен, но по словам поставщика не понять, сколько выполнено.</b>
    { $says }{ $details }

    Сколько не выполнено? Деньги не возвращаются, пока не ответите вы или поставщик.
admin-no-funds =
    💸 <b>На балансе у поставщика слишком мало.</b> Заказы ждут в очереди, пока он не пополнен.
    <code>{ $text }</code>
admin-bad-key =
    🔑 <b>Поставщик не принимает ключ.</b> Заказы ждут в очереди. Проверьте PANEL_KEY.
    <code>{ $text }</code>
admin-unreachable =
    📡 <b>Поставщик недоступен.</b> Заказы ждут в очереди и уйдут сами.
    <code>{ $text }</code>
admin-status-text = ❓ Поставщик употребляет неизвестный мне статус: «{ $text }» (впервые у заказа #{ $order }). Такие заказы остаются в работе.
admin-short-catalogue = ⚠️ Каталог поставщика подозрительно короткий: услуг { $listed } из { $known }. Ничего не скрыто.{ $unread }
admin-short-unread = Не читаются записи: { $count }.
admin-clock-ahead =
    ⚠️ <b>Часы магазина какое-то время спешили.</b>
    Записи со временем из будущего исправлены, строк: { $rows }. Ничего не потеряно; платежи за это время стоит посмотреть в /payments. Настройте на машине автоматическую установку времени (NTP).
admin-support =
    💬 <b>{ $name }</b> (<code>{ $user }</code>) пишет:
    <blockquote>{ $text }</blockquote>

# Восстановление, отмена, то же для многих заказов сразу, и гарантия.

button-refill = ♻️ Восстановить
button-cancel-order = Отменить заказ
button-cancel-yes = Да, отменить
button-cancel-no = Нет, оставить
button-warranty = ♻️ Гарантия
button-by-words = Как сказано в услуге: { $days }

refill-waiting = ♻️ Восстановление запрошено…
refill-accepted = ♻️ <b>Восстановление принято</b>, скоро начнётся.
refill-in_progress = ♻️ <b>Восстанавливается</b>
refill-completed = ♻️ Восстановлено { $at }
refill-rejected = ✖️ Поставщик отклонил восстановление { $at }.
refill-canceled = ✖️ Поставщик отменил восстановление { $at }.
refill-failed = ✖️ Восстановление не удалось, сообщил поставщик { $at }.
refill-refused = ✖️ Поставщик не принял восстановление { $at }.
refill-unsupported = ✖️ У этого поставщика нет восстановления.
refill-unknown = 🔎 Ответ поставщика о восстановлении потерялся { $at }. Возможно, оно уже идёт.
refill-possible = ♻️ Восстановление возможно
refill-until = ♻️ Восстановление возможно до { $at }
refill-when-too-early = ♻️ Восстановление станет возможно { $at }
refill-when-again-later = ♻️ Попробовать снова можно { $at }
refill-when-over = ♻️ Гарантия закончилась { $at }

cancel-waiting = ↩️ Прошу поставщика отменить заказ…
cancel-accepted = ↩️ <b>Отмена запрошена.</b> Решает поставщик; до тех пор заказ выполняется.
cancel-refused = ✖️ Поставщик не принял отмену { $at }.
cancel-unsupported = ✖️ Этот поставщик не отменяет заказы.
cancel-rejected = ✖️ Отмена опоздала.
cancel-unknown = ↩️ <b>Отмена запрошена</b>, но поставщик её не подтвердил.
cancel-when-again-later = ↩️ Запросить снова можно { $at }

cancel-ask =
    ↩️ <b>Отменить заказ #{ $id }?</b>
    { $service }

    Я попрошу поставщика остановиться. Это просьба, а не обещание: заказ может выполняться дальше. За то, что не доставлено, деньги вернутся.
cancel-ask-queued =
    ↩️ <b>Отменить заказ #{ $id }?</b>
    { $service }

    Он ещё не отправлен поставщику, поэтому отменится сразу, и вся сумма вернётся.

refill-asked = ♻️ Прошу поставщика о восстановлении.
cancel-asked = ↩️ Прошу поставщика отменить заказ.
cancel-taken-back = ↩️ Отменён. Поставщику ещё ничего не отправляли.

refill-no-not-offered = У этой услуги нет восстановления.
refill-no-parent = Заказы по частям и подписки не восстанавливаются.
refill-no-not-completed = Восстановление возможно, когда заказ выполнен.
refill-no-too-early = Для восстановления ещё рано. С какого времени — сказано в карточке заказа.
refill-no-over = Гарантия закончилась, восстановление больше невозможно.
refill-no-open = Восстановление уже идёт.
refill-no-again-later = Для нового восстановления ещё рано. С какого времени — сказано в карточке заказа.
cancel-no-not-offered = Эту услугу нельзя отменить.
cancel-no-open = Отмена уже запрошена.
cancel-no-again-later = Просить снова ещё рано. С какого времени — сказано в карточке заказа.
cancel-no-ended = Этот заказ закончен, отменять нечего.
cancel-no-being-sent = Заказ как раз отправляется поставщику. Попробуйте через минуту.
cancel-no-being-checked = Заказ сейчас проверяется, отменить его пока нельзя.

push-refill-completed = ♻️ Заказ <b>#{ $id }</b> восстановлен: { $service }
push-refill-rejected = ✖️ Поставщик отклонил восстановление заказа <b>#{ $id }</b>: { $service }
push-refill-canceled = ✖️ Поставщик отменил восстановление заказа <b>#{ $id }</b>: { $service }
push-refill-failed = ✖️ Восстановление заказа <b>#{ $id }</b> не удалось: { $service }
push-refill-refused = ✖️ Поставщик не принял восстановление заказа <b>#{ $id }</b>: { $service }
push-refill-unsupported = ✖️ Заказ <b>#{ $id }</b> нельзя восстановить: у этого поставщика нет восстановления. { $service }
push-refill-unknown = 🔎 Ответ поставщика о восстановлении заказа <b>#{ $id }</b> потерялся: { $service }. Возможно, оно уже идёт, поэтому сам я не повторяю.
push-cancel-refused = ✖️ Поставщик не принял отмену заказа <b>#{ $id }</b>: { $service }
push-cancel-unsupported = ✖️ Заказ <b>#{ $id }</b> нельзя отменить: этот поставщик не отменяет заказы. { $service }
push-cancel-unknown = ↩️ Отмена заказа <b>#{ $id }</b> запрошена, но поставщик её не подтвердил: { $service }
push-again = Попробовать снова можно { $at }.
refills-ended =
    ♻️ <b>Восстановления из вашего списка закончены.</b>
    { $results }
refills-completed = ✅ восстановлено: { $count }
refills-rejected = ✖️ отклонено: { $count }
refills-canceled = ✖️ отменено: { $count }
refills-failed = ✖️ не удалось: { $count }
refills-unknown = 🔎 без ответа: { $count }

list-usage-refill =
    ♻️ Напишите номера заказов, до 500 сразу:
    <code>/refill 12 15 19</code>
list-usage-cancel =
    ↩️ Напишите номера заказов, до 500 сразу:
    <code>/cancel_orders 12 15 19</code>
    Поставщика попросят остановить их. Это просьба, а не обещание.
list-usage-status =
    🔎 Напишите номера заказов, до 500 сразу:
    <code>/status 12 15 19</code>
list-title-refill = ♻️ <b>Восстановления</b>
list-title-cancel = ↩️ <b>Отмены</b>
list-title-status = 🔎 <b>Заказы</b>
list-refill-waiting = ⏳ запрошено
list-refill-accepted = ✅ принято
list-refill-in_progress = ♻️ восстанавливается
list-refill-completed = ✅ восстановлен
list-refill-rejected = ✖️ отклонено
list-refill-canceled = ✖️ отменено
list-refill-failed = ✖️ не удалось
list-refill-refused = ✖️ не принято
list-refill-unsupported = ✖️ нет восстановления
list-refill-unknown = 🔎 ответ потерян
list-cancel-waiting = ⏳ запрошена
list-cancel-accepted = ↩️ отмена запрошена
list-cancel-completed = ✅ отменён
list-cancel-rejected = ✖️ опоздала
list-cancel-refused = ✖️ не принята
list-cancel-unsupported = ✖️ здесь нет отмены
list-cancel-unknown = 🔎 не подтверждена
list-taken-back = ✅ отменён сразу
list-no-no-order = ❔ нет такого заказа
list-no-not-offered = ✖️ не предлагается
list-no-parent = ✖️ по частям
list-no-not-completed = 🕓 не выполнен
list-no-too-early = 🕓 слишком рано
list-no-over = ✖️ гарантия кончилась
list-no-open = ⏳ уже идёт
list-no-again-later = 🕓 снова позже
list-no-ended = ✖️ уже закончен
list-no-being-sent = 🕓 отправляется
list-no-being-checked = 🔎 проверяется
error-too-many-numbers = Для одного ответа это слишком много. Пришлите не больше { $most } номеров заказов сразу, а длинных — меньше.

service-refill-days = ♻️ Восстановление { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[other] { $count } дней
}
service-refill-forever = ♻️ Пожизненное восстановление
warranty-choose =
    ♻️ <b>Сколько действует гарантия?</b>
    { $service }

    В самой услуге сказано: { $days }
warranty-not-said = ничего
warranty-none = нет
warranty-forever = навсегда
warranty-set = Сохранено. Заказы следуют этому с этой минуты.

help-aftercare =
    /refill <code>12 15 19</code> – восстановить заказы
    /status <code>12 15 19</code> – где заказы
    /cancel_orders <code>12 15 19</code> – попросить отменить заказы
command-refill = Восстановить заказы по номерам
command-status = Где заказы, по номерам
command-cancel_orders = Отменить заказы по номерам

# Заказы, кошелёк и то, что говорится покупателям само.

state-queued = В очереди
state-submitting = В очереди
state-unknown = Проверяется
state-pending = Принят
state-processing = Готовится
state-in_progress = Выполняется
state-completed = Выполнен
state-partial = Выполнен частично
state-canceled = Отменён
state-failed = Разбираемся
state-rejected = Не принят

orders = <b>Мои заказы</b>
orders-line =
    <b>#{ $id }</b> { $state }
    { $service }
    { $quantity } · { $price } · { $at }
orders-empty = 📦 Заказов пока нет. До первого – одна минута.
orders-none-here = 📦 Здесь сейчас ничего нет.
filter-in-work = В работе · { $count }
filter-done = Готовые · { $count }

order-title = <b>Заказ <code>#{ $id }</code></b> – { $state }
order-service = <b>{ $service }</b>
order-link = 🔗 { $link }
order-quantity = 🔢 { $quantity }
order-price = 💵 { $price }
order-refunded = ↩️ Возвращено: { $amount }
order-refunded-partial = ↩️ Возвращено: { $amount } — не доставлено: { $missing } из { $quantity }
order-refunded-rest = ↩️ Возвращено: { $amount } — за то, что не доставлено
order-refunded-canceled = ↩️ Возвращено: { $amount } — отменён провайдером
order-refunded-taken-back = ↩️ Возвращено: { $amount } — отозван до отправки
order-refunded-rejected = ↩️ Возвращено: { $amount } — не принят
order-refunded-before = ↩️ Возвращено: { $amount } — когда заказ прервался раньше; деньги ваши
order-provider-id = 🆔 ID у поставщика: <code>{ $id }</code>
order-times = Создан { $placed } · изменён { $changed }
order-start-count = Было вначале { $count }
order-delivered = Выполнено { $delivered } · осталось { $remains }
order-being-checked = Ответ поставщика потерялся, и мы проверяем, дошёл ли заказ. Деньги в сохранности; от вас ничего не нужно.
order-failed = Поставщик сообщает о проблеме. Мы разбираемся.
waiting-busy-link = По этой ссылке ещё выполняется другой заказ. Этот начнётся сразу после него.
waiting-behind = Сначала отправляется другой заказ по этой ссылке. Этот уйдёт сразу после него.
waiting-turn = Заказ ждёт своей очереди у поставщика. От вас ничего не нужно.

rejected-link = Поставщику не подходит эта ссылка. Проверьте, что страница открыта для всех и ссылка верна.
rejected-quantity = Такое количество поставщик сейчас не выполняет.
rejected-bad-service = Эта услуга только что стала недоступна.
rejected-temporary = Поставщик сейчас не может принять заказ. Попробуйте позже.
rejected-other = Поставщик не принял этот заказ.

push-queued = 🕓 Заказ <b>#{ $id }</b> ждёт своей очереди: { $service }
push-submitting = 🕓 Заказ <b>#{ $id }</b> ждёт своей очереди: { $service }
push-unknown = 🔎 Заказ <b>#{ $id }</b> проверяется: ответ поставщика потерялся. Деньги в сохранности, мы выясним.
push-pending = 📨 Заказ <b>#{ $id }</b> принят: { $service }
push-processing = ⚙️ Заказ <b>#{ $id }</b> готовится: { $service }
push-in_progress = 🚀 Заказ <b>#{ $id }</b> выполняется: { $service }
push-completed = ✅ Заказ <b>#{ $id }</b> выполнен: { $service }
push-partial = 🟡 Заказ <b>#{ $id }</b> выполнен частично: { $service }
push-canceled = ↩️ Заказ <b>#{ $id }</b> отменён: { $service }
push-failed = 🛠 Поставщик сообщает о проблеме с заказом <b>#{ $id }</b>. Мы разбираемся.
push-rejected = ✖️ Заказ <b>#{ $id }</b> не принят: { $service }
push-refund = 💵 В кошелёк возвращено { $amount }.
push-refund-house = 💵 Поставщик возвращает магазину { $amount }.
push-credited =
    💵 Кошелёк пополнен на <b>{ $amount }</b>.
    { $reason }
push-debited =
    💵 Из кошелька списано <b>{ $amount }</b>.
    { $reason }

wallet = 👛 <b>{ $balance }</b> в кошельке
wallet-held = удержано за заказы в пути: { $held }
wallet-debt = Платёж был отозван, поэтому баланс ниже нуля. Заказы подождут, пока он снова не станет 0.
wallet-line = { $amount } → <b>{ $after }</b> · { $what } · { $at }
wallet-no-entries = Движений пока не было. Пополните кошелёк и заказывайте что угодно.
entry-order = заказ #{ $id }
entry-refund = возврат за заказ #{ $id }
entry-order-canceled = заказ #{ $id }: отменён
entry-order-partial = заказ #{ $id }: не доставлено
entry-order-taken-back = заказ #{ $id }: отозван вами
entry-order-rejected = заказ #{ $id }: не принят
entry-welcome = приветственный подарок
entry-coupon = купон
entry-invitation = приглашение
entry-invitation-back = приглашение: доля возвращена
entry-gift = подарок
entry-stars = ⭐ пополнение
entry-crypto = 💎 пополнение
entry-refund-failed = ⭐ платёж снова здесь
entry-payment-refund = возврат платежа
entry-chargeback = платёж отозван
entry-manual = вручную: { $reason }
entry-correction = исправление: { $reason }
balance-own = 👛 Ваш баланс: <b>{ $balance }</b>

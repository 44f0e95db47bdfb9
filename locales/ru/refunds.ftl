# Возвраты, для которых нужно слово админа, и возвраты, которые забирают назад.

triage-why-unclear = Заказ закончен, но по словам поставщика не понять, сколько выполнено. Ждёт ответа: { $since }.
triage-or-part = Часть всё же выполнена? Тогда ниже скажите, сколько не выполнено: вернётся только это.

undelivered-portion = { $part } из { $of }
undelivered-ask-units =
    <b>Заказ #{ $id }: сколько из { $quantity } не выполнено всего?</b>
    Пришлите число или процент, например <code>25 %</code>.
undelivered-portion-none = Это не число. Пришлите, например, <code>40</code> или процент: <code>25 %</code>.
undelivered-portion-many = Это больше, чем в заказе: { $most }. Пришлите число не больше.
undelivered-portion-percent = Больше { $most } % не выполненным быть не может. Пришлите меньший процент.
undelivered-sure = <b>Заказ #{ $id }: не выполнено { $portion }. Верно?</b>
undelivered-before = Возвращено раньше: { $amount }
undelivered-now-nothing = Сейчас больше ничего не возвращается.
undelivered-now-house = { $amount } будет отмечено как возвращённое за счёт заведения. Кошельки не меняются.
undelivered-later-counts = Если поставщик позже назовёт больше, добавится только разница.
undelivered-booked = ✅ Заказ #{ $id }: возвращено { $amount }.
undelivered-booked-nothing = ✅ Заказ #{ $id }: больше ничего не возвращается.
undelivered-decided = Уже решено, кем: { $who }. Заказ #{ $id }, не выполнено { $portion }.
undelivered-decided-taken = { $who }: { $amount } по заказу #{ $id } уже удержано обратно.
undelivered-no-question = По заказу #{ $id } вопроса о возврате сейчас нет: { $state }

evidence-unclear = 🟡 Непонятно, сколько выполнено: { $facts }
evidence-refund = 💵 <b>{ $who }: не выполнено { $portion }</b>, возвращено { $amount }
evidence-taken-back = 🔁 <b>{ $who }: удержано обратно { $amount }</b>
evidence-ended = ✖️ <b>{ $who }: заказ закончен</b>, не выполнено { $portion }
evidence-runs = запусков { $count }
evidence-posts = постов { $count }
evidence-foreign = списание в { $currency }, оно не учитывается

take-back-sure =
    <b>Удержать обратно { $amount } по заказу #{ $id }?</b>
    Сейчас заказ: { $state }. Деньги уйдут из кошелька пользователя <code>{ $user }</code>, он получит сообщение. Ниже нуля кошелёк из-за этого не уйдёт: чего в нём нет, пока останется у клиента.
take-back-sure-house =
    <b>Удержать обратно { $amount } по заказу #{ $id }?</b>
    Сейчас заказ: { $state }. Кошельки не меняются: уменьшится только счёт возвращённого заведению.
take-back-empty = В кошельке нет денег, чтобы удержать { $amount }. Ничего не изменилось; кнопка сработает, когда деньги появятся.
take-back-done = ✅ Удержано обратно: { $amount }.
take-back-parked = Удержано { $amount }. Больше в кошельке нет, осталось { $left }. Нажмите снова, когда деньги появятся.
push-taken-back =
    🔁 Заказ <b>#{ $id }</b> всё-таки не закончился раньше срока: { $service }
    Мы уже вернули вам за него { $amount }, поэтому эта сумма снова списана с вашего кошелька. Есть вопросы? /support
entry-order-taken-again = заказ #{ $id }: всё-таки выполнен

stop-sure =
    <b>Попросить поставщика остановить заказ #{ $id }?</b>
    { $service }
    Он принадлежит пользователю <code>{ $user }</code>. Это просьба, а не гарантия. Неизрасходованное вернётся клиенту само.
stop-asked = Прошу поставщика остановить заказ #{ $id }.

admin-refund-stands =
    🔁 <b>Заказ #{ $id } вернулся: { $state }.</b>
    Когда он закончился раньше срока, пользователю <code>{ $user }</code> за него вернули { $amount }, и деньги пока у него. Их можно удержать обратно.
admin-beyond-hold =
    📈 <b>Подписка #{ $id } обходится дороже, чем заложено в её цену.</b>
    { $service }
    Постов: { $posts }, списано у поставщика { $charged }; за все ожидалось { $cost }. Клиент заплатил { $price } и больше не платит. Тариф с тех пор вырос; подписку можно остановить.
admin-charge-currency = 💱 Поставщик называет списание в { $currency }, а ваш счёт у него в другой валюте (впервые у заказа #{ $order }). Такие списания не учитываются: они не попадают в расходы и не решают о возврате.

button-undelivered-nothing = Ничего
button-undelivered-units = Часть …
button-undelivered-all = Всё
button-undelivered-remains = Остаток: { $remains } из { $quantity }
button-undelivered-sure = Да, записать
button-take-back = Удержать обратно
button-take-back-sure = Да, удержать
button-stop = Остановить
button-stop-sure = Да, попросить остановить

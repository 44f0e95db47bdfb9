# Заказы без ответа и застрявшие: что видят и решают админы.

command-triage = Заказы без ответа

triage =
    🔎 <b>{ $count ->
        [one] Вашего решения ждёт { $shown } заказ.
        [few] Вашего решения ждут { $shown } заказа.
       *[other] Вашего решения ждут { $shown } заказов.
    }</b>
    Найдите каждый в списке заказов у поставщика. <code>/triage 12</code> покажет один заказ и всё, что о нём известно.
triage-questions =
    ❓ <b>Магазин ждёт вашего ответа.</b>
    Кнопки покажут, о чём речь.
question-settled = ✅ Этот вопрос уже решён.
triage-empty =
    ✅ <b>Решать нечего.</b>
    У каждого заказа есть ответ, и ни один не застрял. <code>/triage 12</code> покажет любой заказ и всё, что о нём известно.
triage-no-number = «{ $text }» – не номер заказа. Например: <code>/triage 12</code>
triage-no-order = Заказа #{ $id } я не знаю.
triage-not-open = Заказ #{ $id } больше не ждёт решения. См. /triage { $id }.

triage-order = <b>Заказ <code>#{ $id }</code></b> – { $state }
triage-why-unknown = Определённого ответа нет: { $since }. Повторно заказ не отправляется.
triage-why-missing = Поставщик больше не знает его ID <code>{ $id }</code>: { $since }.
triage-why-failed = Поставщик сообщил о сбое: { $since }.
triage-why-quiet = Последнее изменение: { $since }. Обычно это не длится так долго.
triage-nothing = Решения не требует.
triage-what =
    { $service } · { $quantity }
    🔗 { $link }
triage-whose = пользователь <code>{ $user }</code> · { $price }
triage-provider-id = ID у поставщика: <code>{ $id }</code>

evidence-lost = 📭 Ответ потерялся: { $said }
evidence-balance-for = 💰 <b>Баланс говорит «да»:</b> { $before } → { $after }, ожидалось { $expected }
evidence-balance-against = 💰 Баланс говорит «нет»: остался { $after }, ожидалось списание { $expected }
evidence-balance-silent = 💰 Баланс ничего не говорит: { $before } → { $after }, ожидалось { $expected }
evidence-busy-link = 🔗 <b>Ссылка занята:</b> из-за неё не принят заказ #{ $order }
evidence-gap-nothing = 🔢 Соседние ID не проверить: ни до, ни после него нет наших заказов с ID
evidence-gap-words = 🔢 Соседние ID не проверить: ID у поставщика – не числа
evidence-gap-disorder = 🔢 Соседние ID не проверить: ID у поставщика идут не по порядку
evidence-gap-none = 🔢 Соседние ID ещё не проверялись
evidence-gap-all = 🔢 Между { $last } и { $first }: проверены все ID ({ $asked }), наших неизвестных: { $ours }
evidence-gap-some = 🔢 Между { $last } и { $first }: пока проверено ID: { $asked }, наших неизвестных: { $ours }
evidence-candidate-fits = 🎯 <b>ID <code>{ $id }</code> наш и подходит:</b> { $facts }
evidence-candidate = ❔ ID <code>{ $id }</code> наш, но { $why }: { $facts }
evidence-late-id = 📬 <b>Ответ всё же пришёл, но поздно:</b> ID <code>{ $id }</code>
evidence-late = 📬 Ответ всё же пришёл, но поздно: { $said }
evidence-checked-fits = 🔍 { $who }, запрос о <code>{ $id }</code>: { $facts }
evidence-checked = 🔍 { $who }, запрос о <code>{ $id }</code>: { $why }
evidence-missing = 🚫 Поставщик не знает ID <code>{ $id }</code>: { $said }
evidence-exists = ✅ <b>{ $who }: заказ есть</b>, это <code>{ $id }</code>
evidence-exists-not = ✖️ <b>{ $who }: заказа нет</b>
evidence-found = ✅ <b>Найден сам собой</b>: <code>{ $id }</code>
evidence-charge = списано { $amount }
evidence-remains = осталось { $count }

misfit-charge = списание другое
misfit-remains = остаток не подходит к количеству
misfit-parts = запуски или публикации не подходят
misfit-silent = из ответа ничего не следует
misfit-strange = поставщик его не знает
misfit-no-answer = поставщик не ответил
misfit-elsewhere = он на прежнем аккаунте поставщика, а его никто не опрашивает
misfit-taken = он принадлежит заказу #{ $order }

triage-ask-id =
    <b>Заказ #{ $id } есть?</b>
    Пришлите его ID у поставщика. Он есть в списке заказов у поставщика: та же ссылка и то же количество.
triage-ask-other =
    <b>Заказ #{ $id } есть?</b>
    Спросите о его ID <code>{ $known }</code> ещё раз или пришлите другой, если у поставщика он другой.
triage-id-none = Это не ID. Он выглядит, например, так: <code>23501</code>.
triage-id-words = Здесь больше одного слова. Пришлите только ID, например <code>23501</code>.
triage-id-long = Для ID это слишком длинно. Он выглядит, например, так: <code>23501</code>.
triage-asking = ⏳ Спрашиваю поставщика о <code>{ $id }</code> … Ответ придёт сообщением.

checked = 🔍 <b>Заказ #{ $order } как <code>{ $id }</code></b>
checked-says = Поставщик говорит: { $facts }
checked-said = «{ $text }»
checked-ordered =
    Заказано: { $what }
    Ожидаемое списание: { $cost }
checked-silent = Ничто здесь не подтверждает, что это тот самый заказ. Сначала сравните ссылку и количество у поставщика.
checked-sure = Это он? Тогда заказ продолжится под этим ID.
checked-refused = ✖️ Это не может быть он: { $why }.
checked-unasked = 📡 Узнать не удалось: { $why }. Ничего не изменилось.
checked-settled = Заказу #{ $id } ID больше не нужен: он уже решён.
triage-check-old = Этот ответ поставщика уже устарел. Спросите об ID ещё раз.

triage-sure = <b>Заказа #{ $id } у поставщика нет?</b>
triage-speaks =
    ⚠️ <b>Это говорит о том, что он есть:</b>
    { $lines }
triage-refund = { $amount } вернётся пользователю <code>{ $user }</code>, и он об этом узнает.
triage-refund-none = Деньги здесь не двигаются.
triage-ends = Заказ завершится как не принятый.
triage-ends-completed = Заказ завершится как выполненный, что бы поставщик о нём потом ни сказал.
triage-ends-partial = Заказ завершится как выполненный частично, что бы поставщик о нём потом ни сказал.
triage-ends-canceled = Заказ завершится как отменённый, что бы поставщик о нём потом ни сказал.
triage-loss = Если он у поставщика всё-таки найдётся, это убыток магазина.
triage-news = Тем временем выяснилось кое-что новое. Посмотрите, пожалуйста, ещё раз.

triage-goes-on = ✅ Заказ #{ $id } продолжается как { $provider }.
triage-ended = Заказ #{ $id } завершён.
triage-moved-on = Заказ #{ $id } сдвинулся сам: { $state }
triage-found-already = Заказ #{ $id } нашёлся сам: { $provider }.
triage-decided-exists = Уже решено, кем: { $who }. Заказ #{ $id } есть, это { $provider }.
triage-decided-not = Уже решено, кем: { $who }. Заказа #{ $id } нет.
triage-you = вами

order-refunded-settled = ↩️ Возвращено: { $amount } — мы завершили заказ сами

admin-stuck-order =
    🐌 <b>Заказ #{ $id } застрял.</b>
    { $why }
    { $what }

button-triage = Решить
button-question-held = ⏸ Заказы не отправляются
button-question-currency = 💱 Валюта поставщика
button-question-numbers = 🔢 Номера поставщика
button-question-rates = 📈 Резкие изменения цен
button-triage-all = Все, что ждут
button-it-exists = Он есть
button-it-does-not = Его нет
button-check-id = Спросить о { $id }
button-other-id = Другой ID
button-this-one = Да, это он
button-not-sure-refund = Да, его нет: вернуть деньги
button-not-sure = Да, его нет
button-try-again = Попробовать ещё раз

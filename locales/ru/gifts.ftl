# Купоны и приглашения.

command-coupon = Активировать купон
command-invite = Пригласить друзей
command-coupons = Купоны: список, новый, завершить
command-invitations = Приглашения: доля и предел

button-have-code = 🏷 У меня есть код
button-invite = 🤝 Пригласить друзей
button-share = Поделиться ссылкой
button-copy-link = Копировать ссылку
button-copy-code = Копировать код
button-turn-on = Включить
button-turn-off = Выключить
button-coupon-new = Новый купон
button-coupon-end = Завершить
button-coupon-end-sure = Да, завершить
button-cap = до { $cap }

coupon-ask = 🏷 Пришлите код купона.
coupon-waiting = К следующему заказу применится <b>{ $code }</b>: { $value }.
coupon-not-wanted = Хорошо, без купона.
coupon-credited =
    🎁 <b>{ $code }</b>: в вашем кошельке прибавилось { $amount }.
    Баланс: { $balance }
coupon-remembered =
    🏷 <b>{ $code }</b>: { $value } на ваш следующий заказ.
    Скидку вы увидите перед подтверждением. На массовые заказы купоны не действуют.
coupon-instead = Он заменил { $code }, который можно будет активировать снова.
summary-coupon = 🏷 { $code } { $value }: −{ $amount }
summary-coupon-less = 🏷 { $code } { $value }: −{ $amount }, больше с этого заказа снять нельзя
summary-coupon-waits = 🏷 { $code } { $value }: с этого заказа снять нечего, он продаётся по себестоимости. Купон подождёт следующего.
order-discount = 🏷 Скидка по купону уже учтена: { $amount }

error-coupons-off = Сейчас в этом магазине купонов нет.
error-coupon-unknown = Кода «{ $code }» я не знаю. Проверьте, пожалуйста, и пришлите ещё раз.
error-coupon-ended = Купон { $code } больше не действует.
error-coupon-expired = Срок купона { $code } истёк.
error-coupon-used-up = Купон { $code } уже разобрали: другие успели раньше.
error-coupon-yours = Вы уже использовали купон { $code }.
error-coupon-later = Слишком много неверных кодов. Попробуйте, пожалуйста, через час.
error-no-such-coupon = Такого купона нет.

admin-coupon-guesses = 🚨 <b>Кто-то подбирает коды купонов:</b> { $wrong } неверных за час. В ближайший час никто не сможет применить код. Короткие коды легко угадать: завершите их в /coupons и создайте подлиннее.
coupons-on = 🏷 <b>Купоны включены.</b>
coupons-off = 🏷 <b>Купоны выключены.</b> Их нельзя ни активировать, ни использовать.
coupons-none = Пока нет ни одного.
coupons-how = Новый купон одной строкой: <code>/coupons SPRING 20% максимум 5 на человека 1 всего 100 до 31.12.2027</code>
coupon-at-most = { $value } (до { $most })
coupon-below-cost = можно ниже себестоимости
coupons-line = { $mark } <b>{ $code }</b> { $value } · { $used }
coupon-used = использован { $used }×
coupon-used-of = использован { $used } из { $total }
coupon-each = каждому: { $shown }×
coupon-until = до { $at }
coupon-given = Всего отдано: { $amount }
coupon-made = ✅ Купон готов.
coupon-card = 🏷 <b>{ $code }</b> { $value }
coupon-closed = ✖️ Использовать его больше нельзя.
coupon-but-off = ⚠️ Купоны выключены: пока им никто не может воспользоваться.
coupon-link =
    Эта ссылка его активирует:
    <code>{ $link }</code>
coupon-end-ask =
    Завершить <b>{ $code }</b> ({ $value })?
    После этого им никто не сможет воспользоваться, даже те, кто уже активировал его для следующего заказа. Отменить это нельзя.
coupon-line-ask =
    ➕ Опишите купон одной строкой:
    <code>SPRING 20% максимум 5 на человека 1 всего 100 до 31.12.2027</code>

    • код: 3–32 латинские буквы и цифры; без него я придумаю свой
    • <code>20%</code> от заказа или <code>5.00</code> в кошелёк
    • <code>максимум 5</code>: сколько процент снимает с заказа самое большее
    • <code>в-убыток</code>: можно снять больше, чем вы зарабатываете; иначе ни один заказ не продаётся ниже себестоимости
    • <code>на человека</code>: сколько раз каждому (если не сказано, один)
    • <code>всего</code>: сколько раз в целом
    • <code>до</code>: последний день
coupon-line-value = Сколько он стоит? Например: <code>SPRING 20%</code> или <code>GIFT 5.00</code>
coupon-line-percent = «{ $word }» не годится: процент один, больше 0 и не больше 100, не более двух знаков после запятой.
coupon-line-percent-only = Предел суммы и <code>в-убыток</code> бывают только у процентов, например: <code>SPRING 20% максимум 5</code>
coupon-line-most = «{ $word }» – не сумма. Например: <code>максимум 5</code>
coupon-line-count = «{ $word }» – не число. Вот так: <code>всего 100</code>
coupon-line-date = «{ $word }» – не будущий день. Вот так: <code>до 31.12.2027</code>
coupon-line-code = «{ $code }» не может быть кодом: нужны 3–32 латинские буквы A–Z и цифры.
coupon-line-odd = Не понимаю здесь «{ $word }».
coupon-line-taken = Купон { $code } уже есть. Выберите, пожалуйста, другой код.

invite =
    🤝 <b>Пригласите друзей</b>
    Вы получаете { $percent } от того, что друг здесь потратит, до { $cap } за каждого друга. Деньги приходят в ваш кошелёк сами.

    Ваша ссылка, для тех, кто здесь впервые:
    <code>{ $link }</code>
invite-nobody = По ней пока никто не пришёл.
invite-came = { $count ->
    [one] Пришёл { $shown } друг. Вы заработали <b>{ $amount }</b>.
    [few] Пришли { $shown } друга. Вы заработали <b>{ $amount }</b>.
    [many] Пришло { $shown } друзей. Вы заработали <b>{ $amount }</b>.
   *[other] Пришло { $shown } друга. Вы заработали <b>{ $amount }</b>.
}
invite-share = Я заказываю здесь – загляните!
invite-welcome = 🤝 Вас пригласил друг. Как хорошо, что вы здесь!
invite-not-new = 🤝 Приглашения – для тех, кто здесь впервые, а вы у нас уже были. С возвращением!
push-earned = 🤝 Друг, которого вы пригласили, сделал заказы: в вашем кошельке прибавилось { $amount }. Спасибо!
push-earned-back = 🤝 За заказ приглашённого вами друга деньги вернули, а с ними и ваша доля: { $amount } списано с кошелька.
error-invitations-off = Сейчас в этом магазине приглашений нет.

invitations-on = 🤝 <b>Приглашения включены.</b>
invitations-off = 🤝 <b>Приглашения выключены.</b> Никто не считается приглашённым, и траты ничего не приносят.
invitations-terms = Пригласивший получает <b>{ $percent }</b> от трат приглашённого, не больше <b>{ $cap }</b> за каждого.
invitations-came = { $count ->
    [one] До сих пор приглашён { $shown } человек. Пригласившие заработали { $amount }.
    [few] До сих пор приглашены { $shown } человека. Пригласившие заработали { $amount }.
    [many] До сих пор приглашено { $shown } человек. Пригласившие заработали { $amount }.
   *[other] До сих пор приглашено { $shown } человека. Пригласившие заработали { $amount }.
}
invitations-how = Другие условия одной строкой: <code>/invitations 5% предел 20</code>. Они действуют для трат с этого момента.
error-invitations-percent = Доля должна быть больше 0 и не больше { $most } %.
error-invitations-cap = Предел должен быть больше 0.

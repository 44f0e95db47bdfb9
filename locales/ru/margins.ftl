# Правила наценки: что читают администраторы.

command-margins = наценки: что добавляется к ценам поставщика

margins =
    💹 <b>Наценки</b>
    Что добавляется к тому, что берёт поставщик. Действует первое подходящее правило, и только оно.
margin-line = { $number }. { $about }: <b>{ $margin }</b>
margin-line-default = Всё остальное: <b>{ $margin }</b> (MARKUP_PERCENT)
margins-step = Суммы – за 1000 или за пакет. Цены округляются вверх до { $step }.
margins-exchange = { $one } у поставщика – это { $rate } здесь (EXCHANGE_RATE).
margin-about-service = { $name } <code>{ $id }</code>
margin-about-gone = услуга, которой больше нет (#{ $id })
margin-about-category = Категории вида <code>{ $pattern }</code>
margin-about-global = Всё остальное
margin-at-least = { $margin }, не меньше { $minimum }
button-margin-add = Добавить правило
button-margin-service = Для одной услуги
button-margin-category = Для категорий по названию
button-margin-global = Для всего остального
button-margin-own = Задать её наценку
button-margins = Все наценки
button-margin-save = Сохранить
button-margin-edit = Изменить
button-margin-remove = Убрать
button-margin-remove-yes = Да, убрать
button-margin-remove-no = Нет, оставить

margin-choose-scope = 💹 Для чего правило?
margin-ask-service = Для какой услуги? Пришлите её ID у поставщика или ссылку на неё в этом боте.
margin-no-service = Услугу «{ $text }» я не знаю.
margin-ask-pattern =
    Для каких категорий? Пришлите часть названия: <code>*</code> заменяет что угодно, <code>?</code> – один знак.

    <code>Instagram*</code>
    <code>*подписчики*</code>

    Если подходят несколько правил, действует самое длинное.
margin-bad-pattern = Нужен текст не длиннее { $most } знаков.
margin-no-category = Среди продаваемых категорий нет похожих на «{ $text }». Может быть, не хватает <code>*</code>?
margin-fits = { $count ->
    [one] Подходит { $shown } категория: { $names }
    [few] Подходят { $shown } категории: { $names }
   *[other] Подходят { $shown } категорий: { $names }
}
margin-fits-more = { $count ->
    [one] и ещё { $shown } категория
    [few] и ещё { $shown } категории
   *[other] и ещё { $shown } категорий
}
margin-ask-title = 💹 <b>Наценка</b> · { $about }
margin-ask-numbers =
    Сколько добавить? Процент от стоимости, сумма за 1000 (или за пакет) в { $currency }, наименьшая наценка – в любом сочетании:

    <code>25%</code>
    <code>25% + 0,10</code>
    <code>30% + 0,05 мин 0,20</code>
margin-bad-numbers = Не могу прочитать это как наценку.
margin-bad-bare = { $text } чего? Напишите <code>{ $text }%</code> или <code>+{ $text }</code>.
margin-bad-percent = «{ $text }» – не процент от 0 до 100 000.
margin-bad-amount = «{ $text }» – не сумма. Вот так: <code>0,10</code>

margin-title = <b>{ $about }</b>: { $margin }
margin-touches = { $count ->
    [one] Оно задаёт цену: { $shown } услуга в продаже:
    [few] Оно задаёт цену: { $shown } услуги в продаже, среди них:
   *[other] Оно задаёт цену: { $shown } услуг в продаже, среди них:
}
margin-touches-none = Сейчас оно не задаёт цену ни одной услуге в продаже.
margin-example =
    { $name }
    У поставщика { $cost }, цена { $price }, вы получаете { $earns }
margin-preview-hint = Пока ничего не сохранено. Можно прислать другие числа.
margin-preview-gone = Этот просмотр устарел. /margins покажет, что действует сейчас.
margin-saved = Сохранено. Действует с этой минуты.
margin-remove-ask = <b>Убрать это правило?</b> Вместо него будет действовать следующее подходящее.
margin-removed = Убрано.
margin-gone = Этого правила больше нет.
margin-no-wallet = Заказы здесь оплачивает магазин по ценам поставщика: наценок нет.

margin-explain = 💹 <b>{ $name }</b> <code>{ $id }</code>
margin-sum-rate = Поставщик берёт { $rate }
margin-sum-cost = × { $exchange } = { $cost } стоимости
margin-sum-default = Ни одно правило не подходит, действует MARKUP_PERCENT: { $margin }
margin-sum-own = Её собственное правило: { $margin }
margin-sum-rule = { $about }: { $margin }
margin-sum-minimum = Вышло бы { $short }, поэтому действует наименьшая: { $margin }
margin-sum-price = { $cost } + { $margin } → <b>{ $price }</b>
margin-card = 💹 Стоимость { $cost }, наценка { $margin } <i>(видят только администраторы)</i>

admin-margin-leak =
    📉 <b>Заказ #{ $id } обошёлся дороже, чем принёс.</b>
    { $service }
    Оплачено { $paid }, стоимость { $cost }: потеряно { $lost }.
    { $discount }{ $rule }
    Об этой услуге я скажу снова, только если она между тем что-то принесёт или изменится наценка.
margin-leak-discount =
    Купон снял { $amount }.
    {""}
margin-leak-service = Её собственная наценка: { $margin }
margin-leak-category = Наценка категорий вида <code>{ $name }</code>: { $margin }
margin-leak-global = Наценка всего остального: { $margin }
margin-leak-default = Ни одно правило не подходит; MARKUP_PERCENT – { $margin }

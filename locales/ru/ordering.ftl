# Каталог, вопросы заказа и итог.

categories =
    <b>Что бы вы хотели заказать?</b>
    { $count ->
        [one] На выбор { $count } категория.
        [few] На выбор { $count } категории.
       *[other] На выбор { $count } категорий.
    }
    Или напишите, что вы ищете.
found = { $count ->
    [one] 🔍 Найдена { $shown } услуга
    [few] 🔍 Найдено { $shown } услуги
   *[other] 🔍 Найдено { $shown } услуг
}
found-more = Нет нужного? Напишите больше слов или другие.
catalog-empty =
    Каталог пока пуст. Он загружается от поставщика при запуске; загляните через минуту.
services = <b>{ $category }</b>
services-empty = В этой категории больше ничего нет.
services-line =
    { $number }. <b>{ $name }</b>
    { $price }{ $limits }
services-line-coming = { $number }. { $name } · <i>скоро</i>
price-per-thousand = { $amount } за 1000
price-package = { $amount } за пакет
limits-from = от { $least }
limits-package = один пакет

service-title =
    <b>{ $name }</b>
    { $category }
service-description = <blockquote expandable>{ $description }</blockquote>
service-price = 💵 { $price }
service-limits = 📏 { $limits }
service-refill-yes = ♻️ Восстановление возможно
service-refill-no = ♻️ Без восстановления
service-cancel-yes = ↩️ Можно отменить
service-cancel-no = ✖️ Отменить нельзя
service-dripfeed = 💧 Можно выполнять частями
service-id = 🆔 <code>{ $id }</code>
service-coming = 🔜 Такие услуги скоро появятся. Заказать пока нельзя.
service-type-unknown = 🔧 Тип «{ $type }» неизвестен, поэтому покупатели эту услугу не видят.

ask-link =
    <b>{ $service }</b>

    🔗 Пришлите ссылку, например
    <code>{ $example }</code>
ask-quantity =
    <b>{ $service }</b>

    🔢 Сколько? { $limits }
    { $price } за 1000. Выберите или напишите число.
ask-comments =
    <b>{ $service }</b>

    💬 Пришлите комментарии, каждый с новой строки, или файл .txt.
    Строк: { $limits }, по { $price } за каждую.
ask-runs =
    💧 { $quantity } за { $price }. Выполнять частями?

    Выберите, сколько раз выполнить по { $quantity }, напишите число или нажмите <b>Пропустить</b>.
ask-interval =
    ⏱ { $runs } × { $quantity } за { $price }.

    Какой промежуток между частями? Выберите или напишите минуты.
minutes = { $count } мин
hours = { $count } ч
days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[other] { $count } дней
}

summary =
    🧾 <b>Всё верно?</b>

    <b>{ $service }</b>
    🔗 { $link }
summary-package = 📦 Один пакет
summary-quantity = 🔢 { $quantity }
summary-runs = 💧 Частей: { $runs } по { $quantity }, промежуток { $interval }
summary-comments = 💬 { $count ->
    [one] { $shown } комментарий, первый: «{ $sample }»
    [few] { $shown } комментария, первый: «{ $sample }»
   *[other] { $shown } комментариев, первый: «{ $sample }»
}
summary-price = 💵 <b>{ $price }</b>
summary-price-changed = 💵 <b>{ $price }</b> ❗️ <s>{ $old }</s>
summary-limits-changed = 📏 { $limits } ❗️
summary-changed = ❗️ <b>С тех пор, как вы смотрели, кое-что изменилось.</b> Ничего не заказано; проверьте, пожалуйста, ещё раз.
summary-wallet = 👛 Кошелёк: { $before } → { $after }
summary-too-little =
    👛 Кошелёк: { $before }
    Не хватает { $missing }. Сначала пополните, потом нажмите <b>Подтвердить</b>.
summary-house = 🏠 Оплачивает магазин.

bad-link = Не получается прочесть это как ссылку.
bad-quantity = Нужно целое число, например <code>1000</code> или <code>1k</code>.
quantity-too-small = { $got } – слишком мало: можно от { $least }.
quantity-too-large = { $got } – слишком много: можно до { $most }.
bad-comments = Нужны комментарии текстом, каждый с новой строки, или файлом .txt, например:
    <code>Отлично!
    Мне нравится</code>
comment-too-long = Строка { $line } слишком длинная: не больше { $most } символов.
comments-too-small = Строк получилось { $got }, а нужно не меньше { $least }. Пришлите, пожалуйста, все заново.
comments-too-large = Строк получилось { $got }, а можно не больше { $most }. Пришлите, пожалуйста, все заново.
bad-runs = Напишите число частей от { $least } до { $most }, например <code>5</code>.
runs-too-large = Всего вышло бы { $got }, а можно не больше { $most }.
runs-too-small = Всего вышло бы { $got }, а нужно не меньше { $least }.
bad-interval = Напишите промежуток в минутах, от { $least } до { $most }, например <code>60</code>.
not-a-text = Пришлите это, пожалуйста, текстом.
file-not-text = Я читаю только файлы .txt в UTF-8, до { $most } кБ.

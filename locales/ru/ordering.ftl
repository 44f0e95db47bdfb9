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
services-line-unknown = { $number }. { $name } · <i>неизвестный тип</i>
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

form-title = <b>{ $service }</b>
ask-link =
    🔗 Пришлите ссылку, например
    <code>{ $example }</code>
ask-quantity =
    🔢 Сколько? { $limits }
    { $listed } за 1000. Выберите или напишите число, например <code>1000</code> или <code>1k</code>.
ask-comments =
    💬 Пришлите комментарии, каждый с новой строки, или файл .txt. Например:
    <code>Отличное видео!
    Досмотрел до конца</code>
ask-keywords =
    🔑 Пришлите ключевые слова, каждое с новой строки, или файл .txt. Например:
    <code>цветочный магазин
    купить розы</code>
ask-usernames =
    👥 Пришлите имена пользователей, каждое с новой строки, или файл .txt. Например:
    <code>anna.smith
    ben_k</code>
ask-hashtags =
    #️⃣ Пришлите хештеги, каждый с новой строки, или файл .txt. Например:
    <code>travel
    закат</code>
ask-groups =
    👥 Пришлите группы, каждую с новой строки, или файл .txt. Например:
    <code>https://example.com/groups/gardeners
    https://example.com/groups/cooks</code>
ask-lines-counted = 📏 Строк: { $limits }, по { $price } за каждую.
ask-username =
    👤 Какой аккаунт? Пришлите имя пользователя, например
    <code>anna.smith</code>
ask-username-comment =
    👤 Кто написал комментарий? Пришлите имя пользователя, например
    <code>anna.smith</code>
ask-username-subscription =
    👤 Чьи новые публикации? Пришлите имя пользователя, например
    <code>anna.smith</code>
ask-hashtag =
    #️⃣ Какой хештег? Например
    <code>travel</code>
ask-media =
    🖼 Пришлите ссылку на публикацию, лайкнувших которую нужно упомянуть, например
    <code>https://www.instagram.com/p/CxYz123/</code>
ask-answer-number =
    🗳 За какой ответ голосовать? Его номер, считая сверху: { $limits }.
    Выберите или напишите, например <code>2</code>.
ask-country =
    🌍 Из какой страны? Например
    <code>Germany</code>
ask-device = 📱 С какого устройства? Выберите или напишите номер или название, например <code>1</code>.
ask-type-of-traffic = 🚦 Откуда должны приходить посетители? Выберите или напишите номер или название, например <code>3</code>.
ask-google-keyword =
    🔎 По каким словам они будут искать? Например
    <code>цветочный магазин</code>
ask-referring-url =
    ↪️ С какой страницы они придут? Пришлите ссылку, например
    <code>https://example.com/blog</code>
ask-min =
    📈 Сколько на каждую публикацию, не меньше? { $limits }
    { $listed } за 1000. Выберите или напишите число, например <code>100</code>.
ask-max =
    📈 А не больше? { $limits }
    Каждая публикация получит число между ними. Выберите или напишите число, например <code>200</code>.
ask-delay =
    ⏱ Через сколько после появления публикации начинать?
    Выберите или напишите минуты, например <code>30</code>.
ask-posts =
    📮 Для скольких новых публикаций? { $limits }
    Каждая – не дороже { $price }. Что не израсходовано, вернётся вам.
    Выберите или напишите число, например <code>10</code>.
ask-old-posts =
    🗂 Добавить и прежние публикации? { $limits }
    Каждая – не дороже { $price }. Выберите, напишите число, например <code>3</code>, или нажмите <b>Пропустить</b>.
ask-expiry =
    📅 До какого дня, самое позднее? Например <code>{ $example }</code>.
    Выберите, напишите дату или нажмите <b>Пропустить</b>: тогда до последней публикации.
ask-runs =
    💧 { $quantity } за { $price }. Выполнять частями?

    Выберите, сколько раз выполнить по { $quantity }, напишите число, например <code>5</code>, или нажмите <b>Пропустить</b>.
ask-interval =
    ⏱ { $runs } × { $quantity } за { $price }.

    Какой промежуток между частями? Выберите или напишите минуты, например <code>60</code>.
button-interval = { $interval } · всего { $whole }
button-at-once = Сразу
choice-device-1 = Компьютер
choice-device-2 = Android
choice-device-3 = iOS
choice-device-4 = Разные мобильные
choice-device-5 = Разные
choice-type_of_traffic-1 = Запрос в Google
choice-type_of_traffic-2 = Другая страница
choice-type_of_traffic-3 = Без источника
lines-taken = { $count ->
    [one] ✓ Принята { $shown } строка.
    [few] ✓ Принято { $shown } строки.
   *[other] ✓ Принято { $shown } строк.
}
lines-repeats-kept = { $count ->
    [one] Среди них { $shown } повтор, он оставлен.
    [few] Среди них { $shown } повтора, они оставлены.
   *[other] Среди них { $shown } повторов, они оставлены.
}
lines-repeats-removed = { $count ->
    [one] Убран { $shown } повтор.
    [few] Убрано { $shown } повтора.
   *[other] Убрано { $shown } повторов.
}
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
summary-link = 🔗 { $value }
summary-comments = 💬 { $count ->
    [one] { $shown } комментарий, первый: «{ $sample }»
    [few] { $shown } комментария, первый: «{ $sample }»
   *[other] { $shown } комментариев, первый: «{ $sample }»
}
summary-keywords = 🔑 { $count ->
    [one] { $shown } ключевое слово: { $sample }
    [few] { $shown } ключевых слова: { $sample }
   *[other] { $shown } ключевых слов: { $sample }
}
summary-usernames = 👥 { $count ->
    [one] { $shown } имя: { $sample }
    [few] { $shown } имени: { $sample }
   *[other] { $shown } имён: { $sample }
}
summary-hashtags = #️⃣ { $count ->
    [one] { $shown } хештег: { $sample }
    [few] { $shown } хештега: { $sample }
   *[other] { $shown } хештегов: { $sample }
}
summary-groups = 👥 { $count ->
    [one] { $shown } группа: { $sample }
    [few] { $shown } группы: { $sample }
   *[other] { $shown } групп: { $sample }
}
summary-username = 👤 { $value }
summary-hashtag = #️⃣ { $value }
summary-media = 🖼 { $value }
summary-answer-number = 🗳 Ответ { $value }
summary-country = 🌍 { $value }
summary-device = 📱 { $value }
summary-traffic = 🚦 { $value }
summary-google-keyword = 🔎 { $value }
summary-referring-url = ↪️ { $value }
summary-package = 📦 Один пакет
summary-quantity = 🔢 { $quantity }
summary-runs = 💧 Частей: { $runs } по { $quantity }, промежуток { $interval }
summary-plan-ends = 🏁 Закончится вскоре после { $at }: последняя часть начнётся через { $whole } после первой
summary-total = 🔢 Всего { $quantity }
summary-per-post = 📈 { $limits } на каждую публикацию
summary-delay = ⏱ Через { $delay } после появления публикации
summary-delay-none = ⏱ Сразу после появления публикации
summary-posts = 📮 Новых публикаций: { $value }
summary-old-posts = 🗂 Прежних публикаций: { $value }
summary-expiry = 📅 До { $date } ({ $left })
summary-most = 🔢 Всего не больше { $quantity }
summary-comes-back = ↩️ Дороже не будет. Что не израсходовано, вернётся в конце.
summary-price = 💵 <b>{ $price }</b>
summary-price-changed = 💵 <b>{ $price }</b> ❗️ <s>{ $old }</s>
summary-limits-changed = 📏 { $limits } ❗️
summary-changed = ❗️ <b>С тех пор, как вы смотрели, кое-что изменилось.</b> Ничего не заказано; проверьте, пожалуйста, ещё раз.
summary-overlap = ⚠️ По этой ссылке ещё выполняется другой заказ: когда два заказа накладываются, доставлено может быть меньше, и деньги за это не возвращаются, поэтому надёжнее дождаться его завершения.
summary-overlap-own = ⚠️ Ваш заказ #{ $id } по этой ссылке ещё выполняется: когда два заказа накладываются, доставлено может быть меньше, и деньги за это не возвращаются, поэтому надёжнее дождаться его завершения.
summary-invitation = ℹ️ Это приглашение в закрытый канал или группу. Оно подходит только для услуг, в описании которых это сказано, и только пока приглашение действует и вступление никто не одобряет.
summary-wallet = 👛 Кошелёк: { $before } → { $after }
summary-too-little =
    👛 Кошелёк: { $before }
    Не хватает { $missing }. Сначала пополните, потом нажмите <b>Подтвердить</b>.
summary-house = 🏠 Оплачивает магазин.

bad-link = Не получается прочесть это как ссылку.
several-links = Здесь больше одной ссылки. Какая из них нужна? Пришлите, пожалуйста, только её.
private-link = Эту ссылку могут открыть только участники: она ведёт в закрытый канал или группу или в ваш собственный Telegram, и доставить туда никто не сможет. Пришлите ссылку, которая открывается у всех: в ней есть публичное имя канала.
bad-quantity = Нужно целое число, например <code>1000</code> или <code>1k</code>.
quantity-too-small = { $got } – слишком мало: можно от { $least }.
quantity-too-large = { $got } – слишком много: можно до { $most }.
bad-lines = Здесь нужен текст, каждая запись с новой строки, сообщением или файлом .txt, не больше { $most } строк.
line-too-long = Строка { $line } слишком длинная: не больше { $most } символов.
line-not-a-word = Строка { $line } – не одно слово без пробелов. По одному имени в строке; пришлите, пожалуйста, все заново.
lines-too-small = Строк получилось { $got }, а нужно не меньше { $least }. Пришлите, пожалуйста, все заново.
lines-too-few-left = Без повторов ({ $repeats }) получилось { $got }, а нужно не меньше { $least }. Пришлите, пожалуйста, все заново.
lines-too-large = Строк получилось { $got }, а можно не больше { $most }. Пришлите, пожалуйста, все заново.
bad-word = Нужно одно слово без пробелов, не больше { $most } символов.
bad-text = Нужна одна строка текста, не больше { $most } символов.
bad-choice = Нажмите одну из кнопок ниже или напишите её номер или название.
bad-number = Нужно целое число от { $least } до { $most }.
bad-delay = Можно только столько минут: { $choices }.
bad-expiry = Не получается прочесть это как дату. Нужны день, месяц и год.
expiry-past = { $date } – не в будущем. Нужен день, который ещё не наступил.
max-below-min = Наибольшее не может быть меньше наименьшего, а оно { $least }.
bad-runs = Напишите число частей от { $least } до { $most }, например <code>5</code>.
runs-too-large = Всего вышло бы { $got }, а можно не больше { $most }.
runs-too-small = Всего вышло бы { $got }, а нужно не меньше { $least }.
bad-interval = Напишите промежуток в минутах, от { $least } до { $most }, например <code>60</code>.
error-too-dear = Это больше, чем может быть один заказ. Вернитесь, пожалуйста, и закажите меньше.
long-text-late = ✂️ Это пришло слишком поздно, чтобы войти в длинный текст перед ним, и не учтено. Чтобы заказать всё, нажмите <b>Назад</b> или начните заново и пришлите файл .txt. Если это отдельный ответ, пришлите его через минутку ещё раз.
long-text-not-counted = ✂️ Ваш длинный текст не учтён: вопрос, на который он отвечает, уже закрыт.
long-text-too-long = ✂️ Для сообщений это слишком длинно, и ничего не учтено. Пришлите, пожалуйста, файл .txt, до { $most } кБ.
not-a-text = Пришлите это, пожалуйста, текстом.
file-not-text = Я читаю только файлы .txt в UTF-8, до { $most } кБ.

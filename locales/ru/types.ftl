# Типы услуг, которых никто не знает: что читают администраторы.

service-type-unknown = 🔧 Тип «{ $type }» неизвестен, поэтому покупатели эту услугу не видят.
button-treat-as = Считать как …
button-type-is = Считается как { $type }
admin-unknown-type = { $count ->
    [one] 🔧 <b>{ $shown } услуга неизвестного типа «{ $label }».</b> Покупатели не увидят её, пока вы не скажете, чем её считать.
    [few] 🔧 <b>{ $shown } услуги неизвестного типа «{ $label }».</b> Покупатели не увидят их, пока вы не скажете, чем их считать.
   *[other] 🔧 <b>{ $shown } услуг неизвестного типа «{ $label }».</b> Покупатели не увидят их, пока вы не скажете, чем их считать.
}
type-choose =
    🔧 <b>Что такое «{ $label }»?</b>
    Например: { $service }

    Выберите, чем это считать. Это относится ко всем услугам такого типа, и это можно изменить.
type-line = <b>{ $type }</b>: { $fields }
type-mapped = { $count ->
    [one] ✅ «{ $label }» считается как { $type }. Сейчас продаётся { $shown } услуга.
    [few] ✅ «{ $label }» считается как { $type }. Сейчас продаются { $shown } услуги.
   *[other] ✅ «{ $label }» считается как { $type }. Сейчас продаётся { $shown } услуг.
}
field-link = ссылка
field-quantity = количество
field-comments = комментарии
field-keywords = ключевые слова
field-usernames = имена пользователей
field-hashtags = хештеги
field-groups = группы
field-username = имя пользователя
field-hashtag = хештег
field-media = публикация
field-answer_number = ответ
field-min = наименьшее
field-max = наибольшее
field-delay = задержка
field-country = страна
field-device = устройство
field-type_of_traffic = источник

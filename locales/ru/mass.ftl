# Массовые заказы: много строк сразу.

mass-start =
    🗂 <b>Много заказов сразу</b>

    Пришлите по строке на каждый заказ: номер услуги, ссылка, количество. Номер – это 🆔 на карточке услуги.
    <code>24 | https://example.com/page | 1000
    27 | https://example.com/other | 2.5k
    7 | https://example.com/third</code>

    Или пришлите файл .csv или .txt с такими строками. До { $most } строк за раз; все цены вы увидите до заказа.
mass-title = 🧾 <b>Всё верно?</b>
mass-lines-title = 🗂 <b>Массовый заказ #{ $id }</b>: строки
mass-changed = ❗️ <b>С тех пор, как вы смотрели, кое-что изменилось.</b> Ничего не заказано; проверьте, пожалуйста, ещё раз.
mass-line = { $number }. <b>{ $service }</b> · { $quantity } · { $price }
mass-line-was = { " " }❗️ <s>{ $was }</s>
mass-line-link = 🔗 { $link }
mass-line-repeats = 🔁 Те же услуга и ссылка, что в строке { $earlier }
mass-line-order = <b>#{ $id }</b> { $state }
mass-line-bad =
    { $number }. <s>{ $text }</s>
    { $problem }
mass-good = ✅ Годных строк: { $good } · с ошибкой: { $bad }
mass-repeats = 🔁 Строк-повторов: { $repeats }
mass-overlaps = ⚠️ Строк, по ссылке которых уже выполняется заказ: { $lines }. Когда два заказа накладываются, доставлено может быть меньше, и деньги за это не возвращаются.
mass-total = 💵 Всего: <b>{ $price }</b>
mass-line-unclear = Здесь нужно <code>услуга | ссылка | количество</code>, через <code>|</code>.
mass-line-no-service = Услуги { $id } в продаже нет.
mass-line-needs-more = Этой услуге мало ссылки и количества: закажите её отдельно.
mass-line-package = Это пакет: количество не нужно.
mass-line-too-dear = Столько за один раз заказать нельзя.
mass-line-changed = Цена тем временем изменилась с { $was } на { $now }, поэтому не заказано.

mass-nothing = Не вижу строк вида <code>24 | https://example.com/page | 1000</code>.
mass-too-many = Строк здесь { $got }, а за раз можно не больше { $most }. Пришлите, пожалуйста, по частям.
mass-none-good = Ни одну из этих строк заказать нельзя. Исправьте их, пожалуйста, и пришлите снова.
file-not-table = Я читаю только файлы .csv и .txt в UTF-8, до { $most } кБ. В таблице выберите «CSV UTF-8» при сохранении.

mass-progress-title = 🗂 <b>Массовый заказ #{ $id }</b>
mass-placing = Оформлено { $done } из { $whole }
mass-placed = Готово { $done } из { $whole }
mass-none-placed = Ничего не заказано.
mass-count = { $state }: { $count }
mass-spent = 💵 Потрачено: { $amount }
mass-not-ordered = ⚠️ Незаказанных строк: { $bad }
mass-done = 🏁 <b>Массовый заказ #{ $id } завершён.</b>
mass-canceled = Строки убраны. Ничего не заказано.
mass-too-late = Заказ уже подтверждён и выполняется.
error-mass-gone = Этих строк больше нет. Пришлите их, пожалуйста, ещё раз.

button-mass = Массовый заказ
button-mass-anew = Прислать снова
button-mass-confirm = Подтвердить { $count }
button-mass-shown = Массовый заказ #{ $id }
button-mass-progress = Показать заказ
button-mass-lines = Все строки
command-mass = Много заказов сразу

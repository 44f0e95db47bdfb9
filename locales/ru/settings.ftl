# О чём и когда сообщать, и сводка за день.

settings = ⚙️ <b>Настройки</b>
settings-pushes-ends = 🔔 Сообщаю только об итогах.
settings-pushes-all = 🔔 Сообщаю о каждом изменении заказов.
settings-pushes-digest = 🔔 Сообщаю всё за день один раз, в { $hour }.
settings-quiet-on = 🌙 Не беспокою с { $start } до { $end }.
settings-quiet-off = 🌙 Тихих часов нет.
settings-clock = 🕓 У вас сейчас { $time }.
settings-clock-unknown = 🕓 Ваших часов я пока не знаю, поэтому считаю по UTC: { $time }.
settings-pushes =
    🔔 <b>О чём вам сообщать?</b>

    Карточки заказов всегда обновляются сами и без звука. Здесь – о сообщениях со звуком.
    <b>Только об итогах</b>: выполнен, выполнен частично, отменён, не принят, проверяется; возврат денег, неполадки.
    <b>О каждом изменении</b>: ещё и принят, готовится, выполняется.
settings-quiet =
    🌙 <b>Когда вас не беспокоить?</b>

    О том, что случится в эти часы, расскажу сразу после них.
settings-digest = 🗞 <b>Когда рассказать о вашем дне?</b>
clock-ask =
    <b>Который у вас час?</b>
    Выберите или напишите, например <code>21:40</code>.
clock-needed = Для этого мне нужно знать, который у вас час.
clock-bad =
    Не могу прочитать это как время.
    Выберите или напишите так: <code>21:40</code>. <b>Назад</b> – оставить как было.

button-settings = Настройки
button-pushes = О чём сообщать
button-pushes-ends = Только об итогах
button-pushes-all = О каждом изменении
button-pushes-digest = Раз в день
button-digest-hour = Когда сообщать о моём дне
button-quiet = Тихие часы
button-quiet-off = Без тихих часов
button-clock = Часы

digest = 🗞 <b>Ваш день</b> · { $count ->
    [one] { $count } новость
    [few] { $count } новости
   *[other] { $count } новостей
}
digest-now = 📬 <b>Новости</b> · { $count ->
    [one] { $count } заказ
    [few] { $count } заказа
   *[other] { $count } заказов
}
digest-line = { $state } <b>#{ $id }</b> { $service }
digest-more = … и ещё { $count }.

command-settings = О чём и когда сообщать

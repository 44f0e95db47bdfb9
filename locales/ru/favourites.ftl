# Избранное и заготовки.

favourites = ⭐️ <b>Ваше избранное</b>
favourites-empty =
    ⭐️ Здесь пока пусто.

    Нажмите ☆ на карточке услуги, чтобы сохранить услугу, или <b>В заготовки</b> на карточке заказа – сохранится и количество.
favourite-line = { $number }. <b>{ $name }</b> · { $price }
favourite-gone = { $number }. <s>{ $name }</s> · больше не продаётся
favourite-added = ⭐️ Добавлено в избранное.
favourite-removed = Убрано из избранного.
preset-line =
    { $number }. 🔖 <b>{ $name }</b> · { $quantity } · { $price }
    { $service }
preset-gone = { $number }. 🔖 <s>{ $name }</s> · больше не продаётся
preset-ask =
    🔖 Как назвать заготовку?
    { $service }

    Нажмите на готовое название или напишите своё, до { $most } символов.
preset-saved = 🔖 Сохранено: { $name }
preset-removed = Заготовка удалена.
preset-not-saved = Заготовка не сохранена.
preset-bad-name = Нужно название от 1 до { $most } символов, например <code>Каждую неделю</code>.
preset-too-many = Заготовок уже { $most }, больше нельзя. Сначала удалите какую-нибудь: /favourites
error-preset-gone = Этой заготовки больше нет.

button-favourites = Избранное
button-favourite-add = ☆ В избранное
button-favourite-remove = ★ В избранном
button-favourite-drop = ✖ Убрать { $number }
button-preset-save = В заготовки
button-preset-drop = ✖ { $number }
command-favourites = Избранное и заготовки

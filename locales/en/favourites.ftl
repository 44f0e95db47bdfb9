# Favourites and presets.

favourites = ⭐️ <b>Your favourites</b>
favourites-empty =
    ⭐️ Nothing here yet.

    Press ☆ on a service's card to keep the service, or <b>Save as preset</b> on an order's card to keep it with its quantity.
favourite-line = { $number }. <b>{ $name }</b> · { $price }
favourite-gone = { $number }. <s>{ $name }</s> · no longer sold
favourite-added = ⭐️ Kept among your favourites.
favourite-removed = Removed from your favourites.
preset-line =
    { $number }. 🔖 <b>{ $name }</b> · { $quantity } · { $price }
    { $service }
preset-gone = { $number }. 🔖 <s>{ $name }</s> · no longer sold
preset-ask =
    🔖 What shall the preset be called?
    { $service }

    Take the name below, or write one of your own, up to { $most } characters.
preset-saved = 🔖 Saved: { $name }
preset-removed = The preset is removed.
preset-not-saved = No preset was saved.
preset-bad-name = I need a name of 1 to { $most } characters, for example <code>Weekly boost</code>.
preset-too-many = You have { $most } presets, which is the most. Please remove one first: /favourites
error-preset-gone = This preset is not there any more.

button-favourites = Favourites
button-favourite-add = ☆ Keep
button-favourite-remove = ★ Kept
button-favourite-drop = ✖ Remove { $number }
button-preset-save = Save as preset
button-preset-drop = ✖ { $number }
command-favourites = Favourites and presets

# Заказы по частям и подписки: их карточки и заказы, которые делает из них поставщик.

state-active = Активна
state-paused = Приостановлена поставщиком
state-expired = Завершена: срок истёк
push-active = 🔔 Подписка <b>#{ $id }</b> активна: { $service }

button-runs = Запуски · { $count }
button-posts-made = Заказы подписки · { $count }

parts-plan = 💧 { $runs } × { $quantity }, промежуток { $interval }
parts-runs-short = { $quantity } · 💧 { $made }/{ $runs }
parts-posts-short = 📬 { $made }/{ $posts }
parts-runs-done = 💧 Выполнено запусков: { $done } из { $runs }
parts-next-run = Следующий запуск примерно { $at }
parts-ends = Закончится примерно { $at }

parts-posts-done = 📬 Публикаций: { $made } из { $posts }
parts-used = 💵 Израсходовано { $used } из { $price }
parts-rest-comes-back = Что не израсходуется, вернётся в конце.
parts-username = 👤 { $username }
parts-each-post = 🔢 { $count ->
    [one] { $shown } публикация, { $limits } на каждую
    [few] { $shown } публикации, { $limits } на каждую
   *[many] { $shown } публикаций, { $limits } на каждую
}
parts-old-posts = 🗂 { $count ->
    [one] { $shown } публикация уже была
    [few] { $shown } публикации уже были
   *[many] { $shown } публикаций уже были
}
parts-delay = ⏱ Начинается через { $delay } после публикации
parts-no-delay = ⏱ Начинается сразу после публикации
parts-expiry = 📅 До { $date }
parts-price = 💵 Не более { $price }

parts-title-runs =
    <b>Запуски заказа #{ $id }</b> – { $state }
    Каждый запуск – отдельный заказ у поставщика.
parts-title-posts =
    <b>Заказы подписки #{ $id }</b> – { $state }
    По одному на публикацию, их делает поставщик.
parts-line = <b>{ $number }.</b> { $state } · <code>{ $id }</code> · { $at }
parts-remains = Осталось { $remains }
parts-just-made = Только что создан
parts-no-runs-yet = 💧 Запусков пока не было. Первый появится здесь, как только поставщик его начнёт.
parts-no-posts-yet = 📬 Публикаций пока не было. Как только появится новая, заказ для неё будет здесь.
parts-none-made = Из этого заказа ничего не получилось.

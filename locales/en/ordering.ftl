# The catalogue, the questions of an order, and its summary.

categories =
    <b>What would you like to order?</b>
    { $count ->
        [one] There is one category.
       *[other] { $count } categories to choose from.
    }
    Or write what you are looking for.
found = { $count ->
    [one] 🔍 { $shown } service found
   *[other] 🔍 { $shown } services found
}
found-more = Not there? Write more words, or others.
catalog-empty =
    The catalogue is still empty. It is fetched from the provider at the start; please look again in a minute.
services = <b>{ $category }</b>
services-empty = There is nothing in this category any more.
services-line =
    { $number }. <b>{ $name }</b>
    { $price }{ $limits }
services-line-coming = { $number }. { $name } · <i>coming</i>
price-per-thousand = { $amount } per 1,000
price-package = { $amount } per package
limits-from = from { $least }
limits-package = one package

service-title =
    <b>{ $name }</b>
    { $category }
service-description = <blockquote expandable>{ $description }</blockquote>
service-price = 💵 { $price }
service-limits = 📏 { $limits }
service-refill-yes = ♻️ Refill possible
service-refill-no = ♻️ No refill
service-cancel-yes = ↩️ Can be canceled
service-cancel-no = ✖️ Can't be canceled
service-dripfeed = 💧 Can be delivered in parts
service-id = 🆔 <code>{ $id }</code>
service-coming = 🔜 This kind of service is coming. It can't be ordered yet.
service-type-unknown = 🔧 Type “{ $type }” is unknown, so customers don't see this service.

ask-link =
    <b>{ $service }</b>

    🔗 Send me the link, for example
    <code>{ $example }</code>
ask-quantity =
    <b>{ $service }</b>

    🔢 How many? { $limits }
    { $price } per 1,000. Choose, or type a number.
ask-comments =
    <b>{ $service }</b>

    💬 Send the comments, one per line, or a .txt file.
    { $limits } lines, { $price } each.
ask-runs =
    💧 { $quantity } for { $price }. Shall it come in parts?

    Choose how many times { $quantity } shall be delivered, type a number, or press <b>Skip</b>.
ask-interval =
    ⏱ { $runs } × { $quantity } for { $price }.

    How long between the parts? Choose, or type the minutes.
minutes = { $count } min
hours = { $count } h
days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

summary =
    🧾 <b>Is this right?</b>

    <b>{ $service }</b>
    🔗 { $link }
summary-package = 📦 One package
summary-quantity = 🔢 { $quantity }
summary-runs = 💧 { $runs } parts of { $quantity }, every { $interval }
summary-comments = 💬 { $count ->
    [one] One comment: “{ $sample }”
   *[other] { $shown } comments, the first: “{ $sample }”
}
summary-price = 💵 <b>{ $price }</b>
summary-price-changed = 💵 <b>{ $price }</b> ❗️ <s>{ $old }</s>
summary-limits-changed = 📏 { $limits } ❗️
summary-changed = ❗️ <b>Something has changed since you looked.</b> Nothing was ordered; please check again.
summary-wallet = 👛 Wallet: { $before } → { $after }
summary-too-little =
    👛 Wallet: { $before }
    You are { $missing } short. Top up first, then press <b>Confirm</b>.
summary-house = 🏠 Paid by the house.

bad-link = I can't read that as a link.
bad-quantity = I need a whole number, for example <code>1000</code> or <code>1k</code>.
quantity-too-small = { $got } is too few: the least is { $least }.
quantity-too-large = { $got } is too many: the most is { $most }.
bad-comments = I need the comments as text, one per line, or as a .txt file, for example:
    <code>Great!
    Love it</code>
comment-too-long = Line { $line } is too long: at most { $most } characters, please.
comments-too-small = That makes { $got }, but the least is { $least }. Please send all of them again.
comments-too-large = That makes { $got }, but the most is { $most }. Please send all of them again.
bad-runs = I need a number of parts from { $least } to { $most }, for example <code>5</code>.
runs-too-large = That would make { $got } in all, but the most is { $most }.
runs-too-small = That would make { $got } in all, but the least is { $least }.
bad-interval = I need the minutes between the parts, from { $least } to { $most }, for example <code>60</code>.
not-a-text = Please send it as text.
file-not-text = I can read only .txt files in UTF-8, up to { $most } kB.

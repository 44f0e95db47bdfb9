# Mass orders: many lines at once.

mass-start =
    🗂 <b>Many orders at once</b>

    Send me a line for each order: the service's number, the link, how many. The number is the 🆔 on every service's card.
    <code>24 | https://example.com/page | 1000
    27 | https://example.com/other | 2.5k
    7 | https://example.com/third</code>

    Or send a .csv or .txt file with such lines. Up to { $most } lines in one go; you see every price before anything is ordered.
mass-title = 🧾 <b>Is this right?</b>
mass-lines-title = 🗂 <b>Mass order #{ $id }</b>: its lines
mass-changed = ❗️ <b>Something has changed since you looked.</b> Nothing was ordered; please check again.
mass-line = { $number }. <b>{ $service }</b> · { $quantity } · { $price }
mass-line-was = { " " }❗️ <s>{ $was }</s>
mass-line-link = 🔗 { $link }
mass-line-repeats = 🔁 The same service and link as line { $earlier }
mass-line-order = <b>#{ $id }</b> { $state }
mass-line-bad =
    { $number }. <s>{ $text }</s>
    { $problem }
mass-good = ✅ Good lines: { $good } · with a problem: { $bad }
mass-repeats = 🔁 Lines that repeat an earlier one: { $repeats }
mass-overlaps = ⚠️ Lines whose link has an order in work already: { $lines }. Where two overlap, less may be delivered and nothing is given back for it.
mass-total = 💵 Total: <b>{ $price }</b>
mass-line-unclear = I need <code>service | link | quantity</code> here, parted by <code>|</code>.
mass-line-no-service = There is no service { $id } for sale here.
mass-line-needs-more = This service needs more than a link and a quantity: order it singly.
mass-line-package = This is a package: leave the quantity out.
mass-line-too-dear = That is more than can be ordered at once.
mass-line-changed = The price went from { $was } to { $now } in between, so it was not ordered.

mass-nothing = I found no lines like <code>24 | https://example.com/page | 1000</code> there.
mass-too-many = These are { $got } lines, but { $most } is the most in one go. Please send them in parts.
mass-none-good = None of these lines can be ordered. Please correct them and send them again.
file-not-table = I can read only .csv and .txt files in UTF-8, up to { $most } kB. In a spreadsheet, choose “CSV UTF-8” to save it.

mass-progress-title = 🗂 <b>Mass order #{ $id }</b>
mass-placing = Placed { $done } of { $whole }
mass-placed = Done { $done } of { $whole }
mass-none-placed = Nothing was ordered.
mass-count = { $state }: { $count }
mass-spent = 💵 Spent: { $amount }
mass-not-ordered = ⚠️ Lines that were not ordered: { $bad }
mass-done = 🏁 <b>Mass order #{ $id } is done.</b>
mass-canceled = The lines are thrown away. Nothing was ordered.
mass-too-late = It is confirmed already: its orders are on their way.
error-mass-gone = These lines are not there any more. Please send them again.

button-mass = Mass order
button-mass-anew = Send again
button-mass-confirm = Confirm { $count }
button-mass-shown = Mass order #{ $id }
button-mass-progress = Show mass order
button-mass-lines = All lines
command-mass = Many orders at once

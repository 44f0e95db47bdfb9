# Orders without an answer and stuck ones: what admins see of them, and decide.

command-triage = Orders without an answer

triage =
    🔎 <b>{ $count ->
        [one] { $shown } order waits for your verdict.
       *[other] { $shown } orders wait for your verdict.
    }</b>
    Look for each in the provider's list of orders. <code>/triage 12</code> shows one with all that is known.
triage-questions =
    ❓ <b>The shop waits for an answer of yours.</b>
    The buttons show what is asked.
question-settled = ✅ This is settled already.
triage-empty =
    ✅ <b>Nothing to decide.</b>
    Every order has an answer, and none is stuck. <code>/triage 12</code> shows any order with what is known of it.
triage-no-number = “{ $text }” is no order number. Like this: <code>/triage 12</code>
triage-no-order = I don't know an order #{ $id }.
triage-not-open = Order #{ $id } needs no verdict any more. See /triage { $id }.

triage-order = <b>Order <code>#{ $id }</code></b> – { $state }
triage-why-unknown = No definite answer since { $since }. It is never sent again.
triage-why-missing = The provider has not known its ID <code>{ $id }</code> since { $since }.
triage-why-failed = The provider has reported a failure since { $since }.
triage-why-quiet = Nothing has changed since { $since }, which is much longer than usual.
triage-nothing = It needs no verdict.
triage-what =
    { $service } · { $quantity }
    🔗 { $link }
triage-whose = user <code>{ $user }</code> · { $price }
triage-provider-id = Provider's ID: <code>{ $id }</code>

evidence-lost = 📭 The answer got lost: { $said }
evidence-balance-for = 💰 <b>The balance says yes:</b> { $before } → { $after }, expected { $expected }
evidence-balance-against = 💰 The balance says no: it stayed at { $after }, expected charge { $expected }
evidence-balance-silent = 💰 The balance says nothing: { $before } → { $after }, expected { $expected }
evidence-busy-link = 🔗 <b>The link is busy:</b> order #{ $order } was refused because of it
evidence-gap-nothing = 🔢 The IDs around it can't be searched: no order of ours before or after it has an ID
evidence-gap-words = 🔢 The IDs around it can't be searched: the provider's IDs are no numbers
evidence-gap-disorder = 🔢 The IDs around it can't be searched: the provider's IDs don't grow with time
evidence-gap-none = 🔢 The IDs around it have not been asked for yet
evidence-gap-all = 🔢 Between { $last } and { $first }: all { $asked } IDs asked, ours and unknown to us: { $ours }
evidence-gap-some = 🔢 Between { $last } and { $first }: { $asked } IDs asked so far, ours and unknown to us: { $ours }
evidence-candidate-fits = 🎯 <b>ID <code>{ $id }</code> is ours and fits:</b> { $facts }
evidence-candidate = ❔ ID <code>{ $id }</code> is ours, but { $why }: { $facts }
evidence-late-id = 📬 <b>The answer came after all, too late:</b> ID <code>{ $id }</code>
evidence-late = 📬 The answer came after all, too late: { $said }
evidence-checked-fits = 🔍 { $who } asked about <code>{ $id }</code>: { $facts }
evidence-checked = 🔍 { $who } asked about <code>{ $id }</code>: { $why }
evidence-missing = 🚫 The provider does not know ID <code>{ $id }</code>: { $said }
evidence-exists = ✅ <b>{ $who }: it exists</b>, as <code>{ $id }</code>
evidence-exists-not = ✖️ <b>{ $who }: it does not exist</b>
evidence-found = ✅ <b>Found by itself</b> as <code>{ $id }</code>
evidence-charge = charge { $amount }
evidence-remains = remains { $count }

misfit-charge = its charge is another one
misfit-remains = its remains don't fit the quantity
misfit-parts = its runs or posts don't fit
misfit-silent = nothing that it says tells
misfit-strange = the provider does not know it
misfit-no-answer = the provider gave no answer
misfit-elsewhere = it is at a former provider account, where nobody asks
misfit-taken = it belongs to order #{ $order }

triage-ask-id =
    <b>Order #{ $id } exists?</b>
    Send me its ID at the provider. You find it in the provider's list of orders, by the same link and quantity.
triage-ask-other =
    <b>Order #{ $id } exists?</b>
    Have its ID <code>{ $known }</code> asked for again, or send me another one that the provider has for it.
triage-id-none = That is no ID. It is a word such as <code>23501</code>.
triage-id-words = That is more than one word. Please send the ID alone, such as <code>23501</code>.
triage-id-long = That is too long for an ID. It is a word such as <code>23501</code>.
triage-asking = ⏳ Asking the provider about <code>{ $id }</code> … The answer comes as a message.

checked = 🔍 <b>Order #{ $order } as <code>{ $id }</code></b>
checked-says = The provider says: { $facts }
checked-said = “{ $text }”
checked-ordered =
    Ordered: { $what }
    Expected charge: { $cost }
checked-silent = Nothing in this confirms that it is the same order. Compare link and quantity at the provider first.
checked-sure = Is it this one? Then the order goes on under this ID.
checked-refused = ✖️ It can't be this one: { $why }.
checked-unasked = 📡 I could not find out: { $why }. Nothing has changed.
checked-settled = Order #{ $id } needs no ID any more: it was settled meanwhile.
triage-check-old = This answer of the provider is too old by now. Please have the ID asked for again.

triage-sure = <b>Order #{ $id } does not exist at the provider?</b>
triage-speaks =
    ⚠️ <b>This speaks for it:</b>
    { $lines }
triage-refund = { $amount } goes back to user <code>{ $user }</code>, who is told.
triage-refund-none = No money moves here.
triage-ends = The order ends as not accepted.
triage-ends-completed = The order ends as completed, whatever the provider says of it later.
triage-ends-partial = The order ends as delivered in part, whatever the provider says of it later.
triage-ends-canceled = The order ends as canceled, whatever the provider says of it later.
triage-loss = If it turns up at the provider after all, that is the shop's loss.
triage-news = Something new was found out meanwhile. Please look again.

triage-goes-on = ✅ Order #{ $id } goes on as { $provider }.
triage-ended = Order #{ $id } is ended.
triage-moved-on = Order #{ $id } has moved on by itself: { $state }
triage-found-already = Order #{ $id } was found by itself, as { $provider }.
triage-decided-exists = Decided already by { $who }: order #{ $id } exists, as { $provider }.
triage-decided-not = Decided already by { $who }: order #{ $id } does not exist.
triage-you = you

order-refunded-settled = ↩️ Given back: { $amount } — we ended it

admin-stuck-order =
    🐌 <b>Order #{ $id } is stuck.</b>
    { $why }
    { $what }

button-triage = Decide
button-question-held = ⏸ Orders are not sent
button-question-currency = 💱 The provider's currency
button-question-numbers = 🔢 The provider's numbers
button-question-rates = 📈 Rates that have jumped
button-triage-all = All that wait
button-it-exists = It exists
button-it-does-not = It doesn't
button-check-id = Ask about { $id }
button-other-id = Another ID
button-this-one = Yes, it is this one
button-not-sure-refund = Yes, it doesn't exist: refund
button-not-sure = Yes, it doesn't exist
button-try-again = Try again

# Refunds that need an admin's word, and refunds that are taken back.

triage-why-unclear = It has ended, and what the provider says does not tell how much was delivered. Waiting since { $since }.
triage-or-part = Was a part of it delivered? Then say below how much was not: only that is given back.

undelivered-portion = { $part } of { $of }
undelivered-ask-units =
    <b>Order #{ $id }: how many of { $quantity } were not delivered in all?</b>
    Send the number, or a percentage such as <code>25 %</code>.
undelivered-portion-none = That is no number. Send one such as <code>40</code>, or a percentage such as <code>25 %</code>.
undelivered-portion-many = That is more than the order has: { $most }. Send a number up to that.
undelivered-portion-percent = More than { $most } % can't be undelivered. Send a smaller percentage.
undelivered-sure = <b>Order #{ $id }: not delivered was { $portion }. Is that right?</b>
undelivered-before = Given back before: { $amount }
undelivered-now-nothing = Nothing more is given back now.
undelivered-now-house = { $amount } is noted as given back to the house. No wallet moves.
undelivered-later-counts = If the provider names more later, only the difference comes on top.
undelivered-booked = ✅ Order #{ $id }: { $amount } given back.
undelivered-booked-nothing = ✅ Order #{ $id }: nothing more is given back.
undelivered-decided = Decided already by { $who }: order #{ $id }, not delivered { $portion }.
undelivered-decided-taken = { $who }: { $amount } was taken back already for order #{ $id }.
undelivered-no-question = Order #{ $id } needs no answer about its refund now: { $state }

evidence-unclear = 🟡 How much was delivered is unclear: { $facts }
evidence-refund = 💵 <b>{ $who }: not delivered { $portion }</b>, given back { $amount }
evidence-taken-back = 🔁 <b>{ $who }: { $amount } taken back</b>
evidence-ended = ✖️ <b>{ $who }: ended</b>, not delivered { $portion }
evidence-runs = runs { $count }
evidence-posts = posts { $count }
evidence-foreign = charge in { $currency }, which doesn't count

take-back-sure =
    <b>Take { $amount } back for order #{ $id }?</b>
    It is now: { $state }. The money leaves the wallet of user <code>{ $user }</code>, who is told. A wallet never goes below zero for it: what it doesn't hold stays with the customer for now.
take-back-sure-house =
    <b>Take { $amount } back for order #{ $id }?</b>
    It is now: { $state }. No wallet moves: the house's count of what came back becomes less.
take-back-empty = The wallet has nothing to take { $amount } from. Nothing was moved; this button works again once there is money.
take-back-done = ✅ { $amount } taken back.
take-back-parked = { $amount } taken back. The wallet has no more; { $left } is still open. Press again once there is money.
push-taken-back =
    🔁 Order <b>#{ $id }</b> did not end early after all: { $service }
    We had given you { $amount } back for it, so that amount was taken out of your wallet again. Questions? /support
entry-order-taken-again = order #{ $id }: delivered after all

stop-sure =
    <b>Ask the provider to stop order #{ $id }?</b>
    { $service }
    It belongs to user <code>{ $user }</code>. That is a request and no promise. What was not used comes back to them by itself.
stop-asked = I am asking the provider to stop order #{ $id }.

admin-refund-stands =
    🔁 <b>Order #{ $id } came back: { $state }.</b>
    { $amount } was given back for it to user <code>{ $user }</code> when it had ended early, and stays there. You can take it back.
admin-beyond-hold =
    📈 <b>Subscription #{ $id } costs more than its price was made from.</b>
    { $service }
    { $posts } posts have cost { $charged } at the provider; expected for all of them: { $cost }. The customer has paid { $price }, and pays no more. The rate has risen since; you can have it stopped.
admin-charge-currency = 💱 The provider names a charge in { $currency }, your account there counts in another currency (first seen on order #{ $order }). Such charges don't count: they are not booked as a cost, and decide no refund.

button-undelivered-nothing = Nothing
button-undelivered-units = A part …
button-undelivered-all = All of it
button-undelivered-remains = What remains: { $remains } of { $quantity }
button-undelivered-sure = Yes, book it
button-take-back = Take it back
button-take-back-sure = Yes, take it back
button-stop = Stop it
button-stop-sure = Yes, ask to stop it

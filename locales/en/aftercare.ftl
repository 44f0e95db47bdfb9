# Refills, cancellations, the same for many orders at once, and warranties.

button-refill = ♻️ Refill
button-cancel-order = Cancel order
button-cancel-yes = Yes, cancel it
button-cancel-no = No, keep it
button-warranty = ♻️ Warranty
button-by-words = What the service says: { $days }

refill-waiting = ♻️ Refill asked for …
refill-accepted = ♻️ <b>Refill accepted</b>, it starts soon.
refill-in_progress = ♻️ <b>Being refilled</b>
refill-completed = ♻️ Refilled { $at }
refill-rejected = ✖️ The provider rejected the refill { $at }.
refill-canceled = ✖️ The provider canceled the refill { $at }.
refill-failed = ✖️ The refill did not work, said the provider { $at }.
refill-refused = ✖️ The provider did not accept the refill { $at }.
refill-unsupported = ✖️ This provider does not offer refills.
refill-unknown = 🔎 The provider's answer to the refill got lost { $at }. It may be under way.
refill-possible = ♻️ Refill possible
refill-until = ♻️ Refill possible until { $at }
refill-when-too-early = ♻️ Refill possible { $at }
refill-when-again-later = ♻️ It may be tried again { $at }
refill-when-over = ♻️ The warranty ended on { $at }

cancel-waiting = ↩️ Asking the provider to cancel …
cancel-accepted = ↩️ <b>Cancellation requested.</b> The provider decides; until then the order goes on.
cancel-refused = ✖️ The provider did not accept the cancellation { $at }.
cancel-unsupported = ✖️ This provider does not cancel orders.
cancel-rejected = ✖️ The cancellation came too late.
cancel-unknown = ↩️ <b>Cancellation requested</b>, but the provider has not confirmed it.
cancel-when-again-later = ↩️ It may be requested again { $at }

cancel-ask =
    ↩️ <b>Cancel order #{ $id }?</b>
    { $service }

    I ask the provider to stop. That is a request and not a promise: the order may go on. What is not delivered is given back.
cancel-ask-queued =
    ↩️ <b>Cancel order #{ $id }?</b>
    { $service }

    It has not been sent to the provider yet, so it is canceled at once and the whole price is given back.

refill-asked = ♻️ I am asking the provider for a refill.
cancel-asked = ↩️ I am asking the provider to cancel.
cancel-taken-back = ↩️ Canceled. Nothing had been sent to the provider.

refill-no-not-offered = There is no refill for this service.
refill-no-parent = Orders in parts and subscriptions can't be refilled.
refill-no-not-completed = A refill is possible once the order is completed.
refill-no-too-early = It is too early for a refill. The order's card says from when.
refill-no-over = The warranty is over, so a refill is no longer possible.
refill-no-open = A refill is already under way.
refill-no-again-later = It is too early for another refill. The order's card says from when.
cancel-no-not-offered = This service can't be canceled.
cancel-no-open = The cancellation is already requested.
cancel-no-again-later = It is too early to ask again. The order's card says from when.
cancel-no-ended = This order is over, so there is nothing to cancel.
cancel-no-being-sent = The order is being sent to the provider right now. Please try again in a minute.
cancel-no-being-checked = The order is being checked at the moment, so it can't be canceled yet.

push-refill-completed = ♻️ Order <b>#{ $id }</b> was refilled: { $service }
push-refill-rejected = ✖️ The provider rejected the refill of order <b>#{ $id }</b>: { $service }
push-refill-canceled = ✖️ The provider canceled the refill of order <b>#{ $id }</b>: { $service }
push-refill-failed = ✖️ The refill of order <b>#{ $id }</b> did not work: { $service }
push-refill-refused = ✖️ The provider did not accept the refill of order <b>#{ $id }</b>: { $service }
push-refill-unsupported = ✖️ Order <b>#{ $id }</b> can't be refilled: this provider does not offer refills. { $service }
push-refill-unknown = 🔎 The provider's answer to the refill of order <b>#{ $id }</b> got lost: { $service }. It may be under way, so I don't ask again by myself.
push-cancel-refused = ✖️ The provider did not accept the cancellation of order <b>#{ $id }</b>: { $service }
push-cancel-unsupported = ✖️ Order <b>#{ $id }</b> can't be canceled: this provider does not cancel orders. { $service }
push-cancel-unknown = ↩️ The cancellation of order <b>#{ $id }</b> is requested, but the provider has not confirmed it: { $service }
push-again = It may be tried again { $at }.
refills-ended =
    ♻️ <b>The refills of your list are over.</b>
    { $results }
refills-completed = ✅ refilled: { $count }
refills-rejected = ✖️ rejected: { $count }
refills-canceled = ✖️ canceled: { $count }
refills-failed = ✖️ failed: { $count }
refills-unknown = 🔎 without an answer: { $count }

list-usage-refill =
    ♻️ Write the numbers of your orders, up to 500 at once:
    <code>/refill 12 15 19</code>
list-usage-cancel =
    ↩️ Write the numbers of your orders, up to 500 at once:
    <code>/cancel_orders 12 15 19</code>
    It asks the provider to stop them. That is a request and not a promise.
list-usage-status =
    🔎 Write the numbers of your orders, up to 500 at once:
    <code>/status 12 15 19</code>
list-title-refill = ♻️ <b>Refills</b>
list-title-cancel = ↩️ <b>Cancellations</b>
list-title-status = 🔎 <b>Orders</b>
list-refill-waiting = ⏳ asked
list-refill-accepted = ✅ accepted
list-refill-in_progress = ♻️ being refilled
list-refill-completed = ✅ refilled
list-refill-rejected = ✖️ rejected
list-refill-canceled = ✖️ canceled
list-refill-failed = ✖️ did not work
list-refill-refused = ✖️ not accepted
list-refill-unsupported = ✖️ no refills here
list-refill-unknown = 🔎 answer lost
list-cancel-waiting = ⏳ asked
list-cancel-accepted = ↩️ requested
list-cancel-completed = ✅ canceled
list-cancel-rejected = ✖️ too late
list-cancel-refused = ✖️ not accepted
list-cancel-unsupported = ✖️ no cancel here
list-cancel-unknown = 🔎 not confirmed
list-taken-back = ✅ canceled at once
list-no-no-order = ❔ no such order
list-no-not-offered = ✖️ not offered
list-no-parent = ✖️ in parts
list-no-not-completed = 🕓 not completed
list-no-too-early = 🕓 too early
list-no-over = ✖️ warranty over
list-no-open = ⏳ under way
list-no-again-later = 🕓 again later
list-no-ended = ✖️ already over
list-no-being-sent = 🕓 being sent
list-no-being-checked = 🔎 being checked
error-too-many-numbers = That is too much for one answer. Please send at most { $most } order numbers at once, or fewer if they are long.

service-refill-days = ♻️ Refill for { $count ->
    [one] 1 day
   *[other] { $count } days
}
service-refill-forever = ♻️ Lifetime refill
warranty-choose =
    ♻️ <b>For how long is this refilled?</b>
    { $service }

    Its own words say: { $days }
warranty-not-said = nothing
warranty-none = none
warranty-forever = lifetime
warranty-set = Saved. Orders follow it from now on.

help-aftercare =
    /refill <code>12 15 19</code> – refill orders
    /status <code>12 15 19</code> – where orders are
    /cancel_orders <code>12 15 19</code> – ask for orders to be canceled
command-refill = Refill orders by their numbers
command-status = Where orders are, by their numbers
command-cancel_orders = Cancel orders by their numbers

# Orders, wallet, and what customers are told unasked.

state-queued = Queued
state-submitting = Queued
state-unknown = Being checked
state-pending = Accepted
state-processing = Processing
state-in_progress = In progress
state-completed = Completed
state-partial = Partly delivered
state-canceled = Canceled
state-failed = Being looked at
state-rejected = Not accepted

orders = <b>My orders</b>
orders-line =
    <b>#{ $id }</b> { $state }
    { $service }
    { $quantity } · { $price } · { $at }
orders-empty = 📦 You have no orders yet. The first one is only a minute away.
orders-none-here = 📦 Nothing here at the moment.
filter-in-work = In work · { $count }
filter-done = Done · { $count }

order-title = <b>Order <code>#{ $id }</code></b> – { $state }
order-service = <b>{ $service }</b>
order-link = 🔗 { $link }
order-quantity = 🔢 { $quantity }
order-price = 💵 { $price }
order-refunded = ↩️ Given back: { $amount }
order-refunded-partial = ↩️ Given back: { $amount } — not delivered: { $missing } of { $quantity }
order-refunded-rest = ↩️ Given back: { $amount } — for what was not delivered
order-refunded-canceled = ↩️ Given back: { $amount } — canceled by the provider
order-refunded-taken-back = ↩️ Given back: { $amount } — taken back before it was sent
order-refunded-rejected = ↩️ Given back: { $amount } — not accepted
order-refunded-before = ↩️ Given back: { $amount } — when it had ended early; it is yours
order-provider-id = 🆔 Provider's ID: <code>{ $id }</code>
order-times = Placed { $placed } · changed { $changed }
order-start-count = Start count { $count }
order-delivered = Delivered { $delivered } · remains { $remains }
order-being-checked = The provider's answer got lost, so we are checking whether the order has arrived. Your money is held safely; you don't need to do anything.
order-failed = The provider reports a problem. We are looking at it.
waiting-busy-link = Another order for this link is still running. This one starts right after it.
waiting-behind = Another order for this link goes first. This one is sent right after it.
waiting-turn = The order waits for its turn at the provider. You don't need to do anything.

rejected-link = The provider can't use this link. Please check that the page is public and the link is right.
rejected-quantity = The provider does not deliver this quantity at the moment.
rejected-bad-service = This service has just become unavailable.
rejected-temporary = The provider can't take this order at the moment. Please try again later.
rejected-other = The provider did not accept this order.

push-queued = 🕓 Order <b>#{ $id }</b> waits for its turn: { $service }
push-submitting = 🕓 Order <b>#{ $id }</b> waits for its turn: { $service }
push-unknown = 🔎 Order <b>#{ $id }</b> is being checked: the provider's answer got lost. Your money is held safely, and we find out.
push-pending = 📨 Order <b>#{ $id }</b> is accepted: { $service }
push-processing = ⚙️ Order <b>#{ $id }</b> is being prepared: { $service }
push-in_progress = 🚀 Order <b>#{ $id }</b> is being delivered: { $service }
push-completed = ✅ Order <b>#{ $id }</b> is completed: { $service }
push-partial = 🟡 Order <b>#{ $id }</b> was delivered in part: { $service }
push-canceled = ↩️ Order <b>#{ $id }</b> was canceled: { $service }
push-failed = 🛠 The provider reports a problem with order <b>#{ $id }</b>. We are looking at it.
push-rejected = ✖️ Order <b>#{ $id }</b> was not accepted: { $service }
push-refund = 💵 { $amount } is back in your wallet.
push-refund-house = 💵 The provider gives { $amount } back to the house.
push-credited =
    💵 <b>{ $amount }</b> was put into your wallet.
    { $reason }
push-debited =
    💵 <b>{ $amount }</b> was taken out of your wallet.
    { $reason }

wallet = 👛 <b>{ $balance }</b> in your wallet
wallet-held = held for orders on their way: { $held }
wallet-debt = A payment was taken back, so your balance is below zero. Orders wait until it is 0 again.
wallet-line = { $amount } → <b>{ $after }</b> · { $what } · { $at }
wallet-no-entries = Nothing has moved yet. Top up, and order whatever you like from it.
entry-order = order #{ $id }
entry-refund = given back for order #{ $id }
entry-order-canceled = order #{ $id }: canceled
entry-order-partial = order #{ $id }: not delivered
entry-order-taken-back = order #{ $id }: taken back
entry-order-rejected = order #{ $id }: not accepted
entry-welcome = welcome gift
entry-coupon = coupon
entry-invitation = invitation
entry-invitation-back = invitation: share taken back
entry-gift = gift
entry-stars = ⭐ top-up
entry-crypto = 💎 top-up
entry-refund-failed = ⭐ payment back again
entry-payment-refund = payment given back
entry-chargeback = payment taken back
entry-manual = by hand: { $reason }
entry-correction = correction: { $reason }
balance-own = 👛 Your balance: <b>{ $balance }</b>

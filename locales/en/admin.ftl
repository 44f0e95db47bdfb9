# What only admins read.

admin-balance-asked = ⏳ Asking the provider …
admin-balance-last = Last known: { $amount }, { $at }
admin-balance =
    🏦 Balance at the provider: <b>{ $amount }</b> ({ $currency })
    Orders in work: { $in_work }
admin-balance-failed =
    🏦 The provider did not tell its balance: { $text }
    Orders in work: { $in_work }
admin-balance-unreadable =
    🏦 The provider answers, but its balance can't be read: “{ $text }”. The last known one stays on record.
    Orders in work: { $in_work }
admin-sync-asked = ⏳ Fetching the catalogue …
admin-synced =
    ✅ Catalogue fetched: { $listed } services.
    New { $added } · changed { $changed } · hidden { $hidden }{ $unread }
admin-left-out = { $unread }
admin-unread-entries = { $count ->
        [one] ⚠️ { $shown } entry of the provider's catalogue can't be read and is left out.
       *[other] ⚠️ { $shown } entries of the provider's catalogue can't be read and are left out.
    }
admin-unread-limits = { $count ->
        [one] ⚠️ { $shown } limit can't be read; its service is sold without it.
       *[other] ⚠️ { $shown } limits can't be read; their services are sold without them.
    }
admin-unread-line = <code>{ $id }</code> { $name }: { $why }
admin-unread-no-service = no service (“{ $said }”)
admin-unread-no-id = no ID (“{ $said }”)
admin-unread-rate = rate “{ $said }”
admin-unread-currency = rate in another currency “{ $said }”
admin-unread-repeated = an ID that stands there twice
admin-unread-limit = limit “{ $said }”
admin-unread-more = … and { $count } more
admin-sync-failed = ⚠️ The catalogue could not be fetched: { $text }

admin-credit-usage =
    Like this:
    <code>/credit 1001 5.00 paid in cash</code>
    (the user's id, the amount, why)
admin-debit-usage =
    Like this:
    <code>/debit 1001 5.00 booked twice</code>
    (the user's id, the amount, why)
admin-bad-amount = “{ $text }” is no amount. Like this: <code>5</code> or <code>12.50</code>
admin-bad-user = “{ $text }” is no user id. It is a number such as <code>1001</code>; people who write with /support show theirs.
admin-credited = ✅ { $amount } put into the wallet of <code>{ $user }</code>. Balance now: { $balance }
admin-debited = ✅ { $amount } taken out of the wallet of <code>{ $user }</code>. Balance now: { $balance }
error-no-such-user = I don't know a user <code>{ $user }</code>. They have to press Start first.
error-debit-too-large = That is more than there is: { $has }

admin-order-details =
    user <code>{ $user }</code>
    { $service }
    { $link }
    { $quantity } · { $price } · provider's ID <code>{ $provider }</code>
admin-order-failure = <code>{ $failure }</code>
admin-unknown-order =
    🔎 <b>Order #{ $id }: outcome unknown.</b>
    The provider's answer got lost; the order may or may not exist there. It is not sent again, the money is held.
    { $details }
admin-conflict =
    ⚠️ <b>Order #{ $id }: the provider gave an ID that we already have.</b>
    ID <code>{ $provider_order_id }</code> belongs to order #{ $other }.
    { $details }
admin-found-order =
    ✅ <b>Order #{ $id } was found at the provider by itself, as <code>{ $provider_order_id }</code>.</b>
    Its answer had got lost; it goes on now, and nothing is left to do.
    { $details }
admin-late-answer =
    ⚠️ <b>Order #{ $id } runs at the provider after all, as <code>{ $provider_order_id }</code>.</b>
    Its answer came after the order had been settled here; nothing was changed. Cancel it there if you can.
    { $details }
admin-failed-order =
    🛠 <b>Order #{ $id }: the provider reports a failure.</b> Nothing was refunded; it stays in work.
    { $details }
admin-unclear-refund =
    🟡 <b>Order #{ $id } has ended, and what the provider says does not tell how much was delivered.</b>
    { $says }{ $details }

    How much was not delivered? Nothing is given back until you say so, or the provider does.
admin-no-funds =
    💸 <b>The balance at the provider is too small.</b> Orders wait in the queue until it is topped up.
    <code>{ $text }</code>
admin-bad-key =
    🔑 <b>The provider does not accept the key.</b> Orders wait in the queue. Check PANEL_KEY.
    <code>{ $text }</code>
admin-unreachable =
    📡 <b>The provider can't be reached.</b> Orders wait in the queue and go out by themselves.
    <code>{ $text }</code>
admin-status-text = ❓ The provider uses a status I don't know: “{ $text }” (first seen on order #{ $order }). Such orders stay in work.
admin-short-catalogue = ⚠️ The provider's catalogue is suspiciously short: { $listed } of { $known } services. Nothing was hidden.{ $unread }
admin-short-unread = { $count } of its entries can't be read.
admin-clock-ahead =
    ⚠️ <b>A clock of this shop was ahead for a while.</b>
    What was written with times in the future has been put right, rows: { $rows }. Nothing is lost; payments of that time are worth a look in /payments. Have the machine set its clock by itself (NTP).
admin-support =
    💬 <b>{ $name }</b> (<code>{ $user }</code>) writes:
    <blockquote>{ $text }</blockquote>

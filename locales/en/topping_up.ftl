# Topping up, payments, and what becomes of them.

button-top-up = Top up
button-by-stars = ⭐ Telegram Stars
button-by-crypto = 💎 Crypto
button-by-hand = 🙋 Ask us

top-up =
    💳 <b>Top up</b>
    There is { $balance } in your wallet. How would you like to pay?
top-up-stars =
    ⭐ <b>Telegram Stars</b>

    One Star puts { $value } into your wallet. How many shall it be?
    Choose, or send an amount such as <code>12.50</code> or <code>300 stars</code>.
invoice-title = Wallet top-up
invoice-stars = { $stars } ⭐ put { $amount } into your wallet. You are told as soon as it is there.

topped-up = ✅ <b>{ $amount }</b> is in your wallet.
paid-back =
    ↩️ <b>Your payment was given back</b>
    { $stars } ⭐ are with Telegram for you, and { $amount } was taken out of your wallet.
charged-back =
    ⚠️ <b>Telegram has taken a payment of yours back</b>
    { $stars } ⭐ are gone from us, so { $amount } was taken out of your wallet.
charged-back-asked = We ask the provider to cancel your orders that are in work ({ $shown }). What that gives back comes into your wallet.

pay-support =
    💳 <b>Payments</b>
    You top up your wallet, and orders are paid from it. What an order doesn't deliver comes back to the wallet by itself.

    <b>Is a top-up missing?</b> Wait five minutes: a payment whose message got lost is found by itself.
    <b>Do you want a payment back?</b> We can give back Stars that you have not spent yet, a whole payment at a time. Write to us:
    <code>/paysupport Payment #12 was a mistake</code>

    We answer here, not Telegram's support.
pay-support-payments = <b>Your latest payments</b>
pay-support-line =
    <b>#{ $id }</b> · { $paid } → { $amount } · { $state }, { $at }
    <code>{ $charge }</code>

payment-own-credited = in your wallet
payment-own-refunding = being given back
payment-own-refunded = given back
payment-own-charged_back = taken back by Telegram

payments = 💳 <b>Payments</b>
payments-none = There are none yet.
payments-line =
    <b>#{ $id }</b> · { $paid } → { $amount } · { $at }
    <code>{ $user }</code> · { $state }
payment-state-credited = in the wallet
payment-state-refunding = being given back
payment-state-refunded = given back
payment-state-charged_back = taken back by Telegram
button-give-back = Give back #{ $id } · { $paid }
button-give-back-sure = Yes, give it back
refund-sure =
    ↩️ <b>Give payment #{ $id } back?</b>
    <code>{ $user }</code> has paid { $paid }, which put { $amount } into the wallet. There is { $balance } now.
    The wallet is debited at once, then Telegram gives the Stars back.
refund-spent = That is too little: the money is already spent. Telegram gives whole payments back only.
refund-asked = The wallet is debited. Telegram is asked to give the Stars back.

admin-chargeback =
    🚨 <b>Telegram has taken a payment back.</b>
    { $amount } of <code>{ $user }</code>, whose balance is { $balance } now.
    { $count ->
        [one] One order that was still waiting has been stopped.
       *[other] Orders that were still waiting and have been stopped: { $shown }
    }
admin-chargeback-asked = The provider is asked to cancel orders of theirs that are in work: { $shown }
admin-refund-failed =
    ⚠️ <b>Telegram does not give payment #{ $payment } back.</b>
    The money is in the wallet of <code>{ $user }</code> again.
    <code>{ $text }</code>
admin-stray-payment =
    ❓ <b>A payment came that I can't credit.</b>
    <code>{ $user }</code> paid { $stars } ⭐, but nothing says what that is worth. Please look at it, and use /credit.
    <code>{ $charge }</code>
admin-stars-differ =
    ⚖️ <b>Telegram's Stars don't add up.</b>
    The balance is { $balance } ⭐, but the transactions come to { $total } ⭐. I have read all of them again; what has been paid in is credited. Please have a look in the bot's balance.

error-stars-unclear = I can't read that as an amount. Send one such as 12.50, or 300 stars.
error-too-many-stars = That is too much at once: an invoice can be over { $most } ⭐ at most.
error-stars-per-day = You can pay in { $most } ⭐ within 24 hours, and open invoices count as well: { $left } ⭐ are left for now.
error-invoice-unknown = This invoice is not for you, or not ours. Please make one of your own: /wallet
error-invoice-paid = This invoice is paid already. For another top-up, please make a new one: /wallet
error-invoice-old = This invoice is too old. Please make a new one: /wallet
error-in-debt = A payment of yours was taken back, so your wallet is { $missing } below zero. Orders wait until it is 0 again: /wallet
error-no-such-payment = There is no such payment that Telegram could give back.
error-refund-not-open = This payment is not in the wallet any more: it was given back, or is about to be.
error-refund-spent = The money is already spent: there is only { $has } in that wallet.

command-paysupport = Help with payments
command-payments = Payments and refunds

# Paying what an order is short of, Crypto Pay, and top-ups by hand.

summary-pay =
    👛 Wallet: { $before }
    You are { $missing } short. Pay it here, and the order starts by itself.
starts-by-itself = Your order starts by itself as soon as it is paid.
not-started = ❗️ <b>Your order has not started.</b> Please check it once more.
order-has-started = Your order has started:

button-pay = Pay { $amount }
button-pay-stars = Pay { $amount } ({ $stars } ⭐)
button-pay-more-stars = { $stars } ⭐ · { $amount }
button-pay-crypto = Pay { $amount } by crypto

crypto-choose =
    💎 <b>Pay by crypto</b>

    How much shall I put into your wallet? Choose, or type an amount such as <code>12.50</code>.
crypto-asked =
    ⏳ I am making your invoice over <b>{ $amount }</b>.
    Its link comes in a moment.
crypto-being-made = ⏳ I am making your invoice. Its link comes in a moment.
crypto-ready =
    💎 Your invoice over <b>{ $amount }</b> is ready. It can be paid within an hour.
    I tell you when the money is in your wallet.
crypto-failed =
    😔 The invoice over { $amount } could not be made, so there is nothing to pay.
    Please choose another way, or try again later.
crypto-description = Wallet top-up #{ $id }
error-crypto-per-day = With your open invoices that is more than { $most } by crypto within 24 hours. Please take less, or come back tomorrow.
error-invoices-open = You have { $most } unpaid invoices already. Please pay one of them, or wait until they have expired.
error-amount = I can't read that as an amount. Send a number such as 12.50
error-amount-too-large = That is more than one top-up can be.

top-up-not-wanted = All right, no top-up. What you were doing goes on where it was.

manual-choose =
    🙋 <b>Top up through us</b>

    How much shall we put into your wallet? Choose, or type an amount such as <code>12.50</code>.
manual-note = <blockquote>{ $note }</blockquote>
manual-open =
    🙋 <b>Request #{ $id }: { $amount }</b>
    Sent { $at }. We look at it as soon as we can, and you are told.
manual-canceled = Your request is canceled. Nothing was put into your wallet.
manual-gone = This request is not open any more.
manual-approved =
    ✅ Request #{ $id }: <b>{ $amount }</b> is in your wallet.
    Balance: { $balance }
manual-refused =
    🙁 Request #{ $id } over { $amount } was not approved, so nothing was put into your wallet.
    If you think that is a mistake, write to us with /support.
button-cancel-top-up = Cancel the request
error-top-up-requests = You have sent { $most } requests within 24 hours. Please come back tomorrow, or write to us: /support
error-nobody-to-ask = Nobody is there to ask at the moment. Please choose another way.

admin-top-up-asked =
    🙋 <b>Request #{ $id }: { $amount }</b>
    { $name } (<code>{ $user }</code>) asks for a top-up. Have you got the money?
admin-top-up = 🙋 Request #{ $id }: { $amount } for { $name } (<code>{ $user }</code>)
admin-top-up-approved = ✅ Approved by { $by }
admin-top-up-refused = ✖️ Refused by { $by }
admin-top-up-canceled = ↩️ Canceled by the customer
admin-you = you
admin-top-ups = 🙋 <b>Requests for a top-up</b>
admin-top-ups-line = #{ $id } · <b>{ $amount }</b> · { $name } (<code>{ $user }</code>), { $at }
admin-top-ups-none = 🙋 Nobody waits for a top-up.
admin-crypto-failed =
    💎 <b>Crypto Pay does not make invoices.</b> Customers are told to pay another way. Check CRYPTO_PAY_TOKEN and CRYPTO_PAY_TESTNET.
    <code>{ $text }</code>
button-approve = Approve
button-refuse = Refuse
command-topups = Who waits for a top-up

admin-crypto-differs =
    ❓ <b>Crypto Pay says that invoice #{ $id } is paid, but it is not as ours was.</b>
    Of <code>{ $user }</code>. We had asked for { $ours }; it says { $theirs }, ours number “{ $payload }”, paid with { $paid }.
    <code>{ $charge }</code>

    Nothing is credited. Look at it in @CryptoBot: is it theirs, and has the money come?
button-crypto-credit = Credit { $amount }
button-crypto-leave = Credit nothing
admin-crypto-credited = ✅ Invoice #{ $id }: { $amount } is in the wallet of <code>{ $user }</code>.
admin-crypto-left = ✖️ Invoice #{ $id } of <code>{ $user }</code> is closed without { $amount } being credited.
error-crypto-decided = That invoice is decided already.
admin-crypto-missing =
    ⚠️ <b>Crypto Pay has not spoken of invoice #{ $invoice } for a day.</b>
    It is of <code>{ $user }</code>, <code>{ $external }</code> there. Has the token been changed for another app's? It stays open and is asked for for a month; if it was paid, credit it with /credit.
admin-crypto-unwatched =
    ⚠️ <b>Crypto Pay is off, and invoices are still open: { $invoices }</b>
    Without CRYPTO_PAY_TOKEN nobody can see whether they are paid. They stay open; with the token they are looked at again.

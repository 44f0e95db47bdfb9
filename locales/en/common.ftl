# Menu, plain pages, buttons and errors. Texts are Telegram HTML; buttons and toasts are plain.

start =
    👋 Hello, { $name }!

    Choose a service, send a link, and your order is on its way. You can follow it right here.
start-closed =
    👋 Hello, { $name }!

    This shop is open to invited people only. If you think you should be in, write to us with /support and your message.

help =
    <b>How it works</b>
    1. <b>New order</b>: choose a category and a service, or simply write what you are looking for.
    2. Send the link, choose how many, look at the summary.
    3. <b>Confirm</b>. Its card moves by itself, and I tell you how it ends.

    /order – a new order
    /orders – your orders
    /mass – many orders at once
    /favourites – your favourites and presets
help-wallet =
    /wallet – your wallet
    /balance – your balance
    /paysupport – help with payments
help-everybody =
    /settings – what I tell you, and when
    /language – choose the language
    /cancel – throw away the order you are filling in
    /support – write to us
    /privacy – what we know about you
    /mydata – all of it as a file
    /delete_me – delete all of it
    /terms – the rules
help-id = Your Telegram id: <code>{ $id }</code>
help-admin =
    <b>For admins</b>
    /balance – the balance at the provider, and orders in work
    /sync – fetch the catalogue now
    /triage – orders without an answer, and stuck ones
help-admin-wallet =
    /credit <code>user amount why</code> – put money into a wallet
    /debit <code>user amount why</code> – take money out of it
    /payments – what has been paid, and refunds
    /topups – who waits for a top-up by hand
    /margins – what comes on top of the provider's prices
    /coupons – coupons, on and off
    /invitations – invitations, on and off

language-choose = 🌐 Which language shall we speak?
language-chosen = We speak English now.

support-ask =
    💬 Write <code>/support</code> and your message in one line, like this:
    <code>/support My order #12 has not started</code>
support-contact = You can also write to { $contact }.
support-sent = ✅ Thank you, your message is with us. We answer as soon as we can.
support-too-long = Please keep the message under { $most } characters.
error-support-later = You have written { $most } messages within an hour; they are all with us. Please wait a little before the next one.

privacy =
    <b>Privacy</b>
    We keep your Telegram id, your first name and user name, your language, your orders with their links, your payments, and the movements of your wallet. How you pay (a card, a coin's address) stays between you and who takes the payment. What an order needs – its link, quantity and comments – goes to the provider who delivers it; nothing else about you does.

    /mydata – everything we keep about you, as a file
    /delete_me – delete it for good
terms =
    <b>Terms</b>
    An order starts as soon as it is confirmed. What the provider does not deliver is given back to your wallet. What you have paid in and not spent can be given back the way it came: /paysupport. You are responsible for the links you send: order only for pages that are yours or that you may promote.

cancelled = The order form is closed. Nothing was ordered.
cancel-nothing = There is nothing to cancel.

fallback = I didn't get that. What would you like to do?

edited-message = ✏️ I don't see changes to a message that is already sent. Please send it anew.
one-moment = ⏳ One moment, please: I am still at what you sent before, and did not read the rest. Please try it again in a moment.
private-only = I take orders in a private chat only: please write to me directly.

button-new-order = New order
button-my-orders = My orders
button-wallet = Wallet
button-language = Language
button-help = Help
button-back = Back
button-order = Order
button-skip = Skip
button-confirm = Confirm
button-cancel = Cancel
button-order-again = Order again
button-refresh = Refresh
button-copy-id = Copy number
button-copy-provider-id = Copy provider's ID
button-show-order = Show order

error-oops =
    😔 Sorry, something went wrong on our side. Please try again.
    If it happens again, tell us this number: <code>{ $id }</code>
error-oops-toast = Sorry, something went wrong on our side. Please try again. Number: { $id }
error-button-old = This button is from an older version. Please start again with /start.
error-not-for-you = This shop is open to invited people only.
error-not-for-sale = This service is not available any more. Please choose another one.
error-draft-gone = This order form is closed. Please start a new one.
error-order-gone = There is no such order.
error-too-little-money = Your wallet is { $missing } short. Please top it up first: /wallet
error-no-wallet = There are no wallets in this shop: orders are paid by the house.

command-start = The main menu
command-order = New order
command-orders = My orders
command-wallet = My wallet
command-balance = My balance
command-language = Language
command-help = Help
command-support = Write to us
command-privacy = What we know about you
command-terms = The rules
command-cancel = Throw away the order form
command-balance-admin = Balance at the provider
command-sync = Fetch the catalogue
command-credit = Put money into a wallet
command-debit = Take money out of a wallet

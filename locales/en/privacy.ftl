# A person's own data: the file of it, and its end.

mydata =
    🗂 <b>Everything we keep about you</b>
    Your profile and settings, orders with their history, wallet, favourites, and what you wrote to us. It is a JSON file (a large one comes as a .zip): any text editor opens it.
delete-me = 🗑 <b>Delete everything about you?</b>
delete-me-goes = <b>Goes for good:</b> your name and settings, the links and texts of your orders, unfinished orders, favourites, presets, and messages to us.
delete-me-stays = <b>Stays, without any sign that it was you:</b> the sums of your orders and of your wallet. Bookkeeping needs them.
delete-me-balance = 💸 <b>{ $balance }</b> in your wallet would be lost. To get it out first, write to us: /support
delete-me-sure = This can't be undone. /mydata gives you a copy first. The button works for 10 minutes.
deleted =
    🕊 Everything about you is deleted. Thank you for having been here.

    The messages in this chat are in your hands: delete the chat in Telegram if you like. Should you come back: /start

button-delete-me = Delete everything
button-keep-me = Keep everything

error-mydata-again = You have just had your file. Please ask again in a minute.
error-erase-waiting = Not yet: { $orders } must reach the provider first, or be settled. Cancel what is still queued, or wait for the rest, and send /delete_me again.
error-erase-debt = Not yet: a payment of yours was taken back, your wallet is { $missing } below zero. Once it is 0 again (/wallet), send /delete_me again. A mistake? /support
error-erase-in-work = Not yet: { $orders } is still with the provider, and may give money back. Cancel it on its card if you can, or wait for its end, then send /delete_me again. It does not end? /support
error-erase-busy = Something is on its way to the provider for you at this very moment. Please try again in a minute.
error-erase-late = That question is too old. Nothing was deleted. To be asked again, send /delete_me.

command-mydata = My data as a file
command-delete_me = Delete everything about me

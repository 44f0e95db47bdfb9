# Orders that are not sent: what their customers are asked, and what admins are told and asked.

waiting-changed = ✋ Not sent yet: <b>something has changed at this service since you ordered.</b> Look at it again and confirm anew, or take your money back.
waiting-gone = ✋ Not sent: this service is not offered at the moment. It goes out by itself if it comes back; you can take your money back at any time.
waiting-held = The shop is checking this service. The order goes out when that is done; you can take your money back at any time.
waiting-debt = ✋ Not sent: your wallet is below zero. It goes out when that is settled; you can take the order back, too.
button-agree-take-back = ↩️ Take it back
button-agree-again = 👀 Look at it again
error-nothing-to-agree = This order does not wait for you any more. Its card shows where it is.
error-replaced-gone = Order #{ $order } does not wait for you any more, so nothing takes its place. Its card shows where it is.
error-not-selling-now = Orders are paused for a moment while the shop checks its prices. Nothing was ordered; please try again later.
error-refund-other-bot = Another bot was paid here, and only that one can give it back.
order-refunded-changed = ↩️ Given back: { $amount } — the service had changed, and it was not confirmed in time
order-refunded-gone = ↩️ Given back: { $amount } — the service is not offered any more
order-refunded-held = ↩️ Given back: { $amount } — the service was not sold in time
order-refunded-debt = ↩️ Given back: { $amount } — the wallet was below zero for too long
order-refunded-replaced = ↩️ Given back: { $amount } — you have confirmed it anew
mass-line-other-service = This service has become another one. Please check it.

push-agree-changed =
    ✋ Order <b>#{ $id }</b> has not been sent: { $service } <b>has changed since you ordered.</b>
    Look at it again, or take your money back. Without a word it comes back by itself { $until }.
push-agree-gone =
    ✋ Order <b>#{ $id }</b> has not been sent: { $service } is not offered at the moment.
    It goes out if the service comes back; otherwise your money comes back by itself { $until }.
push-agree-debt =
    ✋ Order <b>#{ $id }</b> has not been sent: your wallet is below zero.
    Top it up and the order goes out; otherwise it is taken back { $until }.
push-agree-mass =
    ✋ Orders of <b>mass order #{ $mass }</b> have not been sent: their services have changed, or are not offered any more.
    Each one's card says what can be done. Without a word the money comes back by itself { $until }.
summary-name-changed = 🏷 { $name } ❗️ <s>{ $old }</s>
summary-other-currency = 💱 Prices are in { $currency } now ❗️
summary-replaces = 🔁 Takes the place of order #{ $id }, whose money is counted already.

admin-booked-before = Nothing was booked: this very message has been booked before. Balance of <code>{ $user }</code>: { $balance }

admin-sending-held-unknown =
    ⏸ <b>Nothing is sent for the moment.</b> Order #{ $id } got no definite answer: <code>{ $text }</code>
    The next one goes out when the provider answers a question again, and then all. Nothing is left to do.
admin-sending-held-wall =
    ⏸ <b>Nothing is sent for the moment.</b> A firewall stands before the provider: <code>{ $text }</code>
    Order #{ $id } was not taken and waits. If this stays, PANEL_USER_AGENT may help, or the provider's support.
admin-sending-held-words =
    ⏸ <b>Nothing is sent for the moment.</b> Orders of { $services } services in a row were refused in the same words, the last was #{ $id }:
    <code>{ $text }</code>
    One order is tried from time to time. If such words are only about single orders, go on sending: they end an order then, as any refusal does.
admin-sending-held-numbers = ⏸ <b>Nothing is sent for the moment.</b> Please answer the question about the provider's numbers.
admin-over-sending-held-waited = ▶️ <b>Orders are sent again.</b> { $count ->
        [one] { $shown } order waited
       *[other] { $shown } orders waited
    } { $span }.
admin-over-sending-held-none = ▶️ <b>Orders are sent again.</b> None had to wait.
button-go-on-sending = ▶️ Go on sending
sending-goes-on = ▶️ Orders are sent again.
admin-refusal-words =
    ❔ <b>Order #{ $id } was refused in words I don't know:</b>
    <code>{ $text }</code>
    Its money went back. You are told once of each such text.
admin-long-wait = 🐢 <b>The provider asks to be left alone for { $asked }.</b> That can't be meant: I try again after { $wait }.
admin-account-changed =
    🔀 <b>This is another provider account than before.</b>
    { $count ->
        [one] { $shown } open order stays
       *[other] { $shown } open orders stay
    } behind at the old one. They are not tracked any more and wait in /triage.
admin-currency-differs =
    💱 <b>Nothing is sold for the moment: the provider names { $named } as its currency, and not { $provider } as before.</b>
    What is it? Prices, wallets and orders here are in { $shop }.
button-currency-mistake = It is { $provider }: the provider's mistake
button-currency-real = It is { $named } now
currency-sure-mistake =
    💱 <b>Count on in { $provider }?</b>
    Rates and charges are taken for { $provider } from now on, although the provider writes { $named }. If they are { $named }, you sell at the wrong price.
currency-sure-real =
    💱 <b>Count in { $named } from now on?</b>
    Rates, costs and prices are { $named } then.
currency-needs-settings =
    💱 <b>Then say what { $named } is worth.</b> Wallets here are in { $shop }, and stay so. Write into the settings
    <code>SHOP_CURRENCY={ $shop }</code>
    <code>EXCHANGE_RATE=</code>what one { $named } is in { $shop },
    and start the bot again. Nothing is sold until then.
button-yes-sure = Yes, I'm sure
currency-goes-on = ✅ Counted on in { $provider }. Orders are sold and sent again.
currency-taken-over = ✅ Counted in { $named }. Orders are sold and sent again.
admin-over-currency-differs-mistake = ✅ <b>Sold again.</b> An admin says that { $named } was the provider's mistake.
admin-over-currency-differs-real = ✅ <b>Sold again.</b> The provider counts in { $named } now.
admin-over-currency-differs-settings = ✅ <b>Sold again.</b> The provider counts in { $named } now, and the settings say what it is worth.
admin-over-currency-differs-named = ✅ <b>Sold again.</b> The provider names { $named } again.
admin-currency-odd = 💱 The provider names its currency “{ $text }”, which is no code that I know. I count on in { $currency }. If that is wrong, set SHOP_CURRENCY and EXCHANGE_RATE.
admin-rates-held =
    📈 <b>{ $count ->
        [one] { $shown } rate has
       *[other] { $shown } rates have
    } changed too much to be believed at once:</b>
    { $lines }
    Not sold until the next look at the catalogue says the same, or you do.
rates-held-line = { $name }: { $old } → <b>{ $new }</b>
rates-held-more = … and { $more } more
button-accept-rates = They are right: sell
rates-accepted =
    ✅ { $count ->
        [one] { $shown } new rate is believed, and sold.
       *[other] { $shown } new rates are believed, and sold.
    }
admin-over-rates-held-admin = ✅ An admin says that the new rates are right. They are sold.
admin-over-rates-held-agreed = ✅ A second look at the catalogue said the same, or the old rates are back. They are sold again.
admin-service-held = It is <b>not sold</b> until you have looked.
button-sell-again = Sell it again
service-sold-again = ✅ { $service } is sold again.
admin-numbers-anew =
    🔢 <b>Has the provider begun its numbers anew?</b>
    It gave order #{ $id } the number <code>{ $number }</code>, which our order #{ $other } of { $when } has.
    Nothing is sent until you have answered.
button-numbers-anew = Yes, they begin anew
button-numbers-not = No
numbers-sure =
    🔢 <b>Are these numbers the new orders'?</b>
    Orders that ended long ago give theirs away, now and from now on. Look at the provider's page first.
numbers-taken = ✅ The numbers are the new orders'. Orders are sent again.
numbers-left = The orders stay unknown and wait in /triage. Others are sent again.
admin-over-numbers-anew-yes = ✅ The provider has begun its numbers anew: they are the new orders'.
admin-over-numbers-anew-no = ✅ Answered: the numbers are not the new orders'. They wait in /triage.
triage-why-elsewhere =
    🔀 It is at a provider account that has not been asked since { $since }.
    Look it up there: how much of it was <b>not</b> delivered?
checked-elsewhere = The order is at a provider account that is not asked any more: look it up there, I can't.
refill-no-elsewhere = This order was placed with a former provider. Please write to us with /support.
cancel-no-elsewhere = This order was placed with a former provider. Please write to us with /support.
list-no-elsewhere = ✖️ placed with a former provider

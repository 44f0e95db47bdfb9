# Coupons and invitations.

command-coupon = Redeem a coupon
command-invite = Invite friends
command-coupons = Coupons: list, make, end
command-invitations = Invitations: share and cap

button-have-code = 🏷 I have a code
button-invite = 🤝 Invite friends
button-share = Share the link
button-copy-link = Copy link
button-copy-code = Copy code
button-turn-on = Turn on
button-turn-off = Turn off
button-coupon-new = New coupon
button-coupon-end = End it
button-coupon-end-sure = Yes, end it
button-cap = up to { $cap }

coupon-ask = 🏷 Send me the code of your coupon.
coupon-waiting = Your next order uses <b>{ $code }</b>: { $value }.
coupon-not-wanted = All right, no coupon.
coupon-credited =
    🎁 <b>{ $code }</b>: { $amount } is in your wallet.
    Balance: { $balance }
coupon-remembered =
    🏷 <b>{ $code }</b>: { $value } on your next order.
    You see it in the summary before you confirm. Mass orders don't use coupons.
coupon-instead = It takes the place of { $code }, which you can redeem again later.
summary-coupon = 🏷 { $code } { $value }: −{ $amount }
summary-coupon-less = 🏷 { $code } { $value }: −{ $amount }, the most that it can take off this order
summary-coupon-waits = 🏷 { $code } { $value } can't take anything off this order: it is sold at cost. It waits for your next one.
order-discount = 🏷 Already taken off by your coupon: { $amount }

error-coupons-off = There are no coupons in this shop right now.
error-coupon-unknown = I don't know the code “{ $code }”. Please look again and send it once more.
error-coupon-ended = The coupon { $code } has ended.
error-coupon-expired = The coupon { $code } has expired.
error-coupon-used-up = The coupon { $code } is used up: others were faster.
error-coupon-yours = You have used the coupon { $code } already.
error-coupon-later = Those were many wrong codes. Please try again in an hour.
error-no-such-coupon = There is no such coupon.

admin-coupon-guesses = 🚨 <b>Somebody is guessing coupon codes:</b> { $wrong } wrong ones within an hour. For the next hour nobody can redeem a code. Short codes are easy to guess: end them in /coupons and make longer ones.
coupons-on = 🏷 <b>Coupons are on.</b>
coupons-off = 🏷 <b>Coupons are off.</b> Nobody can redeem or use one.
coupons-none = There are none yet.
coupons-how = One line makes one: <code>/coupons SPRING 20% max 5 per 1 total 100 until 2027-12-31</code>
coupon-at-most = { $value } (up to { $most })
coupon-below-cost = may sell below cost
coupons-line = { $mark } <b>{ $code }</b> { $value } · { $used }
coupon-used = used { $used }×
coupon-used-of = used { $used } of { $total }
coupon-each = each person: { $shown }×
coupon-until = until { $at }
coupon-given = Given away: { $amount }
coupon-made = ✅ The coupon is made.
coupon-card = 🏷 <b>{ $code }</b> { $value }
coupon-closed = ✖️ Nobody can use it any more.
coupon-but-off = ⚠️ Coupons are off: nobody can use it yet.
coupon-link =
    This link redeems it:
    <code>{ $link }</code>
coupon-end-ask =
    End <b>{ $code }</b> ({ $value })?
    Nobody can use it from then on, not even those who have redeemed it for their next order. That can't be undone.
coupon-line-ask =
    ➕ Write the coupon in a line:
    <code>SPRING 20% max 5 per 1 total 100 until 2027-12-31</code>

    • a code of 3–32 letters and digits; without one I make one up
    • <code>20%</code> off an order, or <code>5.00</code> into the wallet
    • <code>max 5</code>: the most that a percentage takes off an order
    • <code>below-cost</code>: it may take off more than you earn; otherwise no order is sold below its cost
    • <code>per</code>: how often each person (once, if you don't say)
    • <code>total</code>: how often in all
    • <code>until</code>: its last day
coupon-line-value = What is it worth? Like this: <code>SPRING 20%</code> or <code>GIFT 5.00</code>
coupon-line-percent = “{ $word }” can't be: a percentage is more than 0 and at most 100, with two decimals at most, and there is one.
coupon-line-percent-only = A largest amount and <code>below-cost</code> are for percentages only, like this: <code>SPRING 20% max 5</code>
coupon-line-most = “{ $word }” is no amount. Like this: <code>max 5</code>
coupon-line-count = “{ $word }” is no count. Like this: <code>total 100</code>
coupon-line-date = “{ $word }” is no day to come. Like this: <code>until 2027-12-31</code>
coupon-line-code = “{ $code }” can't be a code: 3–32 letters A–Z and digits.
coupon-line-odd = I don't understand “{ $word }” here.
coupon-line-taken = There is a coupon { $code } already. Please choose another code.

invite =
    🤝 <b>Invite friends</b>
    You get { $percent } of what a friend spends here, up to { $cap } for each friend. It comes into your wallet by itself.

    Your link, for people who are new here:
    <code>{ $link }</code>
invite-nobody = Nobody has come by it yet.
invite-came = { $count ->
    [one] { $shown } friend has come. You have earned <b>{ $amount }</b>.
   *[other] { $shown } friends have come. You have earned <b>{ $amount }</b>.
}
invite-share = I order here – have a look!
invite-welcome = 🤝 A friend has invited you. How nice that you are here!
invite-not-new = 🤝 Invitations are for people who are new here; you have been here before. Welcome back!
push-earned = 🤝 A friend you invited has placed orders: { $amount } is in your wallet. Thank you!
push-earned-back = 🤝 An order of a friend you invited was given back, and your share of it with it: { $amount } was taken out of your wallet.
error-invitations-off = There are no invitations in this shop right now.

invitations-on = 🤝 <b>Invitations are on.</b>
invitations-off = 🤝 <b>Invitations are off.</b> Nobody is invited, and what is spent earns nothing.
invitations-terms = The inviter gets <b>{ $percent }</b> of what an invited person spends, at most <b>{ $cap }</b> for each.
invitations-came = { $count ->
    [one] { $shown } person was invited up to now. Their inviters have earned { $amount }.
   *[other] { $shown } people were invited up to now. Their inviters have earned { $amount }.
}
invitations-how = Other terms in a line: <code>/invitations 5% cap 20</code>. They hold for what is spent from then on.
error-invitations-percent = The share must be more than 0 and at most { $most } %.
error-invitations-cap = The cap must be more than 0.

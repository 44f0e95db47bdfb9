# Drip-feeds and subscriptions: their cards, and the orders that the provider makes of them.

state-active = Active
state-paused = Paused by the provider
state-expired = Ended: the last day is over
push-active = 🔔 Subscription <b>#{ $id }</b> is active: { $service }

button-runs = Runs · { $count }
button-posts-made = Orders it made · { $count }

parts-plan = 💧 { $runs } × { $quantity }, every { $interval }
parts-runs-short = { $quantity } · 💧 { $made }/{ $runs }
parts-posts-short = 📬 { $made }/{ $posts }
parts-runs-done = 💧 { $done } of { $runs } runs done
parts-next-run = Next run about { $at }
parts-ends = Ends about { $at }

parts-posts-done = 📬 { $made } of { $posts } posts
parts-used = 💵 Used { $used } of { $price }
parts-rest-comes-back = What is not used comes back at the end.
parts-username = 👤 { $username }
parts-each-post = 🔢 { $count ->
    [one] { $shown } post, { $limits } for it
   *[other] { $shown } posts, { $limits } for each
}
parts-old-posts = 🗂 { $count ->
    [one] { $shown } of the posts was there already
   *[other] { $shown } of the posts were there already
}
parts-delay = ⏱ Starts { $delay } after a post
parts-no-delay = ⏱ Starts at once after a post
parts-expiry = 📅 Until { $date }
parts-price = 💵 At most { $price }

parts-title-runs =
    <b>Runs of order #{ $id }</b> – { $state }
    Each run is an order of its own at the provider.
parts-title-posts =
    <b>Orders of subscription #{ $id }</b> – { $state }
    One for each post, made by the provider.
parts-line = <b>{ $number }.</b> { $state } · <code>{ $id }</code> · { $at }
parts-remains = Remains { $remains }
parts-just-made = Just made
parts-no-runs-yet = 💧 No run has begun yet. The first one appears here as soon as the provider starts it.
parts-no-posts-yet = 📬 No post yet. As soon as there is one, the order for it appears here.
parts-none-made = Nothing was made of this order.

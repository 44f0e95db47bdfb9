# The catalogue, the questions of an order, and its summary.

categories =
    <b>What would you like to order?</b>
    { $count ->
        [one] There is one category.
       *[other] { $count } categories to choose from.
    }
    Or write what you are looking for.
found = { $count ->
    [one] 🔍 { $shown } service found
   *[other] 🔍 { $shown } services found
}
found-more = Not there? Write more words, or others.
catalog-empty =
    The catalogue is still empty. It is fetched from the provider at the start; please look again in a minute.
services = <b>{ $category }</b>
services-empty = There is nothing in this category any more.
services-line =
    { $number }. <b>{ $name }</b>
    { $price }{ $limits }
services-line-unknown = { $number }. { $name } · <i>unknown type</i>
price-per-thousand = { $amount } per 1,000
price-package = { $amount } per package
limits-from = from { $least }
limits-package = one package

service-title =
    <b>{ $name }</b>
    { $category }
service-description = <blockquote expandable>{ $description }</blockquote>
service-price = 💵 { $price }
service-limits = 📏 { $limits }
service-refill-yes = ♻️ Refill possible
service-refill-no = ♻️ No refill
service-cancel-yes = ↩️ Can be canceled
service-cancel-no = ✖️ Can't be canceled
service-dripfeed = 💧 Can be delivered in parts
service-id = 🆔 <code>{ $id }</code>

form-title = <b>{ $service }</b>
ask-link =
    🔗 Send me the link, for example
    <code>{ $example }</code>
ask-quantity =
    🔢 How many? { $limits }
    { $listed } per 1,000. Choose, or type a number such as <code>1000</code> or <code>1k</code>.
ask-comments =
    💬 Send the comments, one per line, or a .txt file. For example:
    <code>Great video!
    Loved every minute</code>
ask-keywords =
    🔑 Send the keywords, one per line, or a .txt file. For example:
    <code>flower shop
    buy roses online</code>
ask-usernames =
    👥 Send the user names, one per line, or a .txt file. For example:
    <code>anna.smith
    ben_k</code>
ask-hashtags =
    #️⃣ Send the hashtags, one per line, or a .txt file. For example:
    <code>travel
    sunset</code>
ask-groups =
    👥 Send the groups, one per line, or a .txt file. For example:
    <code>https://example.com/groups/gardeners
    https://example.com/groups/cooks</code>
ask-lines-counted = 📏 { $limits } lines, { $price } each.
ask-username =
    👤 Which account? Send its user name, for example
    <code>anna.smith</code>
ask-username-comment =
    👤 Who wrote the comment? Send the user name, for example
    <code>anna.smith</code>
ask-username-subscription =
    👤 Whose new posts? Send the user name of the account, for example
    <code>anna.smith</code>
ask-hashtag =
    #️⃣ Which hashtag? For example
    <code>travel</code>
ask-media =
    🖼 Send the link of the post whose likers shall be mentioned, for example
    <code>https://www.instagram.com/p/CxYz123/</code>
ask-answer-number =
    🗳 Which answer shall get the votes? Its number, counted from the top: { $limits }.
    Choose, or type it, for example <code>2</code>.
ask-country =
    🌍 From which country? For example
    <code>Germany</code>
ask-device = 📱 On which device? Choose one, or type its number or name, for example <code>1</code>.
ask-type-of-traffic = 🚦 Where shall the visitors come from? Choose one, or type its number or name, for example <code>3</code>.
ask-google-keyword =
    🔎 Which words shall they search for? For example
    <code>flower shop</code>
ask-referring-url =
    ↪️ Which page shall they come from? Send its link, for example
    <code>https://example.com/blog</code>
ask-min =
    📈 How many for each post, at least? { $limits }
    { $listed } per 1,000. Choose, or type a number such as <code>100</code>.
ask-max =
    📈 And at most? { $limits }
    Each post gets a number in between. Choose, or type a number such as <code>200</code>.
ask-delay =
    ⏱ How long after a post appears shall it begin?
    Choose, or type the minutes, for example <code>30</code>.
ask-posts =
    📮 For how many new posts? { $limits }
    Each is { $price } at most. What is not used comes back to you.
    Choose, or type a number such as <code>10</code>.
ask-old-posts =
    🗂 Shall older posts get some too? { $limits }
    Each is { $price } at most. Choose, type a number such as <code>3</code>, or press <b>Skip</b>.
ask-expiry =
    📅 Until which day at the latest? For example <code>{ $example }</code>.
    Choose, type a date, or press <b>Skip</b>: then it ends with the last post.
ask-runs =
    💧 { $quantity } for { $price }. Shall it come in parts?

    Choose how many times { $quantity } shall be delivered, type a number such as <code>5</code>, or press <b>Skip</b>.
ask-interval =
    ⏱ { $runs } × { $quantity } for { $price }.

    How long between the parts? Choose, or type the minutes, for example <code>60</code>.
button-interval = { $interval } · { $whole } in all
button-at-once = At once
choice-device-1 = Desktop
choice-device-2 = Android
choice-device-3 = iOS
choice-device-4 = Mixed mobile
choice-device-5 = Mixed
choice-type_of_traffic-1 = Google keyword
choice-type_of_traffic-2 = Another page
choice-type_of_traffic-3 = No referrer
lines-taken = { $count ->
    [one] ✓ { $shown } line taken.
   *[other] ✓ { $shown } lines taken.
}
lines-repeats-kept = { $count ->
    [one] { $shown } of them is a repeat, and is kept.
   *[other] { $shown } of them are repeats, and are kept.
}
lines-repeats-removed = { $count ->
    [one] { $shown } repeat was left out.
   *[other] { $shown } repeats were left out.
}
minutes = { $count } min
hours = { $count } h
days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

summary =
    🧾 <b>Is this right?</b>

    <b>{ $service }</b>
summary-link = 🔗 { $value }
summary-comments = 💬 { $count ->
    [one] One comment: “{ $sample }”
   *[other] { $shown } comments, the first: “{ $sample }”
}
summary-keywords = 🔑 { $count ->
    [one] One keyword: { $sample }
   *[other] { $shown } keywords: { $sample }
}
summary-usernames = 👥 { $count ->
    [one] One user name: { $sample }
   *[other] { $shown } user names: { $sample }
}
summary-hashtags = #️⃣ { $count ->
    [one] One hashtag: { $sample }
   *[other] { $shown } hashtags: { $sample }
}
summary-groups = 👥 { $count ->
    [one] One group: { $sample }
   *[other] { $shown } groups: { $sample }
}
summary-username = 👤 { $value }
summary-hashtag = #️⃣ { $value }
summary-media = 🖼 { $value }
summary-answer-number = 🗳 Answer { $value }
summary-country = 🌍 { $value }
summary-device = 📱 { $value }
summary-traffic = 🚦 { $value }
summary-google-keyword = 🔎 { $value }
summary-referring-url = ↪️ { $value }
summary-package = 📦 One package
summary-quantity = 🔢 { $quantity }
summary-runs = 💧 { $runs } parts of { $quantity }, every { $interval }
summary-plan-ends = 🏁 Ends soon after { $at }: the last part begins { $whole } after the first
summary-total = 🔢 { $quantity } in all
summary-per-post = 📈 { $limits } for each post
summary-delay = ⏱ { $delay } after a post appears
summary-delay-none = ⏱ As soon as a post appears
summary-posts = 📮 New posts: { $value }
summary-old-posts = 🗂 Older posts: { $value }
summary-expiry = 📅 Until { $date } ({ $left })
summary-most = 🔢 { $quantity } in all at most
summary-comes-back = ↩️ That is the most it can cost. What is not used comes back at the end.
summary-price = 💵 <b>{ $price }</b>
summary-price-changed = 💵 <b>{ $price }</b> ❗️ <s>{ $old }</s>
summary-limits-changed = 📏 { $limits } ❗️
summary-changed = ❗️ <b>Something has changed since you looked.</b> Nothing was ordered; please check again.
summary-overlap = ⚠️ Another order for this link is still in work: where two overlap, less may be delivered and nothing is given back for it, so it is safer to wait until that one has ended.
summary-overlap-own = ⚠️ Your order #{ $id } for this link is still in work: where two overlap, less may be delivered and nothing is given back for it, so it is safer to wait until that one has ended.
summary-invitation = ℹ️ This is an invitation to a private channel or group. It works only for services that say so, and only while the invitation is valid and nobody has to approve who joins.
summary-wallet = 👛 Wallet: { $before } → { $after }
summary-too-little =
    👛 Wallet: { $before }
    You are { $missing } short. Top up first, then press <b>Confirm</b>.
summary-house = 🏠 Paid by the house.

bad-link = I can't read that as a link.
several-links = I see more than one link here. Which one is it? Please send just that one.
private-link = Only members can open this link: it leads into a private channel or group, or into your own Telegram, so nobody else can deliver there. Send a link that works for everybody; it begins with the channel's public name.
bad-quantity = I need a whole number, for example <code>1000</code> or <code>1k</code>.
quantity-too-small = { $got } is too few: the least is { $least }.
quantity-too-large = { $got } is too many: the most is { $most }.
bad-lines = I need text here, one entry per line, as a message or a .txt file, at most { $most } lines.
line-too-long = Line { $line } is too long: at most { $most } characters, please.
line-not-a-word = Line { $line } is not one word without spaces. One name per line, please; send all of them again.
lines-too-small = That makes { $got }, but the least is { $least }. Please send all of them again.
lines-too-few-left = Without repeats ({ $repeats }) that makes { $got }, but the least is { $least }. Please send all of them again.
lines-too-large = That makes { $got }, but the most is { $most }. Please send all of them again.
bad-word = I need one word without spaces, at most { $most } characters.
bad-text = I need one line of text, at most { $most } characters.
bad-choice = Please press one of the buttons below, or type its number or its name.
bad-number = I need a whole number from { $least } to { $most }.
bad-delay = It can be one of these numbers of minutes only: { $choices }.
bad-expiry = I can't read that as a date. I need day, month and year.
expiry-past = { $date } is not in the future. I need a day that is still to come.
max-below-min = The most can't be less than the least, which is { $least }.
bad-runs = I need a number of parts from { $least } to { $most }, for example <code>5</code>.
runs-too-large = That would make { $got } in all, but the most is { $most }.
runs-too-small = That would make { $got } in all, but the least is { $least }.
bad-interval = I need the minutes between the parts, from { $least } to { $most }, for example <code>60</code>.
error-too-dear = That is more than one order can be. Please go back and order less.
long-text-late = ✂️ That came too late to belong to the long text before it, so it did not count. To order all of it, press <b>Back</b> or begin anew, and send it as a .txt file. If it is an answer of its own, please send it again in a moment.
long-text-not-counted = ✂️ Your long text did not count: what it answers is not being asked any more.
long-text-too-long = ✂️ That is too long for messages, so none of it counted. Please send it as a .txt file, up to { $most } kB.
not-a-text = Please send it as text.
file-not-text = I can read only .txt files in UTF-8, up to { $most } kB.

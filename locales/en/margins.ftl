# Margin rules: what admins read.

command-margins = margins: what comes on top of the provider's rates

margins =
    💹 <b>Margins</b>
    What comes on top of what the provider charges. The first rule that fits a service counts, alone.
margin-line = { $number }. { $about }: <b>{ $margin }</b>
margin-line-default = Everything else: <b>{ $margin }</b> (MARKUP_PERCENT)
margins-step = Amounts are per 1,000, or per package. Prices are rounded up to { $step }.
margins-exchange = { $one } of the provider's is { $rate } here (EXCHANGE_RATE).
margin-about-service = { $name } <code>{ $id }</code>
margin-about-gone = a service that is gone (#{ $id })
margin-about-category = Categories like <code>{ $pattern }</code>
margin-about-global = Everything else
margin-at-least = { $margin }, at least { $minimum }
button-margin-add = Add a rule
button-margin-service = For one service
button-margin-category = For categories by name
button-margin-global = For everything else
button-margin-own = Set its margin
button-margins = All margins
button-margin-save = Save
button-margin-edit = Change
button-margin-remove = Remove
button-margin-remove-yes = Yes, remove it
button-margin-remove-no = No, keep it

margin-choose-scope = 💹 What is the rule for?
margin-ask-service = Which service? Send the provider's ID, or a link to the service in this bot.
margin-no-service = I don't know a service “{ $text }”.
margin-ask-pattern =
    Which categories? Send a part of their names, with <code>*</code> for anything and <code>?</code> for one character:

    <code>Instagram*</code>
    <code>*followers*</code>

    Where several rules fit, the longest counts.
margin-bad-pattern = I need a text of at most { $most } characters.
margin-no-category = No category for sale is like “{ $text }”. Is a <code>*</code> missing?
margin-fits = { $count ->
    [one] It fits one category: { $names }
   *[other] It fits { $shown } categories: { $names }
}
margin-fits-more = { $count ->
    [one] and { $shown } category more
   *[other] and { $shown } categories more
}
margin-ask-title = 💹 <b>Margin</b> · { $about }
margin-ask-numbers =
    How much is to come on top? Percent of the cost, an amount per 1,000 (or per package) in { $currency }, the least that they come to, in any mixture:

    <code>25%</code>
    <code>25% + 0.10</code>
    <code>30% + 0.05 min 0.20</code>
margin-bad-numbers = I can't read that as a margin.
margin-bad-bare = { $text } of what? Write <code>{ $text }%</code> or <code>+{ $text }</code>.
margin-bad-percent = “{ $text }” is no percentage from 0 to 100,000.
margin-bad-amount = “{ $text }” is no amount. Like this: <code>0.10</code>

margin-title = <b>{ $about }</b>: { $margin }
margin-touches = { $count ->
    [one] It prices { $shown } service that is for sale:
   *[other] It prices { $shown } services that are for sale, among them:
}
margin-touches-none = It prices no service that is for sale now.
margin-example =
    { $name }
    Rate { $cost }, price { $price }, you earn { $earns }
margin-preview-hint = Nothing is saved yet. You can send other numbers.
margin-preview-gone = This preview is over. /margins shows what counts now.
margin-saved = Saved. It counts from now on.
margin-remove-ask = <b>Remove this rule?</b> The next one that fits will count instead.
margin-removed = Removed.
margin-gone = This rule is not there any more.
margin-no-wallet = Orders are paid by the house here, at the provider's prices: there are no margins.

margin-explain = 💹 <b>{ $name }</b> <code>{ $id }</code>
margin-sum-rate = The provider charges { $rate }
margin-sum-cost = × { $exchange } = { $cost } of cost
margin-sum-default = No rule fits, so MARKUP_PERCENT counts: { $margin }
margin-sum-own = Its own rule: { $margin }
margin-sum-rule = { $about }: { $margin }
margin-sum-minimum = That would be { $short }, so the least counts: { $margin }
margin-sum-price = { $cost } + { $margin } → <b>{ $price }</b>
margin-card = 💹 Cost { $cost }, margin { $margin } <i>(only admins see this)</i>

admin-margin-leak =
    📉 <b>Order #{ $id } cost more than it brought.</b>
    { $service }
    Paid { $paid }, cost { $cost }: { $lost } lost.
    { $discount }{ $rule }
    You are told of this service again only when it has earned meanwhile, or a margin has changed.
margin-leak-discount =
    A coupon took { $amount } off.
    {""}
margin-leak-service = Its own margin: { $margin }
margin-leak-category = The margin of categories like <code>{ $name }</code>: { $margin }
margin-leak-global = The margin of everything else: { $margin }
margin-leak-default = No rule fits it; MARKUP_PERCENT is { $margin }

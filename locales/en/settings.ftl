# What somebody is told when, and the digest.

settings = ⚙️ <b>Settings</b>
settings-pushes-ends = 🔔 I tell you results only.
settings-pushes-all = 🔔 I tell you every change of your orders.
settings-pushes-digest = 🔔 I tell you your day once, at { $hour }.
settings-quiet-on = 🌙 I am quiet from { $start } to { $end }.
settings-quiet-off = 🌙 There are no quiet hours.
settings-clock = 🕓 It is { $time } at your place.
settings-clock-unknown = 🕓 I don't know your clock yet, so I go by UTC: { $time }.
settings-pushes =
    🔔 <b>What shall I tell you?</b>

    The cards of your orders always move by themselves, silently. This is about messages that ring.
    <b>Only results</b>: completed, delivered in part, canceled, not accepted, being checked; money back, problems.
    <b>Every change</b>: also accepted, being prepared, being delivered.
settings-quiet =
    🌙 <b>When shall I be quiet?</b>

    What happens in these hours I tell you right after them.
settings-digest = 🗞 <b>When shall I tell you your day?</b>
clock-ask =
    <b>What time is it at your place?</b>
    Choose it, or write it, for example <code>21:40</code>.
clock-needed = For that I need to know your clock.
clock-bad =
    I can't read that as a time.
    Choose it, or write it like <code>21:40</code>. <b>Back</b> leaves it as it was.

button-settings = Settings
button-pushes = What I am told
button-pushes-ends = Only results
button-pushes-all = Every change
button-pushes-digest = Once a day
button-digest-hour = When I am told my day
button-quiet = Quiet hours
button-quiet-off = Never quiet
button-clock = Clock

digest = 🗞 <b>Your day</b> · { $count ->
    [one] one piece of news
   *[other] { $count } pieces of news
}
digest-now = 📬 <b>News</b> · { $count ->
    [one] one order
   *[other] { $count } orders
}
digest-line = { $state } <b>#{ $id }</b> { $service }
digest-more = … and { $count } more.

command-settings = What I am told, and when

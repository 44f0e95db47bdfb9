# What the shop's own history lets somebody expect.

expect = 📊 { $count ->
    [one] From our last { $count } order:
   *[other] From our last { $count } orders:
}
expect-start = starts in { $median } (9 of 10 within { $most })
expect-end = done in { $median } (9 of 10 within { $most })
expect-completed = { $share } % completed
expect-refunded = { $share } % with money back
expect-done-by = ⏳ Usually done by { $time }
expect-late = ⏳ This one takes longer than usual.
span-moment = a moment

# The books gone over; only admins read it.

admin-audit =
    🧮 <b>The books don't agree: { $count ->
        [one] one difference
       *[other] { $shown } differences
    }.</b> I have changed nothing; please have a look.
    <code>{ $lines }</code>
    <code>python -m bot audit</code> lists them all.

# What /triage settles: the provider's id of an order that was unknown.
error-provider-id = That is no order id of the provider.
error-provider-id-taken = Another order has this id already.

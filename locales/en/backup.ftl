# Backups and restores; only admins read it.

admin-backup-failed =
    💾 <b>There is no new backup:</b> { $text }
    The older ones are kept, and I try again every ten minutes. I'll say no more until one has been made.
admin-backup-differs =
    💾 <b>The books don't agree</b> (differences: { $count }), and so don't those of the new backup.
    It is kept as <code>{ $text }</code>; the good ones stay beside it. <code>python -m bot audit</code> says what differs. I'll say no more until a backup's books agree.
admin-restored =
    💾 <b>The database was restored from a backup</b> (of { $at }).
    What may have been sent to the provider since then is being checked and is never sent again: orders { $orders }, refills and cancellations { $requests }. Lines of mass orders that are not ordered any more: { $lines }.
    Please look at /triage. Payments in Stars are found again by themselves; orders, credits by hand and Crypto Pay invoices made since then are not.
mass-line-restored = The shop was restored from a backup, so this line was stopped. It may have been ordered before: check the page before you order it again.

"""Keys of entries, written as they are stored."""

from storage.queries.ledger_keys import EntryKey, LedgerSubject

# Of these the first thing after the word is no number of what they are about.
_UNNUMBERED = frozenset(
    {
        LedgerSubject.MANUAL,
        LedgerSubject.WELCOME,
        LedgerSubject.INVITE,
        LedgerSubject.INVITE_BACK,
        LedgerSubject.CORRECTION,
    }
)


def entry_key(text: str) -> EntryKey:
    """Return the key that is written so."""
    word, _, rest = text.partition(":")
    subject = LedgerSubject(word)
    number = None if subject in _UNNUMBERED else int(rest.partition(":")[0])
    return EntryKey(subject, number, text)

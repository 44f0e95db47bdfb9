"""What stays of somebody who is erased: a hash.

It does not tell who they were, but who comes back is not new.
"""

from datetime import datetime
from hashlib import blake2b
from secrets import token_hex

from storage.engine import Transaction
from storage.queries import facts
from storage.queries.facts import Fact


def pseudonym(tx: Transaction, user_id: int, now: datetime) -> str:
    """Return the person's hash, 48 characters; always the same in one database.

    Needs a write transaction.
    """
    found = facts.get(tx, Fact.SALT)
    if found is None:
        facts.setdefault(tx, Fact.SALT, {"salt": token_hex(32)}, now)
        found = facts.get(tx, Fact.SALT)
    if found is None:
        raise RuntimeError("a salt just written is not there")
    return blake2b(
        str(user_id).encode(), key=bytes.fromhex(found[0]["salt"]), digest_size=24
    ).hexdigest()

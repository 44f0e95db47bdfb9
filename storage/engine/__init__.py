"""One way into the database: transactions are plain functions, handed to `read`, `snapshot` or
`write`.

    order = await database.write(place_draft, draft_id, now)

    def place_draft(tx: Transaction, draft_id: int, now: datetime) -> Order: ...

Nothing can be awaited in such a function, so no transaction spans a call over the network, and no
cancellation comes between two of its statements. It may be run twice, so it changes nothing but the
database.
"""

from storage.engine.cancellation import shield_to_completion
from storage.engine.companion import Addition, companion
from storage.engine.database import Database
from storage.engine.statements import Upsert, built_once, insert_into
from storage.engine.transaction import Transaction

__all__ = [
    "Addition",
    "Database",
    "Transaction",
    "Upsert",
    "built_once",
    "companion",
    "insert_into",
    "shield_to_completion",
]

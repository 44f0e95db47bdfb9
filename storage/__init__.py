"""The database: engine, schema and one module of queries per subject.

Knows no shop and no Telegram.
"""

from storage import schema  # its tables belong to one metadata
from storage.engine import Database, Transaction

__all__ = ["Database", "Transaction", "schema"]

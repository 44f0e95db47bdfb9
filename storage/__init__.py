"""The database: engine, tables and one module of statements per subject. Knows no shop and no Telegram."""

from storage import money_tables, work_tables  # their tables belong to the same metadata
from storage.engine import Database, Transaction

__all__ = ["Database", "Transaction", "money_tables", "work_tables"]

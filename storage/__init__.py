"""The database: engine, tables and one module of statements per subject. Knows no shop and no Telegram."""

from storage import money_tables, work_tables  # their tables belong to the same metadata
from storage.engine import Connection, Database

__all__ = ["Connection", "Database", "money_tables", "work_tables"]

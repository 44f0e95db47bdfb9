"""The database: engine, tables and one module of statements per subject. Knows no shop and no Telegram."""

from storage.engine import Connection, Database

__all__ = ["Connection", "Database"]

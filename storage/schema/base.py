"""Every table. Money is millionths of the shop's currency, times are aware UTC."""

from sqlalchemy import (
    Index,
    MetaData,
    text,
)

from storage.enums import AT_PROVIDER

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def index_where(name: str, *columns: str, rows: str, unique: bool = False) -> Index:
    """Make an index of some of a table's rows, on both engines."""
    return Index(
        name, *columns, unique=unique, sqlite_where=text(rows), postgresql_where=text(rows)
    )


# `sqlite_autoincrement`, where rows can go, or a copy of the database can take its place: a number
# in a button, or one that was said to somebody, never means something else later. PostgreSQL gives
# none twice by itself.

LONGEST_ID = 128  # characters of a provider's id; cutting one would make another of it
# Written out: a database uses the index of these rows for a statement that says the same.
OPEN_AT_PROVIDER = "state IN ({}) AND settled_by IS NULL".format(
    ", ".join(f"'{state}'" for state in sorted(AT_PROVIDER))
)

# The kinds of notices that quote what a provider said of somebody's order (shop.outbox.Kind).
QUOTING = "kind IN ('refusal_words', 'sending_held', 'unknown_order')"

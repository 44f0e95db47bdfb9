"""What a function gets that runs as a transaction: SQLAlchemy's plain connection, whichever engine
is behind it.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection as Transaction

__all__ = ["Transaction", "Work"]

T = TypeVar("T")
Work = Callable[[Transaction], T]  # a function with its other arguments bound

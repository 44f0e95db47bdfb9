"""What a database error says, without what people wrote.

`hide_parameters` keeps the values out of what SQLAlchemy adds. PostgreSQL puts them into its own
words as well: *Failing row contains (…)* is a whole row of somebody's, and a trace prints the
driver's error beside ours.
"""

import re
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

_ARGUMENT = re.compile(r"(invalid input for query argument \$\d+): .*", re.DOTALL)
_QUOTED = re.compile(r'".*"', re.DOTALL)
_DATA = "22"  # the class of PostgreSQL's codes whose messages quote a value


def hide_values(engine: Engine) -> None:
    """Take the values of rows and parameters out of every error of this engine, before anybody sees
    it.
    """
    event.listen(engine, "handle_error", _hide)


def _hide(context: ExceptionContext) -> None:
    chain: list[Any] = [context.sqlalchemy_exception, context.original_exception]
    while (cause := getattr(chain[-1], "__cause__", None)) is not None:
        chain.append(cause)
    quotes = any(str(getattr(error, "sqlstate", None) or "").startswith(_DATA) for error in chain)
    for error in chain:
        if error is None:
            continue
        error.args = tuple(_without(said, quotes=quotes) for said in error.args)
        if getattr(error, "detail", None):
            error.detail = None


def _without(said: Any, *, quotes: bool) -> Any:
    if not isinstance(said, str):
        return said
    said = _ARGUMENT.sub(r"\1: ***", said)
    return _QUOTED.sub('"***"', said) if quotes else said

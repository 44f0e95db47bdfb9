"""What a customer may be told: an error carries the key of its text and the text's arguments."""

from typing import Any


class ShopError(Exception):
    """Something the user can be told.

    `key` names the text in locales/, `values` fill it: text, counts, Money.
    """

    def __init__(self, key: str, /, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class NotFoundError(ShopError):
    """The thing is not there, not theirs, or not sold to them: all look the same from outside."""


class BadAnswerError(ShopError):
    """An answer that can't be used; the same question is asked again."""


class TooLittleMoneyError(ShopError):
    """The wallet holds less than the order costs."""


class QuoteChangedError(ShopError):
    """Price or limits are no longer what the summary showed; nothing was placed."""

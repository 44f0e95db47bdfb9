"""No text of a provider's or a customer's takes long to read, however it was made up.

Steps of the regular expression engine can't be counted, so this is CPU time of the thread, with a
bound of a hundred times what is usual: each of these takes a few milliseconds at most, and patterns
that backtrack took seconds or hours.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from panel import Service, meaning_of
from panel.currencies import fits
from panel.error_codes import definite_meaning
from panel.figures import count, money
from panel.parsing import LONGEST_NUMBER
from panel.refusals import refusal
from panel.wording import LONGEST_TEXT
from shop import parsing
from shop.access import Access
from shop.catalogue import warranty
from shop.catalogue.margins import read_numbers
from shop.catalogue.markup import without_tags
from shop.catalogue.sync import clean_description, clean_name
from shop.clock import utc_now
from shop.customers.preferences import parse_time
from shop.errors import BadAnswerError
from shop.money import parse_amount
from shop.ordering import links
from shop.payments.top_ups import TopUps
from shop.wakeups import Wakeups

# characters of a message of Telegram's; names and descriptions are cut where they are read
LONGEST = 4_096
MOST_SECONDS = 0.25

_WRITTEN = (
    "a·a ·a.·a-·a/·a@·x@y.z ·a=b&·A·aA·X ·1·1 ·1,·1.·1,000·1 000·+1%·k·$·€1 ·⭐·⭐ ·stars ·"
    ' ·\n·\t· \n·-·----·_·=·/·//·#·?·(·)·"·,·;·..·…·\u200b·'
    "<·<a ·<a href=·<!--·<!-- ·&·&#·&amp;·%25·\\u0041·http://·https://t.me/c/·www.a ·"
    "refill·refill ·guarantee·guarantee ·no refill ·lifetime·auto refill ·R30 ·30 days ·保固·"
    "not ·n't ·min ·min.·link order already ·balance ·instagram ·é·中·ก·ﷺ·\u0301·٣·🙂"
)
PIECES = _WRITTEN.split("·")
ENDS = ["", "a", "!", " x", "1"]


def read_stars(text: str) -> int:
    return TopUps(Any, Access(admins=frozenset()), lambda: "USD", Wakeups(), utc_now).read_stars(
        text
    )


READERS: dict[str, Callable[[str], object]] = {
    "without_tags": without_tags,
    "clean_name": clean_name,
    "clean_description": clean_description,
    "read_days": warranty.read_days,
    "divider": lambda text: Service("1", text, "", "", None, Decimal(1), 1, 2).divider,
    "platform_of": lambda text: links.platform_of(text[:512], text[:512]),
    "parse_link": links.parse_link,
    "refusal_of_a_link": links.refusal,
    "parse_count": parsing.parse_count,
    "parse_date": parsing.parse_date,
    "parse_lines": parsing.parse_lines,
    "parse_amount": lambda text: parse_amount(text, "USD"),
    "parse_time": parse_time,
    "money": lambda text: money(text[:LONGEST_NUMBER]),
    "count": lambda text: count(text[:LONGEST_NUMBER]),
    "fits": lambda text: fits(text, "USD"),
    "refusal": lambda text: refusal({"error": text, "message": text}, 500),
    "meaning_of": lambda text: meaning_of(text[:LONGEST_TEXT]),
    "meaning_of_an_echo": lambda text: meaning_of(
        text[:LONGEST_TEXT], [text, f"https://example.com/{text[:400]}"]
    ),
    "definite_meaning": lambda text: definite_meaning(text[: LONGEST_TEXT - 1], [text]),
    "read_numbers": read_numbers,
    "read_stars": read_stars,
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_text_of_any_make_is_read_at_once(reader: Callable[[str], object]) -> None:
    for piece in PIECES:
        for end in ENDS:
            text = (piece * (LONGEST // len(piece) + 1))[: LONGEST - len(end)] + end
            began = time.thread_time()
            with suppress(BadAnswerError):  # what is no answer has to be found out as soon
                reader(text)
            assert time.thread_time() - began < MOST_SECONDS, (piece, end)

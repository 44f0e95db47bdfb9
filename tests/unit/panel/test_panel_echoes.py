"""Words that the customer wrote never decide what an error means, however the provider repeats them."""

import pytest

from panel import Meaning, OutcomeUnknown, Rejected
from panel.meanings import meaning_of
from panel.wording import LONGEST_TEXT
from tests.support.adding import LINK
from tests.support.panel_fakes import FakePanel


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Bad link: https://example.com/not%20enough%20funds", {}),
        ("Bad link: https%3A%2F%2Ft.me%2Frate_limit", {}),
        ("Bad link: https:\\/\\/t.me\\/rate_limit", {}),
        ("Bad link: https:&#x2F;&#x2F;t.me&#x2F;rate_limit", {}),
        ("Bad link: https:&amp;#47;&amp;#47;t.me/rate_limit", {}),
        ("Bad link: \\u0068ttps://t.me/rate_limit", {}),
        ("Bad link: HTTPS://T.ME/RATE_LIMIT", {}),
        ("Bad link: t.me/rate_limit", {}),
        ("Bad link: t.me:443/rate_limit", {}),
        ("Bad link: example.com?rate=limit", {}),
        ("Bad link: insufficient-balance.com", {"link": "https://insufficient-balance.com/page"}),
        ("Bad link: www.insufficient-balance.com", {}),
        ("Bad link (//t.me/api_key)", {}),
        ("<b>Bad link</b> key=***", {}),
        ("Invalid link for your API key", {}),
        ("Неверная ссылка, ключ ***", {}),
        ("https://t.me/active_order_with_this_link is an incorrect link", {}),
        ("Incorrect username @rate_limit", {}),
        ("User not_enough_funds not found", {"username": "not_enough_funds"}),
        ("User NOT-ENOUGH-FUNDS not found", {"username": "not_enough_funds"}),
        ("User not%5Fenough%5Ffunds not found", {"username": "not_enough_funds"}),
        ("User not_enough_fun... not found", {"username": "not_enough_funds_official"}),
        ("User not_enough_funds_offi… not found", {"username": "not_enough_funds_official"}),
        ("User …enough_funds_official not found", {"username": "not_enough_funds_official"}),
        ("User not found: not_enough_funds_offi", {"username": "not_enough_funds_official"}),
        ("User NotEnoughFunds not found", {"username": "notenoughfunds"}),
        ("User low balance not found", {"usernames": "one\nlow_balance\ntwo"}),
        ("Profile low_balance is private", {"link": "https://instagram.com/low_balance"}),
        ("Profile LowBalance is private", {"link": "https://instagram.com/LowBalance?igsh=1"}),
        ("Post example.com/rate/limit not found", {"link": "https://www.example.com/rate/limit"}),
        ("Invalid link for ‘Your account is suspended’", {"comments": "Nice\nYour account is suspended"}),
        ("Bad link &quot;Insufficient&nbsp;balance&quot;", {"keywords": "Insufficient balance"}),
        ("Incorrect link Недостаточно средств", {"hashtag": "недостаточно_средств"}),
        ("Link incorrect: 余额不足", {"username": "余额不足"}),
    ],
)
async def test_the_customers_words_decide_nothing(text: str, fields: dict[str, str]) -> None:
    for code in (200, 400, 500):
        async with FakePanel({"error": text}, code).client() as client:
            with pytest.raises((Rejected, OutcomeUnknown)) as caught:
                await client.add("1", LINK | fields)
        if isinstance(caught.value, Rejected):
            assert caught.value.meaning is Meaning.LINK
            assert caught.value.text == text  # admins read all of it
        else:
            assert code == 500


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Comment refused: Not enough funds", {"comments": "Not enough funds"}),
        ("Not enough funds", {"username": "notenoughfunds"}),
        ("Not allowed: rate limit", {"hashtags": "rate limit\nx"}),
    ],
)
async def test_where_only_the_customer_speaks_nothing_is_known(text: str, fields: dict[str, str]) -> None:
    async with FakePanel({"error": text}).client() as client:
        with pytest.raises(Rejected) as caught:
            await client.add("1", LINK | fields)
    assert caught.value.meaning is Meaning.OTHER


@pytest.mark.parametrize(
    "fields",
    [
        {"comments": "balance\nis\nkey\nok"},
        {"comments": "Funds are great\nNot bad"},
        {"username": "enough_of_this"},
        {"quantity": "5", "country": "IN"},
    ],
)
def test_a_customers_other_words_hide_nothing_for_ordinary(fields: dict[str, str]) -> None:
    assert meaning_of("Not enough credits: you have 5 in your account", fields.values()) is Meaning.FUNDS


async def test_user_not_found_is_about_the_account_where_nothing_is_ordered() -> None:
    async with FakePanel({"error": "User not found"}).client() as client:
        for call in (client.balance(), client.status("1"), client.refill("1"), client.services()):
            with pytest.raises(Rejected) as caught:
                await call
            assert caught.value.meaning is Meaning.BAD_KEY


def test_a_long_text_is_read_in_time() -> None:
    """Nobody may hold the loop with comments that an error repeats in part."""
    assert meaning_of("Not enough funds " + "x" * 1_000_000) is Meaning.FUNDS
    assert meaning_of("x" * LONGEST_TEXT + " Not enough funds") is Meaning.OTHER
    lines = "\n".join("aaaaaa " * 10 + str(number) for number in range(500))
    assert meaning_of("Bad link: " + "aaaaaa " * 1000, [lines]) is Meaning.LINK


async def test_the_key_decides_nothing() -> None:
    async with FakePanel({"error": "Bad link for not-enough-funds"}).client(key="not-enough-funds") as client:
        with pytest.raises(Rejected) as caught:
            await client.add("1", LINK)
    assert caught.value.meaning is Meaning.LINK
    assert caught.value.text == "Bad link for ***"

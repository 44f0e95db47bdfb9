"""Words that the customer wrote never decide what an error means, however the provider repeats
them.
"""

import time

import pytest

from panel import Meaning, OutcomeUnknown, Rejected
from panel.error_codes import meaning_of
from panel.wording import LONGEST_TEXT
from tests.fakes.adding import LINK
from tests.fakes.panel import FakePanel


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
        (
            "Invalid link for ‘Your account is suspended’",
            {"comments": "Nice\nYour account is suspended"},
        ),
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
async def test_where_only_the_customer_speaks_nothing_is_known(
    text: str, fields: dict[str, str]
) -> None:
    async with FakePanel({"error": text}).client() as client:
        with pytest.raises(Rejected) as caught:
            await client.add("1", LINK | fields)
    assert caught.value.meaning is Meaning.OTHER


def _add(link: str, **fields: str) -> tuple[str, ...]:
    return (link, "100", *fields.values())


@pytest.mark.parametrize(
    ("said", "written", "meaning"),
    [
        ("Invalid username: token", _add("https://instagram.com/token"), Meaning.LINK),
        ("Invalid username: TOKEN", _add("https://instagram.com/token?igsh=1"), Meaning.LINK),
        ("Invalid username: token", _add("https://token.example.com/"), Meaning.LINK),
        ("Account key not found", _add("https://instagram.com/key"), Meaning.LINK),
        ("Username apikey is incorrect", _add("https://instagram.com/apikey"), Meaning.LINK),
        ("Username api key is incorrect", _add("https://instagram.com/apikey"), Meaning.LINK),
        ("Invalid user key…", _add("https://instagram.com/keyboard"), Meaning.LINK),
        ("Invalid user key***", _add("https://instagram.com/keyboard"), Meaning.LINK),
        ("User ip is blocked", _add("https://instagram.com/ip"), Meaning.OTHER),
        ("User ip is blocked", _add("https://e.com/", usernames="one\nip_man"), Meaning.OTHER),
        ("Bad channel: ratelimit", _add("https://t.me/ratelimit"), Meaning.OTHER),
        ("Bad channel: ratelimit", _add("https://www.ratelimit.com"), Meaning.OTHER),
        ("Bad channel unauthorized", _add("https://t.me/unauthorized"), Meaning.OTHER),
        ("Channel balance has not enough members", _add("https://t.me/balance"), Meaning.OTHER),
        (
            "Channel balance has not enough members",
            _add("https://e.com/?name=balance"),
            Meaning.OTHER,
        ),
        (
            "Channel balance has not enough members",
            _add("https://e.com/", comments="My balance, here"),
            Meaning.OTHER,
        ),
        (
            "Answer balance has not enough votes",
            _add("https://e.com/", answer_number="balance"),
            Meaning.OTHER,
        ),
        ("Site too-many-requests is down", _add("https://too-many-requests.com/a"), Meaning.OTHER),
        (
            "Chat not_enough_funds wrong",
            _add("https://t.me/not_enough_funds_channel"),
            Meaning.OTHER,
        ),
        ("频道余额不足一千人", _add("https://t.me/余额"), Meaning.OTHER),
        ("Error: no balance", _add("https://t.me/no?x=balance"), Meaning.OTHER),
        ("Bad link: duplicate", _add("https://t.me/duplicate"), Meaning.LINK),
        # A word that takes a meaning away.
        ("Invalid link for your API key", _add("https://t.me/link"), Meaning.LINK),
        ("Invalid payment token", _add("https://t.me/payment"), Meaning.OTHER),
        # Common words, written by chance.
        ("Invalid link", _add("https://example.com/link"), Meaning.LINK),
        ("Incorrect service ID", _add("https://example.com/service"), Meaning.BAD_SERVICE),
        ("Quantity less than minimal 100", _add("https://example.com/quantity"), Meaning.QUANTITY),
        (
            "You have active order with this link",
            _add("https://example.com/link/order"),
            Meaning.BUSY_LINK,
        ),
        (
            "Not enough funds on your balance",
            _add("https://e.com/", comments="Not bad\nEnough of this"),
            Meaning.FUNDS,
        ),
        (
            "Too many requests",
            _add("https://example.com/many", comments="too many to count"),
            Meaning.OTHER,
        ),
        (
            "Your account is suspended",
            _add("https://e.com/", comments="Follow my account, your friend is"),
            Meaning.BAD_KEY,
        ),
    ],
)
def test_not_even_a_single_word_decides(
    said: str, written: tuple[str, ...], meaning: Meaning
) -> None:
    assert meaning_of(said, written) is meaning


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("Error creating order: ratelimit", {"link": "https://t.me/ratelimit"}),
        ("Order not created: ratelimited", {"link": "https://instagram.com/ratelimited"}),
        ("Order not created: ratelimited", {"link": "https://ratelimited.com/"}),
        ("Error: no balance", {"link": "https://t.me/no?x=balance"}),
        (
            "Error: order is link duplicate",
            {"link": "https://t.me/a", "comments": "no duplicate, please"},
        ),
        ("Order not created: link bad", {"link": "https://t.me/link"}),
        ("No order exists with this link", {"link": "https://t.me/no"}),
        ("Error creating order: limit, rate", {"link": "https://t.me/a", "hashtag": "rate"}),
        ("Error creating order: low balance", {"link": "https://t.me/a", "username": "low"}),
    ],
)
@pytest.mark.parametrize("code", [408, 500, 502])
async def test_under_a_doubtful_code_a_customers_word_ends_no_order(
    said: str, fields: dict[str, str], code: int
) -> None:
    async with FakePanel({"error": said}, code).client() as client:
        with pytest.raises(OutcomeUnknown):
            await client.add("1", LINK | fields)


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
    assert (
        meaning_of("Not enough credits: you have 5 in your account", fields.values())
        is Meaning.FUNDS
    )


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
    began = time.process_time()
    many = " ".join(f"a{number}" for number in range(20_000))
    assert meaning_of("Bad link: " + "a1 a2 a3 " * 1000, [many]) is Meaning.LINK
    assert time.process_time() - began < 2  # it takes a tenth of one


async def test_the_key_decides_nothing() -> None:
    async with FakePanel({"error": "Bad link for not-enough-funds"}).client(
        key="not-enough-funds"
    ) as client:
        with pytest.raises(Rejected) as caught:
            await client.add("1", LINK)
    assert caught.value.meaning is Meaning.LINK
    assert caught.value.text == "Bad link for ***"

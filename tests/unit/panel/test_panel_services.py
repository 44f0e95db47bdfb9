"""`services`: odd rows, broken lists, captured catalogues, and the loop's other tasks meanwhile."""

import asyncio
import json
import os
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from panel import (
    Catalogue,
    Flaw,
    Flaws,
    Meaning,
    Rejected,
    Service,
    Unavailable,
    Unread,
    service_type,
)
from tests.fakes.panel import FakePanel, recorded

CATALOGS = Path(
    os.environ.get("SHARED_CATALOGS", Path(__file__).parents[4] / "shared" / "catalogs")
)


async def read(answer: object, code: int = 200) -> Catalogue:
    async with FakePanel(answer, code).client() as client:
        return await client.services()


async def test_the_documented_answer() -> None:
    followers, comments = await read(recorded("services_documented"))
    assert followers == Service(
        id="1",
        name="Followers",
        category="First Category",
        type_label="Default",
        type=service_type("Default"),
        rate=Decimal("0.90"),
        min=50,
        max=10000,
        refill=True,
        cancel=True,
    )
    assert comments.type
    assert comments.type.key == "custom_comments"


async def test_odd_rows() -> None:
    services = {service.id: service for service in await read(recorded("services_odd"))}
    assert list(services) == ["378", "ord_x7", "5", "6", "7", "8", "11", "12"]
    strings, odd = services["378"], services["ord_x7"]
    assert (strings.category, strings.description, strings.dripfeed, strings.cancel) == (
        "",
        "a\r\nb",
        True,
        False,
    )
    assert (odd.rate, odd.min, odd.max, odd.type) == (
        Decimal(str(0.00011999999999999999)),
        0,
        0,
        None,
    )
    assert (odd.refill, odd.cancel, odd.dripfeed, odd.name) == (True, True, True, "𝐒𝐨𝐥𝐝 ?")
    assert (services["12"].refill, services["12"].max, services["12"].type) == (
        False,
        2**31 - 1,
        service_type("web traffic"),
    )
    assert [key for key, service in services.items() if service.sold] == ["378", "ord_x7", "12"]
    assert [key for key, service in services.items() if service.divider] == ["5", "11"]


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        ("[]", []),
        ("\n\n [ ] ", []),
        ('\ufeff[{"service":1,"rate":"1"}]<br>Notice', ["1"]),
        ('[{"service":1,"rate":"1"} , {"service":2,"rate":"1"}\n]', ["1", "2"]),
        ({"status": "success", "data": "Empty Data"}, []),
        ({"status": "success", "data": [{"service": "1", "rate": 1}]}, ["1"]),
        ('[{"service":1,"rate":"1","name":"a\nb","name":"c"}]', ["1"]),
        (
            '[{"service":'
            + "9" * 5000
            + ',"rate":1},{"service":2,"rate":'
            + "9" * 5000
            + '},{"service":3,"rate":1}]',
            ["3"],
        ),
    ],
)
async def test_lists(answer: object, ids: list[str]) -> None:
    assert [service.id for service in await read(answer)] == ids


async def test_what_cannot_be_read_is_counted_and_shown() -> None:
    key = "s3cret/key+1"
    catalogue = await read(
        [
            {
                "service": 1,
                "rate": "1.000,50",
                "min": "1,000",
                "max": "10.000",
                "name": "Kept, without its largest",
            },
            {"service": 2, "rate": "free", "name": "A gift"},
            {"service": 3, "rate": "1,000"},
            {"service": 3, "rate": None},
            {"service": 1, "rate": "5", "name": "Twice"},
            {"service": 0, "rate": "5", "name": "Nobody <b>"},
            "Instagram",
            None,
            {"service": "5", "rate": "5", "min": "many", "max": "unlimited", "name": f"With {key}"},
            {"service": "6", "rate": {"usd": 1}, "name": "x" * 5000},
        ]
    )
    assert [(one.id, one.rate, one.min, one.max, one.sold) for one in catalogue] == [
        ("1", Decimal("1000.50"), 1000, 0, True),
        ("5", Decimal(5), 0, 0, True),
    ]
    flaws = catalogue.flaws
    assert flaws.counts == {
        Flaw.RATE: 4,
        Flaw.REPEATED: 1,
        Flaw.NO_ID: 1,
        Flaw.NO_SERVICE: 2,
        Flaw.LIMIT: 2,
    }
    assert flaws.left_out == 8
    assert flaws.first == (
        Unread(Flaw.RATE, "2", "A gift", "free"),
        Unread(Flaw.RATE, "3", "", "1,000"),
        Unread(Flaw.RATE, "3", "", "null"),
        Unread(Flaw.REPEATED, "1", "Twice", ""),
        Unread(Flaw.NO_ID, "0", "Nobody <b>", "0"),
        Unread(Flaw.NO_SERVICE, "", "", "Instagram"),
        Unread(Flaw.NO_SERVICE, "", "", "null"),
        Unread(Flaw.RATE, "6", "x" * 60, "{…}"),
        Unread(Flaw.LIMIT, "1", "Kept, without its largest", "10.000"),
        Unread(Flaw.LIMIT, "5", "With ***", "many"),
    )


async def test_the_digest_tells_which_entries_and_nothing_else() -> None:
    def flawed(*rates: tuple[int, str]) -> list[dict[str, object]]:
        return [
            {"service": 100, "rate": 1},
            *({"service": key, "rate": rate} for key, rate in rates),
        ]

    first = (await read(flawed((1, "1,001"), (2, "free")))).flaws
    again = (await read(flawed((2, "gift"), (1, "1,002")))).flaws
    other = (await read(flawed((1, "1,001"), (3, "free")))).flaws
    assert first.digest == again.digest != other.digest
    assert (await read(flawed())).flaws == Flaws()


@pytest.mark.parametrize(
    ("least", "most", "sold"),
    [
        ("10", "10.000", True),  # it can't be read: no limit is better than a wrong one
        ("10", "unlimited", True),
        ("10", "0", False),  # the provider says so
        ("10", None, False),
        ("10", "", False),
        ("1.000", "100", True),
        ("100 000", "1K", False),
    ],
)
async def test_limits_that_cannot_be_read(least: object, most: object, sold: bool) -> None:
    (service,) = await read([{"service": 1, "rate": 1, "name": "n", "min": least, "max": most}])
    assert service.sold is sold


@pytest.mark.parametrize(
    "answer",
    [
        '[{"service":1,"rate":"1"}',
        '[{"service":1,"rate":"1"},',
        '[{"service":1,"rate":"1"} {"service":2}]',
        '[{"service":1,',
        "[",
        "[" * 100_000,
        '[{"service":1,"rate":"1"},' + "[" * 100_000,
        "null",
        "",
        "<html>",
        "5",
        {"status": "success"},
        {},
    ],
)
async def test_a_list_that_breaks_off_is_no_answer(answer: object) -> None:
    with pytest.raises(Unavailable):
        await read(answer)


async def test_a_refusal() -> None:
    with pytest.raises(Rejected) as caught:
        await read({"error": "Invalid API key"})
    assert caught.value.meaning is Meaning.BAD_KEY


async def test_an_endless_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panel.catalogue.MOST_ENTRIES", 10)
    with pytest.raises(Unavailable):
        await read([1] * 11)


def generated(count: int) -> bytes:
    """About 4 MB: every fourth description has 3,000 characters."""
    rows = [
        {
            "service": number,
            "name": f"{number} Instagram Followers ♻️ &amp; [R30]",
            "type": "Default",
            "category": f"Category {number % 300}",
            "rate": "0.90",
            "min": "50",
            "max": 10000,
            "refill": True,
            "description": "~ 0-1H start\r\n" * (214 if number % 4 == 0 else 1),
        }
        for number in range(1, count + 1)
    ]
    return json.dumps(rows).encode()


async def longest_gap(body: bytes) -> float:
    """Seconds: the longest time in which another task had no turn."""
    gaps = [0.0]
    stop = asyncio.Event()

    async def probe() -> None:
        while not stop.is_set():
            # what the loop itself computes, whatever else the machine does
            begun = time.thread_time()
            await asyncio.sleep(0)
            gaps.append(time.thread_time() - begun)

    async with FakePanel(body).client() as client, asyncio.TaskGroup() as group:
        group.create_task(probe())
        await asyncio.sleep(0)
        assert len(await client.services()) == 6000
        stop.set()
    assert len(gaps) > 5
    return max(gaps)


async def test_the_loop_is_never_held_for_50_ms() -> None:
    """The one bound in time among these tests: a requirement.

    Best of five, as machines do other work.
    """
    body = generated(6000)
    assert len(body) > 4_000_000
    gaps = []
    for _ in range(5):
        gaps.append(await longest_gap(body))
        if gaps[-1] < 0.050:
            break
    assert min(gaps) < 0.050, gaps


async def test_it_is_read_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a clock: with slices of no length every entry gives way once."""
    turns = 0
    pause = asyncio.sleep

    async def counting(seconds: float) -> None:
        nonlocal turns
        turns += 1
        await pause(seconds)

    monkeypatch.setattr("panel.catalogue.SLICE", -1.0)
    monkeypatch.setattr("panel.catalogue.asyncio.sleep", counting)
    await read(recorded("services_documented"))
    assert turns == 2


CAPTURED = {
    "large-6125": (6125, 6122, 14, "102703305.2925254199494891529"),
    "medium-1283": (1283, 1282, 7, "17930.9866"),
    "small-350-strings": (350, 350, 3, "49371.0616"),
    "small-96-zero-limits": (96, 84, 2, "12662576"),
}


@pytest.mark.skipif(not CATALOGS.is_dir(), reason="shared catalogues absent")
@pytest.mark.parametrize("name", CAPTURED)
async def test_captured_catalogues(name: str) -> None:
    body = (CATALOGS / f"{name}.json").read_bytes()
    count, sold, types, rates = CAPTURED[name]
    services = await read(body)
    raw = json.loads(body)
    assert [service.id for service in services] == [str(row["service"]) for row in raw]
    assert [service.rate for service in services] == [Decimal(str(row["rate"])) for row in raw]
    assert [(service.min, service.max) for service in services] == [
        (int(row["min"]), int(row["max"])) for row in raw
    ]
    assert len(services) == count
    assert sum(service.sold for service in services) == sold
    assert sum(service.rate for service in services) == Decimal(rates)
    known = Counter(service.type.key for service in services if service.type)
    assert len(known) == types
    unknown = {service.type_label for service in services if service.type is None}
    assert unknown <= {"special", "fb_eyeslive", "fb_viplike"}

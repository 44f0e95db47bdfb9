"""The demo's catalogue: deterministic, and as mixed as real ones."""

from collections import Counter
from decimal import Decimal

from playground.provider import Provider
from playground.provider.catalogue import NOT_SOLD, demo_catalogue
from playground.provider.service_types import TYPES
from playground.provider.services import Catalogue, Service
from playground.provider.testing import HandClock, call

SERVICES = demo_catalogue()


def test_the_same_seed_gives_the_same_services():
    assert demo_catalogue() == SERVICES
    assert demo_catalogue(2) != SERVICES
    assert demo_catalogue(2)[:27] == SERVICES[:27]


def test_two_documented_and_2000_more_in_80_categories():
    assert len(SERVICES) == 2002
    assert len({raw["category"] for raw in SERVICES[2:]}) == 80
    assert [raw["service"] for raw in SERVICES] == list(range(1, 2003))


def test_all_types_mostly_default():
    types = Counter(raw["type"] for raw in SERVICES)
    assert set(types) == {each.label for each in TYPES}
    assert types["Default"] > 1500
    assert min(types.values()) >= 5


def test_prices_limits_and_flags():
    for raw in SERVICES:
        service = Service.read(raw)
        if raw["rate"] not in {"0", NOT_SOLD}:
            assert Decimal("0.05") <= service.rate <= 40
        assert 1 <= service.minimum <= service.maximum
    for flag in ("refill", "cancel", "dripfeed"):
        assert 200 < sum(bool(raw.get(flag)) for raw in SERVICES) < 1800


def test_names_are_as_untidy_as_real_ones():
    names = [raw["name"] for raw in SERVICES]
    for piece in ("&amp;", "<b>", "🔥", "/-----/", "R30", "30 days refill"):
        assert any(piece in name for name in names), piece
    assert len({len(raw.get("desc", "")) for raw in SERVICES}) > 100


def test_a_captured_catalogue_is_served_as_it_is():
    captured = [
        {
            "service": "ab-1",
            "name": "Likes",
            "type": "default",
            "rate": 9600,
            "min": 0,
            "max": 0,
            "category": None,
        },
        {
            "service": "2",
            "name": "Post",
            "type": "Packages",
            "rate": "1.5",
            "min": "1000",
            "max": 1000,
        },
    ]
    provider = Provider(catalogue=captured, clock=HandClock(), balance="1000")
    assert call(provider, "services") == captured
    link = "https://example.org/page"
    assert call(provider, "add", service="ab-1", link=link, quantity=10) == {"order": 23501}
    assert call(provider, "add", service=2, link=link) == {"order": 23502}
    assert provider.balance == Decimal("902.5")


def test_changes_and_removal():
    catalogue = Catalogue(SERVICES)
    catalogue.change("1", {"rate": "2.5", "min": 1, "removed": False})
    assert (catalogue.find("1").rate, catalogue.find("1").minimum) == (Decimal("2.5"), 1)
    catalogue.change("1", {"removed": True})
    assert len(catalogue) == 2001
    assert SERVICES[0]["rate"] == "0.90"


def test_a_changed_price_does_not_touch_orders_under_way():
    clock = HandClock()
    provider = Provider(clock=clock)
    call(provider, "add", service=1, link="https://example.org/page", quantity=1000)
    provider.change_service(1, rate="5")
    clock.pass_by(61)
    assert call(provider, "status", order=23501)["charge"] == "0.90"

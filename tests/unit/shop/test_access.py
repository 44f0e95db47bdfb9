"""Who may buy, and what is sold."""

import pytest

from panel import SERVICE_TYPES
from shop.access import Access, Assortment, Billing, is_sellable
from tests.factories.shop_rows import NOW, service

ADMIN, FRIEND, STRANGER = 1, 2, 3


@pytest.mark.parametrize(
    ("billing", "allowed", "who"),
    [
        (Billing.WALLET, (), {ADMIN, FRIEND, STRANGER}),
        (Billing.WALLET, (FRIEND,), {ADMIN, FRIEND}),
        (Billing.HOUSE, (), {ADMIN}),
        (Billing.HOUSE, (FRIEND,), {ADMIN, FRIEND}),
    ],
)
def test_who_may_shop(billing: Billing, allowed: tuple[int, ...], who: set[int]) -> None:
    access = Access(admins=frozenset({ADMIN}), allowed=frozenset(allowed), billing=billing)
    assert {user for user in (ADMIN, FRIEND, STRANGER) if access.may_shop(user)} == who
    assert [access.is_admin(user) for user in (ADMIN, FRIEND, STRANGER)] == [True, False, False]


@pytest.mark.parametrize(
    ("allow", "deny", "category", "sold"),
    [
        ((), (), "Anything", True),
        (("tiktok*",), (), "TikTok Likes", True),
        (("TIKTOK*",), (), "tiktok likes", True),
        (("tiktok*",), (), "Best TikTok Likes", False),
        (("*tiktok*", "*reels*"), (), "Instagram Reels", True),
        ((), ("*test*",), "A TEST of something", False),
        (("*",), ("*likes*",), "Likes", False),
        (("лайки*",), (), "ЛАЙКИ | ВК", True),
        (("lik?s",), (), "Likes", True),
        (("Followers [Refill]",), (), "Followers [Refill]", True),
        ((), ("followers [refill]*",), "Followers [Refill] | new", False),
        (("[f]*",), (), "Followers", False),
        ((), ("",), "Followers", True),
    ],
)
def test_what_the_operator_sells(allow, deny, category: str, sold: bool) -> None:
    assert Assortment(allow, deny).sells(category) is sold


@pytest.mark.parametrize(
    ("columns", "sellable"),
    [
        ({}, True),
        ({"sold": False}, False),
        ({"hidden_at": NOW}, False),
        ({"type": None}, False),
        ({"type": "a type of a later version"}, False),
        *(({"type": known}, True) for known in SERVICE_TYPES),
    ],
)
def test_what_can_be_ordered_now(columns: dict, sellable: bool) -> None:
    assert is_sellable(service(**columns)) is sellable

"""Who may see and do what: asked on every press."""

import pytest

from handlers import callbacks
from playground.telegram.people import Person
from storage.schema.wallets import ledger
from tests.harness.shop import ADMIN, Shop, open_shop
from tests.harness.walks import CANCELED, place, to_summary

FORGED = [
    callbacks.Categories(page=0),
    callbacks.Services(category=1, page=0),
    callbacks.ServiceCard(service=1, page=0),
    callbacks.StartOrder(service=1),
    callbacks.AnswerChoice(draft=1, step="quantity", value=100),
    callbacks.Confirm(draft=1),
    callbacks.Skip(draft=1),
    callbacks.StepBack(draft=1),
    callbacks.CancelDraft(draft=1),
    callbacks.OrderCard(order=1),
    callbacks.Again(order=1),
    callbacks.Orders(done=0, page=0),
    callbacks.WalletPage(page=0),
    callbacks.TopUpPage(to="home"),
    callbacks.TopUpPage(to="stars"),
    callbacks.AskStars(stars=100),
    callbacks.TopUpPage(to="crypto"),
    callbacks.TopUpPage(to="manual"),
    callbacks.PayMissing(draft=1, method="stars", stars=0),
    callbacks.CryptoAmount(amount=5_000_000),
    callbacks.ManualAmount(amount=5_000_000),
    callbacks.DecideTopUp(top_up=1, yes=1, listed=0),
    callbacks.CancelTopUp(top_up=1),
    callbacks.DecideCrypto(invoice=1, yes=1),
    callbacks.PaymentsPage(user=0, page=0),
    callbacks.GiveBack(payment=1, sure=0),
    callbacks.GiveBack(payment=1, sure=1),
    callbacks.Menu(to="wallet"),
    callbacks.Menu(to="orders"),
    callbacks.Refill(order=1),
    callbacks.AskCancel(order=1),
    callbacks.CancelOrder(order=1),
    callbacks.Parts(order=1, page=0),
    callbacks.SavePreset(order=1),
    callbacks.NamePreset(order=1, keep=1),
    callbacks.UsePreset(preset=1),
    callbacks.DropPreset(preset=1),
    callbacks.Favourite(service=1, page=0, on=1),
    callbacks.FavouritesPage(page=0),
    callbacks.MassPage(mass=1, page=0),
    callbacks.MassConfirm(mass=1),
    callbacks.MassCancel(mass=1),
    callbacks.ChooseType(service=1),
    callbacks.MapType(service=1, type="default"),
    callbacks.ChooseWarranty(service=1),
    callbacks.SetWarranty(service=1, days=30),
    callbacks.MarginsPage(page=0),
    callbacks.MarginRule(margin=1, act="remove"),
    callbacks.AddMargin(scope="service", service=1),
    callbacks.MarginPercent(percent=10),
    callbacks.SaveMargin(key=1),
    callbacks.CouponCode(),
    callbacks.CouponsPage(page=0),
    callbacks.CouponCard(coupon=1),
    callbacks.EndCoupon(coupon=1, sure=1),
    callbacks.WriteCoupon(),
    callbacks.SwitchCoupons(on=1),
    callbacks.Invite(),
    callbacks.SwitchInvitations(on=1),
    callbacks.SetInvitations(percent=5, cap=20),
    callbacks.TriagePage(page=0),
    callbacks.TriageOrder(order=1),
    callbacks.ItExists(order=1),
    callbacks.CheckId(order=1, evidence=0),
    callbacks.ConfirmExists(evidence=1),
    callbacks.ItDoesNot(order=1, seen=0, sure=1),
]

OF_OTHERS = [data for data in FORGED if hasattr(data, "draft") or hasattr(data, "order")]


@pytest.fixture
async def closed(tmp_path):
    """A shop for Ann only."""
    async with open_shop(tmp_path, allowed_user_ids=frozenset({1001})) as opened:
        yield opened


def nothing_is_shown(person: Person) -> bool:
    shown = person.transcript()
    return not any(
        word in shown for word in ("$", "Podcast", "New order", "My orders", "Order #", "👛")
    )


async def test_strangers_are_told_politely_and_see_nothing(closed: Shop) -> None:
    eve = closed.person(666, "Eve")
    for text in (
        "/start",
        "/order",
        "/orders",
        "/wallet",
        "/balance",
        "/help",
        "/cancel",
        "hello",
        "/start s_1",
    ):
        await eve.say(text)
        assert eve.last.from_bot
    assert nothing_is_shown(eve)
    assert "invited people only" in eve.transcript()


@pytest.mark.parametrize("data", FORGED, ids=lambda data: type(data).__name__)
async def test_a_forged_button_shows_a_stranger_nothing(closed: Shop, data) -> None:
    ann = closed.person()
    await place(ann)
    eve = closed.person(666, "Eve")
    await eve.say("/start")
    await eve.forge(data.pack())
    assert eve.answers[-1].text
    assert nothing_is_shown(eve)
    assert len(await closed.rows()) == 1


@pytest.mark.parametrize(
    "data",
    [data for data in FORGED if hasattr(data, "draft") or hasattr(data, "order")],
    ids=lambda d: type(d).__name__,
)
async def test_other_peoples_ids_show_and_change_nothing(shop: Shop, data) -> None:
    ann = shop.person()
    await place(ann)
    await to_summary(ann, link="https://ann.example/secret")
    bob = shop.person(1002, "Bob")
    await bob.say("/start")
    forged = data.model_copy(update={"draft": 2}) if hasattr(data, "draft") else data
    await bob.forge(forged.pack())
    assert bob.answers[-1].text
    assert "secret" not in bob.transcript()
    assert len(await shop.rows()) == 1


async def test_somebody_who_lost_their_right_sees_no_old_order(tmp_path) -> None:
    async with open_shop(tmp_path) as shop:
        await place(shop.person())
    async with open_shop(tmp_path, allowed_user_ids=frozenset({1002})) as shop:
        ann = shop.person()
        await ann.say("/start")
        await ann.forge(callbacks.OrderCard(order=1).pack())
        assert "invited people only" in ann.toast


async def test_admin_commands_do_not_exist_for_customers(shop: Shop) -> None:
    ann = shop.person()
    for text in ("/sync", "/credit 1001 5 gift", "/debit 1001 5 gift"):
        await ann.say(text)
        assert "I didn't get that" in ann.last.text
    await ann.say("/wallet")
    assert "👛 $10.00" in ann.last.text


async def test_a_customers_balance_never_asks_the_provider(shop: Shop) -> None:
    ann = shop.person()
    asked = shop.provider.calls["balance"]
    await ann.say("/balance")
    assert "Your balance: $10.00" in ann.last.text
    assert not shop.app.features.provider.services.watch.bells.balance.is_set()
    assert shop.provider.calls["balance"] == asked


async def test_where_the_house_pays_there_are_no_wallets(house: Shop) -> None:
    ann = house.person()
    await ann.say("/start")
    assert "Wallet" not in ann.last.labels
    await ann.say("/wallet")
    assert "no wallets" in ann.last.text
    await to_summary(ann)
    assert "Paid by the house" in ann.last.text
    assert "$0.12" in ann.last.text  # the provider's price, whatever the margin
    await ann.press("Confirm", message=ann.last)
    await house.work()
    assert ann.sees("Accepted")
    await house.check_money()


async def test_where_the_house_pays_strangers_may_not_order(house: Shop) -> None:
    eve = house.person(666, "Eve")
    await eve.say("/order")
    assert nothing_is_shown(eve)


async def test_where_the_house_pays_and_nobody_is_named_only_admins_order(tmp_path) -> None:
    async with open_shop(tmp_path, billing="house") as shop:
        ann, olga = shop.person(), shop.admin
        await ann.say("/order")
        assert nothing_is_shown(ann)
        await place(olga)
        assert len(await shop.rows()) == 1


async def test_where_the_house_pays_nobody_has_a_wallet_to_be_welcomed_with(house: Shop) -> None:
    await house.person().say("/start")
    assert await house.rows(ledger) == []


async def test_the_operator_chooses_what_is_sold(tmp_path) -> None:
    async with open_shop(
        tmp_path, category_allow=("*visits*", "try*"), category_deny=("TRY these*",)
    ) as shop:
        ann = shop.person(ADMIN, "Olga")
        await ann.say("/order")
        assert not any("Try these first" in label for label in ann.last.labels)
        await ann.forge(callbacks.ServiceCard(service=6, page=0).pack())
        assert "not available" in ann.toast


async def test_groups_are_told_to_write_in_private(shop: Shop) -> None:
    group = shop.api.group(-100, "Staff")
    ann = shop.person()
    message = shop.api.new_message(group, ann.as_user(), {"text": "/order", "entities": []})
    await shop.api.deliver("message", message)
    texts = [message.get("text", "") for message in group.messages.values()]
    assert "private chat only" in texts[-1]


async def test_where_the_house_pays_a_refund_is_the_houses(house: Shop) -> None:
    ann = house.person()
    await place(ann, CANCELED)
    for _ in range(20):
        await house.work(6)
    assert "back to the house" in ann.last.text
    assert "wallet" not in ann.last.text
    (order,) = await house.rows()
    assert order.refunded == order.price
    await house.check_money()

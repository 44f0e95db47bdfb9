"""Makes the fixture of an upgrade: a small shop with something of everything, and everybody's chat
full of buttons.

    python -m tests.harness.upgrade_walk            what stands in tests/upgrade/, made anew by
    today's code
    python -m tests.harness.upgrade_walk --answers  only the answers: those that today's code gives
    on what stands there

The first is done before a change that a running shop must survive: a fixture that was made after it
shows nothing. The second is for a text that was changed on purpose; the difference is what a
reviewer reads.
"""

import asyncio
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.telegram import aiogram_patches
from playground.crypto import CryptoBot
from playground.provider.testing import HandClock
from playground.telegram.people import Person
from tests.harness.shop import Shop, open_shop
from tests.harness.upgrade import (
    ADMINS,
    BALANCE,
    FOLDER,
    Fixture,
    Row,
    answers_of,
    keep_chats,
    make_provider,
    press,
    put_chats,
    reopen,
    restore_file,
    save_answers,
    typed_answers,
    worker,
)

LINK = "https://example.com/"
PLAYS, PACKAGE, COMMENTS, SUBSCRIPTION = "6", "7", "9", "21"
# What only shows something: pressed wherever it stands, until no new button comes to light.
_SHOWS = frozenset(
    {
        *(
            "m",
            "c",
            "d",
            "s",
            "v",
            "l",
            "i",
            "w",
            "ty",
            "wa",
            "sp",
            "mp",
            "fl",
            "se",
            "tu",
            "tb",
            "mg",
            "mr",
            "cb",
            "cc",
        ),
        *("ia", "xa", "xb", "cn", "xd", "xq", "ag", "yb", "ma", "ce", "ca", "ms", "ps", "g", "pu"),
    }
)
# their last number says whether it is sure
_ASKS_FIRST = frozenset({"tc", "cd", "xf", "ya", "yc", "yd", "xu", "xn"})
_MOST = 60  # presses of one person on the search


class Walk:
    """Everybody, and every button that has stood in their chats, in the order in which it came."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.presses: dict[tuple[int, str], Row] = {}
        told = shop.api.change.notify

        def notify() -> None:
            told()
            self.look()

        shop.api.change.notify = notify  # type: ignore[method-assign]

    def look(self) -> None:
        for person in list(self.shop.api.people.values()):
            for view in person.from_bot:
                for button in (button for row in view.buttons for button in row):
                    if button.kind == "callback_data":
                        known = {
                            "by": person.id,
                            "message": view.id,
                            "data": button.value,
                            "label": button.text,
                        }
                        self.presses[person.id, button.value] = known

    async def search(self, person: Person) -> None:
        """Press what only shows something, everywhere, and so find more."""
        pressed: set[str] = set()
        while len(pressed) < _MOST:
            waiting = [
                one
                for (by, data), one in self.presses.items()
                if by == person.id and data not in pressed
            ]
            shows = [one for one in waiting if _only_shows(one["data"])]
            if not shows:
                return
            pressed.add(shows[0]["data"])
            await press(self.shop, shows[0])


def _only_shows(data: str) -> bool:
    prefix, *rest = data.split(":")
    if prefix == "mr":
        return rest[-1] in {"show", "ask"}
    if prefix == "tu":
        return rest[-1] == "home"
    return prefix in _SHOWS or (prefix in _ASKS_FIRST and rest[-1] == "0" and prefix != "xu")


async def _to_summary(
    person: Person, service: str = PLAYS, link: str = "", quantity: str = "100"
) -> None:
    await person.say(f"/start s_{service}")
    await person.press("Order" if person.language_code == "en" else "Заказать", message=person.last)
    await person.say(LINK + link)
    if service == COMMENTS:
        await person.say("Great!\nLove it")
    elif service != PACKAGE:
        await person.say(quantity)
    if skip := [label for label in person.last.labels if label in {"Skip", "Пропустить"}]:
        await person.press(skip[0], message=person.last)


async def _place(
    person: Person, service: str = PLAYS, link: str = "", quantity: str = "100"
) -> None:
    await _to_summary(person, service, link, quantity)
    await person.press(
        "Confirm" if person.language_code == "en" else "Подтвердить", message=person.last
    )


async def _customers(shop: Shop) -> None:
    """Orders in every state, of Ann and of Boris."""
    ann, boris, olga = shop.person(), shop.person(1002, "Борис", "ru"), shop.admin
    await olga.say("/start")
    await shop.person(1004, "Pavel", "ru").say("/start")
    for person in (ann, boris):
        await person.say("/start")
        await shop.credit(person.id, "500")
    ends = {
        "pending": ("Pending", 100),
        "processing": ("Processing", 100),
        "in_progress": ("In progress", 60),
        "completed": ("Completed", 0),
        "partial": ("Partial", 40),
        "canceled": ("Canceled", 100),
        "failed": ("Error", 100),
        "unclear": ("Partial", 0),
        "odd": ("Waiting for stars", 100),
        "refillable": ("Completed", 0),
        "stands": ("Partial", 40),
        "cancelable": ("In progress", 90),
        "gone": ("In progress", 50),
    }
    for link in ends:
        await _place(ann, link=link)
        await shop.submit()
    await _place(boris, PACKAGE, link="package")
    await _place(boris, COMMENTS, link="reviews")
    await _subscribe(ann)
    await _drip(ann)
    await shop.work(30)
    for row in await shop.rows():
        status, remains = ends.get(row.link.removeprefix(LINK), ("In progress", None))
        shop.provider.force_order(row.provider_order_id, status, remains=remains)
        if row.link.endswith("unclear"):
            shop.provider.order(row.provider_order_id).net = Decimal(0)
    await _poll(shop)
    for row in await shop.rows():
        # something was given back, and now it is delivered after all
        if row.link.endswith("stands"):
            shop.provider.force_order(row.provider_order_id, "Completed", remains=0)
    await _poll(shop)
    await _after_the_sale(shop, ann)
    await _place(boris, COMMENTS, link="dearer")
    shop.provider.change_service(COMMENTS, rate="12.00")
    await shop.sync()
    await shop.submit()  # its customer is asked
    await shop.notify()
    await _refused_and_lost(shop, ann)


async def _poll(shop: Shop) -> None:
    shop.pass_time(60)
    await shop.app.features.fulfilment.tracker.look(
        [row.id for row in await shop.rows() if row.provider_order_id]
    )
    await shop.notify()


async def _subscribe(ann: Person) -> None:
    await ann.say(f"/start s_{SUBSCRIPTION}")
    await ann.press("Order", message=ann.last)
    for answer in ("@anna", "<10 ·>", "20", "<30 min>", "3", "2", "<Skip>"):
        await (
            ann.press(answer.strip("<>"), message=ann.last)
            if answer.startswith("<")
            else ann.say(answer)
        )
    await ann.press("Confirm", message=ann.last)


async def _drip(ann: Person) -> None:
    await ann.say(f"/start s_{PLAYS}")
    await ann.press("Order", message=ann.last)
    for answer in (f"{LINK}drip", "100", "<× 3>", "<1 h ·>"):
        await (
            ann.press(answer.strip("<>"), message=ann.last)
            if answer.startswith("<")
            else ann.say(answer)
        )
    await ann.press("Confirm", message=ann.last)


async def _after_the_sale(shop: Shop, ann: Person) -> None:
    shop.pass_time(86_400 * 2)
    rows = {row.link.removeprefix(LINK): row for row in await shop.rows()}
    await ann.forge(f"rf:{rows['refillable'].id}")
    await shop.request()
    shop.provider.fault("drop_after", "refill")
    await ann.forge(f"rf:{rows['stands'].id}")
    await shop.request()
    shop.provider.fault("refuse", "cancel", text="Too late")
    await ann.forge(f"cy:{rows['in_progress'].id}")
    await shop.request()
    await ann.forge(f"cy:{rows['cancelable'].id}")
    await ann.say(f"/status {rows['pending'].id} {rows['gone'].id}")
    await shop.request()
    await shop.notify()
    await ann.forge(f"rf:{rows['completed'].id}")  # this one waits
    await ann.say(f"/refill {rows['partial'].id} 999")


async def _refused_and_lost(shop: Shop, ann: Person) -> None:
    shop.provider.fault("refuse", "add", text="This link is not allowed")
    await _place(ann, link="rejected")
    await shop.work(60)
    for fault in ("drop_after", "drop_before"):
        shop.provider.fault(fault, "add")
        await _place(ann, link=fault)
        await shop.submit()
        shop.pass_time(5)
        await (
            shop.app.features.fulfilment.tracker.sweep()
        )  # a read answers, and the next order is sent
    await shop.notify()
    await ann.say("/settings")
    await _place(ann, link="submitting")
    await _place(ann, link="queued")
    await _place(ann, link="waiting")


async def _money(shop: Shop, crypto: CryptoBot) -> None:
    ann, boris, cleo = shop.person(), shop.person(1002), shop.person(1005, "Cleo")
    olga = shop.admin
    await olga.say("/coupons on")
    await olga.say("/coupons GIFT 5.00 total 2")
    await olga.say("/coupons SPRING 20% below-cost")
    await olga.say("/invitations on")
    await olga.say("/invitations 10% cap 20")
    await ann.say("/coupon gift")
    await ann.say("/coupon nonsense")
    await boris.say("/coupon SPRING")
    await ann.say("/invite")
    payload = next(text.split("?start=")[1].split()[0] for text in _texts(ann) if "?start=" in text)
    await cleo.say(f"/start {payload}")
    for person, stars in ((ann, 250), (ann, 100), (boris, 500), (cleo, 100)):
        await person.forge(f"ta:{stars}")
        await person.pay()
    await shop.notify()
    await ann.forge("ta:100")  # an invoice that nobody has paid
    await _place(cleo, link="shared", quantity="1000")
    await ann.charge_back()
    await olga.forge("tc:1:1")
    await shop.app.features.payments.refunder.step()
    await olga.forge("tc:3:1")  # waits for Telegram
    for person in (ann, boris, cleo):
        await person.forge("tf:10000000")
    await shop.notify()
    await olga.forge("tr:1:0:0")
    await olga.forge("tr:2:1:0")
    await cleo.forge("tx:3")
    await ann.forge("tf:7000000")
    await _crypto(shop, crypto, ann)
    await olga.say("/margins")
    await olga.forge("ma:service:6")
    await olga.say("25% + 0.10 min 0.20")
    await olga.press("Save", message=olga.last)
    await olga.forge("ma:category:0")
    await olga.say("try*")
    await olga.press("25", message=olga.last)
    await olga.press("Save", message=olga.last)
    await olga.say("/credit 1002 2 a present")
    await olga.say("/debit 1002 1 a mistake")


async def _crypto(shop: Shop, crypto: CryptoBot, ann: Person) -> None:
    till = shop.app.features.payments.crypto
    assert till is not None
    for amount in (5_000_000, 6_000_000, 8_000_000):
        await ann.forge(f"te:{amount}")
    shop.pass_time(20)
    await till.step()
    first, second = sorted(crypto.invoices)[:2]
    crypto.pay(first)
    crypto.pay(second)
    crypto.invoices[second].amount = Decimal(600)  # not as ours was: an admin is asked
    shop.pass_time(20)
    await till.step()
    await shop.notify()


def _texts(person: Person) -> list[str]:
    return [view.text for view in reversed(person.from_bot)]


async def _shelves(shop: Shop) -> None:
    """Favourites, presets, mass orders, settings, half-written drafts."""
    ann, boris = shop.person(), shop.person(1002)
    await ann.forge("fv:6:0:1")
    await ann.forge("fv:7:0:1")
    await ann.forge("pn:1:1")
    await ann.forge("ps:2")
    await ann.say("Every week")
    for words in (
        f"{PLAYS} | {LINK}m1 | 100\n{PLAYS} | {LINK}m2 | 200\nfoo | x | 3",
        f"{PLAYS} | {LINK}m3 | 100",
    ):
        await ann.say("/mass")
        await ann.say(words)
    await ann.forge("mo:1")
    await shop.place()
    await shop.notify()
    await boris.say("/mass")
    await boris.say(f"{PLAYS} | {LINK}m4 | 100\n{PACKAGE} | {LINK}m5")
    await boris.say("/mass")
    await boris.say(f"{PLAYS} | {LINK}m6 | 100")
    await boris.press("Отмена", message=boris.last)
    await boris.forge("mo:3")  # its lines are orders when a worker has looked
    await boris.forge("qh:22:8")
    await boris.forge("qc:1620")
    await boris.forge("qp:ends")
    await ann.say("/support Where is my order?")
    await shop.notify()
    await ann.say("/delete_me")
    await ann.say("/mydata")
    await _to_summary(ann, link="draft", quantity="1500")
    await _to_summary(shop.person(1006, "Poor"), link="too-much", quantity="50000")
    await shop.person(1006).say("/delete_me")
    await shop.admin.say("/order")
    await shop.admin.forge("ty:1")
    await shop.admin.forge("ws:6:30")


async def _alerts(shop: Shop) -> None:
    """Questions to the admins about the shop as a whole."""
    olga = shop.admin
    shop.provider.change_service("10", type="Something New")
    shop.provider.change_service("12", rate="400.00")
    shop.provider.change_service("13", removed=True)
    await shop.app.features.catalogue.services.synchroniser.sync()
    shop.provider.set_balance(BALANCE)
    await shop.app.features.provider.services.watch.refresh()
    await shop.app.features.recovery.stuck.step()
    lost = next(row.id for row in await shop.rows() if row.link.endswith("drop_after"))
    await olga.forge(f"xc:{lost}")
    await olga.say(str(max(shop.provider.book.orders)))
    await shop.app.features.recovery.services.checker.step()
    await shop.notify()
    for words in (
        "/triage",
        "/balance",
        "/sync",
        "/topups",
        "/payments",
        "/margins",
        "/coupons",
        "/invitations",
    ):
        await olga.say(words)


# What is awaited as a text: who, the way there, what is typed.
_STATES: tuple[tuple[int, str, tuple[str, ...], str], ...] = (
    (1101, "how many", (f"/start s_{PLAYS}", "<Order>", f"{LINK}a"), "150"),
    (1102, "a link", (f"/start s_{PLAYS}", "<Order>"), f"{LINK}b"),
    (1103, "comments", (f"/start s_{COMMENTS}", "<Order>", f"{LINK}c"), "Great!\nLove it"),
    (1104, "a coupon", ("/wallet", "<I have a code>"), "gift"),
    (1105, "one's clock", ("/settings", "<Clock>"), "17:30"),
    (1106, "lines of a mass order", ("/mass",), f"{PLAYS} | {LINK}d | 100"),
    (1107, "an amount in Stars", ("/wallet", "<Top up>", "<Telegram Stars>"), "300 stars"),
    (1108, "an amount of crypto", ("/wallet", "<Top up>", "<Crypto>"), "12.50"),
    (1109, "an amount by hand", ("/wallet", "<Top up>", "<Ask us>"), "12.50"),
    (
        1110,
        "an amount, then the order",
        (f"/start s_{PLAYS}", "<Order>", f"{LINK}e", "#tu:stars", "300 stars"),
        "150",
    ),
    (1201, "a coupon's line", ("/coupons", "#ce"), "SUMMER 10%"),
    (1202, "a margin's service", ("/margins", "#ma:service:0"), "7"),
    (1203, "a margin's categories", ("/margins", "#ma:category:0"), "try*"),
    (1204, "a margin's numbers", ("/margins", "#ma:service:7"), "30%"),
    (1205, "an id at the provider", ("/triage", "#xc:{drop_after}"), "23999"),
    (1206, "how much was not delivered", ("/triage", "#yb:{unclear}:0"), "40"),
)


async def _conversations(shop: Shop, fixture: Fixture) -> None:
    ids = {row.link.removeprefix(LINK): row.id for row in await shop.rows()}
    for number, awaited, way, words in _STATES:
        person = shop.person(number, f"Person {number}")
        await person.say("/start")
        for step in way:
            if step.startswith("<"):
                await person.press(step.strip("<>"), message=person.last)
            elif step.startswith("#"):
                await person.forge(step.removeprefix("#").format(**ids))
            else:
                await person.say(step)
        fixture.typed.append({"by": number, "awaited": awaited, "text": words})
    dora = shop.person(1111, "Dora")  # an order, whose preset's name is awaited
    await dora.say("/start")
    await _place(dora, link="f", quantity="20")
    order = (await shop.rows())[-1].id
    await dora.forge(f"ps:{order}")
    fixture.typed.append({"by": dora.id, "awaited": "a preset's name", "text": "Mondays"})
    await worker(shop, "commands").step()
    for person in (1001, 1002, 1003):
        commands = shop.api.profile.commands_for(person, shop.person(person).language_code)
        names = [command["command"] for command in commands]
        fixture.typed += [
            {"by": person, "awaited": f"/{name}", "text": f"/{name}"} for name in names
        ]
    await shop.person(1112, "Emil").say("/mass")
    await shop.person(1112).say(f"{PLAYS} | {LINK}long | 100\n" * 140)  # more may come of it


_BY_HAND = """
UPDATE orders SET state = 'submitting', lease_owner = 'a process that died', submitted_at = not_before,
    lease_until = not_before WHERE link = 'https://example.com/submitting';
INSERT INTO order_events (order_id, state, note, at)
    SELECT id, 'submitting', '', not_before FROM orders WHERE state = 'submitting';
UPDATE orders SET missing_since = changed_at WHERE link = 'https://example.com/gone';
UPDATE orders SET waiting = 'no_funds', waits_since = not_before WHERE link = 'https://example.com/waiting';
INSERT INTO updates (id, user_id, owner, until, done_at)
    SELECT 77001, 1001, 'a process that died', max(created_at), max(created_at) FROM orders;
INSERT INTO updates (id, user_id, owner, until) SELECT 77002, 1001, 'a process that died', max(created_at) FROM orders;
"""  # noqa: E501


async def make() -> Fixture:
    crypto = CryptoBot()
    with TemporaryDirectory() as folder:
        file = Path(folder, "shop.db")
        provider, hand = make_provider()
        book = Book(provider, hand)
        fixture = Fixture(revision="", now="", sql="")
        async with open_shop(folder, provider, crypto, admin_ids=frozenset({1003, 1004})) as shop:
            shop.provider_clock = hand
            shop.api.clock = lambda: shop.clock().timestamp()
            walk = Walk(shop)
            await shop.app.deps.leadership.heartbeat()
            await _customers(shop)
            await _money(shop, crypto)
            await _shelves(shop)
            await _alerts(shop)
            for person in (shop.person(), shop.person(1002), shop.admin):
                await walk.search(person)
            now = shop.clock.now
            keep_chats(shop, fixture)
            presses = walk.presses
        async with open_shop(folder, provider, crypto, admin_ids=ADMINS) as shop:
            shop.clock.now = now + timedelta(minutes=1)
            shop.api.clock = lambda: shop.clock().timestamp()
            await worker(shop, "margins").step()
            put_chats(shop, fixture)
            walk = Walk(shop)
            walk.presses = presses
            await _conversations(shop, fixture)
            await shop.check_money()
            fixture.now = (shop.clock.now + timedelta(minutes=1)).isoformat()
            fixture.presses = thinned(walk.presses.values())
            keep_chats(shop, fixture, {one["message"] for one in fixture.presses})
        fixture.orders, fixture.forced, fixture.seconds = book.taken, book.forced(), hand()
        fixture.catalogue = provider.catalogue.raw()
        connection = sqlite3.connect(file)
        connection.executescript(_BY_HAND)
        connection.commit()
        (fixture.revision,) = connection.execute(
            "SELECT version_num FROM alembic_version"
        ).fetchone()
        fixture.sql = "\n".join(connection.iterdump()) + "\n"
        connection.close()
        return fixture


def thinned(presses: Iterable[Row]) -> list[Row]:
    """Keep some of each kind of buttons that a person has: forty services differ in a number."""
    kept, counted = [], Counter[tuple[object, str]]()
    for one in presses:
        prefix = one["data"].split(":")[0]
        kind, most = (one["data"], 1) if prefix in _ALL_OF else (prefix, 2)
        person = 0 if one["by"] > _FIRST_OF_STATES else one["by"]
        counted[person, kind] += 1
        if counted[person, kind] <= most:
            kept.append(one)
    return kept


# their fields are words
_ALL_OF = frozenset({"m", "se", "tu", "ma", "mr", "tr", "l", "qp", "t", "ms"})
_FIRST_OF_STATES = 1100


class Book:
    """What the provider took, and when, so that another one has the same orders under the same
    ids.
    """

    def __init__(self, provider: Any, clock: HandClock) -> None:
        self.taken: list[Row] = []
        self._provider, self._clock, self._answer = provider, clock, provider.answer
        provider.answer = self._listen

    def _listen(self, fields: Mapping[str, str], *args: Any, **how: Any) -> Any:
        before = len(self._provider.book.orders)
        reply = self._answer(fields, *args, **how)
        if fields.get("action") == "add" and len(self._provider.book.orders) > before:
            self.taken.append({"at": self._clock(), "add": dict(fields)})
        return reply

    def forced(self) -> list[Row]:
        self._provider.catch_up()
        return [
            {
                "id": str(order.number),
                "status": str(order.fixed.status),
                "remains": order.fixed.remains,
            }
            for order in self._provider.book.orders.values()
            if order.fixed
        ]


async def main() -> None:
    if "--answers" not in sys.argv:
        (await make()).save(FOLDER)
    fixture = Fixture.load()
    with TemporaryDirectory() as folder:
        answers = await answers_of(fixture, Path(folder))
    with TemporaryDirectory() as folder:
        restore_file(fixture, Path(folder, "shop.db"))
        async with reopen(fixture, Path(folder)) as shop:
            answers |= await typed_answers(fixture, shop)
    save_answers(answers)


if __name__ == "__main__":
    aiogram_patches.prepare()
    asyncio.run(main())

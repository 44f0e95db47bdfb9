"""Whatever happens in whatever order, and wherever it is cut off: the books agree, and nobody has
what is not theirs.

Hypothesis makes up the sequences. Its choices are the same in every run, so that a red build tells
of the change that it was built for, and a failure is not made smaller, which takes minutes.
`MONEY_EXAMPLES=500` looks at that many others, made up anew, and makes a failure small.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.exc import SQLAlchemyError

from shop.catalogue.service_holds import ServiceHolds
from shop.errors import ShopError
from storage.enums import AT_PROVIDER, OrderState, PaymentState, RequestKind, TopUpState
from storage.schema.orders import orders
from storage.schema.payments import coupon_uses, invitations, payments, top_ups
from storage.schema.wallets import ledger, wallets
from tests.chaos.ends import CRASHES, WordsAboutEnds
from tests.chaos.saboteur import Crash, Killed, Saboteur
from tests.factories.entry_keys import entry_key
from tests.harness.books import differences
from tests.harness.till import ANN, BOB, Till, crypto_paid, expected, stars_paid
from tests.harness.world import ADMINS, PLAYS, World
from tests.integration.conftest import fresh_copy

LONG = int(os.environ.get("MONEY_EXAMPLES", "0"))
EXAMPLES, STEPS = LONG or 4, 40
READ = (wallets, orders, payments, top_ups, coupon_uses, invitations, ledger)
PEOPLE = st.sampled_from([ANN, BOB])
ADMIN = ADMINS[0]
REFUSED = '{"error": "Link is private"}'


class MoneyMachine(WordsAboutEnds, RuleBasedStateMachine):
    """Each rule is something that people, the provider or Telegram do.

    Cut off by a crash, they do it again.
    """

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__()
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        self.drafts: list[tuple[int, int]] = []
        self.charges: dict[str, Any] = {}
        self.by_hand: Counter[int] = Counter()
        self.corrections = 0
        self.owed: Counter[int] = Counter()
        self.late = 0
        self.runner.run(self._open(url, folder))

    async def _open(self, url: str, folder: Path) -> None:
        self.database = await self.stack.enter_async_context(fresh_copy(url, folder))
        self.world = World(self.database)
        self.stack.push_async_callback(self.world.panel.aclose)
        await self.world.synchroniser.sync()
        self.till = Till(self.world)
        await self.till.open()
        for user in (ANN, BOB):
            await self.world.accepted(PLAYS, user, link=f"https://example.com/of-{user}")
        self.saboteur = Saboteur(self.database)
        await self._check()

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    # How things are done

    def act(self, work: Callable[[], Awaitable[Any]], crash: Crash | None) -> Any:
        """Do something; after a crash do it again.

        Give what came of it, a ShopError if that is what they were told.
        """
        return self.runner.run(self._act(work, crash))

    async def _act(self, work: Callable[[], Awaitable[Any]], crash: Crash | None) -> Any:
        if crash is not None:
            try:
                with self.saboteur.during(crash):
                    await work()
            except (Killed, SQLAlchemyError, ShopError):
                pass
            await self._come_back(crash)
        try:
            return await work()
        except ShopError as error:
            return error

    async def _come_back(self, crash: Crash) -> None:
        if crash.kills:
            self.world.submitter, self.world.tracker = (
                self.world.another_submitter(),
                self.world.another_tracker(),
            )
            await self.world.submitter.recover(everything=True)
        else:
            self.world.pass_time(600)
            await self.world.submitter.recover_lapsed()

    def pick(self, data: st.DataObject, table: Any, states: Collection[str] = ()) -> Any:
        """Choose a row, mostly one in such a state; None where there is none."""
        found = self.seen[table.name]
        wanted = [row for row in found if row.state in states]
        if wanted and data.draw(st.integers(0, 4)):
            found = wanted
        return data.draw(st.sampled_from(found)) if found else None

    def some(self, table: Any, states: Collection[str]) -> bool:
        return any(row.state in states for row in self.seen[table.name])

    # Paying in

    @rule(
        user=PEOPLE,
        stars=st.integers(1, 60),
        method=st.sampled_from(["stars", "crypto", "unknown"]),
        crash=CRASHES,
    )
    def pay(self, user: int, stars: int, method: str, crash: Crash | None) -> None:
        charge, at = f"charge-{len(self.charges)}", self.world.clock()
        if method == "crypto":
            invoice = self.runner.run(self.till.top_ups.ask_crypto(user, stars * 10_000))
            receipt = crypto_paid(user, charge, at, invoice.id, invoice.amount)
        elif method == "stars":
            receipt = stars_paid(
                user,
                charge,
                at,
                self.runner.run(self.till.top_ups.ask_stars(user, stars)).id,
                stars,
            )
        else:
            receipt = stars_paid(user, charge, at, None, stars)
        self.charges[receipt.charge_id] = receipt
        self.act(lambda: self.till.payments.credit(receipt), crash)

    @precondition(lambda self: self.charges)
    @rule(data=st.data(), same=st.booleans(), crash=CRASHES)
    def pay_once_more(self, data: st.DataObject, same: bool, crash: Crash | None) -> None:
        """Either the same news again, or the same invoice paid again."""
        receipt = data.draw(st.sampled_from(list(self.charges.values())))
        if not same:
            receipt = replace(receipt, charge_id=f"{receipt.charge_id}+{len(self.charges)}")
            self.charges[receipt.charge_id] = receipt
        self.act(lambda: self.till.payments.credit(receipt), crash)

    @precondition(lambda self: self.some(payments, {PaymentState.CREDITED}))
    @rule(data=st.data(), crash=CRASHES)
    def ask_for_a_refund(self, data: st.DataObject, crash: Crash | None) -> None:
        if payment := self.pick(data, payments, {PaymentState.CREDITED}):
            self.act(lambda: self.till.payments.ask_refund(payment.id, ADMIN), crash)

    @precondition(lambda self: self.some(payments, {PaymentState.REFUNDING}))
    @rule(data=st.data(), crash=CRASHES)
    def refuse_a_refund(self, data: st.DataObject, crash: Crash | None) -> None:
        if payment := self.pick(data, payments, {PaymentState.REFUNDING}):
            self.act(lambda: self.till.payments.refund_refused(payment, "no"), crash)

    @precondition(lambda self: self.charges)
    @rule(data=st.data(), crash=CRASHES)
    def take_a_payment_back(self, data: st.DataObject, crash: Crash | None) -> None:
        """A refund that was asked for is done, or it is a chargeback."""
        if payment := self.pick(data, payments, {PaymentState.CREDITED, PaymentState.REFUNDING}):
            self.act(lambda: self.till.payments.taken_back(payment.charge_id), crash)

    @rule(user=PEOPLE, amount=st.integers(-500_000, 300_000).filter(bool), crash=CRASHES)
    def correct_by_hand(self, user: int, amount: int, crash: Crash | None) -> None:
        self.corrections += 1
        key = entry_key(f"manual:{user}:{self.corrections}")
        told = self.act(
            lambda: self.till.wallet.adjust(
                user, amount, reason="a mistake", actor_id=ADMIN, key=key
            ),
            crash,
        )
        self.by_hand[user] += 0 if isinstance(told, ShopError) else amount

    @rule(crash=CRASHES)
    def spend_a_payment_that_is_taken_back(self, crash: Crash | None) -> None:
        """Whoever does that owes the shop."""
        receipt = stars_paid(BOB, f"charge-{len(self.charges)}", self.world.clock(), None, 60)
        self.charges[receipt.charge_id] = receipt
        self.act(lambda: self.till.payments.credit(receipt), None)
        self.order(BOB, 250, double=False, crash=None)
        self.send("taken", None)
        self.act(lambda: self.till.payments.taken_back(receipt.charge_id), crash)

    @rule(data=st.data(), user=PEOPLE, amount=st.integers(1, 500_000), crash=CRASHES)
    def ask_for_a_top_up(
        self, data: st.DataObject, user: int, amount: int, crash: Crash | None
    ) -> None:
        self.act(lambda: self.till.manual.ask(user, amount), crash)
        self.the_books_agree()
        if data.draw(st.booleans()):
            self.decide_a_top_up(data, data.draw(st.booleans()), crash)

    def decide_a_top_up(self, data: st.DataObject, approve: bool, crash: Crash | None) -> None:
        if asked := self.pick(data, top_ups, {TopUpState.OPEN}):
            self._decide(asked, approve, crash)

    def _decide(self, asked: Any, approve: bool, crash: Crash | None) -> None:
        """Two admins press at once, and not the same button."""
        decide = self.till.manual.decide
        self.act(
            lambda: asyncio.gather(
                decide(ADMINS[0], asked.id, approve=approve),
                decide(ADMINS[1], asked.id, approve=not approve),
            ),
            crash,
        )

    @rule(user=PEOPLE, code=st.sampled_from(["OFF", "GIFT"]), crash=CRASHES)
    def redeem(self, user: int, code: str, crash: Crash | None) -> None:
        self.act(lambda: self.till.coupons.redeem(user, code), crash)

    @rule(data=st.data(), crash=CRASHES)
    def deliver_and_share(self, data: st.DataObject, crash: Crash | None) -> None:
        self.hear_of(data, [("Completed", 0, "whole")], None)
        self.act(self.till.invitations.share_all, crash)

    @rule(crash=CRASHES)
    def share(self, crash: Crash | None) -> None:
        """Share what was spent since, and take back what was given back."""
        self.act(self.till.invitations.share_all, crash)

    # Ordering

    def _sell_again(self) -> None:
        """Have an admin look at the service: an absurd charge has it held."""
        service = self.runner.run(self.world.service(PLAYS))
        holds = ServiceHolds(self.world.database, ADMINS, self.world.bells, self.world.clock)
        self.runner.run(holds.sell_again(ADMIN, service.id))

    def _draft(self, user: int, quantity: int) -> int:
        self._sell_again()
        link = f"https://example.com/{len(self.drafts)}"
        draft = self.runner.run(self.world.draft(PLAYS, user, link=link, quantity=quantity))
        self.drafts.append((user, draft))
        return draft

    @rule(user=PEOPLE, quantity=st.integers(10, 800), double=st.booleans(), crash=CRASHES)
    def order(self, user: int, quantity: int, double: bool, crash: Crash | None) -> None:
        draft = self._draft(user, quantity)
        self.act(lambda: self._confirm(user, draft, 2 if double else 1), crash)

    async def _confirm(self, user: int, draft: int, times: int) -> None:
        submit = self.world.ordering.submit
        for said in await asyncio.gather(
            *(submit(user, draft) for _ in range(times)), return_exceptions=True
        ):
            if isinstance(said, BaseException):
                raise said

    @rule(user=PEOPLE, quantity=st.integers(10, 800), stars=st.integers(1, 200), crash=CRASHES)
    def order_and_pay_for_it(
        self, user: int, quantity: int, stars: int, crash: Crash | None
    ) -> None:
        draft, at = self._draft(user, quantity), self.world.clock()
        invoice = self.runner.run(self.till.top_ups.ask_stars(user, stars, draft_id=draft))
        receipt = stars_paid(user, f"charge-{len(self.charges)}", at, invoice.id, stars)
        self.charges[receipt.charge_id] = receipt
        self.act(lambda: self.till.payments.credit(receipt), crash)

    @precondition(lambda self: self.drafts)
    @rule(data=st.data(), crash=CRASHES)
    def confirm_again(self, data: st.DataObject, crash: Crash | None) -> None:
        user, draft = data.draw(st.sampled_from(self.drafts))
        self.act(lambda: self._confirm(user, draft, 1), crash)

    @precondition(lambda self: self.some(orders, {OrderState.QUEUED}))
    @rule(data=st.data(), crash=CRASHES)
    def take_an_order_back(self, data: st.DataObject, crash: Crash | None) -> None:
        if order := self.pick(data, orders, {OrderState.QUEUED}):
            self.act(
                lambda: self.world.aftercare.ask(order.user_id, order.id, RequestKind.CANCEL), crash
            )

    # The provider

    @precondition(lambda self: self.some(orders, {OrderState.QUEUED}))
    @rule(
        answer=st.sampled_from(
            [
                "taken",
                "taken",
                "taken",
                "refused",
                "lost before",
                "lost after",
                "cut",
                "late",
                "late and refused",
            ],
        ),
        crash=CRASHES,
    )
    def send(self, answer: str, crash: Crash | None) -> None:
        line, lost = self.world.line, httpx.ReadTimeout("lost")
        self.world.pass_time(90)

        async def lose(fields: dict[str, str]) -> None:
            raise lost

        async def sleep(fields: dict[str, str]) -> None:
            """This process is away for so long that another one finds the order abandoned."""
            line.before = None
            self.world.pass_time(200)
            self.late += await self.world.another_submitter().recover(everything=False)

        if answer.endswith("refused"):
            line.says["add"] = REFUSED
        if answer.startswith("late"):
            line.before = sleep
        elif answer == "lost before":
            line.says["add"] = lost
        elif answer == "lost after":
            line.after = lose
        line.cut = answer == "cut"
        try:
            self.act(self._send_one, crash)
        finally:
            line.cut, line.after, line.before = False, None, None
            line.says.clear()

    async def _send_one(self) -> None:
        """After a doubt the provider is asked for its balance first: nothing else is sent until it
        has answered.
        """
        sent = self.world.line.count("add")
        while self.world.line.count("add") == sent and await self.world.submitter.step():
            pass

    @precondition(lambda self: self.some(orders, {OrderState.UNKNOWN}))
    @rule(data=st.data(), crash=CRASHES)
    def find_out(self, data: st.DataObject, crash: Crash | None) -> None:
        if order := self.pick(data, orders, {OrderState.UNKNOWN}):
            self._find_out(order, crash)

    def _find_out(self, order: Any, crash: Crash | None) -> None:
        """Two admins look at an unknown order at once, and say what is true."""
        there = [
            str(one.number)
            for one in self.world.provider.book.orders.values()
            if one.link == order.link
        ]
        verdicts = self.till.verdicts

        async def say() -> None:
            for admin in ADMINS:
                if there:
                    await verdicts.mark_existing(order.id, there[0], admin)
                else:
                    await verdicts.mark_missing(order.id, admin)

        self.act(say, crash)

    @precondition(lambda self: self.some(orders, AT_PROVIDER))
    @rule(data=st.data(), crash=CRASHES)
    def give_up_on_an_order(self, data: st.DataObject, crash: Crash | None) -> None:
        """The provider has forgotten its id, and an admin ends it."""
        order = self.pick(data, orders, AT_PROVIDER)
        if order is not None and order.state in AT_PROVIDER:
            self._give_up_on(order, crash)

    def _give_up_on(self, order: Any, crash: Crash | None) -> None:
        long_ago = self.world.clock() - timedelta(hours=2)
        self.runner.run(self._forget(order.id, long_ago))
        self.owed[order.id] = order.price
        verdicts = self.till.verdicts
        self.act(
            lambda: asyncio.gather(*(verdicts.mark_missing(order.id, admin) for admin in ADMINS)),
            crash,
        )

    async def _forget(self, order_id: int, since: datetime) -> None:
        await self.database.write(
            lambda tx: tx.execute(
                orders.update().where(orders.c.id == order_id).values(missing_since=since)
            )
        )

    # What must be true

    @invariant()
    def the_books_agree(self) -> None:
        self.runner.run(self._check())

    async def _check(self) -> None:
        assert await differences(self.database) == []
        self.seen = {table.name: await self.world.rows(table) for table in READ}
        balances = {row.user_id: row.balance for row in self.seen["wallets"]}
        assert balances == expected(self.seen, self.by_hand)
        sent = [order for order in self.seen["orders"] if order.provider_order_id is not None]
        assert {order.id: order.refunded for order in sent} == {
            order.id: self.owed[order.id] for order in sent
        }
        came = self.seen["payments"]
        assert Counter(row.charge_id for row in came) == Counter(self.charges.keys())
        charged_back = {row.user_id for row in came if row.state == PaymentState.CHARGED_BACK}
        assert {user for user, balance in balances.items() if balance < 0} <= charged_back
        links = Counter(order.link for order in self.world.provider.book.orders.values())
        assert all(many == 1 for many in links.values())

    def what_was_seen(self) -> set[str]:
        seen = self.seen
        kinds = (("order", "orders"), ("payment", "payments"), ("top-up", "top_ups"))
        found = {f"{name} {row.state}" for name, table in kinds for row in seen[table]}
        also = {
            "a debt": any(row.balance < 0 for row in seen["wallets"]),
            "a refund of a part": any(0 < row.refunded < row.price for row in seen["orders"]),
            "a discount": any(row.discount for row in seen["orders"]),
            "a use given back": any(row.returned_at for row in seen["coupon_uses"]),
            "a share": any(row.earned for row in seen["invitations"]),
            "a share taken back or written off": any(
                row.reason == "invitation back" for row in seen["ledger"]
            )
            or any(row.written_off for row in seen["invitations"]),
            "a late answer": self.late > 0,
            "an order given up": any(row.settled_by for row in seen["orders"]),
            "a charge that changed": any(row.bookings > 1 for row in seen["orders"]),
            "an answer of an admin": self.answers > 0,
            "a refund taken back": self.taken_back > 0,
        }
        return found | {what for what, happened in also.items() if happened}


def test_no_sequence_of_anything_makes_or_loses_a_millionth(migrated: str, tmp_path: Path) -> None:
    profile = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=not LONG,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        phases=list(Phase) if LONG else [Phase.generate],
    )
    run_state_machine_as_test(lambda: MoneyMachine(migrated, tmp_path), settings=profile)

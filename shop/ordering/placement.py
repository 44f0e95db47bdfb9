"""From a chosen service to a queued order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shop.access import Access, Assortment, Billing, is_sellable
from shop.catalogue.pricing import Prices, Quote, cost_of
from shop.clock import Clock
from shop.errors import (
    BadAnswerError,
    NotFoundError,
    QuoteChangedError,
    ShopError,
    TooLittleMoneyError,
)
from shop.money import LARGEST_UNITS, Money
from shop.ordering import forms
from shop.ordering.agreement import ASKED, REPLACED
from shop.ordering.fields import NO_WORDS, Words
from shop.ordering.overlaps import Overlap, overlap
from shop.orders.cancelling import cancel_unsent
from shop.orders.details import OrderDetails, order_details
from shop.orders.eligibility import Rules
from shop.outbox import notify_card
from shop.promotions.discounts import Discount, coming, use_up
from shop.provider.currencies import is_stopped
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import OrderState
from storage.queries import catalogue as services
from storage.queries import drafts, ledger_keys, orders, wallet
from storage.queries.wallet import Account, InsufficientFundsError
from storage.rows import Draft, Order, ServiceRow

# What is written in the same transaction that opens a form: that its answer is awaited.
Beside = Callable[[Transaction, "Form"], None]


def _nothing(_tx: Transaction, _form: "Form") -> None:
    """Write nothing more."""


@dataclass(frozen=True, slots=True)
class Form:
    """A draft as it stands: what is asked next, and what is known of the price.

    `step` is None when everything is answered. `quantity` and `price` (millionths) are None while
    unknown. `changed` is what the last summary had shown, when that is no longer true. `problem` is
    an answer that stopped being right. `taken` tells of the list that has just been sent.
    `discount` is off the price already. `overlap`: on the link of a complete form an order is still
    in work. `at` is when all this was so.
    """

    draft: Draft
    service: ServiceRow
    step: str | None
    quantity: int | None
    price: int | None
    balance: int
    at: datetime
    pays_from_wallet: bool = True
    changed: Quote | None = None
    problem: BadAnswerError | None = None
    taken: forms.Taken | None = None
    discount: Discount | None = None
    overlap: Overlap | None = None


@dataclass(frozen=True, slots=True)
class Ordering:
    """The customer's side of an order. Every call reads price, limits and rights again.

    `currency` is asked at each use: it is known from the provider's balance and may come after the
    start. `account` is the provider account that orders are agreed to go to.
    """

    database: Database
    access: Access
    assortment: Assortment
    prices: Prices
    currency: Callable[[], str]
    bells: Wakeups
    clock: Clock
    account: str = ""
    rules: Rules = field(default_factory=Rules)

    async def start(
        self,
        user_id: int,
        service_id: int,
        known: Mapping[str, Any] | None = None,
        *,
        beside: Beside = _nothing,
    ) -> Form:
        """Open a draft for a service, with answers that are known already."""

        def transaction(tx: Transaction) -> Form:
            form = self.open(tx, user_id, service_id, known or {})
            beside(tx, form)
            return form

        return await self.database.write(transaction)

    def open(
        self, tx: Transaction, user_id: int, service_id: int, known: Mapping[str, Any]
    ) -> Form:
        """Do the same in the caller's transaction."""
        service = self._service(tx, user_id, service_id)
        fields = forms.belonging(service, known)
        draft_id = drafts.create(
            tx, user_id=user_id, service_id=service_id, fields=fields, now=self.clock()
        )
        return self.look(tx, user_id, draft_id)

    async def form(self, user_id: int, draft_id: int) -> Form:
        """Return the draft as it stands.

        What a complete form shows is what a Confirm will be held to.
        """
        return await self.database.write(self.look, user_id, draft_id)

    async def answer(
        self,
        user_id: int,
        draft_id: int,
        text: str,
        *,
        step: str | None = None,
        words: Words = NO_WORDS,
    ) -> Form:
        """Fill the step that is asked, or the one named.

        A complete form stays as it is without a name.

        `words` are what choices are called in the user's language. Raises BadAnswerError and
        changes nothing when the answer can't be used.
        """

        def transaction(tx: Transaction) -> Form:
            form = self.look(tx, user_id, draft_id)
            asked = step or form.step
            if asked is None:
                return form
            if asked not in forms.steps(form.service, form.draft.fields):
                raise NotFoundError("error-button-old")
            today = self.clock().date()
            filled = forms.read_answer(
                form.service, asked, text, form.draft.fields, today=today, words=words
            )
            form = self._refill(tx, form, {**form.draft.fields, **filled})
            return replace(form, taken=forms.taken(form.service, asked, text, filled))

        return await self.database.write(transaction)

    async def asks_for_text(self, user_id: int, draft_id: int) -> str | None:
        """Name the step that is asked, if a text or a list answers it; None otherwise, or when the
        draft is gone.
        """
        try:
            form = await self.database.read(
                self.look, user_id, draft_id, requote=False, replaced=True
            )
        except NotFoundError:
            return None
        return (
            form.step
            if form.step is not None and forms.takes_text(form.service, form.step)
            else None
        )

    async def skip(self, user_id: int, draft_id: int) -> Form:
        """Pass over the step that is asked, if it is an optional one."""

        def transaction(tx: Transaction) -> Form:
            form = self.look(tx, user_id, draft_id)
            if form.step is None or form.step not in forms.OPTIONAL:
                return form
            return self._refill(tx, form, {**form.draft.fields, **forms.skipped(form.step)})

        return await self.database.write(transaction)

    async def back(
        self, user_id: int, draft_id: int, *, leave: Beside = _nothing
    ) -> tuple[Form, bool]:
        """Ask the last answered step again.

        True: there is none before, and `leave` has been called.
        """

        def transaction(tx: Transaction) -> tuple[Form, bool]:
            form = self.look(tx, user_id, draft_id)
            steps = forms.steps(form.service, form.draft.fields)
            before = steps if form.step is None else steps[: steps.index(form.step)]
            answered = [name for name in before if form.draft.fields.get(name) is not None]
            if not answered:
                leave(tx, form)
                return form, True
            earlier = steps[: steps.index(answered[-1])]
            kept = {name: value for name, value in form.draft.fields.items() if name in earlier}
            return self._refill(tx, form, kept), False

        return await self.database.write(transaction)

    async def cancel(self, user_id: int, draft_id: int) -> None:
        """Throw the draft away. Raises NotFoundError when it is not there to be thrown."""

        def transaction(tx: Transaction) -> None:
            if not drafts.close(tx, draft_id, user_id, self.clock()):
                raise NotFoundError("error-draft-gone")

        await self.database.write(transaction)

    async def submit(
        self, user_id: int, draft_id: int, *, card_message_id: int | None = None
    ) -> OrderDetails:
        """Place the order, once, and return what its card shows: a second Confirm of a draft gives
        the same order.

        `card_message_id` is the message that will show it.

        Draft, money, ledger and order move in one transaction. Raises QuoteChangedError when the
        summary is no longer true, TooLittleMoneyError when the wallet has too little; nothing is
        placed then.
        """

        def transaction(tx: Transaction) -> OrderDetails:
            order = self.place_draft(tx, user_id, draft_id, card_message_id=card_message_id)
            return order_details(tx, order, self.rules, self.clock())

        sheet = await self.database.write(transaction)
        self.bells.submit.set()
        return sheet

    def place_draft(
        self, tx: Transaction, user_id: int, draft_id: int, *, card_message_id: int | None = None
    ) -> Order:
        """Do the same in the caller's transaction, who takes back what was written when it
        raises.
        """
        # a second Confirm waits here and then sees the first one's order
        draft = drafts.lock(tx, draft_id, user_id)
        placed = orders.get_by_draft(tx, draft_id, user_id)
        if placed is not None:
            return placed
        if is_stopped(tx):
            raise ShopError("error-not-selling-now")
        if draft is None or draft.closed_at is not None:
            raise NotFoundError("error-draft-gone")
        self._replace(tx, draft)
        form = self._build(tx, draft, self._service(tx, user_id, draft.service_id), coupons=True)
        if form.step is not None or form.changed is not None or form.draft.quote is None:
            raise QuoteChangedError("summary-changed")
        if not drafts.close(tx, draft_id, user_id, self.clock()):
            raise NotFoundError("error-draft-gone")
        return self._place(tx, form, card_message_id)

    def place_line(
        self,
        tx: Transaction,
        user_id: int,
        service_id: int,
        fields: Mapping[str, Any],
        *,
        price: int,
        mass_id: int,
        agreed: Mapping[str, Any] | None = None,
    ) -> Order:
        """Place a line of a mass order, as a draft that is complete and closed, in the caller's
        transaction.

        `price` (millionths) is what was shown, `agreed` what besides (a Quote). Raises ShopError
        when they are no longer true, when the answers or the wallet no longer do; the caller takes
        back what was written then.
        """
        service, now = self._service(tx, user_id, service_id), self.clock()
        draft_id = drafts.create(
            tx,
            user_id=user_id,
            service_id=service.id,
            fields=fields,
            now=now,
            closed_at=now,
        )
        form = self._build(
            tx, Draft(draft_id, user_id, service.id, dict(fields), None, now), service
        )
        if form.problem is not None:
            raise form.problem
        if form.step is not None or form.price is None:
            raise QuoteChangedError("mass-line-needs-more")
        if form.price != price:
            was, is_now = (Money(amount, self.currency()) for amount in (price, form.price))
            raise QuoteChangedError("mass-line-changed", was=was, now=is_now)
        if agreed and not Quote(**agreed).holds(quote_of(service, form.price, self.currency())):
            raise QuoteChangedError("mass-line-other-service")
        return self._place(tx, form, None, mass_id=mass_id)

    async def agree_again(self, user_id: int, order_id: int, *, beside: Beside = _nothing) -> Form:
        """Open the draft of an order that is not sent because its service has changed: the new
        order takes its place.

        What was agreed before is marked where it has changed. Raises NotFoundError where the order
        does not wait.
        """

        def transaction(tx: Transaction) -> Form:
            order = orders.get(tx, order_id, user_id)
            if order is None or order.state is not OrderState.QUEUED or order.waiting not in ASKED:
                raise NotFoundError("error-nothing-to-agree")
            service = self._service(tx, user_id, order.service_id)
            draft_id = drafts.create(
                tx,
                user_id=user_id,
                service_id=service.id,
                fields=forms.belonging(service, dict.fromkeys(forms.OPTIONAL) | order.fields),
                now=self.clock(),
                replaces=order.id,
                quote=Quote(
                    order.price,
                    service.min,
                    service.max,
                    order.service_name,
                    order.service_type,
                    order.currency,
                ).as_json(),
            )
            form = self.look(tx, user_id, draft_id)
            beside(tx, form)
            return form

        return await self.database.write(transaction)

    def _replace(self, tx: Transaction, draft: Draft) -> None:
        """Take back the order whose place this draft's takes.

        Raises NotFoundError where that has been sent or has ended meanwhile: the new one would be a
        second one.
        """
        if draft.replaces is None:
            return
        order, now = orders.get(tx, draft.replaces, draft.user_id), self.clock()
        if order is None or not cancel_unsent(
            tx, order, now, note="replaced by what was agreed anew", waiting=REPLACED
        ):
            raise NotFoundError("error-replaced-gone", order=str(draft.replaces))
        notify_card(tx, order, now)

    async def again(self, user_id: int, order_id: int, *, beside: Beside = _nothing) -> Form:
        """Open a draft with the same service and answers, ready to confirm.

        What nobody has to answer is passed over, so that a service that can be drip-fed by now asks
        nothing new.
        """

        def transaction(tx: Transaction) -> Form:
            order = orders.get(tx, order_id, user_id)
            if order is None:
                raise NotFoundError("error-order-gone")
            form = self.open(
                tx, user_id, order.service_id, dict.fromkeys(forms.OPTIONAL) | order.fields
            )
            beside(tx, form)
            return form

        return await self.database.write(transaction)

    def _place(
        self,
        tx: Transaction,
        form: Form,
        card_message_id: int | None,
        *,
        mass_id: int | None = None,
    ) -> Order:
        if form.price is None or form.quantity is None:
            raise QuoteChangedError("summary-changed")
        # a payment was taken back: not even what costs nothing
        if form.pays_from_wallet and form.balance < 0:
            raise ShopError("error-in-debt", missing=Money(-form.balance, self.currency()))
        pays = self.access.billing is Billing.WALLET and form.price > 0
        # said before anything is written: such a price may fit no column
        if pays and form.price > form.balance:
            raise self._too_little(form)
        if form.price > LARGEST_UNITS:
            raise ShopError("error-too-dear")
        service, now = form.service, self.clock()
        values = {
            "draft_id": form.draft.id,
            "user_id": form.draft.user_id,
            "service_id": service.id,
            "service_name": service.name,
            "service_type": service.type,
            "fields": form.draft.fields,
            "service_category": service.category,
            "account": self.account,
            "link": forms.target_of(form.draft.fields),
            "quantity": form.quantity,
            "price": form.price,
            "currency": self.currency(),
            "cost": cost_of(service, form.quantity),
            "exchange": self.prices.exchange,
            "billing": self.access.billing,
            "card_message_id": card_message_id,
            "mass_id": mass_id,
            "discount": 0 if form.discount is None else form.discount.amount,
        }
        order = orders.create(tx, values, now)
        if pays:
            try:
                wallet.move(
                    tx,
                    user_id=form.draft.user_id,
                    source=Account.WALLET,
                    target=Account.HOLD,
                    amount=form.price,
                    order_id=order.id,
                    key=ledger_keys.hold(order.id),
                    reason="order",
                    now=now,
                )
            except InsufficientFundsError:
                raise self._too_little(form) from None
        if (
            form.discount
            and form.discount.amount
            and not use_up(tx, form.draft.user_id, order.id, form.discount, now)
        ):
            raise QuoteChangedError("summary-changed")
        return order

    def _quoted(self, form: Form) -> dict[str, Any] | None:
        """Return what a summary of this form shows; None while there is none to show."""
        if form.step is not None or form.price is None:
            return None
        return quote_of(form.service, form.price, self.currency()).as_json()

    def _too_little(self, form: Form) -> TooLittleMoneyError:
        missing = (form.price or 0) - form.balance
        return TooLittleMoneyError(
            "error-too-little-money", missing=Money(missing, self.currency())
        )

    def look(
        self,
        tx: Transaction,
        user_id: int,
        draft_id: int,
        *,
        requote: bool = True,
        replaced: bool = False,
    ) -> Form:
        """Return how a draft stands; `replaced`: the order whose place it takes is taken back
        already.
        """
        draft = drafts.get(tx, draft_id, user_id)
        if draft is None or draft.closed_at is not None:
            raise NotFoundError("error-draft-gone")
        service = self._service(tx, user_id, draft.service_id)
        if replaced:
            form = self._build(tx, draft, service, coupons=True)
        else:
            form = self._build_as_replaced(tx, draft, service)
        if requote and draft.quote != self._quoted(form):
            drafts.fill(tx, draft.id, fields=form.draft.fields, quote=self._quoted(form))
        return _with_overlap(tx, form) if requote else form

    def _build_as_replaced(self, tx: Transaction, draft: Draft, service: ServiceRow) -> Form:
        """Return how a draft stands if the order whose place it takes were taken back: its money
        and coupon are free.
        """
        if draft.replaces is None:
            return self._build(tx, draft, service, coupons=True)
        with tx.begin_nested() as trial:
            self._replace(tx, draft)
            form = self._build(tx, draft, service, coupons=True)
            trial.rollback()
        return form

    def _build(
        self, tx: Transaction, draft: Draft, service: ServiceRow, *, coupons: bool = False
    ) -> Form:
        """Return how a draft stands.

        Lines of mass orders use no coupons: which of them would it be?
        """
        draft = replace(draft, fields=forms.belonging(service, draft.fields))
        at = self.clock()
        quantity = forms.charged_quantity(service, draft.fields)
        price = None if quantity is None else self.prices.of(service, quantity)
        pays_from_wallet = self.access.billing is Billing.WALLET
        discount = None
        if price is not None and coupons and pays_from_wallet:
            cost = self.prices.costs(service, quantity or 0)
            discount = coming(tx, draft.user_id, price, at, cost=cost)
            price -= discount.amount if discount is not None else 0
        step = forms.next_step(service, draft.fields, today=at.date())
        shown = Quote(**draft.quote) if draft.quote else None
        now = None if price is None else quote_of(service, price, self.currency())
        return Form(
            draft=draft,
            service=service,
            step=step,
            quantity=quantity,
            price=price,
            balance=wallet.balance(tx, draft.user_id),
            at=at,
            pays_from_wallet=pays_from_wallet,
            discount=discount,
            changed=shown if shown is not None and (now is None or not shown.holds(now)) else None,
            problem=None
            if step is None
            else forms.problem(service, step, draft.fields, today=at.date()),
        )

    def _refill(self, tx: Transaction, form: Form, fields: Mapping[str, Any]) -> Form:
        """Write new answers; what an earlier summary had shown is void."""
        draft = replace(form.draft, fields=dict(fields), quote=None)
        filled = self._build_as_replaced(tx, draft, form.service)
        drafts.fill(tx, form.draft.id, fields=filled.draft.fields, quote=self._quoted(filled))
        return _with_overlap(tx, filled)

    def _service(self, tx: Transaction, user_id: int, service_id: int) -> ServiceRow:
        self.access.admit(user_id)
        service = services.service(tx, service_id)
        if (
            service is None
            or not is_sellable(service)
            or not self.assortment.sells(service.category)
        ):
            raise NotFoundError("error-not-for-sale")
        return service


def _with_overlap(tx: Transaction, form: Form) -> Form:
    """Look, for a summary, whether an order is in work on the link."""
    if form.step is not None:
        return form
    target = forms.target_of(form.draft.fields)
    found = overlap(tx, form.draft.user_id, target, but=form.draft.replaces)
    return replace(form, overlap=found)


def quote_of(service: ServiceRow, price: int, currency: str) -> Quote:
    """Return what a summary of this service shows at a price, for a Confirm to be held to."""
    return Quote(price, service.min, service.max, service.name, service.type or "", currency)

"""What a trial has led to, cell by cell, and what of it is wrong."""

import re
from collections.abc import Callable
from typing import Any

from storage.enums import OrderState, RequestState
from storage.queries import wallet
from storage.schema.orders import order_events, requests
from storage.schema.wallets import ledger
from tests.chaos.matrix import ADMIN_TOLD, CUSTOMER_TOLD, Outcome, Seen, outcomes, words_in
from tests.chaos.trial import CANCELED, FIRST, LEFT, NEW, QUANTITY, REFILLED, WATCHED, Trial
from tests.runtime.process import LINK

_PUSH = re.compile(r"^(?!Order ).*?(?:order|Order) #(\d+)")
_GOES_ON = {OrderState.PENDING, OrderState.PROCESSING, OrderState.IN_PROGRESS, OrderState.COMPLETED}
_TAKEN = {
    RequestState.ACCEPTED,
    RequestState.IN_PROGRESS,
    RequestState.COMPLETED,
    RequestState.REJECTED,
}


async def judge(trial: Trial, services_before: int) -> list[Seen]:
    """Judge every action that was asked for; what concerns the whole shop stands with each."""
    found = []
    for action, fault in trial.faults.items():
        seen = Seen(fault.name, action, trial.moment)
        seen.customer = _customer_told(trial, _ABOUT.get(action))
        seen.admin = _admin_told(trial, action)
        await _JUDGES[action](trial, seen)
        found.append(seen)
    visible = await trial.visible_services()
    for seen in found:
        seen.expect(visible == services_before, f"{visible} of {services_before} services are sold")
        seen.expect(
            not any("Traceback" in bot.said for bot in trial.shop.bots), "a trace in the log"
        )
    return found


_ABOUT = {"add": NEW, "refill": REFILLED, "cancel": CANCELED, "status": WATCHED}


def _customer_told(trial: Trial, number: int | None) -> list[str]:
    """List what was pushed about an order, oldest first; what was told before the trial isn't in
    the chat.
    """
    said = []
    for view in trial.people[number].from_bot if number else []:
        match = _PUSH.match(view.text)
        if match and int(match[1]) == number and view.id > trial.first_message:
            said.append(words_in(view.text, CUSTOMER_TOLD) or view.text)
    return _once(said, trial.moment)


def _admin_told(trial: Trial, action: str) -> list[str]:
    known = {piece: said for piece, (about, said) in ADMIN_TOLD.items() if about == action}
    told = [words_in(view.text, known) for view in trial.admins[action == "services"].from_bot]
    return _once([said for said in told if said is not None], trial.moment)


def _once(said: list[str], moment: str) -> list[str]:
    """Killed between a message and its row, it is said once more; only "after" can hit that."""
    return list(dict.fromkeys(said)) if moment == "after" else said


def _one_of(trial: Trial, seen: Seen, actual: Outcome, words: str) -> None:
    """What is unknown and exists may have been found meanwhile: then it is known."""
    allowed = outcomes(trial.faults[seen.action], trial.moment)
    found = {Outcome(done=True, known=True)} if any(one.done for one in allowed) else set()
    seen.expect(actual in {*allowed, *found}, words)


async def _row(trial: Trial, number: int) -> Any:
    return (await trial.shop.rows())[number - 1]


async def _refunds(trial: Trial, number: int) -> list[int]:
    rows = [row for row in await trial.shop.rows(ledger) if row.order_id == number]
    return [row.amount for row in rows if row.target == wallet.Account.WALLET]


async def _add(trial: Trial, seen: Seen) -> None:
    """One order at most, and the money is where the order is: never given back for what may
    exist.
    """
    order, provider = await _row(trial, NEW), trial.shop.pg.provider
    there = [one for one in provider.book.orders.values() if one.link == f"{LINK}/{NEW}"]
    asked, unknown = provider.calls["add"] - trial.adds_before, order.state == OrderState.UNKNOWN
    seen.provider, seen.shop = f"{len(there)} order{'' if len(there) == 1 else 's'}", order.state
    seen.money = "held" if unknown else "paid"
    _one_of(
        trial,
        seen,
        Outcome(done=bool(there), known=not unknown),
        f"{len(there)} orders, {order.state}",
    )
    seen.expect(len(there) <= 1, f"{len(there)} orders for one Confirm")
    seen.expect(unknown or order.state in _GOES_ON, f"the order is {order.state}")
    seen.expect(
        unknown or order.provider_order_id == str(there[0].number if there else 0), "another id"
    )
    sent = [
        row
        for row in await trial.shop.rows(order_events)
        if (row.order_id, row.state) == (NEW, "submitting")
    ]
    doubt = [
        row
        for row in await trial.shop.rows(order_events)
        if (row.order_id, row.state) == (NEW, "unknown")
    ]
    seen.expect(asked <= len(sent), f"{asked} adds for {len(sent)} claims")
    seen.expect(
        not doubt or all(row.id < doubt[0].id for row in sent), "sent again after it was unknown"
    )
    seen.expect(await _refunds(trial, NEW) == [], "refunded")
    seen.expect(order.refunded == 0, "refunded")
    seen.expect(
        seen.customer
        == (["being checked"] if doubt else []) + (["accepted"] if not unknown else []),
        f"the customer was told {seen.customer}",
    )
    seen.expect(
        seen.admin.count("outcome unknown") == len(doubt), f"the admins were told {seen.admin}"
    )


async def _refill(trial: Trial, seen: Seen) -> None:
    (request,) = [row for row in await trial.shop.rows(requests) if row.kind == "refill"]
    there, unknown = (
        len(trial.shop.pg.provider.refills._refills),
        request.state == RequestState.UNKNOWN,
    )
    seen.provider, seen.shop, seen.money = (
        f"{there} refill{'' if there == 1 else 's'}",
        request.state,
        "untouched",
    )
    _one_of(
        trial,
        seen,
        Outcome(done=there == 1, known=not unknown),
        f"{there} refills, {request.state}",
    )
    seen.expect(there <= 1, f"{there} refills for one press")
    seen.expect(unknown or request.state in _TAKEN, f"the request is {request.state}")
    seen.expect(await _refunds(trial, REFILLED) == [], "refunded")
    seen.expect(
        seen.customer.count("the refill's answer got lost") == unknown, f"told {seen.customer}"
    )


async def _cancel(trial: Trial, seen: Seen) -> None:
    """Only the status ends the order, and then all of its price comes back, once."""
    (request,) = [row for row in await trial.shop.rows(requests) if row.kind == "cancel"]
    order, there = await _row(trial, CANCELED), trial.shop.pg.provider.order(FIRST + CANCELED - 1)
    unknown = request.state == RequestState.UNKNOWN
    back = await _refunds(trial, CANCELED)
    seen.provider = "canceled" if there.cancel_asked else "goes on"
    seen.shop, seen.money = request.state, "given back" if back else "untouched"
    _one_of(
        trial,
        seen,
        Outcome(done=there.cancel_asked, known=not unknown),
        f"{seen.provider}, {request.state}",
    )
    seen.expect(unknown or request.state in _TAKEN, f"the request is {request.state}")
    seen.expect(
        back == ([order.price] if there.cancel_asked else []), f"given back {back} of {order.price}"
    )
    seen.expect(
        order.state == ("canceled" if there.cancel_asked else "pending"),
        f"the order is {order.state}",
    )
    seen.expect(seen.customer.count("canceled") == there.cancel_asked, f"told {seen.customer}")
    seen.expect(
        seen.customer.count("cancellation not confirmed") == unknown, f"told {seen.customer}"
    )


async def _status(trial: Trial, seen: Seen) -> None:
    """A bad answer changes nothing; the first good one is news, and is settled once."""
    order, back = await _row(trial, WATCHED), await _refunds(trial, WATCHED)
    seen.provider, seen.shop, seen.money = "delivered in part", order.state, "the rest given back"
    seen.expect(order.state == OrderState.PARTIAL, f"the order is {order.state}")
    seen.expect(back == [order.price * LEFT // QUANTITY], f"given back {back} of {order.price}")
    seen.expect(seen.customer == ["delivered in part"], f"told {seen.customer}")


async def _services(trial: Trial, seen: Seen) -> None:
    seen.provider, seen.money = "—", "untouched"
    seen.shop = f"{await trial.visible_services()} services sold"
    short = seen.fault.startswith("catalogue") and trial.moment == "answer"
    seen.expect({"fetched", "not fetched"} & set(seen.admin), f"told {seen.admin}")
    seen.expect(not short or "suspiciously short" in seen.admin, f"told {seen.admin}")


async def _balance(trial: Trial, seen: Seen) -> None:
    seen.provider, seen.shop, seen.money = "—", "goes on", "untouched"
    seen.expect({"the balance", "no balance"} & set(seen.admin), f"told {seen.admin}")
    good = trial.moment == "before" or (
        trial.moment == "answer" and trial.faults["balance"].answer.name == "YES"
    )
    seen.expect(not good or "the balance" in seen.admin, f"told {seen.admin}")


_JUDGES: dict[str, Callable[[Trial, Seen], Any]] = {
    "add": _add,
    "refill": _refill,
    "cancel": _cancel,
    "status": _status,
    "services": _services,
    "balance": _balance,
}

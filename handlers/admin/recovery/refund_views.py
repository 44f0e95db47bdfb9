"""Refunds as admins see them: the questions, what was answered, and the alerts that lead there."""

from decimal import Decimal
from typing import Any

from handlers.admin.recovery import evidence_views as lines
from handlers.admin.recovery.refund_callbacks import (
    AskUndelivered,
    StopOrder,
    TakeBack,
    Undelivered,
)
from handlers.callbacks import TriageOrder
from handlers.components import count, isolated, money, provider_money
from handlers.order_states import order_state
from handlers.problems import problem_text
from handlers.screens import Row, Screen, button, keyboard, truncate
from locales import Translator
from shop.access import Billing
from shop.errors import ShopError
from shop.fulfilment.evidence import EvidenceKind
from shop.outbox.payloads import (
    BeyondHoldNotice,
    RefundStandsNotice,
    TakenBackNotice,
    UnclearRefundNotice,
)
from shop.recovery.portions import PERCENT, Portion
from shop.recovery.refund_resolution import Answered
from shop.recovery.resolution import end_by
from shop.recovery.triage import AttentionDetails
from storage.enums import OrderState
from storage.rows import Order

_NAME = 40
_ENDS = {
    OrderState.COMPLETED: "triage-ends-completed",
    OrderState.PARTIAL: "triage-ends-partial",
    OrderState.CANCELED: "triage-ends-canceled",
}


def choice(order: Order, t: Translator, before: str = "", seen: int = 0) -> Row:
    """Return the three answers to what was not delivered; each asks once more."""
    nothing, everything = (
        Undelivered(order=order.id, part=part, percent=1, seen=seen, sure=0)
        for part in (0, PERCENT)
    )
    return [
        button(before + t.plain("button-undelivered-nothing"), nothing),
        button(
            before + t.plain("button-undelivered-units"), AskUndelivered(order=order.id, seen=seen)
        ),
        button(before + t.plain("button-undelivered-all"), everything),
    ]


def take_back(order: Order, t: Translator) -> Row:
    """Return the way to take a refund back."""
    return [button(t.plain("button-take-back"), TakeBack(order=order.id, seen=0, sure=0))]


def by_remains(order: Order, t: Translator) -> Row:
    """Return the answer that the last known remains suggest; none where they say nothing."""
    if order.remains is None or order.quantity == 1 or not 0 < order.remains <= order.quantity:
        return []
    label = t.plain(
        "button-undelivered-remains",
        remains=count(order.remains, t),
        quantity=count(order.quantity, t),
    )
    return [
        button(label, Undelivered(order=order.id, part=order.remains, percent=0, seen=0, sure=0))
    ]


def ask_units(
    sheet: AttentionDetails, t: Translator, *, problem: ShopError | None = None
) -> Screen:
    """Ask how much was not delivered."""
    order = sheet.order
    asked = t("undelivered-ask-units", id=str(order.id), quantity=count(order.quantity, t))
    said = [problem_text(problem, t) if problem else "", asked, _before(order, t)]
    return Screen("\n\n".join(filter(None, said)), keyboard(by_remains(order, t), _back(order, t)))


def ask_once_more(
    sheet: AttentionDetails, portion: Portion, t: Translator, *, problem: ShopError | None = None
) -> Screen:
    """Show what an answer would do before it is booked."""
    order = sheet.order
    asked = t("undelivered-sure", id=str(order.id), portion=lines.portion_text(portion, t))
    ends = t(_ENDS[end_by(portion)]) if sheet.stuck is not None else t("undelivered-later-counts")
    parts = [
        problem_text(problem, t) if problem else "",
        asked,
        _said(sheet, t),
        "\n".join(filter(None, [_before(order, t), _now(order, portion, t), ends])),
    ]
    sure = Undelivered(
        order=order.id,
        part=portion.part,
        percent=int(portion.of == PERCENT),
        seen=sheet.newest,
        sure=1,
    )
    yes = button(t.plain("button-undelivered-sure"), sure, "danger")
    return Screen("\n\n".join(filter(None, parts)), keyboard([yes], _back(order, t)))


def _said(sheet: AttentionDetails, t: Translator) -> str:
    """Repeat what the provider said with the end that is asked about."""
    unclear = next(
        (
            one
            for one in reversed(sheet.evidence)
            if one.kind == EvidenceKind.UNCLEAR and one.payload
        ),
        None,
    )
    return (
        ""
        if unclear is None
        else t("checked-says", facts=lines.facts(unclear.payload, lines.EvidenceFormat(t, "", {})))
    )


def _before(order: Order, t: Translator) -> str:
    return (
        t("undelivered-before", amount=money(order.refunded, order.currency, t))
        if order.refunded
        else ""
    )


def _now(order: Order, portion: Portion, t: Translator) -> str:
    amount = money(max(portion.due(order) - order.refunded, 0), order.currency, t)
    if portion.due(order) <= order.refunded:
        return t("undelivered-now-nothing")
    if order.billing != Billing.WALLET:
        return t("undelivered-now-house", amount=amount)
    return t("triage-refund", amount=amount, user=str(order.user_id))


def _back(order: Order, t: Translator) -> Row:
    return [button(t.plain("button-back"), TriageOrder(order=order.id))]


def booked(answered: Answered, t: Translator) -> str:
    """Say in a toast what an answer has moved."""
    order = answered.order
    if not answered.amount:
        return t.plain("undelivered-booked-nothing", id=str(order.id))
    return t.plain(
        "undelivered-booked", id=str(order.id), amount=money(answered.amount, order.currency, t)
    )


def settled(sheet: AttentionDetails, actor: int, t: Translator) -> str:
    """Say in a toast that nothing is to be answered any more, and who has answered what."""
    order, said = sheet.order, sheet.answer
    if said is None or not said.payload:
        return t.plain("undelivered-no-question", id=str(order.id), state=order_state(order, t))
    mine = said.actor_id == actor
    who = (
        t.plain("triage-you") if mine else sheet.names.get(said.actor_id or 0) or str(said.actor_id)
    )
    if said.kind == EvidenceKind.TAKEN_BACK:
        amount = money(int(said.payload["amount"]), order.currency, t)
        return t.plain(
            "undelivered-decided-taken", id=str(order.id), who=truncate(who, _NAME), amount=amount
        )
    portion = lines.portion(said.payload, t)
    return t.plain(
        "undelivered-decided", id=str(order.id), who=truncate(who, _NAME), portion=portion
    )


def ask_take_back(
    sheet: AttentionDetails, t: Translator, *, problem: ShopError | None = None
) -> Screen:
    """Ask once more before money is taken out of a wallet."""
    order = sheet.order
    values = {
        "id": str(order.id),
        "amount": money(sheet.excess, order.currency, t),
        "state": order_state(order, t),
    }
    if order.billing == Billing.WALLET:
        asked = t("take-back-sure", user=str(order.user_id), **values)
    else:
        asked = t("take-back-sure-house", **values)
    said = [problem_text(problem, t) if problem else "", asked]
    sure = button(
        t.plain("button-take-back-sure"),
        TakeBack(order=order.id, seen=sheet.newest, sure=1),
        "danger",
    )
    return Screen("\n\n".join(filter(None, said)), keyboard([sure], _back(order, t)))


def taken_back(answered: Answered, t: Translator) -> str:
    """Say in a toast what was taken back, and what the wallet did not bear."""
    order = answered.order
    amount, left = (money(one, order.currency, t) for one in (answered.amount, answered.left))
    if answered.left:
        return t.plain("take-back-parked", amount=amount, left=left)
    return t.plain("take-back-done", amount=amount)


def ask_stop(sheet: AttentionDetails, t: Translator) -> Screen:
    """Ask once more before the provider is asked to cancel an order."""
    order = sheet.order
    asked = t(
        "stop-sure",
        id=str(order.id),
        service=isolated(truncate(order.service_name, 120)),
        user=str(order.user_id),
    )
    sure = button(t.plain("button-stop-sure"), StopOrder(order=order.id, sure=1), "danger")
    return Screen(asked, keyboard([sure], _back(order, t)))


# What alerts lead to


def unclear(told: UnclearRefundNotice, t: Translator) -> str:
    """Repeat in an alert what the provider says; an alert from before knows nothing of it."""
    if not told.status:
        return ""
    words = lines.EvidenceFormat(t, "", {})
    return t("checked-says", facts=lines.facts(told.to_json(), words)) + "\n"


def stands(told: RefundStandsNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    """Return the values of the alert about a refund that stands although the order goes on, or is
    delivered.
    """
    if order is None:
        return {"id": "—", "amount": "—", "state": "—", "user": "—"}
    state = OrderState(told.state)
    return {
        "id": str(order.id),
        "amount": money(told.amount, order.currency, t),
        "user": str(order.user_id),
        "state": t.plain(f"state-{state}"),
    }


def beyond_hold(told: BeyondHoldNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    """Return the values of the alert about a subscription that costs more than its price was
    computed from.
    """
    if order is None:
        return {"id": "—", "posts": "—", "charged": "—", "cost": "—", "price": "—", "service": "—"}
    charged = Decimal(told.charged)
    currency = order.currency if order.exchange == 1 else ""
    return {
        "id": str(order.id),
        "posts": count(told.posts, t),
        "price": money(order.price, order.currency, t),
        "charged": provider_money(charged, currency, t),
        "cost": provider_money(order.cost, currency, t),
        "service": isolated(truncate(order.service_name, 100)),
    }


def unclear_buttons(order: Order, t: Translator) -> list[Row]:
    """Return the ways on from an alert about a refund; so do the next two."""
    return [choice(order, t)]


def stands_buttons(order: Order, t: Translator) -> list[Row]:
    return [
        take_back(order, t),
        [button(t.plain("button-show-order"), TriageOrder(order=order.id))],
    ]


def beyond_hold_buttons(order: Order, t: Translator) -> list[Row]:
    return [
        [button(t.plain("button-stop"), StopOrder(order=order.id, sure=0))],
        [button(t.plain("button-show-order"), TriageOrder(order=order.id))],
    ]


def given_again(told: TakenBackNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    """Return the values of what a customer is told whose refund was taken back."""
    if order is None:
        return {"id": "—", "service": "—", "amount": "—"}
    return {
        "id": str(order.id),
        "amount": money(told.amount, order.currency, t),
        "service": isolated(truncate(order.service_name, 80)),
    }

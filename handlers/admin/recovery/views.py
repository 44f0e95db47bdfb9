"""Orders that wait for an admin's verdict: the list, one of them, the questions, and what came of a
check.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from handlers.admin.recovery import evidence_views as lines
from handlers.admin.recovery import refund_views
from handlers.callbacks import (
    CheckId,
    ConfirmExists,
    ItDoesNot,
    ItExists,
    ShowQuestion,
    TriageOrder,
    TriagePage,
)
from handlers.components import count, isolated, local_time, money, pager
from handlers.order_states import order_state
from handlers.problems import problem_text
from handlers.screens import Row, Screen, button, keyboard, truncate, utf16_length
from handlers.ui import Ui
from locales import Markup, Translator
from shop.access import Billing
from shop.errors import ShopError
from shop.outbox import Kind
from shop.outbox.payloads import CheckedOrderNotice, StuckOrderNotice
from shop.recovery.attention import AttentionItem, AttentionReason
from shop.recovery.id_check import ELSEWHERE, NO_ANSWER, SETTLED
from shop.recovery.matching import MismatchReason as Misfit
from shop.recovery.refund_resolution import may_be_asked
from shop.recovery.triage import QUESTIONS, AttentionDetails, AttentionPage
from storage.rows import Order

ORDERS_A_PAGE = 3
_LINES_LISTED, _LINES_SHOWN = 4, 14
_CANDIDATES = 3
_LONGEST = 4096
_WHY = {
    AttentionReason.UNKNOWN: "triage-why-unknown",
    AttentionReason.FAILED: "triage-why-failed",
    AttentionReason.QUIET: "triage-why-quiet",
    AttentionReason.ELSEWHERE: "triage-why-elsewhere",
    AttentionReason.UNCLEAR: "triage-why-unclear",
}

# What an admin has to know before they say that an id is the order's.
_HINTS = {Misfit.SILENT: "checked-silent", ELSEWHERE: "checked-elsewhere"}

_QUESTIONS = {
    Kind.SENDING_HELD: "button-question-held",
    Kind.CURRENCY_DIFFERS: "button-question-currency",
    Kind.NUMBERS_ANEW: "button-question-numbers",
    Kind.RATES_HELD: "button-question-rates",
}


def listing(page: AttentionPage, ui: Ui) -> Screen:
    """List what waits for a verdict. `currency` is the provider's, here and below."""
    t = ui.t
    rows: list[Row] = [_question(kind, t) for kind in page.questions]
    asked = t("triage-questions") if page.questions else ""
    if not page.sheets:
        rows.append([button(t.plain("button-refresh"), TriagePage(page=0))])
        return Screen(asked or t("triage-empty"), keyboard(*rows))
    pages = -(-page.total // ORDERS_A_PAGE)
    rows += [_verdicts(sheet, t, f"#{sheet.order.id}: ") for sheet in page.sheets]
    rows.append(pager(page.number, more=page.number < pages - 1, pages=pages, to=TriagePage))
    rows.append([button(t.plain("button-refresh"), TriagePage(page=page.number))])
    title = t("triage", count=page.total, shown=count(page.total, t) + ("+" if page.more else ""))
    for most in (_LINES_LISTED, 2, 0):
        blocks = [asked, title, *(_block(sheet, ui, most) for sheet in page.sheets)]
        text = "\n\n".join(filter(None, blocks))
        if utf16_length(text) <= _LONGEST:
            break
    return Screen(text, keyboard(*rows))


def _question(kind: Kind, t: Translator) -> Row:
    return [button(t.plain(_QUESTIONS[kind]), ShowQuestion(of=QUESTIONS.index(kind)), "primary")]


def card(sheet: AttentionDetails, ui: Ui, *, toast: str | None = None) -> Screen:
    """Show one order with all that is known of it, whether it waits for a verdict or not."""
    t = ui.t
    for most in (_LINES_SHOWN, 6, 0):
        text = _block(sheet, ui, most)
        if utf16_length(text) <= _LONGEST:
            break
    ways = [
        button(t.plain("button-triage-all"), TriagePage(page=0)),
        button(t.plain("button-refresh"), TriageOrder(order=sheet.order.id)),
    ]
    back = refund_views.take_back(sheet.order, t) if sheet.excess else []
    return Screen(text, keyboard(_verdicts(sheet, t), back, ways), toast=toast)


def ask_id(sheet: AttentionDetails, ui: Ui, *, problem: ShopError | None = None) -> Screen:
    """Ask for the provider's id; the ones that may be right are there to be pressed."""
    t = ui.t
    order = sheet.order
    known = order.provider_order_id
    asked = (
        t("triage-ask-other", id=str(order.id), known=known)
        if known
        else t("triage-ask-id", id=str(order.id))
    )
    found = lines.told(
        sheet.candidates[:_CANDIDATES], lines.EvidenceFormat(t, ui.provider_currency, sheet.names)
    )
    rows: list[Row] = []
    if known:
        rows.append(
            [
                button(
                    t.plain("button-check-id", id=known),
                    CheckId(order=order.id, evidence=0),
                    "primary",
                )
            ]
        )
    rows += [
        [
            button(
                t.plain("button-check-id", id=str(one.payload["id"])),
                CheckId(order=order.id, evidence=one.id),
            )
        ]
        for one in sheet.candidates[:_CANDIDATES]
    ]
    rows.append([button(t.plain("button-back"), TriageOrder(order=order.id))])
    said = [problem_text(problem, t) if problem else "", asked, _what(order, t), "\n".join(found)]
    return Screen("\n\n".join(filter(None, said)), keyboard(*rows))


def asking(order_id: int, provider_order_id: str, t: Translator) -> Screen:
    return Screen(
        t("triage-asking", id=truncate(provider_order_id, 64)),
        keyboard([button(t.plain("button-back"), TriageOrder(order=order_id))]),
    )


def ask_refund(sheet: AttentionDetails, ui: Ui, *, problem: ShopError | None = None) -> Screen:
    """Ask once more before an order is taken for not existing; what speaks for it comes first."""
    t = ui.t
    order = sheet.order
    speaking = lines.speaking_for(sheet, ui)
    parts = [
        problem_text(problem, t) if problem else "",
        t("triage-sure", id=str(order.id)),
        t("triage-speaks", lines=lines.listed(speaking)) if speaking else "",
        _what(order, t),
        _consequences(sheet, t),
    ]
    sure = ItDoesNot(order=order.id, seen=sheet.newest, sure=1)
    label = t.plain("button-not-sure-refund") if _refund(order) else t.plain("button-not-sure")
    rows: list[Row] = [[button(label, sure, "danger")]]
    if sheet.stuck is not None and sheet.stuck.why is not AttentionReason.UNKNOWN:
        parts.append(t("triage-or-part"))
        rows += [refund_views.by_remains(order, t), refund_views.choice(order, t)[:2]]
    rows.append([button(t.plain("button-back"), TriageOrder(order=order.id))])
    return Screen("\n\n".join(filter(None, parts)), keyboard(*rows))


def _consequences(sheet: AttentionDetails, t: Translator) -> str:
    order, stuck = (
        sheet.order,
        sheet.stuck is not None and sheet.stuck.why is not AttentionReason.UNKNOWN,
    )
    ends = t("triage-ends-canceled") if stuck else t("triage-ends")
    if amount := _refund(order):
        back = t("triage-refund", amount=money(amount, order.currency, t), user=str(order.user_id))
    else:
        back = t("triage-refund-none")
    return "\n".join([back, ends, t("triage-loss")])


def _refund(order: Order) -> int:
    """Return what would come back to the customer's wallet (millionths)."""
    return order.price - order.refunded if order.billing == Billing.WALLET else 0


def outcome(sheet: AttentionDetails, actor: int, t: Translator, *, ours: bool) -> str:
    """Say in a toast what came of a press; `ours` is False where somebody else was first."""
    order, said = sheet.order, sheet.verdict
    order_id, provider = str(order.id), truncate(str(order.provider_order_id), 40)
    if said is None:
        return t.plain("triage-moved-on", id=order_id, state=order_state(order, t))
    exists = bool(said.payload.get("exists"))
    if ours:
        return (
            t.plain("triage-goes-on", id=order_id, provider=provider)
            if exists
            else t.plain("triage-ended", id=order_id)
        )
    if said.actor_id is None:
        return t.plain("triage-found-already", id=order_id, provider=provider)
    who = (
        t.plain("triage-you")
        if said.actor_id == actor
        else sheet.names.get(said.actor_id) or str(said.actor_id)
    )
    who = truncate(who, 40)
    if exists:
        return t.plain("triage-decided-exists", id=order_id, who=who, provider=provider)
    return t.plain("triage-decided-not", id=order_id, who=who)


def checked(told: CheckedOrderNotice, order: Order | None, t: Translator) -> Screen:
    """Tell an admin what the provider says of the id that they named, and what can be done now."""
    if order is None or told.why == SETTLED:
        ways = (
            []
            if order is None
            else [button(t.plain("button-show-order"), TriageOrder(order=order.id))]
        )
        return Screen(
            t("checked-settled", id="—" if order is None else str(order.id)), keyboard(ways)
        )
    words, payload = lines.EvidenceFormat(t, told.currency, {}), told.to_json()
    title = t("checked", order=str(order.id), id=truncate(told.id, 64))
    cost = words.money(Decimal(order.cost), told.currency)
    ordered = t("checked-ordered", what=Markup(_what(order, t)), cost=cost)
    again = button(t.plain("button-other-id"), ItExists(order=order.id))
    back = button(t.plain("button-back"), TriageOrder(order=order.id))
    if told.fits:
        hint = t(_HINTS[told.why]) if told.why in _HINTS else ""
        says = t("checked-says", facts=lines.facts(payload, words)) if told.why != ELSEWHERE else ""
        yes = button(
            t.plain("button-this-one"), ConfirmExists(evidence=told.evidence or 0), "success"
        )
        text = "\n\n".join(filter(None, [title, says, ordered, hint, t("checked-sure")]))
        return Screen(text, keyboard([yes], [again, back]))
    unasked = told.why == NO_ANSWER
    refused = t("checked-unasked" if unasked else "checked-refused", why=lines.why(payload, t))
    if told.said:
        refused += "\n" + t("checked-said", text=truncate(told.said, 200))
    if unasked:
        retry = CheckId(order=order.id, evidence=told.evidence or 0)
        return Screen(
            f"{title}\n\n{refused}",
            keyboard([button(t.plain("button-try-again"), retry, "primary")], [back]),
        )
    if told.status:
        refused += "\n" + t("checked-says", facts=lines.facts(payload, words)) + "\n\n" + ordered
    return Screen(f"{title}\n\n{refused}", keyboard([again, back]))


def alert_button(order: Order, t: Translator) -> Row:
    """Return the way from an alert to the order's verdict."""
    return [button(t.plain("button-triage"), TriageOrder(order=order.id), "primary")]


def stuck(told: StuckOrderNotice, order: Order | None, t: Translator) -> dict[str, Any]:
    """Return the values of the alert about a stuck order."""
    if order is None:
        return {"id": "—", "why": "—", "what": "—"}
    case = AttentionItem(order.id, AttentionReason(told.why), datetime.fromisoformat(told.since))
    return {
        "id": str(order.id),
        "why": Markup(_because(case, order, t)),
        "what": Markup(f"{_what(order, t)}\n{_whose(order, t)}"),
    }


def _verdicts(sheet: AttentionDetails, t: Translator, before: str = "") -> Row:
    if sheet.stuck is None:
        return (
            refund_views.choice(sheet.order, t, before, sheet.newest)
            if may_be_asked(sheet.order)
            else []
        )
    if sheet.stuck.why is AttentionReason.ELSEWHERE:  # nobody doubts that it exists there
        return refund_views.choice(sheet.order, t, before, sheet.newest)
    order = sheet.order.id
    return [
        button(before + t.plain("button-it-exists"), ItExists(order=order)),
        button(
            before + t.plain("button-it-does-not"),
            ItDoesNot(order=order, seen=sheet.newest, sure=0),
        ),
    ]


def _block(sheet: AttentionDetails, ui: Ui, most: int) -> str:
    t = ui.t
    order = sheet.order
    because = t("triage-nothing") if sheet.case is None else _because(sheet.case, order, t)
    known = (
        t("triage-provider-id", id=truncate(order.provider_order_id, 64))
        if order.provider_order_id
        else ""
    )
    head = t("triage-order", id=str(order.id), state=order_state(order, t))
    rows = [head, because, _what(order, t), _whose(order, t), known]
    return "\n".join([*filter(None, rows), *lines.lines(sheet, ui, most)])


def _because(case: AttentionItem, order: Order, t: Translator) -> str:
    since = local_time(case.since, "dt")
    if case.why is AttentionReason.MISSING:
        return t("triage-why-missing", since=since, id=truncate(order.provider_order_id or "—", 64))
    return t(_WHY[case.why], since=since)


def _what(order: Order, t: Translator) -> str:
    link = isolated(truncate(order.link, 80)) if order.link else "—"
    service = isolated(truncate(order.service_name, 60))
    return t("triage-what", service=service, quantity=count(order.quantity, t), link=link)


def _whose(order: Order, t: Translator) -> str:
    return t("triage-whose", user=str(order.user_id), price=money(order.price, order.currency, t))

"""A mass order: how it is written, the table of its lines, and the message that follows it."""

from collections.abc import Mapping, Sequence

from aiogram.types import Message

from handlers.callbacks import MassCancel, MassConfirm, MassPage, MassStart, Menu, Orders
from handlers.components import bar, count, isolated, money, pager
from handlers.order_states import state_words
from handlers.problems import problem_text
from handlers.screens import PARTY, Row, Screen, button, keyboard, truncate
from handlers.ui import Ui
from locales import Markup, Translator
from shop.bulk.live_messages import Live, LiveKind
from shop.bulk.orders import MassProgress, MassTable
from shop.bulk.parsing import MOST_LINES, as_error
from shop.errors import ShopError
from shop.outbox.payloads import MassDoneNotice
from storage.enums import MassState, OrderState
from storage.queries.bulk_orders import Mass, MassLine

LINES_A_PAGE = 10
_NAME = 60
_LINK = 60
_TEXT = 80
# What is counted together; the reader does not tell these apart.
_COUNTED = (
    (OrderState.QUEUED, (OrderState.QUEUED, OrderState.SUBMITTING)),
    (OrderState.PENDING, (OrderState.PENDING,)),
    (OrderState.PROCESSING, (OrderState.PROCESSING,)),
    (OrderState.IN_PROGRESS, (OrderState.IN_PROGRESS,)),
    (OrderState.COMPLETED, (OrderState.COMPLETED,)),
    (OrderState.PARTIAL, (OrderState.PARTIAL,)),
    (OrderState.CANCELED, (OrderState.CANCELED,)),
    (OrderState.REJECTED, (OrderState.REJECTED,)),
    (OrderState.UNKNOWN, (OrderState.UNKNOWN,)),
    (OrderState.FAILED, (OrderState.FAILED,)),
)


def start(latest: Sequence[Mass], t: Translator, *, problem: ShopError | None = None) -> Screen:
    """Return how it is written, and lead to the newest ones."""
    parts = [
        problem_text(problem, t) if problem else "",
        t("mass-start", most=count(MOST_LINES, t)),
    ]
    rows: list[Row] = [
        [button(t.plain("button-mass-shown", id=str(mass.id)), MassPage(mass=mass.id, page=0))]
        for mass in latest
    ]
    back = [button(t.plain("button-back"), MassCancel(mass=0))]
    return Screen("\n\n".join(filter(None, parts)), keyboard(*rows, back))


def table(shown: MassTable, ui: Ui) -> Screen:
    """Show a page of the lines: before Confirm to agree to, afterwards with what each has
    become.
    """
    t = ui.t
    is_draft = shown.mass.state is MassState.DRAFT
    head = t("mass-title") if is_draft else t("mass-lines-title", id=str(shown.mass.id))
    parts = [
        t("mass-changed") if shown.changed else "",
        head,
        "\n".join(_line(line, shown, ui) for line in shown.lines),
        _totals(shown, ui),
        _wallet(shown, ui) if is_draft and shown.good else "",
    ]
    nav = pager(
        shown.page,
        more=shown.page < shown.pages - 1,
        pages=shown.pages,
        to=MassPage,
        first=0 if is_draft else 1,
        mass=shown.mass.id,
    )
    rows = (
        _decision(shown, t)
        if is_draft
        else [[button(t.plain("button-back"), MassPage(mass=shown.mass.id, page=0))]]
    )
    return Screen("\n\n".join(filter(None, parts)), keyboard(nav, *rows))


def _decision(shown: MassTable, t: Translator) -> list[Row]:
    cancel = [button(t.plain("button-cancel"), MassCancel(mass=shown.mass.id), "danger")]
    if not shown.good:
        return [[button(t.plain("button-mass-anew"), MassStart(), "primary")], cancel]
    label = t.plain("button-mass-confirm", count=count(shown.good, t))
    confirm = button(
        label, MassConfirm(mass=shown.mass.id), None if _is_short(shown) else "success"
    )
    wallet = (
        [button(t.plain("button-wallet"), Menu(to="wallet"), "primary")] if _is_short(shown) else []
    )
    return [[confirm], wallet, cancel]


def _is_short(shown: MassTable) -> bool:
    return shown.pays_from_wallet and shown.balance < shown.total


def _line(line: MassLine, shown: MassTable, ui: Ui) -> str:
    t = ui.t
    number = str(line.number)
    service = shown.services.get(line.service_id or 0)
    if line.problem is not None or service is None:
        return _bad_line(line, t)
    values = {
        "number": number,
        "service": isolated(truncate(service.name, _NAME)),
        "quantity": count(line.quantity or 0, t),
        "price": ui.money(line.price or 0),
    }
    rows = [t("mass-line", **values)]
    if line.was is not None:
        rows[0] += t("mass-line-was", was=ui.money(line.was))
    rows.append(
        t("mass-line-link", link=isolated(truncate(str(line.fields.get("link", "")), _LINK)))
    )
    if line.order_id is not None:
        state = shown.states[line.order_id]
        rows.append(t("mass-line-order", id=str(line.order_id), state=state_words(state, t)))
    elif line.number in shown.repeats:
        rows.append(t("mass-line-repeats", earlier=str(shown.repeats[line.number])))
    return "\n".join(rows)


def _bad_line(line: MassLine, t: Translator) -> str:
    return t(
        "mass-line-bad",
        number=str(line.number),
        text=isolated(truncate(line.text, _TEXT)),
        problem=Markup(problem_text(as_error(line.problem or {}), t)),
    )


def _totals(shown: MassTable, ui: Ui) -> str:
    t = ui.t
    rows = [t("mass-good", good=count(shown.good, t), bad=count(shown.bad, t))]
    if shown.repeats and shown.mass.state is MassState.DRAFT:
        rows.append(t("mass-repeats", repeats=count(len(shown.repeats), t)))
    if shown.overlaps:
        rows.append(t("mass-overlaps", lines=count(shown.overlaps, t)))
    if shown.good:
        rows.append(t("mass-total", price=ui.money(shown.total)))
    return "\n".join(rows)


def _wallet(shown: MassTable, ui: Ui) -> str:
    t = ui.t
    if not shown.pays_from_wallet:
        return t("summary-house")
    before = ui.money(shown.balance)
    if _is_short(shown):
        return t(
            "summary-too-little",
            before=before,
            missing=ui.money(shown.total - shown.balance),
        )
    return t("summary-wallet", before=before, after=ui.money(shown.balance - shown.total))


def progress(shown: MassProgress, currency: str, t: Translator) -> Screen:
    """Show how far it is; the message is kept up to date from here on."""
    mass = shown.mass
    parts = [
        t("mass-progress-title", id=str(mass.id)),
        _bar(shown, t),
        "\n".join(counts({state: shown.count(*together) for state, together in _COUNTED}, t)),
        _money(shown.spent, shown.refunded, currency, t),
        _problems(shown, t),
    ]
    rows: list[Row] = [
        [button(t.plain("button-mass-lines"), MassPage(mass=mass.id, page=1))],
        [
            button(t.plain("button-refresh"), MassPage(mass=mass.id, page=0)),
            button(t.plain("button-my-orders"), Orders(done=0, page=0)),
        ],
    ]
    return Screen(
        "\n\n".join(filter(None, parts)),
        keyboard(*rows),
        live=Live(LiveKind.MASS, mass.id, mass.message_id),
    )


def _bar(shown: MassProgress, t: Translator) -> str:
    """Show the lines that have become orders; when all have, the orders that are done."""
    if not shown.waiting and not shown.placed:
        return t("mass-none-placed")
    done, whole = (
        (shown.placed, shown.placed + shown.waiting)
        if shown.waiting
        else (shown.done, shown.placed)
    )
    text = t(
        "mass-placing" if shown.waiting else "mass-placed",
        done=count(done, t),
        whole=count(whole, t),
    )
    return f"{bar(done, whole)}\n{text}"


def counts(by_state: Mapping[OrderState, int], t: Translator) -> list[str]:
    """Write a line for each state that there are orders in."""
    return [
        t("mass-count", state=state_words(state, t), count=count(number, t))
        for state, number in by_state.items()
        if number
    ]


def _money(spent: int, refunded: int, currency: str, t: Translator) -> str:
    rows = [t("mass-spent", amount=money(spent, currency, t))] if spent else []
    if refunded:
        rows.append(t("order-refunded", amount=money(refunded, currency, t)))
    return "\n".join(rows)


def _problems(shown: MassProgress, t: Translator) -> str:
    if not shown.bad:
        return ""
    rows = [
        t("mass-not-ordered", bad=count(shown.bad, t)),
        *(_bad_line(line, t) for line in shown.bad_lines),
    ]
    if shown.bad > len(shown.bad_lines):
        rows.append("…")
    return "\n".join(rows)


def done(told: MassDoneNotice, currency: str, t: Translator) -> Screen:
    """Tell that the last order of a mass order has ended, and how all of them did."""
    ended = {OrderState(state): number for state, number in told.orders.items()}
    by_state = {state: ended[state] for state, _ in _COUNTED if state in ended}
    rows = [t("mass-done", id=str(told.mass)), *counts(by_state, t)]
    if told.bad:
        rows.append(t("mass-not-ordered", bad=count(told.bad, t)))
    rows.append(_money(told.spent, told.refunded, currency, t))
    show = [button(t.plain("button-mass-progress"), MassPage(mass=told.mass, page=0))]
    party = PARTY if set(ended) == {OrderState.COMPLETED} and not told.bad else None
    return Screen("\n".join(filter(None, rows)), keyboard(show), effect=party)


def shows_progress(message: Message) -> bool:
    """Return whether a message in the chat may be a mass order's live one: those lead to its
    lines.
    """
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    mark = f"{MassPage.__prefix__}:"
    return any((one.callback_data or "").startswith(mark) for row in rows for one in row)

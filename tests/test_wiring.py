"""What aiogram hands over by name is there by name, and buttons stay what they were when they
shipped.
"""

import ast
import inspect
import subprocess
import sys
import typing
from collections import ChainMap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Any

import pytest
from aiogram import Bot
from aiogram.dispatcher.event.handler import FilterObject, HandlerObject
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData, CallbackQueryFilter
from aiogram.filters.command import CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import User

from bot.app import App, build
from bot.features.deps import services_by_name
from bot.middlewares.arrival import Arrival
from handlers import callbacks, routers
from handlers.admin.recovery import refund_callbacks
from handlers.customer.ordering.desk import Desk
from handlers.screens import Screen, Toast
from handlers.ui import Ui
from locales import Translator
from shop.customers.accounts import CurrentUser
from storage import Database
from tests.harness.shop import settings_for

ROOT = Path(__file__).parent.parent
# What aiogram itself provides with every update.
OF_AIOGRAM = {
    "bot",
    "bots",
    "dispatcher",
    "event_chat",
    "event_context",
    "event_from_user",
    "event_router",
    "event_thread_id",
    "event_update",
    "fsm_storage",
    "handler",
    "raw_state",
    "router",
    "state",
}
# Updates that bot.middlewares.load_user stands around: only there `person`, `t`, `ui` and `desk`
# exist (and `arrival`).
ACQUAINTED = {"message", "callback_query"}
OF_MIDDLEWARES = {
    "arrival": Arrival,
    "person": CurrentUser,
    "t": Translator,
    "ui": Ui,
    "desk": Desk,
}
TYPES_OF_OTHERS = {
    "bot": Bot,
    "command": CommandObject,
    "database": Database,
    "event_from_user": User,
    "known_commands": frozenset[str],
    "state": FSMContext,
}
LARGEST, LAST = 2**53, 100_000  # a key and a page
GOLDEN: list[tuple[CallbackData, str]] = [
    (callbacks.Menu(to="orders"), "m:orders"),
    (callbacks.Categories(page=LAST), "c:100000"),
    (callbacks.CategoriesAround(category=LARGEST), "d:9007199254740992"),
    (callbacks.Services(category=LARGEST, page=LAST), "s:9007199254740992:100000"),
    (callbacks.ServiceCard(service=LARGEST, page=LAST), "v:9007199254740992:100000"),
    (callbacks.StartOrder(service=LARGEST), "o:9007199254740992"),
    (
        callbacks.AnswerChoice(draft=LARGEST, step="quantity", value=LARGEST),
        "a:9007199254740992:quantity:9007199254740992",
    ),
    (callbacks.Skip(draft=LARGEST), "k:9007199254740992"),
    (callbacks.StepBack(draft=LARGEST), "b:9007199254740992"),
    (callbacks.Confirm(draft=LARGEST), "y:9007199254740992"),
    (callbacks.CancelDraft(draft=LARGEST), "n:9007199254740992"),
    (callbacks.Orders(done=1, page=LAST), "l:1:100000"),
    (callbacks.OrderCard(order=LARGEST), "i:9007199254740992"),
    (callbacks.Again(order=LARGEST), "g:9007199254740992"),
    (callbacks.WalletPage(page=LAST), "w:100000"),
    (callbacks.Language(code="pt-BR"), "t:pt-BR"),
    (callbacks.Nothing(), "z"),
    (callbacks.ChooseType(service=LARGEST), "ty:9007199254740992"),
    (
        callbacks.MapType(service=LARGEST, type="custom_comments_package"),
        "tm:9007199254740992:custom_comments_package",
    ),
    (callbacks.ChooseWarranty(service=LARGEST), "wa:9007199254740992"),
    (callbacks.SetWarranty(service=LARGEST, days=LAST), "ws:9007199254740992:100000"),
    (callbacks.Refill(order=LARGEST), "rf:9007199254740992"),
    (callbacks.AskCancel(order=LARGEST), "cn:9007199254740992"),
    (callbacks.CancelOrder(order=LARGEST), "cy:9007199254740992"),
    (callbacks.Parts(order=LARGEST, page=LAST), "sp:9007199254740992:100000"),
    (callbacks.MassStart(), "ms"),
    (callbacks.MassPage(mass=LARGEST, page=LAST), "mp:9007199254740992:100000"),
    (callbacks.MassConfirm(mass=LARGEST), "mo:9007199254740992"),
    (callbacks.MassCancel(mass=LARGEST), "mx:9007199254740992"),
    (callbacks.Favourite(service=LARGEST, page=LAST, on=1), "fv:9007199254740992:100000:1"),
    (callbacks.FavouritesPage(page=LAST), "fl:100000"),
    (callbacks.SavePreset(order=LARGEST), "ps:9007199254740992"),
    (callbacks.NamePreset(order=LARGEST, keep=1), "pn:9007199254740992:1"),
    (callbacks.UsePreset(preset=LARGEST), "pu:9007199254740992"),
    (callbacks.DropPreset(preset=LARGEST), "pd:9007199254740992"),
    (callbacks.SettingsPage(page="digest"), "se:digest"),
    (callbacks.SetPushes(mode="digest"), "qp:digest"),
    (callbacks.SetQuiet(start=22, end=8), "qh:22:8"),
    (callbacks.SetDigest(hour=20), "qd:20"),
    (callbacks.SetClock(offset=1620), "qc:1620"),
    (callbacks.TopUpPage(to="manual"), "tu:manual"),
    (
        callbacks.PayMissing(draft=LARGEST, method="crypto", stars=LARGEST),
        "td:9007199254740992:crypto:9007199254740992",
    ),
    (callbacks.CryptoAmount(amount=LARGEST), "te:9007199254740992"),
    (callbacks.ManualAmount(amount=LARGEST), "tf:9007199254740992"),
    (callbacks.DecideTopUp(top_up=LARGEST, yes=1, listed=1), "tr:9007199254740992:1:1"),
    (callbacks.CancelTopUp(top_up=LARGEST), "tx:9007199254740992"),
    (callbacks.DecideCrypto(invoice=LARGEST, yes=1), "tg:9007199254740992:1"),
    (callbacks.AskStars(stars=LARGEST), "ta:9007199254740992"),
    (callbacks.PaymentsPage(user=LARGEST, page=LAST), "tb:9007199254740992:100000"),
    (callbacks.GiveBack(payment=LARGEST, sure=1), "tc:9007199254740992:1"),
    (callbacks.DeleteMe(at=LARGEST), "dm:9007199254740992"),
    (callbacks.MarginsPage(page=LAST), "mg:100000"),
    (callbacks.MarginRule(margin=LARGEST, act="remove"), "mr:9007199254740992:remove"),
    (callbacks.AddMargin(scope="category", service=LARGEST), "ma:category:9007199254740992"),
    (callbacks.MarginPercent(percent=LARGEST), "mv:9007199254740992"),
    (callbacks.SaveMargin(key=LARGEST), "mz:9007199254740992"),
    (callbacks.CouponCode(), "ca"),
    (callbacks.CouponsPage(page=LAST), "cb:100000"),
    (callbacks.CouponCard(coupon=LARGEST), "cc:9007199254740992"),
    (callbacks.EndCoupon(coupon=LARGEST, sure=1), "cd:9007199254740992:1"),
    (callbacks.WriteCoupon(), "ce"),
    (callbacks.SwitchCoupons(on=1), "cf:1"),
    (callbacks.Invite(), "ia"),
    (callbacks.SwitchInvitations(on=1), "ib:1"),
    (callbacks.SetInvitations(percent=5, cap=100), "ic:5:100"),
    (callbacks.TriagePage(page=LAST), "xa:100000"),
    (callbacks.TriageOrder(order=LARGEST), "xb:9007199254740992"),
    (callbacks.ItExists(order=LARGEST), "xc:9007199254740992"),
    (callbacks.CheckId(order=LARGEST, evidence=LARGEST), "xd:9007199254740992:9007199254740992"),
    (callbacks.ConfirmExists(evidence=LARGEST), "xe:9007199254740992"),
    (
        callbacks.ItDoesNot(order=LARGEST, seen=LARGEST, sure=1),
        "xf:9007199254740992:9007199254740992:1",
    ),
    (callbacks.AgreeAgain(order=12), "ag:12"),
    (callbacks.GoOnSending(asked=1764458400000), "xs:1764458400000"),
    (callbacks.AcceptRates(asked=1764458400000), "xr:1764458400000"),
    (callbacks.SellAgain(service=7), "xv:7"),
    (callbacks.CurrencyIs(mistake=1, sure=0, asked=0), "xu:1:0:0"),
    (callbacks.NumbersAnew(anew=1, sure=1, asked=0), "xn:1:1:0"),
    (callbacks.ShowQuestion(of=3), "xq:3"),
    (
        refund_callbacks.Undelivered(order=LARGEST, part=LARGEST, percent=1, seen=LARGEST, sure=1),
        "ya:9007199254740992:9007199254740992:1:9007199254740992:1",
    ),
    (
        refund_callbacks.AskUndelivered(order=LARGEST, seen=LARGEST),
        "yb:9007199254740992:9007199254740992",
    ),
    (
        refund_callbacks.TakeBack(order=LARGEST, seen=LARGEST, sure=1),
        "yc:9007199254740992:9007199254740992:1",
    ),
    (refund_callbacks.StopOrder(order=LARGEST, sure=1), "yd:9007199254740992:1"),
]
MOST_BYTES = 64


def _handlers() -> Iterator[tuple[str, HandlerObject]]:
    for router in routers.ALL:
        for update, observer in router.observers.items():
            yield from ((update, handler) for handler in observer.handlers)


HANDLERS = list(_handlers())
each_handler = pytest.mark.parametrize(
    ("update", "handler"),
    HANDLERS,
    ids=[f"{h.callback.__module__}.{h.callback.__name__}" for _, h in HANDLERS],
)


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> App:
    return build(settings_for(tmp_path_factory.mktemp("wiring")))


@pytest.fixture(scope="module")
def workflow(app: App) -> set[str]:
    return set(app.dispatcher.workflow_data)


@pytest.fixture(scope="module")
def types(app: App) -> dict[str, Any]:
    """Return of which type is what is handed over by name."""
    services = [typing.get_type_hints(type(feature.services)) for feature in app.features]
    return dict(ChainMap(*services, OF_MIDDLEWARES, TYPES_OF_OTHERS))


def _of_middlewares() -> set[str]:
    """Find every `data["name"] = ...` of our middlewares."""
    return {
        target.slice.value
        for path in (ROOT / "bot" / "middlewares").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Subscript)
        and getattr(target.value, "id", "") == "data"
        and isinstance(target.slice, ast.Constant)
    }


def _of_filters(filters: list[FilterObject]) -> set[str]:
    found = set()
    for filter_ in filters:
        if isinstance(filter_.callback, Command):
            found.add("command")
        elif isinstance(filter_.callback, CallbackQueryFilter):
            found.add("callback_data")
    return found


def _wanted(callback: Callable[..., Any]) -> set[str]:
    """Name the parameters after the event; those with a default need nobody."""
    return {one.name for one in _parameters(callback) if one.default is one.empty}


def _types_wanted(callback: Callable[..., Any]) -> dict[str, Any]:
    """Return the types of the parameters after the event; a button's data has a test of its own."""
    hints = typing.get_type_hints(_function(callback))
    names = {one.name for one in _parameters(callback)} - {"callback_data"}
    return {name: hints[name] for name in names}


def _function(callback: Callable[..., Any]) -> Callable[..., Any]:
    return callback if inspect.isroutine(callback) else type(callback).__call__


def _parameters(callback: Callable[..., Any]) -> list[inspect.Parameter]:
    parameters = list(inspect.signature(_function(callback)).parameters.values())
    parameters = parameters[1 if inspect.isroutine(callback) else 2 :]
    return [one for one in parameters if one.kind is not one.VAR_KEYWORD]


def _trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _read_of_data(node: ast.AST | None) -> str | None:
    """Return the name in `data["name"]` where that is read."""
    if (
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and getattr(node.value, "id", "") == "data"
        and isinstance(node.slice, ast.Constant)
    ):
        return str(node.slice.value)
    return None


def test_no_wire_is_hidden_from_the_type_checker() -> None:
    """`**` of a dictionary gives a constructor whatever there is under a name."""
    files = [path for path, _ in _trees("bot/features")] + [ROOT / "bot" / "app.py"]
    hidden = [
        (path.name, node.lineno)
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and any(keyword.arg is None for keyword in node.keywords)
    ]
    assert hidden == []
    assert len(files) > 10


def test_nobody_has_a_clock_or_wakeups_by_default() -> None:
    """A service that makes its own rings bells that nobody hears, and has a time of its own."""
    kept: list[str] = []
    own: list[str] = []
    for path, tree in _trees("shop", "bot", "handlers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) in SHARED:
                (kept if node.value is None else own).append(f"{path.name}: {node.lineno}")
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                own += [f"{path.name}: {node.name}" for _ in _defaults(node.args)]
    assert own == ["app.py: build"]  # the composition root itself
    assert len(kept) > 50


SHARED = {"Clock", "Wakeups"}


def _defaults(args: ast.arguments) -> list[ast.arg]:
    """Return the arguments that are a clock or wakeups, and need not be given."""
    positional = [*args.posonlyargs, *args.args]
    given = positional[len(positional) - len(args.defaults) :]
    given += [
        one for one, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default
    ]
    return [one for one in given if one.annotation and ast.unparse(one.annotation) in SHARED]


def test_the_middlewares_give_what_is_documented() -> None:
    assert _of_middlewares() == set(OF_MIDDLEWARES)


def test_every_service_is_what_its_field_says(app: App) -> None:
    for feature in app.features:
        for name, hint in typing.get_type_hints(type(feature.services)).items():
            assert type(app.dispatcher[name]) is hint, name


def test_two_services_of_one_name_are_refused(app: App) -> None:
    services = app.features.payments.services
    with pytest.raises(ValueError, match="two services are named 'wallet'"):
        services_by_name(services, services)


def test_no_two_workers_have_one_name(app: App) -> None:
    names = [worker.name for worker in app.supervisor.workers]
    assert len(names) == len(set(names))
    assert {"presence", "long-texts", "submitter-1", "crypto", "notifier"} <= set(names)


@each_handler
def test_every_name_is_provided(update: str, handler: HandlerObject, workflow: set[str]) -> None:
    provided = workflow | OF_AIOGRAM | _of_filters(handler.filters or [])
    if update in ACQUAINTED:
        provided |= _of_middlewares()
    assert _wanted(handler.callback) - provided == set()


@each_handler
def test_every_name_has_the_type_that_is_asked_for(
    update: str, handler: HandlerObject, types: dict[str, Any]
) -> None:
    asked = _types_wanted(handler.callback)
    assert {name: types[name] for name in asked} == asked


def test_the_middlewares_read_what_is_there(workflow: set[str], types: dict[str, Any]) -> None:
    provided = workflow | OF_AIOGRAM | _of_middlewares()
    read = [
        node
        for _, tree in _trees("bot/middlewares")
        for node in ast.walk(tree)
        if (name := _read_of_data(node)) is not None and name not in provided
    ]
    assert [ast.unparse(node) for node in read] == []
    said = {
        (name, ast.unparse(node.annotation))
        for _, tree in _trees("bot/middlewares")
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and (name := _read_of_data(node.value)) is not None
    }
    assert len(said) > 5
    assert {(name, types[name].__name__) for name, _ in said} == said


@pytest.mark.parametrize("router", routers.ALL, ids=lambda router: router.name)
def test_every_filter_finds_its_names(router, workflow: set[str], types: dict[str, Any]) -> None:
    for update, observer in router.observers.items():
        filters = [*(observer._handler.filters or [])]
        for handler in observer.handlers:
            filters += handler.filters or []
        provided = workflow | OF_AIOGRAM | (_of_middlewares() if update in ACQUAINTED else set())
        ours = [
            one.callback
            for one in filters
            if type(one.callback).__module__.startswith(("bot.", "handlers."))
        ]
        for callback in ours:
            assert _wanted(callback) - provided == set(), callback
            asked = _types_wanted(callback)
            assert {name: types[name] for name in asked} == asked, callback


@each_handler
def test_every_handler_says_what_it_gives_back(update: str, handler: HandlerObject) -> None:
    del update
    given = typing.get_type_hints(handler.callback).get("return", "nothing said")
    kinds = set(typing.get_args(given)) if isinstance(given, UnionType) else {given}
    assert kinds <= {Screen, Toast, NoneType}


def test_a_press_that_carries_data_reads_it() -> None:
    for update, handler in HANDLERS:
        if update == "callback_query" and "callback_data" in _wanted(handler.callback):
            (filter_,) = [
                one.callback
                for one in handler.filters or []
                if isinstance(one.callback, CallbackQueryFilter)
            ]
            hint = typing.get_type_hints(handler.callback)["callback_data"]
            assert hint is filter_.callback_data, handler.callback


def _shipped() -> set[type[CallbackData]]:
    members = [*vars(callbacks).values(), *vars(refund_callbacks).values()]
    return {
        one
        for one in members
        if isinstance(one, type) and issubclass(one, CallbackData) and one is not CallbackData
    }


def test_every_button_is_pinned() -> None:
    """Add a line to GOLDEN for a new class; never change one: those buttons are in chats
    already.
    """
    assert {type(data) for data, _ in GOLDEN} == _shipped()


@pytest.mark.parametrize(("data", "packed"), GOLDEN, ids=[packed[0] for _, packed in GOLDEN])
def test_buttons_stay_what_they_were(data: CallbackData, packed: str) -> None:
    assert data.pack() == packed
    assert type(data).unpack(packed) == data
    assert len(packed.encode()) < MOST_BYTES


def test_every_button_is_answered() -> None:
    answered = {
        filter_.callback.callback_data
        for update, handler in HANDLERS
        if update == "callback_query"
        for filter_ in handler.filters or []
        if isinstance(filter_.callback, CallbackQueryFilter)
    }
    assert answered == _shipped()


def test_prefixes_are_unique() -> None:
    prefixes = [one.__prefix__ for one in _shipped()]
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize(
    "module",
    [
        "bot.__main__",
        "bot.settings",
        "bot.observability.logs",
        "storage.migrate",
        "shop.payments.audit",
    ],
)
def test_commands_that_need_no_telegram_do_not_import_it(module: str) -> None:
    code = f"import {module}, sys; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


async def test_each_sender_has_a_connection_to_the_provider_and_one_to_the_database(
    tmp_path: Path,
) -> None:
    url = "postgresql+asyncpg://somebody@nowhere.invalid/shop"  # nothing connects
    app = build(
        settings_for(tmp_path, submit_workers=8, panel_calls_per_minute=60, database_url=url)
    )
    assert app.deps.panel.profile.add_connections == app.features.fulfilment.submitter.senders == 8
    assert app.deps.panel.limiter.limit == 60
    workers = [worker.name for worker in app.supervisor.workers]
    senders = sum(name.startswith("submitter-") for name in workers)
    assert senders > 8  # while answers are written as many are sent
    assert app.database.engine.pool.pool.size() > senders
    await app.close()

"""What somebody keeps at hand: presets, then services."""

from handlers.callbacks import (
    Categories,
    DropPreset,
    Favourite,
    FavouritesPage,
    Menu,
    NamePreset,
    ServiceCard,
    UsePreset,
)
from handlers.components import count, isolated, pager
from handlers.customer.catalogue.views import listed_price
from handlers.problems import problem_text
from handlers.screens import Row, Screen, button, keyboard, truncate
from handlers.ui import Ui
from locales import Translator
from shop.catalogue.pricing import is_package
from shop.errors import ShopError
from shop.ordering.favourites import LONGEST_NAME, KeptPreset, KeptService, Shelf
from storage.rows import Order, ServiceRow

KEPT_A_PAGE = 8
_NAME = 80


def shelf(kept: Shelf, ui: Ui, *, toast: str | None = None) -> Screen:
    t = ui.t
    back = [button(t.plain("button-back"), Menu(to="home"))]
    if not kept.presets and not kept.services:
        new = [button(t.plain("button-new-order"), Categories(page=0), "primary")]
        return Screen(t("favourites-empty"), keyboard(new, back), toast=toast)
    first = kept.page * KEPT_A_PAGE + 1
    blocks, rows = [t("favourites")], list[Row]()
    if kept.presets:
        blocks.append(
            "\n".join(_preset(number, one, ui) for number, one in enumerate(kept.presets, first))
        )
        rows += [_preset_buttons(number, one, t) for number, one in enumerate(kept.presets, first)]
    first += len(kept.presets)
    if kept.services:
        lines = [_service(number, one, ui) for number, one in enumerate(kept.services, first)]
        blocks.append("\n".join(lines))
        rows += [
            _service_button(number, one, kept.page, t)
            for number, one in enumerate(kept.services, first)
        ]
    nav = pager(kept.page, more=kept.page < kept.pages - 1, pages=kept.pages, to=FavouritesPage)
    return Screen("\n\n".join(blocks), keyboard(*rows, nav, back), toast=toast)


def _preset(number: int, one: KeptPreset, ui: Ui) -> str:
    t = ui.t
    name = isolated(one.preset.name)
    if one.price is None or one.quantity is None:
        return t("preset-gone", number=str(number), name=name)
    return t(
        "preset-line",
        number=str(number),
        name=name,
        service=isolated(truncate(one.service.name, _NAME)),
        quantity=amount(one.service, one.quantity, t),
        price=ui.money(one.price),
    )


def amount(service: ServiceRow, quantity: int, t: Translator) -> str:
    return t.plain("limits-package") if is_package(service) else count(quantity, t)


def _preset_buttons(number: int, one: KeptPreset, t: Translator) -> Row:
    drop = button(
        t.plain("button-preset-drop", number=str(number)), DropPreset(preset=one.preset.id)
    )
    if one.price is None:
        return [drop]
    return [
        button(f"{number}. {truncate(one.preset.name, 40)}", UsePreset(preset=one.preset.id)),
        drop,
    ]


def _service(number: int, one: KeptService, ui: Ui) -> str:
    name = isolated(truncate(one.service.name, _NAME))
    if not one.sold:
        return ui.t("favourite-gone", number=str(number), name=name)
    return ui.t(
        "favourite-line",
        number=str(number),
        name=name,
        price=listed_price(one.service, ui),
    )


def _service_button(number: int, one: KeptService, page: int, t: Translator) -> Row:
    if not one.sold:
        label = t.plain("button-favourite-drop", number=str(number))
        return [button(label, Favourite(service=one.service.id, page=page, on=0))]
    return [
        button(
            f"{number}. {truncate(one.service.name, 48)}",
            ServiceCard(service=one.service.id, page=0),
        )
    ]


def naming(order: Order, t: Translator, *, problem: ShopError | None = None) -> Screen:
    """Ask for a preset's name, with one ready."""
    parts = [
        problem_text(problem, t) if problem else "",
        t(
            "preset-ask",
            service=isolated(truncate(order.service_name, _NAME)),
            most=count(LONGEST_NAME, t),
        ),
    ]
    ready = button(
        truncate(ready_name(order, t), 60), NamePreset(order=order.id, keep=1), "primary"
    )
    back = button(t.plain("button-back"), NamePreset(order=order.id, keep=0))
    return Screen("\n\n".join(filter(None, parts)), keyboard([ready], [back]))


def ready_name(order: Order, t: Translator) -> str:
    """Suggest a name: the service, and how much of it."""
    end = f" · {count(order.quantity, t)}" if order.quantity > 1 else ""
    return truncate(order.service_name, LONGEST_NAME - len(end)) + end

"""Categories, services, and a service's card."""

from collections.abc import Sequence

from handlers.callbacks import (
    Categories,
    CategoriesAround,
    Favourite,
    Menu,
    ServiceCard,
    Services,
    StartOrder,
)
from handlers.components import count, isolated, limits, pager
from handlers.customer.catalogue import delivery_times, price_lines, warranty_views
from handlers.customer.catalogue.type_views import shown_label, type_button
from handlers.screens import Row, Screen, button, keyboard, truncate
from handlers.ui import Ui
from locales import Translator
from shop.access import is_sellable
from shop.catalogue.pricing import HOUSE, is_package
from shop.catalogue.service_details import ServiceDetails
from storage.rows import Category, ServiceRow

CATEGORIES_A_PAGE = 10
SERVICES_A_PAGE = 8
_NAME_IN_LIST = 110
_DESCRIPTION = 1_500


def categories(found: Sequence[Category], page: int, t: Translator) -> Screen:
    back = [button(t.plain("button-back"), Menu(to="home"))]
    if not found:
        return Screen(t("catalog-empty"), keyboard(back))
    pages = -(-len(found) // CATEGORIES_A_PAGE)
    page = min(max(page, 0), pages - 1)
    shown = found[page * CATEGORIES_A_PAGE : (page + 1) * CATEGORIES_A_PAGE]
    rows: list[Row] = [
        [
            button(
                f"{truncate(category.name, 44)} · {category.services}",
                Services(category=category.id, page=0),
            )
        ]
        for category in shown
    ]
    return Screen(
        t("categories", count=len(found)),
        keyboard(*rows, pager(page, more=page < pages - 1, pages=pages, to=Categories), back),
    )


def services(found: Sequence[ServiceRow], category: int, page: int, ui: Ui) -> Screen:
    """Show one page; `found` has one more than a page holds when another follows."""
    t = ui.t
    back = [button(t.plain("button-back"), CategoriesAround(category=category))]
    if not found:
        return Screen(t("services-empty"), keyboard(back))
    shown = found[:SERVICES_A_PAGE]
    first = page * SERVICES_A_PAGE + 1
    lines, rows = _listed(shown, first, page, ui)
    title = t("services", category=isolated(truncate(shown[0].category, _NAME_IN_LIST)))
    nav = pager(page, more=len(found) > SERVICES_A_PAGE, to=Services, category=category)
    return Screen(title + "\n\n" + lines, keyboard(*rows, nav, back))


def found(hits: Sequence[ServiceRow], total: int, ui: Ui) -> Screen:
    """Show the first of `total` services that a search has found."""
    t = ui.t
    lines, rows = _listed(hits, 1, 0, ui)
    parts = [t("found", count=total, shown=count(total, t)), lines]
    if total > len(hits):
        parts.append(t("found-more"))
    return Screen(
        "\n\n".join(parts), keyboard(*rows, [button(t.plain("button-back"), Categories(page=0))])
    )


def page_of(category: int, found: Sequence[Category]) -> int:
    """Say on which page of the categories one is; the first page where it is gone."""
    place = next((index for index, one in enumerate(found) if one.id == category), 0)
    return place // CATEGORIES_A_PAGE


def _listed(shown: Sequence[ServiceRow], first: int, page: int, ui: Ui) -> tuple[str, list[Row]]:
    """Write a numbered list, and a button for each line."""
    lines = [_line(number, service, ui) for number, service in enumerate(shown, first)]
    rows: list[Row] = [
        [
            button(
                f"{number}. {truncate(service.name, 48)}",
                ServiceCard(service=service.id, page=page),
            )
        ]
        for number, service in enumerate(shown, first)
    ]
    return "\n".join(lines), rows


def _line(number: int, service: ServiceRow, ui: Ui) -> str:
    t = ui.t
    name = isolated(truncate(service.name, _NAME_IN_LIST))
    if not is_sellable(service):
        return t("services-line-unknown", number=str(number), name=name)
    return t(
        "services-line",
        number=str(number),
        name=name,
        price=listed_price(service, ui),
        limits="" if is_package(service) else f" · {_limits(service, t)}",
    )


def listed_price(service: ServiceRow, ui: Ui) -> str:
    amount = ui.money(ui.prices.listed(service))
    return ui.t.plain(
        "price-package" if is_package(service) else "price-per-thousand", amount=amount
    )


def _limits(service: ServiceRow, t: Translator) -> str:
    return t.plain("limits-package") if is_package(service) else limits(service.min, service.max, t)


def card(sheet: ServiceDetails, page: int, ui: Ui) -> Screen:
    t = ui.t
    service = sheet.service
    back = button(t.plain("button-back"), Services(category=service.category_id, page=page))
    description = truncate(service.description, _DESCRIPTION)
    quote = t("service-description", description=isolated(description)) if description else ""
    parts = [
        t(
            "service-title",
            name=isolated(service.name),
            category=isolated(truncate(service.category, _NAME_IN_LIST)),
        ),
        quote,
        _facts(service, ui),
        delivery_times.of_service(sheet.expectation, t),
    ]
    if sheet.is_admin and ui.prices is not HOUSE:
        parts.append(price_lines.card_line(service, ui))
    choose = (
        [*type_button(service, t), *warranty_views.warranty_button(service, t)]
        if sheet.is_admin
        else []
    )
    if not is_sellable(service):
        parts.append(t("service-type-unknown", type=shown_label(service.type_label)))
        return Screen("\n\n".join(filter(None, parts)), keyboard(choose, [back]))
    order = button(t.plain("button-order"), StartOrder(service=service.id), "success")
    star = t.plain("button-favourite-remove" if sheet.favourite else "button-favourite-add")
    keep = button(star, Favourite(service=service.id, page=page, on=int(not sheet.favourite)))
    return Screen("\n\n".join(filter(None, parts)), keyboard([order], [keep], choose, [back]))


def _facts(service: ServiceRow, ui: Ui) -> str:
    t = ui.t
    rows = [
        t("service-price", price=listed_price(service, ui)),
        t("service-limits", limits=_limits(service, t)),
        warranty_views.line(service, t),
        t("service-cancel-yes") if service.cancel else t("service-cancel-no"),
    ]
    if service.dripfeed:
        rows.append(t("service-dripfeed"))
    rows.append(t("service-id", id=service.provider_id))
    return "\n".join(rows)

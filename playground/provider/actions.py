"""The seven actions: parameters in, the dialect's JSON out.

Each raises `Refusal` for a refused call.
"""

from collections.abc import Callable, Mapping
from typing import Any

from playground.provider.faults import Fault
from playground.provider.orders import Order
from playground.provider.refills import Refill
from playground.provider.refusals import Refusal, Why
from playground.provider.series import place
from playground.provider.state import ProviderState
from playground.provider.wanted import number, read_add

Fields = Mapping[str, str]
MOST_IDS = 100


UNREADABLE = {"catalogue_words": "free", "balance_words": "unlimited"}


def services(provider: ProviderState, fields: Fields, fault: Fault | None) -> Any:  # noqa: ARG001
    raw = provider.catalogue.raw()
    if fault and fault.kind == "catalogue_empty":
        raw = []
    elif fault and fault.kind == "catalogue_half":
        raw = raw[: len(raw) // 2]
    elif fault and fault.kind == "catalogue_words":
        rate = fault.text or UNREADABLE[fault.kind]
        raw = [
            one | {"rate": rate} if not fault.ids or str(one["service"]) in fault.ids else one
            for one in raw
        ]
    return provider.voice.services(raw)


def add(provider: ProviderState, fields: Fields, fault: Fault | None) -> Any:
    book = provider.book
    if fault and fault.kind == "repeat_id" and book.orders:
        return provider.voice.added(max(book.orders))
    service = provider.catalogue.find(fields.get("service", ""))
    wanted = read_add(service, fields, provider.voice.rules)
    return provider.voice.added(place(book, service, wanted, provider.now).number)


def status(provider: ProviderState, fields: Fields, fault: Fault | None) -> Any:
    def snapshot(text: str) -> Any:
        return find_order(provider, text).snapshot(provider.now)

    if _many(provider, fields, "orders"):
        found = _each(fields["orders"], snapshot, fault)
        return provider.voice.statuses(found, provider.account.currency)
    return provider.voice.status(snapshot(fields.get("order", "")), provider.account.currency)


def refill(provider: ProviderState, fields: Fields, fault: Fault | None) -> Any:
    def ask(text: str) -> Refill:
        return provider.refills.ask(find_order(provider, text), provider.now)

    if _many(provider, fields, "orders"):
        _check_all(fields["orders"], lambda text: find_order(provider, text), fault)
        return provider.voice.refills(_each(fields["orders"], ask, fault))
    return provider.voice.refilled(ask(fields.get("order", "")))


def refill_status(provider: ProviderState, fields: Fields, fault: Fault | None) -> Any:
    def look(text: str) -> str:
        return provider.refills.find(number(text.removeprefix("rfl_"))).status(provider.now)

    if _many(provider, fields, "refills"):
        return provider.voice.refill_statuses(_each(fields["refills"], look, fault))
    return provider.voice.refill_status(look(fields.get("refill", "")))


def cancel(provider: ProviderState, fields: Fields, fault: Fault | None) -> Any:
    """Only the plural form is documented. Numeric scripts take one `order` instead."""

    def ask(text: str) -> None:
        provider.book.cancel(find_order(provider, text), provider.now)

    ids = fields.get("orders", fields.get("order", "") if not provider.voice.takes_many else "")
    if not ids.strip():
        raise Refusal(Why.BAD_ORDER)
    _check_all(ids, lambda text: find_order(provider, text), fault)
    return provider.voice.canceled(_each(ids, ask, fault))


def balance(provider: ProviderState, fields: Fields, fault: Fault | None) -> Any:  # noqa: ARG001
    answer = provider.voice.balance(provider.account.balance, provider.account.currency)
    if fault and fault.kind == "balance_words":
        answer["balance"] = fault.text or UNREADABLE[fault.kind]
    if fault and fault.kind == "balance_currency":
        answer["currency"] = fault.text or "EUR"
    return answer


ACTIONS: dict[str, Callable[[ProviderState, Fields, Fault | None], Any]] = {
    each.__name__: each for each in (services, add, status, refill, refill_status, cancel, balance)
}


def find_order(provider: ProviderState, text: str) -> Order:
    """Takes ids of every dialect, so that a running demo may change its dialect."""
    return provider.book.find(number(text.strip().removeprefix("ord_")))


def _many(provider: ProviderState, fields: Fields, name: str) -> bool:
    return provider.voice.takes_many and bool(fields.get(name, "").strip())


def _split(ids: str) -> list[str]:
    texts = [text.strip() for text in ids.split(",") if text.strip()]
    if len(texts) > MOST_IDS:
        raise Refusal(Why.TOO_MANY_IDS, MOST_IDS)
    return texts


def _each(ids: str, do: Callable[[str], Any], fault: Fault | None) -> list[tuple[str, Any]]:
    """What became of each id: a result, or its `Refusal`."""
    found: list[tuple[str, Any]] = []
    for text in _split(ids):
        try:
            found.append((text, do(text)))
        except Refusal as refusal:
            if fault and fault.kind == "bad_id_fails_all":
                raise Refusal(refusal.why, text=refusal.text, http=400) from refusal
            found.append((text, refusal))
    if fault and fault.kind == "omit_ids":
        return [(text, one) for text, one in found if not _omitted(text, one, fault)]
    return found


def _omitted(text: str, one: Any, fault: Fault) -> bool:
    return text in fault.ids if fault.ids else isinstance(one, Refusal)


def _check_all(ids: str, find: Callable[[str], object], fault: Fault | None) -> None:
    """Under `bad_id_fails_all` nothing may be done before every id is known to exist."""
    if fault and fault.kind == "bad_id_fails_all":
        _each(ids, find, fault)

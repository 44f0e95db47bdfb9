"""One app at @CryptoBot: its token, its invoices, and the trouble to order. No sockets here."""

import json
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from playground.crypto.invoice import Invoice
from playground.provider.faults import KINDS, Fault, FaultBook, Way
from playground.provider.reply import Reply

DEFAULT_TOKEN = "42:PLAYGROUND-no-real-coins"  # noqa: S105 - that is what it says
FIATS = {
    *("USD", "EUR", "RUB", "BYN", "UAH", "GBP", "CNY", "KZT", "UZS", "GEL"),
    *("TRY", "AMD", "THB", "INR", "BRL", "IDR", "AZN", "AED", "PLN", "ILS"),
}
LONGEST = 2_678_400
"""seconds that an invoice may be open"""
REFUSALS = {
    "refuse": (400, "AMOUNT_TOO_SMALL"),
    "bad_key": (401, "UNAUTHORIZED"),
    "rate_limit_429": (429, "TOO_MANY"),
}


class RefusedError(Exception):
    """The API says no. `code` is the HTTP status too."""

    def __init__(self, code: int, name: str) -> None:
        super().__init__(name)
        self.code = code


class CryptoBot:
    """`clock` gives Unix seconds.

    An invoice's hash behind `pay_page` is the address where it is paid.

    Of the names of errors UNAUTHORIZED, METHOD_NOT_FOUND, EXPIRES_IN_INVALID and APP_ERROR are
    known from the real one, the others are in their style.
    """

    def __init__(self, token: str = DEFAULT_TOKEN, clock: Callable[[], float] = time.time) -> None:
        self.token = token
        self.clock = clock
        self.pay_page = "https://t.me/CryptoTestnetBot?start="
        self.invoices: dict[int, Invoice] = {}
        self.calls: Counter[str] = Counter()
        self._faults = FaultBook()

    def fault(self, kind: str, method: str = "*", **how: Any) -> Fault:
        """`kind` is one of the wire or of other answers (see the provider's `KINDS`), or one of
        REFUSALS.
        """
        if kind in KINDS and KINDS[kind].way in {Way.REFUSAL, Way.SHAPE} and kind not in REFUSALS:
            raise ValueError(f"Crypto Pay knows no {kind}")
        return self._faults.add(kind, method, **how)

    def received(self, method: str) -> Fault | None:
        """Counts a call and takes the fault that it has to meet, if any."""
        self.calls[method] += 1
        return self._faults.take(method, multi=False)

    def answer(
        self, token: str, method: str, fields: Mapping[str, Any], fault: Fault | None = None
    ) -> Reply:
        """Does what is asked. `fault` refuses it; what one does on the wire is the web layer's."""
        try:
            self._admit(token, fault)
            return _reply(200, {"ok": True, "result": self._do(method, fields)})
        except RefusedError as no:
            return _reply(no.code, {"ok": False, "error": {"code": no.code, "name": str(no)}})

    def by_hash(self, wanted: str) -> Invoice | None:
        return next((each for each in self.invoices.values() if each.hash == wanted), None)

    def pay(self, invoice_id: int, asset: str = "USDT", rate: str = "1") -> None:
        """Somebody pays; `rate` is the price of one coin.

        Raises ValueError for one that is not active.
        """
        invoice = self.invoices[invoice_id]
        if invoice.status(self.clock()) != "active":
            raise ValueError(f"the invoice is {invoice.status(self.clock())}")
        invoice.pay(self.clock(), asset, Decimal(rate))

    def _admit(self, token: str, fault: Fault | None) -> None:
        if token != self.token:
            raise RefusedError(401, "UNAUTHORIZED")
        if fault and fault.kind in REFUSALS:
            code, name = REFUSALS[fault.kind]
            raise RefusedError(code, fault.text or name)

    def _do(self, method: str, fields: Mapping[str, Any]) -> Any:
        if method == "getMe":
            username = "CryptoTestnetBot"
            return {"app_id": 42, "name": "Playground", "payment_processing_bot_username": username}
        if method == "createInvoice":
            return self._create(fields)
        if method == "getInvoices":
            return {"items": self._list(fields)}
        raise RefusedError(405, "METHOD_NOT_FOUND")

    def _create(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        if fields.get("currency_type") != "fiat":
            # the real one takes coins too; the shop asks for none
            raise RefusedError(400, "CURRENCY_TYPE_INVALID")
        if fields.get("fiat") not in FIATS:
            raise RefusedError(400, "FIAT_INVALID")
        description, payload = (
            _text(fields, name, limit) for name, limit in (("description", 1024), ("payload", 4096))
        )
        now, number = self.clock(), 32_000_001 + len(self.invoices)
        seconds = None
        if "expires_in" in fields:
            seconds = _number(fields, "expires_in", "EXPIRES_IN_INVALID", 1, LONGEST)
        own = f"IV{secrets.token_hex(5)}"
        invoice = Invoice(
            invoice_id=number,
            hash=own,
            fiat=fields["fiat"],
            amount=_amount(fields.get("amount")),
            address=self.pay_page + own,
            created=now,
            description=description,
            payload=payload,
            expires=None if seconds is None else now + seconds,
        )
        self.invoices[number] = invoice
        return invoice.shown(now)

    def _list(self, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The newest first."""
        start = _number(fields, "offset", "OFFSET_INVALID", 0, 10**9) if "offset" in fields else 0
        count = _number(fields, "count", "COUNT_INVALID", 1, 1000) if "count" in fields else 100
        now = self.clock()
        found = [each.shown(now) for each in reversed(self.invoices.values())]
        if "status" in fields:
            found = [each for each in found if each["status"] == fields["status"]]
        if "fiat" in fields:
            found = [each for each in found if each["fiat"] == fields["fiat"]]
        if "invoice_ids" in fields:
            wanted = _ids(fields["invoice_ids"])
            found = [each for each in found if each["invoice_id"] in wanted]
        return found[start : start + count]


def _reply(status: int, body: dict[str, Any]) -> Reply:
    return Reply(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), status)


def _number(fields: Mapping[str, Any], name: str, no: str, least: int, most: int) -> int:
    written = str(fields[name])
    if not written.isdecimal() or len(written) > 12 or not least <= int(written) <= most:
        raise RefusedError(400, no)
    return int(written)


def _amount(written: Any) -> Decimal:
    """A float is taken by the real one too; here it would hide a mistake about money."""
    try:
        amount = Decimal(written) if isinstance(written, str) else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or amount <= 0:
        raise RefusedError(400, "AMOUNT_INVALID")
    return amount


def _ids(written: Any) -> set[int]:
    if not isinstance(written, str | int):
        raise RefusedError(500, "APP_ERROR")  # as the real one says to a list where it wants commas
    parts = [part.strip() for part in str(written).split(",")]
    if not all(part.isdecimal() and len(part) < 19 for part in parts):
        raise RefusedError(400, "INVOICE_IDS_INVALID")
    return set(map(int, parts))


def _text(fields: Mapping[str, Any], name: str, limit: int) -> str | None:
    """`limit` is in bytes for the payload, in characters for what people read."""
    if name not in fields:
        return None
    text = str(fields[name])
    if len(text.encode() if name == "payload" else text) > limit:
        raise RefusedError(400, f"{name.upper()}_TOO_LONG")
    return text

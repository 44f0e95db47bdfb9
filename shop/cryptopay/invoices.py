"""An invoice of Crypto Pay, and how one is read: nothing that comes is trusted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from panel.parsing import integer, number, text_of

LONGEST_URL = 512


@dataclass(frozen=True, slots=True)
class CryptoApp:
    """Whose token it is; the bot is CryptoBot or CryptoTestnetBot."""

    app_id: int
    name: str
    bot: str


@dataclass(frozen=True, slots=True)
class CryptoInvoice:
    """An invoice as Crypto Pay tells it.

    `amount` is in `fiat`, `paid_amount` in coins of `paid_asset`.
    """

    invoice_id: int
    status: str
    """active, paid, expired, or a word that is not documented"""
    amount: Decimal
    fiat: str
    payload: str
    pay_url: str
    """empty where it is missing"""
    paid_asset: str | None
    paid_amount: Decimal | None
    paid_at: datetime | None


def plain(amount: Decimal) -> str:
    """Write an amount with neither an exponent nor zeros at its end."""
    written = f"{amount:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def read_invoice(told: Any) -> CryptoInvoice | None:
    """Read an invoice; None without an id, a status or an amount."""
    if not isinstance(told, dict):
        return None
    invoice_id, status, amount = (
        integer(told.get("invoice_id")),
        text_of(told.get("status")),
        _decimal(told, "amount"),
    )
    if invoice_id is None or invoice_id <= 0 or not status or amount is None:
        return None
    return CryptoInvoice(
        invoice_id=invoice_id,
        status=status[:20],
        amount=amount,
        fiat=text_of(told.get("fiat")),
        payload=text_of(told.get("payload")),
        pay_url=_url(text_of(told.get("bot_invoice_url"))),
        paid_asset=text_of(told.get("paid_asset"))[:16] or None,
        paid_amount=_decimal(told, "paid_amount"),
        paid_at=_time(text_of(told.get("paid_at"))),
    )


def _decimal(told: dict[str, Any], name: str) -> Decimal | None:
    value = told.get(name)
    return number(str(value) if isinstance(value, Decimal) else value)


def _url(written: str) -> str:
    usable = (
        written.startswith(("https://", "http://")) and written.isprintable() and " " not in written
    )
    return written if usable and len(written) <= LONGEST_URL else ""


def _time(written: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(written)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None

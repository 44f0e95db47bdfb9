"""An invoice in an ordinary currency, and the shape in which the API tells it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

ASSETS = ("USDT", "TON", "BTC", "ETH", "LTC", "BNB", "TRX", "USDC")
COIN = Decimal("0.00000001")
FEE = Decimal("0.03")


@dataclass
class Invoice:
    """Times are Unix seconds. `address` is where it is paid."""

    invoice_id: int
    hash: str
    fiat: str
    amount: Decimal
    address: str
    created: float
    description: str | None = None
    payload: str | None = None
    expires: float | None = None
    paid: dict[str, Any] = field(default_factory=dict)
    """what the API tells besides once it is paid"""

    def status(self, now: float) -> str:
        if self.paid:
            return "paid"
        return "expired" if self.expires is not None and now >= self.expires else "active"

    def pay(self, now: float, asset: str, rate: Decimal) -> None:
        """`rate` is the price of one coin in the invoice's currency."""
        came = (self.amount / rate).quantize(COIN)
        self.paid = {
            "paid_asset": asset,
            "paid_amount": plain(came),
            "paid_fiat_rate": plain(rate),
            "paid_usd_rate": plain(rate),
            "fee_asset": asset,
            "fee_amount": plain((came * FEE).quantize(COIN)),
            "paid_at": iso(now),
            "paid_anonymously": False,
        }

    def shown(self, now: float) -> dict[str, Any]:
        """As the API tells it: what is not there is left out."""
        optional = {
            "description": self.description,
            "payload": self.payload,
            "expiration_date": None if self.expires is None else iso(self.expires),
        }
        return {
            "invoice_id": self.invoice_id,
            "hash": self.hash,
            "currency_type": "fiat",
            "fiat": self.fiat,
            "amount": plain(self.amount),
            "accepted_assets": list(ASSETS),
            "pay_url": self.address,
            "bot_invoice_url": self.address,
            "mini_app_invoice_url": self.address,
            "web_app_invoice_url": self.address,
            "status": self.status(now),
            "created_at": iso(self.created),
            "allow_comments": True,
            "allow_anonymous": True,
            **{name: value for name, value in optional.items() if value is not None},
            **self.paid,
        }


def plain(amount: Decimal) -> str:
    written = f"{amount:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def iso(seconds: float) -> str:
    return (
        datetime.fromtimestamp(seconds, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )

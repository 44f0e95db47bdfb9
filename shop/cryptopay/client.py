"""Crypto Pay, the API of @CryptoBot: invoices in an ordinary currency, paid in coins.

Facts are from help.crypt.bot/crypto-pay-api. Nothing here moves money: what a paid invoice is worth
is what our own row of it froze.
"""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import httpx

from panel.parsing import integer, text_of
from panel.redaction import RedactingFilter, Redactor
from shop.cryptopay.invoices import CryptoApp, CryptoInvoice, plain, read_invoice

__all__ = [
    "FIATS",
    "MAINNET",
    "TESTNET",
    "CryptoApp",
    "CryptoInvoice",
    "CryptoPay",
    "CryptoPayError",
    "CryptoPayUnauthorizedError",
]

MAINNET = "https://pay.crypt.bot"
TESTNET = "https://testnet-pay.crypt.bot"
FIATS = frozenset(
    {
        *("USD", "EUR", "RUB", "BYN", "UAH", "GBP", "CNY", "KZT", "UZS", "GEL"),
        *("TRY", "AMD", "THB", "INR", "BRL", "IDR", "AZN", "AED", "PLN", "ILS"),
    }
)
"""What an invoice may be in."""
PER_CALL = 100
LONGEST_DESCRIPTION = 1024
# bytes; a hundred invoices with payloads of 4 kB are a tenth of it
LARGEST_ANSWER = 8 * 1024 * 1024
_UNAUTHORIZED = 401
_TOO_MANY = 429
_SERVER_ERROR = 500
_CODES = range(100, 1000)

log = logging.getLogger(__name__)


class CryptoPayError(Exception):
    """Everything that the client raises, apart from asyncio.CancelledError.

    Its text is for logs and admins.

    `retryable`: asking again later may help. That holds for `create_invoice` too: an invoice whose
    answer was lost has been shown to nobody.
    """

    def __init__(self, said: str, *, retryable: bool) -> None:
        super().__init__(said)
        self.retryable = retryable


class CryptoPayUnauthorizedError(CryptoPayError):
    """The token is not known there; one of the other network isn't either."""


class CryptoPay:
    """An async client; close it.

    Raises CryptoPayError and nothing else, and never sends anything twice.

    `timeout` is for a whole exchange, in seconds. Raises ValueError for a token that no header can
    hold.
    """

    def __init__(
        self,
        token: str,
        url: str = MAINNET,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = 15,
    ) -> None:
        if not token.isascii() or not token.isprintable() or token.strip() != token or not token:
            raise ValueError("the token of Crypto Pay holds what no header can")
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._redact = Redactor(token)
        self._filter = RedactingFilter(self._redact)
        self._filter.install()
        self._client = httpx.AsyncClient(
            transport=transport,
            headers={"Crypto-Pay-API-Token": token, "Accept": "application/json"},
            timeout=timeout,
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=2),
            # no proxy of the environment sees the token; who needs one passes a transport
            trust_env=False,
        )

    async def aclose(self) -> None:
        await self._client.aclose()
        self._filter.remove()

    async def me(self) -> CryptoApp:
        """Whose token this is."""
        told = await self._call("getMe", {})
        app_id = integer(told.get("app_id")) if isinstance(told, dict) else None
        if app_id is None:
            raise CryptoPayError("getMe: an answer without an app", retryable=True)
        return CryptoApp(
            app_id, text_of(told.get("name")), text_of(told.get("payment_processing_bot_username"))
        )

    async def create_invoice(
        self, *, amount: Decimal, fiat: str, payload: str, description: str, expires_in: int
    ) -> CryptoInvoice:
        """Ask for `amount` of `fiat` (one of FIATS), payable for `expires_in` seconds (at most 31
        days).

        `payload` (up to 4 kB) comes back with the invoice; a payer sees the description.
        """
        told = await self._call(
            "createInvoice",
            {
                "currency_type": "fiat",
                "fiat": fiat,
                "amount": plain(amount),
                "description": text_of(description)[:LONGEST_DESCRIPTION],
                "payload": payload,
                "expires_in": expires_in,
            },
        )
        invoice = read_invoice(told)
        if invoice is None or not invoice.pay_url:
            raise CryptoPayError("createInvoice: an answer without an invoice", retryable=True)
        # who pays it would be credited what they were not asked
        if (invoice.amount, invoice.fiat) != (amount, fiat):
            raise CryptoPayError("createInvoice: an invoice over another amount", retryable=False)
        return invoice

    async def invoices(self, ids: Sequence[int]) -> list[CryptoInvoice]:
        """What became of these, asked in batches of a hundred.

        Unknown and unreadable ones are left out.
        """
        found: dict[int, CryptoInvoice] = {}
        for start in range(0, len(ids), PER_CALL):
            batch = ids[start : start + PER_CALL]
            told = await self._call(
                "getInvoices", {"invoice_ids": ",".join(map(str, batch)), "count": PER_CALL}
            )
            items = told.get("items") if isinstance(told, dict) else told
            if not isinstance(items, list):
                raise CryptoPayError("getInvoices: an answer without a list", retryable=True)
            read = [read_invoice(item) for item in items]
            if None in read:  # one odd invoice must not keep the others from being credited
                log.warning(
                    "Crypto Pay: %d of %d invoices can't be read", read.count(None), len(read)
                )
            found |= {each.invoice_id: each for each in read if each and each.invoice_id in batch}
        return list(found.values())

    async def _call(self, method: str, parameters: Mapping[str, str | int]) -> Any:
        try:
            async with asyncio.timeout(self._timeout):  # httpx's are for one step each
                code, body = await self._exchange(method, parameters)
        except TimeoutError:
            failure = "no complete answer in time"
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody knows an invoice by it
            failure = self._redact.excerpt(f"{type(error).__name__}: {error}", 200).rstrip(": ")
        else:
            return self._result(method, code, body)
        # Outside of the handlers: httpx's errors hold the request, and with it the token.
        raise CryptoPayError(f"{method}: {failure}", retryable=True)

    async def _exchange(
        self, method: str, parameters: Mapping[str, str | int]
    ) -> tuple[int, bytes]:
        body = bytearray()
        async with self._client.stream(
            "POST", f"{self._url}/api/{method}", json=parameters
        ) as response:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise ValueError("the answer is larger than 8 MB")
        return response.status_code, bytes(body)

    def _result(self, method: str, status: int, body: bytes) -> Any:
        try:
            answer = json.loads(body, parse_float=Decimal, parse_constant=lambda _: None)
        except (ValueError, ArithmeticError, RecursionError):
            answer = None
        told: dict[str, Any] = answer if isinstance(answer, dict) else {}
        if told.get("ok") is True and "result" in told:
            return told["result"]
        refused = told.get("error")
        code = refused.get("code") if isinstance(refused, dict) else None
        if not isinstance(refused, dict) or not isinstance(code, int) or code not in _CODES:
            raise CryptoPayError(
                f"{method}: HTTP {status} without an answer that can be read", retryable=True
            )
        said = f"{method}: {code} {self._redact.excerpt(text_of(refused.get('name')), 100)}"
        if code == _UNAUTHORIZED:
            raise CryptoPayUnauthorizedError(said, retryable=False)
        raise CryptoPayError(said, retryable=code >= _SERVER_ERROR or code == _TOO_MANY)

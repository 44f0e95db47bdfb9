"""Everything about money, put together: a part of the composition root in bot/app.py."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from aiogram import Bot

from bot.settings import Settings
from bot.telegram.stars_api import TelegramStars
from bot.workers.supervisor import Worker, every
from locales import Translator
from shop.access import Access, Billing
from shop.catalogue.margins import Margins
from shop.cryptopay.client import FIATS, MAINNET, TESTNET, CryptoPay
from shop.money import to_units
from shop.ordering.placement import Ordering
from shop.orders.eligibility import Rules
from shop.payments.audit import Auditor
from shop.payments.crypto import CryptoTopUps, UnwatchedCrypto
from shop.payments.crypto_doubts import CryptoDoubts
from shop.payments.manual import ManualTopUps
from shop.payments.service import Payments
from shop.payments.shortfall import Shortfall
from shop.payments.stars import Reconciler, Refunder
from shop.payments.top_ups import TopUps, TopUpTerms
from shop.promotions.coupons import Coupons
from shop.promotions.invitations import Invitations
from storage import Database
from storage.queries import payments as payment_statements
from storage.rows import Invoice

Step = Callable[[], Awaitable[None]]
LanguageOf = Callable[[int], Awaitable[Translator]]

_REFUND_LOOK = 60.0
_UNWATCHED_LOOK = 300.0
_SHARING_LOOK = 10.0
_MARGINS_LOOK = 10.0  # another process may have changed them


@dataclass(frozen=True, slots=True)
class PaymentsFeature:
    """`workflow` is what handlers may ask for by name; `workers` run in the background."""

    payments: Payments
    reconciler: Reconciler
    refunder: Refunder
    margins: Margins
    invitations: Invitations
    crypto: CryptoTopUps | None
    workflow: Mapping[str, Any]
    workers: Sequence[Worker]

    async def close(self) -> None:
        if self.crypto is not None:
            await self.crypto.client.aclose()


def open_till(
    settings: Settings,
    shared: Mapping[str, Any],
    access: Access,
    ordering: Ordering,
    telegram: Bot,
    language_of: LanguageOf,
    crypto: CryptoPay | None = None,
) -> PaymentsFeature:
    """Put the money's parts together; `shared` is what every part has: database, bells, clock.

    `language_of` gives the texts in somebody's language; `crypto` takes the place of the client
    that settings ask for.
    """
    top_ups = TopUps(
        **shared, access=access, currency=ordering.currency, terms=_terms(settings), fiats=FIATS
    )
    payments = Payments(
        **shared,
        ordering=ordering,
        top_ups=top_ups,
        admins=settings.admin_ids,
        default_language=settings.default_language,
        bot_id=telegram.id,
        rules=Rules(timedelta(hours=settings.refill_wait_hours), ordering.account),
    )
    database, stars = shared["database"], TelegramStars(telegram)
    reconciler = Reconciler(database, stars, payments, settings.admin_ids, shared["clock"])
    refunder = Refunder(database, stars, payments)
    margins = Margins(
        shared["database"], access, ordering.assortment, ordering.prices, shared["clock"]
    )
    giving = {**shared, "access": access, "currency": ordering.currency}
    coupons, invitations = Coupons(**giving), Invitations(**giving)
    crypto_top_ups = _crypto(settings, shared, payments, language_of, crypto)
    # Where nobody has a wallet any more, nothing is offered; what is on its way is brought to its
    # end.
    paid_in = partial(_where_paid_in, settings, database)
    workers = [
        Worker("invitations", invitations.step, every(_SHARING_LOOK)),
        Worker("stars", paid_in(reconciler.step), reconciler.pause),
        Worker(
            "refunds", refunder.step, every(_REFUND_LOOK), shared["bells"].refunds, refunder.asked
        ),
    ]
    if settings.billing is Billing.WALLET:
        workers.append(Worker("margins", margins.load, every(_MARGINS_LOOK), everywhere=True))
    if crypto_top_ups is not None:
        workers.append(
            Worker("crypto", crypto_top_ups.step, crypto_top_ups.pause, shared["bells"].invoices)
        )
    else:
        unwatched = UnwatchedCrypto(**shared, admins=settings.admin_ids)
        workers.append(Worker("crypto", unwatched.step, every(_UNWATCHED_LOOK)))
    auditor = Auditor(shared["database"], settings.admin_ids, shared["bells"], shared["clock"])
    workers.append(Worker("audit", auditor.step, auditor.pause))
    workflow = {
        "top_ups": top_ups,
        "payments": payments,
        "margins": margins,
        "difference": Shortfall(ordering, top_ups),
        "doubts": CryptoDoubts(payments),
        "coupons": coupons,
        "invitations": invitations,
        "manual": ManualTopUps(shared["database"], top_ups, shared["bells"], shared["clock"]),
    }
    return PaymentsFeature(
        payments, reconciler, refunder, margins, invitations, crypto_top_ups, workflow, workers
    )


def _where_paid_in(settings: Settings, database: Database, step: Step) -> Step:
    """Do a step only where people pay in, or ever have: Telegram's statement is no concern of
    anybody else.
    """

    async def stepped() -> None:
        if settings.billing is Billing.WALLET or await database.read(payment_statements.any_ever):
            await step()

    return stepped


def _crypto(
    settings: Settings,
    shared: Mapping[str, Any],
    payments: Payments,
    language_of: LanguageOf,
    client: CryptoPay | None,
) -> CryptoTopUps | None:
    """Make what Crypto Pay's invoices need, where the operator has turned that on."""
    if settings.crypto_pay_token is None:
        return None
    url = settings.crypto_pay_url or (TESTNET if settings.crypto_pay_testnet else MAINNET)
    client = client or CryptoPay(settings.crypto_pay_token.get_secret_value(), url)

    async def describe(invoice: Invoice) -> str:
        return (await language_of(invoice.user_id)).plain("crypto-description", id=str(invoice.id))

    return CryptoTopUps(
        **shared, client=client, payments=payments, describe=describe, admins=settings.admin_ids
    )


def _terms(settings: Settings) -> TopUpTerms:
    return TopUpTerms(
        star_value=None if settings.star_value is None else to_units(settings.star_value),
        star_presets=settings.star_presets,
        stars_per_day=settings.stars_per_day,
        crypto=settings.crypto_pay_token is not None,
        crypto_per_day=to_units(settings.crypto_per_day),
        amounts=tuple(map(to_units, settings.top_up_amounts)),
        note=settings.top_up_note,
    )

"""Everything about money that people pay in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.features.deps import Deps, Feature
from bot.settings import Settings
from bot.telegram.stars_api import TelegramStars
from bot.workers.supervisor import Worker, every
from shop.access import Billing
from shop.cryptopay.client import FIATS, MAINNET, TESTNET, CryptoPay
from shop.customers.accounts import People
from shop.money import to_units
from shop.ordering.placement import Ordering
from shop.payments.audit import Auditor
from shop.payments.crypto import CryptoTopUps, UnwatchedCrypto
from shop.payments.crypto_doubts import CryptoDoubts
from shop.payments.manual import ManualTopUps
from shop.payments.service import Payments
from shop.payments.shortfall import Shortfall
from shop.payments.stars import Reconciler, Refunder
from shop.payments.top_ups import TopUps, TopUpTerms
from shop.payments.wallet import Wallet
from storage import Database
from storage.queries import payments as payment_statements
from storage.rows import Invoice

Step = Callable[[], Awaitable[None]]

_REFUND_LOOK = 60.0
_UNWATCHED_LOOK = 300.0


@dataclass(frozen=True, slots=True)
class PaymentServices:
    wallet: Wallet
    top_ups: TopUps
    payments: Payments
    difference: Shortfall
    doubts: CryptoDoubts
    manual: ManualTopUps


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsFeature(Feature[PaymentServices]):
    reconciler: Reconciler
    refunder: Refunder
    crypto: CryptoTopUps | None

    async def close(self) -> None:
        if self.crypto is not None:
            await self.crypto.client.aclose()


def open_payments(
    deps: Deps, ordering: Ordering, people: People, crypto: CryptoPay | None = None
) -> PaymentsFeature:
    """Put the money's parts together; `crypto` takes the place of the client that settings ask
    for.
    """
    services = _services(deps, ordering)
    stars = TelegramStars(deps.telegram)
    reconciler = Reconciler(deps.database, stars, services.payments, deps.admins, deps.clock)
    refunder = Refunder(deps.database, stars, services.payments)
    crypto_top_ups = _crypto(deps, services.payments, people, crypto)
    auditor = Auditor(deps.database, deps.admins, deps.wakeups, deps.clock)
    # Where nobody has a wallet any more, nothing is offered; what is on its way is brought to its
    # end.
    paid_in = partial(_where_paid_in, deps.settings, deps.database)
    workers = (
        Worker("stars", paid_in(reconciler.step), reconciler.pause),
        Worker("refunds", refunder.step, every(_REFUND_LOOK), deps.wakeups.refunds, refunder.asked),
        _crypto_worker(deps, crypto_top_ups),
        Worker("audit", auditor.step, auditor.pause),
    )
    return PaymentsFeature(
        services=services,
        workers=workers,
        reconciler=reconciler,
        refunder=refunder,
        crypto=crypto_top_ups,
    )


def _services(deps: Deps, ordering: Ordering) -> PaymentServices:
    database, wakeups, clock = deps.database, deps.wakeups, deps.clock
    top_ups = TopUps(
        database,
        deps.access,
        ordering.currency,
        wakeups,
        clock,
        terms=_terms(deps.settings),
        fiats=FIATS,
    )
    payments = Payments(
        database,
        ordering,
        top_ups,
        deps.admins,
        wakeups,
        clock,
        default_language=deps.settings.default_language,
        rules=deps.rules,
        bot_id=deps.telegram.id,
    )
    return PaymentServices(
        wallet=Wallet(database, wakeups, clock),
        top_ups=top_ups,
        payments=payments,
        difference=Shortfall(ordering, top_ups),
        doubts=CryptoDoubts(payments),
        manual=ManualTopUps(database, top_ups, wakeups, clock),
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
    deps: Deps, payments: Payments, people: People, client: CryptoPay | None
) -> CryptoTopUps | None:
    """Make what Crypto Pay's invoices need, where the operator has turned that on."""
    settings = deps.settings
    if settings.crypto_pay_token is None:
        return None
    url = settings.crypto_pay_url or (TESTNET if settings.crypto_pay_testnet else MAINNET)
    client = client or CryptoPay(settings.crypto_pay_token.get_secret_value(), url)

    async def describe(invoice: Invoice) -> str:
        t = deps.texts.for_language(await people.language_of(invoice.user_id))
        return t.plain("crypto-description", id=str(invoice.id))

    return CryptoTopUps(
        deps.database, client, payments, describe, deps.admins, deps.wakeups, deps.clock
    )


def _crypto_worker(deps: Deps, crypto: CryptoTopUps | None) -> Worker:
    if crypto is not None:
        return Worker("crypto", crypto.step, crypto.pause, deps.wakeups.invoices)
    unwatched = UnwatchedCrypto(deps.database, deps.admins, deps.wakeups, deps.clock)
    return Worker("crypto", unwatched.step, every(_UNWATCHED_LOOK))


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

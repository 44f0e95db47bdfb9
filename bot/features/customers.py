"""Who people are, and what they have chosen."""

from dataclasses import dataclass

from bot.features.deps import Currency, Deps, Feature
from bot.workers.supervisor import Worker, every
from locales import Texts
from shop.access import Access
from shop.customers.accounts import People
from shop.customers.erasing import LOOK_SECONDS, Eraser
from shop.customers.long_texts import LongTexts
from shop.customers.preferences import Preferences
from shop.customers.privacy import Privacy
from shop.customers.support import Support
from shop.money import to_units


@dataclass(frozen=True, slots=True)
class CustomerServices:
    texts: Texts
    access: Access
    people: People
    preferences: Preferences
    privacy: Privacy
    long_texts: LongTexts
    support: Support


def open_customers(deps: Deps, currency: Currency) -> Feature[CustomerServices]:
    settings, database = deps.settings, deps.database
    services = CustomerServices(
        texts=deps.texts,
        access=deps.access,
        people=People(
            database,
            deps.access,
            frozenset(deps.texts.languages),
            settings.default_language,
            deps.clock,
            welcome_credit=to_units(settings.welcome_credit),
        ),
        preferences=Preferences(database, deps.wakeups, deps.clock),
        privacy=Privacy(database, currency, deps.clock),
        long_texts=LongTexts(database, deps.wakeups, deps.clock),
        support=Support(database, deps.admins, settings.support_contact, deps.wakeups, deps.clock),
    )
    workers = (Worker("eraser", Eraser(database).step, every(LOOK_SECONDS)),)
    return Feature(services=services, workers=workers)

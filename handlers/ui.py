"""What every screen of one answer is written with."""

from dataclasses import dataclass
from decimal import Decimal

from handlers.components import money, provider_money
from locales import Translator
from shop.catalogue.pricing import Prices
from shop.provider.balance import BalanceWatch


@dataclass(frozen=True, slots=True)
class Ui:
    """The reader's language, today's prices and the currencies: made once for each update.

    `currency` is that of prices and wallets, `provider_currency` that of the provider's rates and
    charges.
    """

    t: Translator
    prices: Prices
    currency: str
    provider_currency: str

    def money(self, units: int) -> str:
        """Write millionths of the shop's currency."""
        return money(units, self.currency, self.t)

    def ours(self, amount: Decimal) -> str:
        """Write an amount of the shop's currency that is no whole number of millionths."""
        return provider_money(amount, self.currency, self.t)

    def theirs(self, amount: Decimal) -> str:
        """Write an amount of the provider's currency."""
        return provider_money(amount, self.provider_currency, self.t)


def ui_now(t: Translator, prices: Prices, watch: BalanceWatch) -> Ui:
    """Return what is written with now: the currencies are known from the provider's balance."""
    return Ui(t, prices, watch.shop_currency(), watch.currency)

"""Paying what an order is short of: exactly that, and the order starts by itself when the money is
there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.errors import NotFoundError
from shop.ordering.placement import Form, Ordering
from shop.payments.top_ups import MOST_STARS, TopUps, payable
from storage.engine import Transaction
from storage.enums import Method
from storage.rows import Invoice

_PRESETS = 2


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay.

    `amount` (millionths) is credited; `stars` are asked, 0 where none are; `exact`: no more.
    """

    method: Method
    amount: int
    stars: int = 0
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a form's wallet is short of, and how that can be paid."""

    ordering: Ordering
    top_ups: TopUps

    def ways(self, form: Form) -> Sequence[Way]:
        """List the ways to pay what is missing: none where nothing is, and presets of Stars that
        are enough.
        """
        missing = missing_of(form)
        if not missing:
            return ()
        methods, found = self.top_ups.methods(), list[Way]()
        if Method.STARS in methods:
            least, value = self.top_ups.stars_for(missing), self.top_ups.star_value()
            larger = sorted({stars for stars in self.top_ups.terms.star_presets if stars > least})[
                :_PRESETS
            ]
            counts = [least, *larger] if least <= MOST_STARS else []
            found += [
                Way(Method.STARS, stars * value, stars, exact=stars == least) for stars in counts
            ]
        if Method.CRYPTO in methods:
            found.append(Way(Method.CRYPTO, payable(missing)))
        return found

    async def pay(self, user_id: int, draft_id: int, method: str, stars: int = 0) -> Invoice | Form:
        """Write an invoice over what is missing now, or over more `stars`; the order waits for it.

        Gives the form instead where that has to be looked at first: price or limits are not what
        its summary showed, or nothing is missing. Raises NotFoundError for a draft that is not
        theirs, or is closed; ShopError where the day's limit is reached.
        """
        asked = await self.ordering.database.write(self._pay, user_id, draft_id, method, stars)
        if isinstance(asked, Invoice) and asked.method is Method.CRYPTO:
            self.top_ups.bells.invoices.set()
        return asked

    def _pay(
        self, tx: Transaction, user_id: int, draft_id: int, method: str, stars: int
    ) -> Invoice | Form:
        form = self.ordering.look(tx, user_id, draft_id)
        if form.changed is not None:
            return form
        wanted = [way for way in self.ways(form) if way.method == method]
        exact = next((way for way in wanted if way.exact), None)
        if exact is None:
            if missing_of(form):
                raise NotFoundError("error-button-old")
            return form
        if exact.method is Method.CRYPTO:
            return self.top_ups.write_crypto(tx, user_id, exact.amount, draft_id)
        if 0 < stars < exact.stars:  # it was enough when the button was shown
            return form
        return self.top_ups.write_stars(tx, user_id, stars or exact.stars, draft_id)


def missing_of(form: Form) -> int:
    """Count the millionths that the wallet lacks for a complete form; 0 where nobody pays from
    one.
    """
    if form.step is not None or form.price is None or not form.pays_from_wallet:
        return 0
    return max(form.price - form.balance, 0)

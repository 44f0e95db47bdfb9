"""What a provider's figures say of an end: which part was not delivered, or that nobody can tell.

A figure counts only beside a state that we know, and a charge only in the account's currency. Two
figures have to agree with each other, and both with the state; otherwise an admin is asked.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from panel import OrderStatus
from shop.currencies import fits
from storage.enums import OrderState

_SHARE = Decimal("0.03")  # rates move a little between a look at the catalogue and the `add`
# the coarsest rounding of charges; finer ones show in the charge's own digits
_ROUNDED = Decimal("0.01")


class _Priced(Protocol):
    @property
    def currency(self) -> str: ...
    @property
    def exchange(self) -> Decimal: ...


def near(amount: Decimal, expected: Decimal) -> bool:
    """Return whether an amount of the provider's is the expected one, but for rounding and a few
    percent.
    """
    exponent = amount.as_tuple().exponent
    digit = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else _ROUNDED
    return abs(amount - expected) <= max(abs(expected) * _SHARE, min(digit, _ROUNDED))


def counted(answer: OrderStatus, account: Collection[str]) -> OrderStatus:
    """Return what counts of an answer: nothing beside an unknown state, no charge in a currency
    that is not `account`'s.

    `currency` is left only where the charge does not count because of it. An account without a
    known currency, and an answer that names none, are not compared; a charge of 0 is 0 in every
    currency.
    """
    if answer.state is None:
        return replace(
            answer,
            charge=None,
            start_count=None,
            remains=None,
            runs=None,
            posts=None,
            currency=None,
        )
    if is_foreign(answer.charge, answer.currency, account):
        return replace(answer, charge=None)
    return replace(answer, currency=None)


def is_foreign(charge: Decimal | None, currency: str | None, account: Collection[str]) -> bool:
    """Return whether a charge is an amount in another currency than the account's, as far as both
    are known.
    """
    known, named = [name for name in account if name.strip()], (currency or "").strip()
    return bool(charge and named and known) and not any(fits(named, name) for name in known)


def account_of(order: _Priced, known: Collection[str] = ()) -> Collection[str]:
    """Return the names of the currency in which an order's charges count: the account's, where
    somebody knows them.

    Else the order's own, where the shop counts in the provider's; none where it does not.
    """
    return known or ((order.currency,) if order.exchange == 1 else ())


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an end, all of it in one answer.

    `quantity` units were ordered for an expected `cost`; `full` is what was charged for them before
    the end. `begun`: it is known to have been under way; before that, remains of 0 are no news.
    `foreign`: there is a charge that can't be compared.
    """

    state: OrderState
    quantity: int
    cost: Decimal
    charge: Decimal | None
    remains: int | None
    full: Decimal | None = None
    begun: bool = True
    foreign: bool = False

    @property
    def left(self) -> Fraction | None:
        """The part that remains: below 0 where more was delivered, above 1 where that can't be."""
        if self.remains is None or (self.remains == 0 and not self.begun):
            return None
        return Fraction(self.remains, self.quantity)

    @property
    def wholes(self) -> list[Decimal]:
        """What the whole order may cost, the least first: charges are measured by it."""
        return sorted(
            {whole for whole in (self.cost, self.full) if whole is not None and whole > 0}
        )


def missing(said: Said) -> Fraction | None:
    """Return which part was not delivered, from 0 to 1; None where that has to be asked.

    Remains are exact, so they count where the charge agrees, or says nothing. A partial order may
    still show what it had cost before its rest was given back to us. A cancellation that would give
    back nothing contradicts itself.
    """
    if said.state is OrderState.COMPLETED:
        return None if _denies_completion(said) else Fraction(0)
    left = said.left
    if left is None:
        found = _by_charge(said)
    elif said.charge is None or not said.wholes:
        found = None if left > 1 and said.state is not OrderState.CANCELED else _clamped(left)
    else:
        found = _clamped(left) if _agree(said, said.charge, left) else None
    return None if said.state is OrderState.CANCELED and found == 0 else found


def kept_share(charge: Decimal, cost: Decimal) -> Fraction | None:
    """Return which part of the expected cost was charged, from 0 to 1; None where none was
    expected.
    """
    return _clamped(Fraction(charge) / Fraction(cost)) if cost > 0 else None


def _by_charge(said: Said) -> Fraction | None:
    """Measure by the least that the whole may cost: more is never given back than the other would
    give.
    """
    if said.foreign:
        return None
    if said.charge is None or (said.charge == 0 and not said.wholes):
        return Fraction(1) if said.state is OrderState.CANCELED else None
    if said.charge < 0:
        return None
    for whole in said.wholes:
        if said.charge <= whole or near(said.charge, whole):
            return 1 - _clamped(Fraction(said.charge) / Fraction(whole))
    return None


def _agree(said: Said, charge: Decimal, left: Fraction) -> bool:
    """Return whether the charge is that of what was delivered, or of what was ordered where more
    was delivered.
    """
    delivered = {1 - _clamped(left), max(1 - left, Fraction(0))}
    if charge >= 0 and any(
        _pays(charge, part, whole) for whole in said.wholes for part in delivered
    ):
        return True
    waits = said.state is OrderState.PARTIAL and 0 < left < 1
    return waits and any(
        1 - left <= Fraction(charge) / Fraction(whole) <= 1 or near(charge, whole)
        for whole in said.wholes
    )


def _pays(charge: Decimal, part: Fraction, whole: Decimal) -> bool:
    """Return whether a charge is that of a part of the whole.

    Nothing is not a small amount rounded.
    """
    expected = whole * part.numerator / part.denominator
    if charge == 0 or expected == 0:
        return abs(charge - expected) <= whole * _SHARE
    return abs(charge - expected) <= whole * _SHARE or near(charge, expected)


def _denies_completion(said: Said) -> bool:
    """Return whether both figures deny that everything was delivered, or the remains alone that
    anything was.
    """
    left = said.left
    if left is None or left <= 0:
        return False
    if said.charge is None or not said.wholes:
        return left >= 1
    return not any(said.charge >= whole or near(said.charge, whole) for whole in said.wholes)


def _clamped(part: Fraction) -> Fraction:
    return min(max(part, Fraction(0)), Fraction(1))

"""Every button's data, 64 bytes: ids only.

Telegram keeps buttons for ever: what shipped never changes its fields.
"""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

# A modified client can send any number; what no database can hold is no button of ours.
Key = Annotated[int, Field(ge=0, le=2**53)]
Page = Annotated[int, Field(ge=0, le=100_000)]


class Menu(CallbackData, prefix="m"):
    """The main menu's screens: home, wallet, language, help."""

    to: str


class Categories(CallbackData, prefix="c"):
    page: Page


class CategoriesAround(CallbackData, prefix="d"):
    """The page of the categories that a category is on now."""

    category: Key


class Services(CallbackData, prefix="s"):
    category: Key
    page: Page


class ServiceCard(CallbackData, prefix="v"):
    """A service, and the list it was reached from (`page` of its category)."""

    service: Key
    page: Page


class StartOrder(CallbackData, prefix="o"):
    service: Key


class AnswerChoice(CallbackData, prefix="a"):
    """A ready-made answer to a step of a draft."""

    draft: Key
    step: str
    value: Key


class Skip(CallbackData, prefix="k"):
    draft: Key


class StepBack(CallbackData, prefix="b"):
    draft: Key


class Confirm(CallbackData, prefix="y"):
    draft: Key


class CancelDraft(CallbackData, prefix="n"):
    draft: Key


class Orders(CallbackData, prefix="l"):
    """A page of one's orders; `done` 0 is in work, 1 is done."""

    done: Key
    page: Page


class OrderCard(CallbackData, prefix="i"):
    order: Key


class Again(CallbackData, prefix="g"):
    order: Key


class WalletPage(CallbackData, prefix="w"):
    page: Page


class Language(CallbackData, prefix="t"):
    code: str


class Nothing(CallbackData, prefix="z"):
    """A button that only shows something, such as the page number."""


class ChooseType(CallbackData, prefix="ty"):
    """An admin wants to say what an unknown type is, seen on this service."""

    service: Key


class MapType(CallbackData, prefix="tm"):
    service: Key
    type: str


class ChooseWarranty(CallbackData, prefix="wa"):
    service: Key


class SetWarranty(CallbackData, prefix="ws"):
    """Days of warranty; 0 is none, 100000 is for ever, 99999 is what the service's own words
    say.
    """

    service: Key
    days: Page


class Refill(CallbackData, prefix="rf"):
    order: Key


class AskCancel(CallbackData, prefix="cn"):
    """Asks once more before the cancellation is requested."""

    order: Key


class CancelOrder(CallbackData, prefix="cy"):
    order: Key


class Parts(CallbackData, prefix="sp"):
    """A page of a drip-feed's runs, or of a subscription's orders."""

    order: Key
    page: Page


class MassStart(CallbackData, prefix="ms"):
    """How a mass order is written."""


class MassPage(CallbackData, prefix="mp"):
    mass: Key
    page: Page


class MassConfirm(CallbackData, prefix="mo"):
    mass: Key


class MassCancel(CallbackData, prefix="mx"):
    mass: Key


class Favourite(CallbackData, prefix="fv"):
    """Keeps a service among the favourites (`on` 1) or not (0); `page` is where its card came
    from.
    """

    service: Key
    page: Page
    on: Key


class FavouritesPage(CallbackData, prefix="fl"):
    """A page of one's favourites and presets."""

    page: Page


class SavePreset(CallbackData, prefix="ps"):
    """Keeps an order's service and quantity under a name."""

    order: Key


class NamePreset(CallbackData, prefix="pn"):
    """Takes the name that is suggested for a preset (`keep` 1), or goes back to the order (0)."""

    order: Key
    keep: Key


class UsePreset(CallbackData, prefix="pu"):
    preset: Key


class DropPreset(CallbackData, prefix="pd"):
    preset: Key


class SettingsPage(CallbackData, prefix="se"):
    """A page of one's own settings: pushes, quiet, digest, clock."""

    page: str


class SetPushes(CallbackData, prefix="qp"):
    mode: str


class SetQuiet(CallbackData, prefix="qh"):
    """Quiet from one hour until another; both 24 is never."""

    start: Key
    end: Key


class SetDigest(CallbackData, prefix="qd"):
    hour: Key


class SetClock(CallbackData, prefix="qc"):
    """The clock's distance from UTC in minutes, plus 1440: no value of ours is negative."""

    offset: Key


class DeleteMe(CallbackData, prefix="dm"):
    """The second and last question before everything about somebody is removed; `at` is when it was
    asked.
    """

    at: Key


class TopUpPage(CallbackData, prefix="tu"):
    """A page of topping up: home, or one way of it: stars, crypto, manual."""

    to: str


class AskStars(CallbackData, prefix="ta"):
    """Wants an invoice over so many Stars."""

    stars: Key


class PaymentsPage(CallbackData, prefix="tb"):
    """For admins: a page of the payments of somebody, or of everybody (`user` 0)."""

    user: Key
    page: Page


class GiveBack(CallbackData, prefix="tc"):
    """For admins: has a payment given back (`sure` 1), or first asks whether it shall be (0)."""

    payment: Key
    sure: Key


class MarginsPage(CallbackData, prefix="mg"):
    """A page of the margin rules."""

    page: Page


class MarginRule(CallbackData, prefix="mr"):
    """One rule: `act` is show, edit, ask (whether to remove it) or remove."""

    margin: Key
    act: str


class AddMargin(CallbackData, prefix="ma"):
    """A new rule; `scope` is any (which is asked then), service, category or global; `service` 0 is
    not known yet.
    """

    scope: str
    service: Key


class MarginPercent(CallbackData, prefix="mv"):
    """A ready-made answer to how much comes on top."""

    percent: Key


class SaveMargin(CallbackData, prefix="mz"):
    """Saves what a preview shows; `key` tells it from other previews."""

    key: Key


class PayMissing(CallbackData, prefix="td"):
    """Wants to pay what a draft is short of, or more: so many `stars`; 0 is just what is missing at
    the press.
    """

    draft: Key
    method: str
    stars: Key


class CryptoAmount(CallbackData, prefix="te"):
    """Wants an invoice of Crypto Pay over an amount in millionths."""

    amount: Key


class ManualAmount(CallbackData, prefix="tf"):
    """Asks the admins for an amount in millionths."""

    amount: Key


class DecideTopUp(CallbackData, prefix="tr"):
    """For admins: says yes (1) or no (0) to a top-up by hand; `listed` 1: pressed in the list of
    all.
    """

    top_up: Key
    yes: Key
    listed: Key


class DecideCrypto(CallbackData, prefix="tg"):
    """For admins: credits (1) an invoice that is not as ours was, or leaves it for good (0)."""

    invoice: Key
    yes: Key


class CancelTopUp(CallbackData, prefix="tx"):
    """Takes one's own request for a top-up by hand back."""

    top_up: Key


class CouponCode(CallbackData, prefix="ca"):
    """Somebody has a coupon's code and wants to write it."""


class CouponsPage(CallbackData, prefix="cb"):
    """A page of all coupons, for admins."""

    page: Page


class CouponCard(CallbackData, prefix="cc"):
    coupon: Key


class EndCoupon(CallbackData, prefix="cd"):
    """Ends a coupon (`sure` 1), or asks once more (0)."""

    coupon: Key
    sure: Key


class WriteCoupon(CallbackData, prefix="ce"):
    """An admin wants to write what a new coupon is to be."""


class SwitchCoupons(CallbackData, prefix="cf"):
    on: Key


class Invite(CallbackData, prefix="ia"):
    """One's own invitation link and what came of it."""


class SwitchInvitations(CallbackData, prefix="ib"):
    on: Key


class SetInvitations(CallbackData, prefix="ic"):
    """Another percentage, or another cap in whole units of the currency; 0 stays as it is."""

    percent: Key
    cap: Key


class TriagePage(CallbackData, prefix="xa"):
    """For admins: a page of the orders that wait for a verdict."""

    page: Page


class TriageOrder(CallbackData, prefix="xb"):
    order: Key


class ItExists(CallbackData, prefix="xc"):
    order: Key


class CheckId(CallbackData, prefix="xd"):
    """Has an id checked that stands in the evidence; 0 is the one that the order has."""

    order: Key
    evidence: Key


class ConfirmExists(CallbackData, prefix="xe"):
    """Lets an order go on under the id that this evidence is a check of."""

    evidence: Key


class ItDoesNot(CallbackData, prefix="xf"):
    """Ends an order, money back (`sure` 1), or first asks (0); `seen` is the newest evidence that
    was shown then.
    """

    order: Key
    seen: Key
    sure: Key


class AgreeAgain(CallbackData, prefix="ag"):
    """Shows the summary of an order that is not sent because its service has changed."""

    order: Key


class GoOnSending(CallbackData, prefix="xs"):
    """An admin lets orders be sent again although the provider refuses them in words that nobody
    knows.

    `asked`, here and below: the stamp of the question (shop.outbox.stamp); a later one is not
    answered.
    """

    asked: Key


class AcceptRates(CallbackData, prefix="xr"):
    """An admin says that the rates that have changed so much are right."""

    asked: Key


class SellAgain(CallbackData, prefix="xv"):
    """An admin lets a service be sold again that was held."""

    service: Key


class CurrencyIs(CallbackData, prefix="xu"):
    """What it means that the provider names another currency: `mistake` 1 yes, 0 no, 2 ask again;
    `sure` 1: do it.
    """

    mistake: Key
    sure: Key
    asked: Key


class NumbersAnew(CallbackData, prefix="xn"):
    """Whether the provider has begun its numbers anew; `sure` 1: do it."""

    anew: Key
    sure: Key
    asked: Key


class ShowQuestion(CallbackData, prefix="xq"):
    """Shows a question about the shop as a whole: its place in shop.recovery.triage.QUESTIONS."""

    of: Key

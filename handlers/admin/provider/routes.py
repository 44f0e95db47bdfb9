"""Running the shop: the provider's balance, the catalogue, wallets.

For everybody else these don't exist.
"""

import re

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from handlers.components import local_time, provider_money
from handlers.filters import IsAdmin, user_id_of
from handlers.screens import Screen
from handlers.ui import Ui
from locales import Translator
from shop.access import Access, Billing
from shop.catalogue.sync import Synchroniser
from shop.customers.accounts import CurrentUser
from shop.errors import NotFoundError, TooLittleMoneyError
from shop.money import parse_amount
from shop.payments.wallet import Wallet
from shop.provider.balance import BalanceWatch
from storage.queries import ledger_keys

_LONGEST_REASON = 200
_BLANKS = re.compile(r"[ \t\r\n]+")  # not the no-break spaces of `1 234,50 $`
# An amount with a blank in it, or an amount and a reason? `1 000`, `12 50`, `1 2345,00`.
_IN_TWO = re.compile(r"\D?\d+ \d{2,}(?:[.,]\d+)?(?=,|\s|$)")


router = Router(name=__name__)
router.message.filter(IsAdmin())


@router.message(Command("balance"))
async def balance(
    message: Message, person: CurrentUser, watch: BalanceWatch, t: Translator
) -> Screen:
    """Show the last known balance at once; the provider's own answer follows as a message."""
    await watch.request(person.id)
    last = await watch.last()
    if last is None:
        return Screen(t("admin-balance-asked"))
    known = t(
        "admin-balance-last",
        amount=provider_money(last.amount, last.currency, t),
        at=local_time(last.at),
    )
    return Screen(t("admin-balance-asked") + "\n" + known)


@router.message(Command("sync"))
async def sync(
    message: Message, person: CurrentUser, synchroniser: Synchroniser, t: Translator
) -> Screen:
    await synchroniser.request(person.id)
    return Screen(t("admin-sync-asked"))


@router.message(Command("credit"))
async def credit(
    message: Message,
    command: CommandObject,
    person: CurrentUser,
    access: Access,
    wallet: Wallet,
    ui: Ui,
) -> Screen:
    return await _adjust(message, command, person, access, wallet, ui, sign=1)


@router.message(Command("debit"))
async def debit(
    message: Message,
    command: CommandObject,
    person: CurrentUser,
    access: Access,
    wallet: Wallet,
    ui: Ui,
) -> Screen:
    return await _adjust(message, command, person, access, wallet, ui, sign=-1)


async def _adjust(
    message: Message,
    command: CommandObject,
    person: CurrentUser,
    access: Access,
    wallet: Wallet,
    ui: Ui,
    *,
    sign: int,
) -> Screen:
    """Read `<user> <amount> <why>` and book it.

    The message's id is the key: a repeated update books nothing.
    """
    t = ui.t
    if access.billing is not Billing.WALLET:
        raise NotFoundError("error-no-wallet")
    words = _BLANKS.split((command.args or "").strip(), maxsplit=2)
    if len(words) < 3:  # noqa: PLR2004 - user, amount, why
        return Screen(t("admin-credit-usage" if sign > 0 else "admin-debit-usage"))
    user, amount, reason = (
        user_id_of(words[0]),
        parse_amount(words[1], ui.currency),
        words[2][:_LONGEST_REASON],
    )
    if user is None:
        return Screen("⚠️ " + t("admin-bad-user", text=words[0][:64]))
    in_two = _IN_TWO.match(f"{words[1]} {reason}")
    if amount is None or in_two:
        return Screen("⚠️ " + t("admin-bad-amount", text=in_two[0] if in_two else words[1][:64]))
    bot_id = 0 if message.bot is None else message.bot.id
    key = ledger_keys.manual(message.chat.id, bot_id, message.message_id)
    try:
        booked = await wallet.adjust(
            user, sign * amount, reason=reason, actor_id=person.id, key=key
        )
    except TooLittleMoneyError as error:
        return Screen("⚠️ " + t(error.key, has=ui.money(error.values["has"])))
    balance = ui.money(booked.balance)
    if not booked.is_new:
        return Screen("⚠️ " + t("admin-booked-before", user=str(user), balance=balance))
    text = "admin-credited" if sign > 0 else "admin-debited"
    return Screen(t(text, amount=ui.money(amount), user=str(user), balance=balance))

"""Coupons and invitations in the chat: what customers see, and what admins press."""

from pathlib import Path

import pytest

from handlers import callbacks
from playground.telegram.people import Person
from storage.schema.orders import orders
from storage.schema.payments import invitations
from tests.harness.shop import Shop, open_shop
from tests.harness.walks import place, to_summary


async def with_coupon(shop: Shop, line: str) -> Person:
    """Have Olga turn coupons on and make one; give her chat."""
    olga = shop.admin
    await olga.say("/coupons on")
    await olga.say(f"/coupons {line}")
    assert "✅" in olga.last.text
    return olga


def link_in(person: Person) -> str:
    """Give what stands behind `start=` in the last message."""
    return person.last.text.split("?start=")[1].split()[0]


async def test_an_amount_is_redeemed_by_command_and_by_link(shop: Shop) -> None:
    olga = await with_coupon(shop, "GIFT 5.00 total 2")
    payload = link_in(olga)
    assert payload == "c_GIFT"
    ann, bob = shop.person(), shop.person(1002, "Bob")
    await ann.say("/coupon gift")
    redeemed = ann.last
    assert "GIFT: $5.00 is in your wallet" in redeemed.text
    assert "$15.00" in ann.last.text
    await ann.say("/coupon GIFT")
    assert "You have used the coupon GIFT already" in ann.last.text
    await bob.say(f"/start {payload}")
    assert "$15.00" in bob.last.text
    await shop.person(1004, "Eva").say(f"/start {payload}")
    eva = shop.person(1004, "Eva")
    assert "others were faster" in eva.last.text
    assert "New order" in eva.last.labels  # a first visit sees the menu all the same
    await ann.press("Wallet", message=redeemed)
    assert "coupon" in next(view.text for view in ann.from_bot if view.id == redeemed.id)
    await shop.check_money()


async def test_a_percentage_is_shown_in_the_summary_and_on_the_card(shop: Shop) -> None:
    await with_coupon(shop, "SPRING 20% below-cost")
    ann = shop.person()
    await ann.say("/wallet")
    await ann.press("I have a code", message=ann.last)
    await ann.say("nonsense")
    assert "I don't know the code “NONSENSE”" in ann.last.text
    await ann.say("spring")
    assert "−20 % on your next order" in ann.last.text
    await to_summary(ann)
    assert "🏷 SPRING −20 %: −$0.024" in ann.last.text
    assert "💵 $0.096" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    assert "taken off by your coupon: $0.024" in ann.last.text
    (order,) = await shop.rows(orders)
    assert (order.price, order.discount) == (96_000, 24_000)
    await to_summary(ann, link="https://example.com/next")
    assert "SPRING" not in ann.last.text


async def test_a_coupon_that_is_turned_off_before_confirm_marks_the_change(shop: Shop) -> None:
    olga = await with_coupon(shop, "SPRING 20% below-cost")
    ann = shop.person()
    await ann.say("/coupon SPRING")
    await to_summary(ann)
    summary = ann.last
    await olga.say("/coupons")
    await olga.press("Turn off", message=olga.last)
    assert "Coupons are off" in olga.last.text
    await ann.press("Confirm", message=summary)
    assert "Something has changed" in ann.last.text
    assert "SPRING" not in ann.last.text
    assert await shop.rows(orders) == []


@pytest.mark.parametrize(
    ("language", "markup", "said"),
    [
        ("en", 0, "SPRING −20 % (up to $0.01) can't take anything off this order"),
        ("ru", 0, "SPRING −20 % (до 0,01 $): с этого заказа снять нечего"),
        ("en", 50, "SPRING −20 % (up to $0.01): −$0.01, the most that it can take off this order"),
        ("ru", 50, "SPRING −20 % (до 0,01 $): −0,01 $, больше с этого заказа снять нельзя"),
    ],
)
async def test_a_summary_says_how_far_a_coupon_goes(
    tmp_path: Path, language: str, markup: int, said: str
) -> None:
    async with open_shop(tmp_path, markup_percent=markup) as shop:
        await with_coupon(shop, "SPRING 20% max 0.01")
        ann = shop.person()
        await place(ann)
        await ann.forge(callbacks.Language(code=language).pack())
        await ann.say("/coupon SPRING")
        await ann.forge(callbacks.Again(order=1).pack())
        assert said in ann.last.text.replace("\u00a0", " ")


async def test_a_code_may_be_typed_while_an_order_is_filled_in(shop: Shop) -> None:
    await with_coupon(shop, "SPRING 20%")
    ann = shop.person()
    await to_summary(ann)
    await ann.say("/coupon")
    assert "Send me the code" in ann.last.text
    await ann.say("/cancel")
    assert "no coupon" in ann.last.text
    await ann.say("/coupon")
    await ann.press("Back", message=ann.last)
    await ann.say("podcast")  # the order form listens again
    assert "I don't know the code" not in ann.last.text


async def test_where_coupons_are_off_that_is_said(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/wallet")
    assert not any("code" in label or "friends" in label for label in ann.last.labels)
    for text in ("/coupon", "/coupon GIFT", "/start c_GIFT"):
        await ann.say(text)
        assert "no coupons in this shop" in ann.last.text
    await ann.forge(callbacks.CouponCode().pack())
    assert "no coupons" in ann.toast
    await ann.say("/invite")
    assert "no invitations" in ann.last.text


async def test_guessing_ends_politely(shop: Shop) -> None:
    await with_coupon(shop, "GIFT 5")
    ann = shop.person()
    for number in range(10):
        await ann.say(f"/coupon GUESS{number}")
        await ann.say("/coupon GIFT" if number == 5 else f"/coupon ANOTHER{number}")
    await ann.say("/coupon GIFT")
    assert "try again in an hour" in ann.last.text
    await ann.forge(callbacks.Language(code="ru").pack())
    await ann.say("/coupon GIFT")
    assert "через час" in ann.last.text


async def test_an_admin_makes_lists_and_ends_coupons(shop: Shop) -> None:
    olga = shop.admin
    await olga.say("/coupons")
    assert "Coupons are off" in olga.last.text
    assert "There are none yet" in olga.last.text
    await olga.press("New coupon", message=olga.last)
    await olga.say("SPRING")
    assert "What is it worth?" in olga.last.text
    await olga.say("SPRING 20% per 2 total 100 until 31.12.2026")
    card = olga.last.text
    assert "SPRING −20 %" in card
    assert "used 0 of 100" in card
    assert "each person: 2×" in card
    assert "Coupons are off" in card
    assert "?start=c_SPRING" in card
    await olga.press("Turn on", message=olga.last)
    assert "Coupons are on" in olga.last.text
    assert "SPRING −20 % · used 0 of 100" in olga.last.text
    await olga.say("/coupons LOSS 50% max 5 below-cost")
    assert "LOSS −50 % (up to $5.00)" in olga.last.text
    assert "may sell below cost" in olga.last.text
    await olga.say("/coupons")
    assert "LOSS −50 % (up to $5.00) · used 0× · may sell below cost" in olga.last.text
    await olga.say("/coupons GIFT 5 max 2")
    assert "for percentages only" in olga.last.text
    await olga.say("/cancel")
    await olga.press("SPRING", message=olga.last)
    await olga.press("End it", message=olga.last)
    assert "End SPRING" in olga.last.text
    await olga.press("Yes, end it", message=olga.last)
    assert "✖️ SPRING" in olga.last.text
    await shop.person().say("/coupon spring")
    assert "has ended" in shop.person().last.text


async def test_only_admins_reach_them(shop: Shop) -> None:
    await with_coupon(shop, "SPRING 20%")
    ann = shop.person()
    for text in ("/coupons", "/coupons GIFT 5", "/invitations 5% cap 20"):
        await ann.say(text)
        assert "I didn't get that" in ann.last.text
    switches = (callbacks.SwitchCoupons(on=0), callbacks.SetInvitations(percent=9, cap=9))
    for data in (callbacks.EndCoupon(coupon=1, sure=1), *switches):
        await ann.forge(data.pack())
        assert "older version" in ann.toast
    await ann.say("/coupon SPRING")
    assert "on your next order" in ann.last.text


async def test_a_friend_comes_by_a_link_and_the_inviter_earns(shop: Shop) -> None:
    olga, ann = shop.admin, shop.person()
    await olga.say("/invitations 10% cap 20")
    assert "Invitations are on" in olga.last.text
    await ann.say("/wallet")
    await ann.press("Invite friends", message=ann.last)
    assert "10 % of what a friend spends here, up to $20.00" in ann.last.text
    assert "Nobody has come" in ann.last.text
    payload = link_in(ann)
    assert payload.startswith("r_")
    assert "1001" not in payload
    await ann.say(f"/start {payload}")
    assert "Invite friends" in ann.last.text  # one's own link
    bob = shop.person(1002, "Bob")
    await bob.say(f"/start {payload}")
    assert "A friend has invited you" in bob.last.text
    await bob.say(f"/start {payload}")
    assert "Invitations are for people who are new" in bob.last.text
    await place(bob, quantity="1000")
    for _ in range(20):
        await shop.work(60)
    await shop.app.features.promotions.services.invitations.step()
    await shop.notify()
    assert "A friend you invited has placed orders: $0.12 is in your wallet" in ann.last.text
    await ann.say("/invite")
    assert "1 friend has come. You have earned $0.12" in ann.last.text
    await ann.say("/wallet")
    assert "invitation" in ann.last.text
    assert len(await shop.rows(invitations)) == 1
    await shop.check_money()


async def test_an_admin_sets_the_terms_by_buttons(shop: Shop) -> None:
    olga = shop.admin
    await olga.say("/invitations")
    assert "Invitations are off" in olga.last.text
    await olga.press("Turn on", message=olga.last)
    await olga.press("10 %", message=olga.last)
    await olga.press("$100", message=olga.last)
    assert "gets 10 % of what an invited person spends, at most $100.00" in olga.last.text
    await olga.say("/invitations 90%")
    assert "at most 50 %" in olga.last.text
    await olga.say("/invitations off")
    assert "Invitations are off" in olga.last.text


async def test_gifts_speak_russian(shop: Shop) -> None:
    await with_coupon(shop, "SPRING 2.5%")
    await shop.admin.say("/invitations on")
    boris = shop.person(1002, "Борис", "ru")
    await boris.say("/coupon spring")
    assert "−2,5 % на ваш следующий заказ" in boris.last.text
    await boris.say("/coupon zzz")
    assert "Кода «ZZZ» я не знаю" in boris.last.text
    await boris.say("/invite")
    assert "Пригласите друзей" in boris.last.text
    assert any("Поделиться" in label for label in boris.last.labels)


async def test_where_the_house_pays_there_are_neither(house: Shop) -> None:
    for text in (
        "/coupons",
        "/coupons SPRING 20%",
        "/coupons on",
        "/invitations",
        "/invitations on",
    ):
        await house.admin.say(text)
        assert "no wallets in this shop" in house.admin.last.text
    await house.person().say("/coupon SPRING")
    assert "no coupons" in house.person().last.text

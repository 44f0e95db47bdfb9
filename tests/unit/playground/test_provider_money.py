"""The balance is always what was paid in minus the net charges of all orders."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.provider import Provider
from playground.provider.testing import HandClock, call

SERVICES = [1, 2, 3, 4, 6, 7, 21, 23, 26, 27]
STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(SERVICES), st.integers(1, 400)),
    st.tuples(st.just("drip"), st.integers(50, 90), st.integers(1, 4)),
    st.tuples(st.just("cancel"), st.integers(0, 30), st.none()),
    st.tuples(st.just("pass"), st.integers(0, 40), st.none()),
    st.tuples(
        st.just("force"),
        st.integers(0, 30),
        st.sampled_from(["Partial", "Canceled", "Completed", "Pending"]),
    ),
)


def take(provider, clock, step, number):
    what, one, two = step
    link = f"https://example.org/{number}"
    if what == "add":
        call(
            provider,
            "add",
            service=one,
            link=link,
            quantity=two,
            comments="good\n" * two,
            username=f"ann{number}",
            min=10,
            max=20,
            delay=0,
        )
    elif what == "drip":
        call(provider, "add", service=1, link=link, quantity=one, runs=two, interval=7)
    elif what == "cancel":
        call(provider, "cancel", orders=23501 + one)
    elif what == "pass":
        clock.pass_by(one)
    elif 23501 + one in provider.book.orders:
        provider.force_order(23501 + one, two, remains=3 if two == "Partial" else None)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_the_books_balance(steps):
    clock = HandClock()
    provider = Provider(clock=clock, balance="50")
    for number, step in enumerate(steps):
        take(provider, clock, step, number)
        charges = sum((order.net for order in provider.book.orders.values()), Decimal(0))
        assert provider.account.balance == 50 - charges
        assert all(order.net >= 0 for order in provider.book.orders.values())


def test_forcing_moves_money_back_and_forth():
    provider = Provider(clock=HandClock())
    call(provider, "add", service=1, link="https://example.org/a", quantity=1000)
    balances = []
    for status, remains in (
        ("Canceled", None),
        ("In progress", 1000),
        ("Partial", 400),
        ("Completed", 0),
    ):
        provider.force_order(23501, status, remains=remains)
        balances.append(str(provider.balance))
    assert [Decimal(one) for one in balances] == [
        Decimal(one) for one in ("100", "99.1", "99.46", "99.1")
    ]

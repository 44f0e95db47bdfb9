"""Parents and their children: drip-feed runs, and the posts of a subscription."""

from playground.provider.book import Book
from playground.provider.chance import dice
from playground.provider.life import Status
from playground.provider.orders import Fixed, Order, Series
from playground.provider.services import Service
from playground.provider.wanted import Subscription, Wanted

# simulated seconds for a minute of `interval`: an hour between runs is a minute to watch
MINUTE = 1.0
POST_EVERY = 10.0  # simulated seconds between two new posts of a subscribed account
POSTS_WITHOUT_END = 10  # posts of a subscription that names no number


def place(book: Book, service: Service, wanted: Wanted, now: float) -> Order:
    """Places an order of any kind and pays for it. Raises `Refusal`."""
    book.refuse_unless_free(service, wanted.link, wanted.charge, now)
    if wanted.subscription:
        return _subscribe(book, service, wanted.link, wanted.subscription, now)
    if wanted.runs:
        return _drip_feed(book, service, wanted, now)
    order = book.record(service, wanted.link, wanted.quantity, now=now)
    book.account.settle(order, wanted.charge)
    book.deliver(order)
    return order


def _drip_feed(book: Book, service: Service, wanted: Wanted, now: float) -> Order:
    """The parent is paid at once; each run takes its part of that money over."""
    parent = book.record(service, wanted.link, wanted.quantity * wanted.runs, now=now)
    parent.series = Series(runs=wanted.runs, status=Status.IN_PROGRESS)
    book.account.settle(parent, wanted.charge)

    def run(when: float) -> None:
        series = parent.series
        if series is None or parent.fixed:
            return
        child = _child(book, parent, wanted.quantity, when)
        child.net = child.price(child.quantity)
        parent.net -= child.net
        # One event at a time: a million runs must not fill the agenda.
        if len(series.children) < series.runs:
            book.agenda.at(when + wanted.interval * MINUTE, run)

    run(now)
    return parent


def _subscribe(
    book: Book, service: Service, username: str, asked: Subscription, now: float
) -> Order:
    """Each post is paid when it appears; without funds the subscription is paused.

    After its last day it finds no more posts; the orders it has made go on.
    """
    parent = book.record(service, username, 0, now=now)
    endless = asked.posts is None or not (asked.posts or asked.old_posts)
    new_posts = POSTS_WITHOUT_END if endless else asked.posts or 0
    series = parent.series = Series(runs=asked.old_posts + new_posts, status="Active")

    def post(when: float) -> None:
        if parent.fixed:
            return
        quantity = dice("post", parent.number, len(series.children)).randint(
            asked.minimum, asked.maximum
        )
        _paid_child(book, parent, quantity, when)
        if len(series.children) < series.runs:
            book.agenda.at(when + POST_EVERY, post)

    for _ in range(asked.old_posts):
        if not parent.fixed:
            _paid_child(book, parent, asked.minimum, now)

    def expire(when: float) -> None:
        del when
        if not parent.fixed:
            parent.fixed = Fixed("Expired", None)

    if asked.expires is not None:
        book.agenda.at(now + max(asked.expires - parent.created, 0.0), expire)
    if new_posts:
        book.agenda.at(now + POST_EVERY, post)
    return parent


def _paid_child(book: Book, parent: Order, quantity: int, when: float) -> None:
    price = parent.price(quantity)
    if price > book.account.balance:
        parent.fixed = Fixed("Paused", None)
        return
    child = _child(book, parent, quantity, when)
    book.account.settle(child, price)


def _child(book: Book, parent: Order, quantity: int, when: float) -> Order:
    child = book.record(parent.service, parent.link, quantity, now=when, parent=parent)
    book.deliver(child)
    if parent.series:
        parent.series.children.append(child.number)
    return child

"""What other ways of writing a client come to in the cells of the matrix: measured, for
docs/proof.md.
"""

from collections.abc import AsyncIterator

import pytest

from playground.provider import Provider, Server, serve_provider
from playground.provider.catalogue import NATURES
from playground.provider.catalogue_showcase import DOCUMENTED, SHOWCASE
from playground.provider.life import Nature
from playground.provider.testing import call
from tests.chaos.matrix import FAULTS, Fault, keep_beside
from tests.fakes.naive import HUNG, TRIES, InTheHandler, OneBatch, Retrying
from tests.runtime.process import KEY, LINK, STEADY, STUCK

ORDER = {"service": STUCK, "link": LINK, "quantity": "100"}


def applies(name: str, action: str) -> bool:
    return FAULTS[name].applies_to(action)


ORDERED = [name for name in FAULTS if applies(name, "add")]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    provider = Provider(key=KEY, catalogue=[*DOCUMENTED, *SHOWCASE])
    provider.natures = NATURES | {STEADY: Nature.STUCK}
    provider.book.busy_links = False
    async with serve_provider(provider) as running:
        yield running


async def bring(server: Server, fault: Fault, action: str) -> None:
    if fault.kind is None:
        await server.refuse()
    else:
        server.provider.fault(fault.kind, action, times=0, done=fault.done)


@pytest.mark.parametrize("name", ORDERED)
async def test_a_client_that_repeats_every_call(server: Server, name: str) -> None:
    fault = FAULTS[name]
    client = Retrying(server.url, KEY, HUNG) if fault.hangs else Retrying(server.url, KEY)
    await bring(server, fault, "add")
    await client.order(**ORDER)
    made = len(server.provider.book.orders)
    keep_beside("repeats every call", name, "add", orders=made, refunded=client.refunded)
    # Accepted and not understood: as many orders as tries, and the customer pays for none of them.
    assert (made, client.refunded) == (TRIES if fault.done else 0, True)


@pytest.mark.parametrize(
    ("name", "action"),
    [
        (name, action)
        for name in ORDERED
        for action in ("refill", "cancel")
        if applies(name, action)
    ],
)
async def test_a_client_that_repeats_refills_and_cancellations(
    server: Server, name: str, action: str
) -> None:
    fault = FAULTS[name]
    client = Retrying(server.url, KEY, HUNG) if fault.hangs else Retrying(server.url, KEY)
    call(server.provider, "add", **ORDER | {"service": STEADY})
    if action == "refill":
        server.provider.force_order(23501, "Completed")
    await bring(server, fault, action)
    said = await client.call(
        action, **({"order": "23501"} if action == "refill" else {"orders": "23501"})
    )
    asked = server.provider.calls[action]
    keep_beside("repeats every call", name, action, asked=asked, known=said is not None)
    assert asked == (TRIES if fault.kind else 0)


@pytest.mark.parametrize("name", ORDERED)
async def test_a_bot_that_orders_before_it_writes(server: Server, name: str) -> None:
    """Killed while the answer is on its way."""
    fault, client = FAULTS[name], InTheHandler(server.url, KEY)
    if fault.kind is None:
        await server.refuse()
    elif fault.hangs:
        server.provider.fault(fault.kind, "add")
    else:
        server.provider.fault(fault.kind, "add", delay=3600, done=fault.done)
    await client.order(killed=True, **ORDER)
    made = len(server.provider.book.orders)
    keep_beside("orders before it writes", name, "add", orders=made, rows=len(client.rows))
    assert (made, client.rows) == (int(fault.done), [])


async def test_a_client_that_asks_for_all_orders_at_once(server: Server) -> None:
    for number in range(101):
        call(server.provider, "add", **ORDER | {"link": f"{LINK}/{number}"})
    ids, client = [str(number) for number in server.provider.book.orders], OneBatch(server.url, KEY)
    whole = len(await client.learnt(ids[:100]))
    too_many = len(await client.learnt(ids))
    server.provider.fault("bad_id_fails_all", times=0)
    one_bad = len(await client.learnt([*ids[:99], "1"]))
    keep_beside(
        "asks for all at once", "", "status", whole=whole, too_many=too_many, one_bad=one_bad
    )
    assert (whole, too_many, one_bad) == (100, 0, 0)

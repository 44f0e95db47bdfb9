"""Ways to orders that need a verdict, in the chat."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from playground.telegram.people import Person
from shop.fulfilment.evidence import EvidenceKind
from storage.queries import evidence
from storage.schema.orders import orders
from tests.harness.shop import Shop
from tests.harness.walks import place

ID = "23501"  # the provider's first


async def lose(
    shop: Shop, fault: str = "drop_after", link: str = "https://example.com/page"
) -> Person:
    """Ann orders, and the answer gets lost: the provider has taken it or (`drop_before`) not."""
    ann = shop.person()
    shop.provider.fault(fault, "add")
    await place(ann, link=link)
    await shop.submit()
    await shop.admin.say("/start")
    await shop.notify()
    return ann


async def missing(shop: Shop) -> Person:
    """Ann's order runs, and then the provider does not know its id any more."""
    ann = shop.person()
    await shop.admin.say("/start")
    await place(ann)
    await shop.work()
    await change(shop, missing_since=shop.clock() - timedelta(hours=2))
    return ann


async def change(shop: Shop, order_id: int = 1, **values: Any) -> None:
    await shop.app.database.write(
        lambda tx: tx.execute(update(orders).where(orders.c.id == order_id).values(**values))
    )


async def keep(shop: Shop, kind: EvidenceKind, *, order_id: int = 1, **payload: Any) -> None:
    await shop.app.database.write(evidence.add, order_id, kind, payload, shop.clock())


async def check(shop: Shop) -> None:
    """Let the provider be asked, and its answer be told."""
    await shop.app.features.recovery.services.checker.step()
    await shop.notify()


async def order(shop: Shop) -> Any:
    return (await shop.rows())[0]

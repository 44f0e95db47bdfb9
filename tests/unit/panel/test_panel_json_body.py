"""The client and the simulated provider over a real socket, with parameters as a JSON body."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from panel import CancelRequested, Meaning, OrderStatus, PanelClient, Profile, Rejected
from playground.provider import Provider, serve_provider


@asynccontextmanager
async def provider_that_takes(**profile: Any) -> AsyncIterator[tuple[Provider, PanelClient]]:
    provider = Provider(key="demo/key")
    provider.json_only = True
    async with (
        serve_provider(provider) as server,
        PanelClient(Profile(url=server.url, key="demo/key", **profile)) as client,
    ):
        yield provider, client


async def test_every_action_works() -> None:
    async with provider_that_takes(parameters="json") as (provider, client):
        assert (await client.balance()).amount == Decimal(100)
        assert len(await client.services()) > 100
        order = (await client.add("1", {"link": "https://e.com/?a=b&c=д", "quantity": "100"})).order
        assert provider.order(order).link == "https://e.com/?a=b&c=д"
        assert isinstance(await client.status(order), OrderStatus)
        assert set(await client.statuses([order, "9"])) == {order, "9"}
        assert await client.cancel([order]) == {order: CancelRequested("1")}
        with pytest.raises(Rejected) as caught:
            await client.refill(order)
        assert caught.value.meaning is Meaning.REFILL
        assert len(provider.book.orders) == 1


@pytest.mark.parametrize("parameters", ["body", "query", "both"])
async def test_a_provider_that_takes_nothing_else_knows_no_key(parameters: str) -> None:
    async with provider_that_takes(parameters=parameters) as (provider, client):
        with pytest.raises(Rejected) as caught:
            await client.add("1", {"link": "https://e.com/", "quantity": "100"})
        assert caught.value.meaning is Meaning.BAD_KEY
        assert not provider.book.orders

"""A client that others wrote makes all its calls: our simulator and our client can't agree on a
mistake.
"""

import asyncio

import pytest
from smm import SMM, SMMAPIError, SMMNetworkError, SMMResponseError

from playground.provider import Provider, serve_provider

LINK = "https://example.org/page"


async def run(provider, calls):
    """The client is synchronous, so it works in a thread."""

    def work(url):
        with SMM(api_url=url, api_key="demo-key", timeout=5) as client:
            client.session.trust_env = False
            return calls(client)

    async with serve_provider(provider) as server:
        return await asyncio.to_thread(work, server.url)


async def test_every_call():
    provider = Provider()

    def calls(client):
        services = client.get_services()
        assert (len(services), services[0]["name"]) == (2002, "Followers")
        assert client.add_order(service=1, link=LINK, quantity=100) == {"order": 23501}
        assert client.add_order(service=2, link=LINK, comments="good\n" * 10) == {"order": 23502}
        assert client.add_order(service=6, link=LINK, quantity=20, runs=2, interval=60) == {
            "order": 23503
        }
        asked = {
            "username": "ann",
            "min": 10,
            "max": 20,
            "posts": 2,
            "delay": 5,
            "expiry": "31/12/2035",
        }
        assert client.add_order(service=21, **asked) == {"order": 23505}
        assert client.add_order(service=19, link=LINK, quantity=50, answer_number=2) == {
            "order": 23506
        }
        provider.force_order(23501, "Completed", remains=0)
        assert client.get_status(23501)["status"] == "Completed"
        assert set(client.get_multi_status([23501, 23502, 9])) == {"23501", "23502", "9"}
        assert client.get_status(23503) == {"status": "In progress", "runs": "2", "orders": [23504]}
        assert client.create_refill(23501) == {"refill": "1"}
        assert client.create_multi_refill([23501, 9])[1] == {
            "order": 9,
            "refill": {"error": "Incorrect order ID"},
        }
        assert client.get_refill_status(1) == {"status": "Pending"}
        assert client.get_multi_refill_status([1, 3])[1] == {
            "refill": 3,
            "status": {"error": "Refill not found"},
        }
        assert client.cancel_orders([9, 23502])[1] == {"order": 23502, "cancel": 1}
        return client.get_balance()

    assert await run(provider, calls) == {"balance": "99.702", "currency": "USD"}
    assert set(provider.calls) == {
        "services",
        "add",
        "status",
        "refill",
        "refill_status",
        "cancel",
        "balance",
    }


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refuse", SMMAPIError),
        ("html_502", SMMNetworkError),
        ("drop_after", SMMNetworkError),
        ("rate_limit_429", SMMNetworkError),
        ("html_after", SMMResponseError),
        ("garbage_after", SMMResponseError),
        ("empty", SMMResponseError),
    ],
)
async def test_its_errors(kind, error):
    provider = Provider()
    provider.fault(kind)
    with pytest.raises(error):
        await run(provider, lambda client: client.add_order(service=1, link=LINK, quantity=100))

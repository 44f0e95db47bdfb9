"""Over real sockets: what a dropped, hanging or absent server proves about an `add`."""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter

import pytest

from panel import NotSent, OutcomeUnknown, PanelClient, Priority, Profile, Unavailable, Withheld
from panel.transport import SWEEP_CONNECTIONS
from tests.fakes.panel import RawPanel, listening

FIELDS = {"link": "https://example.com/p", "quantity": "100"}


def answer(body: bytes, code: str = "200 OK", length: int | None = None) -> bytes:
    head = (
        f"HTTP/1.1 {code}\r\nContent-Type: text/html\r\nContent-Length: "
        f"{length or len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def test_accepted_on_a_connection_of_its_own() -> None:
    heads: list[bytes] = []

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        while True:
            heads.append(await panel.request(reader))
            writer.write(answer(b'{"order": 5, "balance": 1}'))
            await writer.drain()

    async def patient(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await behave(reader, writer)
        except asyncio.IncompleteReadError:
            return

    panel = RawPanel(patient)
    async with listening(panel) as client:
        await client.balance()
        await client.balance()
        assert panel.connections == 1  # reads keep theirs
        assert (await client.add("1", FIELDS)).order == "5"
        assert (await client.add("1", FIELDS)).order == "5"
        assert panel.connections == 3
        await client.balance()
        assert panel.connections == 3
    assert panel.requests == 5
    assert b"connection: close" in heads[2].lower()


async def test_dropped_before_the_request_is_read() -> None:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        writer.transport.abort()

    panel = RawPanel(behave)
    async with listening(panel) as client:
        with pytest.raises(OutcomeUnknown):
            await client.add("1", FIELDS)
    assert panel.connections == 1


async def test_dropped_after_the_request() -> None:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await panel.request(reader)

    panel = RawPanel(behave)
    async with listening(panel) as client:
        with pytest.raises(OutcomeUnknown) as caught:
            await client.add("1", FIELDS)
    assert (panel.connections, panel.requests) == (1, 1)
    assert caught.value.reason


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\n", answer(b'{"ord', length=20)])
async def test_a_server_that_hangs(begun: bytes) -> None:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await panel.request(reader)
        writer.write(begun)
        await asyncio.Event().wait()

    panel = RawPanel(behave)
    async with listening(panel, timeout=0.2) as client:
        with pytest.raises(OutcomeUnknown):
            await client.add("1", FIELDS)
        with pytest.raises(Unavailable):
            await client.balance()
    assert (panel.connections, panel.requests) == (2, 2)


async def test_a_server_that_drips() -> None:
    """A byte now and then satisfies every time-out of a single step."""

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await panel.request(reader)
        writer.write(answer(b"", length=10_000))
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    panel = RawPanel(behave)
    async with listening(panel, timeout=0.2, connect_timeout=0.2) as client:
        with pytest.raises(OutcomeUnknown, match="no complete answer in time"):
            await client.add("1", FIELDS)
    assert panel.requests == 1


async def test_an_answer_that_breaks_off_after_the_order_is_an_order() -> None:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await panel.request(reader)
        writer.write(answer(b'{"order": 5}', length=500))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    panel = RawPanel(behave)
    async with listening(panel) as client:
        assert (await client.add("1", FIELDS)).order == "5"
    assert panel.requests == 1


async def test_a_refused_connection_is_never_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets the port meanwhile
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v2"
        async with PanelClient(Profile(url=url, key="k")) as client:
            with pytest.raises(NotSent):
                await client.add("1", FIELDS)
            with pytest.raises(NotSent):
                await client.cancel(["1"])
            with pytest.raises(Unavailable):
                await client.balance()


async def test_a_failed_tls_handshake_is_never_sent() -> None:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    panel = RawPanel(behave)
    async with listening(panel) as client:
        url = client.profile.url.replace("http:", "https:")
        async with PanelClient(Profile(url=url, key="k")) as secure:
            with pytest.raises(NotSent):
                await secure.add("1", FIELDS)
    assert panel.requests == 0


async def test_who_finds_no_connection_of_ours_free_has_sent_nothing() -> None:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await panel.request(reader)
        await reader.read()  # until the client gives up

    panel = RawPanel(behave)
    async with listening(panel, timeout=0.6, connect_timeout=0.2, add_connections=2) as client:
        adds = await asyncio.gather(
            *(client.add("1", FIELDS) for _ in range(6)), return_exceptions=True
        )
    kinds = [type(error) for error in adds]
    assert (kinds.count(OutcomeUnknown), kinds.count(Withheld)) == (2, 4)
    assert panel.adds == 2


async def test_reads_wait_for_a_connection_before_their_time_runs() -> None:
    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        while True:
            await panel.request(reader)
            await asyncio.sleep(0.3)
            writer.write(answer(b'{"balance": "5"}'))
            await writer.drain()

    panel = RawPanel(behave)
    async with listening(panel, timeout=0.5, connect_timeout=0.1) as client:
        found = await asyncio.gather(*(client.balance() for _ in range(24)))  # three times eight
    assert len(found) == 24
    assert panel.most_open == SWEEP_CONNECTIONS


async def test_a_slow_sweep_keeps_neither_adds_back_nor_who_waits_for_an_answer() -> None:
    over = asyncio.Event()

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        asked = await panel.request(reader)
        if b"action=add" in asked:
            writer.write(answer(b'{"order": 5}'))
        elif b"action=cancel" in asked:
            writer.write(answer(b'[{"order": 5, "cancel": 1}]'))
        elif b"action=balance" in asked:
            writer.write(answer(b'{"balance": "5"}'))
        else:
            await over.wait()
        await writer.drain()

    panel = RawPanel(behave)
    async with listening(panel) as client:
        sweeps = [asyncio.create_task(client.statuses([str(number)])) for number in range(10)]
        while panel.requests < SWEEP_CONNECTIONS:
            await asyncio.sleep(0.01)
        async with asyncio.timeout(3):
            assert (await client.add("1", FIELDS)).order == "5"
            await client.cancel(["5"])
            await client.balance(priority=Priority.PERSON)
        over.set()
        await asyncio.gather(*sweeps, return_exceptions=True)


async def test_as_many_adds_as_there_are_connections_are_under_way_at_once() -> None:
    all_there = asyncio.Event()

    async def behave(reader: StreamReader, writer: StreamWriter) -> None:
        await panel.request(reader)
        if panel.adds == 8:
            all_there.set()
        await all_there.wait()
        writer.write(answer(b'{"order": 5}'))
        await writer.drain()

    panel = RawPanel(behave)
    async with listening(panel, add_connections=8) as client:
        assert len(await asyncio.gather(*(client.add("1", FIELDS) for _ in range(8)))) == 8

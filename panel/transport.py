"""One POST and its answer: what is sent, what it may cost, and what a failure proves."""

import asyncio
import json
import math
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import cast
from urllib.parse import urlencode

import httpx

from panel.answer import Answer
from panel.errors import NotSent, OutcomeUnknown, PanelError, Withheld
from panel.profile import Profile
from panel.rate_limit import Priority
from panel.redaction import RedactingFilter, Redactor

LARGEST_ANSWER = 32 * 1024 * 1024  # bytes, unpacked; the largest catalogue seen is 4 MB
READ_CONNECTIONS = 10  # httpx's pool costs the square of its connections
SWEEP_CONNECTIONS = 8  # of those: two are kept for reads that somebody waits for
REQUEST_CONNECTIONS = 2  # refills and cancellations
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class _Pool:
    """An httpx client, and a place for each of its connections: who waits for one waits here,
    before any time-out.
    """

    client: httpx.AsyncClient
    places: asyncio.Semaphore


class Wire:
    """Three httpx clients: for adds, for other writes and for reads, so that none waits for
    another's connections.

    Every write opens a connection of its own: one that is kept alive and that a panel drops after a
    500 makes the next request on it fail after sending, so an `add` on it would end in an unknown
    outcome for no reason.
    """

    def __init__(self, profile: Profile, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._profile = profile
        self.redact = Redactor(profile.key)
        self._filter = RedactingFilter(self.redact)
        self._filter.install()
        context = None if transport else httpx.create_ssl_context(trust_env=False)

        def pool(connections: int, kept: int) -> _Pool:
            limits = httpx.Limits(max_connections=connections, max_keepalive_connections=kept)
            client = httpx.AsyncClient(
                transport=transport
                or httpx.AsyncHTTPTransport(verify=context or True, limits=limits),
                headers={
                    "User-Agent": profile.user_agent,
                    "Accept": "application/json",
                    "Accept-Encoding": "gzip",  # the one that _unpacked bounds
                },
                follow_redirects=False,
                # A proxy of the environment could see the key, and takes away the proof that an add
                # never left; a .netrc would add a password. Who needs a proxy passes a transport.
                trust_env=False,
            )
            return _Pool(client, asyncio.Semaphore(connections))

        self._adds = pool(profile.add_connections, 0)
        self._requests = pool(REQUEST_CONNECTIONS, 0)
        self._reads = pool(READ_CONNECTIONS, READ_CONNECTIONS)
        self._sweeps = asyncio.Semaphore(SWEEP_CONNECTIONS)
        kind = (
            "application/json"
            if profile.parameters == "json"
            else "application/x-www-form-urlencoded"
        )
        self._headers = httpx.Headers({**self._reads.client.headers, "Content-Type": kind})

    async def aclose(self) -> None:
        for pool in (self._adds, self._requests, self._reads):
            await pool.client.aclose()
        self._filter.remove()

    @asynccontextmanager
    async def connection(
        self, *, write: bool, priority: Priority
    ) -> AsyncIterator[httpx.AsyncClient]:
        """Wait for a free connection, a write for no longer than for a new one.

        Raises Withheld: nothing was sent.
        """
        async with AsyncExitStack() as held:
            if not write:
                pool = self._reads
                if priority is Priority.SWEEP:
                    await held.enter_async_context(self._sweeps)
            else:
                pool = self._adds if priority is Priority.ADD else self._requests
            try:
                async with asyncio.timeout(self._profile.connect_timeout if write else None):
                    await held.enter_async_context(pool.places)
            except TimeoutError:
                raise Withheld("not sent: no connection was free") from None
            yield pool.client

    async def post(
        self,
        client: httpx.AsyncClient,
        parameters: Mapping[str, str],
        *,
        write: bool,
        seconds: float,
    ) -> Answer:
        """Send once over a free connection; nothing is ever sent again.

        Raises NotSent and OutcomeUnknown only.
        """
        failure: PanelError
        try:
            request = self._request(client, parameters, seconds, write=write)
        except (httpx.InvalidURL, ValueError, TypeError, RuntimeError) as error:
            failure = NotSent(self._said(error))
        else:
            try:
                # httpx's time-outs are for one step each: a byte now and then would last for ever.
                async with asyncio.timeout(2 * seconds + self._profile.connect_timeout):
                    return await self._exchange(client, request)
            # of our own: a place was free, so a connection has to be
            except httpx.PoolTimeout as error:
                failure = Withheld(self._said(error))
            except NEVER_LEFT as error:
                failure = NotSent(self._said(error))
            except Exception as error:  # noqa: BLE001 - an error that nobody listed must not look like "not sent"
                failure = OutcomeUnknown(self._said(error))
        # Outside of the handlers: httpx's errors hold the request, and with it the key.
        raise failure

    def _request(
        self,
        client: httpx.AsyncClient,
        parameters: Mapping[str, str],
        seconds: float,
        *,
        write: bool,
    ) -> httpx.Request:
        if client.is_closed:
            raise RuntimeError("the client is closed")
        url, way = self._url, self._profile.parameters
        if way in {"query", "both"}:
            url = url.copy_merge_params(dict(parameters))
        body = (
            ""
            if way == "query"
            else json.dumps(dict(parameters))
            if way == "json"
            else urlencode(parameters)
        )
        timeout = httpx.Timeout(seconds, connect=self._profile.connect_timeout)
        # The client would put the same together from its parts each time, which costs as much as
        # sending it.
        request = httpx.Request(
            "POST",
            url,
            headers=self._headers,
            content=body.encode("ascii"),
            extensions={"timeout": timeout.as_dict()},
        )
        if write:
            request.headers["Connection"] = "close"
        if len(client.cookies.jar):
            client.cookies.set_cookie_header(request)
        return request

    @cached_property
    def _url(self) -> httpx.URL:
        """The address. Raises InvalidURL and ValueError where it is none."""
        url = httpx.URL(self._profile.url)
        # a name that no resolver takes would fail much later, as something unknown
        url.host.encode("idna")
        return url

    async def _exchange(self, client: httpx.AsyncClient, request: httpx.Request) -> Answer:
        response = await client.send(request, stream=True)
        body, cut = bytearray(), ""
        try:
            await _read(response, body)
        except httpx.TransportError as error:
            cut = self._said(error)
        finally:
            await response.aclose()
        text = body.decode("utf-8", "replace")
        return Answer(response.status_code, text, self.redact, _retry_after(response), cut)

    def _said(self, error: Exception) -> str:
        if type(error) is TimeoutError:
            return "no complete answer in time"
        return self.redact.excerpt(f"{type(error).__name__}: {error}", 200).rstrip(": ")


async def _read(response: httpx.Response, body: bytearray) -> None:
    """Fill `body` with the unpacked answer.

    Raises ValueError when it is too large or packed otherwise.
    """
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise ValueError(f"an answer packed as {packing[:40]!r}")
    # httpx would unpack without a bound, and as many layers as the header names.
    unpack = zlib.decompressobj(32 + zlib.MAX_WBITS) if packing not in {"", "identity"} else None
    async for chunk in cast("AsyncIterable[bytes]", response.stream):
        body += unpack.decompress(chunk, LARGEST_ANSWER + 1 - len(body)) if unpack else chunk
        if len(body) > LARGEST_ANSWER:
            raise ValueError("the answer is larger than 32 MB")


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds from the Retry-After header, which holds seconds or a date."""
    said = response.headers.get("Retry-After", "").strip()
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None

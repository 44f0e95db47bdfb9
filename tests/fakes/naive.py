"""Clients as many are written, made only to be measured beside ours: none of this is how to do it.

`Retrying` repeats every call that brings no good answer, whatever the call is, and gives the money
back in the end. `InTheHandler` orders first and writes the row afterwards. `OneBatch` asks for all
its orders in one call, always.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

TRIES = 6
HUNG = 0.25  # seconds until who hangs is given up
_PATIENT = 5.0


def _client(seconds: float) -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=seconds, trust_env=False, verify=False)


@dataclass
class Retrying:
    """`refunded`: the customer has the money back; otherwise it is spent. `timeout` in seconds."""

    url: str
    key: str
    timeout: float = _PATIENT
    refunded: bool = False

    async def call(self, action: str, **fields: str) -> Any:
        """Give the answer's JSON, or None after the last try."""
        async with _client(self.timeout) as client:
            for _ in range(TRIES):
                try:
                    answer = await client.post(
                        self.url, data={"key": self.key, "action": action} | fields
                    )
                    answer.raise_for_status()
                    if (said := answer.json()) and "error" not in said:
                        return said
                except (httpx.HTTPError, ValueError):
                    continue
        return None

    async def order(self, **fields: str) -> str | None:
        said = await self.call("add", **fields)
        self.refunded = said is None
        return None if said is None else str(said["order"])


@dataclass
class InTheHandler:
    """`rows`: what is known after a restart.

    `killed`: the process ends before the answer is there.
    """

    url: str
    key: str
    rows: list[str] = field(default_factory=list)

    async def order(self, *, killed: bool, **fields: str) -> None:
        async with _client(HUNG if killed else _PATIENT) as client:
            try:
                answer = await client.post(
                    self.url, data={"key": self.key, "action": "add"} | fields
                )
            except httpx.HTTPError:
                return  # nobody is there any more who could write anything
        self.rows.append(str(answer.json()["order"]))


@dataclass
class OneBatch:
    url: str
    key: str

    async def learnt(self, ids: list[str]) -> Mapping[str, Any]:
        """Ask for all in one call; what is no answer for all of them is no answer."""
        async with _client(_PATIENT) as client:
            fields = {"key": self.key, "action": "status", "orders": ",".join(ids)}
            answer = await client.post(self.url, data=fields)
        said = answer.json()
        return {} if answer.is_error or "error" in said else said

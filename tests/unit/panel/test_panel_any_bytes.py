"""Whatever a body is, a reader raises a PanelError or returns: nothing else gets out."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel import NotSent, OutcomeUnknown, PanelError, Rejected, Unavailable
from panel.error_codes import DEFINITE as DEFINITE_RULES
from tests.fakes.panel import FakePanel

KEYS = st.sampled_from(
    (
        *(
            "order",
            "order_id",
            "orders",
            "error",
            "errors",
            "status",
            "message",
            "msg",
            "data",
            "detail",
            "id",
        ),
        *(
            "refill",
            "cancel",
            "canceled",
            "balance",
            "currency",
            "charge",
            "remains",
            "start_count",
            "runs",
        ),
        *("service", "rate", "min", "max", "type", "name", "success", "1", "2"),
    )
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        [
            "0",
            "1",
            "success",
            "error",
            "1e999999999",
            "NaN",
            "\ud800",
            "\0",
            "9" * 5000,
            "Completed",
        ]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.tuples(VALUES, st.integers(0, 200)).map(
        lambda pair: json.dumps(pair[0]).encode()[: pair[1]]
    ),
)
CODES = st.sampled_from([200, 201, 204, 301, 400, 401, 404, 422, 429, 500, 502])

CALLS: dict[str, Any] = {
    "services": lambda client: client.services(),
    "balance": lambda client: client.balance(),
    "add": lambda client: client.add("1", {"link": "x"}),
    "status": lambda client: client.status("1"),
    "statuses": lambda client: client.statuses(["1", "2", "3"]),
    "refill": lambda client: client.refill("1"),
    "refills": lambda client: client.refills(["1", "2", "3"]),
    "refill_status": lambda client: client.refill_status("1"),
    "refill_statuses": lambda client: client.refill_statuses(["1", "2", "3"]),
    "cancel": lambda client: client.cancel(["1", "2", "3"]),
}
DEFINITE = {meaning for meaning, _ in DEFINITE_RULES}
WRITES = {"add", "refill", "refills", "cancel"}


@pytest.mark.parametrize("call", CALLS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=BODIES, code=CODES)
async def test_any_body(call: str, body: bytes, code: int) -> None:
    panel = FakePanel(body, code)
    never: tuple[type[PanelError], ...] = (NotSent, OutcomeUnknown)
    if call in WRITES:  # no API is only where one of these codes says so
        never = (Unavailable,) if code in {301, 404} else (NotSent, Unavailable)
    async with panel.client() as client:
        try:
            outcome = await CALLS[call](client)
        except PanelError as error:
            outcome = error
    assert not isinstance(outcome, never)
    f"{outcome!r} {outcome}".encode()  # no lone surrogate got through
    if call in WRITES:
        once, *alone = [sent.get("order") or sent.get("orders") for sent in panel.sent]
        # after a refusal of all, and each at most once
        assert alone == ["1", "2", "3"][: len(alone)]
        assert not alone or once == "1,2,3"
    if call == "add" and code >= 500 and isinstance(outcome, Rejected):
        assert outcome.meaning in DEFINITE

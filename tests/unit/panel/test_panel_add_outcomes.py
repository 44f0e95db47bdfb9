"""What an answer to `add` means for the money: the table of the wild, and what gateways and
frameworks say besides.
"""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel import Accepted, Meaning, OutcomeUnknown, Rejected, Unavailable
from tests.fakes.adding import LINK, add, in_the_words_of_the_table
from tests.fakes.panel import FakePanel
from tests.harness.cases import cases


@pytest.mark.parametrize("case", cases("add_answers", by="body"))
async def test_the_table(case: dict[str, Any]) -> None:
    outcome = await add(case["body"], case["http"], **case.get("headers", {}))
    assert in_the_words_of_the_table(outcome) == case["outcome"]


# Under a code that gateways give too: every one of these has been said by something that is no
# provider.
FOREIGN: list[Any] = [
    {"error": "Bad Gateway"},
    {"error": "Gateway Timeout", "message": "upstream balance check failed"},
    {"message": "An invalid response was received from the upstream server"},
    {"message": "Endpoint request timed out"},
    {"message": "Internal server error"},
    {"message": "Service Unavailable"},
    {"errors": [{"message": "Server Error"}]},
    {"error": {"message": "socket hang up", "code": "ECONNRESET"}},
    {"error": "Server Error: link failure"},
    {"error": "SQLSTATE[HY000] [1040] Too many connections"},
    {"error": "SQLSTATE[23000]: Duplicate entry 'https://t.me/a' for key 'orders_link_unique'"},
    {"error": "SQLSTATE[22003]: Numeric value out of range for column 'quantity'"},
    {"error": "Incorrect key file for table './panel/orders.MYI'; try to repair it"},
    {"error": "Specified key was too long; max key length is 767 bytes"},
    {"error": "Access denied for user 'panel'@'localhost' (using password: YES)"},
    {"error": "user 'x' not found in pool"},
    {"error": "no more connections allowed (max_client_conn)"},
    {"error": "Allowed memory size of 134217728 bytes exhausted; limit of memory reached"},
    {
        "error": (
            "The only supported ciphers are AES-128-CBC with the correct key lengths. Key length"
        )
    },
    {"error": "CSRF token mismatch."},
    {"error": "Unexpected token < in JSON at position 0"},
    {"error": "Invalid URL"},
    {"error": "cURL error 3: URL using bad/illegal format or missing URL"},
    {"error": "cURL error 6: Could not resolve host: api.upstream.example"},
    {"error": 'Undefined array key "link"'},
    {"error": "Undefined index: quantity"},
    {"error": "Undefined property: stdClass::$balance"},
    {"error": 'Attempt to read property "balance" on null'},
    {"error": "Index 5 out of bounds for length 5"},
    {"error": "Call to a member function where() on null"},
    {"error": "Maximum execution time of 30 seconds exceeded"},
    {"error": "Maximum number of concurrent requests reached in the worker"},
    {"error": "queue 'orders' is full: rate limit of the broker exceeded"},
    {"error": "Redis: OOM command not allowed when used memory > 'maxmemory'. key order:1"},
    {"error": "No healthy upstream, load balancer has insufficient credits"},
    {"error": "upstream service not found in registry"},
    {"error": "unknown service panel.v2.Orders"},
    {"error": "no service instance for link-service"},
    {"error": "Symbolic link not allowed"},
    {"error": "Invalid API key for https://api.mail.example/v3"},
    {"error": "Insufficient credits at https://other.example/"},
    {"error": "Not enough funds on balance\n#0 /var/www/Order.php(12): charge()"},
    {"error": "BalanceException: Not enough funds"},
    {"error": "The stream or file laravel.log could not be opened: invalid link"},
    {"error": "Unauthorized"},
    {"error": "Forbidden"},
    {"error": "Payment Required"},
    {"error": "Service Unavailable"},
    {"error": "User not found"},
    {"error": "Order not found"},
    {"error": "Incorrect order ID"},
    {"error": "Maintenance mode"},
    {"error": "System is under maintenance, please try later"},
    {"error": "Please try again later"},
    {"error": "Something went wrong with your order"},
    {"error": "Your order could not be placed: balance"},
    {"error": "Not enough"},
    {"error": "Сервер временно недоступен"},
    {"error": "Внутренняя ошибка сервера"},
    {"error": "Error interno del servidor"},
    {"error": "Interner Serverfehler"},
    {"error": "Erreur interne du serveur"},
    {"error": "Sunucu hatası"},
    {"error": "服务器内部错误"},
    {"error": "服务器错误"},
    {"error": "خطأ في الخادم"},
    {"error": "Terjadi kesalahan pada server"},
    {
        "success": False,
        "data": {"name": "Internal Server Error", "message": "An internal server error occurred."},
    },
    {"success": False},
    {"status": "error"},
    {"status": "fail", "message": "Operation failed"},
    {"type": "about:blank", "title": "Internal Server Error", "status": 500},
    {"timestamp": "2026-01-01", "status": 500, "error": "Internal Server Error", "path": "/api/v2"},
    {
        "message": "Server Error",
        "exception": "ErrorException",
        "file": "/app/Order.php",
        "line": 5,
        "trace": [],
    },
    {"statusCode": 500, "message": "Internal server error"},
    {
        "fault": {
            "faultstring": "Gateway Timeout",
            "detail": {"errorcode": "messaging.adaptors.http.flow.GatewayTimeout"},
        }
    },
    {"errorMessage": "2026-01-01T00:00:00Z Task timed out after 30.00 seconds"},
    {"order": {"error": "Server Error"}},
    [{"error": "Server Error"}],
    ["Server Error"],
    "error code: 1020",
    (
        "upstream connect error or disconnect/reset before headers. reset reason: connection "
        "termination"
    ),
    "<html><title>Just a moment...</title></html>",
    "<html><title>Not enough funds</title></html>",
    "Not enough funds",
    '"Not enough funds"',
    "",
    "null",
]


@pytest.mark.parametrize("code", [408, 500, 502, 503, 504, 520, 524, 599])
@pytest.mark.parametrize("answer", FOREIGN, ids=str)
async def test_what_gateways_and_frameworks_say_is_never_definite(answer: Any, code: int) -> None:
    outcome = await add(answer, code)
    assert isinstance(outcome, OutcomeUnknown)
    assert not outcome.walled


OWN: list[tuple[Any, Meaning]] = [
    ({"error": "Not enough funds on balance"}, Meaning.FUNDS),
    ({"error": "Insufficient balance. Please add funds to your account."}, Meaning.FUNDS),
    ({"error": "You don't have enough balance to place this order"}, Meaning.FUNDS),
    ({"error": "neworder.error.not_enough_funds"}, Meaning.FUNDS),
    ({"error": {"code": "INSUFFICIENT_BALANCE"}}, Meaning.FUNDS),
    ({"errors": ["Недостаточно средств на балансе"]}, Meaning.FUNDS),
    ({"message": "Saldo tidak mencukupi"}, Meaning.FUNDS),
    ({"error": "Saldo insuficiente"}, Meaning.FUNDS),
    ({"error": "Yetersiz bakiye"}, Meaning.FUNDS),
    ({"error": "您的账户余额不足，请充值"}, Meaning.FUNDS),
    ({"error": "رصيدك غير كافي"}, Meaning.FUNDS),
    ({"error": "Guthaben nicht ausreichend"}, Meaning.FUNDS),
    ({"error": "Solde insuffisant"}, Meaning.FUNDS),
    (
        {"success": False, "data": {"name": "Payment Required", "message": "Insufficient funds"}},
        Meaning.FUNDS,
    ),
    ({"status": "error", "message": "Invalid API key"}, Meaning.BAD_KEY),
    ({"error": "neworder.error.link_duplicate"}, Meaning.BUSY_LINK),
    (
        {"error": "You have active order with this link. Please wait until order being completed."},
        Meaning.BUSY_LINK,
    ),
    ({"error": "Incorrect service ID"}, Meaning.BAD_SERVICE),
    ({"error": "Quantity less than minimal 100"}, Meaning.QUANTITY),
    ({"error": "Quantity must be between 10 and 1000"}, Meaning.QUANTITY),
    ({"error": "Bad link: https://t.me/server_error_timeout"}, Meaning.LINK),
    ({"error": "Bad link"}, Meaning.LINK),
    ({"error": "Rate limit exceeded"}, Meaning.RATE_LIMIT),
    ([{"error": "Too many requests"}], Meaning.RATE_LIMIT),
]


@pytest.mark.parametrize("code", [408, 500, 502, 503, 504])
@pytest.mark.parametrize(("answer", "meaning"), OWN, ids=str)
async def test_what_only_the_provider_can_say_is_definite(
    answer: Any, meaning: Meaning, code: int
) -> None:
    outcome = await add(answer, code)
    assert isinstance(outcome, Rejected)
    assert outcome.meaning is meaning


_FOREIGN_WORDS = """
server error gateway timeout upstream connection pool key length link limit memory balance funds not found user service
id quantity rate api token sqlstate deadlock exception at line null of too many connections requests <html> <b>error</b>
nginx "link" /var/www/html/index.php:12 0x7f order enough duplicate entry for invalid
"""  # noqa: E501
WORDS = st.one_of(
    st.text(min_size=1, max_size=8),
    st.sampled_from(_FOREIGN_WORDS.split()),
)


@settings(max_examples=400, deadline=None)
@given(
    said=st.lists(WORDS, max_size=8),
    foreign=st.sampled_from(["upstream", "exception", "<html>", "pool", "sqlstate"]),
)
@pytest.mark.parametrize("code", [408, 500, 502])
async def test_no_text_with_a_word_of_others_is_a_refusal(
    said: list[str], foreign: str, code: int
) -> None:
    text = " ".join([*said, foreign])
    assert isinstance(await add({"error": text}, code), OutcomeUnknown)


@settings(max_examples=400, deadline=None)
@given(said=st.lists(st.text(min_size=1, max_size=12), max_size=6))
@pytest.mark.parametrize("shape", ["error", "message", "detail"])
async def test_random_words_are_never_a_refusal(said: list[str], shape: str) -> None:
    outcome = await add({shape: " ".join(said)}, 500)
    assert isinstance(outcome, OutcomeUnknown)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "<html>",
        "error code: 1015",
        {"error": "Not enough funds"},
        {"error": "x"},
        {},
        [],
        {"success": True},
        {"order": 99},
        [{"order": 99}],
    ],
)
@pytest.mark.parametrize("action", ["add", "refill", "refills", "cancel", "balance", "status"])
async def test_a_429_is_definite_whatever_its_body(body: Any, action: str) -> None:
    calls: dict[str, Any] = {
        "add": lambda client: client.add("1", LINK),
        "refill": lambda client: client.refill("1"),
        "refills": lambda client: client.refills(["1", "2"]),
        "cancel": lambda client: client.cancel(["1"]),
        "balance": lambda client: client.balance(),
        "status": lambda client: client.status("1"),
    }
    panel = FakePanel(body, 429, **{"Retry-After": "30"})
    async with panel.client() as client:
        with pytest.raises(Rejected) as caught:
            await calls[action](client)
    assert (caught.value.meaning, caught.value.retry_after, caught.value.code) == (
        Meaning.RATE_LIMIT,
        30.0,
        429,
    )
    assert len(panel.requests) == 1


@pytest.mark.parametrize(
    ("said", "obeyed"),
    [
        ("30", 30.0),
        ("3600", 3600.0),
        ("3601", 3600.0),
        ("1764458400", 3600.0),
        ("1e300", 3600.0),
        ("-5", 0.0),
    ],
)
async def test_retry_after_is_obeyed_for_an_hour_at_most(said: str, obeyed: float) -> None:
    outcome = await add({"error": "Too many requests"}, 429, **{"Retry-After": said})
    assert isinstance(outcome, Rejected)
    assert outcome.retry_after == obeyed
    assert outcome.asked_to_wait == max(float(said), 0.0)


@pytest.mark.parametrize(
    ("answer", "order"),
    [
        ({"order": "1234 "}, "1234"),
        ([{"order": 88}], "88"),
        ([{"order_id": "88"}], "88"),
        ({"data": {"order_id": "ord_1"}}, "ord_1"),
        ({"data": [{"order": 9}]}, "9"),
        ({"order": 5, "error": "Low balance"}, "5"),
        ({"order": "5\n", "success": False}, "5"),
    ],
)
@pytest.mark.parametrize("code", [200, 500, 404, 403])
async def test_an_id_under_a_name_of_an_order_is_an_order(
    answer: Any, order: str, code: int
) -> None:
    outcome = await add(answer, code)
    assert isinstance(outcome, Accepted)
    assert outcome.order == order


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "id": 77},
        {"status": "success", "data": {"id": 77}},
        {"id": 77},
        [{"id": 77}],
        [{"order": 1}, {"order": 2}],
        {"data": [{"order": 1}, {"order": 2}]},
        {"order": {"id": 77}},
        {"transaction": 77},
        {"success": True, "message": "Order placed"},
        {"status": "success", "message": "Order 77 was created"},
        [77],
        "77",
    ],
    ids=str,
)
@pytest.mark.parametrize("code", [200, 201, 400])
async def test_no_id_under_a_name_of_an_order_is_unknown(answer: Any, code: int) -> None:
    assert isinstance(await add(answer, code), OutcomeUnknown)


@pytest.mark.parametrize(
    ("answer", "code", "meaning", "text"),
    [
        (
            {"success": False, "data": {"message": "Insufficient funds"}},
            200,
            Meaning.FUNDS,
            "Insufficient funds",
        ),
        ({"success": "false", "message": "Low balance"}, 200, Meaning.FUNDS, "Low balance"),
        ({"success": 0, "msg": "Low balance"}, 200, Meaning.FUNDS, "Low balance"),
        ({"ok": False, "data": ["Low balance"]}, 200, Meaning.FUNDS, "Low balance"),
        ({"data": {"error": "Low balance"}}, 200, Meaning.FUNDS, "Low balance"),
        (
            {"status": "success", "data": [{"error": "Low balance"}]},
            200,
            Meaning.FUNDS,
            "Low balance",
        ),
        ([{"error": "Low balance"}], 200, Meaning.FUNDS, "Low balance"),
        ({"errors": [{"message": "Low balance"}]}, 422, Meaning.FUNDS, "Low balance"),
        ({"errors": {"balance": ["Low balance"]}}, 422, Meaning.FUNDS, "Low balance"),
        (
            {"error": "Bad Request", "message": "Low balance"},
            400,
            Meaning.FUNDS,
            "Bad Request: Low balance",
        ),
        ({"error": "Payment Required"}, 402, Meaning.FUNDS, "Payment Required"),
        (
            {"statusCode": 400, "message": ["Low balance"], "error": "Bad Request"},
            400,
            Meaning.FUNDS,
            None,
        ),
        (
            {"type": "about:blank", "title": "Bad Request", "detail": "Invalid link"},
            400,
            Meaning.LINK,
            "Invalid link",
        ),
        ({"status": "failure", "code": "LOW_BALANCE"}, 200, Meaning.FUNDS, "LOW_BALANCE"),
    ],
)
async def test_errors_in_every_place(
    answer: Any, code: int, meaning: Meaning, text: str | None
) -> None:
    outcome = await add(answer, code)
    assert isinstance(outcome, Rejected)
    assert outcome.meaning is meaning
    assert text is None or outcome.text == text


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        # Said to be a failure, and the words stand under another name.
        ({"status": False, "reason": "Not enough funds"}, Meaning.FUNDS),
        ({"ok": False, "description": "Not enough funds"}, Meaning.FUNDS),
        ({"success": False, "error_message": "Invalid API key"}, Meaning.BAD_KEY),
        ({"status": "error", "errorMessage": "Not enough balance"}, Meaning.FUNDS),
        ({"status": "fail", "response": "You have active order with this link"}, Meaning.BUSY_LINK),
        ({"success": False, "result": {"message": "Not enough funds"}}, Meaning.FUNDS),
        ({"Status": "Error", "Message": "Not enough funds"}, Meaning.FUNDS),
        ({"result": {"error": "Bad link"}}, Meaning.LINK),
        ({"status": "failed", "errMsg": "Bad link"}, Meaning.LINK),
        ({"success": False, "reason": "Bestellung abgelehnt"}, Meaning.OTHER),
        # Not said to be one.
        ({"Error": "Not enough funds"}, Meaning.FUNDS),
        ({"ERROR": {"Message": "Wrong key"}}, Meaning.BAD_KEY),
        ({"err": "Incorrect service ID"}, Meaning.BAD_SERVICE),
        ({"errors_": 1, "error_message": "Bad link"}, Meaning.LINK),
        ({"code": -1, "message": "Not enough funds"}, Meaning.FUNDS),
        ({"code": "-5", "msg": "User not found"}, Meaning.LINK),
        ({"code": 402, "message": "Insufficient balance"}, Meaning.FUNDS),
        ({"errcode": 40001, "errmsg": "Invalid API key"}, Meaning.BAD_KEY),
        ({"statusCode": 400, "description": "Quantity less than minimal 100"}, Meaning.QUANTITY),
        ({"type": "error", "text": "Bad link"}, Meaning.LINK),
        ({"result": "error", "message": "Bad link"}, Meaning.LINK),
    ],
    ids=str,
)
async def test_words_under_any_name(answer: Any, meaning: Meaning) -> None:
    outcome = await add(answer, 200)
    assert isinstance(outcome, Rejected)
    assert outcome.meaning is meaning


@pytest.mark.parametrize(
    "answer",
    [
        {"Error": "Bestellung abgelehnt"},
        {"err": "Something went wrong"},
        {"Error": "Internal server error"},
        {"err": None, "message": "Not enough funds"},
        {"err": "", "result": {"id": 5}},
        {"code": -1, "message": "queued"},
        {"code": 0, "message": "Not enough funds"},
        {"code": 1, "message": "Order placed, low balance"},
        {"code": 200, "message": "Low balance"},
        {"message": "Low balance"},
        {"description": "Low balance"},
        {"status": "success", "err": "Low balance"},
        {"success": True, "code": -1, "message": "Low balance"},
    ],
    ids=str,
)
async def test_what_nobody_calls_an_error_is_unknown_unless_it_must_be_one(answer: Any) -> None:
    assert isinstance(await add(answer, 200), OutcomeUnknown)


async def test_bodies_in_bodies_have_an_end() -> None:
    deep = '{"data":' * 300 + '{"error":"x"}' + "}" * 300
    for code in (200, 302, 404):
        assert isinstance(await add(deep, code), OutcomeUnknown)


@pytest.mark.parametrize("action", ["refill", "refills", "cancel"])
@pytest.mark.parametrize(
    "answer", [{"error": "Server Error"}, {"detail": "upstream request timeout"}, "<html>"], ids=str
)
@pytest.mark.parametrize("code", [408, 500, 504])
async def test_refills_and_cancellations_go_by_the_same_rule(
    action: str, answer: Any, code: int
) -> None:
    calls: dict[str, Any] = {
        "refill": lambda client: client.refill("1"),
        "refills": lambda client: client.refills(["1", "2"]),
        "cancel": lambda client: client.cancel(["1", "2"]),
    }
    panel = FakePanel(answer, code)
    async with panel.client() as client:
        with pytest.raises(OutcomeUnknown):
            await calls[action](client)
    assert len(panel.requests) == 1


@pytest.mark.parametrize(
    "said", ["Gateway Timeout", "Server Error", "Ошибка", "temporarily unavailable"]
)
@pytest.mark.parametrize("code", [408, 500, 503, 504])
async def test_a_read_that_a_gateway_answers_has_no_answer(said: str, code: int) -> None:
    async with FakePanel({"error": said}, code).client() as client:
        for read in (client.balance(), client.status("1"), client.services()):
            with pytest.raises(Unavailable) as caught:
                await read
            assert caught.value.code == code


async def test_the_evidence_is_kept_as_it_came() -> None:
    outcome = await add(json.dumps({"error": "Server Error"}), 504)
    assert isinstance(outcome, OutcomeUnknown)
    assert outcome.evidence == '{"error": "Server Error"}'

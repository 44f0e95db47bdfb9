"""Answers of something in front of the API: redirects, missing pages, firewalls."""

from typing import Any

import pytest

from panel import NotSent, OutcomeUnknown, Unavailable
from tests.fakes.adding import add, in_the_words_of_the_table
from tests.fakes.panel import FakePanel

_MANUALLY = "If you entered the URL manually please check your spelling and try again."
NOWHERE: list[tuple[Any, int]] = [
    ("<html>Moved Permanently</html>", 301),
    ("", 302),
    ("", 303),
    ("<html></html>", 307),
    ("null", 308),
    ({}, 302),
    ({"message": "Moved Permanently"}, 301),
    ("<html>404 Not Found</html>", 404),
    ("404 page not found", 404),
    ("", 404),
    ("null", 404),
    ([], 404),
    ({"error": "Not Found"}, 404),
    ({"detail": "Not Found"}, 404),
    ({"detail": "Method Not Allowed"}, 405),
    ({"message": "no Route matched with those values"}, 404),
    (
        {"message": "The route api/v2 could not be found.", "exception": "NotFoundHttpException"},
        404,
    ),
    ({"timestamp": 1, "status": 404, "error": "Not Found", "path": "/api/v2"}, 404),
    ({"statusCode": 404, "message": "Cannot POST /api/v2", "error": "Not Found"}, 404),
    ({"type": "about:blank", "title": "Not Found", "status": 404}, 404),
    (
        {"success": False, "data": {"name": "Not Found", "message": "Page not found.", "code": 0}},
        404,
    ),
    ("Method Not Allowed", 405),
    ("405 Method Not Allowed", 405),
    (
        {"error": "The POST method is not supported for this route. Supported methods: GET, HEAD."},
        405,
    ),
    # In any words and language; "page not found" is no word about the customer's link.
    ({"error": f"The requested URL was not found on the server. {_MANUALLY}"}, 404),
    ({"error": "Страница не найдена"}, 404),
    ({"error": "Seite nicht gefunden"}, 404),
    ({"error": "Página no encontrada"}, 404),
    ({"message": "页面不存在"}, 404),
    ({"error": "Kein Eintrag"}, 404),
    ({"error": "Cannot POST /api/v2"}, 404),
    ({"error": "Page not found"}, 404),
    (
        {
            "code": "rest_no_route",
            "message": "No route was found matching the URL.",
            "data": {"status": 404},
        },
        404,
    ),
    (
        {
            "error": {
                "message": "Unrecognized request URL (POST: /api/v2).",
                "type": "invalid_request_error",
            }
        },
        404,
    ),
    ({"error": "Application not found"}, 404),
    ({"error": "404"}, 404),
    ({"status": 404}, 404),
    (["Not Found"], 404),
    ({"ok": False, "error_code": 404, "description": "Not Found"}, 404),
    ({"error": "The service was not found on this server"}, 404),
    ({"error": "Only GET requests are allowed"}, 405),
    ({"error": "Bad method", "allow": ["GET"]}, 405),
    ({"message": "Temporary Redirect"}, 307),
    ({"redirect": "/login"}, 302),
    ({"url": "https://other.example/", "data": None}, 303),
    ({"success": False, "message": "Please login"}, 302),
    ({"error": "Unauthorized"}, 302),
    ({"location": "https://other.example/api/v2"}, 308),
]


@pytest.mark.parametrize(("answer", "code"), NOWHERE, ids=str)
async def test_where_there_is_no_api_nothing_was_taken(answer: Any, code: int) -> None:
    outcome = await add(answer, code)
    assert isinstance(outcome, NotSent)
    assert outcome.code == code


@pytest.mark.parametrize(
    ("answer", "code", "outcome"),
    [
        ({"error": "Service not found"}, 404, "rejected:bad_service"),
        ({"error": "Incorrect service ID"}, 405, "rejected:bad_service"),
        ({"error": "Not enough funds"}, 302, "wait:funds"),
        ({"error": "Bad link"}, 404, "rejected:link"),
        ({"message": "Invalid API key"}, 302, "wait:bad_key"),
        ({"error": "You have active order with this link"}, 405, "wait:busy_link"),
        ({"order": 5}, 404, "accepted:5"),
        ({"success": True, "id": 77}, 404, "unknown"),
        ({"success": True}, 302, "unknown"),
        ({"message": "Your order was placed"}, 302, "unknown"),
        ({"id": 77}, 404, "unknown"),
        ({"data": [{"charge": "0.5"}]}, 302, "unknown"),
        ('{"order": 5', 404, "unknown"),
        ('[{"order"', 302, "unknown"),
    ],
    ids=str,
)
async def test_what_the_provider_says_under_such_a_code_counts(
    answer: Any, code: int, outcome: str
) -> None:
    assert in_the_words_of_the_table(await add(answer, code)) == outcome


WALLS: list[tuple[str, int]] = [
    ("<html>Attention Required! | Cloudflare</html>", 403),
    ("<html>403 Forbidden</html>", 403),
    ("403 Forbidden", 403),
    ("error code: 1020", 403),
    ("<html>401 Authorization Required</html>", 401),
    ("<html>Proxy Authentication Required</html>", 407),
    ("<html>Not Acceptable!</html>", 406),
    ("<html>Unavailable For Legal Reasons</html>", 451),
    ("<!DOCTYPE html><title>Just a moment...</title>", 200),
    ("<html>Please complete the CAPTCHA</html>", 202),
    ("<html>Checking your browser before accessing</html>", 400),
]


@pytest.mark.parametrize(("page", "code"), WALLS)
async def test_the_page_of_a_firewall_is_marked_for_writes_and_reads(page: str, code: int) -> None:
    outcome = await add(page, code)
    assert isinstance(outcome, OutcomeUnknown)
    assert outcome.walled
    panel = FakePanel(page, code)
    async with panel.client() as client:
        for read in (
            client.balance(),
            client.status("1"),
            client.statuses(["1", "2", "3"]),
            client.services(),
        ):
            with pytest.raises(Unavailable) as caught:
                await read
            assert caught.value.walled
        for write in (client.refill("1"), client.refills(["1", "2"]), client.cancel(["1", "2"])):
            with pytest.raises(OutcomeUnknown) as lost:
                await write
            assert lost.value.walled
    assert len(panel.requests) == 7


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<html>Just a moment...</html>", 503),
        ("<html>502</html>", 502),
        ("<html>ok</html>", 200),
        ("", 403),
        ("null", 403),
        ({}, 403),
        ("<html>Request Timeout</html>", 408),
        ('{"order": 5', 403),
    ],
    ids=str,
)
async def test_no_firewall_is_seen_where_there_may_be_none(page: Any, code: int) -> None:
    outcome = await add(page, code)
    assert isinstance(outcome, OutcomeUnknown)
    assert not outcome.walled
    async with FakePanel(page, code).client() as client:
        with pytest.raises(Unavailable) as caught:
            await client.balance()
    assert not caught.value.walled

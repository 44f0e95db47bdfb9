"""The control: JSON without a key, for the demo's page and for tests.

Never put it on a public address.
"""

from collections.abc import Callable
from decimal import InvalidOperation
from typing import Any

from aiohttp import web

from playground.provider.provider import Provider

Json = dict[str, Any]


def add_control(app: web.Application, provider: Provider) -> None:
    """GET /control/state; POST /control/{fault,order,refill,balance,service,settings}; DELETE
    /control/fault.
    """
    control = Control(provider)
    app.router.add_get("/control/state", control.state)
    app.router.add_delete("/control/fault", control.clear_faults)
    for name, change in control.changes().items():
        app.router.add_post(f"/control/{name}", _handler(change))


class Control:
    """Every change takes a JSON object and answers one; a mistake answers 400 `{"error": ...}`."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def changes(self) -> dict[str, Callable[[Json], None]]:
        return {
            "fault": lambda body: self._fault(**body),
            "order": lambda body: self._order(**body),
            "refill": lambda body: self._provider.force_refill(body["id"], body["status"]),
            "balance": lambda body: self._provider.set_balance(body["balance"]),
            "service": lambda body: self._provider.change_service(body.pop("service"), **body),
            "settings": self._settings,
        }

    async def state(self, _: web.Request) -> web.Response:
        return web.json_response(self._provider.state())

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._provider.clear_faults()
        return web.json_response({"ok": True})

    def _fault(self, kind: str, action: str = "*", **how: Any) -> None:
        self._provider.fault(kind, action, **how)

    def _order(self, id: object, status: str, **how: Any) -> None:  # noqa: A002  (the JSON's name)
        self._provider.force_order(id, status, **how)

    def _settings(self, body: Json) -> None:
        self._provider.dialect = body.get("dialect", self._provider.dialect)
        self._provider.speed = float(body.get("speed", self._provider.speed))


def _handler(change: Callable[[Json], None]) -> Callable[[web.Request], Any]:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = await request.json()
            change(dict(body))
        except KeyError as error:
            return web.json_response({"error": f"unknown or missing: {error}"}, status=400)
        except (ValueError, TypeError, InvalidOperation) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"ok": True})

    return handle

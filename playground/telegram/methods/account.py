"""Who the bot is, how it gets its updates, whom and what it can look up."""

from typing import Any

from playground.telegram.errors import bad_request, conflict
from playground.telegram.files import DOWNLOAD_LIMIT
from playground.telegram.methods.registry import method
from playground.telegram.params import Params
from playground.telegram.state import State
from playground.telegram.updates import Webhook

WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook "
    "to delete the webhook first"
)


@method("getMe")
def get_me(api: State, params: Params) -> dict[str, Any]:  # noqa: ARG001
    return {
        **api.me,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getUpdates")
def get_updates(api: State, params: Params) -> list[dict[str, Any]]:
    """What is there now; the wait belongs to `BotApi.serve`."""
    if api.webhook is not None:
        raise conflict(WEBHOOK_ACTIVE)
    _allow(api, params)
    api.updates.acknowledge(params.integer("offset"))
    return api.updates.batch(params.integer("limit", 100))


def _allow(api: State, params: Params) -> None:
    allowed = params.array("allowed_updates", "allowed updates")
    if allowed is not None:
        api.updates.allowed = [str(kind) for kind in allowed]


@method("setWebhook")
def set_webhook(api: State, params: Params) -> bool:
    url = params.text("url")
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    _allow(api, params)
    if params.flag("drop_pending_updates"):
        api.updates.pending.clear()
    connections = params.integer("max_connections", 40)
    api.webhook = Webhook(url, params.text("secret_token"), connections) if url else None
    if url:
        api.updates.end_polls("terminated by setWebhook request")
    return True


@method("deleteWebhook")
def delete_webhook(api: State, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        api.updates.pending.clear()
    api.webhook = None
    return True


@method("getWebhookInfo")
def get_webhook_info(api: State, params: Params) -> dict[str, Any]:  # noqa: ARG001
    info: dict[str, Any] = {
        "url": api.webhook.url if api.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(api.updates.pending),
    }
    if api.webhook:
        info["max_connections"] = api.webhook.max_connections
    if api.updates.allowed:
        info["allowed_updates"] = api.updates.allowed
    return info


@method("getChat")
def get_chat(api: State, params: Params) -> dict[str, Any]:
    chat = api.chats.of(params)
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    info = {
        **chat.as_dict(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, True),
    }
    if "username" in chat.names:
        info["active_usernames"] = [chat.names["username"]]
    if chat.pinned in chat.messages:
        info["pinned_message"] = chat.messages[chat.pinned]
    return info


@method("getFile")
def get_file(api: State, params: Params) -> dict[str, Any]:
    kept = api.files.get(params.text("file_id"))
    if kept is None:
        raise bad_request("invalid file_id")
    if len(kept.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {**kept.as_file(), "file_path": kept.path}

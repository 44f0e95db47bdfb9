"""Keyboards: what the server accepts, and the shape in which it gives them back."""

import json
from typing import Any

from playground.telegram.errors import ApiError, bad_request
from playground.telegram.html import checked_url

Markup = dict[str, Any]

MAX_BUTTONS = 100
MAX_ROW = 8
MAX_BYTES = 10_000
STYLES = {"primary", "success", "danger"}
ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
EMPTY_ALLOWED = {
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "callback_game",
    "disabled",
}


def checked(markup: Markup | None) -> Markup | None:
    """An inline keyboard with empty rows dropped; other kinds of markup as they are. Raises 400."""
    if markup is None or "inline_keyboard" not in markup:
        return markup
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    kept = [[_button(button) for button in row] for row in rows if row]
    too_long = sum(map(len, kept)) > MAX_BUTTONS or any(len(row) > MAX_ROW for row in kept)
    if too_long or len(json.dumps(kept, ensure_ascii=False).encode()) > MAX_BYTES:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _wrong(why: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {why}")


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _wrong("InlineKeyboardButton must be an Object")
    if not str(button.get("text") or "").strip():
        raise _wrong('Field "text" must be non-empty')
    actions = [
        name for name in ACTIONS if name in EMPTY_ALLOWED & button.keys() or button.get(name)
    ]
    if not actions:
        raise _wrong("Text buttons are unallowed in the inline keyboard")
    if button.get("style") not in {None, "", *STYLES}:
        raise _wrong("invalid button style specified")
    _check_action(button, actions[0])
    return {name: value for name, value in button.items() if value is not None}


def _check_action(button: dict[str, Any], action: str) -> None:
    value = button[action]
    if action == "callback_data" and len(str(value).encode()) > 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and checked_url(str(value)) is None:
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "copy_text":
        copied = str(value.get("text", "")) if isinstance(value, dict) else ""
        if not 1 <= len(copied) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")

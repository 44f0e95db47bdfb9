"""What a server may refuse of a message's looks: an older one, another region's, or one of
tomorrow.
"""

import re
from collections.abc import Callable, Collection
from typing import Any

from playground.telegram.errors import bad_request
from playground.telegram.params import Params

_PARSE = "can't parse entities: "


def check(params: Params, refused: Collection[str]) -> None:
    """Raise the server's 400 when a call has one of these; their names are ORNAMENTS' keys."""
    for name in refused:
        has, complaint = ORNAMENTS[name]
        if has(params):
            raise bad_request(complaint)


def _buttons(params: Params) -> list[dict[str, Any]]:
    markup = params.obj("reply_markup") or {}
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def _given(name: str) -> Callable[[Params], bool]:
    return lambda params: bool(params.text(name))


def _on_button(name: str) -> Callable[[Params], bool]:
    return lambda params: any(button.get(name) is not None for button in _buttons(params))


def _tag(pattern: str) -> Callable[[Params], bool]:
    return lambda params: (
        re.search(pattern, params.text("text") or params.text("caption")) is not None
    )


ORNAMENTS: dict[str, tuple[Callable[[Params], bool], str]] = {
    "effect": (_given("message_effect_id"), "EFFECT_ID_INVALID"),
    "reply": (_given("reply_parameters"), "REPLY_MESSAGE_ID_INVALID"),
    "preview": (_given("link_preview_options"), "can't parse link preview options"),
    "style": (
        _on_button("style"),
        "can't parse inline keyboard button: invalid button style specified",
    ),
    "emoji": (_on_button("icon_custom_emoji_id"), "BUTTON_CUSTOM_EMOJI_INVALID"),
    "copy": (_on_button("copy_text"), "BUTTON_COPY_TEXT_INVALID"),
    "disabled": (_on_button("disabled"), "BUTTON_TYPE_INVALID"),
    "time": (_tag("<tg-time"), f'{_PARSE}Unsupported start tag "tg-time" at byte offset 0'),
    "expandable": (
        _tag("<blockquote expandable"),
        f'{_PARSE}Unexpected attribute in the tag "blockquote"',
    ),
    "tags": (_tag("<[a-z]"), f"{_PARSE}Unclosed start tag at byte offset 0"),
}

"""New messages: text, documents, photos; and what all of them share."""

from typing import Any

from playground.telegram.chats import Chat, Message
from playground.telegram.entities import CAPTION_LIMIT, TEXT_LIMIT, formatted
from playground.telegram.errors import bad_request
from playground.telegram.html import utf16_length
from playground.telegram.markup import checked
from playground.telegram.methods.registry import method
from playground.telegram.params import Params
from playground.telegram.state import State


@method("sendMessage")
def send_message(api: State, params: Params) -> Message:
    chat = api.chats.reachable(params)
    return post(api, chat, params, text_content(params, too_long="message is too long"))


@method("sendDocument")
def send_document(api: State, params: Params) -> Message:
    chat = api.chats.reachable(params)
    document = api.files.given(params, "document", "documents")
    return post(api, chat, params, {"document": document.as_document(), **caption_content(params)})


@method("sendPhoto")
def send_photo(api: State, params: Params) -> Message:
    chat = api.chats.reachable(params)
    photo = api.files.given(params, "photo", "photos")
    return post(api, chat, params, {"photo": photo.as_photo(), **caption_content(params)})


def text_content(params: Params, *, too_long: str) -> dict[str, Any]:
    """`text` and `entities`, checked. Raises 400."""
    source = params.text("text")
    if not source:
        raise bad_request("message text is empty")
    text, entities = formatted(source, params.text("parse_mode"), params.array("entities"))
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request(too_long)
    content: dict[str, Any] = {"text": text}
    if entities:
        content["entities"] = entities
    if preview := params.obj("link_preview_options"):
        content["link_preview_options"] = preview
    return content


def caption_content(params: Params) -> dict[str, Any]:
    source = params.text("caption")
    if not source.strip():
        return {}
    text, entities = formatted(source, params.text("parse_mode"), params.array("caption_entities"))
    if utf16_length(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return {"caption": text, **({"caption_entities": entities} if entities else {})}


def post(api: State, chat: Chat, params: Params, content: dict[str, Any]) -> Message:
    """Puts the bot's message into the chat, after the checks every kind of message has."""
    markup = checked(params.obj("reply_markup", "reply markup"))
    extra = _reply(chat, params)
    if effect := params.text("message_effect_id"):
        if chat.type != "private" or not effect.isdigit():
            raise bad_request("EFFECT_ID_INVALID")
        extra["effect_id"] = effect
    if params.flag("protect_content"):
        extra["has_protected_content"] = True
    if api.limits is not None:
        api.limits.count(chat.id)
    message = api.new_message(chat, api.me, {**content, **extra})
    if markup and "inline_keyboard" in markup:
        message["reply_markup"] = markup
    elif markup:
        chat.keyboard = markup if "keyboard" in markup else None
    chat.action = ""
    return message


def _reply(chat: Chat, params: Params) -> dict[str, Any]:
    given = params.obj("reply_parameters", "reply parameters") or {}
    target = Params(given).integer("message_id") or params.integer("reply_to_message_id")
    if not target:
        return {}
    message = chat.messages.get(target)
    if message is None:
        tolerant = Params(given).flag("allow_sending_without_reply") or params.flag(
            "allow_sending_without_reply"
        )
        if tolerant:
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {k: v for k, v in message.items() if k != "reply_to_message"}}

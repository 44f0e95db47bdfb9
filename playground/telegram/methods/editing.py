"""Messages that are there already: edited, deleted, pinned; and "typing ..."."""

from typing import Any

from playground.telegram.chats import TYPING_SECONDS, Chat, Message
from playground.telegram.errors import bad_request
from playground.telegram.markup import checked
from playground.telegram.methods.registry import method
from playground.telegram.methods.sending import caption_content, text_content
from playground.telegram.params import Params
from playground.telegram.state import State

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
DELETABLE_SECONDS = 48 * 3600
ACTIONS = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
]


def _editable(api: State, params: Params) -> Message:
    chat = api.chats.of(params)
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != api.me["id"]:
        raise bad_request("message can't be edited")
    return message


def _change(api: State, params: Params, message: Message, content: dict[str, Any]) -> Message:
    """Replaces the parts named in `content` (None takes a part away) and the keyboard."""
    wanted = {**content, "reply_markup": checked(params.obj("reply_markup", "reply markup"))}
    if all(message.get(name) == value for name, value in wanted.items()):
        raise bad_request(NOT_MODIFIED)
    message.update(wanted, edit_date=int(api.clock()))
    for name in [name for name, value in message.items() if value is None]:
        del message[name]
    return message


@method("editMessageText")
def edit_message_text(api: State, params: Params) -> Message:
    content = text_content(params, too_long="MESSAGE_TOO_LONG")
    message = _editable(api, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    # The preview's options are no content: changing nothing else is "not modified".
    if preview := content.pop("link_preview_options", None):
        message["link_preview_options"] = preview
    return _change(api, params, message, {"entities": None, **content})


@method("editMessageCaption")
def edit_message_caption(api: State, params: Params) -> Message:
    content = caption_content(params)
    message = _editable(api, params)
    if "text" in message:
        raise bad_request("there is no caption in the message to edit")
    return _change(api, params, message, {"caption": None, "caption_entities": None, **content})


@method("editMessageReplyMarkup")
def edit_message_reply_markup(api: State, params: Params) -> Message:
    return _change(api, params, _editable(api, params), {})


@method("deleteMessage")
def delete_message(api: State, params: Params) -> bool:
    chat = api.chats.of(params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if api.clock() - message["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message["message_id"]]
    return True


@method("deleteMessages")
def delete_messages(api: State, params: Params) -> bool:
    """Unlike its singular, it passes over what isn't there."""
    chat = api.chats.of(params)
    for message_id in params.array("message_ids") or []:
        chat.messages.pop(int(message_id), None)
    return True


@method("pinChatMessage", "unpinChatMessage")
def pin_chat_message(api: State, params: Params) -> bool:
    chat = api.chats.reachable(params)
    message_id = params.integer("message_id")
    if message_id not in chat.messages:
        raise bad_request("message to pin not found")
    chat.pinned = None if chat.pinned == message_id else message_id
    return True


@method("sendChatAction")
def send_chat_action(api: State, params: Params) -> bool:
    chat: Chat = api.chats.reachable(params)
    action = params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action, chat.action_until = action, api.clock() + TYPING_SECONDS
    return True

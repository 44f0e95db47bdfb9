"""What a person sees of a message."""

from dataclasses import dataclass, field
from typing import Any

from playground.telegram.entities import to_html
from playground.telegram.files import Files


@dataclass(frozen=True)
class Button:
    """A button under a message."""

    text: str
    kind: str
    """the field that says what it does: callback_data, url, copy_text, disabled, ..."""
    value: str = ""
    """the data, address, text to copy or query"""
    style: str = ""

    @property
    def disabled(self) -> bool:
        return self.kind == "disabled"


@dataclass(frozen=True)
class FileView:
    """A document or photo, with its bytes."""

    name: str
    content: bytes
    mime_type: str
    file_id: str


@dataclass(frozen=True)
class MessageView:
    """A message as it is now; a later edit makes a new view."""

    id: int
    text: str
    """plain text, a file's caption, or an invoice's title and description"""
    from_bot: bool
    edited: bool
    reply_to: int | None
    buttons: list[list[Button]]
    document: FileView | None
    """the file of a document or a photo"""
    raw: dict[str, Any] = field(repr=False, compare=False)

    @property
    def html(self) -> str:
        """The text with its mark-up written out.

        Made when it is looked at: it is a good part of a test's time.
        """
        return to_html(
            self.text, self.raw.get("entities") or self.raw.get("caption_entities") or []
        )

    @property
    def labels(self) -> list[str]:
        return [button.text for row in self.buttons for button in row]


def message_view(files: Files, message: dict[str, Any]) -> MessageView:
    text = message.get("text") or message.get("caption") or _invoice(message)
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return MessageView(
        id=message["message_id"],
        text=text,
        from_bot=message["from"]["is_bot"],
        edited="edit_date" in message,
        reply_to=message.get("reply_to_message", {}).get("message_id"),
        buttons=[[button_view(button) for button in row] for row in rows],
        document=_file(files, message),
        raw=message,
    )


def button_view(button: dict[str, Any]) -> Button:
    style = button.get("style") or ""
    for kind in ("disabled", "pay"):
        if kind in button:
            return Button(button["text"], kind, "", style)
    kind = next(name for name in button if name not in {"text", "style", "icon_custom_emoji_id"})
    value = button[kind]
    shown = (
        value.get("text") or value.get("url") or value.get("query") or ""
        if isinstance(value, dict)
        else value
    )
    return Button(button["text"], kind, str(shown), style)


def _invoice(message: dict[str, Any]) -> str:
    invoice = message.get("invoice")
    return f"{invoice['title']}\n{invoice['description']}" if invoice else ""


def _file(files: Files, message: dict[str, Any]) -> FileView | None:
    described = message.get("document") or (message.get("photo") or [None])[-1]
    kept = files.get(described["file_id"]) if described else None
    return FileView(kept.name, kept.content, kept.mime_type, kept.file_id) if kept else None

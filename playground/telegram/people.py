"""People to be: they write, press and look, the way a test or the chat page wants them to."""

import asyncio
import time
from typing import Any

from playground.telegram.chats import Chat, Message
from playground.telegram.entities import TEXT_LIMIT, formatted
from playground.telegram.html import utf16_length
from playground.telegram.stars import CHECKOUT_SECONDS, Checkout, Outcome
from playground.telegram.state import State
from playground.telegram.users import User
from playground.telegram.views import Button, MessageView, message_view


class Person(User):
    """One person and what they can do in their chat with the bot."""

    def __init__(self, api: State, chat: Chat, language_code: str) -> None:
        super().__init__(chat, language_code)
        self.api = api
        self.opened: list[str] = []
        """addresses of pressed url buttons"""
        self.copied: list[str] = []
        """texts of pressed copy buttons"""

    # Writing

    async def say(self, text: str, *, reply_to: int | None = None) -> None:
        """Sends a text; one over 4096 UTF-16 units goes in pieces, as clients do."""
        for piece in _pieces(text):
            plain, entities = formatted(piece, None, None)
            await self._send(
                {"text": plain, **({"entities": entities} if entities else {})}, reply_to
            )

    async def edit(self, text: str, *, message: int | None = None) -> None:
        """Changes a text that was sent: by default the newest."""
        own = [m for m in self.chat.messages.values() if m["from"]["id"] == self.id and "text" in m]
        changed = own[-1] if message is None else self.chat.messages[message]
        changed.update(text=text, edit_date=int(self.api.clock()))
        await self.api.deliver("edited_message", changed)

    async def send_file(self, name: str, content: bytes, caption: str | None = None) -> None:
        document = self.api.files.keep(name, content).as_document()
        await self._send({"document": document, **_caption(caption)})

    async def send_photo(self, content: bytes = b"a photo", caption: str | None = None) -> None:
        photo = self.api.files.keep("photo.jpg", content, folder="photos").as_photo()
        await self._send({"photo": photo, **_caption(caption)})

    async def send_sticker(self, emoji: str = "👍") -> None:
        kept = self.api.files.keep("sticker.webp", b"a sticker", folder="stickers").as_file()
        shape = {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
        await self._send({"sticker": {**kept, **shape, "emoji": emoji}})

    async def _send(self, content: dict[str, Any], reply_to: int | None = None) -> None:
        assert not self.chat.blocked, "unblock the bot before writing to it"  # noqa: S101
        self.chat.started = True
        if reply_to in self.chat.messages:
            content["reply_to_message"] = self.chat.messages[reply_to]
        message = self.api.new_message(self.chat, self.as_user(), content)
        await self.api.deliver("message", message)

    # Pressing

    async def press(self, label: str, *, message: "MessageView | int | None" = None) -> None:
        """Presses the button of this label, or the only one whose label contains it, on the newest
        message that has it. Raises AssertionError with the buttons that are there.
        """
        found, button = self.find_button(label, message)
        if button.kind == "callback_data":
            await self.forge(button.value, found)
        elif button.kind == "disabled":
            raise AssertionError(f"the button {button.text!r} is disabled")
        elif button.kind == "pay":
            await self.pay(found)
        elif button.kind == "url":
            self.opened.append(button.value)
        elif button.kind == "copy_text":
            self.copied.append(button.value)
        elif button.kind == "switch_inline_query_current_chat":
            await self.inline(button.value)
        elif button.kind == "keyboard":
            await self.say(button.text)

    def find_button(
        self, label: str, message: "MessageView | int | None" = None
    ) -> tuple[MessageView | None, Button]:
        wanted = message.id if isinstance(message, MessageView) else message
        places: list[tuple[MessageView | None, list[Button]]] = [
            (view, [button for row in view.buttons for button in row])
            for view in reversed(self.messages)
            if wanted is None or view.id == wanted
        ]
        if wanted is None:
            places.insert(0, (None, [Button(text, "keyboard") for text in self.reply_keyboard]))
        for place, buttons in places:
            if match := next((b for b in buttons if b.text == label), None):
                return place, match
        for place, buttons in places:
            matches = [b for b in buttons if label in b.text]
            if len(matches) == 1:
                return place, matches[0]
            if matches:
                raise AssertionError(f"{label!r} fits several buttons: {[b.text for b in matches]}")
        visible = [b.text for _, buttons in places for b in buttons]
        raise AssertionError(f"no button {label!r}; visible: {visible}\n{self.transcript()}")

    async def forge(self, data: str, message: "MessageView | int | None" = None) -> str:
        """A press with this data on a message (by default the bot's newest), whether or not it has
        such a button: what a modified client can send. Returns the query's id.
        """
        number = message.id if isinstance(message, MessageView) else message
        if number is None:
            number = self.last.id if self.from_bot else 0
        query_id = self.api.queries.ask(self.id, self.api.clock())
        gone = {"message_id": number, "chat": self.chat.as_dict(), "date": 0}
        query = {
            "id": query_id,
            "from": self.as_user(),
            "chat_instance": str(self.id * 7919),
            "message": self.chat.messages.get(number, gone),
            "data": data,
        }
        await self.api.deliver("callback_query", query)
        return query_id

    async def pay(
        self, invoice: "MessageView | int | str | None" = None, patience: float = CHECKOUT_SECONDS
    ) -> Checkout:
        """Agrees to pay (see `checkout`) and waits for what comes of it.

        After `patience` seconds of real time the bot has not answered; a test that expects that
        needn't wait so long.
        """
        checkout = await self.checkout(invoice)
        deadline = time.monotonic() + patience
        while checkout.outcome is Outcome.WAITING:
            seen, left = self.api.change.count, deadline - time.monotonic()
            if left <= 0:
                self.api.stars.give_up(checkout)
            await self.api.change.wait(seen, left)
        await self.api.pump()
        return checkout

    async def checkout(self, invoice: "MessageView | int | str | None" = None) -> Checkout:
        """Opens an invoice (a message, by default the newest with one, or a link) and agrees to
        pay: the bot gets a pre-checkout query. Another person's message stands for a forwarded copy
        of it.
        """
        if invoice is None:
            invoice = next(
                (view for view in reversed(self.messages) if "invoice" in view.raw), None
            )
        if invoice is None:
            raise AssertionError(f"there is no invoice\n{self.transcript()}")
        asked = self.api.stars.invoices[invoice.id if isinstance(invoice, MessageView) else invoice]
        checkout = self.api.stars.begin(self, asked)
        price = {"currency": "XTR", "total_amount": asked.amount}
        query = {
            "id": checkout.id,
            "from": self.as_user(),
            **price,
            "invoice_payload": asked.payload,
        }
        await self.api.deliver("pre_checkout_query", query)
        return checkout

    async def charge_back(self, charge_id: str | None = None, *, told: bool = True) -> str:
        """Gets the Stars of a payment (by default the newest that wasn't given back) returned by
        Telegram; the bot isn't asked. `told`: it gets the update about it, else only its
        transactions know. Returns the charge.
        """
        paid = self.api.stars.returnable(self.id)
        wanted = charge_id or (paid[-1] if paid else None)
        if wanted not in paid:
            raise AssertionError(
                f"{self.chat.names['first_name']} paid no such charge; there are {paid}"
            )
        self.api.stars.give_back(wanted, told=told)
        await self.api.pump()
        return wanted

    # Inline mode

    async def inline(self, query: str, offset: str = "") -> None:
        """Types `@bot query`; what the bot answers is in `inline_results`."""
        self.inline_results, self.inline_next = [], ""
        payload = {
            "from": self.as_user(),
            "query": query[:256],
            "offset": offset,
            "chat_type": "sender",
        }
        query_id = self.api.queries.ask(self.id, self.api.clock())
        await self.api.deliver("inline_query", {"id": query_id, **payload})

    async def choose(self, title: str) -> None:
        """Sends the inline result whose title contains this."""
        titles = [str(result.get("title", "")) for result in self.inline_results]
        chosen = next(
            (r for r, t in zip(self.inline_results, titles, strict=True) if title in t), None
        )
        if chosen is None:
            raise AssertionError(f"no inline result {title!r}; there are {titles}")
        content = chosen.get("input_message_content") or {}
        text, entities = formatted(
            content["message_text"], content.get("parse_mode"), content.get("entities")
        )
        sent: Message = {
            "text": text,
            "via_bot": self.api.me,
            **({"entities": entities} if entities else {}),
        }
        if "reply_markup" in chosen:
            sent["reply_markup"] = chosen["reply_markup"]
        await self._send(sent)

    # Leaving

    def block(self) -> None:
        """Blocks the bot; the update about it reaches a pump with the next one."""
        self._set_blocked(blocked=True)

    def unblock(self) -> None:
        self._set_blocked(blocked=False)

    def _set_blocked(self, *, blocked: bool) -> None:
        if self.chat.blocked == blocked:
            return
        self.chat.blocked = blocked
        member = {"user": self.api.me, "status": "member"}
        kicked = {"user": self.api.me, "status": "kicked", "until_date": 0}
        payload = {
            "chat": self.chat.as_dict(),
            "from": self.as_user(),
            "date": int(self.api.clock()),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self.api.note("my_chat_member", payload)

    def deactivate(self) -> None:
        self.chat.deactivated = True

    # Looking

    @property
    def messages(self) -> list[MessageView]:
        """Everything in the chat, oldest first."""
        return [message_view(self.api.files, message) for message in self.chat.messages.values()]

    @property
    def from_bot(self) -> list[MessageView]:
        return [view for view in self.messages if view.from_bot]

    @property
    def last(self) -> MessageView:
        """The bot's newest message."""
        for message in reversed(self.chat.messages.values()):
            if message["from"]["is_bot"]:
                return message_view(self.api.files, message)
        raise AssertionError(f"the bot has said nothing\n{self.transcript()}")

    def sees(self, text: str, newest: int = 0) -> bool:
        """Is the text in a message of the bot that is in the chat now?

        `newest`: among that many only.
        """
        return any(text in view.text for view in self.from_bot[-newest:])

    @property
    def toast(self) -> str:
        """The text of the last answer to a pressed button; empty when it had none."""
        return self.answers[-1].text if self.answers else ""

    @property
    def reply_keyboard(self) -> list[str]:
        rows = (self.chat.keyboard or {}).get("keyboard", [])
        return [
            button if isinstance(button, str) else button["text"] for row in rows for button in row
        ]

    @property
    def buttons(self) -> list[str]:
        """The labels on the newest inline keyboard."""
        return next((view.labels for view in reversed(self.messages) if view.labels), [])

    async def wait_for(self, text: str, timeout: float = 10) -> MessageView:  # noqa: ASYNC109 - a test's patience
        """The newest of the bot's messages with this text, once there is one."""
        deadline = time.monotonic() + timeout
        while True:
            seen = self.api.change.count
            match = next((view for view in reversed(self.from_bot) if text in view.text), None)
            if match is not None:
                return match
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(
                    f"{text!r} did not come within {timeout} s\n{self.transcript()}"
                )
            await self.api.change.wait(seen, left)
            await asyncio.sleep(0)

    def transcript(self) -> str:
        """The whole chat, as text."""
        lines = [f"--- chat with {self.chat.names.get('first_name')} ({self.id}) ---"]
        for view in self.messages:
            who = "bot" if view.from_bot else "me "
            kind = next(
                (name for name in ("successful_payment", "refunded_payment") if name in view.raw),
                "no text",
            )
            shown = view.text or f"<{view.document.name if view.document else kind}>"
            lines.append(f"{who} #{view.id}{' (edited)' if view.edited else ''}: {shown}")
            lines += [
                "      " + " ".join(f"[{button.text}]" for button in row) for row in view.buttons
            ]
        return "\n".join([*lines, f"toast: {self.toast!r}"])


def _pieces(text: str) -> list[str]:
    """The text in messages; a character of two units is not cut."""
    pieces, start, size = [], 0, 0
    for place, character in enumerate(text):
        units = utf16_length(character)
        if size + units > TEXT_LIMIT:
            pieces.append(text[start:place])
            start, size = place, 0
        size += units
    return [*pieces, text[start:]]


def _caption(caption: str | None) -> dict[str, Any]:
    if not caption:
        return {}
    text, entities = formatted(caption, None, None)
    return {"caption": text, **({"caption_entities": entities} if entities else {})}

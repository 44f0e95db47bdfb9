"""A text that may be a piece of a longer one waits for the rest, without holding up the person's
other updates.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from handlers.customer.bulk.routes import Writing
from handlers.customer.ordering.desk import Asking
from handlers.customer.ordering.slash_answers import command_of
from handlers.screens import Screen
from locales import Translator
from shop.bulk.parsing import is_list
from shop.customers.long_texts import MOST, LongTexts, PieceKind, TextState, is_near_the_limit
from storage.queries.long_texts import LongText

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_ENDS = frozenset({"cancel", "start"})  # of whatever was being written


class Pieces(BaseMiddleware):
    def __init__(self, texts: LongTexts) -> None:
        self._texts = texts

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Message) or event.text is None:
            return await handler(event, data)
        if (whole := data.get("long_text")) is not None:
            return await self._whole(whole, handler, event, data)
        command = command_of(event.text, data["known_commands"])
        under_way = data["arrival"].long_text is not None
        if command in _ENDS and under_way:
            await self._texts.drop(data["person"].id)
        heard = PieceKind.NOTHING if command else await self._hear(event, data, under_way=under_way)
        if heard is PieceKind.NOTHING:
            return await handler(event, data)
        t: Translator = data["t"]
        if heard is PieceKind.TOO_MUCH:
            return Screen(t("long-text-too-long", most=MOST // 1024))
        return Screen(t("long-text-late")) if heard is PieceKind.LATE else None

    async def _hear(self, event: Message, data: dict[str, Any], *, under_way: bool) -> PieceKind:
        """Keep a piece of a long text, also the first one."""
        user_id, text = data["person"].id, str(event.text)
        heard = (
            await self._texts.hear(user_id, event.message_id, text)
            if under_way
            else PieceKind.NOTHING
        )
        if heard is not PieceKind.NOTHING or not is_near_the_limit(text):
            return heard
        awaited = await _awaited(text, data)
        if awaited is None:
            await self._texts.expect_rest(user_id, event.message_id)
            return PieceKind.NOTHING
        message = event.model_dump(
            mode="json", include={"chat", "from_user", "date"}, by_alias=True
        )
        await self._texts.begin(user_id, event.message_id, text, message=message, awaited=awaited)
        return PieceKind.PIECE

    async def _whole(
        self, whole: LongText, handler: Handler, event: Message, data: dict[str, Any]
    ) -> Any:
        """Let a text that was put together be answered, if what it answers is still being asked."""
        user_id, first = data["person"].id, str(whole.pieces[0][1])
        if await _awaited(first, data) != whole.awaited:
            await self._texts.close(user_id, refused=False)
            # Who died while reading it may have done so after it counted.
            return (
                None
                if whole.state == TextState.TAKEN
                else Screen(data["t"]("long-text-not-counted"))
            )
        try:
            result = await handler(event, data)
        except Exception:
            await self._texts.close(user_id, refused=True)
            raise
        asked = whole.awaited["state"] is not None
        await self._texts.close(
            user_id, refused=asked and await _awaited(first, data) == whole.awaited
        )
        return result


async def _awaited(text: str, data: dict[str, Any]) -> dict[str, Any] | None:
    """Return which question a text or a list would answer; None where something else is asked
    for.
    """
    state = await data["state"].get_state()
    if state is None:
        return {"state": None} if is_list(text) else None
    if state == Writing.lines.state:
        return {"state": state}
    if state == Asking.answer.state:
        draft = await data["state"].get_value("draft")
        step = await data["ordering"].asks_for_text(data["person"].id, draft)
        return None if step is None else {"state": state, "draft": draft, "step": step}
    return None

"""Pressed buttons and inline queries, and the short time in which they may be answered."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground.telegram.entities import formatted
from playground.telegram.errors import bad_request
from playground.telegram.html import utf16_length
from playground.telegram.params import Params
from playground.telegram.registry import method

if TYPE_CHECKING:
    from playground.telegram.core import BotApi

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
SECONDS = 15.0
ANSWER_LIMIT = 200
RESULTS_LIMIT = 50


@dataclass(frozen=True)
class Answer:
    """What the person saw after pressing: a toast, an alert, or (empty text) only the spinner's
    end.
    """

    number: int
    text: str
    alert: bool
    url: str = ""


@dataclass
class Queries:
    """Open queries by id: who asked, and when by the clock."""

    asked: dict[str, tuple[int, float]] = field(default_factory=dict)
    count: int = 0

    def ask(self, person_id: int, now: float) -> str:
        self.count += 1
        query_id = str(7_000_000_000 + self.count)
        self.asked[query_id] = (person_id, now)
        return query_id

    def settle(self, query_id: str, now: float) -> int:
        """The person who asked. A query can be answered once, within 15 s."""
        person_id, at = self.asked.pop(query_id, (0, -1e18))
        if now - at > SECONDS:
            raise bad_request(TOO_OLD)
        return person_id


@method("answerCallbackQuery")
def answer_callback_query(api: "BotApi", params: Params) -> bool:
    text = params.text("text")
    if utf16_length(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    person = api.people[api.queries.settle(params.text("callback_query_id"), api.clock())]
    number = len(person.answers) + 1
    person.answers.append(Answer(number, text, params.flag("show_alert"), params.text("url")))
    return True


@method("answerInlineQuery")
def answer_inline_query(api: "BotApi", params: Params) -> bool:
    results = params.array("results", "inline query results") or []
    if len(results) > RESULTS_LIMIT:
        raise bad_request("too many inline query results specified")
    if len(params.text("next_offset").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    for result in results:
        _check_result(result)
    if len({str(result["id"]) for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    person = api.people[api.queries.settle(params.text("inline_query_id"), api.clock())]
    person.inline_results, person.inline_next = results, params.text("next_offset")
    return True


def _check_result(result: dict[str, Any]) -> None:
    if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    if result.get("type") == "article" and not result.get("title"):
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    content = result.get("input_message_content") or {}
    if result.get("type") == "article" and not content.get("message_text"):
        raise bad_request("message text is empty")
    if content.get("message_text"):
        formatted(content["message_text"], content.get("parse_mode"), content.get("entities"))

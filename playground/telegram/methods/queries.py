"""Answers to pressed buttons and inline queries."""

from typing import Any

from playground.telegram.entities import formatted
from playground.telegram.errors import bad_request
from playground.telegram.html import utf16_length
from playground.telegram.methods.registry import method
from playground.telegram.params import Params
from playground.telegram.queries import Answer
from playground.telegram.state import State

ANSWER_LIMIT = 200
RESULTS_LIMIT = 50


@method("answerCallbackQuery")
def answer_callback_query(api: State, params: Params) -> bool:
    text = params.text("text")
    if utf16_length(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    person = api.people[api.queries.settle(params.text("callback_query_id"), api.clock())]
    number = len(person.answers) + 1
    person.answers.append(Answer(number, text, params.flag("show_alert"), params.text("url")))
    return True


@method("answerInlineQuery")
def answer_inline_query(api: State, params: Params) -> bool:
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

"""What the chat page shows of one person, as JSON. The page redraws what differs."""

from typing import Any

from playground.telegram.bot_api import BotApi
from playground.telegram.people import Person
from playground.telegram.queries import SECONDS

NEWEST = 200
"""messages a page gets; older ones stay in the core"""


def snapshot(api: BotApi, person: Person, admin_ids: frozenset[int]) -> dict[str, Any]:
    chat = person.chat
    keyboard = chat.keyboard or {}
    return {
        "bot": {
            "name": api.profile.text_for("name", person.language_code) or api.me["first_name"],
            "username": api.me["username"],
            "description": api.profile.text_for("description", person.language_code),
            "online": api.online,
        },
        "person": person.id,
        "language": person.language_code,
        "people": [_about(each, admin_ids) for each in api.people.values()],
        "messages": list(chat.messages.values())[-NEWEST:],
        "commands": api.profile.commands_for(person.id, person.language_code),
        "action": chat.action if chat.action_until > api.clock() else "",
        "keyboard": keyboard.get("keyboard", []),
        "placeholder": keyboard.get("input_field_placeholder", ""),
        "blocked": chat.blocked,
        "started": chat.started,
        "answers": [vars(answer) for answer in person.answers[-20:]],
        "waiting": [
            query_id
            for query_id, (person_id, at) in api.queries.asked.items()
            if person_id == person.id and api.clock() - at <= SECONDS
        ],
        "pinned": chat.pinned,
        "stars": {
            "balance": api.stars.balance,
            "spoilt": api.stars.spoilt,
            "returnable": len(api.stars.returnable(person.id)),
        },
    }


def _about(person: Person, admin_ids: frozenset[int]) -> dict[str, Any]:
    newest = person.messages[-1] if person.chat.messages else None
    return {
        "id": person.id,
        "name": person.chat.names["first_name"],
        "language": person.language_code,
        "admin": person.id in admin_ids,
        "unread": person.chat.unread,
        "newest": newest.text[:80] if newest else "",
    }

"""The bot's own face: its commands and descriptions, per scope and language."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground.telegram.errors import bad_request
from playground.telegram.params import Params
from playground.telegram.registry import method

if TYPE_CHECKING:
    from playground.telegram.core import BotApi

Command = dict[str, str]
LIMITS = {"name": 64, "description": 512, "short_description": 120}
SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}


@dataclass
class Profile:
    """What the client shows beside the chat."""

    commands: dict[tuple[str, str], list[Command]] = field(default_factory=dict)
    """by scope (`default`, `all_private_chats`, `chat 1001`) and language (empty: every other)"""
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    """by kind (name, description, short_description) and language"""
    menu_button: dict[str, Any] = field(default_factory=lambda: {"type": "commands"})

    def commands_for(self, chat_id: int, language: str) -> list[Command]:
        """What a client shows in a private chat: the narrowest scope that is set, its language
        first.
        """
        for scope in (f"chat {chat_id}", "all_private_chats", "default"):
            for code in (language, ""):
                if self.commands.get((scope, code)):
                    return self.commands[scope, code]
        return []

    def text_for(self, kind: str, language: str) -> str:
        return self.texts.get((kind, language)) or self.texts.get((kind, ""), "")


def _scope(api: "BotApi", params: Params) -> tuple[str, str]:
    given = params.obj("scope", "bot command scope") or {"type": "default"}
    kind = str(given.get("type"))
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind.startswith("chat"):
        kind = f"{kind} {api.chats.of(Params(given)).id}"
    language = params.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return kind, language


@method("setMyCommands")
def set_my_commands(api: "BotApi", params: Params) -> bool:
    commands = params.array("commands", "list of bot commands") or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    kept = []
    for command in commands:
        name = str(command.get("command", "")).removeprefix("/")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        kept.append({"command": name, "description": str(command["description"])})
    api.profile.commands[_scope(api, params)] = kept
    return True


@method("getMyCommands")
def get_my_commands(api: "BotApi", params: Params) -> list[Command]:
    return api.profile.commands.get(_scope(api, params), [])


@method("deleteMyCommands")
def delete_my_commands(api: "BotApi", params: Params) -> bool:
    api.profile.commands.pop(_scope(api, params), None)
    return True


def _set_text(api: "BotApi", params: Params, kind: str) -> bool:
    text = params.text(kind)
    if len(text) > LIMITS[kind]:
        raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
    api.profile.texts[kind, params.text("language_code")] = text
    return True


@method("setMyName")
def set_my_name(api: "BotApi", params: Params) -> bool:
    return _set_text(api, params, "name")


@method("setMyDescription")
def set_my_description(api: "BotApi", params: Params) -> bool:
    return _set_text(api, params, "description")


@method("setMyShortDescription")
def set_my_short_description(api: "BotApi", params: Params) -> bool:
    return _set_text(api, params, "short_description")


@method("getMyDescription")
def get_my_description(api: "BotApi", params: Params) -> dict[str, str]:
    return {"description": api.profile.text_for("description", params.text("language_code"))}


@method("getMyShortDescription")
def get_my_short_description(api: "BotApi", params: Params) -> dict[str, str]:
    return {
        "short_description": api.profile.text_for("short_description", params.text("language_code"))
    }


@method("getMyName")
def get_my_name(api: "BotApi", params: Params) -> dict[str, str]:
    return {
        "name": api.profile.text_for("name", params.text("language_code")) or api.me["first_name"]
    }


@method("setChatMenuButton")
def set_chat_menu_button(api: "BotApi", params: Params) -> bool:
    api.profile.menu_button = params.obj("menu_button") or {"type": "default"}
    return True


@method("getChatMenuButton")
def get_chat_menu_button(api: "BotApi", params: Params) -> dict[str, Any]:  # noqa: ARG001
    return api.profile.menu_button

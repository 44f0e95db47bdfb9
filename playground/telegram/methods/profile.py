"""The bot's own face: its commands and descriptions, set and read."""

import re
from typing import Any

from playground.telegram.errors import bad_request
from playground.telegram.methods.registry import method
from playground.telegram.params import Params
from playground.telegram.profile import Command
from playground.telegram.state import State

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


def _scope(api: State, params: Params) -> tuple[str, str]:
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
def set_my_commands(api: State, params: Params) -> bool:
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
def get_my_commands(api: State, params: Params) -> list[Command]:
    return api.profile.commands.get(_scope(api, params), [])


@method("deleteMyCommands")
def delete_my_commands(api: State, params: Params) -> bool:
    api.profile.commands.pop(_scope(api, params), None)
    return True


def _set_text(api: State, params: Params, kind: str) -> bool:
    text = params.text(kind)
    if len(text) > LIMITS[kind]:
        raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
    api.profile.texts[kind, params.text("language_code")] = text
    return True


@method("setMyName")
def set_my_name(api: State, params: Params) -> bool:
    return _set_text(api, params, "name")


@method("setMyDescription")
def set_my_description(api: State, params: Params) -> bool:
    return _set_text(api, params, "description")


@method("setMyShortDescription")
def set_my_short_description(api: State, params: Params) -> bool:
    return _set_text(api, params, "short_description")


@method("getMyDescription")
def get_my_description(api: State, params: Params) -> dict[str, str]:
    return {"description": api.profile.text_for("description", params.text("language_code"))}


@method("getMyShortDescription")
def get_my_short_description(api: State, params: Params) -> dict[str, str]:
    return {
        "short_description": api.profile.text_for("short_description", params.text("language_code"))
    }


@method("getMyName")
def get_my_name(api: State, params: Params) -> dict[str, str]:
    return {
        "name": api.profile.text_for("name", params.text("language_code")) or api.me["first_name"]
    }


@method("setChatMenuButton")
def set_chat_menu_button(api: State, params: Params) -> bool:
    api.profile.menu_button = params.obj("menu_button") or {"type": "default"}
    return True


@method("getChatMenuButton")
def get_chat_menu_button(api: State, params: Params) -> dict[str, Any]:  # noqa: ARG001
    return api.profile.menu_button

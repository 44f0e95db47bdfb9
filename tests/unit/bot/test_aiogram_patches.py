"""The quick import gives the same aiogram as the plain one, only sooner."""

import json
import re
import subprocess
import sys

from bot.telegram import aiogram_patches
from tests.conftest import ROOT

_DESCRIBE = """
import json, sys
if sys.argv[1] == "quick":
    from bot.telegram import aiogram_patches as quick_aiogram
    assert quick_aiogram.prepare()
    from aiogram.types import Message, Update
    late = [cls for cls in (Message, Update) if not cls.__pydantic_complete__]
    assert late, "nothing was put off"
import aiogram.methods, aiogram.types
found = {}
for module in (aiogram.types, aiogram.methods):
    for name in module.__all__:
        cls = getattr(module, name)
        if hasattr(cls, "model_fields"):
            if not cls.__pydantic_complete__:
                cls.model_rebuild()
            assert cls.__pydantic_complete__, name
            found[name] = {field: [str(info.annotation), info.is_required(), repr(info.default)]
                           for field, info in cls.model_fields.items()}
print(json.dumps(found))
"""


def described(how: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", _DESCRIBE, how],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # where a function lies is no difference
    return json.loads(re.sub(r" at 0x[0-9a-f]+", "", done.stdout))


def test_every_type_and_method_has_the_same_fields() -> None:
    quick, plain = described("quick"), described("plain")
    assert len(plain) > 400
    assert quick == plain


_USE = """
from bot.telegram import aiogram_patches as quick_aiogram
assert quick_aiogram.prepare()
from aiogram.methods import SendMessage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
chat = {"id": 1, "type": "private"}
user = {"id": 1, "is_bot": False, "first_name": "Ann"}
message = {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": "hi"}
update = Update.model_validate({"update_id": 1, "message": {**message, "reply_to_message": message}})
assert update.message.reply_to_message.from_user.first_name == "Ann"
sent = SendMessage(chat_id=1, text="x", reply_markup=InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="a", callback_data="b")]]))
assert sent.model_dump()["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "b"
from aiogram.methods.base import Response
assert Response[Message | bool].model_validate({"ok": True, "result": message}).result.text == "hi"
try:
    Update.model_validate({"update_id": "no"})
except ValueError as error:
    assert "update_id" in str(error)
else:
    raise AssertionError("validated")
"""  # noqa: E501


def test_types_are_built_when_they_are_used() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _USE], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr


def test_where_aiogram_is_imported_already_nothing_is_touched() -> None:
    import aiogram

    before = aiogram.types.TelegramObject.model_rebuild
    assert aiogram_patches.prepare() is False
    assert aiogram.types.TelegramObject.model_rebuild == before


_CHANGED = """
import sys, types
from pydantic import BaseModel
from bot.telegram import aiogram_patches as quick_aiogram
build = BaseModel.__dict__["model_rebuild"]
for name in ("aiogram", "aiogram.types", "aiogram.methods"):
    sys.modules[name] = types.ModuleType(name)
del sys.modules["aiogram"]
assert quick_aiogram.prepare() is False
assert BaseModel.__dict__["model_rebuild"] is build
"""


def test_an_aiogram_that_looks_different_is_imported_plainly() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHANGED], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "takes longer" in done.stderr

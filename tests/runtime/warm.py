"""Starts bots without paying for the imports each time: imports them once, then forks a process for
every start.

What a fork runs is `python -m bot` from its first line: its own environment, folder, event loop,
signals and end. With E2E_BRISK it is a brisk one, see brisk.py. Lines of JSON come in on stdin and
go out on stdout; E2E_COLD=1 does without all this (see process.py).
"""

import gc
import importlib
import json
import os
import runpy
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.runtime import brisk

# Everything that `python -m bot` imports sooner or later.
_MODULES = (
    "bot.run",
    "bot.observability.logs",
    "alembic.command",
    "alembic.config",
    "aiosqlite",
    "asyncpg",
    "aiohttp.web",
    "httpcore",
    "anyio._backends._asyncio",
)


def main() -> None:
    importlib.import_module("bot.telegram.aiogram_patches").prepare()
    for name in _MODULES:
        importlib.import_module(name)
    _build_types()
    # half of a start is the parsing of these files, kept like a module
    importlib.import_module("locales").Texts()
    assert threading.active_count() == 1, "a fork would lose threads"
    gc.collect()
    gc.freeze()  # a fork shares what nobody writes to: its collector leaves all of this alone
    pids: set[int] = set()
    for line in sys.stdin:
        wanted = json.loads(line)
        if "look" in wanted:
            _say(_exit_code(pids, wanted["look"]))
            continue
        pid = os.fork()
        if pid == 0:
            _become_a_bot(wanted)
            return
        pids.add(pid)
        _say(pid)


def _build_types() -> None:
    """Build the types that every bot uses within its first second: a quarter of a second of
    work.
    """
    answers, methods = (
        importlib.import_module("bot.telegram.answer_types"),
        importlib.import_module("aiogram.methods"),
    )
    answers.keep_answer_types()
    used = (
        methods.SendMessage,
        methods.EditMessageText,
        methods.AnswerCallbackQuery,
        methods.SetMyCommands,
    )
    for model in (*answers._kept, *used):
        model.model_rebuild()


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)


def _exit_code(pids: set[int], pid: int) -> int | None:
    if pid not in pids:
        return None
    ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        return None
    pids.discard(pid)
    return os.waitstatus_to_exitcode(status)


def _become_a_bot(wanted: Mapping[str, Any]) -> None:
    """Leaves by SystemExit through the interpreter's whole shutdown, as a process of its own
    would.
    """
    os.setsid()
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(Path(wanted["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for new, old in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(new, old)
    if os.environ.pop("E2E_BRISK", ""):
        brisk.hurry()
    sys.argv = ["bot", *wanted["arguments"]]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

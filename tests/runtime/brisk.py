"""`python -m bot` in chats that take forty messages a second and not one.

The emulator bears it, and a test's chats hold many: most of such a test's time would go by waiting
for Telegram's limits, which have tests of their own.
"""

import importlib
import runpy


def hurry() -> None:
    """Make this process a brisk one, before it runs the bot."""
    importlib.import_module("bot.telegram.aiogram_patches").prepare()
    importlib.import_module("bot.telegram.pacing")._BURST_SECONDS = 0.1


if __name__ == "__main__":
    hurry()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)

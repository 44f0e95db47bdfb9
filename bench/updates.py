"""What one handled update costs, beside a bare aiogram handler that makes the same Telegram
calls.
"""

import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.by_hand import ByHand
from bench.contenders import TOKEN, Bare, Said, Timed, said_in, shop, stock
from bench.rounds import Rounds, Row, percentile, table
from bench.scenes import SCENES, Scene
from playground.telegram import BotApi
from playground.telegram.people import Person

HEADS = ("one update", "p50", "bare", "ratio", "p99", "bare", "ratio", "p50", "by hand", "ratio")
ABOUT = """\
From the raw update to the end of its handler, both over the same emulated Bot API in the same process (its own work is
in both columns). The bare dispatcher has no middleware and no database: a message is answered by one `sendMessage`, a
press by one `editMessageText` and one `answerCallbackQuery`, with the same texts and buttons. The shop's database is
SQLite with `synchronous=FULL`. What the shop adds is one to three transactions an update, each one trip to a thread and
back (a quarter of a millisecond to read who writes and what is awaited, one to two for a commit), and the way through
its middlewares and the routers of thirty subjects. (The bare one profits from `bot/telegram/answer_types.py`: without it a press costs
aiogram alone about 7 ms here.) *By hand* is the bare dispatcher with what somebody would write on sqlite3: it reads and
writes the same rows with the same commits, in the event loop's own thread."""  # noqa: E501


class Stage:
    """The contenders, each with a Bot API and a person of its own."""

    def __init__(self, folder: Path) -> None:
        self.shop_api, self.bare_api = BotApi(TOKEN), BotApi(TOKEN)
        self.app = shop(folder, self.shop_api)
        self.bare = Bare(self.bare_api)
        self.hand: ByHand | None = None
        self.shop_timed = Timed(self.app.dispatcher, self.app.bot)
        self.bare_timed = Timed(self.bare.dispatcher, self.bare.bot)
        self.shop_api.on_update, self.bare_api.on_update = self.shop_timed, self.bare_timed
        self.customer: Person = self.shop_api.person(1001, started=True)
        self.folder, self.hand_api = folder, BotApi(TOKEN)
        self.buyer: Person = self.hand_api.person(1001, started=True)
        self.extra: Person = self.bare_api.person(1001, started=True)

    async def run_shop(self, scene: Scene, updates: int) -> list[float]:
        """Play the scene on the shop; return the seconds of each update that counts.

        Sets the bare one's script.
        """
        script: list[Said] = []
        self.shop_timed.seconds.clear()
        for turn in range(updates):
            await scene.prepare(self.customer, turn)
            self.shop_api.calls.clear()
            self.shop_timed.on = True
            await scene.act(self.customer, turn)
            self.shop_timed.on = False
            script += said_in(list(self.shop_api.calls))
        self.bare.script = script
        if self.hand is not None:
            self.hand.script = script
        return list(self.shop_timed.seconds)

    def open_by_hand(self) -> None:
        """Copy the shop's stocked database for who works by hand."""
        file = self.folder / "by-hand.db"
        with sqlite3.connect(self.folder / "shop.db") as shop_file, sqlite3.connect(file) as copy:
            shop_file.backup(copy)
        self.hand = ByHand(self.hand_api, file)
        self.hand_timed = Timed(self.hand.dispatcher, self.hand.bot)
        self.hand_api.on_update = self.hand_timed

    async def run_by_hand(self, scene: Scene, updates: int) -> list[float]:
        hand = self.hand
        if hand is None:
            raise RuntimeError("nobody works by hand")
        self.hand_timed.seconds.clear()
        for _ in range(updates):
            hand.prepare(scene.name)
            shown = await hand.bot.send_message(self.buyer.id, "…") if scene.presses else None
            self.hand_timed.on = True
            await (self.buyer.forge("x", shown.message_id) if shown else self.buyer.say("x"))
            self.hand_timed.on = False
        return list(self.hand_timed.seconds)

    async def close(self) -> None:
        await self.app.close()
        await self.bare.bot.session.close()
        if self.hand is not None:
            self.hand.close()
            await self.hand.bot.session.close()

    async def run_bare(self, scene: Scene, updates: int) -> list[float]:
        self.bare_timed.seconds.clear()
        for _ in range(updates):
            shown = await self.bare.bot.send_message(self.extra.id, "…") if scene.presses else None
            self.bare_timed.on = True
            await (self.extra.forge("x", shown.message_id) if shown else self.extra.say("x"))
            self.bare_timed.on = False
        return list(self.bare_timed.seconds)


async def measure(*, updates: int, rounds: int, scenes: Sequence[Scene] = SCENES) -> str:
    """Alternate the contenders, several rounds; return the table of the medians."""
    figures = {scene.name: [(Rounds(), Rounds()) for _ in range(3)] for scene in scenes}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stage = Stage(Path(folder))
        await stock(stage.app)
        stage.open_by_hand()
        try:
            for number in range(rounds + 1):
                for scene in scenes:
                    ours = await stage.run_shop(scene, updates)
                    bare = await stage.run_bare(scene, updates)
                    hand = await stage.run_by_hand(scene, updates)
                    if number:  # the first round warms all up
                        _note(figures[scene.name], ours, bare, hand)
        finally:
            await stage.close()
    return table(HEADS, [Row(name, tuple(pairs)) for name, pairs in figures.items()])


def _note(
    pairs: list[tuple[Rounds, Rounds]], ours: list[float], bare: list[float], hand: list[float]
) -> None:
    for (mine, floor), other, percent in zip(pairs, (bare, bare, hand), (50, 99, 50), strict=True):
        mine.add(percentile(ours, percent))
        floor.add(percentile(other, percent))

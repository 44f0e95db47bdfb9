"""Backup and restore around the real process: what was sent after the copy is not sent again."""

import os
import signal
from pathlib import Path

from storage.enums import OrderState
from storage.schema.operations import evidence
from tests.factories.ledger import everything_once
from tests.runtime.process import Bot, Operator, adds, until


async def backed_up(shop: Operator, **settings: str) -> Path:
    """Make a backup and give its file."""
    bot = shop.run("backup", **settings)
    assert await bot.ended() == 0, bot.said
    (said,) = bot.said.splitlines()
    return Path(said.partition(": ")[0])


async def restored(shop: Operator, file: Path) -> Bot:
    bot = shop.run("restore", str(file), "--yes")
    assert await bot.ended() == 0, bot.said
    await shop.database.close()  # its connections are to the file that was there before
    return bot


async def test_an_order_that_was_sent_after_the_copy_is_not_sent_again(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    shop.pg.provider.fault("no_funds", "add")
    await shop.place(ann)
    await shop.admin.wait_for("too small")
    await shop.reached(OrderState.QUEUED)
    tried = adds(shop)
    file = await backed_up(shop)
    assert file.parent == shop.folder / "backups"

    await bot.kill()
    await shop.change("UPDATE orders SET not_before = created_at")
    bot = await shop.start()
    await shop.reached(OrderState.COMPLETED)
    await shop.told()
    assert adds(shop) == tried + 1
    assert await bot.stop() == 0

    said = (await restored(shop, file)).said
    assert "never sent again: 1" in said
    assert await shop.states() == ["unknown"]
    assert [(row.kind, row.payload["reason"]) for row in await shop.rows(evidence)] == [
        ("lost", "restored")
    ]
    await shop.check_money()

    await shop.start()
    await ann.wait_for("is being checked")
    await shop.admin.wait_for("was restored from a backup")
    await shop.told()
    assert adds(shop) == tried + 1
    assert len(shop.pg.provider.book.orders) == 1
    await shop.check_money()


async def test_books_that_do_not_agree_come_back_only_where_that_is_said(shop: Operator) -> None:
    assert await shop.run("migrate").ended() == 0
    await everything_once(shop.database)
    await shop.change("UPDATE wallets SET balance = balance + 2")
    bot = shop.run("backup")
    assert await bot.ended() == 1
    first, difference = bot.said.splitlines()
    assert first.startswith("The books don't agree, differences: 1. The copy is kept as ")
    assert difference.startswith("wallet 501: ")
    (file,) = (shop.folder / "backups").iterdir()
    assert str(file) in first
    assert file.name.endswith(".books-differ.db")

    await shop.change("UPDATE wallets SET balance = balance - 2")
    await shop.database.close()
    bot = shop.run("restore", str(file), "--yes")
    assert await bot.ended() == 1
    said = bot.said.splitlines()
    assert said[0] == "Nothing was replaced: the books don't agree, differences: 1."
    assert said[-1] == "To restore it all the same, say --accept-differences."
    assert await shop.run("audit").ended() == 0

    bot = shop.run("restore", str(file), "--yes", "--accept-differences")
    assert await bot.ended() == 0, bot.said
    assert "Its books don't agree, differences: 1." in bot.said
    assert await shop.run("audit").ended() == 1


async def test_one_process_on_one_file(shop: Operator) -> None:
    """A second one is told so; who only looks may; after kill -9 the next start needs no help."""
    bot = await shop.start()
    file = await backed_up(shop)
    audit = shop.run("audit")
    second, migrate, restore = (
        shop.run(),
        shop.run("migrate"),
        shop.run("restore", str(file), "--yes"),
    )
    assert await audit.ended() == 0
    for one, code in ((second, 75), (migrate, 2), (restore, 2)):
        assert await one.ended() == code
        (sentence,) = one.said.splitlines()[-1:]
        assert f"process {bot.pid} is at work on {shop.folder}/shop.db" in sentence
        assert "Traceback" not in one.said
    # A stopped one still has it.
    os.kill(bot.pid, signal.SIGSTOP)
    assert await shop.run().ended() == 75
    await bot.kill()
    await shop.start()


async def test_the_bot_makes_backups_by_itself(shop: Operator, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.write_text("in the way")
    bot = await shop.start(BACKUP_FOLDER=str(folder))
    await shop.admin.wait_for("There is no new backup")
    assert "Traceback" not in bot.said
    await bot.kill()
    folder.unlink()
    bot = await shop.start(BACKUP_FOLDER=str(folder))
    await until(lambda: list(folder.glob("*.db")), "there is a backup")
    assert await bot.stop() == 0
    assert len(list(folder.iterdir())) == 1


async def test_postgresql_is_told_how(postgres_shop: Operator) -> None:
    shop = postgres_shop
    for command, words in (("backup", "pg_dump -Fc "), ("restore", "pg_restore ")):
        bot = shop.run(command)
        assert await bot.ended() == 2
        assert words in bot.said
    assert await shop.run("restore", "--put-right").ended() == 0

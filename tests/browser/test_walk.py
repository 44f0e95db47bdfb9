"""The real demo process, walked through in a real Chromium as its people would."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.runtime.chromium import CHROMIUM, FLAGS

# In one worker: they walk through one demo, one after another.
pytestmark = [pytest.mark.browser, pytest.mark.e2e, pytest.mark.xdist_group("the demo")]

ROOT = Path(__file__).parents[2]
DESKTOP = {"width": 1240, "height": 960}
PHONE = {"width": 390, "height": 844}
SPEED = "8" if os.environ.get("UPDATE_PICTURE") else "60"  # a minute of delivery takes a second
PATIENCE = 20_000  # ms
PODCAST, REVIEWS = "Podcast plays", "Video reviews"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Start `python -m bot demo`, a brisk one, and give its address.

    It has to end by itself, without a traceback.
    """
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    settings = {name.upper() for name in Settings.model_fields}
    environment = {
        name: value for name, value in os.environ.items() if name.upper() not in settings
    }
    command = [sys.executable, "-m", "tests.runtime.brisk", "demo", "--port", "0", "--speed", SPEED]
    said = tmp_path_factory.mktemp("demo") / "stderr.txt"
    with (
        said.open("w") as errors,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as demo,
    ):
        try:
            found = next(
                filter(None, (re.search(r"http://\S+", line) for line in demo.stdout)), None
            )
            assert found, said.read_text()
            yield found.group()
        finally:
            demo.send_signal(signal.SIGINT)
            try:
                demo.wait(timeout=25)
            except subprocess.TimeoutExpired:
                demo.kill()
    assert demo.returncode == 0, said.read_text()
    assert "Traceback" not in said.read_text(), said.read_text()


class Walk:
    """One browser page: what is done in it, and what it complains about."""

    def __init__(self, page, origin, expect):
        self.page, self.expect = page, expect
        self.complaints = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda line: self.complaints.append(line.text) if line.type == "error" else None,
        )
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("request", lambda request: self._local(request.url, origin))

    def _local(self, url, origin):
        if not url.startswith((origin + "/", "data:")):
            self.complaints.append(f"asks elsewhere: {url}")

    @property
    def last(self):
        """The bot's newest message."""
        return self.page.locator("[data-from=bot]").last

    async def be(self, name):
        """Become that person; press Start if they never did."""
        await self.page.get_by_test_id(f"person-{name}").click()
        await self.expect(self.page.get_by_test_id(f"person-{name}")).to_have_attribute(
            "aria-selected", "true"
        )
        if await self.page.get_by_test_id("start").is_visible():
            await self.page.get_by_test_id("start").click()
            await self.sees("👋")

    async def sees(self, *texts):
        """Wait until the newest message says all of this."""
        for text in texts:
            await self.expect(self.last).to_contain_text(text)

    async def sees_somewhere(self, text):
        await self.expect(
            self.page.get_by_test_id("message").filter(has_text=text).last
        ).to_be_visible()

    async def press(self, label, *texts):
        """Press a button of the newest message, then wait until that message says `texts`."""
        await self.last.get_by_test_id("button").filter(has_text=label).first.click()
        await self.sees(*texts)

    async def say(self, text, *texts):
        await self.page.get_by_test_id("composer").fill(text)
        await self.page.get_by_test_id("send").click()
        await self.sees(*texts)

    async def order_podcast(self, link, quantity):
        """Fill in an order in English, up to its summary."""
        await self.say("/order", "What would you like to order?")
        await self.press("Try these first", PODCAST)
        await self.press(PODCAST, "$1.50 per 1,000")
        await self.press("Order", "Send me the link")
        await self.say(link, "How many?")
        await self.press(f"{quantity} · ", "Shall it come in parts?")
        await self.press("Skip", "Is this right?", link)

    async def confirm(self):
        """Press Confirm and give the message, which is the order's card from then on."""
        number = await self.last.get_attribute("data-id")
        await self.last.get_by_test_id("button").filter(has_text="Confirm").click()
        card = self.page.locator(f"[data-testid=message][data-id='{number}']")
        await self.expect(card).to_contain_text("Order #")
        return card

    async def trouble(self, kind):
        await self.page.get_by_test_id(f"trouble-{kind}").click()
        await self.expect(self.page.get_by_test_id(f"trouble-{kind}")).to_have_attribute(
            "aria-pressed", "true"
        )

    async def fits(self):
        """Nothing is wider than the window, and every button of the newest message can be brought
        into view.
        """
        assert await self.page.evaluate(_MISFITS) == []


# In one go, because an order's card may be drawn anew at any time.
_MISFITS = """() => {
  const wide = ["html", "#scroll", ".foot", ".top"].filter((selector) => {
    const node = document.querySelector(selector);
    return node.scrollWidth > Math.min(node.clientWidth, innerWidth);
  });
  const scroll = document.querySelector("#scroll");
  const frame = scroll.getBoundingClientRect();
  const keys = [...[...document.querySelectorAll("[data-from=bot]")].at(-1).querySelectorAll(".key")];
  const hidden = keys.filter((key) => {
    key.scrollIntoView({ behavior: "instant", block: "center" });
    const box = key.getBoundingClientRect();
    return box.top < frame.top || box.bottom > frame.bottom || box.left < 0 || box.right > innerWidth;
  });
  scroll.scrollTo({ top: scroll.scrollHeight, behavior: "instant" });
  return [...wide, ...hidden.map((key) => key.textContent)];
}"""  # noqa: E501


@pytest.fixture
async def open_page(shop):
    """Give a function that opens the page in a window of that size; look for complaints at the
    end.
    """
    api = pytest.importorskip("playwright.async_api")
    api.expect.set_options(timeout=PATIENCE)
    async with api.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        walks = []

        async def open_it(size, scale=1):
            context = await browser.new_context(
                viewport=size, device_scale_factor=scale, locale="en-US", reduced_motion="reduce"
            )
            await context.grant_permissions(["clipboard-read", "clipboard-write"])
            page = await context.new_page()
            page.set_default_timeout(PATIENCE)
            walks.append(Walk(page, shop, api.expect))
            await page.goto(shop)
            return walks[-1]

        yield open_it
        await browser.close()
        assert [walk.complaints for walk in walks] == [[]] * len(walks)


async def test_two_customers_at_once(open_page, tmp_path):
    ann, boris = await open_page(DESKTOP, scale=1.5), await open_page(PHONE)
    await asyncio.gather(
        _orders_and_looks_around(ann, tmp_path), _writes_comments_in_russian(boris)
    )


async def _orders_and_looks_around(ann, folder):
    """A first order, then everything that the menu leads to."""
    await ann.be("Ann")
    await ann.press("New order", "What would you like to order?")
    await ann.press("Try these first", PODCAST)
    await ann.press(PODCAST, "$1.50 per 1,000", "20 – 50,000")
    await ann.press("Order", "Send me the link")
    await ann.say("no link at all", "can't read that")
    await ann.say("https://example.org/ann", "How many?")
    await ann.press("1,000 · $1.50", "Shall it come in parts?")
    await ann.press("Skip", "Is this right?", "https://example.org/ann", "1,000", "$1.50")
    card = await ann.confirm()

    await ann.expect(card).to_contain_text("Provider's ID")
    provider_id = await card.locator("code").nth(1).inner_text()
    there = ann.page.locator(f"[data-testid=provider-order][data-id='{provider_id}']")
    await ann.expect(there).to_contain_text(PODCAST)
    await ann.expect(there).to_contain_text("https://example.org/ann")
    await ann.expect(card).to_contain_text("▰")
    await ann.expect(card).to_contain_text("Completed")
    await ann.sees("is completed")
    await _picture(ann, folder)
    await ann.expect(ann.last.locator(".strip")).to_contain_text("Order #")
    await ann.expect(there).to_contain_text("Completed")

    await ann.press("Show order", "Delivered 1,000")
    await ann.press("My orders", "My orders", PODCAST)
    await ann.press("#", "Provider's ID", "Completed")
    await ann.press("Order again", "Is this right?", "$3.50 → $2.00")
    await ann.press("Cancel", "Nothing was ordered")
    await ann.press("Back", "Hello, Ann")
    await ann.press("Wallet", "$3.50", "−$1.50", "order #", "+$5.00", "welcome gift")
    await _tops_up(ann)
    await ann.press("Back", "Hello, Ann")
    await ann.press("Language", "Which language")
    await ann.press("Русский", "Здравствуйте, Ann")
    await ann.expect(ann.last.get_by_test_id("button")).to_have_text(
        [
            "Новый заказ",
            "Мои заказы",
            "Кошелёк",
            "Массовый заказ",
            "Избранное",
            "Настройки",
            "Язык",
            "Помощь",
        ]
    )
    await ann.press("Язык", "На каком языке")
    await ann.press("English", "Hello, Ann")


async def _tops_up(ann):
    """From the wallet over an invoice of Stars, and back to the wallet."""
    await ann.press("Top up", "$3.50", "How would you like to pay?")
    await ann.press("Telegram Stars", "One Star puts $0.013 into your wallet")
    await ann.last.get_by_test_id("button").filter(has_text="250 ⭐ · $3.25").click()
    await ann.sees("Wallet top-up", "250 ⭐ put $3.25 into your wallet")
    await ann.last.get_by_test_id("button").filter(has_text="Pay").click()
    await ann.page.get_by_test_id("pay-confirm").click()
    await ann.sees("$3.25 is in your wallet", "Your balance: $6.75")
    await ann.press("Wallet", "$6.75", "+$3.25 → $6.75", "⭐ top-up", "−$1.50 → $3.50")


async def _picture(walk, folder):
    """The README's picture; written into the tree only when asked for."""
    wanted = os.environ.get("UPDATE_PICTURE") == "1"
    await walk.page.mouse.move(5, 5)
    await walk.page.screenshot(path=ROOT / "docs" / "chat.png" if wanted else folder / "chat.png")


async def _writes_comments_in_russian(boris):
    """On a phone: comments pasted, then the same from a file; every screen fits."""
    await boris.be("Борис")
    await boris.sees("Здравствуйте, Борис")
    await boris.fits()
    await boris.press("Новый заказ", "заказать")
    await boris.fits()
    await boris.press("Try these first", REVIEWS)
    await boris.fits()
    await boris.press(REVIEWS, "за 1000")
    await boris.fits()
    await boris.press("Заказать", "Пришлите ссылку")
    await boris.fits()
    await boris.say("https://example.org/boris", "комментарии")
    await boris.fits()

    composer = boris.page.get_by_test_id("composer")
    await boris.page.evaluate("navigator.clipboard.writeText('Отлично!\\nСпасибо\\n\\nЕщё раз')")
    await composer.press("Control+v")
    await boris.expect(composer).to_have_value("Отлично!\nСпасибо\n\nЕщё раз")
    await composer.press("Enter")
    await boris.sees("Всё верно?", "3 комментария", "Отлично!")
    await boris.fits()
    await boris.press("Назад", "комментарии")

    lines = "".join(f"Отзыв {number}\r\n" for number in range(1, 6))
    picked = {"name": "reviews.txt", "mimeType": "text/plain", "buffer": lines.encode()}
    await boris.page.get_by_test_id("file").set_input_files(picked)
    await boris.page.get_by_test_id("attach-send").click()
    await boris.sees("Всё верно?", "5 комментариев", "Отзыв 1")
    await boris.press("Подтвердить")
    await boris.sees_somewhere("ID у поставщика")
    await boris.fits()

    await boris.page.get_by_test_id("provider-toggle").click()
    order = boris.page.get_by_test_id("provider-order").filter(has_text="https://example.org/boris")
    await boris.expect(order).to_be_in_viewport()
    await boris.expect(order).to_contain_text("из 5")
    await boris.page.locator("#drawer-close").click()
    await boris.sees_somewhere("выполнен:")  # or it comes after the answer to what is said now
    await boris.say("/help", "/order")
    await boris.fits()


async def test_an_admin_and_trouble(open_page):
    """The balance, a gift, an answer that is lost, an order that is refused."""
    page = await open_page(DESKTOP)
    await page.be("Ann")
    await page.be("Olga")
    await page.say("/balance", "Balance at the provider", "USD")
    await page.say("/credit 1001", "/credit 1001 5.00")
    await page.say("/credit 1001 5 gift", "$5.00", "1001")

    await page.be("Ann")
    await page.sees_somewhere("gift")
    await page.trouble("refuse")
    await page.order_podcast("https://example.org/trouble", 50)
    card = await page.confirm()
    await page.expect(card).to_contain_text("Not accepted")
    await page.expect(card).to_contain_text("Given back: $0.075")
    await page.sees("was not accepted", "$0.075 is back in your wallet")

    await page.trouble("lose")
    await card.get_by_test_id("button").filter(has_text="Order again").click()
    await page.expect(card).to_contain_text("Is this right?")
    await card.get_by_test_id("button").filter(has_text="Confirm").click()
    await page.expect(card).to_contain_text("Being checked")
    await page.expect(card).to_contain_text("Your money is held safely")
    await page.expect(page.page.get_by_test_id("person-Olga").locator(".badge")).to_be_visible()
    await page.be("Olga")
    await page.sees("outcome unknown", "https://example.org/trouble")

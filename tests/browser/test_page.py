"""The chat page in a real Chromium, with a small scripted bot behind it."""

import time

import pytest
import pytest_asyncio

from playground.demo import start_playground
from tests.runtime.chromium import CHROMIUM, FLAGS

# In one worker: they share one Chromium, which takes longer to start than any of them.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("the page"),
]

WELCOME = (
    "<b>Welcome</b> &lt;img src=x onerror=alert(1)&gt; order <code>#77</code>\n"
    f'<tg-time unix="{int(time.time()) - 7200}" format="r">some time ago</tg-time>\n'
    "<blockquote expandable>" + "\n".join(f"line {n}" for n in range(12)) + "</blockquote>"
)
KEYBOARD = {
    "inline_keyboard": [
        [
            {"text": "Buy", "callback_data": "buy", "style": "success"},
            {"text": "Warn me", "callback_data": "warn", "style": "danger"},
        ],
        [{"text": "Copy", "copy_text": {"text": "copied text"}}, {"text": "Busy", "disabled": {}}],
        [{"text": "Find", "switch_inline_query_current_chat": ""}],
    ]
}


class ScriptedBot:
    """Answers the few things the test does."""

    def __init__(self, api):
        self.api = api
        self.sells = True
        for language, description in (("en", "New order"), ("ru", "Новый заказ")):
            commands = [{"command": "new", "description": description}]
            self.call("setMyCommands", commands=commands, language_code=language)

    def call(self, method, **params):
        status, body = self.api.call(self.api.token, method, params)
        assert status == 200, body
        return body["result"]

    async def __call__(self, update):
        (kind,) = set(update) - {"update_id"}
        await getattr(self, f"on_{kind}")(update[kind])

    async def on_message(self, message):
        chat, text = message["chat"]["id"], message.get("text", "")
        if text.startswith("/start"):
            reply = {"message_id": message["message_id"]}
            welcome = {"text": WELCOME, "parse_mode": "HTML", "reply_markup": KEYBOARD}
            self.call("sendMessage", chat_id=chat, reply_parameters=reply, **welcome)
        elif text == "/pay":
            price = {"currency": "XTR", "prices": [{"label": "Stars", "amount": 500}]}
            self.call(
                "sendInvoice",
                chat_id=chat,
                title="Top-up",
                description="For the wallet",
                payload="1",
                **price,
            )
        elif "successful_payment" in message:
            self.call("sendMessage", chat_id=chat, text="Thank you")
        elif "document" in message:
            self.call(
                "sendDocument",
                chat_id=chat,
                document=message["document"]["file_id"],
                caption="back",
            )
        else:
            self.call("sendMessage", chat_id=chat, text=f"you said: {text}")

    async def on_callback_query(self, query):
        chat, number = query["message"]["chat"]["id"], query["message"]["message_id"]
        alert = query["data"] == "warn"
        self.call(
            "answerCallbackQuery",
            callback_query_id=query["id"],
            text=query["data"],
            show_alert=alert,
        )
        if query["data"] == "buy":
            self.call("editMessageText", chat_id=chat, message_id=number, text="Bought")
            self.call("sendChatAction", chat_id=chat, action="typing")

    async def on_pre_checkout_query(self, query):
        answer = {"ok": self.sells, "error_message": "Sold out"}
        self.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], **answer)

    async def on_inline_query(self, query):
        content = {"message_text": f"found {query['query']}"}
        result = {
            "type": "article",
            "id": "1",
            "title": "A result",
            "description": f"for {query['query']}",
            "input_message_content": content,
        }
        self.call("answerInlineQuery", inline_query_id=query["id"], results=[result])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser():
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    api = pytest.importorskip("playwright.async_api")
    async with api.async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def playground():
    async with start_playground(speed=100) as pg:
        pg.api.on_update = ScriptedBot(pg.api)
        yield pg


@pytest_asyncio.fixture(loop_scope="module")
async def page(playground, browser):
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="en-US")
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    page.set_default_timeout(10_000)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
    await page.goto(playground.url)
    yield page
    assert page.complaints == []
    await context.close()


async def text_of(page, testid):
    return await page.get_by_test_id(testid).last.inner_text()


async def seen(page, text):
    await page.locator(".chat, #active-trouble").get_by_text(text).last.wait_for()


async def button(page, label):
    await page.get_by_test_id("button").filter(has_text=label).last.click()


async def test_a_conversation(page):
    await page.get_by_test_id("start").click()
    await seen(page, "<img src=x onerror=alert(1)>")
    await seen(page, "2 hours ago")
    quote = page.locator("blockquote.expandable .quote-body")
    folded = (await quote.bounding_box())["height"]
    await page.locator(".quote-toggle").click()
    assert (await quote.bounding_box())["height"] > folded * 2
    assert await page.get_by_test_id("button").filter(has_text="Busy").is_disabled()
    await button(page, "Copy")
    await seen(page, "Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "copied text"
    await page.locator("code").click()
    await page.wait_for_function("navigator.clipboard.readText().then((text) => text === '#77')")
    await button(page, "Warn me")
    await page.locator("#alert[open]").get_by_text("warn").wait_for()
    await page.keyboard.press("Enter")
    await button(page, "Find")
    await page.get_by_test_id("composer").press_sequentially("likes")
    await page.get_by_test_id("choice").filter(has_text="for likes").click()
    await seen(page, "found likes")
    await button(page, "Buy")
    await seen(page, "Bought")
    assert await text_of(page, "toast") == "buy"
    await seen(page, "edited")
    await page.locator("#bot-status.typing").wait_for()


async def test_writing_commands_and_files(page):
    await page.get_by_test_id("start").click()
    composer = page.get_by_test_id("composer")
    await composer.fill("one")
    await composer.press("Shift+Enter")
    await composer.press_sequentially("two")
    await composer.press("Enter")
    await seen(page, "you said: one\ntwo")
    await composer.fill("/")
    await seen(page, "New order")
    await composer.press("Enter")
    await seen(page, "you said: /new")
    await page.get_by_test_id("file").set_input_files(
        {"name": "links.txt", "mimeType": "text/plain", "buffer": b"abc"}
    )
    await page.get_by_test_id("caption").fill("mine")
    await page.get_by_test_id("attach-send").click()
    await seen(page, "back")


async def test_people_languages_and_deep_links(page, playground):
    await page.get_by_test_id("person-Борис").click()
    await seen(page, "Старт")
    await page.goto(f"{playground.url}/?person=1002&start=s_5")
    await page.get_by_test_id("start").click()
    await seen(page, "/start s_5")
    await page.get_by_test_id("menu").click()
    await seen(page, "Новый заказ")
    await page.get_by_test_id("language-en").click()
    await page.locator("html[lang=en]").wait_for(state="attached")
    await page.get_by_test_id("menu").click()
    await seen(page, "New order")
    await page.get_by_test_id("person-Olga").click()
    params = {"chat_id": 1002, "text": "are you there?"}
    playground.api.call(playground.api.token, "sendMessage", params)
    await page.get_by_test_id("person-Борис").locator(".badge").wait_for()


async def test_the_provider_panel(page, playground):
    await page.get_by_test_id("provider-toggle").click()
    for kind in ("slow", "refuse", "lose", "no_funds"):
        await page.get_by_test_id(f"trouble-{kind}").click()
        await page.locator(f"[data-testid=trouble-{kind}][aria-pressed=true]").wait_for()
    assert "Lose the next answer (next time only)" in await text_of(page, "trouble-active")
    await page.get_by_test_id("trouble-clear").click()
    await seen(page, "No trouble ordered.")
    assert playground.provider.state()["faults"] == []


async def test_paying_with_stars(page, playground):
    """Thought better of, paid, charged back, refused."""
    ann = playground.api.people[1001]
    await ann.say("/pay")
    await button(page, "Pay")
    await seen(page, "For the wallet")
    await page.get_by_text("Pay ⭐ 500 to Panel Shop?").wait_for()
    await page.get_by_test_id("pay-cancel").click()
    assert playground.api.stars.transactions == []
    await button(page, "Pay")
    await page.get_by_test_id("pay-confirm").click()
    await seen(page, "You have successfully transferred ⭐ 500")
    await seen(page, "Thank you")
    await page.get_by_test_id("provider-toggle").click()
    await page.get_by_test_id("stars-toggle").click()
    await page.get_by_test_id("stars-lost").click()
    await page.locator("[data-testid=stars-lost][aria-pressed=true]").wait_for()
    await page.get_by_test_id("stars-chargeback").click()
    await page.locator("#drawer-close").click()
    await seen(page, "You received a refund of ⭐ 500")
    playground.api.on_update.sells = False
    await button(page, "Pay")
    await page.get_by_test_id("pay-confirm").click()
    await page.locator("#alert[open]").get_by_text("Sold out").wait_for()
    await page.keyboard.press("Enter")
    await page.locator("#pay-sheet[open]").wait_for(state="detached")


async def test_nothing_is_wider_than_the_phone(page):
    await page.get_by_test_id("start").click()
    await seen(page, "Welcome")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert await page.evaluate("document.querySelector('#scroll').scrollWidth") <= 360

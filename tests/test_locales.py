"""Every text that the code names exists in every language, says the same things, and is fit for
Telegram.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot.telegram.menu_commands import _ADMIN_EXTRA, EVERYBODY
from handlers.notices.registry import REGISTRY
from locales import Texts
from panel import SERVICE_TYPES, Flaw, Meaning
from playground.telegram.entities import TEXT_LIMIT
from playground.telegram.html import parse_html, utf16_length
from shop.ordering.agreement import ASKED, REPLACED, Waiting
from shop.orders.eligibility import IneligibilityReason
from shop.provider import brake
from storage.enums import OrderState, PaymentState, RequestKind, RequestState, TopUpState

ROOT = Path(__file__).parent.parent
TEXTS = Texts()
LANGUAGES = TEXTS.languages
PLAIN = ("button-", "filter-", "command-", "state-", "price-", "limits-", "entry-")
LONGEST_LABEL, LONGEST_COMMAND, LONGEST_TOAST = 60, 256, 200
SPEAKERS = {"t", "chosen"}  # what a translator is called
RAISED = {
    "ShopError",
    "NotFoundError",
    "BadAnswerError",
    "TooLittleMoneyError",
    "QuoteChangedError",
}
# What a meaning that is refused for good becomes; the others wait in the queue or have the general
# text.
REFUSED = {Meaning.LINK, Meaning.QUANTITY, Meaning.BAD_SERVICE, Meaning.TEMPORARY}
FIELDS = {field for row in SERVICE_TYPES.values() for field in row.fields}
# What becomes of a refill and of a cancellation; which of it is pushed, and why neither can be
# asked for.
RESULTS = {
    "refill": [str(state) for state in RequestState if state != "sending"] + ["unsupported"],
    "cancel": ["waiting", "accepted", "completed", "rejected", "refused", "unknown", "unsupported"],
}
PUSHED = {
    "refill": set(RESULTS["refill"]) - {"waiting", "accepted", "in_progress"},
    "cancel": {"refused", "unknown", "unsupported"},
}
_BOTH = {
    IneligibilityReason.NOT_OFFERED,
    IneligibilityReason.OPEN,
    IneligibilityReason.AGAIN_LATER,
    IneligibilityReason.ELSEWHERE,
}
OBSTACLES = {
    "refill": _BOTH
    | {
        IneligibilityReason.PARENT,
        IneligibilityReason.NOT_COMPLETED,
        IneligibilityReason.TOO_EARLY,
        IneligibilityReason.OVER,
    },
    "cancel": _BOTH
    | {
        IneligibilityReason.ENDED,
        IneligibilityReason.BEING_SENT,
        IneligibilityReason.BEING_CHECKED,
    },
}
# Keys that are put together: the code's pattern (`*` for what is filled in), and the keys that it
# may give.
OVER = {
    "sending-held": ("waited", "none"),
    "currency-differs": ("mistake", "real", "settings", "named"),
    "rates-held": ("admin", "agreed"),
    "numbers-anew": ("yes", "no"),
}
FAMILIES = {
    "admin-over-*-*": {f"admin-over-{of}-{how}" for of, ways in OVER.items() for how in ways},
    "admin-sending-held-*": {f"admin-sending-held-{why}" for why in brake.BrakeReason},
    "waiting-*": {f"waiting-{why}" for why in (*Waiting, "busy-link")},
    "push-agree-*": {f"push-agree-{why}" for why in ASKED},
    "order-refunded-*": {
        f"order-refunded-{why}" for why in (*Waiting, REPLACED, "canceled", "taken-back", "settled")
    },
    "state-*": {f"state-{state}" for state in OrderState},
    "push-*": {f"push-{state}" for state in OrderState},
    "rejected-*": {f"rejected-{meaning.replace('_', '-')}" for meaning in REFUSED},
    "admin-top-up-*": {f"admin-top-up-{state}" for state in TopUpState if state != "open"},
    "command-*": {f"command-{name}" for name in {*EVERYBODY, *_ADMIN_EXTRA}},
    "*-too-small": {f"{name}-too-small" for name in ("quantity", "lines", "runs")},
    "*-too-large": {f"{name}-too-large" for name in ("quantity", "lines", "runs")},
    "ask-*": {f"ask-{field.name.replace('_', '-')}" for field in FIELDS},
    "choice-*-*": {
        f"choice-{field.name}-{value}" for field in FIELDS for value, _ in field.choices
    },
    "field-*": {f"field-{field.name}" for field in FIELDS if field.required},
    "admin-unread-*": {f"admin-unread-{flaw.replace('_', '-')}" for flaw in Flaw},
    "refill-*": {f"refill-{result}" for result in RESULTS["refill"]},
    "cancel-*": {f"cancel-{result}" for result in RESULTS["cancel"] if result != "completed"},
    "refill-when-*": {
        f"refill-when-{why}"
        for why in (
            IneligibilityReason.TOO_EARLY,
            IneligibilityReason.AGAIN_LATER,
            IneligibilityReason.OVER,
        )
    },
    "*-no-*": {f"{kind}-no-{why}" for kind, whys in OBSTACLES.items() for why in whys},
    "payment-own-*": {f"payment-own-{state}" for state in PaymentState},
    "payment-state-*": {f"payment-state-{state}" for state in PaymentState},
    "push-*-*": {f"push-{kind}-{result}" for kind, results in PUSHED.items() for result in results},
    "refills-*": {
        f"refills-{state}" for state in ("completed", "rejected", "canceled", "failed", "unknown")
    },
    "list-no-*": {f"list-no-{why}" for why in IneligibilityReason},
    "list-*-*": {
        f"list-{kind}-{result}" for kind, results in RESULTS.items() for result in results
    },
    "list-usage-*": {f"list-usage-{kind}" for kind in RequestKind},
    "list-title-*": {f"list-title-{kind}" for kind in RequestKind},
}


class _Message(Visitor):
    """What a text is made of: its variables, those that choose a form, and the forms."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.choosing: set[str] = set()
        self.forms: list[set[str]] = []

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - the library's names
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802
        if isinstance(node.selector, ftl.VariableReference):
            self.choosing.add(node.selector.id.name)
        self.forms.append({getattr(variant.key, "name", "") for variant in node.variants})
        self.generic_visit(node)


def _read(language: str) -> dict[str, _Message]:
    found: dict[str, _Message] = {}
    for path in sorted((ROOT / "locales" / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{path.name} says {entry.id.name} again"
                found[entry.id.name] = message = _Message()
                message.visit(entry)
    return found


MESSAGES = {language: _read(language) for language in LANGUAGES}
ENGLISH = MESSAGES["en"]
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for package in ("bot", "handlers", "shop"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _name(callee: ast.expr) -> str:
    """Give `t` for `t(...)`, `t.plain(...)` and `t.has(...)`; the last name for everything else."""
    if isinstance(callee, ast.Attribute) and callee.attr in ("plain", "has"):
        return _name(callee.value)
    return callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")


def _named(argument: ast.expr) -> Iterator[str]:
    """Give the keys that an argument may be; what is filled into an f-string is a `*`."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from _named(argument.body)
        yield from _named(argument.orelse)
    elif isinstance(argument, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "*" for part in argument.values
        )


def _asked_for() -> Iterator[tuple[str, str]]:
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in SPEAKERS | RAISED:
                yield from ((key, f"{path.name}:{node.lineno}") for key in _named(node.args[0]))
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in (
                "key",
                "text",
            ):
                keys = [
                    key for key in _named(node.value) if re.fullmatch(r"[a-z*]+(-[a-z_*]+)+", key)
                ]
                yield from ((key, f"{path.name}:{node.lineno}") for key in keys)


ASKED = sorted(set(_asked_for()))


def test_what_the_code_asks_for_exists() -> None:
    """Somebody who puts a new kind of key together adds it to FAMILIES."""
    missing = [
        (key, place) for key, place in ASKED if key not in (FAMILIES if "*" in key else ENGLISH)
    ]
    assert missing == []
    assert len(ASKED) > 100  # the scan finds what it looks for


def test_the_code_fills_in_what_the_texts_want() -> None:
    """Where a call spells out its values, they are those of its text."""
    wrong = []
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in SPEAKERS:
                given = {keyword.arg for keyword in node.keywords}
                wrong += [
                    f"{path.name}:{node.lineno} {key}"
                    for key in _named(node.args[0])
                    if key in ENGLISH and None not in given and given != ENGLISH[key].variables
                ]
    assert wrong == []


@pytest.mark.parametrize("family", FAMILIES)
def test_keys_that_are_put_together_exist(family: str) -> None:
    assert FAMILIES[family] <= set(ENGLISH)
    assert family in {key for key, _ in ASKED}, "nobody puts these together any more"


def test_every_notice_with_one_text_has_it() -> None:
    keys = [words.key for words in REGISTRY.values() if words.key]
    assert len(keys) > 30
    assert set(keys) <= set(ENGLISH)


def test_every_text_is_used() -> None:
    constants = {
        node.value
        for _, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(ENGLISH) - constants - set().union(*FAMILIES.values()) == set()


@in_every_language
def test_languages_have_the_same_texts(language: str) -> None:
    assert set(MESSAGES[language]) == set(ENGLISH)


@in_every_language
def test_languages_fill_in_the_same_values(language: str) -> None:
    variables = {key: message.variables for key, message in MESSAGES[language].items()}
    assert variables == {key: message.variables for key, message in ENGLISH.items()}


def _values(message: _Message, text: str, number: int) -> dict[str, Any]:
    return {name: number if name in message.choosing else text for name in message.variables}


@in_every_language
@pytest.mark.parametrize("text", ["<b>&amp; <tg-time unix=1>", "\u202eabc & </code>", "7"])
def test_every_text_is_html_that_telegram_takes(language: str, text: str) -> None:
    t = TEXTS.for_language(language)
    for key, message in MESSAGES[language].items():
        for number in (0, 1, 2, 5, 21):
            shown, _ = parse_html(t(key, **_values(message, text, number)))
            assert shown.strip(), key
            assert utf16_length(shown) < TEXT_LIMIT, key
            # none of it was taken for markup
            assert message.variables <= message.choosing or text in shown, key


@in_every_language
def test_labels_and_toasts_are_short_and_plain(language: str) -> None:
    t = TEXTS.for_language(language)
    for key, message in MESSAGES[language].items():
        said = t.plain(key, **_values(message, "1,000", 5))
        if key.startswith(("button-", "filter-")) or key in ("minutes", "hours", "days"):
            assert len(said) < LONGEST_LABEL, key
        if key.startswith("command-"):
            assert len(said) <= LONGEST_COMMAND, key
        if key.startswith("error-") and key != "error-oops":
            assert len(said) <= LONGEST_TOAST, key
        if key.startswith(PLAIN):
            assert not re.search(r"<\w+>", said), key


@pytest.mark.parametrize("key", [key for key, message in ENGLISH.items() if message.forms])
def test_plurals(key: str) -> None:
    """Russian says 21 in the form of 1, so that form must not have the number 1 in words."""
    assert all(forms == {"one", "other"} for forms in ENGLISH[key].forms)
    message, russian = MESSAGES["ru"][key], TEXTS.for_language("ru")
    assert message.forms
    assert all({"one", "few"} < forms for forms in message.forms)
    said = {
        number: russian.plain(key, **_values(message, str(number), number))
        for number in (1, 2, 5, 21)
    }
    assert (
        len({text.replace(str(number), "#") for number, text in said.items() if number < 20}) == 3
    )
    assert "21" in said[21]
    assert said[21].replace("21", "1") == said[1]

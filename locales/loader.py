"""Loading the texts, and filling them in.

A text is Telegram HTML unless it is a button's label or a toast. What is filled in comes from
people and providers, so it is escaped and kept to its own direction here and nowhere else.
"""

import html
from functools import cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

from locales.bidi import isolated, with_bare_codes

_FOLDER = Path(__file__).parent
FALLBACK = "en"


class Markup(str):
    """A value that is HTML already, made by a view; it is filled in as it is."""

    __slots__ = ()


class Translator:
    """The texts in one language; what it lacks is said in English."""

    def __init__(self, language: str, bundles: list[FluentBundle]) -> None:
        self.language = language
        self._bundles = bundles

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return a text as HTML. Raises KeyError for a key that no language has."""
        return with_bare_codes(
            self._format(key, {name: _escaped(value) for name, value in values.items()})
        )

    def plain(self, key: str, /, **values: Any) -> str:
        """Return a text as it is: a button's label, a toast, a command's description."""
        return self._format(key, {name: _isolated(value) for name, value in values.items()})

    def has(self, key: str) -> bool:
        return any(bundle.has_message(key) for bundle in self._bundles)

    def _format(self, key: str, values: dict[str, Any]) -> str:
        for bundle in self._bundles:
            if bundle.has_message(key):
                pattern = bundle.get_message(key).value
                if pattern is None:
                    continue
                text, errors = bundle.format_pattern(pattern, values)
                if errors:
                    raise KeyError(f"text {key!r} in {self.language}: {errors[0]}")
                return str(text)
        raise KeyError(f"no text {key!r}")


def _escaped(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Markup):
        return html.escape(isolated(value), quote=False)
    return value


def _isolated(value: Any) -> Any:
    return isolated(value) if isinstance(value, str) else value


class Texts:
    """All languages: one per folder that holds .ftl files."""

    def __init__(self) -> None:
        self.languages = languages()
        bundles = {language: _bundle(language) for language in self.languages}
        self._translators = {
            language: Translator(language, [bundles[language], bundles[FALLBACK]])
            for language in self.languages
        }

    def for_language(self, language: str) -> Translator:
        """Return the texts in a language, or in English."""
        return self._translators.get(language, self._translators[FALLBACK])


def languages() -> tuple[str, ...]:
    """Name the languages the bot speaks."""
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/common.ftl")))


@cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for path in sorted((_FOLDER / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle

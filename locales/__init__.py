"""Every text of the bot: `<language>/*.ftl` (Project Fluent), and the one place that reads and escapes them."""

from locales.loader import Markup, Texts, Translator

__all__ = ["Markup", "Texts", "Translator"]

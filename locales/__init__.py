"""Every text of the bot: `<language>/*.ftl` (Project Fluent), and the one place that reads and
escapes them.
"""

from locales.loader import Markup, Texts, Translator, languages

__all__ = ["Markup", "Texts", "Translator", "languages"]

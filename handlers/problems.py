"""What was wrong with an answer, in words."""

from handlers.components import format_error
from locales import Translator
from shop.errors import ShopError


def problem_text(problem: ShopError, t: Translator) -> str:
    return "⚠️ " + t(problem.key, **format_error(problem, t))

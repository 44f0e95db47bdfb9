"""A Bot API emulator: one core without I/O and three faces (HTTP, an aiogram session, a chat
page).
"""

from playground.telegram.bot_api import BotApi
from playground.telegram.errors import ApiError, Dropped
from playground.telegram.people import Person
from playground.telegram.stars import Checkout, Outcome
from playground.telegram.views import Button, FileView, MessageView

__all__ = [
    "ApiError",
    "BotApi",
    "Button",
    "Checkout",
    "Dropped",
    "FileView",
    "MessageView",
    "Outcome",
    "Person",
]

"""Everything that the Bot API's methods act on."""

from collections.abc import Callable
from typing import Any

from playground.telegram.files import Files
from playground.telegram.limits import Limits
from playground.telegram.messenger import Messenger
from playground.telegram.profile import Profile
from playground.telegram.queries import Queries
from playground.telegram.stars import Stars
from playground.telegram.updates import Webhook


class State(Messenger):
    """One bot: who it is, and what is kept of it beside its chats."""

    def __init__(
        self, token: str, clock: Callable[[], float], *, first_name: str, username: str
    ) -> None:
        super().__init__(clock)
        self.token = token
        bot_id = token.split(":", maxsplit=1)[0]
        self.me: dict[str, Any] = {
            "id": int(bot_id) if bot_id.isdigit() else 42,
            "is_bot": True,
            "first_name": first_name,
            "username": username,
        }
        self.files = Files()
        self.queries = Queries()
        self.profile = Profile()
        self.stars = Stars(self)
        self.limits: Limits | None = None
        self.webhook: Webhook | None = None

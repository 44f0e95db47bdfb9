"""Who has a place at the notifier, and for what: for news, or for cards that nobody waits for."""

from dataclasses import dataclass, field

# Each waits for its chat, the bot's own limit or Telegram, and needs the database for a moment.
_PLACES = 256
_FOR_CARDS = 64  # at most: news that comes up meanwhile finds a place
_CROWD = 84  # chats with news: three seconds of what Telegram takes


@dataclass(slots=True)
class Places:
    """The chats that are served.

    One in `drawing` has nothing but cards of which nothing is told.
    """

    telling: set[int] = field(default_factory=set)
    drawing: set[int] = field(default_factory=set)

    @property
    def room(self) -> int:
        return _PLACES - len(self.telling) - len(self.drawing)

    @property
    def is_crowded(self) -> bool:
        """Whether so many chats have news that cards have to wait until it is told."""
        return len(self.telling) > _CROWD

    def take(self, chat: int, *, only_cards: bool) -> bool:
        """Give a chat a place; False where it has to wait for one that is for cards."""
        if only_cards:
            return self.move(chat)
        self.telling.add(chat)
        return True

    def move(self, chat: int) -> bool:
        """Let a chat have one of the places for cards; False where none is free."""
        if chat not in self.drawing and len(self.drawing) >= _FOR_CARDS:
            return False
        self.telling.discard(chat)
        self.drawing.add(chat)
        return True

    def leave(self, chat: int) -> None:
        self.telling.discard(chat)
        self.drawing.discard(chat)

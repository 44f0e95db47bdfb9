"""What differs from panel to panel is data: the provider profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ACTIONS = frozenset({"services", "add", "status", "refill", "refill_status", "cancel", "balance"})
USER_AGENT = "Mozilla/5.0 (compatible; panel-shop-bot)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One provider. The defaults are the documented dialect.

    Raises ValueError for what no call could repair: a User-Agent that is no printable ASCII,
    `ids_per_call`, `calls_per_minute` or `add_connections` below 1, an action that API v2 doesn't
    have.
    """

    url: str
    """The one endpoint, such as https://panel.example/api/v2; a query string in it is kept."""
    key: str = field(repr=False)
    name: str = "provider"
    parameters: Literal["body", "query", "both", "json"] = "body"
    """Where parameters travel: in a form, in the query string (some panels read those of `status`
    from there only), in both, or as a JSON body: an object of strings.
    """
    user_agent: str = USER_AGENT
    timeout: float = 30.0
    """Seconds for an answer; the whole exchange is cut off at twice this plus `connect_timeout`."""
    connect_timeout: float = 10.0
    services_timeout: float = 60.0
    """Seconds for the answer of `services`: panels build a catalogue slowly."""
    ids_per_call: int = 100
    """Ids in one multiple call: 100 as documented, or 1 for a panel that knows no `orders`."""
    calls_per_minute: int | None = None
    """What the provider gives a key, all actions together; None: no limit until it says "too many
    requests".
    """
    add_connections: int = 4
    """Adds under way at once, each over a connection of its own; more than 8 cost much CPU."""
    add_extra: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Extra fixed parameters of `add`; they never replace one of the order's own."""
    package_price: Literal["unit", "thousand"] = "unit"
    """Whether the rate of a Package is the price of one package, or of a thousand of them."""
    actions: frozenset[str] = ACTIONS

    def __post_init__(self) -> None:
        if not (self.user_agent.isascii() and self.user_agent.isprintable()):
            raise ValueError("user_agent: printable ASCII only")
        for name in ("ids_per_call", "calls_per_minute", "add_connections"):
            if (number := getattr(self, name)) is not None and number < 1:
                raise ValueError(f"{name}: at least 1")
        if unknown := self.actions - ACTIONS:
            raise ValueError(f"actions: API v2 has no {', '.join(sorted(unknown))}")

"""An async client for a provider that speaks the panel API v2; it needs nothing else of this
project.
"""

from panel.client import PanelClient
from panel.error_codes import Meaning, meaning_of
from panel.errors import (
    NotAsked,
    NotSent,
    OutcomeUnknown,
    PanelError,
    Rejected,
    Unavailable,
    Unsupported,
    Withheld,
)
from panel.models import (
    Accepted,
    Balance,
    CancelRequested,
    Catalogue,
    Flaw,
    Flaws,
    ItemError,
    OrderStatus,
    RefillState,
    RefillStatus,
    Service,
    State,
    Unread,
)
from panel.order_fields import order_fields
from panel.profile import ACTIONS, Profile
from panel.rate_limit import Permit, Priority, RateLimiter
from panel.service_types import (
    SERVICE_TYPES,
    Field,
    FieldKind,
    Pricing,
    ServiceType,
    normalised_label,
    service_type,
)

__all__ = [
    "ACTIONS",
    "SERVICE_TYPES",
    "Accepted",
    "Balance",
    "CancelRequested",
    "Catalogue",
    "Field",
    "FieldKind",
    "Flaw",
    "Flaws",
    "ItemError",
    "Meaning",
    "NotAsked",
    "NotSent",
    "OrderStatus",
    "OutcomeUnknown",
    "PanelClient",
    "PanelError",
    "Permit",
    "Pricing",
    "Priority",
    "Profile",
    "RateLimiter",
    "RefillState",
    "RefillStatus",
    "Rejected",
    "Service",
    "ServiceType",
    "State",
    "Unavailable",
    "Unread",
    "Unsupported",
    "Withheld",
    "meaning_of",
    "normalised_label",
    "order_fields",
    "service_type",
]

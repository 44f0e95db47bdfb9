"""The methods of the Bot API, by what they are about: each takes the state and the parameters."""

from playground.telegram.methods import account, editing, payments, profile, queries, sending
from playground.telegram.methods.registry import METHODS

__all__ = ["METHODS"]

# Importing these modules is what registers their methods.
_REGISTERED = (account, editing, payments, profile, queries, sending)

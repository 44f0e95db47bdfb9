"""Whether it is the provider that answers: a firewall's page, and reads that only the provider can
answer so.
"""

from panel import (
    Meaning,
    OutcomeUnknown,
    PanelClient,
    PanelError,
    Priority,
    Rejected,
    Unavailable,
    Unsupported,
)

_SERVER_ERROR = 500


async def stands_before_all(panel: PanelClient, doubt: PanelError) -> bool:
    """Return whether an answer was a firewall's page that a read, asked at once, meets too."""
    if not isinstance(doubt, OutcomeUnknown) or not doubt.walled:
        return False
    try:
        await panel.balance(priority=Priority.PERSON)
    except Unavailable as error:
        return error.walled
    except PanelError:
        return False
    return False


async def speaks(panel: PanelClient, known: str | None) -> bool:
    """Return whether the provider answers a read like the provider: with a balance that is a
    figure.

    Where it has no balance, or writes it so that nobody can read it, the status of an order
    (`known`) tells, or the list of its services.
    """
    try:
        await panel.balance(priority=Priority.PERSON)
    except Unsupported:
        pass
    except Rejected as refusal:
        if refusal.meaning is not Meaning.UNSUPPORTED:
            return False
    except Unavailable as error:
        if not error.unreadable:
            return False
    else:
        return True
    return (known is not None and await _knows(panel, known)) or await _lists(panel)


async def _knows(panel: PanelClient, known: str) -> bool:
    """Return whether an order has a state, or is no order of the provider's."""
    try:
        return (await panel.status(known, priority=Priority.PERSON)).state is not None
    except Rejected as refusal:
        return refusal.meaning is Meaning.ORDER_ID and (refusal.code or 0) < _SERVER_ERROR
    except PanelError:
        return False


async def _lists(panel: PanelClient) -> bool:
    try:
        return bool((await panel.services(priority=Priority.PERSON)).services)
    except PanelError:
        return False

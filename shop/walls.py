"""A firewall's page, and whether it stands before the whole provider: only then nothing has got through."""

from panel import OutcomeUnknown, PanelClient, PanelError, Unavailable


async def stands_before_all(panel: PanelClient, doubt: PanelError) -> bool:
    """Say whether an answer was a firewall's page that a read, asked at once, meets too."""
    if not isinstance(doubt, OutcomeUnknown) or not doubt.walled:
        return False
    try:
        await panel.balance()
    except Unavailable as error:
        return error.walled
    except PanelError:
        return False
    return False

"""From a chosen service to a queued order."""

"""From a queued order to its end at the provider."""

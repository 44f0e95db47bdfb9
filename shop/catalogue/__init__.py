"""Services: browsing them, following the provider's list, and their prices."""

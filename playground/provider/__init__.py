"""A provider that speaks the panel API v2, with real state and none of the product's code.

It exists to catch the product's mistakes, so it shares nothing with it: its reading of the
documented interface is its own.
"""

from playground.provider.faults import KINDS, Fault
from playground.provider.provider import Provider
from playground.provider.server import Server, serve_provider
from playground.provider.web import provider_app

__all__ = ["KINDS", "Fault", "Provider", "Server", "provider_app", "serve_provider"]

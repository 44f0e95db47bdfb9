"""Codes of currencies, for the shop: what a name stands for is known where names come from, in the
panel's room.
"""

from panel.currencies import code_of, codes_of, fits

__all__ = ["code_of", "codes_of", "fits"]

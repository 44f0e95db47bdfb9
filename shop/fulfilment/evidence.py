"""The words for what is found out about an order without a definite answer, or one that is
stuck.
"""

from enum import StrEnum


class EvidenceKind(StrEnum):
    """Each speaks for or against an order's existence; what its payload has is said beside it."""

    LOST = "lost"  # how the answer got lost: reason, said
    # before, after, before_at, after_at, currency, expected, others (what else moved it), speaks
    BALANCE = "balance"
    BUSY_LINK = "busy_link"  # a later order of ours was refused for its link: order, said
    GAP = "gap"  # ids were looked at: first, last, asked, ours, complete, why it can't be searched
    # an id of our key that no order of ours has: id, status, charge, remains, fits, why
    CANDIDATE = "candidate"
    LATE = "late"  # the answer came after all, too late: id or said
    # what the provider says of an id that an admin named: id, fits, why, status, charge, remains
    CHECKED = "checked"
    MISSING = "missing"  # the provider does not know the order's id: id, said
    VERDICT = "verdict"  # who settled it, and how: exists, id; no actor: by itself
    # an end that nobody can settle: status, charge, remains, runs, posts, currency that doesn't
    # count
    UNCLEAR = "unclear"
    # what an admin says was not delivered: part, of; what it comes to, what moved: due, amount,
    # currency
    REFUND = "refund"
    # what was given back was taken back by an admin: amount, left, currency
    TAKEN_BACK = "taken_back"

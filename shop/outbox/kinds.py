"""The kinds of what the shop has to say."""

from enum import StrEnum


class Kind(StrEnum):
    """Each has its payload in shop/outbox/payloads.py, its text in locales/, and its line in
    handlers/notices/registry.py.
    """

    ORDER = "order"  # an order's state changed: edit the card, push a line
    CARD = "card"  # only its counts changed: edit the card
    CREDITED = "credited"  # an admin changed the wallet
    SUPPORT = "support"  # a user writes to the admins
    UNKNOWN_ORDER = "unknown_order"  # an `add` without a definite answer
    CONFLICT = "conflict"  # the provider gave an id that we already have
    FOUND_ORDER = "found_order"  # a lost order was found at the provider by itself, and goes on
    # an `add` was taken after all, after an admin had settled its order
    LATE_ANSWER = "late_answer"
    NO_FUNDS = "no_funds"  # the operator's balance is too small
    BAD_KEY = "bad_key"
    UNREACHABLE = "unreachable"  # the provider has not been reached for a while
    FAILED_ORDER = "failed_order"
    # ended, and what the provider says does not tell how much was delivered
    UNCLEAR_REFUND = "unclear_refund"
    # delivered after all, or in work again, after something was given back
    REFUND_STANDS = "refund_stands"
    # what was given back for an order was taken out of the wallet again; to its customer
    TAKEN_BACK = "taken_back"
    BEYOND_HOLD = "beyond_hold"  # a subscription's posts cost more than its price was computed from
    CHARGE_CURRENCY = "charge_currency"  # charges in another currency than the account's
    STATUS_TEXT = "status_text"  # a status nobody knows
    SHORT_CATALOGUE = "short_catalogue"
    LEFT_OUT = "left_out"  # entries of the catalogue that can't be read: others than before
    SYNCED = "synced"
    SYNC_FAILED = "sync_failed"
    BALANCE = "balance"
    BALANCE_FAILED = "balance_failed"
    BALANCE_UNREADABLE = "balance_unreadable"  # the provider answers, but with no figure
    REFILL = "refill"  # what became of a refill
    CANCEL_REQUEST = "cancel_request"  # what the provider said to a cancellation
    REQUESTS = "requests"  # a list of requests' results changed: edit its message
    MASS = "mass"  # a mass order went on: edit its message
    MASS_DONE = "mass_done"  # the last of its orders has ended
    UNKNOWN_TYPE = "unknown_type"  # a type of service that nobody knows
    TOPPED_UP = "topped_up"  # a payment came; maybe an order starts with it
    INVOICE = "invoice"  # Crypto Pay's invoice can be paid
    PAID_BACK = "paid_back"  # a payment was given back
    CHARGED_BACK = "charged_back"  # Telegram took a payment back; to its payer
    CHARGEBACK = "chargeback"  # the same, to the admins
    REFUND_FAILED = "refund_failed"  # Telegram does not give a payment back; to the admin who asked
    STRAY_PAYMENT = "stray_payment"  # a payment that can't be credited by itself
    STARS_DIFFER = "stars_differ"  # Telegram's balance of Stars is not the sum of its transactions
    TOP_UP_ASKED = "top_up_asked"  # somebody wants to be credited by hand; to the admins
    TOP_UP_DECIDED = "top_up_decided"
    CRYPTO_FAILED = "crypto_failed"  # Crypto Pay does not make invoices
    CRYPTO_DIFFERS = "crypto_differs"  # it calls an invoice paid that is not as ours was
    CRYPTO_MISSING = "crypto_missing"  # it has not spoken of an invoice for a day
    # invoices are open, and there is no token to ask about them
    CRYPTO_UNWATCHED = "crypto_unwatched"
    MARGIN_LEAK = "margin_leak"  # an order was sold below what it cost
    AUDIT = "audit"  # the books don't agree
    # no change for much longer than usual, or an id that the provider no longer knows
    STUCK_ORDER = "stuck_order"
    # what the provider says of an id that an admin has named; to that admin
    CHECKED_ORDER = "checked_order"
    BACKUP_FAILED = "backup_failed"  # there is no new backup
    BACKUP_DIFFERS = "backup_differs"  # there is one, and its books don't agree
    RESTORED = "restored"  # a backup has taken the place of the database
    EARNED = "earned"  # an invited person has spent something
    ALERT_OVER = "alert_over"  # what an alert told of is over: said in its message
    SENDING_HELD = "sending_held"  # nothing is sent until the provider speaks again
    REFUSAL_WORDS = "refusal_words"  # a refusal in words that nobody knows
    LONG_WAIT = "long_wait"  # the provider asks to be left alone for longer than an hour
    ACCOUNT_CHANGED = "account_changed"  # another provider account; open orders stay behind
    # the provider names another currency than before: nothing is sold
    CURRENCY_DIFFERS = "currency_differs"
    CURRENCY_ODD = "currency_odd"  # the provider names a currency that is none
    RATES_HELD = "rates_held"  # rates that have changed too much to be believed at once
    NUMBERS_ANEW = "numbers_anew"  # the provider gives a number that a long ended order has
    # an order is not sent as long as its customer has not agreed to what has changed
    AGREEMENT = "agreement"
    # an invited person's order was given back, and with it the share of it
    EARNED_BACK = "earned_back"
    CLOCK_AHEAD = "clock_ahead"  # what was written in the future was put right
    COUPON_GUESSES = "coupon_guesses"  # so many wrong codes that nobody can redeem one for a while

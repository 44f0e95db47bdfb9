"""All routers, in the order in which they are asked."""

from aiogram import Router

from handlers.admin.margins import routes as margins
from handlers.admin.payments import routes as admin_payments
from handlers.admin.promotions import routes as promotions
from handlers.admin.provider import decisions
from handlers.admin.provider import routes as provider
from handlers.admin.recovery import refunds
from handlers.admin.recovery import routes as recovery
from handlers.admin.service_types import routes as service_types
from handlers.admin.top_ups import routes as top_ups
from handlers.admin.warranty import routes as warranty
from handlers.customer.aftercare import routes as aftercare
from handlers.customer.bulk import routes as bulk
from handlers.customer.catalogue import routes as catalogue
from handlers.customer.favourites import routes as favourites
from handlers.customer.menu import edits, fallback, membership
from handlers.customer.menu import routes as menu
from handlers.customer.ordering import routes as ordering
from handlers.customer.ordering import shortfall, slash_answers
from handlers.customer.orders import routes as orders
from handlers.customer.payments import routes as payments
from handlers.customer.preferences import routes as preferences
from handlers.customer.privacy import routes as privacy
from handlers.customer.promotions import coupons, invitations
from handlers.customer.top_ups import crypto, manual
from handlers.customer.top_ups import routes as customer_top_ups
from handlers.customer.wallet import routes as wallet

# News of payments come first: no open question may swallow them. Then answers that only look like
# commands, and admins' commands: their /balance is another one; then the two that have a /cancel of
# their own. The open question of an order comes after the commands.
ALL: tuple[Router, ...] = (
    payments.router,
    slash_answers.router,
    provider.router,
    decisions.router,
    top_ups.router,
    admin_payments.router,
    recovery.router,
    refunds.router,
    margins.router,
    promotions.router,
    bulk.router,
    favourites.router,
    customer_top_ups.router,
    coupons.router,
    invitations.router,
    menu.router,
    catalogue.router,
    service_types.router,
    warranty.router,
    orders.router,
    aftercare.router,
    wallet.router,
    crypto.router,
    manual.router,
    shortfall.router,
    preferences.router,
    privacy.router,
    ordering.router,
    membership.router,
    edits.router,
    fallback.router,
)

"""All routers, in the order in which they are asked."""

from aiogram import Router

from handlers import (
    admin,
    aftercare,
    catalog,
    fallback,
    favourites,
    mass,
    membership,
    ordering,
    orders,
    privacy,
    settings,
    start,
    types,
    wallet,
    warranty,
)

# Admins' commands come first: their /balance is another one; then the two that have a /cancel of their own. The open
# question of an order comes after the commands.
ALL: tuple[Router, ...] = (
    admin.router,
    mass.router,
    favourites.router,
    start.router,
    catalog.router,
    types.router,
    warranty.router,
    orders.router,
    aftercare.router,
    wallet.router,
    settings.router,
    privacy.router,
    ordering.router,
    membership.router,
    fallback.router,
)

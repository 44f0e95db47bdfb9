"""All routers, in the order in which they are asked."""

from aiogram import Router

from handlers import admin, catalog, fallback, membership, ordering, orders, start, wallet

# Admins' commands come first: their /balance is another one. The open question comes after the commands.
ALL: tuple[Router, ...] = (
    admin.router,
    start.router,
    catalog.router,
    orders.router,
    wallet.router,
    ordering.router,
    membership.router,
    fallback.router,
)

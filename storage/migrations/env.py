"""Alembic's entry: runs on the connection that storage.migrate hands over."""

from alembic import context

from storage.schema.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()

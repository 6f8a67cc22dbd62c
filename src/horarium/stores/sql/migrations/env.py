"""How Alembic runs our migrations: on the connection and in the transaction of whoever asks (horarium.stores.sql.schema)."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()

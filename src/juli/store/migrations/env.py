"""What Alembic runs: the steps on the connection that the archive hands over, in one transaction."""

from alembic import context

from juli.store.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite can't alter most things in place
)
with context.begin_transaction():
    context.run_migrations()

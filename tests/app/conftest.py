"""What the tests of the pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from gaitlab.storage import SessionStore
from gaitlab.ui.analyse.queues import jobs, previews
from gaitlab.ui.resources import store


@pytest.fixture(scope="session", autouse=True)
def _installed_components_looked_for_once() -> Iterator[None]:
    """Remember what Streamlit finds in the installed packages: it looks anew for every visit, which takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


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


@pytest.fixture
def sessions(own_resources: None, new_sqlite_database: Callable[[Path], str], tmp_path: Path) -> SessionStore:
    new_sqlite_database(tmp_path / "data" / "gaitlab.db")
    return store()

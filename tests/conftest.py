"""Fixtures for every test: nothing of the user's is touched, and what a test needs is there or named in the skip.

With ``GAITLAB_CI=1`` and the shared folder beside the checkout everything can run, so a skipped test counts as failed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.pipeline import PoseEngine, open_engine
from gaitlab.pose.engine import FINDER
from gaitlab.pose.models import ModelFile, find_model, model_places
from gaitlab.settings import DEFAULT_MODEL, PoseSettings

pytest_plugins = ["tests.postgresql"]

SHARED = Path(__file__).resolve().parents[2] / "shared"
# Skips that no installation can prevent: CI runs as root, whom no file permission stops, or in a closed container.
UNAVOIDABLE_SKIPS = (
    "this user may write everywhere",
    "this system does not let tests mount a disk",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def found_model() -> ModelFile | None:
    """Return the default model where this machine has it; looked up before the user's folders are hidden."""
    places = model_places()
    return find_model(DEFAULT_MODEL, places=replace(places, folders=(*places.folders, SHARED / "models")))


@pytest.fixture(scope="session", autouse=True)
def _away_from_the_user(found_model: ModelFile | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests, and the programs they start, out of the user's data, cache and database."""
    home = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patch.setenv("XDG_DATA_HOME", str(home / "share"))
        patch.setenv("GAITLAB_DATA_DIR", str(home / "data"))
        patch.delenv("GAITLAB_DATABASE_URL", raising=False)
        patch.setenv("STREAMLIT_SERVER_HEADLESS", "true")  # a server started by a test opens no browser window
        if found_model is not None:
            patch.setenv("GAITLAB_MODEL_DIR", str(found_model.path.parent))
        yield


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test an empty data folder."""
    monkeypatch.setenv("GAITLAB_DATA_DIR", str(tmp_path / "gaitlab-data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real clips."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the real clips (../shared/data beside the checkout) are not on this machine")
    return SHARED / "data"


@pytest.fixture(scope="session")
def thunder(found_model: ModelFile | None) -> Path:
    """Return the file of the default pose model."""
    if found_model is None:
        pytest.skip(f"the pose model is not on this machine; `gaitlab models fetch {DEFAULT_MODEL}` gets it")
    return found_model.path


@pytest.fixture(scope="session")
def engine(thunder: Path) -> Iterator[PoseEngine]:
    """Return the default engine with the network that tells people apart; `thunder` skips where there is no model."""
    with closing(open_engine(PoseSettings())) as loaded:
        if not loaded.crew.finds_several:
            pytest.skip(f"the model that tells people apart is not on this machine; `gaitlab models fetch {FINDER}`")
        yield loaded


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the browser's program."""
    for name in BROWSERS:
        if (path := shutil.which(name)) is not None:
            return Path(path)
    pytest.skip("no Chromium on this machine; install it to run the browser tests")


def _must_run_everything() -> bool:
    return os.environ.get("GAITLAB_CI") == "1" and SHARED.is_dir()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where everything a test can need is there."""
    report = yield
    avoidable = report.skipped and not any(reason in str(report.longrepr) for reason in UNAVOIDABLE_SKIPS)
    if avoidable and not hasattr(report, "wasxfail") and _must_run_everything():
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped although GAITLAB_CI=1 expects every test to run: {report.longrepr}"
        )
    return report

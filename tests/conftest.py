"""Fixtures for every test: nothing of the user's is touched, and what a test needs is there or named in the skip.

With ``GAITLAB_CI=1`` and the shared folder beside the checkout everything can run, so a skipped test counts as failed.
With ``GAITLAB_CI=stranger`` only what needs the shared folder may be skipped, with ``GAITLAB_CI=readers`` not even what
needs the programs that read exports.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gaitlab.errors import ModelError
from gaitlab.pipeline import PoseEngine, open_engine
from gaitlab.pose.engine import FINDER
from gaitlab.pose.weights.manifest import load_web_models
from gaitlab.pose.weights.resolve import ModelFile, find_model, load_manifest, model_places
from gaitlab.pose.weights.sidecar import sidecar_path
from gaitlab.pose.weights.web import find_web_model
from gaitlab.settings import DEFAULT_MODEL, PoseSettings

pytest_plugins = ["tests.examples", "tests.postgresql", "tests.side_by_side", "tests.sqlite"]

SHARED = Path(__file__).resolve().parents[2] / "shared"
# Skips that no installation can prevent: CI runs as root, whom no file permission stops, or in a closed container.
UNAVOIDABLE_SKIPS = (
    "this user may write everywhere",
    "this system does not let tests mount a disk",
)
# What may be skipped, by the value of GAITLAB_CI. The readers of other programs are large and have a run of their own.
READERS = "formats-test"
ALLOWED_SKIPS = {
    "1": (*UNAVOIDABLE_SKIPS, READERS),
    "stranger": (*UNAVOIDABLE_SKIPS, READERS, "../shared"),
    "readers": UNAVOIDABLE_SKIPS,
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _link_models(folder: Path) -> None:
    """Link the models of this machine, whichever folder each of them is in, and the sidecars of converted ones."""
    here = model_places()
    for model in load_manifest():
        candidates = (place / model.file for place in (*here.folders, SHARED / "models", here.cache))
        if (file := next(filter(Path.is_file, candidates), None)) is not None:
            (folder / model.file).symlink_to(file.resolve())
            if sidecar_path(file).is_file():
                sidecar_path(folder / model.file).symlink_to(sidecar_path(file).resolve())
    for packed in dict.fromkeys(packed for model in load_web_models() for packed in model.files):
        candidates = (place / packed.file for place in (*here.folders, here.cache))
        if (file := next(filter(Path.is_file, candidates), None)) is not None:
            (folder / packed.file).symlink_to(file.resolve())


@pytest.fixture(scope="session", autouse=True)
def _away_from_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests, and the programs they start, out of the user's data, cache and database; models are linked."""
    home, models = tmp_path_factory.mktemp("user"), tmp_path_factory.mktemp("models")
    _link_models(models)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patch.setenv("XDG_DATA_HOME", str(home / "share"))
        patch.setenv("GAITLAB_DATA_DIR", str(home / "data"))
        patch.delenv("GAITLAB_DATABASE_URL", raising=False)
        patch.setenv("STREAMLIT_SERVER_HEADLESS", "true")  # a server started by a test opens no browser window
        patch.setenv("GAITLAB_MODEL_DIR", str(models))
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


def _found(name: str) -> ModelFile:
    """Find a model as every program does that a test starts; a missing one skips and a refused one fails, at once."""
    try:
        found = find_model(name)
    except ModelError as error:
        pytest.fail(f"the page and the command line cannot analyse: {error}", pytrace=False)
    if found is None:
        pytest.skip(f"the model {name} is not on this machine; `gaitlab models fetch {name}` gets it")
    return found


@pytest.fixture(scope="session")
def thunder() -> Path:
    """Return the file of the default pose model."""
    return _found(DEFAULT_MODEL).path


@pytest.fixture(scope="session")
def both_models(thunder: Path) -> None:
    """Make sure, before a server or a browser starts, that a page can analyse and tell people apart."""
    _found(FINDER)


@pytest.fixture(scope="session")
def web_networks() -> None:
    """Make sure that browsers can be given their networks."""
    for model in load_web_models():
        if find_web_model(model) is None:
            pytest.skip(f"the network {model.name} is not on this machine; `gaitlab models fetch {model.name}` gets it")


@pytest.fixture(scope="session")
def engine(both_models: None) -> Iterator[PoseEngine]:
    """Return the default engine with the network that tells people apart; beside other tests on one core only."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    with closing(open_engine(PoseSettings(workers=None if alone else 1))) as loaded:
        assert loaded.pool.finds_several
        yield loaded


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the browser's program."""
    for name in BROWSERS:
        if (path := shutil.which(name)) is not None:
            return Path(path)
    pytest.skip("no Chromium on this machine; install it to run the browser tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what drives a browser, or takes long, a second try; the end of the run names whatever needed it."""
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("accuracy"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _allowed_skips() -> tuple[str, ...] | None:
    """Return parts of the reasons for which a test may be skipped; None where any will do."""
    where = os.environ.get("GAITLAB_CI", "")
    return None if where == "1" and not SHARED.is_dir() else ALLOWED_SKIPS.get(where)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where what the test needs must be there."""
    report = yield
    allowed = _allowed_skips()
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped and allowed is not None and not any(reason in str(report.longrepr) for reason in allowed):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped although GAITLAB_CI={os.environ['GAITLAB_CI']} expects it to run: "
            f"{report.longrepr}"
        )
    return report

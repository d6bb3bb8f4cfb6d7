"""The fixtures of `tests/conftest.py` before machines that lack something, each in a run of pytest within this one."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from gaitlab.pose.engine import FINDER
from gaitlab.pose.weights.manifest import spec
from gaitlab.pose.weights.sidecar import sidecar_path
from gaitlab.settings import DEFAULT_MODEL
from tests import conftest

NO_SHARED_FOLDER = """
from pathlib import Path
from tests import conftest

conftest.SHARED = Path(__file__).parent / "nothing"
"""
FIND_BOTH = (
    "from gaitlab.pose.weights.resolve import find_model; "
    f"assert find_model({DEFAULT_MODEL!r}) and find_model({FINDER!r})"
)
A_PROGRAM_FINDS_BOTH = f"""
import subprocess, sys

def test_both(both_models):
    subprocess.run([sys.executable, "-c", {FIND_BOTH!r}], check=True)
"""
TWO_PAGES = """
import time
import pytest

@pytest.fixture(scope="module")
def served():
    time.sleep(600)

def test_one(both_models, served): ...
def test_two(both_models, served): ...
"""


@dataclass(frozen=True)
class Machine:
    """A user's folders with nothing in them, and no shared folder."""

    folder: Path
    patch: pytest.MonkeyPatch
    printed: pytest.CaptureFixture[str]

    @property
    def cache(self) -> Path:
        return self.folder / "cache" / "gaitlab" / "models"

    def pytest(self, test: str, *options: str, **environment: str) -> str:
        """Run a test with the fixtures; return what pytest prints."""
        tests = self.folder / "tests"
        tests.mkdir()
        (tests / "conftest.py").write_text(NO_SHARED_FOLDER)  # for processes that this run starts
        (tests / f"{self.folder.name}.py").write_text(test)  # a module of its own
        self.patch.setattr(conftest, "SHARED", tests / "nothing")
        for name in ("GAITLAB_MODEL_DIR", "GAITLAB_CI"):
            self.patch.delenv(name, raising=False)
        for name, value in {"XDG_CACHE_HOME": str(self.folder / "cache"), **environment}.items():
            self.patch.setenv(name, value)
        arguments = ["-p", "no:cacheprovider", "-p", "tests.conftest", "-ra", "--capture=no", "-c", os.devnull]
        arguments += ["--rootdir", str(tests), "--basetemp", str(self.folder / "temporary"), *options, str(tests)]
        pytest.main(arguments)
        return self.printed.readouterr().out


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Machine:
    return Machine(tmp_path, monkeypatch, capsys)


def put_converted(name: str, folder: Path) -> None:
    """Put a file that counts as converted, with its sidecar, into a folder."""
    model = spec(name)
    assert model.package is not None
    folder.mkdir(parents=True, exist_ok=True)
    content = name.encode()
    (folder / model.file).write_bytes(content)
    conversion = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "package": model.package.label,
        "graph_sha256": model.package.graph_sha256,
        "weights_sha256": model.package.weights_sha256,
        "tensorflow": "2.20.0",
        "converted_at": "2026-01-01T00:00:00+00:00",
    }
    sidecar_path(folder / model.file).write_text(json.dumps(conversion))


def test_models_converted_into_the_users_cache_serve_the_tests(machine: Machine) -> None:
    put_converted(DEFAULT_MODEL, machine.cache)
    put_converted(FINDER, machine.cache)
    assert "1 passed" in machine.pytest(A_PROGRAM_FINDS_BOTH)


def test_models_in_different_folders_serve_the_tests(machine: Machine, tmp_path: Path) -> None:
    put_converted(DEFAULT_MODEL, tmp_path / "own")
    put_converted(FINDER, machine.cache)
    assert "1 passed" in machine.pytest(A_PROGRAM_FINDS_BOTH, GAITLAB_MODEL_DIR=str(tmp_path / "own"))


def test_a_page_that_cannot_analyse_fails_at_once_with_the_reason(machine: Machine) -> None:
    put_converted(DEFAULT_MODEL, machine.cache)
    put_converted(FINDER, machine.cache)
    (machine.cache / spec(FINDER).file).write_bytes(b"damaged")
    told = machine.pytest(TWO_PAGES)  # which would take ten minutes to serve
    assert "2 errors" in told
    assert f"expected the model {FINDER}" in told


def test_without_a_model_what_needs_it_is_skipped_and_says_how_to_get_it(machine: Machine) -> None:
    put_converted(DEFAULT_MODEL, machine.cache)
    told = machine.pytest(TWO_PAGES)
    assert "2 skipped" in told
    assert f"`gaitlab models fetch {FINDER}`" in told


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["in this process", "in another"])
def test_a_stranger_may_skip_only_what_needs_the_shared_folder(machine: Machine, options: tuple[str, ...]) -> None:
    test = "def test_shared(shared_data): ...\n\ndef test_model(thunder): ...\n"
    told = machine.pytest(test, *options, GAITLAB_CI="stranger")
    assert "1 skipped" in told
    assert "1 error" in told
    assert "test_model was skipped although GAITLAB_CI=stranger expects it to run" in told

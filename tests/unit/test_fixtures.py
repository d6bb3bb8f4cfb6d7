"""The fixtures of `tests/conftest.py` before machines that lack something, each in a run of pytest of its own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gaitlab.pose.engine import FINDER
from gaitlab.pose.weights.manifest import spec
from gaitlab.pose.weights.sidecar import sidecar_path
from gaitlab.settings import DEFAULT_MODEL

CHECKOUT = Path(__file__).resolve().parents[2]
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
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def cache(self) -> Path:
        return self.folder / "cache" / "gaitlab" / "models"

    def pytest(self, test: str, *options: str) -> str:
        """Run a test with the fixtures; return what pytest prints."""
        tests = self.folder / "tests"
        tests.mkdir()
        (tests / "conftest.py").write_text(NO_SHARED_FOLDER)
        (tests / "test_it.py").write_text(test)
        hidden = ("GAITLAB_MODEL_DIR", "GAITLAB_CI")
        inherited = {name: value for name, value in os.environ.items() if name not in hidden}
        own = {"XDG_CACHE_HOME": str(self.folder / "cache"), "PYTHONPATH": str(CHECKOUT), **self.environment}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "tests.conftest", "-ra"]
        command += ["--rootdir", str(tests), "-c", os.devnull, *options, str(tests)]
        done = subprocess.run(
            command, cwd=CHECKOUT, env=inherited | own, capture_output=True, text=True, check=False, timeout=300
        )
        return done.stdout + done.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


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


def test_models_in_different_folders_serve_the_tests(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {"GAITLAB_MODEL_DIR": str(tmp_path / "own")})
    put_converted(DEFAULT_MODEL, tmp_path / "own")
    put_converted(FINDER, machine.cache)
    assert "1 passed" in machine.pytest(A_PROGRAM_FINDS_BOTH)


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
def test_a_stranger_may_skip_only_what_needs_the_shared_folder(tmp_path: Path, options: tuple[str, ...]) -> None:
    machine = Machine(tmp_path, {"GAITLAB_CI": "stranger"})
    told = machine.pytest("def test_shared(shared_data): ...\n\ndef test_model(thunder): ...\n", *options)
    assert "1 skipped" in told
    assert "1 error" in told
    assert "test_model was skipped although GAITLAB_CI=stranger expects it to run" in told

"""The wheel works where there is no checkout: built once, installed once into an environment of its own, then used.

What it requires is borrowed from the environment of the tests; `.ci/stranger` and `.ci/newest` install that anew.
"""

from __future__ import annotations

import os
import re
import signal
import site
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from zipfile import ZipFile

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
START_S = 180.0  # on a busy machine, where nothing is compiled yet
PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"
WHERE = "import gaitlab; print(gaitlab.__file__)"
NO_NETWORK = re.compile(
    "NewConnectionError|Failed to establish|Name or service not known|name resolution", re.IGNORECASE
)


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode and NO_NETWORK.search(done.stdout + done.stderr):
        pytest.skip("no package index can be reached, so the wheel cannot be built or installed")
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, cwd=CHECKOUT)
    (built,) = folder.glob("gaitlab_video-*.whl")
    return built


@pytest.fixture(scope="module")
def gaitlab(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the installed command."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", wheel, cwd=folder)
    own = Path(run(python, "-I", "-c", PURELIB, cwd=folder).strip())
    # A path in a .pth file comes last, and .pth files in there are not read: a checkout that is installed stays unseen.
    (own / "borrowed.pth").write_text("\n".join(site.getsitepackages()))
    assert Path(run(python, "-I", "-c", WHERE, cwd=folder).strip()).is_relative_to(own)
    return folder / "bin" / "gaitlab"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment that knows nothing of the checkout."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return inherited | {"HOME": str(tmp_path), "GAITLAB_DATA_DIR": str(tmp_path / "data")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_until_healthy(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up and server.poll() is None:
        try:
            if get(port, "/_stcore/health") == (200, b"ok"):
                return
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail(f"the app did not become healthy within {START_S:g} s: {log.read_text()[-2000:]}")


@contextmanager
def serving(gaitlab: Path, environment: dict[str, str], folder: Path) -> Iterator[int]:
    """Run `gaitlab app` on a free port and stop it, and all that it started, at the end."""
    port, log = free_port(), folder / "app.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(gaitlab), "app", "--port", str(port)],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_healthy(port, server, log)
        yield port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def test_the_wheel_carries_what_the_program_reads_and_no_weights(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    assert {f"gaitlab/_bundled/{name}" for name in ("app.py", "migrations/env.py", "models/manifest.toml")} <= names
    assert {f"gaitlab/ui/live/live.{kind}" for kind in ("html", "css", "js")} <= names
    assert "gaitlab/py.typed" in names
    assert {"gaitlab/ui/shared/component.js", "gaitlab/reports/report.html.jinja"} <= names
    assert "gaitlab/reports/report.typ" in names
    assert not [name for name in names if name.endswith((".tflite", ".mp4", ".db"))]


def test_the_installed_program_makes_its_database(gaitlab: Path, environment: dict[str, str], tmp_path: Path) -> None:
    run(gaitlab, "db", "upgrade", cwd=tmp_path, env=environment)
    assert (tmp_path / "data" / "gaitlab.db").is_file()


def test_the_installed_program_serves_the_app(gaitlab: Path, environment: dict[str, str], tmp_path: Path) -> None:
    with serving(gaitlab, environment, tmp_path) as port:
        status, page = get(port, "/")
        assert (status, b"<html" in page) == (200, True)
        # Streamlit answers every unknown address with its own page: 403 shows that the guard knows the app's routes.
        assert get(port, "/gaitlab/media/1")[0] == 403

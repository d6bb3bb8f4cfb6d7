"""As another account of this computer: no file of the data folder can be read, and no address gives data away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gaitlab.archive import back_up, bring_back
from gaitlab.storage import Inbox, open_store
from gaitlab.ui.people.archive_routes import backup_url, person_url
from gaitlab.ui.session.export_route import export_url
from gaitlab.ui.shared.clip_route import clip_url
from gaitlab.workspace import WorkFolder
from tests.builders_store import a_clip, a_walk
from tests.served_routes import served_routes

pytestmark = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("python3", path="/usr/bin") is None,
    reason="only the administrator can act as another account, and it needs a Python of the system",
)
SOMEBODY_ELSE = "nobody"
# What the other account runs: opens every path and asks every address, and tells what it got.
ATTEMPTS = """
import json, os, sys, urllib.error, urllib.request
paths, addresses = json.load(sys.stdin)
got = {"user": os.geteuid(), "read": [], "status": []}
for path in paths:
    try:
        os.listdir(path) if path.endswith("/") else open(path, "rb").read(1)
        got["read"].append(path)
    except OSError:
        pass
for address in addresses:
    try:
        got["status"].append(urllib.request.urlopen(address, timeout=30).status)
    except urllib.error.HTTPError as error:
        got["status"].append(error.code)
print(json.dumps(got))
"""


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a data folder with all that there can be in it, below folders that everybody may open."""
    before = os.umask(0)
    folder = Path(tempfile.mkdtemp(prefix="gaitlab-open-"))
    folder.chmod(0o777)
    monkeypatch.setenv("GAITLAB_DATA_DIR", str(folder / "data"))
    (folder / "upload").mkdir()
    with closing(open_store()) as store:
        store.save(a_walk(), person="Ann", media={"overlay": a_clip(folder)}, remark="remark")
        back_up(folder / "all.db")
        bring_back(folder / "all.db")
        inbox, work = Inbox(), WorkFolder()
        inbox.accept(a_clip(folder / "upload"), person="Ann", settings={})
        (work.path / "unfinished.mp4").touch()
        yield folder / "data"
    inbox.close()
    work.remove()
    os.umask(before)
    shutil.rmtree(folder)


def attempted(paths: list[str], addresses: list[str], *, user: str = SOMEBODY_ELSE) -> dict[str, Any]:
    """Let another account try it, with a Python that it may run."""
    found = subprocess.run(
        ["/usr/bin/python3", "-I", "-c", ATTEMPTS],
        input=json.dumps([paths, addresses]),
        user=user,
        group=os.stat(__file__).st_gid if user == "root" else 65534,
        extra_groups=[],
        cwd="/",
        text=True,
        capture_output=True,
        check=True,
    )
    got: dict[str, Any] = json.loads(found.stdout)
    return got


def everything_in(folder: Path) -> list[str]:
    return [f"{path}/" if path.is_dir() else str(path) for path in (folder, *folder.rglob("*"))]


def test_another_account_reads_no_file_and_lists_no_folder(data: Path) -> None:
    paths = everything_in(data)
    kinds = {Path(path).name.rpartition(".")[2] for path in paths}
    assert {"db", "db-wal", "mp4", "json", "lock"} <= kinds
    assert any(".before-" in path for path in paths)
    got = attempted(paths, [])
    assert got["user"] != os.geteuid()
    assert got["read"] == []
    assert attempted(paths, [], user="root")["read"] == paths  # the attempts themselves are good


@pytest.mark.usefixtures("data")
def test_another_account_gets_no_data_from_the_server_without_what_the_page_knows() -> None:
    signed = [clip_url(1), export_url(1, "json"), person_url(1), backup_url()]
    guessed = [address.partition("?")[0] for address in signed]
    guessed += [f"{address}?key={'x' * 43}" for address in guessed]
    with served_routes() as here:
        assert attempted([], [here + address for address in guessed])["status"] == [403] * len(guessed)
        assert attempted([], [here + address for address in signed])["status"] == [200] * len(signed)  # who has seen it

"""Short clips through `gaitlab batch`, with processes and on a cluster, with kills: the same table, nothing double.

`make bench-batch` does the same with two hundred clips.
"""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.batch import (
    cut_clips,
    dask_cluster,
    environment,
    kill_some,
    processes_of,
    run_table,
    sessions_and_files,
)

pytestmark = pytest.mark.accuracy
MODEL = "movenet-lightning-int8"


@pytest.fixture(scope="module")
def manifest(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch")
    sources = [shared_data / "gait" / name for name in ("pgsi__001_NM_01.mov", "assembly__walking.mp4")]
    clips = cut_clips(sources, folder, 6)
    rows = [f"{clip.name},{'Anna' if number % 2 else 'Ben'}" for number, clip in enumerate(clips)]
    (folder / "clips.csv").write_text("\n".join(["file,person", *rows, "gone.mp4,Ben", ""]), encoding="utf-8")
    return folder / "clips.csv"


@pytest.fixture
def address(manifest: Path) -> Iterator[str]:
    """The folder of the clips behind a web server of this computer."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=manifest.parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("both_models")
def test_processes_and_a_cluster_give_the_same_table_and_kills_lose_and_double_nothing(
    manifest: Path, address: str, tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="a cluster needs the extra cluster")
    local, _ = run_table(manifest, tmp_path / "local.csv", MODEL, ["--processes", "2"], tmp_path / "local")
    assert sessions_and_files(tmp_path / "local") == (6, 6)
    killed = tmp_path / "killed"
    kill_some(manifest, tmp_path / "killed.csv", MODEL, ["--processes", "2"], killed, kills=2, workers=processes_of)
    assert run_table(manifest, tmp_path / "killed.csv", MODEL, ["--processes", "2"], killed)[0] == local
    assert sessions_and_files(killed) == (6, 6)
    with dask_cluster(2, environment(tmp_path / "workers")) as (scheduler, crew):
        told = ["--scheduler", scheduler]
        home = tmp_path / "cluster"
        kill_some(manifest, tmp_path / "c.csv", MODEL, told, home, kills=2, workers=lambda _: processes_of(crew.pid))
        assert run_table(manifest, tmp_path / "c.csv", MODEL, told, home)[0] == local
        assert sessions_and_files(home) == (6, 6)
        far = manifest.parent / "far.csv"
        far.write_text(f"file,person\n{address}/{next(manifest.parent.glob('000_*')).name},Ben\n", encoding="utf-8")
        first_clip, _ = run_table(far, tmp_path / "far.csv", MODEL, told, tmp_path / "far")
    sha256 = local.splitlines()[1].split(b",")[1]
    assert sha256 in first_clip

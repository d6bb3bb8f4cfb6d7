"""The attacks themselves: each makes one hostile input of a seed and lets GaitLab work on it.

An attack returns when GaitLab bore it: with a result, or with an error of its own. Everything else goes through. Inputs
are drawn or computed; none shows a person.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from starlette.applications import Starlette

from benchmarks.attack_models import model_file
from benchmarks.attack_sockets import live_socket, mutated
from gaitlab.archive import export_person, import_people
from gaitlab.errors import GaitLabError
from gaitlab.formats.any_keypoints import read_keypoints
from gaitlab.formats.csv import write_track
from gaitlab.pipeline import analyse_recording
from gaitlab.records import Picture, PoseTrack, SourceInfo
from gaitlab.reports import EXPORTS
from gaitlab.sessions import hand_out, suffix_of
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import open_store
from gaitlab.ui.server import tokens
from gaitlab.video import VideoReader, picture_of_jpeg, read_picture
from gaitlab.video.picture import jpeg_of
from tests.builders_store import a_walk
from tests.clips import corners, every, moving, write_clip

__all__ = ["ATTACKS", "a_person_in_front", "emptied", "keypoints_csv"]

_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "mp4": ("libx264", "yuv420p"), "mov": ("png", "rgb24"), "mkv": ("ffv1", "yuv420p"), "avi": ("mjpeg", "yuvj420p"),
    "gif": ("gif", "rgb8"), "ts": ("libx264", "yuv420p"),
}  # fmt: skip
_NASTY: Final[tuple[Any, ...]] = (
    *("", "x" * 300_000, "a\0b", "<b>", "\u202e\ud800", "C:\\x", "http://a.example", "=1+1"),
    *(1e308, -1e308, float("inf"), float("nan"), 10**400, -1, 0, None, True, [], {}, [[[]]]),
)
_PERSON: Final = "Attacked"


def a_person_in_front(n: int = 60) -> PoseTrack:
    """Return the keypoints of nobody in particular, who sways."""
    time_s = np.arange(n) / 30
    xy_px = np.zeros((n, 17, 2)) + np.linspace(50, 300, 17)[:, np.newaxis] + np.sin(time_s)[:, np.newaxis, np.newaxis]
    return PoseTrack(time_s=time_s, xy_px=xy_px, score=np.full((n, 17), 0.9), image_wh=(640, 352))


def keypoints_csv(path: Path) -> Path:
    """Write those keypoints as a file."""
    write_track(path, a_person_in_front())
    return path


@cache
def _clean_clip(kind: str, folder: Path) -> bytes:
    codec, pixels = _KINDS[kind]
    path = folder / f"clean.{kind}"
    return write_clip(
        path, times_ms=every(40, 8), pictures=moving(8, noise=20), codec=codec, pixels=pixels, options={}
    ).read_bytes()


def clip(rng: random.Random, folder: Path) -> None:
    """Read a damaged clip to its end; sometimes under the name of another kind."""
    kind = rng.choice(tuple(_KINDS))
    path = folder / f"clip.{rng.choice((kind, kind, *_KINDS))}"
    path.write_bytes(mutated(_clean_clip(kind, folder), rng))
    with VideoReader(path) as reader:
        for _ in reader:
            pass


def still(rng: random.Random, folder: Path) -> None:
    """Read a damaged picture from a file and as a frame of a camera."""
    data = jpeg_of(Picture.of_rgb(corners(64, 48)), side_max_px=64)
    data = mutated(data, rng)
    path = folder / "still.jpg"
    path.write_bytes(data)
    with suppress(GaitLabError):
        read_picture(path)
    picture_of_jpeg(data, side_max_px=1920)


def archive(rng: random.Random, folder: Path) -> None:
    """Take in an archive with hostile values or damaged bytes; what comes in is exported in every format."""
    path, dest = _clean_archive(folder), folder / "evil.zip"
    if rng.random() < 0.3:
        dest.write_bytes(mutated(path.read_bytes(), rng))
    else:
        with zipfile.ZipFile(path) as whole, zipfile.ZipFile(dest, "w", zipfile.ZIP_DEFLATED) as other:
            for name in whole.namelist():
                content = whole.read(name)
                if name.endswith(("session.json", "gaitlab.json")) and rng.random() < 0.7:
                    values = json.loads(content)
                    _spoil(values, rng)
                    content = json.dumps(values).encode(errors="surrogatepass")
                other.writestr(name, content)
    with closing(open_store()) as store:
        try:
            for name in import_people(store, dest):
                for header in store.sessions(person=name):
                    _export_all(store, header.id, folder)
        finally:
            for person in store.people():
                store.erase_person(person.name)


def _export_all(store: Any, session_id: int, folder: Path) -> None:
    for name in EXPORTS:
        with suppress(GaitLabError):
            hand_out(store, session_id, name, folder / f"out{suffix_of(name)}")


def _spoil(values: Any, rng: random.Random) -> None:
    """Replace a value somewhere in a tree of JSON."""
    while True:
        if not values:
            return
        key = rng.choice(list(values)) if isinstance(values, dict) else rng.randrange(len(values))
        if not isinstance(values[key], dict | list) or not values[key] or rng.random() < 0.1:
            values[key] = rng.choice(_NASTY)
            return
        values = values[key]


@cache
def _clean_archive(folder: Path) -> Path:
    film = folder / "overlay.mp4"
    film.write_bytes(b"film" * 100)
    with closing(open_store()) as store:
        store.save(a_walk(), person=_PERSON, media={"overlay": film}, remark="remark", tags=["tag"])
        export_person(store, _PERSON, folder / "clean.zip")
        store.erase_person(_PERSON)
    return folder / "clean.zip"


def keypoints(rng: random.Random, folder: Path) -> None:
    """Analyse a hostile keypoint file."""
    path = folder / "track.csv"
    lines = keypoints_csv(path).read_text(encoding="utf-8").splitlines()
    for _ in range(rng.choice((1, 5, 60))):
        at = rng.randrange(len(lines))
        cells = lines[at].split(",")
        cells[rng.randrange(len(cells))] = str(rng.choice((*_NASTY, rng.uniform(-1e4, 1e4), 1e-9, 1e9)))[:2000]
        lines[at] = ",".join(cells)
    text = "\n".join(lines)
    path.write_text(text, encoding="utf-8", errors="replace")
    recording = read_keypoints(path)
    source = SourceInfo(file=path.name, frames=len(recording), duration_s=2.0, fps_mean=30.0)
    analyse_recording(recording, AnalysisSettings(), source=source)


def route(rng: random.Random, folder: Path) -> None:
    """Ask GaitLab's own routes for anything, also with the page's key or token; 5xx is an error."""
    from gaitlab.ui.routes import MIDDLEWARE, ROUTES  # noqa: PLC0415  (it takes seconds, which other attacks need not)

    _one_session(folder)
    paths = ("media", "export", "person", "backup", "upload", "live", "report", "")
    pieces = ("1", "0", "-1", "%00", "..", "../../etc/passwd", "x" * 5000, "overlay", "pdf", "999999999999999999999")
    path = "/gaitlab/" + "/".join([rng.choice(paths), *(rng.choice(pieces) for _ in range(rng.randrange(4)))])
    path = rng.choice((path, path, "/gaitlab/backup", "/gaitlab/person/1", "/gaitlab/export/1/pdf", "/gaitlab/upload"))
    headers = {
        "host": rng.choice(("127.0.0.1:8501", "localhost", "evil.example", "", "[::1", "a@b")),
        "origin": rng.choice(("http://127.0.0.1:8501", "null", "http://evil.example")),
        "range": rng.choice(("bytes=0-", "bytes=9-1", "bytes=" + "0-1," * 3000)),
        "content-length": rng.choice(("0", "-1", "9" * 30, "x")),
        "x-gaitlab-token": rng.choice((tokens.issue("upload"), tokens.issue("live"), "1.2.3")),
    }
    if rng.random() < 0.5:
        headers |= {"host": "127.0.0.1:8501", "origin": "http://127.0.0.1:8501"}
    query = rng.choice((b"", b"person=%00&name=a&activity=auto", b"hold=1&name=" + b"%2e" * 900, b"\xff=\xff"))
    if rng.random() < 0.5 and path.isascii():
        path, _, key = tokens.signed(path).partition("?")
        query = key.encode()
    status = asyncio.run(_ask(Starlette(routes=ROUTES, middleware=MIDDLEWARE), path, query, headers, rng))
    if status >= 500:
        raise RuntimeError(f"{status} for {path[:80]}")


@cache
def _one_session(folder: Path) -> None:
    film = folder / "overlay.mp4"
    film.write_bytes(b"film" * 100)
    with closing(open_store()) as store:
        store.save(a_walk(), person=_PERSON, media={"overlay": film})


async def _ask(app: Starlette, path: str, query: bytes, headers: Mapping[str, str], rng: random.Random) -> int:
    statuses: list[int] = []

    async def receive() -> MutableMapping[str, Any]:
        return rng.choice(({"type": "http.request", "body": b"x" * 100}, {"type": "http.disconnect"}))

    async def send(message: MutableMapping[str, Any]) -> None:
        statuses.append(message.get("status", 0))

    chosen = [(k.encode(), v.encode()) for k, v in headers.items() if rng.random() < 0.6]
    scope = {
        "type": "http", "method": rng.choice(("GET", "HEAD", "POST", "PUT", "DELETE", "TRACE")), "path": path,
        "raw_path": path.encode(), "root_path": "", "query_string": query, "scheme": "http", "headers": chosen,
        "client": ("127.0.0.1", rng.randrange(65536)), "http_version": "1.1",
    }  # fmt: skip
    await asyncio.wait_for(app(scope, receive, send), 15)
    return max(statuses, default=0)


def emptied(folder: Path) -> None:
    """Remove what an attack left at its place, but not what the next ones use again."""
    for path in folder.iterdir():
        if not path.name.startswith(("clean", "overlay")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


Attack = Callable[[random.Random, Path], None]
ATTACKS: Final[Mapping[str, Attack]] = {
    "clips": clip,
    "pictures": still,
    "archives": archive,
    "keypoint files": keypoints,
    "model files": model_file,
    "requests": route,
    "live socket": live_socket,
}

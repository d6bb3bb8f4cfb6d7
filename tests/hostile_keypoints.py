"""Hostile keypoint files of every format: whole files of other programs, damaged by chance.

``python -m tests.hostile_keypoints FIRST N`` reads and analyses files FIRST to FIRST + N - 1, and prints a line of JSON
for each: its number, its format, what came of it, seconds, megabytes in use at most so far.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import pickle
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.errors import GaitLabError
from gaitlab.formats.any_keypoints import read_keypoints
from gaitlab.formats.c3d import write_c3d
from gaitlab.formats.movement_nc import write_movement
from gaitlab.pipeline import analyse_recording
from gaitlab.records import PoseTrack, SourceInfo
from gaitlab.records.skeleton import KEYPOINT_NAMES
from gaitlab.settings import AnalysisSettings
from tests.builders import walker
from tests.unit.formats import foreign

WH: Final = (1920, 1080)
SECONDS_MAX: Final = 20
_ADDRESSES: Final = 6 << 30  # so that a mistake does not take the machine with it
_WORDS: Final = (
    *(b"1e400", b"-1e400", b"nan", b"inf", b"9" * 400, b"1e9", b"-1", b"0", b"1e-9", b"null", b"true", b'""'),
    *(b"[" * 30_000, b"{", b"]", b",", b";", b"\n", b"\t", b"\x00", b"\xff", b'"', b"\n" * 3000, b"," * 30_000),
)
_BINARY: Final = (".h5", ".nc", ".c3d", ".zip", ".gz")


def whole_files(folder: Path) -> dict[str, Path]:
    """Return one whole file of each format, by the name of the format."""
    track = walker(n_strikes=6, noise_px=0.5).track
    people = foreign.people(track)
    frames = [(i, [one]) for i, one in enumerate(people)]
    numbers = range(len(people))
    packed = folder / "op.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in foreign.openpose(folder / "op", frames).iterdir():
            archive.write(one, one.name)
    plain = foreign.table(folder / "a.csv", track)
    (folder / "a.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    markers = {
        name: np.column_stack([track.xy_px[:, i], np.zeros(len(track))]) for i, name in enumerate(KEYPOINT_NAMES)
    }
    found = {
        "GaitLab CSV": plain,
        "packed CSV": folder / "a.csv.gz",
        "German CSV": foreign.table(folder / "de.csv", track, separator=";", decimal=","),
        "OpenPose": packed,
        "COCO results": foreign.coco_results(folder / "coco.json", people, numbers),
        "AlphaPose": foreign.coco_results(folder / "alpha.json", people, numbers, image="{}.jpg"),
        "MMPose": foreign.mmpose(folder / "mmpose.json", people),
        "Ultralytics": foreign.ultralytics(folder / "yolo.json", people),
        "MediaPipe JSON": foreign.mediapipe(folder / "mp.json", people, WH),
        "MediaPipe CSV": foreign.mediapipe_csv(folder / "mp.csv", people, WH),
        "DeepLabCut CSV": foreign.deeplabcut(folder / "dlc.csv", {"a": people, "b": people}),
        "SLEAP CSV": foreign.sleap(folder / "sleap.csv", {"a": people}),
        "TRC": foreign.trc(folder / "a.trc", markers, unit="mm"),
    }
    if importlib.util.find_spec("h5py"):
        found |= _hdf5_files(folder, track)
    if importlib.util.find_spec("ezc3d"):
        write_c3d(folder / "a.c3d", track, px_per_m=None)
        found["C3D"] = folder / "a.c3d"
    return found


def _hdf5_files(folder: Path, track: PoseTrack) -> dict[str, Path]:
    import h5py

    write_movement(folder / "a.nc", track, file="a.mp4")
    with h5py.File(folder / "sleap.h5", "w") as file:
        each = np.moveaxis(track.xy_px[:, np.newaxis], (0, 1, 2, 3), (3, 0, 2, 1))
        file.create_dataset("tracks", data=each, compression="gzip")
        file["node_names"] = [name.encode() for name in KEYPOINT_NAMES]
    columns = [("m", name, part) for name in KEYPOINT_NAMES for part in ("x", "y", "likelihood")]
    values = foreign.people(track).reshape(len(track), -1)
    rows = np.zeros(len(track), dtype=[("index", "<i8"), ("values_block_0", "<f8", (values.shape[1],))])
    rows["index"], rows["values_block_0"] = range(len(track)), values
    with h5py.File(folder / "dlc.h5", "w") as file:
        group = file.create_group("df_with_missing")
        group.attrs["pandas_type"] = b"frame_table"
        group.attrs["non_index_axes"] = np.bytes_(pickle.dumps([(1, columns)], protocol=0))
        group["table"] = rows
    return {"movement": folder / "a.nc", "SLEAP HDF5": folder / "sleap.h5", "DeepLabCut HDF5": folder / "dlc.h5"}


def damaged(whole: bytes, rng: random.Random, *, is_text: bool) -> bytes:
    """Return a file with some of its bytes changed, left out, moved or replaced by hostile words."""
    data = bytearray(whole)
    for _ in range(rng.choice((1, 1, 3, 10))):
        at = rng.randrange(min(len(data), rng.choice((200, 4000, len(data)))))
        many = at + rng.choice((1, 2, 8, 300))
        how = rng.choice(("word", "word", "twice", "gone") if is_text else ("byte", "byte", "byte", "twice", "gone"))
        if how == "byte":
            data[at] = rng.randrange(256)
        elif how == "word":
            data[at : at + rng.choice((0, 1, 5))] = rng.choice(_WORDS)
        elif how == "twice":
            data[at:at] = data[at:many]
        else:
            del data[at:many]
        data = data or bytearray(b"0")
    return bytes(data[: rng.randrange(len(data))] if rng.random() < 0.15 else data)


def hostile_file(seed: int, whole: Mapping[str, Path], folder: Path) -> tuple[str, Path]:
    """Write the file of a number; return the name of its format and its path."""
    rng = random.Random(seed)
    names = list(whole)
    name = names[seed % len(names)]
    source = whole[name]
    path = folder / f"hostile{''.join(source.suffixes)}"
    path.write_bytes(damaged(source.read_bytes(), rng, is_text=source.suffix not in _BINARY))
    return name, path


def outcome(path: Path) -> str:
    """Read and analyse a file: "analysed", "refused", or what should never come."""
    try:
        recording = read_keypoints(path, fps=30.0, image_wh=WH)
        source = SourceInfo(file=path.name, frames=len(recording), duration_s=None, fps_mean=30.0)
        analyse_recording(recording, AnalysisSettings(), source=source)
    except GaitLabError as error:
        return "refused" if "\n" not in str(error) and len(str(error)) < 600 else f"a long refusal: {error}"
    except Exception as error:  # noqa: BLE001 (what is looked for)
        return f"{type(error).__name__}: {error}"[:300]
    return "analysed"


def _too_slow(*_: Any) -> None:
    raise TimeoutError(f"more than {SECONDS_MAX} s")


def tried(seed: int, whole: Mapping[str, Path], folder: Path) -> dict[str, Any]:
    """Return what came of the file of a number."""
    name, path = hostile_file(seed, whole, folder)
    since = time.monotonic()
    signal.alarm(SECONDS_MAX)
    what = outcome(path)
    signal.alarm(0)
    used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"file": seed, "format": name, "outcome": what, "seconds": time.monotonic() - since, "mb": used / 1024}


def main(first: int, n: int) -> None:
    """Try the files, and print a line for each."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    signal.signal(signal.SIGALRM, _too_slow)
    with tempfile.TemporaryDirectory() as folder:
        whole = whole_files(Path(folder))
        for seed in range(first, first + n):
            sys.stdout.write(json.dumps(tried(seed, whole, Path(folder))) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

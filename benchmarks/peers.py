"""GaitLab beside MediaPipe Pose (full) and myogait: python -m benchmarks.peers [CLIP ...] [--rounds 5].

Each peer runs in an environment of its own with pinned versions, made in the user's cache folder the first time and
kept. All run the same clips in turn. The peers decode with OpenCV, as they and their users do. Writes its section of
``benchmarks/results.md``. MediaPipe's wheel brings an OpenCV that needs Debian's libgl1 and libglib2.0-0.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from benchmarks.models import models_here
from benchmarks.results import command_line, machine_lines, write_section
from benchmarks.rounds import Contestant, clip_contestant, measure_in_turn, speed_table
from benchmarks.speed import THUNDERS, add_clip_arguments, clips_of, gaitlab_on

__all__ = ["PEERS", "Peer", "environment"]

_HEADING = "make bench-peers"
_PYTHONS = (3, 9), (3, 12)  # what mediapipe 0.10.21 has wheels for


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A program to be compared with; the first requirement is the one that is named in the results."""

    name: str
    module: str
    requirements: tuple[str, ...]


_MEDIAPIPE = ("mediapipe==0.10.21", "numpy==1.26.4", "opencv-contrib-python==4.11.0.86", "protobuf==4.25.9")
PEERS: Final = (
    Peer(name="MediaPipe Pose (full)", module="run_mediapipe", requirements=_MEDIAPIPE),
    Peer(
        name="myogait",
        module="run_myogait",
        requirements=(
            "myogait==0.9.2",
            *_MEDIAPIPE,
            "opencv-python-headless==4.11.0.86",
            "pandas==3.0.6",
            "gaitkit==1.5.0",
        ),
    ),
)


def environment(peer: Peer, cache: Path) -> str:
    """Return the Python of a peer's environment, made now where it is missing or has other versions.

    Raises
    ------
    RuntimeError
        When this Python has no wheel of MediaPipe, or the installation fails.
    """
    if not _PYTHONS[0] <= sys.version_info[:2] <= _PYTHONS[1]:
        raise RuntimeError("mediapipe 0.10.21 has wheels for Python 3.9 to 3.12; make the environment with one of them")
    wanted = "\n".join((sys.version, *peer.requirements))
    folder = cache / peer.module
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    marker = folder / "requirements.txt"
    if marker.is_file() and marker.read_text(encoding="utf-8") == wanted:
        return str(python)
    print(f"installing {peer.name} into {folder}; this takes a few minutes the first time", file=sys.stderr)
    venv.create(folder, clear=True, with_pip=True, symlinks=os.name != "nt")
    command = (str(python), "-m", "pip", "install", "-q", *peer.requirements)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["no message"]
        raise RuntimeError(f"{peer.name} could not be installed: {errors[-1]}")
    marker.write_text(wanted, encoding="utf-8")
    return str(python)


def _section(clips: Mapping[str, Path], pythons: Mapping[Peer, str], n_rounds: int) -> str:
    groups: dict[str, tuple[Contestant, ...]] = {}
    for clip, path in clips.items():
        peers = (clip_contestant(peer.name, peer.module, clip, path, python=pythons[peer]) for peer in PEERS)
        groups[clip] = (*gaitlab_on(clip, path).values(), *peers)
    rounds = measure_in_turn([one for group in groups.values() for one in group], n_rounds)
    parts = []
    for clip, group in groups.items():
        references = {f"x {one.name}": one for one in group[-len(PEERS) :]}
        parts.append(f"### {clip}\n\n{speed_table(rounds, group, references=references)}")
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure GaitLab beside MediaPipe Pose and myogait.")
    add_clip_arguments(parser)
    args = parser.parse_args()
    about = machine_lines(
        command_line(_HEADING, "benchmarks.peers", sys.argv[1:]),
        more_versions=[peer.requirements[0].replace("==", " ") for peer in PEERS],
    )
    if lacking := set(THUNDERS.values()) - set(models_here()):
        parser.error(f"{', '.join(sorted(lacking))} is needed; `gaitlab models fetch NAME` gets it")
    try:
        cache = Path(platformdirs.user_cache_dir("gaitlab", appauthor=False)) / "peers"
        pythons = {peer: environment(peer, cache) for peer in PEERS}
        with tempfile.TemporaryDirectory(prefix="gaitlab-bench-") as name:
            tables = _section(clips_of(parser, args.clips, Path(name)), pythons, args.rounds)
    except RuntimeError as error:
        parser.exit(1, f"{error}\n")
    rules = (
        f"- median (lowest-highest) of {args.rounds} rounds in turn, each run a program of its own; the model is "
        "loaded before the clock starts, but for myogait, whose one call loads it too\n"
        "- both peers use MediaPipe's full model from its wheel, video mode with tracking, OpenCV decoding"
    )
    write_section(_HEADING, f"{about}\n{rules}\n\n{tables}")


if __name__ == "__main__":
    main()

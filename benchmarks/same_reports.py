"""The JSON report of every development case, kept in a folder, and the differences between two such folders.

    python -m benchmarks.same_reports collect FOLDER [--exe gaitlab]
    python -m benchmarks.same_reports compare BEFORE AFTER

A change that only moves code leaves every report as it was. `compare` prints each value that differs and ends with 1 if
there is one; the version and the number of the session do not count.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
_ACTIVITY: Final = {"gait_video": "gait", "gait_tracks": "gait", "exercise": "auto", "hard_case": "auto"}
_OWN_NAMES: Final = frozenset({("session", "id"), ("provenance", "gaitlab")})


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; the exit code is 1 where reports differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    collecting = commands.add_parser("collect")
    collecting.add_argument("folder", type=Path)
    collecting.add_argument("--exe", default=str(Path(sys.executable).with_name("gaitlab")))
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.command == "collect":
        _collect(chosen.folder, chosen.exe)
        return 0
    differences = list(_compare(chosen.before, chosen.after))
    print(*differences, sep="\n")
    print(f"{len(list(chosen.before.glob('*.json')))} reports, {len(differences)} differences")
    return 1 if differences else 0


def _collect(folder: Path, exe: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for case in json.loads((DATA / "truth.json").read_text()):
        if (activity := _ACTIVITY.get(case["kind"])) is None:
            continue
        scale = ["--px-per-m", str(case["px_per_m"])] if "px_per_m" in case else []
        for asked in dict.fromkeys((activity, *(["repeated"] if case["kind"] == "exercise" else []))):
            report = folder / f"{case['file'].replace('/', '__')}.{asked}.json"
            report.write_text(_report(exe, DATA / case["file"], "--activity", asked, *scale))
            print(report.name, flush=True)


def _report(exe: str, clip: Path, *options: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [exe, "analyze", str(clip), *options, "--no-save", "--json", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return out.read_text() if done.returncode == 0 else json.dumps({"exit": done.returncode, "error": done.stderr})


def _compare(before: Path, after: Path) -> Iterator[str]:
    names = sorted({path.name for folder in (before, after) for path in folder.glob("*.json")})
    for name in names:
        if not ((before / name).is_file() and (after / name).is_file()):
            yield f"{name}: in one folder only"
            continue
        old, new = (json.loads((folder / name).read_text()) for folder in (before, after))
        yield from (f"{name}: {line}" for line in _differences(old, new, ()))


def _differences(old: Any, new: Any, at: tuple[str, ...]) -> Iterator[str]:
    if at in _OWN_NAMES:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _differences(old.get(key), new.get(key), (*at, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differences(one, other, (*at, str(index)))
    elif old != new:
        yield f"{'.'.join(at)}: {old!r} -> {new!r}"


if __name__ == "__main__":
    sys.exit(main())

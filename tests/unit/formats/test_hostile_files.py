"""Damaged files of every keypoint format are read, or refused in one line, within memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
_MB_MAX = 1024
#: Linux counts the memory of a program that starts another one as the other's: one without any stands between.
_BETWEEN = "import subprocess, sys; sys.exit(subprocess.run([sys.executable, *sys.argv[1:]], check=False).returncode)"


def tried(first: int, n: int) -> list[dict[str, Any]]:
    """Try files in another process, which one that ends the program would end."""
    pytest.importorskip("resource", reason="memory is measured on Unix only")
    done = subprocess.run(
        [sys.executable, "-c", _BETWEEN, "-m", "tests.hostile_keypoints", str(first), str(n)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    assert done.returncode == 0, f"after {done.stdout[-200:]}: {done.stderr[-500:]}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_harmless(files: list[dict[str, Any]], n: int) -> None:
    assert len(files) == n
    assert [one for one in files if one["outcome"] not in ("analysed", "refused")] == []
    assert max(one["mb"] for one in files) < _MB_MAX


def test_a_few_hostile_files_of_every_format_are_read_or_refused() -> None:
    assert_harmless(tried(0, 34), 34)  # of each of the 17 formats two


@pytest.mark.accuracy
def test_five_hundred_hostile_files_are_read_or_refused() -> None:
    assert_harmless(tried(1000, 500), 500)


def test_a_c3d_that_ends_the_library_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("ezc3d", reason="C3D needs the extra formats")
    from gaitlab.errors import InputError
    from gaitlab.formats.any_keypoints import read_keypoints
    from gaitlab.formats.c3d import write_c3d
    from tests.builders import walker

    path = tmp_path / "a.c3d"
    write_c3d(path, walker(n_strikes=4).track, px_per_m=None)
    data = bytearray(path.read_bytes())
    data[512:1024] = bytes(range(1, 256)) * 2 + b"xx"  # where the parameters begin
    path.write_bytes(data)
    with pytest.raises(InputError, match="C3D cannot be read"):
        read_keypoints(path)

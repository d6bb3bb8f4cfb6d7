"""Of a longer clip only its keypoints and what is made of them need more memory, never its pictures."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import pytest

from gaitlab.video import frames
from gaitlab.video.picture import upright_rgb

CLIP = "exercise/posetest__squat1.mp4"
FPS = 24
#: Keypoints, angles and the signals of the counter; one second of pictures is as large.
MIB_PER_MINUTE = 6


def looped(source: Path, target: Path, *, duration_s: int) -> Path:
    """Write a clip that plays another over and over, at half size."""
    pictures = [upright_rgb(frame.picture)[::2, ::2].copy() for frame in frames(source)]
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = pictures[0].shape[1], pictures[0].shape[0], "yuv420p"
        for number in range(duration_s * FPS):
            frame = av.VideoFrame.from_ndarray(pictures[number % len(pictures)], format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return target


ANALYSE = """
import sys
from pathlib import Path
from gaitlab.cli.main import main
assert main(["analyze", sys.argv[1], "--no-save", "--json", sys.argv[2]]) == 0
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""


def peak_kib(clip: Path) -> int:
    """Return the largest resident size of a program that analyses the clip, as the system counted it."""
    command = [sys.executable, "-c", ANALYSE, str(clip), os.devnull]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.accuracy
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="peak memory is read from Linux's /proc")
def test_another_minute_needs_memory_for_its_keypoints_alone(shared_data: Path, thunder: Path, tmp_path: Path) -> None:
    short = peak_kib(looped(shared_data / CLIP, tmp_path / "short.mp4", duration_s=60))
    long = peak_kib(looped(shared_data / CLIP, tmp_path / "long.mp4", duration_s=300))
    more_mib = (long - short) / 1024
    assert more_mib <= 4 * MIB_PER_MINUTE, f"{short / 1024:.0f} MB for one minute, {more_mib:.0f} MB more for five"

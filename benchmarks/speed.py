"""Frames a second from file to track, and as a share of what the bare interpreter reaches in the same run.

    python -m benchmarks.speed [CLIP ...] [--rounds 3]

The two are measured in turn, so that what else the machine does hits both; the medians are printed. Default clips: one
of 640 x 360 and one of 1280 x 720 from ``../shared/data``.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from pathlib import Path

import numpy as np

from gaitlab.pipeline import PoseEngine, analyse_video, open_engine
from gaitlab.settings import AnalysisSettings, PoseSettings
from gaitlab.video import probe

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
DEFAULT_CLIPS = ("exercise/posetest__squat1.mp4", "exercise/jacks_front_6.mp4")
BARE_FRAMES = 100


def bare_fps(engine: PoseEngine) -> float:
    """Return how many squares a second the network alone takes, same threads, no decoding and no crop."""
    size = engine.model.size_px
    square = np.zeros((size, size, 3), dtype=np.uint8)
    start = time.perf_counter()
    for _ in range(BARE_FRAMES):
        engine.model(square)
    return BARE_FRAMES / (time.perf_counter() - start)


def end_to_end(clip: Path, engine: PoseEngine) -> tuple[float, float]:
    """Return frames a second and CPU seconds a frame of a whole analysis."""
    start, cpu = time.perf_counter(), time.process_time()
    n = analyse_video(clip, AnalysisSettings(), engine=engine).source.frames
    return n / (time.perf_counter() - start), (time.process_time() - cpu) / n


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the speed of an analysis against the bare interpreter.")
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    clips = args.clips or [SHARED / name for name in DEFAULT_CLIPS]
    missing = [str(clip) for clip in clips if not clip.is_file()]
    if missing:
        parser.error(f"no such clip: {', '.join(missing)}; name one or more clips of your own")
    engine = open_engine(PoseSettings())
    bare_fps(engine)  # the first calls are slower
    print(f"{'clip':36} {'size':>10} {'bare/s':>8} {'GaitLab/s':>10} {'share':>6} {'CPU s/frame':>12}")
    for clip in clips:
        info = probe(clip)
        rounds = [(bare_fps(engine), *end_to_end(clip, engine)) for _ in range(args.rounds)]
        bare, ours, cpu = (statistics.median(column) for column in zip(*rounds, strict=True))
        share = statistics.median(one[1] / one[0] for one in rounds)
        size = f"{info.width_px}x{info.height_px}"
        print(f"{clip.name:36} {size:>10} {bare:8.1f} {ours:10.1f} {share:6.2f} {cpu:12.4f}")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()

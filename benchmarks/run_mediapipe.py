"""MediaPipe Pose (full) over a clip, as its users run it: OpenCV decodes, video mode with tracking.

python -m benchmarks.run_mediapipe CLIP, in an environment that has `mediapipe`; this file imports nothing of GaitLab.
"""

from __future__ import annotations

import argparse
from typing import Any

import cv2
import mediapipe  # type: ignore[import-not-found]

from benchmarks.meter import report


def follow(clip: str, pose: Any) -> int:
    """Return the number of frames that MediaPipe analysed."""
    capture = cv2.VideoCapture(clip)
    frames = found = 0
    while True:
        there, bgr = capture.read()
        if not there:
            break
        result = pose.process(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
        frames += 1
        found += result.pose_landmarks is not None
    if found < frames / 2:  # searching for a person takes another time than following one
        raise SystemExit(f"MediaPipe found a person in {found} of {frames} frames only: no fair comparison")
    return frames


def main() -> None:
    parser = argparse.ArgumentParser(description="Run MediaPipe Pose (full) over a clip.")
    parser.add_argument("clip")
    args = parser.parse_args()
    with mediapipe.solutions.pose.Pose(static_image_mode=False, model_complexity=1) as pose:
        report(lambda: follow(args.clip, pose))


if __name__ == "__main__":
    main()

"""myogait's extraction over a clip with its MediaPipe backend: python -m benchmarks.run_myogait CLIP.

To be run in an environment that has `myogait` and `mediapipe`; this file imports nothing of GaitLab. The heavy model
that myogait would download ("latest", so another one some day) is kept from it: its own code then takes the full model
of the `mediapipe` wheel, the same as in `run_mediapipe` and the faster of the two. Loading it is inside the time.
"""

from __future__ import annotations

import argparse

import myogait  # type: ignore[import-not-found]
import myogait.models.mediapipe as backend  # type: ignore[import-not-found]

from benchmarks.meter import report


def _no_download(model_path: str | None = None) -> str:
    raise FileNotFoundError("the benchmark downloads no model")


def extract(clip: str) -> int:
    """Return the number of frames that myogait analysed."""
    return int(myogait.extract(clip, model="mediapipe", show_progress=False)["meta"]["n_frames"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Run myogait's extraction over a clip.")
    parser.add_argument("clip")
    args = parser.parse_args()
    backend._ensure_model = _no_download
    report(lambda: extract(args.clip))


if __name__ == "__main__":
    main()

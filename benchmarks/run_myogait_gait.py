"""myogait's own validated pipeline over a clip: python -m benchmarks.run_myogait_gait CLIP; prints one line of JSON.

`run_pipeline` with its defaults except for the model, which is MediaPipe's full one as in `run_myogait`. To be run in
an environment that has `myogait` and `mediapipe`; this file imports nothing of GaitLab.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import myogait  # type: ignore[import-not-found]
import myogait.models.mediapipe as backend  # type: ignore[import-not-found]

from benchmarks.run_myogait import _no_download


def findings(result: dict[str, Any]) -> dict[str, Any]:
    """Return cadence, the asymmetry it calls step time's, and heel strikes in s; None where it has no statistics."""
    stats, events = result["stats"], result["data"]["events"]
    strikes = sorted(one["time"] for side in ("left_hs", "right_hs") for one in events[side])
    if stats is None:
        return {"cadence_spm": None, "asymmetry_percent": None, "strikes_s": strikes}
    return {
        "cadence_spm": stats["spatiotemporal"]["cadence_steps_per_min"],
        "asymmetry_percent": stats["symmetry"].get("step_time_si"),
        "strikes_s": strikes,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Let myogait analyse a walk.")
    parser.add_argument("clip")
    args = parser.parse_args()
    backend._ensure_model = _no_download
    result = myogait.run_pipeline(args.clip, model="mediapipe", show_progress=False)
    print(json.dumps(findings(result), default=float), flush=True)


if __name__ == "__main__":
    main()

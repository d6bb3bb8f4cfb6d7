"""GaitLab from file to report, nothing saved: python -m benchmarks.run_gaitlab CLIP --model movenet-thunder-fp16."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.meter import report
from gaitlab.pipeline import analyse_video, open_engine
from gaitlab.settings import DEFAULT_MODEL, AnalysisSettings, PoseSettings


def main() -> None:
    parser = argparse.ArgumentParser(description="Analyse a clip once, with the model loaded before the clock starts.")
    parser.add_argument("clip", type=Path)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--feet", action="store_true", help="look at the feet of somebody who walks, too")
    args = parser.parse_args()
    settings = AnalysisSettings(pose=PoseSettings(model=args.model, feet=args.feet))
    engine = open_engine(settings.pose)
    report(lambda: analyse_video(args.clip, settings, engine=engine).source.frames)


if __name__ == "__main__":
    main()

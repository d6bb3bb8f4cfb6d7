"""`gaitlab convert` and `gaitlab formats`: keypoints of one program for another."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from gaitlab import sessions
from gaitlab.cli.analyze import add_keypoint_options, check_keypoint_options, open_pose_engine
from gaitlab.cli.output import progress_bar, written
from gaitlab.errors import UsageError
from gaitlab.formats.catalogue import FORMATS, WRITTEN_BY_CONVERT, write_keypoints
from gaitlab.sessions import AnalysisRequest
from gaitlab.settings import AnalysisSettings, PoseSettings

__all__ = ["add_convert_options", "run_convert", "run_formats"]


def add_convert_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `gaitlab convert`."""
    command.add_argument("input", metavar="IN", help="video or keypoints, as for `gaitlab analyze`")
    command.add_argument("output", metavar="OUT", help=f"by its ending: {', '.join(WRITTEN_BY_CONVERT)}")
    add_keypoint_options(command)


def run_convert(args: argparse.Namespace) -> None:
    """Write the keypoints of the person chosen; positions as they were read, in pixels."""
    path, out = Path(args.input), Path(args.output)
    if out.exists() and path.exists() and out.resolve() == path.resolve():
        raise UsageError(f"{out}: input and output are the same file; choose another name")
    check_keypoint_options(args, path)
    settings = AnalysisSettings(pose=PoseSettings(model=args.model, subject=args.subject, feet=args.feet))
    request = AnalysisRequest(
        person="", settings=settings, fps=args.fps, image_wh=args.image_wh, marker_view=args.markers_from
    )
    with ExitStack() as opened, progress_bar() as bar:
        analysis = sessions.run(
            path,
            request,
            store=None,
            open_engine=lambda _: opened.enter_context(closing(open_pose_engine(settings.pose))),
            on_progress=lambda progress: bar(progress) if progress.stage == "pose" else None,
        ).analysis
    written(out, lambda target: write_keypoints(target, analysis.track_raw, file=path.name))
    for note in analysis.input_notes:
        print(note, file=sys.stderr)
    print(f"written to {out}", file=sys.stderr)


def run_formats(args: argparse.Namespace) -> None:
    """Print which formats are read and written."""
    print(f"{'format':58} {'files':24} {'read':5} {'export --format':15}  needs")
    for one in FORMATS:
        print(f"{one.name:58} {one.files:24} {'yes' if one.is_read else '-':5} {one.written_as or '-':15}  {one.needs}")

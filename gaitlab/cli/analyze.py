"""`gaitlab analyze` and `gaitlab pose`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gaitlab.cli.export import check_report_name, write_report
from gaitlab.cli.output import progress_bar, quiet_native_library, write_json, written
from gaitlab.errors import StoreError, UsageError
from gaitlab.formats.any_keypoints import holds_keypoints, read_keypoints
from gaitlab.formats.csv import write_rows
from gaitlab.paths import data_dir
from gaitlab.pipeline import PoseEngine, analyse_track, analyse_video, find_poses, open_engine
from gaitlab.pose.weights.resolve import fetch_model, find_model
from gaitlab.records import Analysis, Picture, SourceInfo
from gaitlab.repetitions.activities import activities
from gaitlab.reports.report_json import METRIC_COLUMNS, metric_rows, poses_to_json, summary_lines, to_json
from gaitlab.settings import DEFAULT_MODEL, AnalysisSettings, PoseSettings, ScaleLine
from gaitlab.storage import SessionStore, open_store
from gaitlab.storage.preferences import read_preferences
from gaitlab.storage.retention import enforce, media_to_keep
from gaitlab.video import frames, read_picture, sha256_of
from gaitlab.video.overlay import write_overlay

__all__ = ["add_analyze_options", "run_analyze", "run_pose"]

_DEFAULT_PERSON: Final = "Me"


def _engine(settings: PoseSettings, *, for_stills: bool = False) -> PoseEngine:
    if find_model(settings.model) is None:
        with progress_bar() as bar:
            fetch_model(settings.model, on_progress=bar)
    with quiet_native_library():
        return open_engine(settings, for_stills=for_stills)


def _check_folders(targets: Sequence[str | None]) -> None:
    """Refuse output files in folders that do not exist before hours of work are spent."""
    for target in targets:
        if target and target != "-" and not Path(target).absolute().parent.is_dir():
            raise UsageError(f"{target}: the folder does not exist; create it or choose another file")


def _image_wh(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) > 0 and int(height) > 0):
        raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT such as 1280x720, got {text!r}")
    return int(width), int(height)


def _fps(text: str) -> float:
    if not 1.0 <= float(text) <= 1000.0:
        raise argparse.ArgumentTypeError(f"expected 1 to 1000 frames a second, got {text!r}")
    return float(text)


def _points_px(text: str) -> tuple[float, float, float, float]:
    try:
        x1, y1, x2, y2 = (float(one) for one in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected X1,Y1,X2,Y2 such as 310,420,655,418, got {text!r}") from None
    return x1, y1, x2, y2


def _scale_line(args: argparse.Namespace) -> ScaleLine | None:
    if args.scale_points is None and args.scale_length_m is None:
        return None
    if args.scale_points is None or args.scale_length_m is None:
        raise UsageError("--scale-points and --scale-length-m belong together: give both")
    return ScaleLine(points_px=args.scale_points, length_m=args.scale_length_m)


def _settings(args: argparse.Namespace) -> AnalysisSettings:
    return AnalysisSettings(
        activity=args.activity,
        height_m=args.height_m,
        px_per_m=args.px_per_m,
        scale_line=_scale_line(args),
        treadmill_mps=args.treadmill_mps,
        slow_motion=args.slow_motion,
        pose=PoseSettings(model=args.model, workers=args.workers, subject=args.subject),
    )


def _analyse_keypoints(path: Path, settings: AnalysisSettings, args: argparse.Namespace) -> Analysis:
    track = read_keypoints(path, fps=args.fps, image_wh=args.image_wh)
    image_wh = track.image_wh
    span_s = float(track.time_s[-1] - track.time_s[0])
    return analyse_track(
        track,
        settings,
        source=SourceInfo(
            file=path.name,
            sha256=sha256_of(path) if path.is_file() else None,
            width_px=image_wh[0] if image_wh else None,
            height_px=image_wh[1] if image_wh else None,
            frames=len(track),
            duration_s=span_s + 1.0 / track.fps_mean if len(track) > 1 else None,
            fps_mean=track.fps_mean if len(track) > 1 else None,
        ),
    )


def _analyse(path: Path, settings: AnalysisSettings, args: argparse.Namespace) -> Analysis:
    if holds_keypoints(path):
        if args.overlay:
            raise UsageError("--overlay needs a video: keypoints carry no picture")
        return _analyse_keypoints(path, settings, args)
    if args.image_wh:
        raise UsageError("--image-wh is for keypoint files; a video knows its own size")
    with closing(_engine(settings.pose)) as engine, progress_bar() as bar:
        analysis = analyse_video(path, settings, engine=engine, on_progress=bar)
    if args.overlay:
        with progress_bar() as bar:
            hidden_in = analysis.track_raw if args.blur_faces else None
            write_overlay(frames(path), analysis.track, Path(args.overlay), hidden_in=hidden_in, on_progress=bar)
    return analysis


def run_analyze(args: argparse.Namespace) -> None:
    """Analyse a clip or keypoints, keep the session and write what was asked for."""
    _check_folders((args.json, args.csv, args.overlay, args.report))
    check_report_name(args.report)
    session_id = None
    if args.no_save:
        analysis = _analyse(Path(args.input), _settings(args), args)
    else:
        analysis, session_id = _analyse_and_save(args)
    if args.report:
        write_report(Path(args.report), analysis, person=args.person, open_store=open_store if session_id else None)
    if args.csv:
        written(Path(args.csv), lambda path: write_rows(path, METRIC_COLUMNS, metric_rows(analysis)))
    if args.json:
        write_json(to_json(analysis, session_id=session_id), args.json)
    else:
        print("\n".join(summary_lines(analysis)))


def _analyse_and_save(args: argparse.Namespace) -> tuple[Analysis, int]:
    """Analyse and save; what would forbid saving is found before the analysis costs its time."""
    settings = _settings(args)
    wanted = read_preferences(data_dir())
    with closing(open_store()) as store:
        analysis = _analyse(Path(args.input), settings, args)
        media = media_to_keep(wanted, {"overlay": Path(args.overlay)} if args.overlay else {})
        session_id = _save(store, analysis, args, media=media)
        with suppress(StoreError):  # the session is saved; what is to go goes at the next start
            enforce(store, wanted)
    return analysis, session_id


def _save(
    store: SessionStore, analysis: Analysis, args: argparse.Namespace, *, media: Mapping[str, Path] | None
) -> int:
    """Save an analysis; one of a file that the person's sessions have already takes the place of the older one."""
    known = store.find_by_hash(analysis.source.sha256, person=args.person) if analysis.source.sha256 else ()
    session_id = store.save(
        analysis,
        person=args.person,
        recorded_at=args.recorded_at,
        file_time=datetime.fromtimestamp(Path(args.input).stat().st_mtime, UTC),
        media=media,
        replaces=known[0].id if known and not args.as_new else None,
    )
    if known and not args.as_new:
        print(
            f"gaitlab: session {known[0].id} is of the same file; session {session_id} takes its place in lists, and "
            f"`gaitlab show {known[0].id}` still shows it (--as-new keeps both)",
            file=sys.stderr,
        )
    return session_id


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()  # without a zone: as on the clock of this computer
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a time such as 2026-03-02T09:30, got {text!r}") from error


def run_pose(args: argparse.Namespace) -> None:
    """Find every pose in one picture."""
    _check_folders((args.json,))
    picture = Picture.of_rgb(read_picture(Path(args.image)))
    with closing(_engine(PoseSettings(model=args.model), for_stills=True)) as engine:
        poses = find_poses(picture, engine)
    report = poses_to_json([(pose.xy_px, pose.score) for pose in poses], picture.wh)
    if args.json:
        write_json(report, args.json)
        return
    for pose in report["poses"]:
        print(f"pose, score {pose['score']:.2f}")
        for point in pose["keypoints"]:
            print(f"  {point['name']:16} {point['x']:8.1f} {point['y']:8.1f}  {point['score']:.2f}")


def add_analyze_options(command: argparse.ArgumentParser) -> None:
    """Add what `gaitlab analyze` can be told."""
    command.add_argument(
        "input", metavar="INPUT", help="video, or keypoints: wide CSV, COCO JSON, .trc, or a folder of OpenPose JSON"
    )
    command.add_argument("--activity", default="auto", choices=activities(), help="default: auto")
    command.add_argument("--person", default=_DEFAULT_PERSON, metavar="NAME", help=f"default: {_DEFAULT_PERSON}")
    command.add_argument("--height-m", type=float, metavar="M", help="body height: gives step length and speed")
    command.add_argument(
        "--px-per-m", type=float, metavar="PX", help="scale at the person's distance, surer than the body height"
    )
    command.add_argument(
        "--scale-points",
        type=_points_px,
        metavar="X1,Y1,X2,Y2",
        help="two points of the upright picture, in pixels, at the person's distance (310,420,655,418: a mat's ends); "
        "with --scale-length-m",
    )
    command.add_argument("--scale-length-m", type=float, metavar="L", help="how far apart these points are in reality")
    command.add_argument(
        "--treadmill-mps", type=float, metavar="V", help="belt speed: gives step length where the hips stay in place"
    )
    command.add_argument(
        "--slow-motion", type=float, default=1.0, metavar="N", help="4 = filmed at four times the rate"
    )
    command.add_argument("--image-wh", type=_image_wh, metavar="WxH", help="picture size of a keypoint file")
    command.add_argument("--fps", type=_fps, metavar="HZ", help="frames a second of keypoints that tell no time")
    command.add_argument("--model", default=DEFAULT_MODEL)
    command.add_argument(
        "--subject",
        default="auto",
        metavar="auto|largest|center|INDEX",
        help="who is analysed when several people are seen; INDEX counts from 1 by first appearance (default: auto)",
    )
    command.add_argument("--workers", type=int, metavar="N", help="interpreter threads; the result does not change")
    command.add_argument(
        "--json", metavar="FILE|-", help="write the report with events and gait curves as JSON to a file or stdout"
    )
    command.add_argument("--csv", metavar="FILE", help="write the metrics as a table")
    command.add_argument("--overlay", metavar="FILE.mp4", help="write the clip with the skeleton drawn on it")
    command.add_argument("--blur-faces", action="store_true", help="hide the person's head in the overlay")
    command.add_argument("--report", metavar="FILE.html|FILE.pdf", help="write the report as a web page or as PDF")
    command.add_argument(
        "--recorded-at",
        type=_moment,
        metavar="TIME",
        help="when it was filmed (default: metadata, else the file's time)",
    )
    command.add_argument("--as-new", action="store_true", help="keep an older session of the same file in the lists")
    command.add_argument("--no-save", action="store_true", help="do not keep the session")

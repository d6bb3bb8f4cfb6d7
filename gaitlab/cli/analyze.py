"""`gaitlab analyze`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gaitlab import sessions
from gaitlab.cli.compare_networks import add_compare_option, by_network_json, compared
from gaitlab.cli.export import check_report_name, write_numbers, write_report
from gaitlab.cli.output import progress_bar, quiet_native_library, write_json
from gaitlab.errors import GaitLabError, UsageError
from gaitlab.formats.any_keypoints import holds_keypoints
from gaitlab.formats.picture_files import holds_pictures
from gaitlab.metrics.by_network import ByNetwork, with_networks
from gaitlab.paths import data_dir
from gaitlab.pipeline import PictureSettings, PoseEngine, analyse_video, open_engine
from gaitlab.pose.weights.resolve import fetch_model, find_model
from gaitlab.records import Analysis
from gaitlab.repetitions.activities import activities
from gaitlab.reports import About, Shared, document_of, text_report
from gaitlab.reports.report_json import to_json
from gaitlab.sessions import AnalysedClip, AnalysisRequest
from gaitlab.settings import DEFAULT_MODEL, AnalysisSettings, PoseSettings, ScaleLine, WalkingTestSettings
from gaitlab.storage import SessionStore, open_store
from gaitlab.storage.preferences import read_preferences

__all__ = [
    "add_analyze_options",
    "add_keypoint_options",
    "add_model_option",
    "check_folders",
    "check_keypoint_options",
    "open_pose_engine",
    "run_analyze",
]

_DEFAULT_PERSON: Final = "Me"
_SHOWN: Final = ("pose", "overlay", "waiting")  # stages that take time


def open_pose_engine(settings: PoseSettings, *, pictures: PictureSettings | None = None) -> PoseEngine:
    """Open a pose model, fetched before where it is not on this machine; with `pictures` for single pictures."""
    _fetch(settings.model)
    with quiet_native_library():
        return open_engine(settings, for_stills=pictures is not None, pictures=pictures)


def _fetch(model: str) -> None:
    if find_model(model) is None:
        with progress_bar() as bar:
            fetch_model(model, on_progress=bar)


def check_folders(targets: Sequence[str | None]) -> None:
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
        raise argparse.ArgumentTypeError(f"expected 1 to 1000 frames per second, got {text!r}")
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


def _walking_tests(args: argparse.Namespace) -> WalkingTestSettings:
    if (args.marks is None) != (args.marks_m is None):
        raise UsageError("--marks and --marks-m belong together: give both")
    return WalkingTestSettings(
        up_and_go=args.up_and_go,
        marks=None if args.marks is None else ScaleLine(points_px=args.marks, length_m=args.marks_m),
        sppb_balance=args.sppb_balance,
        sppb_gait=args.sppb_gait,
        sppb_chair=args.sppb_chair,
    )


def _settings(args: argparse.Namespace) -> AnalysisSettings:
    return AnalysisSettings(
        activity=args.activity,
        height_m=args.height_m,
        px_per_m=args.px_per_m,
        scale_line=_scale_line(args),
        treadmill_mps=args.treadmill_mps,
        slow_motion=args.slow_motion,
        pose=PoseSettings(model=args.model, workers=args.workers, subject=args.subject, feet=args.feet),
        walking_tests=_walking_tests(args),
    )


def _file_time(path: Path) -> datetime | None:
    """Return the time of the last change of a file; None for a missing file, which the analysis reports."""
    with suppress(OSError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return None


def check_keypoint_options(args: argparse.Namespace, path: Path) -> None:
    """Refuse options of keypoints, and of pictures, that a video would leave unused."""
    if holds_keypoints(path):
        return
    if args.image_wh:
        raise UsageError("--image-wh is for keypoint files; a video knows its own size")
    if args.fps and not holds_pictures(path):
        raise UsageError(
            "--fps is for keypoints and pictures; a video knows its own times (slow motion: --slow-motion)"
        )


def _request(args: argparse.Namespace) -> AnalysisRequest:
    path = Path(args.input)
    if holds_keypoints(path) and args.overlay:
        raise UsageError("--overlay needs a video: keypoints carry no picture")
    if args.blur_faces and not args.overlay:
        raise UsageError("--blur-faces hides the person's head in the overlay; add --overlay, or leave it out")
    if holds_keypoints(path) and args.compare:
        raise UsageError("--compare needs a video: keypoints were found already")
    check_keypoint_options(args, path)
    return AnalysisRequest(
        person=args.person,
        settings=_settings(args),
        recorded_at=args.recorded_at,
        file_time=_file_time(path),
        as_new=args.as_new,
        overlay=Path(args.overlay) if args.overlay else None,
        hide_faces=args.blur_faces,
        fps=args.fps,
        image_wh=args.image_wh,
        marker_view=args.markers_from,
    )


def run_analyze(args: argparse.Namespace) -> None:
    """Analyse a clip or keypoints, save the session and write the requested files."""
    check_folders((args.json, args.csv, args.overlay, args.report))
    check_report_name(args.report)
    request = _request(args)
    for model in args.compare:  # before the time is spent
        _fetch(model)
    # Damaged preferences are told before the analysis; data alone need none.
    about = About(units=read_preferences(data_dir()).units) if args.report or not args.json else About()
    with ExitStack() as opened:
        # Opened before the analysis, so that an unusable store is found before the time is spent.
        store = None if args.no_save else opened.enter_context(closing(open_store()))
        analysed, numbers = _run(args, request, store)
        _tell_replaced(analysed)
        if args.report:
            write_report(Path(args.report), analysed, about=replace(about, person=args.person), store=store)
    analysis = analysed.analysis
    if args.csv:
        shared = Shared(
            analysis=analysis,
            session_id=analysed.session_id,
            person=args.person,
            recorded_at=request.filmed_at(analysis),
        )
        write_numbers(Path(args.csv), shared)
    if args.json:
        report = to_json(analysis, session_id=analysed.session_id)
        write_json(report | ({"networks": by_network_json(numbers)} if args.compare else {}), args.json)
        return
    print(text_report(document_of(analysis, about, with_drawings=False)))


def _run(
    args: argparse.Namespace, request: AnalysisRequest, store: SessionStore | None
) -> tuple[AnalysedClip, tuple[ByNetwork, ...]]:
    path = Path(args.input)
    numbers: tuple[ByNetwork, ...] = ()
    with ExitStack() as opened, progress_bar() as bar:

        def analyse(settings: AnalysisSettings) -> Analysis:
            with closing(open_pose_engine(settings.pose)) as engine:
                return analyse_video(path, settings, engine=engine, fps=args.fps, on_progress=bar)

        def beside_others(analysis: Analysis) -> Analysis:
            nonlocal numbers
            try:
                numbers = compared(analysis, args.compare, analyse) if args.compare else ()
            except (GaitLabError, KeyboardInterrupt) as error:  # the analysis itself is done, and is kept
                bar.end()
                print(f"gaitlab: not compared with other networks: {str(error) or 'stopped'}", file=sys.stderr)
            return with_networks(analysis, numbers)

        analysed = sessions.run(
            path,
            request,
            store=store,
            open_engine=lambda _: opened.enter_context(closing(open_pose_engine(request.settings.pose))),
            preferences=lambda: read_preferences(data_dir()),
            completed=beside_others,
            on_progress=lambda progress: bar(progress) if progress.stage in _SHOWN else None,
        )
    return analysed, numbers


def _tell_replaced(analysed: AnalysedClip) -> None:
    old, new = analysed.replaced_id, analysed.session_id
    if old is not None:
        print(
            f"gaitlab: session {old} is of the same file; session {new} takes its place in lists, and "
            f"`gaitlab show {old}` still shows it (--as-new keeps both)",
            file=sys.stderr,
        )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()  # without a zone: local time of this computer
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a time such as 2026-03-02T09:30, got {text!r}") from error


def add_analyze_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `gaitlab analyze`."""
    command.add_argument(
        "input",
        metavar="INPUT",
        help="video, folder or zip of numbered pictures, or keypoints: CSV, JSON, .trc, .c3d, or a folder of OpenPose "
        "JSON; `gaitlab formats` lists them",
    )
    command.add_argument("--activity", default="auto", choices=activities(), help="default: auto")
    command.add_argument(
        "--person",
        default=_DEFAULT_PERSON,
        metavar="NAME",
        help=f"whose session it becomes; the body height known of them is used (default: {_DEFAULT_PERSON})",
    )
    _add_scales(command)
    _add_walking_tests(command)
    command.add_argument(
        "--slow-motion",
        type=float,
        default=1.0,
        metavar="N",
        help="4 = filmed at four times the rate, 0.5 = plays twice as fast",
    )
    add_keypoint_options(command)
    add_compare_option(command)
    command.add_argument("--workers", type=int, metavar="N", help="interpreter threads; the result does not change")
    _add_outputs(command)


def add_keypoint_options(command: argparse.ArgumentParser) -> None:
    """Add the options that tell where keypoints come from, and whose they are."""
    command.add_argument("--image-wh", type=_image_wh, metavar="WxH", help="frame size of a keypoint file")
    command.add_argument(
        "--fps", type=_fps, metavar="HZ", help="frames per second of keypoints without times, and of pictures"
    )
    command.add_argument(
        "--markers-from",
        default="side",
        choices=("side", "front"),
        help="from where markers in space (.trc, .c3d) are seen (default: side)",
    )
    command.add_argument(
        "--feet",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="let a second network look at heels and toes of somebody who walks or runs across the picture, for a "
        "third more time: they are drawn, kept and exported, and of walking the angle at which a foot lands is given; "
        "--no-feet does without",
    )
    add_model_option(command)
    command.add_argument(
        "--subject",
        default="auto",
        metavar="auto|largest|center|INDEX",
        help="who is analysed when several people are seen; INDEX counts from 1 by first appearance (default: auto)",
    )


def add_model_option(command: argparse.ArgumentParser) -> None:
    """Add the option for the network."""
    command.add_argument(
        "--model",
        default=DEFAULT_MODEL,
        metavar="NAME|FILE.tflite",
        help="pose network: a name of `gaitlab models list`, or a file of MoveNet or PoseNet "
        f"(default: {DEFAULT_MODEL})",
    )


def _add_scales(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--height-m",
        type=float,
        metavar="M",
        help="body height: gives step length and speed (default: what `gaitlab person set` stored, unless --no-save)",
    )
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


def _add_walking_tests(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--up-and-go",
        action="store_true",
        help="the clip shows a Timed Up and Go (found without it, too; with it the report says why it is not measured)",
    )
    command.add_argument(
        "--marks",
        type=_points_px,
        metavar="X1,Y1,X2,Y2",
        help="two marks on the floor where the feet pass, in pixels of the upright picture: times the walk between "
        "them and gives the scale; with --marks-m",
    )
    command.add_argument(
        "--marks-m",
        type=float,
        metavar="M",
        help="how far apart the marks are: 4 (4-metre walk), 6 (the timed middle of the 10-metre walk) or 10",
    )
    for part, what in (
        ("balance", "balance"),
        ("gait", "the walk of another clip"),
        ("chair", "the chair stands of another clip"),
    ):
        command.add_argument(
            f"--sppb-{part}",
            type=int,
            metavar="0-4",
            help=f"points of the Short Physical Performance Battery for {what}; its total needs those for balance",
        )


def _add_outputs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--json", metavar="FILE|-", help="write the report with events and gait curves as JSON to a file or stdout"
    )
    command.add_argument("--csv", metavar="FILE", help="write the metrics as a table, and FILE.settings.json beside it")
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
    command.add_argument(
        "--no-save",
        action="store_true",
        help="do not keep the session and open no store, so that nothing stored of the person, as the body height, "
        "is used",
    )

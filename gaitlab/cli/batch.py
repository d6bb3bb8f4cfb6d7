"""`gaitlab batch`: many clips into sessions and one table."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Final

from gaitlab.cli.analyze import add_keypoint_options, check_folders, open_pose_engine
from gaitlab.cli.output import StatusLine
from gaitlab.errors import AnalysisCancelled, UsageError
from gaitlab.extras import need_extra
from gaitlab.paths import data_dir
from gaitlab.repetitions.activities import activities
from gaitlab.reports import EXPORTS, check_export
from gaitlab.sessions import AnalysisRequest, file_name_of, hand_out
from gaitlab.settings import AnalysisSettings, PoseSettings
from gaitlab.storage import SessionStore, open_store
from gaitlab.storage.preferences import read_preferences
from gaitlab.study.batch import (
    TABLE_SUFFIXES,
    BatchClip,
    BatchProgress,
    BatchResult,
    ClipDefaults,
    KeptInFolder,
    KeptInStore,
    Problem,
    cluster,
    list_clips,
    processes,
    run_batch,
    write_problems,
    write_table,
)

__all__ = ["add_batch_options", "run_batch_command"]

#: Some clips could not be analysed; the others are done.
_SOME_FAILED: Final = 7
_TOLD_MAX: Final = 20  # problems and copies in the summary; a file has all


def add_batch_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `gaitlab batch`."""
    command.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="folders of videos, patterns, files, addresses such as s3://…, or a manifest: a CSV with a column file, "
        "and person, activity, height_m, px_per_m, treadmill_mps, slow_motion, recorded_at, tags, subject, fps as "
        "needed; further columns are copied into the table",
    )
    command.add_argument("--activity", default="auto", choices=activities(), help="default: auto")
    whose = command.add_mutually_exclusive_group()
    whose.add_argument(
        "--person", default="", metavar="NAME", help="whose clips they are, where a manifest tells nothing"
    )
    whose.add_argument(
        "--person-from",
        choices=("folder", "name"),
        help="take it from the folder of each clip, or from its name up to the first space, underscore or hyphen",
    )
    for option, what in (("height-m", "M"), ("px-per-m", "PX"), ("treadmill-mps", "V")):
        command.add_argument(f"--{option}", type=float, metavar=what, help="as for `gaitlab analyze`")
    command.add_argument("--slow-motion", type=float, default=1.0, metavar="N", help="as for `gaitlab analyze`")
    add_keypoint_options(command)
    crew = command.add_mutually_exclusive_group()
    crew.add_argument(
        "--processes",
        type=int,
        default=max(1, (os.cpu_count() or 1) // 2),
        metavar="N",
        help="clips analysed at once (default: half as many as cores)",
    )
    crew.add_argument(
        "--scheduler", metavar="ADDRESS", help="analyse on the workers of a Dask cluster: tcp://10.0.0.5:8786"
    )
    command.add_argument("--table", metavar="FILE", help="one row per clip and number: .csv or .parquet")
    command.add_argument("--problems", metavar="FILE.csv", help="clips that could not be analysed, with the reason")
    command.add_argument("--reports", metavar="FOLDER", help="write a report of each session there, in --format")
    command.add_argument("--format", default="html", choices=tuple(EXPORTS), help="of the reports (default: html)")
    command.add_argument("--no-save", action="store_true", help="no sessions, only a table")
    command.add_argument("--again", action="store_true", help="analyse also what is done")
    command.add_argument("--dry-run", action="store_true", help="list what would be analysed; read no clip")


def run_batch_command(args: argparse.Namespace) -> int:
    """Analyse the clips that are not done, write what is asked for, and tell what could not be analysed."""
    _check(args)
    defaults = ClipDefaults(request=_request(args), person_from=args.person_from, needs_person=not args.no_save)
    clips, wrong = list_clips(args.inputs, defaults)
    if args.dry_run:
        _tell_plan(clips, wrong)
        return _SOME_FAILED if wrong else 0
    with ExitStack() as opened:
        kept: KeptInStore | KeptInFolder
        if args.no_save:
            kept = KeptInFolder(folder=Path(f"{args.table}.done"))
        else:
            store = opened.enter_context(closing(open_store()))
            kept = KeptInStore(
                store=store,
                preferences=lambda: read_preferences(data_dir()),
                on_saved=partial(_report, store, args.reports, args.format),
            )
        if args.scheduler:
            crew = opened.enter_context(cluster(args.scheduler))
        else:
            _fetch_model(args.model, clips)
            crew = opened.enter_context(processes(args.processes))
        try:
            with closing(StatusLine()) as line:
                result = run_batch(
                    clips,
                    crew=crew,
                    kept=kept,
                    again=args.again,
                    on_progress=lambda progress: line.show(_progress_words(progress)),
                )
        except KeyboardInterrupt as error:
            told = "interrupted; what is done is kept, the same command goes on from there"
            raise AnalysisCancelled(told) from error
    problems = (*wrong, *result.problems)
    if args.table:
        write_table(Path(args.table), result.rows)
    if args.problems:
        write_problems(Path(args.problems), problems)
    _tell_result(result, problems)
    return _SOME_FAILED if problems else 0


def _check(args: argparse.Namespace) -> None:
    """Refuse what cannot be written before hours of work are spent."""
    if args.no_save and not args.table:
        raise UsageError("--no-save: without sessions there is only a table; give --table FILE")
    if args.no_save and args.reports:
        raise UsageError("--reports: reports are of saved sessions; leave out --no-save")
    if args.table and Path(args.table).suffix.lower() not in TABLE_SUFFIXES:
        raise UsageError(f"--table {args.table}: expected a name that ends in {' or '.join(TABLE_SUFFIXES)}")
    if args.table and args.table.lower().endswith(TABLE_SUFFIXES[1]):
        need_extra("parquet", f"--table {args.table}")
    check_folders((args.table, args.problems))
    if args.reports:
        check_export(args.format)
        if not Path(args.reports).is_dir():
            raise UsageError(f"--reports {args.reports}: the folder does not exist; create it or choose another")


def _request(args: argparse.Namespace) -> AnalysisRequest:
    threads = None if args.scheduler else max(1, (os.cpu_count() or 1) // max(1, args.processes))
    settings = AnalysisSettings(
        activity=args.activity,
        height_m=args.height_m,
        px_per_m=args.px_per_m,
        treadmill_mps=args.treadmill_mps,
        slow_motion=args.slow_motion,
        pose=PoseSettings(model=args.model, workers=threads, subject=args.subject, feet=args.feet),
    )
    return AnalysisRequest(
        person=args.person, settings=settings, fps=args.fps, image_wh=args.image_wh, marker_view=args.markers_from
    )


def _fetch_model(model: str, clips: Sequence[BatchClip]) -> None:
    """Load the model once, so that it is there, and whole, before several processes want it."""
    if clips:
        open_pose_engine(PoseSettings(model=model, workers=1)).close()


def _report(store: SessionStore, folder: str | None, name: str, session_id: int) -> None:
    if folder is None:
        return
    path = Path(folder) / file_name_of(store.get(session_id).header, name)
    if not path.exists():
        hand_out(store, session_id, name, path)


def _progress_words(progress: BatchProgress) -> str:
    """Return how many clips are done, how many have a problem, and how long the rest will take."""
    told = f"{progress.done} of {progress.total} clips"
    if progress.problems:
        told += f", {progress.problems} with a problem"
    if progress.left_s is not None:
        told += f", {_time_words(progress.left_s)} left"
    return told


def _time_words(seconds: float) -> str:
    if seconds < 90.0:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60.0)} min" if seconds < 5400.0 else f"about {seconds / 3600.0:.1f} h"


def _tell_plan(clips: Sequence[BatchClip], wrong: Sequence[Problem]) -> None:
    for clip in clips:
        print(f"{clip.label}\t{clip.request.person}\t{clip.request.settings.activity}")
    _tell_all([f"{one.file}: {one.reason}" for one in wrong])
    print(f"{len(clips)} clips would be analysed, {len(wrong)} cannot be", file=sys.stderr)


def _tell_result(result: BatchResult, problems: Sequence[Problem]) -> None:
    _tell_all([f"{one.file}: {one.reason}" for one in problems])
    _tell_all([f"{file}: the same clip as {first}; done once" for file, first in result.same])
    print(
        f"{result.analysed} clips analysed, {result.known} done before, {len(problems)} with a problem",
        file=sys.stderr,
    )


def _tell_all(lines: Sequence[str]) -> None:
    for line in lines[:_TOLD_MAX]:
        print(line, file=sys.stderr)
    if len(lines) > _TOLD_MAX:
        print(f"and {len(lines) - _TOLD_MAX} more; --problems FILE.csv lists all", file=sys.stderr)

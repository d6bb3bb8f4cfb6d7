"""Commands that write reports and files of other programs: ``gaitlab export 12 --format pdf``."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final, get_args

from gaitlab.cli.output import written
from gaitlab.errors import UsageError
from gaitlab.extras import need_extra
from gaitlab.pipeline import open_engine
from gaitlab.reports import EXPORTS, SETTINGS, About, Shared, Wishes, check_export, read_comment, write_export
from gaitlab.reports.wishes import Paper
from gaitlab.sessions import VIDEO, AnalysedClip, file_name_of, hand_out, settings_beside
from gaitlab.settings import PoseSettings
from gaitlab.storage import SessionStore
from gaitlab.workspace import appearing

__all__ = ["add_export_options", "check_report_name", "run_export", "write_numbers", "write_report"]

_REPORTS: Final = (".html", ".pdf")

_WITH_CLIP: Final = tuple(name for name, export in EXPORTS.items() if export.shows_clip)
_HIDING: Final = ("--blur-faces", "--blur-everybody")
#: What a user may ask for, and the formats that have a place for it.
_PLACES: Final = {
    "--question": ("one-page",),
    "--paper": ("one-page",),
    "--comment": ("playing",),
    "--with-clip": _WITH_CLIP,
    **dict.fromkeys(_HIDING, (VIDEO, *_WITH_CLIP)),
}


def check_report_name(target: str | None) -> None:
    """Refuse a report file whose suffix is not a known format, or one whose packages are not installed."""
    if target is None:
        return
    suffix = Path(target).suffix.lower()
    if suffix not in _REPORTS:
        raise UsageError(f"--report {target}: expected a name that ends in {' or '.join(_REPORTS)}")
    if extra := EXPORTS[suffix.removeprefix(".")].extra:
        need_extra(extra, f"--report {target}")


def write_report(path: Path, analysed: AnalysedClip, *, about: About, store: SessionStore | None) -> None:
    """Write the report of an analysis as HTML or PDF, by suffix; of a saved session with facts from the store."""
    name = path.suffix.lower().removeprefix(".")
    if store is not None and analysed.session_id is not None:
        hand_out(store, analysed.session_id, name, path)
    else:
        write_export(name, path, Shared(analysis=analysed.analysis, about=about))


def write_numbers(path: Path, shared: Shared) -> None:
    """Write the metrics as a table, and beside a file the settings that made them."""
    written(path, lambda out: EXPORTS["csv"].write(out, shared))
    if path.is_file():
        written(settings_beside(path), lambda out: EXPORTS[SETTINGS].write(out, shared))


def add_export_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `gaitlab export`."""
    command.add_argument("id", type=int)
    command.add_argument("--format", required=True, choices=(*EXPORTS, VIDEO))
    command.add_argument(
        "--out",
        metavar="FILE",
        help="default: a name with the person, the day, the activity and the session, in this folder",
    )
    command.add_argument("--question", default="", metavar="TEXT", help="on the one page: why the clip was filmed")
    command.add_argument("--paper", choices=get_args(Paper), help="of the one page (default: a4)")
    command.add_argument(
        "--with-clip",
        action="store_true",
        help="one-page and playing: show the kept clip, not a drawn figure",
    )
    command.add_argument(
        "--comment",
        action="append",
        default=[],
        metavar="'SECONDS TEXT'",
        help="playing: words pinned to a moment, as in --comment '2.31 heel up early'; may be repeated",
    )
    command.add_argument("--blur-faces", action="store_true", help="hide the person's head in the video or the clip")
    command.add_argument(
        "--blur-everybody",
        action="store_true",
        help="hide the heads of all others who can be followed, too; takes long",
    )


def run_export(args: argparse.Namespace, open_store: Callable[[], SessionStore]) -> None:
    """Write a saved session as a file and print its path."""
    if args.format != VIDEO:
        check_export(args.format)
    if args.out and not Path(args.out).absolute().parent.is_dir():
        raise UsageError(f"{args.out}: the folder does not exist; create it or choose another file")
    _check_wishes(args)
    wishes = Wishes(
        question=args.question,
        paper=args.paper or "a4",
        with_clip=args.with_clip,
        comments=tuple(map(read_comment, args.comment)),
    )
    engine = partial(open_engine, PoseSettings(feet=False)) if args.blur_everybody else None
    with closing(open_store()) as store:
        out = Path(args.out or file_name_of(store.get(args.id).header, args.format))
        made = hand_out(
            store, args.id, args.format, out, hide_faces=args.blur_faces, everybody_with=engine, wishes=wishes
        )
        if made != out:
            _copy(made, out)
        beside = settings_beside(out) if args.format != VIDEO and EXPORTS[args.format].needs_settings else None
        if beside is not None and out.is_file():
            hand_out(store, args.id, SETTINGS, beside)
    print(f"written to {out}" + (f", its settings to {beside}" if beside is not None else ""), file=sys.stderr)


def _check_wishes(args: argparse.Namespace) -> None:
    """Refuse what the format has no place for, and hiding heads where no clip is shown."""
    for option, formats in _PLACES.items():
        if _is_asked(args, option) and args.format not in formats:
            raise UsageError(f"{option} is for the format {' or '.join(formats)}, not for {args.format}; leave it out")
    for option in _HIDING:
        if _is_asked(args, option) and args.format != VIDEO and not args.with_clip:
            raise UsageError(f"{option} hides heads in the clip, and a drawn figure has none; add --with-clip")


def _is_asked(args: argparse.Namespace, option: str) -> bool:
    return bool(getattr(args, option.removeprefix("--").replace("-", "_")))


def _copy(clip: Path, out: Path) -> None:
    try:
        if out.exists() and not out.is_file():  # a pipe or the terminal cannot be replaced, only written to
            out.write_bytes(clip.read_bytes())
            return
        with appearing(out) as part:
            shutil.copyfile(clip, part)
    except OSError as error:
        raise UsageError(f"{out}: the video cannot be written there ({error.strerror}); choose another file") from error

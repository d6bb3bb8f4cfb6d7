"""Commands that write reports and files of other programs: ``gaitlab export 12 --format pdf``."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from gaitlab.errors import NotFoundError, UsageError
from gaitlab.paths import data_dir
from gaitlab.records import Analysis
from gaitlab.reports import EXPORTS, About, Shared, write_export
from gaitlab.sessions import about_session
from gaitlab.storage import Goal, SessionStore, StoredSession
from gaitlab.storage.preferences import read_preferences
from gaitlab.video import frames
from gaitlab.video.overlay import write_blurred_copy
from gaitlab.workspace import appearing

__all__ = ["add_export_options", "check_report_name", "run_export", "write_report"]

_REPORTS: Final = (".html", ".pdf")
_VIDEO: Final = "video"


def check_report_name(target: str | None) -> None:
    """Refuse a report file whose name tells no known format."""
    if target and Path(target).suffix.lower() not in _REPORTS:
        raise UsageError(f"--report {target}: expected a name that ends in {' or '.join(_REPORTS)}")


def write_report(
    path: Path, analysis: Analysis, *, person: str, open_store: Callable[[], SessionStore] | None = None
) -> None:
    """Write the report of an analysis as HTML or PDF, by the ending of the name; with a store, goals too."""
    goals: Sequence[Goal] = ()
    if open_store is not None:
        with closing(open_store()) as store:
            goals = store.goals(person)
    about = About(person=person, goals=goals, units=read_preferences(data_dir()).units)
    write_export(path.suffix.lower().removeprefix("."), path, Shared(analysis=analysis, about=about))


def add_export_options(command: argparse.ArgumentParser) -> None:
    """Add what `gaitlab export` understands."""
    command.add_argument("id", type=int)
    command.add_argument("--format", required=True, choices=(*EXPORTS, _VIDEO))
    command.add_argument("--out", metavar="FILE", help="default: session-ID with the format's ending, in this folder")
    command.add_argument("--blur-faces", action="store_true", help="hide the person's head in the video")


def run_export(args: argparse.Namespace, open_store: Callable[[], SessionStore]) -> None:
    """Write a saved session as a file and say where."""
    with closing(open_store()) as store:
        stored = store.get(args.id)
        suffix = ".mp4" if args.format == _VIDEO else EXPORTS[args.format].suffix
        out = Path(args.out or f"session-{args.id}{suffix}")
        if not out.absolute().parent.is_dir():
            raise UsageError(f"{out}: the folder does not exist; create it or choose another file")
        if args.format == _VIDEO:
            _write_video(stored, out, hide=args.blur_faces)
        else:
            about = about_session(store, stored)
            write_export(args.format, out, Shared(analysis=stored.analysis, session_id=args.id, about=about))
    print(f"written to {out}", file=sys.stderr)


def _write_video(stored: StoredSession, out: Path, *, hide: bool) -> None:
    clip = stored.media.get("overlay")
    if clip is None:
        raise NotFoundError(f"session {stored.header.id}: no video is kept with it; analyse the clip with --overlay")
    if hide:
        write_blurred_copy(frames(clip), stored.analysis.track_raw, out)
        return
    try:
        with appearing(out) as part:
            shutil.copyfile(clip, part)
    except OSError as error:
        raise UsageError(f"{out}: the video cannot be written there ({error.strerror}); choose another file") from error

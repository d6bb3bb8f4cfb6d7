"""The command line: ``gaitlab analyze walk.mp4 --json -``.

Progress goes to stderr, stdout carries only requested output, and an error is one line that names the remedy.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tomllib
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from gaitlab import __version__
from gaitlab.cli.analyze import add_analyze_options, run_analyze
from gaitlab.cli.batch import add_batch_options, run_batch_command
from gaitlab.cli.convert import add_convert_options, run_convert, run_formats
from gaitlab.cli.export import add_export_options, run_export
from gaitlab.cli.history import add_history_commands
from gaitlab.cli.models import add_model_actions, run_models
from gaitlab.cli.output import progress_bar, quiet_native_library
from gaitlab.cli.pose import add_pose_options, run_pose
from gaitlab.cli.store import add_store_commands
from gaitlab.errors import GaitLabError
from gaitlab.extras import need_extra
from gaitlab.paths import bundled_path
from gaitlab.repetitions.activities import activities
from gaitlab.settings import DEFAULT_MODEL
from gaitlab.storage import open_store

__all__ = ["main"]

_INTERRUPTED: Final = 130

_EXAMPLES: Final = {
    "analyze": "gaitlab analyze walk.mp4 --activity gait --person Anna --json report.json",
    "batch": "gaitlab batch clips/ --person-from folder --table study.csv",
    "pose": "gaitlab pose photo.jpg --draw poses.png",
    "list": "gaitlab list --person Anna",
    "show": "gaitlab show 12 --json -",
    "baseline": "gaitlab baseline 3 4 5",
    "compare": "gaitlab compare 3 12",
    "trend": "gaitlab trend --person Anna --metric cadence",
    "export": "gaitlab export 12 --format pdf --out report.pdf",
    "convert": "gaitlab convert openpose_folder walk.trc --fps 30",
    "formats": "gaitlab formats",
    "delete": "gaitlab delete 12",
    "models": f"gaitlab models fetch {DEFAULT_MODEL}",
    "db": "gaitlab db backup gaitlab-backup.db",
    "person": "gaitlab person export Anna anna.zip",
    "reanalyze": "gaitlab reanalyze 12 --height-m 1.75",
    "app": "gaitlab app --port 8501",
}


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested tables as one, keys joined by dots."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return flat


def _cmd_app(args: argparse.Namespace) -> int:
    """Serve the app with the bundled configuration, from any working folder."""
    need_extra("app", "the app")
    config = tomllib.loads(bundled_path(".streamlit/config.toml").read_text(encoding="utf-8"))
    options = _flat(config) | ({"server.port": args.port} if args.port else {})
    flags = [f"--{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in options.items()]
    command = [sys.executable, "-m", "streamlit", "run", str(bundled_path("app.py")), *flags]
    if os.name == "posix":
        os.execv(sys.executable, command)  # so that stopping this program stops the server
    return subprocess.call(command)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gaitlab",
        description="Gait and repetition reports from video of one person. No medical device.",
        epilog=f"example: {_EXAMPLES['analyze']}",
    )
    parser.add_argument("--version", action="version", version=f"gaitlab {__version__}")
    debug = argparse.ArgumentParser(add_help=False)
    debug.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int | None], help_text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=help_text, description=help_text, epilog=f"example: {_EXAMPLES[name]}", parents=[debug]
        )
        command.set_defaults(run=run)
        return command

    add_analyze_options(add("analyze", run_analyze, "analyse a video or keypoints and save the session"))
    add_batch_options(
        add("batch", run_batch_command, "analyse many clips into sessions and one table; goes on where it ended")
    )
    add_pose_options(add("pose", run_pose, "find every pose in one picture"))
    add_history_commands(add)
    add_export_options(add("export", lambda args: run_export(args, open_store), "write a saved session as a file"))
    add_convert_options(add("convert", run_convert, "write keypoints, or those of a video, for another program"))
    add("formats", run_formats, "list the formats that are read and written")
    models = add(
        "models",
        lambda args: run_models(args, open_bar=progress_bar, quiet=quiet_native_library),
        "list, fetch, locate or verify pose models",
    )
    add_model_actions(models)
    add_store_commands(add, activities())
    add("app", _cmd_app, "open the app on this machine").add_argument("--port", type=int)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = _parser().parse_args(argv)
    try:
        return args.run(args) or 0
    except GaitLabError as error:
        if args.debug:
            traceback.print_exc()
        print(f"gaitlab: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("gaitlab: interrupted; nothing was saved", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of stdout has gone (`gaitlab list | head`); nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0

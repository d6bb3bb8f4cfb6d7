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

__all__ = ["StatusLine", "progress_bar", "quiet_native_library", "write_json", "written"]


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


class StatusLine:
    """One line on a terminal, redrawn; nothing when stderr is piped."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._last = ""

    def show(self, text: str) -> None:
        """Write a text in the place of the one before."""
        if self._shown and text != self._last:
            print(f"\r{text.ljust(len(self._last))}", end="", file=sys.stderr, flush=True)
            self._last = text

    def close(self) -> None:
        """End the line; what is shown next begins another one."""
        if self._last:
            print(file=sys.stderr)
            self._last = ""


class _ProgressBar:
    """One line per stage on a terminal."""

    def __init__(self) -> None:
        self._line, self._stage = StatusLine(), ""

    def __call__(self, progress: Progress) -> None:
        if progress.stage != self._stage:  # each stage has its own line
            self.end()
            self._stage = progress.stage
        if progress.total:
            share = min(1.0, progress.done / progress.total)
            text = f"{progress.stage} [{'#' * round(share * _BAR_WIDTH):{_BAR_WIDTH}}] {share:4.0%}"
        else:
            text = f"{progress.stage} {progress.done}"
        self._line.show(text)

    def end(self) -> None:
        self._line.close()


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

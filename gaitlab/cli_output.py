"""Where the command line puts what was asked for: stdout, or a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gaitlab.errors import UsageError

__all__ = ["write_json", "written"]


def write_json(value: Any, target: str) -> None:
    """Write JSON to a file, or to stdout for "-"."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    if target == "-":
        print(text)
    else:
        written(Path(target), lambda path: path.write_text(text + "\n", encoding="utf-8"))


def written(path: Path, write: Callable[[Path], Any]) -> None:
    """Let `write` write a file; where it cannot, say so in one line."""
    try:
        write(path)
    except OSError as error:
        raise UsageError(
            f"{path}: the result cannot be written there ({error.strerror}); choose another file"
        ) from error

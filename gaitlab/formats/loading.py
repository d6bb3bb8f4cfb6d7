"""Files as text and as JSON, with limits: a hostile file must cost neither memory nor time."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from gaitlab import limits
from gaitlab.errors import InputError

__all__ = ["FRAMES_MAX_FILE", "json_in", "json_of", "lines_of", "one_line"]

#: Frames that a keypoint file may have (ours): 55 minutes at 60 frames/s. Their analysis takes below 1 GB.
FRAMES_MAX_FILE: Final = limits.KEYPOINT_FRAMES_MAX
_JSON_MAX_BYTES: Final = limits.KEYPOINT_JSON_MAX_BYTES
_JSON_MEMORY_MAX: Final = limits.KEYPOINT_MEMORY_MAX_BYTES
# What CPython needs for one dictionary, list, separated value and quoted word, in bytes.
_JSON_COSTS: Final = ((b"{", 232), (b"[", 64), (b",", 40), (b'"', 30))
_LINE_MAX: Final = 1 << 20
_TEXT_MAX: Final = limits.KEYPOINT_TEXT_MAX_BYTES


def one_line(error: BaseException) -> str:
    """Return what an error says, in one short line."""
    return " ".join(str(error).split())[:160] or type(error).__name__


def json_of(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises
    ------
    InputError
        When it cannot be read, is no JSON, is nested too deeply, or would need more than 800 MB of memory.
    """
    try:
        if path.stat().st_size > _JSON_MAX_BYTES:
            raise InputError(
                f"{path.name}: expected at most {_JSON_MAX_BYTES >> 20} MB of JSON; cut the recording into parts"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name}: this JSON cannot be read ({one_line(error)}); check the file") from error
    return json_in(raw, path.name)


def json_in(raw: bytes, file: str) -> Any:
    """Return the content of JSON; `file` is its name for messages. Errors as `json_of`."""
    needed = 3 * len(raw) + sum(raw.count(sign) * cost for sign, cost in _JSON_COSTS)
    if needed > _JSON_MEMORY_MAX:
        raise InputError(
            f"{file}: reading this JSON would need {needed >> 20} MB of memory, at most {_JSON_MEMORY_MAX >> 20} are "
            "used; cut the recording into parts"
        )
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except RecursionError:
        raise InputError(f"{file}: this JSON is nested too deeply for keypoints; check the file") from None
    except (ValueError, MemoryError) as error:
        raise InputError(f"{file}: this JSON cannot be read ({one_line(error)}); check the file") from error


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a text file, also of a compressed one (.gz): UTF-8, or UTF-16 with its mark.

    Raises
    ------
    InputError
        When it cannot be read, is no text, or has a line or a length that no table of keypoints has.
    """
    total = 0
    try:
        with path.open("rb") as stored:
            raw: Any = gzip.GzipFile(fileobj=stored) if path.suffix.lower() == ".gz" else stored
            encoding = "utf-16" if raw.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
            text = io.TextIOWrapper(raw, encoding=encoding, newline=None)
            while line := text.readline(_LINE_MAX):
                total += len(line)
                if len(line) >= _LINE_MAX or total > _TEXT_MAX:
                    what = f"a line of more than {_LINE_MAX:,} characters" if total <= _TEXT_MAX else "more than 1 GB"
                    raise InputError(f"{path.name}: expected a table of keypoints, got {what}; check the file")
                yield line.rstrip("\n")
    except (OSError, UnicodeError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name}: this file cannot be read ({one_line(error)}); check the path and the file"
        ) from error

"""Tables of keypoints as text: GaitLab's own CSV, as any spreadsheet saves it again, DeepLabCut, SLEAP and the like.

One row is one frame, or one person in a frame. The separator may be a comma, a semicolon or a tab. Decimals may have a
comma where it is no separator. Columns are known by their names: a point and x, y or its score.
"""

from __future__ import annotations

import csv
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.errors import InputError
from gaitlab.formats.detections import Detections, number_in, times_in_seconds
from gaitlab.formats.loading import FRAMES_MAX_FILE, lines_of, one_line
from gaitlab.formats.names import LAYOUTS, MEDIAPIPE, N_POINTS, point_of
from gaitlab.records import FloatArray, Recording
from gaitlab.records.findings import said

__all__ = ["read_table"]

_COLUMNS_MAX: Final = 20_000
_OWN: Final = "GaitLab's CSV"
_PARTS: Final[Mapping[str, int]] = {
    **{"x": 0, "y": 1},
    **dict.fromkeys(("score", "likelihood", "confidence", "conf", "visibility", "vis", "prob", "v", "c", "p", "s"), 2),
}
_TIMES: Final[Mapping[str, float | None]] = {
    **dict.fromkeys(("time_s", "time", "timestamp", "timestamps", "t", "times", "time_sec", "seconds", "zeit"), None),
    **dict.fromkeys(("time_ms", "timestamp_ms", "t_ms", "ms", "milliseconds"), 1e3),
    **dict.fromkeys(("time_us", "timestamp_us", "t_us", "us", "microseconds"), 1e6),
}
_FRAMES: Final = (
    "frame",
    "frame_idx",
    "frame_id",
    "frame_number",
    "frame_no",
    "frames",
    "image_id",
    "index",
    "idx",
    "",
)
_PEOPLE: Final = ("person", "person_id", "track", "track_id", "individual", "individuals", "subject", "id")
_NAMED: Final = re.compile(r"^(.+?)[\s._-]?([a-zA-Z]+)$")
_COUNTED: Final = re.compile(
    r"^(?:landmark|lm|point|kp|keypoint)?_?(\d{1,3})[\s._-]?([a-zA-Z]+)$|^([a-zA-Z]+)_?(\d{1,3})$"
)


@dataclass(slots=True)
class _Columns:
    """Where in a row the values stand. `points` has (point, part) → column for each name of a person."""

    points: dict[str, dict[tuple[int, int], int]] = field(default_factory=dict)
    time: int | None = None
    time_per_s: float | None = None
    frame: int | None = None
    who: int | None = None
    names: Sequence[str] = ()
    program: str = "a table of keypoints"
    is_assumed: bool = False


def read_table(path: Path, *, fps: float | None = None, image_wh: tuple[int, int] | None = None) -> Recording:
    """Read a table of keypoints.

    Parameters
    ----------
    path : Path
        Separated text; a name that ends in ``.gz`` is compressed.
    fps : float, optional
        Frames per second, for tables without times.
    image_wh : tuple of int, optional

    Raises
    ------
    InputError
        When the file cannot be read, its columns are not known, or a value is no number.
    UsageError
        When there are no times and no `fps`.
    """
    rows, decimal_comma = _rows(path)
    head = list(islice(rows, 4))
    columns, n_head = _columns(path.name, head)
    found = Detections(file=path.name, program=columns.program, image_wh=image_wh, order_is_assumed=columns.is_assumed)
    for places in columns.points.values():
        found.points.update(point for point, _ in places)
    found.has_markers = columns.program == _OWN  # its scores are those of the track
    table = _numbers(path.name, chain(head[n_head:], rows), columns, n_head, decimal_comma=decimal_comma)
    if not len(table.values):
        raise InputError(f"{path.name}: expected one row per frame, got none")
    if decimal_comma:
        found.findings.append(said("decimal_commas"))
    if table.time is None:
        _add_all(found, columns, table, table.frame)
        return found.by_number(fps=fps)
    time_s, unit = (table.time, "s") if columns.time_per_s else times_in_seconds(table.time, file=path.name)
    if unit != "s":
        found.findings.append(said("times_taken_as", unit=unit))
    if table.who is None:
        _add_all(found, columns, table, np.arange(len(time_s)))
        return found.by_times(time_s)
    each, number = np.unique(time_s, return_inverse=True)
    _add_all(found, columns, table, number)
    return found.by_times(each)


def _rows(path: Path) -> tuple[Iterator[list[str]], bool]:
    """Return the cells of each row that has any, and whether decimals have commas."""
    lines = lines_of(path)
    first = list(islice(lines, 8))
    counts = Counter(sign for sign in "".join(first[:1]) if sign in ",;\t")
    separator = max(",;\t", key=lambda sign: counts[sign])
    below = "".join(first[1:])
    decimal_comma = separator != "," and bool(re.search(r"\d,\d", below)) and not re.search(r"\d\.\d", below)
    reader = csv.reader(chain(first, lines), delimiter=separator)

    def rows() -> Iterator[list[str]]:
        try:
            for row in reader:
                if len(row) > _COLUMNS_MAX:
                    raise InputError(f"{path.name}: expected a table of keypoints, got {len(row):,} columns")
                if any(cell.strip() for cell in row):
                    yield row
        except csv.Error as error:
            raise InputError(f"{path.name}: this table cannot be read ({one_line(error)}); check the file") from error

    return rows(), decimal_comma


def _columns(file: str, head: list[list[str]]) -> tuple[_Columns, int]:
    """Return where the values stand, and how many rows the heading has."""
    first = [cell.strip() for cell in head[0]] if head else []
    if first and first[0] == "scorer":
        return _deeplabcut(file, head)
    columns = _Columns(names=first)
    for i, name in enumerate(first):
        plain = name.lower().replace(" ", "_")
        if plain in _TIMES and columns.time is None:
            columns.time, columns.time_per_s = i, _TIMES[plain]
        elif plain in _FRAMES and columns.frame is None:
            columns.frame = i
        elif plain in _PEOPLE and columns.who is None:
            columns.who = i
    columns.points[""] = _whole(_named_points(first)) or _counted_points(first, columns)
    if "frame_idx" in first and any(name.endswith(".x") for name in first):
        columns.program = "a SLEAP table"
    elif "time_s" in first and "nose_score" in first:
        columns.program = _OWN
    if not columns.points[""]:
        shown = ", ".join(first[:4])[:80]
        raise InputError(
            f"{file}: expected the columns frame, time_s, nose_x, nose_y, nose_score, ... of a keypoint table, or "
            f"those of DeepLabCut, SLEAP or MediaPipe; got {shown or 'nothing'}"
        )
    return columns, 1


def _named_points(names: Sequence[str]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for i, name in enumerate(names):
        matched = _NAMED.match(name)
        part = _PARTS.get(matched[2].lower()) if matched else None
        point = point_of(matched[1]) if matched and part is not None else None
        if point is not None and part is not None:
            found.setdefault((point, part), i)
    return found


def _whole(found: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Leave out points without both x and y."""
    return {(point, part): i for (point, part), i in found.items() if {(point, 0), (point, 1)} <= set(found)}


def _counted_points(names: Sequence[str], columns: _Columns) -> dict[tuple[int, int], int]:
    """Return the points of columns x0, y0, v0, x1, ...: MediaPipe's where there are 33, else by their number."""
    places: dict[tuple[int, int], int] = {}
    for i, name in enumerate(names):
        if matched := _COUNTED.match(name.strip()):
            number, part = (matched[1], matched[2]) if matched[1] else (matched[4], matched[3])
            if part.lower() in _PARTS:
                places.setdefault((int(number), _PARTS[part.lower()]), i)
    numbers = sorted({number for number, part in places if part == 0})
    if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))) or numbers[0] > 1:
        return {}
    known = {**LAYOUTS, 33: MEDIAPIPE}
    if len(numbers) not in known:
        return {}
    name, layout = known[len(numbers)]
    columns.program, columns.is_assumed = f"a table of {name}", True
    return _whole(
        {
            (point, part): places[place + numbers[0], part]
            for place, point in layout.items()
            for part in range(3)
            if (place + numbers[0], part) in places
        }
    )


def _deeplabcut(file: str, head: list[list[str]]) -> tuple[_Columns, int]:
    """Return the columns under the three or four rows of a DeepLabCut heading."""
    rows = {row[0].strip(): row for row in head}
    if "bodyparts" not in rows or "coords" not in rows:
        raise InputError(f"{file}: expected the rows scorer, bodyparts and coords of DeepLabCut; check the file")
    parts, coords = rows["bodyparts"], rows["coords"]
    people = rows.get("individuals", [""] * len(parts))
    columns = _Columns(
        program="a DeepLabCut table", frame=0, names=[f"{a} {b}" for a, b in zip(parts, coords, strict=False)]
    )
    each: dict[str, dict[tuple[int, int], int]] = {}
    for i, (person, part, coord) in enumerate(zip(people, parts, coords, strict=False)):
        kind, point = _PARTS.get(coord.strip().lower()), point_of(part)
        if i and kind is not None and point is not None:
            each.setdefault(person.strip(), {}).setdefault((point, kind), i)
    columns.points = {person: whole for person, places in each.items() if (whole := _whole(places))}
    if not columns.points:
        names = ", ".join(dict.fromkeys(part.strip() for part in parts[1:]))[:120]
        raise InputError(
            f"{file}: a DeepLabCut table without points of a person's body; expected bodyparts such as left_knee, "
            f"LKnee or knee_L, got {names}"
        )
    return columns, 4 if "individuals" in rows else 3


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    values: FloatArray  # (R, people, 21, 3)
    time: FloatArray | None
    frame: NDArray[np.int64]
    who: list[str] | None


def _numbers(file: str, rows: Iterator[list[str]], columns: _Columns, n_head: int, *, decimal_comma: bool) -> _Table:
    """Return the values of all rows; points without a score have score 1."""
    wanted = [
        (place * N_POINTS * 3 + point * 3 + part, i)
        for place, places in enumerate(columns.points.values())
        for (point, part), i in places.items()
    ]
    scored = [{point for point, part in places if part == 2} for places in columns.points.values()]
    width = len(columns.points) * N_POINTS * 3
    blank = np.full((len(columns.points), N_POINTS, 3), np.nan)
    for place, known in enumerate(scored):
        blank[place, [point for point in range(N_POINTS) if point not in known], 2] = 1.0
    template = array("d", blank.ravel())
    values, times, frames, who = array("d"), array("d"), array("q"), []
    for r, row in enumerate(rows):
        if r >= FRAMES_MAX_FILE or len(values) > FRAMES_MAX_FILE * 4 * width:
            raise InputError(f"{file}: expected at most {FRAMES_MAX_FILE:,} rows; cut the recording into parts")

        def number(i: int, row: list[str] = row, r: int = r) -> float:
            return _number(row[i] if i < len(row) else "", r + n_head + 1, columns.names[i], file, decimal_comma)

        line = template[:]
        for at, i in wanted:
            line[at] = number(i)
        values.extend(line)
        if columns.time is not None:
            times.append(number(columns.time) / (columns.time_per_s or 1.0))
        frames.append(r if columns.frame is None else _frame_number(row[columns.frame], r, file))
        if columns.who is not None:
            who.append(row[columns.who].strip() if columns.who < len(row) else "")
    return _Table(
        np.frombuffer(values, dtype=np.float64).reshape(-1, len(columns.points), N_POINTS, 3),
        np.frombuffer(times, dtype=np.float64) if columns.time is not None else None,
        np.frombuffer(frames, dtype=np.int64),
        who if columns.who is not None else None,
    )


def _number(text: str, row: int, column: str, file: str, decimal_comma: bool) -> float:
    text = text.strip()
    if not text:
        return float("nan")
    try:
        number = float(text.replace(",", ".") if decimal_comma else text)
    except ValueError:
        number = float("inf")
    if number in (float("inf"), float("-inf")):
        raise InputError(f"{file}: row {row}, column {column}: expected a number, got {text[:40]!r}")
    return number


def _frame_number(text: str, row: int, file: str) -> int:
    """Return the number of a frame, which may be at the end of an image's name."""
    try:
        value = float(text)
        if value == int(value) and abs(value) < 1e15:
            return int(value)
    except (ValueError, OverflowError):
        number = number_in(Path(text).stem)
        if number is not None:
            return number
    raise InputError(f"{file}: row {row + 1} of the values: expected the number of a frame, got {text[:40]!r}")


def _add_all(found: Detections, columns: _Columns, table: _Table, numbers: NDArray[np.int64]) -> None:
    several = len(columns.points) > 1 or (table.who is not None and len(set(table.who)) > 1)
    people = list(columns.points)
    taken: set[tuple[int, str]] = set()
    for r, number in enumerate(numbers.tolist()):
        for place, person in enumerate(people):
            name = person if table.who is None else table.who[r]
            if name in ("", "nan") and table.who is not None:  # a person whom the file did not follow
                found.add(number, table.values[r, place, :, :2], table.values[r, place, :, 2])
                continue
            if (number, name) in taken:
                raise InputError(f"{found.file}: frame {number} stands there twice for one person; check the file")
            taken.add((number, name))
            points = table.values[r, place]
            found.add(number, points[:, :2], points[:, 2], who=name if several else None)

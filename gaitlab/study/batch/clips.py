"""The list of clips of a batch: folders, patterns, files, addresses, and manifests."""

from __future__ import annotations

import csv
import glob
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from gaitlab.errors import GaitLabError, InputError, UsageError
from gaitlab.formats.picture_files import holds_pictures
from gaitlab.limits import NAME_MAX_CHARS
from gaitlab.repetitions.activities import checked_activity
from gaitlab.sessions import AnalysisRequest
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import new_name
from gaitlab.study.batch.work import BatchClip, Problem, is_address
from gaitlab.video import VIDEO_ENDINGS

__all__ = ["BatchClip", "ClipDefaults", "PersonFrom", "list_clips"]

PersonFrom = Literal["folder", "name"]

_NUMBERS: Final = ("height_m", "px_per_m", "treadmill_mps", "slow_motion")
#: Columns of a manifest that tell the analysis something; any other is copied into the table.
_KNOWN: Final = ("file", "person", "activity", *_NUMBERS, "recorded_at", "tags", "subject", "fps")
_MANIFEST_MAX_BYTES: Final = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipDefaults:
    """What holds for every clip whose row in a manifest tells nothing else.

    Attributes
    ----------
    request : AnalysisRequest
        Its person may be empty: then each clip has to tell its own.
    person_from : {"folder", "name"} or None
        Takes the person from the name of the folder in which a clip lies, or from the name of the file up to the first
        space, underscore or hyphen.
    needs_person : bool
        Whether a clip without a person is refused; sessions have one.
    """

    request: AnalysisRequest = field(default_factory=lambda: AnalysisRequest(person=""))
    person_from: PersonFrom | None = None
    needs_person: bool = True


def list_clips(inputs: Sequence[str], defaults: ClipDefaults) -> tuple[tuple[BatchClip, ...], tuple[Problem, ...]]:
    """List the clips that folders, patterns, files, addresses and manifests name.

    Parameters
    ----------
    inputs : sequence of str
        A folder is searched for video files, also in the folders in it; one that holds numbered pictures is one clip. A
        CSV with a column ``file`` is a manifest. Everything else is a clip or keypoints.
    defaults : ClipDefaults

    Returns
    -------
    clips : tuple of BatchClip
        In the order of the inputs and of the rows; those of a folder by name. A clip that is named twice in the same
        way is there once.
    problems : tuple of Problem
        Rows of manifests, and files, that cannot be analysed, with the reason.

    Raises
    ------
    UsageError
        When an input names nothing.
    InputError
        When a manifest cannot be read.
    """
    clips: dict[tuple[Any, ...], BatchClip] = {}
    problems: list[Problem] = []
    for given in inputs:
        for one in _named_by(given, defaults):
            if isinstance(one, Problem):
                problems.append(one)
            else:
                clips.setdefault((one.place, repr(one.request)), one)
    return tuple(clips.values()), tuple(problems)


def _named_by(given: str, defaults: ClipDefaults) -> Iterator[BatchClip | Problem]:
    if is_address(given):
        yield _clip(given, given, defaults, {})
        return
    path = Path(given)
    if path.suffix.lower() == ".csv" and path.is_file() and (rows := _manifest_rows(path)) is not None:
        yield from (_of_row(row, number, path, defaults) for number, row in rows)
    elif path.is_dir() and not holds_pictures(path):
        found = _videos_in(path)
        if not found:
            raise UsageError(f"{given}: no video in this folder; name the files, or give a manifest")
        yield from (_clip(str(one), one.relative_to(path).as_posix(), defaults, {}) for one in found)
    elif path.exists():
        yield _clip(given, path.name, defaults, {})
    elif fits := sorted(glob.glob(given, recursive=True)):
        yield from (_clip(one, Path(one).name, defaults, {}) for one in fits if not Path(one).is_dir())
    else:
        raise UsageError(f"{given}: no such file or folder, and no file fits this pattern; check the path")


def _videos_in(folder: Path) -> list[Path]:
    return sorted(
        one
        for one in folder.rglob("*")
        if one.suffix.lower() in VIDEO_ENDINGS and one.is_file() and not _is_hidden(one.relative_to(folder))
    )


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _clip(place: str, label: str, defaults: ClipDefaults, told: Mapping[str, str]) -> BatchClip | Problem:
    """Return the clip with what its row tells, or what is wrong with it."""
    try:
        request = _request(place, defaults, told)
    except GaitLabError as error:
        return Problem(file=label, exit_code=error.exit_code, reason=str(error))
    extra = {name: text for name, text in told.items() if name not in _KNOWN}
    return BatchClip(place=place, label=label, request=request, columns=extra)


def _request(place: str, defaults: ClipDefaults, told: Mapping[str, str]) -> AnalysisRequest:
    before = defaults.request
    person = " ".join((told.get("person") or before.person or _person_of(place, defaults.person_from)).split())
    if defaults.needs_person and not 0 < len(person) <= NAME_MAX_CHARS:
        raise UsageError(
            f"person: expected a name of 1 to {NAME_MAX_CHARS} characters, got {len(person)}; fill in the column "
            "person, or give --person or --person-from"
        )
    return replace(
        before,
        person=new_name(person) if person else "",
        settings=_settings(before.settings, told),
        recorded_at=_moment(told["recorded_at"]) if told.get("recorded_at") else before.recorded_at,
        file_time=_file_time(place),
        fps=_number("fps", told["fps"]) if told.get("fps") else before.fps,
        tags=tuple(tag.strip() for tag in told.get("tags", "").split(";") if tag.strip()) or before.tags,
    )


def _person_of(place: str, source: PersonFrom | None) -> str:
    if source is None:
        return ""
    path = Path(place.split("?", 1)[0]) if is_address(place) else Path(place).absolute()
    return path.parent.name if source == get_args(PersonFrom)[0] else re.split(r"[ _-]", path.stem, maxsplit=1)[0]


def _settings(before: AnalysisSettings, told: Mapping[str, str]) -> AnalysisSettings:
    changed: dict[str, Any] = {name: _number(name, told[name]) for name in _NUMBERS if told.get(name)}
    if activity := told.get("activity"):
        changed["activity"] = checked_activity(activity)
    if subject := told.get("subject"):
        changed["pose"] = replace(before.pose, subject=subject)
    return replace(before, **changed)


def _number(name: str, text: str) -> float:
    try:
        return float(text.replace(",", "."))  # spreadsheets of many countries write 1,75
    except ValueError:
        raise UsageError(f"{name}: expected a number, got {text[:40]!r}") from None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()  # without a zone: local time of this computer
    except ValueError:
        raise UsageError(f"recorded_at: expected a time such as 2026-03-02T09:30, got {text[:40]!r}") from None


def _file_time(place: str) -> datetime | None:
    try:
        return None if is_address(place) else datetime.fromtimestamp(Path(place).stat().st_mtime, UTC)
    except OSError:  # the analysis tells it
        return None


def _manifest_rows(path: Path) -> list[tuple[int, dict[str, str]]] | None:
    """Return the rows of a manifest with the numbers of their lines; None for a CSV of another kind."""
    try:
        if path.stat().st_size > _MANIFEST_MAX_BYTES:
            return None  # a long CSV of keypoints
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: this CSV cannot be read ({error}); save it as UTF-8") from error
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="", restval="")
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        if "file" not in names:
            return None
        if len(set(names)) < len(names):
            raise InputError(f"{path.name}: two columns of this manifest have the same name; rename one")
        reader.fieldnames = names
        return [
            (reader.line_num, {name: value.strip() for name, value in row.items() if name and isinstance(value, str)})
            for row in reader
        ]
    except csv.Error as error:
        raise InputError(f"{path}: this CSV cannot be read ({error}); save it again") from error


def _of_row(row: dict[str, str], number: int, manifest: Path, defaults: ClipDefaults) -> BatchClip | Problem:
    file = row.get("file", "")
    if not file:
        return Problem(
            file=f"{manifest.name}, line {number}", exit_code=UsageError.exit_code, reason="no file is named"
        )
    place = file if is_address(file) else str(manifest.parent / file)
    return _clip(place, file, defaults, row)

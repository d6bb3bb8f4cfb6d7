"""Preferences of the user, in a small file beside the database: units, and retention of clips and sessions."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, get_args

from gaitlab.errors import StoreError, UsageError
from gaitlab.metrics.units import Units
from gaitlab.paths import private_folder

__all__ = ["FILE_NAME", "Keep", "Preferences", "read_preferences", "write_preferences"]

Keep = Literal["video", "coordinates"]

FILE_NAME: Final = "preferences.json"
_DAYS_MAX: Final = 36500


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Preferences of the user of this computer.

    Attributes
    ----------
    units : {"metric", "imperial"}
        For the session page, the numbers of Compare and every report; trends, verdicts and data stay metric.
    keep : {"video", "coordinates"}
        The part of a clip that is kept beside its numbers.
    delete_after_days : int or None
        Sessions saved more days ago are deleted; None keeps all.
    audit : bool
        Whether it is noted who opened, exported, changed or erased which session; see `audit`.
    audit_days : int
        How long that is kept.
    feet : bool
        Whether heels and toes of people who walk are looked at, where an analysis does not say that it does without.
    tour_done : bool
        Whether the hints for the sample sessions were read or closed.
    """

    units: Units = "metric"
    keep: Keep = "video"
    delete_after_days: int | None = None
    audit: bool = False
    audit_days: int = 365
    feet: bool = True
    tour_done: bool = False

    def __post_init__(self) -> None:
        for name, allowed in (("units", get_args(Units)), ("keep", get_args(Keep))):
            if getattr(self, name) not in allowed:
                raise UsageError(f"{name}: expected {' or '.join(allowed)}, got {getattr(self, name)!r}")
        for name in ("audit", "feet", "tour_done"):
            if not isinstance(getattr(self, name), bool):
                raise UsageError(f"{name}: expected true or false, got {getattr(self, name)!r}")
        if not _is_days(self.audit_days):
            raise UsageError(f"audit_days: expected 1 to {_DAYS_MAX} days, got {self.audit_days!r}")
        days = self.delete_after_days
        if days is not None and not _is_days(days):
            raise UsageError(f"delete_after_days: expected 1 to {_DAYS_MAX} days or nothing, got {days!r}")


def _is_days(days: object) -> bool:
    return isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= _DAYS_MAX


def read_preferences(folder: Path) -> Preferences:
    """Return the preferences stored in a folder; the defaults if there are none.

    Raises
    ------
    StoreError
        If the file is damaged: guessing could delete or keep sessions against the wish of the user.
    """
    path = folder / FILE_NAME
    try:
        values: Any = json.loads(path.read_text(encoding="utf-8"))
        known = {field.name for field in fields(Preferences)}
        return Preferences(**{name: value for name, value in values.items() if name in known})
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError, AttributeError, UsageError) as error:
        raise StoreError(f"{path}: the preferences cannot be read ({error}); mend or remove this file") from error


def write_preferences(folder: Path, preferences: Preferences) -> None:
    """Write preferences to a folder; the file is complete at any moment.

    Raises
    ------
    StoreError
        If it cannot be written; then the old ones stay.
    """
    temporary: str | None = None
    try:
        private_folder(folder)
        handle, temporary = tempfile.mkstemp(prefix=f".{FILE_NAME}-", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(preferences), file, indent=1)
        Path(temporary).replace(folder / FILE_NAME)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise StoreError(f"{folder}: the preferences cannot be kept there ({error}); free some space") from error

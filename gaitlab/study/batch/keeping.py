"""Which clips of a batch are done, known by their content: in the session store, or in a folder beside the table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

from gaitlab import __version__, sessions
from gaitlab.errors import StoreError, UsageError
from gaitlab.paths import private_folder
from gaitlab.records import Analysis
from gaitlab.reports.report_json import METRIC_COLUMNS, metric_rows
from gaitlab.settings import PUT_RIGHT, AnalysisSettings
from gaitlab.storage import SessionStore
from gaitlab.storage.preferences import Preferences
from gaitlab.study.batch.work import BatchClip
from gaitlab.workspace import appearing

__all__ = ["COLUMNS", "Kept", "KeptInFolder", "KeptInStore", "Row", "rows_of", "same_settings"]

Row = dict[str, Any]
_CLIP_COLUMNS: Final = ("file", "sha256", "person", "recorded_at", "activity")
_MADE_COLUMNS: Final = ("gaitlab", "model")
#: Columns of the table of all clips; those of the manifest that the analysis does not know follow.
COLUMNS: Final = (*_CLIP_COLUMNS, *METRIC_COLUMNS, *_MADE_COLUMNS)


def rows_of(analysis: Analysis, clip: BatchClip) -> list[Row]:
    """Return one row per number of a clip, withheld ones with their reason; one with the notes where there is none."""
    when = clip.request.filmed_at(analysis)
    first = {
        "file": clip.label,
        "sha256": analysis.source.sha256,
        "person": clip.request.person,
        "recorded_at": when.isoformat(timespec="seconds") if when else None,
        "activity": analysis.activity.kind,
    }
    last = {"gaitlab": analysis.provenance.gaitlab, "model": analysis.provenance.model}
    numbers = [dict(zip(METRIC_COLUMNS, row, strict=True)) for row in metric_rows(analysis)]
    nothing = {**dict.fromkeys(METRIC_COLUMNS), "reason": " ".join(analysis.notes)}
    return [{**first, **one, **last, **clip.columns} for one in numbers or [nothing]]


def same_settings(analysis: Analysis, wanted: AnalysisSettings) -> bool:
    """Return whether an analysis was first made with these settings; the number of threads changes nothing."""
    made = AnalysisSettings.from_json(analysis.provenance.settings)
    first = {name: value for name, value in made.put_right.items() if name in PUT_RIGHT}
    return _plain(replace(made, **first)) == _plain(wanted)


def _plain(settings: AnalysisSettings) -> Mapping[str, Any]:
    plain = replace(settings, put_right={}, pose=replace(settings.pose, workers=None))
    values: dict[str, Any] = json.loads(json.dumps(plain.to_json()))  # tuples become lists
    return values


class Kept(Protocol):
    """Where the results of a batch are kept."""

    def prepared(self, clip: BatchClip) -> BatchClip:
        """Return the clip with what is known of its person."""

    def found(self, clip: BatchClip, sha256: str) -> list[Row] | None:
        """Return the rows of a clip of this content that is done; None if it is not."""

    def keep(self, clip: BatchClip, analysis: Analysis) -> list[Row]:
        """Keep a new result and return its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInStore:
    """Results become sessions; one of the same content, person and settings is done.

    A session of another program version is analysed again and replaced, so that a table is of one version. One that was
    corrected by hand counts as done whatever its version: what a person put right is not thrown away.

    Attributes
    ----------
    store : SessionStore
    preferences : callable
    on_saved : callable
        Called with the number of the session of each clip.
    """

    store: SessionStore
    preferences: Callable[[], Preferences] = Preferences
    on_saved: Callable[[int], None] = lambda session_id: None

    def prepared(self, clip: BatchClip) -> BatchClip:
        """Return the clip with the person's stored body height where its request has none."""
        return replace(clip, request=sessions.with_height(clip.request, self.store))

    def found(self, clip: BatchClip, sha256: str) -> list[Row] | None:
        """Return the rows of the session of this content, person and settings; None if there is none."""
        for header in self.store.find_by_hash(sha256, person=clip.request.person):
            with suppress(StoreError):  # one that cannot be read is analysed again
                analysis = self.store.get(header.id).analysis
                is_theirs = bool(analysis.edits or analysis.provenance.settings.get("put_right"))
                is_current = is_theirs or analysis.provenance.gaitlab == __version__
                if is_current and same_settings(analysis, clip.request.settings):
                    self.on_saved(header.id)
                    return rows_of(analysis, clip)
        return None

    def keep(self, clip: BatchClip, analysis: Analysis) -> list[Row]:
        """Save the analysis as a session, without its video, and return its rows."""
        saved = sessions.keep(Path(clip.place), analysis, clip.request, store=self.store, wanted=self.preferences())
        if saved.session_id is not None:
            self.on_saved(saved.session_id)
        return rows_of(analysis, clip)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInFolder:
    """Results become one small file each, for a table without sessions; it names content, person, settings and version.

    Attributes
    ----------
    folder : Path
    """

    folder: Path

    def prepared(self, clip: BatchClip) -> BatchClip:
        """Return the clip as it is: without the store nothing is known of anybody."""
        return clip

    def found(self, clip: BatchClip, sha256: str) -> list[Row] | None:
        """Return the rows of the file for this content, person and settings; None if there is none."""
        try:
            kept = json.loads(self._file(clip, sha256).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return [{**row, "file": clip.label, **clip.columns} for row in kept]

    def keep(self, clip: BatchClip, analysis: Analysis) -> list[Row]:
        """Write the rows of an analysis, complete or not at all, and return them."""
        rows = rows_of(analysis, clip)
        try:
            private_folder(self.folder)
            with appearing(self._file(clip, analysis.source.sha256 or "")) as part:
                own = [{name: value for name, value in row.items() if name not in clip.columns} for row in rows]
                part.write_text(json.dumps(own, ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{self.folder}: nothing can be written there ({error}); choose another table") from error
        return rows

    def _file(self, clip: BatchClip, sha256: str) -> Path:
        request = clip.request
        asked = (sha256, request.person, str(request.recorded_at), _plain(request.settings), request.fps, __version__)
        return self.folder / f"{hashlib.sha256(json.dumps(asked).encode()).hexdigest()}.json"

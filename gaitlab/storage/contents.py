"""What a store in memory holds, and how it is looked at."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import count

from gaitlab.settings import real_rate
from gaitlab.storage.media import MediaKey
from gaitlab.storage.records import (
    Goal,
    HistoryPoint,
    Person,
    SessionFilter,
    StoredSession,
    normal_name,
    utc,
)
from gaitlab.types import Metric
from gaitlab.workspace import WorkFolder

__all__ = ["Contents", "history_point", "passes"]


@dataclass(slots=True, kw_only=True, eq=False)
class Contents:
    """What all owners see parts of; each kind by its number, with the owner."""

    people: dict[int, tuple[str, Person]] = field(default_factory=dict)
    goals: dict[int, tuple[int, Goal]] = field(default_factory=dict)
    sessions: dict[int, tuple[str, StoredSession]] = field(default_factory=dict)
    keys: dict[int, dict[str, MediaKey]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: dict[str, count[int]] = field(
        default_factory=lambda: {kind: count(1) for kind in ("person", "goal", "session")}
    )
    folder: WorkFolder = field(default_factory=WorkFolder)


def passes(stored: StoredSession, where: SessionFilter) -> bool:
    """Return whether a list with that filter shows the session; replaced ones are left to the caller."""
    header = stored.header
    return (
        where.kind in (None, header.kind)
        and (where.tag is None or normal_name(where.tag) in header.tags)
        and (where.since is None or header.recorded_at >= utc(where.since))
        and (where.until is None or header.recorded_at < utc(where.until))
        and (where.saved_before is None or header.created_at < utc(where.saved_before))
        and (not where.with_media or bool(stored.media))
        and (not where.only_baseline or header.is_baseline)
    )


def history_point(stored: StoredSession, metric: Metric) -> HistoryPoint:
    """Return one value of a trend."""
    header, analysis = stored.header, stored.analysis
    return HistoryPoint(
        session_id=header.id,
        recorded_at=header.recorded_at,
        side=metric.side,
        value=metric.value,
        unit=metric.unit,
        confidence=metric.confidence,
        n=metric.n,
        sd=metric.sd,
        kind=header.kind,
        view=analysis.subject.view,
        fps_mean=real_rate(analysis.source.fps_mean, analysis.provenance.settings),
        model=analysis.provenance.model,
        version=header.version,
        is_baseline=header.is_baseline,
    )

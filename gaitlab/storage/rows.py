"""The tables of the database. Rows never leave this package; `mapping` turns them into records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

__all__ = [
    "LOCAL_OWNER",
    "AccountRow",
    "Base",
    "ContactRow",
    "EditRow",
    "GoalRow",
    "MediaRow",
    "MetricRow",
    "PersonRow",
    "ProgrammeItemRow",
    "RepetitionRow",
    "SessionRow",
    "ShareRow",
    "StrideRow",
    "TagRow",
    "TrackRow",
    "UtcDateTime",
]

#: Owner of every person while the program serves one user on one machine.
LOCAL_OWNER = "local"


_OPTIONAL_JSON = JSON(none_as_null=True)
_IS_REPLACED = text("replaced_by IS NOT NULL")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC.

    SQLite has no time zones and would silently drop the zone of a time, so times are converted to UTC when written and
    marked as UTC when read.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; a naive time is an error of the caller."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"expected a time with its zone, got {value.isoformat()}")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Mark as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all rows; constraints carry names because SQLite migrations need them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy declares it so)
        float: Double,
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
    }


class AccountRow(Base):
    """Somebody who signed in on a server."""

    __tablename__ = "account"

    owner: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    seen_at: Mapped[datetime]


class PersonRow(Base):
    """A person that sessions belong to."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(default=LOCAL_OWNER)
    name: Mapped[str]
    height_m: Mapped[float | None]
    created_at: Mapped[datetime]
    sex: Mapped[str | None]
    birth_year: Mapped[int | None]
    remark: Mapped[str]


class ShareRow(Base):
    """A person whom another account than the owner's may see and work with."""

    __tablename__ = "share"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    owner: Mapped[str] = mapped_column(ForeignKey("account.owner", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime]


class SessionRow(Base):
    """One saved analysis: source, activity, subject, provenance, and the heads of the gait and exercise parts.

    `gait_mode` and `exercise_name` are NULL when the analysis has no such part. `replaced_by` leads from an analysis to
    the newer one of the same recording.
    """

    __tablename__ = "session"
    # AUTOINCREMENT: a new session must not get the number of a deleted one, which notes and links may still contain.
    __table_args__ = (
        # With all that counts and overviews ask for, so that they read nothing of the long rows.
        Index(None, "person_id", "recorded_at", "id", "replaced_by", "kind"),
        Index(None, "recorded_at"),
        # Only of replaced sessions: with an index of all, SQLite would also use it for the many that are not replaced.
        Index(None, "replaced_by", sqlite_where=_IS_REPLACED, postgresql_where=_IS_REPLACED),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    recorded_at: Mapped[datetime]
    created_at: Mapped[datetime]
    remark: Mapped[str]

    file: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(index=True)
    frames: Mapped[int]
    duration_s: Mapped[float | None]
    fps_mean: Mapped[float | None]
    width_px: Mapped[int | None]
    height_px: Mapped[int | None]
    rotation_deg: Mapped[int]
    file_recorded_at: Mapped[str | None]  # ISO 8601 as in the file: its offset gives the local time of day

    activity_chosen_by: Mapped[str]
    activity_confidence: Mapped[float]
    subject: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    model: Mapped[str | None]
    model_sha256: Mapped[str | None]
    version: Mapped[str]
    notes: Mapped[list[str]]  # as they were told when the session was saved; `findings` is what is read

    gait_mode: Mapped[str | None]
    exercise_name: Mapped[str | None]
    exercise_count: Mapped[int | None]
    exercise_partial: Mapped[int | None]

    recorded_from: Mapped[str]
    is_baseline: Mapped[bool]
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="SET NULL"))
    input_notes: Mapped[list[str]]
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(_OPTIONAL_JSON)  # NULL until 0006: notes alone
    input_findings: Mapped[list[dict[str, Any]] | None] = mapped_column(_OPTIONAL_JSON)

    person: Mapped[PersonRow] = relationship()
    tags: Mapped[list[TagRow]] = relationship(order_by="TagRow.name", passive_deletes=True)
    metrics: Mapped[list[MetricRow]] = relationship(order_by="MetricRow.position", passive_deletes=True)
    repetitions: Mapped[list[RepetitionRow]] = relationship(order_by="RepetitionRow.position", passive_deletes=True)
    edits: Mapped[list[EditRow]] = relationship(order_by="EditRow.position", passive_deletes=True)
    track: Mapped[TrackRow] = relationship(passive_deletes=True)
    media: Mapped[list[MediaRow]] = relationship(passive_deletes=True)


class _OfSession:
    """Mixin: the row is deleted with its session."""

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), primary_key=True, sort_order=-2
    )


class _Listed(_OfSession):
    """Mixin: one of several rows whose order matters."""

    position: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


class TagRow(_OfSession, Base):
    """A tag of a session."""

    __tablename__ = "tag"

    name: Mapped[str] = mapped_column(primary_key=True, index=True)


class MetricRow(_Listed, Base):
    """One number of the report; `part` is "gait" or "exercise"."""

    __tablename__ = "metric"
    # The session first: a trend goes through the sessions of one person, not through one number of everybody.
    __table_args__ = (Index(None, "session_id", "name"),)

    part: Mapped[str]
    name: Mapped[str]
    value: Mapped[float | None]
    unit: Mapped[str]
    side: Mapped[str | None]
    n: Mapped[int]
    sd: Mapped[float | None]
    confidence: Mapped[float]
    reason: Mapped[str | None]  # as it was told when the session was saved; `why` is what is read
    why: Mapped[dict[str, Any] | None] = mapped_column(_OPTIONAL_JSON)  # NULL until 0006: the reason alone


class RepetitionRow(_Listed, Base):
    """One repetition of the exercise, in time order."""

    __tablename__ = "repetition"

    index: Mapped[int]
    side: Mapped[str]
    start_s: Mapped[float]
    turn_s: Mapped[float]
    end_s: Mapped[float]
    range_deg: Mapped[float | None]
    notes: Mapped[list[str]]
    confidence: Mapped[float]
    is_shallow: Mapped[bool] = mapped_column("is_partial")
    set_index: Mapped[int]
    outward_s: Mapped[float | None]
    hold_s: Mapped[float | None]
    return_s: Mapped[float | None]
    depth: Mapped[float | None]
    left_right_difference_deg: Mapped[float | None]
    form: Mapped[list[dict[str, Any]]]


class ContactRow(_Listed, Base):
    """One heel strike or toe-off."""

    __tablename__ = "contact"

    side: Mapped[str]
    kind: Mapped[str]
    time_s: Mapped[float]
    frame: Mapped[int]


class StrideRow(_Listed, Base):
    """One gait cycle."""

    __tablename__ = "stride"

    side: Mapped[str]
    start_s: Mapped[float]
    end_s: Mapped[float]


class EditRow(_Listed, Base):
    """One correction by hand; an undone one stays, so that it can be done again."""

    __tablename__ = "edit"

    kind: Mapped[str]
    time_s: Mapped[float]
    to_s: Mapped[float | None]
    side: Mapped[str | None]
    contact: Mapped[str | None]
    created_at: Mapped[datetime | None]
    undone: Mapped[bool]


class GoalRow(Base):
    """A value that a person wants to reach in one metric."""

    __tablename__ = "goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    metric: Mapped[str]
    side: Mapped[str | None]
    target: Mapped[float]
    direction: Mapped[str]
    due: Mapped[date | None]
    created_at: Mapped[datetime]


class ProgrammeItemRow(Base):
    """One exercise of what a person trains; `position` is its place."""

    __tablename__ = "programme_item"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    exercise: Mapped[str]
    sets: Mapped[int]
    repetitions: Mapped[int]
    rest_s: Mapped[int]
    tempo: Mapped[str | None]
    range_left_pct: Mapped[int | None]
    range_right_pct: Mapped[int | None]


class TrackRow(_OfSession, Base):
    """Raw track, smoothed track and angles as one .npz, see `packed_tracks.pack_arrays`."""

    __tablename__ = "track"

    schema_version: Mapped[int]
    npz: Mapped[bytes] = mapped_column(LargeBinary)


class MediaRow(_OfSession, Base):
    """A kept file; its name in the media folder follows from `sha256` and `suffix`."""

    __tablename__ = "media"

    kind: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    suffix: Mapped[str]
    n_bytes: Mapped[int] = mapped_column(BigInteger)

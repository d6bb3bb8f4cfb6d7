"""First schema: people, sessions and what hangs on them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _of_session(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_session_id_session"
    return sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=name, ondelete="CASCADE")


def _create_person_and_session() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("height_m", sa.Double),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("owner", "name", name="uq_person_owner_name"),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.String, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("sha256", sa.String),
        sa.Column("frames", sa.Integer, nullable=False),
        sa.Column("duration_s", sa.Double),
        sa.Column("fps_mean", sa.Double),
        sa.Column("width_px", sa.Integer),
        sa.Column("height_px", sa.Integer),
        sa.Column("rotation_deg", sa.Integer, nullable=False),
        sa.Column("file_recorded_at", sa.String),
        sa.Column("activity_chosen_by", sa.String, nullable=False),
        sa.Column("activity_confidence", sa.Double, nullable=False),
        sa.Column("subject", sa.JSON, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("model", sa.String),
        sa.Column("model_sha256", sa.String),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("gait_mode", sa.String),
        sa.Column("exercise_name", sa.String),
        sa.Column("exercise_count", sa.Integer),
        sa.Column("exercise_partial", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_session_person_id_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_session_person_id_recorded_at", "session", ["person_id", "recorded_at"])
    op.create_index("ix_session_sha256", "session", ["sha256"])


def _create_lists() -> None:
    op.create_table(
        "metric",
        sa.Column("session_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("part", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("value", sa.Double),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("side", sa.String),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("sd", sa.Double),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("reason", sa.String),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_metric"),
        _of_session("metric"),
    )
    op.create_index("ix_metric_name_session_id", "metric", ["name", "session_id"])
    op.create_table(
        "repetition",
        sa.Column("session_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("index", sa.Integer, nullable=False),
        sa.Column("side", sa.String, nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("turn_s", sa.Double, nullable=False),
        sa.Column("end_s", sa.Double, nullable=False),
        sa.Column("range_deg", sa.Double),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_repetition"),
        _of_session("repetition"),
    )
    op.create_table(
        "contact",
        sa.Column("session_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("side", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("time_s", sa.Double, nullable=False),
        sa.Column("frame", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_contact"),
        _of_session("contact"),
    )
    op.create_table(
        "stride",
        sa.Column("session_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("side", sa.String, nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("end_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_stride"),
        _of_session("stride"),
    )


def _create_attachments() -> None:
    op.create_table(
        "tag",
        sa.Column("session_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "name", name="pk_tag"),
        _of_session("tag"),
    )
    op.create_table(
        "track",
        sa.Column("session_id", sa.Integer, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("npz", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_track"),
        _of_session("track"),
    )
    op.create_table(
        "media",
        sa.Column("session_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("suffix", sa.String, nullable=False),
        sa.Column("n_bytes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "kind", name="pk_media"),
        _of_session("media"),
    )
    op.create_index("ix_media_sha256", "media", ["sha256"])


def upgrade() -> None:
    _create_person_and_session()
    _create_lists()
    _create_attachments()


def downgrade() -> None:
    for table in ("media", "track", "tag", "stride", "contact", "repetition", "metric", "session", "person"):
        op.drop_table(table)

"""More about people, versions and dates of sessions, corrections by hand, goals."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FILLED: dict[str, sa.types.TypeEngine] = {
    "recorded_from": sa.String(),
    "is_baseline": sa.Boolean(),
    "input_notes": sa.JSON(),
}


def _widen_person() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("sex", sa.String))
        table.add_column(sa.Column("birth_year", sa.Integer))
        table.add_column(sa.Column("remark", sa.String, nullable=False, server_default=""))


@contextmanager
def _session_table() -> Iterator[BatchOperations]:
    """Change the session table; where SQLite copies it, it must still never give out a number twice."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    last = "SELECT seq FROM sqlite_sequence WHERE name = 'session'"
    highest = connection.exec_driver_sql(last).scalar() if is_sqlite else None
    with op.batch_alter_table("session", table_kwargs={"sqlite_autoincrement": True}) as table:
        yield table
    if highest is not None:
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'session'")
        connection.exec_driver_sql("INSERT INTO sqlite_sequence VALUES ('session', ?)", (highest,))


def _widen_session() -> None:
    with _session_table() as table:
        table.add_column(sa.Column("recorded_from", sa.String, nullable=False, server_default="unknown"))
        table.add_column(sa.Column("is_baseline", sa.Boolean, nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("replaced_by", sa.Integer))
        table.add_column(sa.Column("input_notes", sa.JSON, nullable=False, server_default=sa.text("'[]'")))
        table.create_foreign_key(
            "fk_session_replaced_by_session", "session", ["replaced_by"], ["id"], ondelete="SET NULL"
        )
    op.create_index("ix_session_recorded_at", "session", ["recorded_at"])
    op.create_index("ix_session_replaced_by", "session", ["replaced_by"])


def _create_edit_and_goal() -> None:
    op.create_table(
        "edit",
        sa.Column("session_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("time_s", sa.Double, nullable=False),
        sa.Column("to_s", sa.Double),
        sa.Column("side", sa.String),
        sa.Column("contact", sa.String),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("undone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_edit"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_edit_session_id_session", ondelete="CASCADE"),
    )
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("metric", sa.String, nullable=False),
        sa.Column("side", sa.String),
        sa.Column("target", sa.Double, nullable=False),
        sa.Column("direction", sa.String, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_goal"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_goal_person_id_person", ondelete="CASCADE"),
    )
    op.create_index("ix_goal_person_id", "goal", ["person_id"])


def upgrade() -> None:
    _widen_person()
    _widen_session()
    # The program itself writes every column; a default would hide one it forgets.
    with op.batch_alter_table("person") as table:
        table.alter_column("remark", existing_type=sa.String(), existing_nullable=False, server_default=None)
    with _session_table() as table:
        for name, kind in _FILLED.items():
            table.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
    _create_edit_and_goal()


def downgrade() -> None:
    op.drop_table("goal")
    op.drop_table("edit")
    op.drop_index("ix_session_replaced_by", "session")
    op.drop_index("ix_session_recorded_at", "session")
    with _session_table() as table:
        table.drop_constraint("fk_session_replaced_by_session", type_="foreignkey")
        for column in ("input_notes", "replaced_by", "is_baseline", "recorded_from"):
            table.drop_column(column)
    with op.batch_alter_table("person") as table:
        for column in ("remark", "birth_year", "sex"):
            table.drop_column(column)

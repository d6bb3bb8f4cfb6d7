"""Repetitions in detail: sets, phases, depth, sides, form notes, and the shallow ones too."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Columns that must not be empty, and what the repetitions of older programs get.
_FILLED = (
    (sa.Column("is_partial", sa.Boolean, nullable=False), sa.false()),
    (sa.Column("set_index", sa.Integer, nullable=False), sa.text("1")),
    (sa.Column("form", sa.JSON, nullable=False), sa.text("'[]'")),
)
_ORDER = (
    "is_partial",
    "set_index",
    "outward_s",
    "hold_s",
    "return_s",
    "depth",
    "left_right_difference_deg",
    "form",
)


def upgrade() -> None:
    filled = {column.name: (column.type, default) for column, default in _FILLED}
    with op.batch_alter_table("repetition") as table:
        for name in _ORDER:
            if name in filled:
                kind, default = filled[name]
                table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
            else:
                table.add_column(sa.Column(name, sa.Double))
    # The program itself writes every column; a default would hide one it forgets.
    with op.batch_alter_table("repetition") as table:
        for name, (kind, _) in filled.items():
            table.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("repetition") as table:
        for name in reversed(_ORDER):
            table.drop_column(name)

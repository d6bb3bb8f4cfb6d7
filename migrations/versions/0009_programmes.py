"""What a person trains on the Live page."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme_item",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("exercise", sa.String, nullable=False),
        sa.Column("sets", sa.Integer, nullable=False),
        sa.Column("repetitions", sa.Integer, nullable=False),
        sa.Column("rest_s", sa.Integer, nullable=False),
        sa.Column("tempo", sa.String),
        sa.Column("range_left_pct", sa.Integer),
        sa.Column("range_right_pct", sa.Integer),
        sa.PrimaryKeyConstraint("person_id", "position", name="pk_programme_item"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_programme_item_person_id_person", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("programme_item")

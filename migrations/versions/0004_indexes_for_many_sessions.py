"""Indexes by which lists and trends stay fast with very many sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_metric_name_session_id", "metric")
    op.create_index("ix_metric_session_id_name", "metric", ["session_id", "name"])
    op.drop_index("ix_session_replaced_by", "session")
    replaced = sa.text("replaced_by IS NOT NULL")
    op.create_index(
        "ix_session_replaced_by", "session", ["replaced_by"], sqlite_where=replaced, postgresql_where=replaced
    )


def downgrade() -> None:
    op.drop_index("ix_session_replaced_by", "session")
    op.create_index("ix_session_replaced_by", "session", ["replaced_by"])
    op.drop_index("ix_metric_session_id_name", "metric")
    op.create_index("ix_metric_name_session_id", "metric", ["name", "session_id"])

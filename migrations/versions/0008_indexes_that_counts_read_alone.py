"""Indexes that hold all that counts, overviews and lists of tags ask for."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COUNTED = ["person_id", "recorded_at", "id", "replaced_by", "kind"]


def upgrade() -> None:
    op.drop_index("ix_session_person_id_recorded_at", "session")
    op.create_index("ix_session_person_id_recorded_at_id_replaced_by_kind", "session", _COUNTED)
    op.create_index("ix_tag_name", "tag", ["name"])


def downgrade() -> None:
    op.drop_index("ix_tag_name", "tag")
    op.drop_index("ix_session_person_id_recorded_at_id_replaced_by_kind", "session")
    op.create_index("ix_session_person_id_recorded_at", "session", ["person_id", "recorded_at"])

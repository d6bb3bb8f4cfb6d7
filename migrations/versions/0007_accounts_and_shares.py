"""Who signed in on a server, and with whom a person is shared."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_account"),
    )
    op.create_table(
        "share",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "owner", name="pk_share"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_share_person_id_person", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_share_owner_account", ondelete="CASCADE"),
    )
    op.create_index("ix_share_owner", "share", ["owner"])


def downgrade() -> None:
    op.drop_table("share")
    op.drop_table("account")

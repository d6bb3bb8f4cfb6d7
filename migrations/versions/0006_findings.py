"""Reasons and notes are findings: codes with their values, from which today's sentences are made.

The sentences of older sessions stay; what they say is recognised when they are read.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEW = (("session", "findings"), ("session", "input_findings"), ("metric", "why"))


def upgrade() -> None:
    for table, name in _NEW:
        op.add_column(table, sa.Column(name, sa.JSON))


def downgrade() -> None:
    for table, name in reversed(_NEW):
        op.drop_column(table, name)

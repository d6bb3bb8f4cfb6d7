"""All repetitions are counted and listed in time order; the shallow ones are marked.

Until here the full repetitions were counted alone and listed first. Sessions of the first schema know how many shallow
ones there were, but do not list them. No number is computed anew: the count grows by the shallow ones, the others stay.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_session = sa.table("session", *map(sa.column, ("id", "exercise_count", "exercise_partial")))
_repetition = sa.table(
    "repetition",
    *(sa.column(name, sa.Integer) for name in ("session_id", "position", "index")),
    sa.column("turn_s", sa.Double),
    sa.column("confidence", sa.Double),
    sa.column("is_partial", sa.Boolean),
)
_metric = sa.table("metric", *map(sa.column, ("session_id", "part", "name", "value", "n", "confidence", "reason")))

_WITH_SHALLOW = sa.select(_session.c.id).where(_session.c.exercise_partial > 0)
_NO_REPETITIONS = (
    "No full repetition was found: keep the whole body in the picture from before the first to "
    "after the last repetition."
)


def upgrade() -> None:
    _reorder(in_time_order=True)
    _change_count(sign=1)
    # Withheld so far: there were shallow ones only.
    sure = sa.select(sa.func.avg(_repetition.c.confidence)).where(_repetition.c.session_id == _metric.c.session_id)
    found = {"value": _metric.c.n, "confidence": sa.func.coalesce(sure.scalar_subquery(), 0.0), "reason": None}
    op.execute(_counts().where(_metric.c.value.is_(None)).values(found))


def downgrade() -> None:
    _reorder(in_time_order=False)
    _change_count(sign=-1)
    nothing = {"value": None, "confidence": 0.0, "reason": _NO_REPETITIONS}
    op.execute(_counts().where(_metric.c.n == 0).values(nothing))


def _counts() -> sa.Update:
    """Return an update, without its values, of the number `repetition_count` of sessions with shallow repetitions."""
    is_count = (_metric.c.part == "exercise", _metric.c.name == "repetition_count")
    return sa.update(_metric).where(*is_count, _metric.c.session_id.in_(_WITH_SHALLOW))


def _change_count(*, sign: int) -> None:
    """Add the shallow repetitions of every session to its count, or take them away."""
    shallow = sa.select(_session.c.exercise_partial).where(_session.c.id == _metric.c.session_id).scalar_subquery()
    op.execute(_counts().values(value=_metric.c.value + sign * shallow, n=_metric.c.n + sign * shallow))
    count = sa.func.coalesce(_session.c.exercise_count, 0) + sign * _session.c.exercise_partial
    op.execute(sa.update(_session).where(_session.c.exercise_partial > 0).values(exercise_count=count))


def _reorder(*, in_time_order: bool) -> None:
    """Number the repetitions anew where some are shallow: all by their turn, or the full ones before the shallow."""
    connection, row = op.get_bind(), _repetition.c
    of_mixed = row.session_id.in_(sa.select(row.session_id).where(row.is_partial))
    sessions = defaultdict(list)
    for one in connection.execute(sa.select(_repetition).where(of_mixed).order_by(row.turn_s, row.position)):
        sessions[one.session_id].append(one)
    moved = []
    for session_id, by_turn in sessions.items():
        in_order = by_turn if in_time_order else sorted(by_turn, key=lambda one: one.is_partial)
        n_full = sum(not one.is_partial for one in by_turn)
        for position, one in enumerate(in_order):
            index = position - n_full if one.is_partial and not in_time_order else position
            moved.append({"of": session_id, "old": one.position, "new": position, "number": index + 1})
    if not moved:
        return
    # By way of negative positions: a place must be free before another row takes it.
    connection.execute(sa.update(_repetition).where(of_mixed).values(position=-1 - row.position))
    here = (row.session_id == sa.bindparam("of"), row.position == -1 - sa.bindparam("old", type_=sa.Integer))
    new = {"position": sa.bindparam("new"), "index": sa.bindparam("number")}
    connection.execute(sa.update(_repetition).where(*here).values(new), moved)

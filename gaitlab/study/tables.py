"""Sessions as pandas tables: one row per session and number, or people against occasions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gaitlab.errors import UsageError
from gaitlab.extras import need_extra
from gaitlab.reports.report_json import METRIC_COLUMNS, metric_rows
from gaitlab.storage import SessionFilter, SessionStore

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["COLUMNS", "repeated", "sessions_table"]

_RENAMED: Final = {"name": "metric"}
#: Columns of `sessions_table`.
COLUMNS: Final = (
    *("session", "person", "recorded_at", "activity", "file", "tags"),
    *(_RENAMED.get(one, one) for one in METRIC_COLUMNS),
)


def sessions_table(
    store: SessionStore,
    *,
    person: str | None = None,
    where: SessionFilter = SessionFilter(),  # noqa: B008  frozen
) -> DataFrame:
    """Return saved sessions as a tidy table, oldest recording first.

    Parameters
    ----------
    store : SessionStore
    person : str, optional
        Only this person's.
    where : SessionFilter
        By default replaced sessions are left out.

    Returns
    -------
    DataFrame
        One row per session and number, columns `COLUMNS`. `recorded_at` is in UTC; `tags` are joined by semicolons;
        a number that was withheld has the value NaN and its reason.

    Raises
    ------
    NotFoundError
        When there is nobody of that name.
    MissingExtraError
        Without pandas.
    """
    need_extra("study", "a table of sessions")
    import pandas  # noqa: PLC0415 (an extra)

    headers = sorted(store.sessions(person=person, where=where, limit=None), key=lambda one: (one.recorded_at, one.id))
    rows: list[tuple[Any, ...]] = []
    for header in headers:
        about = (header.id, header.person, header.recorded_at, header.kind, header.file, ";".join(header.tags))
        rows += [(*about, *numbers) for numbers in metric_rows(store.get(header.id).analysis)]
    table = pandas.DataFrame(rows, columns=list(COLUMNS))
    table["recorded_at"] = pandas.to_datetime(table["recorded_at"], utc=True)
    return table.astype({"session": "int64", "value": "float64", "sd": "float64", "confidence": "float64"})


def repeated(
    table: DataFrame, metric: str, *, side: str | None = None, occasions: int = 2, confidence_min: float = 0.0
) -> DataFrame:
    """Return one number of each person on their first occasions, for `repeatability`.

    Parameters
    ----------
    table : DataFrame
        As `sessions_table` returns it.
    metric : str
    side : {"left", "right", "both"} or None
    occasions : int
        How many of each person; whoever has fewer is left out.
    confidence_min : float
        Numbers below it count as withheld.

    Returns
    -------
    DataFrame
        One row per person, by name, and one column per occasion, 1 the oldest. Sessions in which the number was
        withheld are no occasion.

    Raises
    ------
    UsageError
        When the table has no such number, or nobody has so many occasions.
    """
    wanted = table[(table["metric"] == metric) & (table["side"].isna() if side is None else table["side"] == side)]
    if wanted.empty:
        has = sorted(table.loc[table["metric"] == metric, "side"].dropna().unique())
        told = f"; it has the sides {', '.join(has)}: choose one" if has else ""
        raise UsageError(f"metric {metric!r}: expected a number of this table{told}")
    known = wanted[wanted["value"].notna() & (wanted["confidence"] >= confidence_min)].sort_values(
        ["recorded_at", "session"], kind="stable"
    )
    occasion = known.groupby("person").cumcount() + 1
    wide = known.assign(occasion=occasion).pivot(index="person", columns="occasion", values="value")
    chosen = wide.reindex(columns=range(1, occasions + 1)).dropna().sort_index()
    if chosen.empty:
        raise UsageError(f"metric {metric!r}: nobody has it on {occasions} occasions; ask for fewer, or film again")
    return chosen

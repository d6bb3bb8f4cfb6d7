"""The numbers of all clips of a batch as one tidy table: one row per clip and number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from gaitlab.errors import UsageError
from gaitlab.extras import need_extra
from gaitlab.formats.csv import write_rows
from gaitlab.study.batch.keeping import COLUMNS, Row
from gaitlab.study.batch.work import Problem
from gaitlab.workspace import appearing

__all__ = ["TABLE_SUFFIXES", "write_problems", "write_table"]

TABLE_SUFFIXES: Final = (".csv", ".parquet")
_NUMBERS: Final = frozenset(("value", "sd", "confidence"))


def write_table(path: Path, rows: Sequence[Row]) -> None:
    """Write the table as CSV or Parquet, by the ending of the name; unknown values are empty or null.

    Raises
    ------
    UsageError
        When the file cannot be written.
    MissingExtraError
        For Parquet, without pyarrow.
    """
    extra = dict.fromkeys(name for row in rows for name in row if name not in COLUMNS)
    columns = (*COLUMNS, *extra)
    try:
        with appearing(path) as part:
            if path.suffix.lower() == TABLE_SUFFIXES[1]:
                _write_parquet(part, columns, rows)
            else:
                write_rows(part, columns, ([row.get(name) for name in columns] for row in rows))
    except OSError as error:
        raise UsageError(f"{path}: the table cannot be written there ({error}); choose another file") from error


def write_problems(path: Path, problems: Sequence[Problem]) -> None:
    """Write the clips that could not be analysed as CSV: file, exit code, reason."""
    try:
        with appearing(path) as part:
            write_rows(part, ("file", "exit_code", "reason"), ((p.file, p.exit_code, p.reason) for p in problems))
    except OSError as error:
        raise UsageError(f"{path}: the list cannot be written there ({error}); choose another file") from error


def _write_parquet(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    need_extra("parquet", "Parquet")
    import pyarrow  # noqa: PLC0415 (an extra)
    from pyarrow import parquet  # noqa: PLC0415

    def kind(name: str) -> Any:
        if name == "n":
            return pyarrow.int64()
        return pyarrow.float64() if name in _NUMBERS else pyarrow.string()

    schema = pyarrow.schema([(name, kind(name)) for name in columns])
    table = pyarrow.Table.from_pylist([{name: row.get(name) for name in columns} for row in rows], schema=schema)
    parquet.write_table(table, path)

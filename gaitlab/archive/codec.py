"""Records as plain JSON values and back, by their fields: nothing is rounded.

An archive comes from outside: texts, numbers and lists beyond `limits` are refused, and every text is made storable.
A field that the archive of an older program lacks takes its default; one that this program does not know is left out.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sized
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from gaitlab.limits import LINES_MAX, NUMBER_MAX, ROWS_MAX, TEXT_MAX_CHARS
from gaitlab.records.findings import Said
from gaitlab.storage import storable_text

__all__ = ["bounded_text", "from_plain", "to_plain"]


def to_plain(value: Any, *, without: tuple[str, ...] = ()) -> Any:
    """Return a record, or the value of a field, as JSON values; `without` names fields to leave out."""
    if is_dataclass(value):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value) if f.name not in without}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    return value.isoformat() if isinstance(value, date) else value


def from_plain(kind: Any, value: Any, /, **given: Any) -> Any:
    """Return the record whose values `to_plain` wrote; its inverse.

    Parameters
    ----------
    kind : type
        Type of the record, or the annotation of a field.
    value : JSON value
    **given
        Fields that are not in `value`.

    Raises
    ------
    TypeError, ValueError, KeyError, AttributeError
        If the values do not fit the type or exceed a limit.
    """
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        known = {f.name: from_plain(hints[f.name], value[f.name]) for f in fields(kind) if f.name in value}
        return kind(**(known | given))  # type: ignore[operator]
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = next(one for one in args if one is not type(None))
        return None if value is None else from_plain(inner, value)
    if origin is tuple:
        inner_kinds = [args[0]] * len(value) if args[-1] is Ellipsis else args
        _check_count(value, LINES_MAX if args[0] in (str, Said) else ROWS_MAX)
        return tuple(from_plain(inner, item) for inner, item in zip(inner_kinds, value, strict=True))
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if origin is Literal and value not in args:
        raise ValueError(f"expected one of {args}, got {str(value)[:40]!r}")
    return _bounded(kind(value) if kind in (float, int, str, bool) else value)


def bounded_text(text: str, *, n_max: int = TEXT_MAX_CHARS) -> str:
    """Return a storable text; ValueError if it is too long."""
    if len(text) > n_max:
        raise ValueError(f"a text of {len(text)} characters, at most {n_max} are read")
    return storable_text(text)


def _bounded(value: Any) -> Any:
    """Return a JSON value with storable texts; ValueError for one beyond the limits."""
    if isinstance(value, str):
        return bounded_text(value)
    if isinstance(value, int | float) and abs(value) > NUMBER_MAX:
        raise ValueError(f"a number of {value:.3g}, at most {NUMBER_MAX:g} is read")
    if isinstance(value, list | Mapping):
        _check_count(value, ROWS_MAX)
    if isinstance(value, list):
        return [_bounded(item) for item in value]
    return {_bounded(key): _bounded(item) for key, item in value.items()} if isinstance(value, Mapping) else value


def _check_count(values: Sized, n_max: int) -> None:
    if len(values) > n_max:
        raise ValueError(f"a list of {len(values)}, at most {n_max} are read")

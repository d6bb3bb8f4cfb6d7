"""Records as plain JSON values and back, by their fields: nothing is rounded.

A field that the archive of an older program lacks takes its default; one that this program does not know is left out.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

__all__ = ["from_plain", "to_plain"]


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
        If the values do not fit the type.
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
        return tuple(from_plain(inner, item) for inner, item in zip(inner_kinds, value, strict=True))
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return kind(value) if kind in (float, int, str, bool) else value

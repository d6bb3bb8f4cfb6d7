"""The items of a programme in words."""

from __future__ import annotations

from gaitlab.repetitions.activities import activity_label
from gaitlab.storage import ProgrammeItem

__all__ = ["item_words", "short_item_words"]


def short_item_words(item: ProgrammeItem) -> str:
    """Return the exercise with its sets, for example "Squats, 3 × 10"."""
    return f"{activity_label(item.exercise)}, {item.sets} × {item.repetitions}"


def item_words(item: ProgrammeItem) -> str:
    """Return all of an item, for example "Squats · 3 × 10 · rest 60 s · tempo 4-2-1-0 · range left 80 %"."""
    parts = [activity_label(item.exercise), f"{item.sets} × {item.repetitions}"]
    if item.sets > 1:
        parts.append(f"rest {item.rest_s} s")
    if item.tempo:
        parts.append(f"tempo {item.tempo}")
    if item.range_left_pct == item.range_right_pct is not None:
        parts.append(f"range {item.range_left_pct} %")
    else:
        ranges = {"left": item.range_left_pct, "right": item.range_right_pct}
        parts += [f"range {side} {pct} %" for side, pct in ranges.items() if pct is not None]
    return " · ".join(parts)

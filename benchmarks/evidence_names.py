"""Names of movements beside the truth: which name `auto` gives the tracks of people, and how often it gives none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.results import markdown_table

__all__ = ["ROW_OF", "Named", "names_section"]

#: Movements of the laboratory and the rows that describe them; the others have none.
ROW_OF: Final = {
    "deep squat": "squat",
    "inline lunge": "lunge",
    "sit to stand": "sit-to-stand",
    "push-up": "push-up",
    "hurdle step": "hurdle-step",
    "side lunge": "side-lunge",
    "standing active straight leg raise": "straight-leg-raise",
    "standing shoulder abduction": "shoulder-abduction",
    "standing shoulder internal-external rotation": "shoulder-rotation",
}

_INTRO: Final = """\
## Names

Each track goes through `auto`. A name counts with a confidence of 0.5 or more; below that there is none, and the
count stands alone. **Right** is the name of the row that describes the movement, **wrong** any other name of a row.
Shoulder extension and scaption have no row: every name of theirs is wrong, also `lateral-raise` for scaption, which
is a raise halfway between the side and the front.

**The traits of the rows are positions of joints, not fits, but they were chosen beside these tracks.** Nothing is
fitted per person, so that leaving one out gives the same names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The name that one track got: None without one."""

    movement: str
    person: str
    is_correct: bool
    is_degraded: bool
    name: str | None

    @property
    def is_right(self) -> bool:
        """Whether it is the name of the movement's row."""
        return self.name is not None and self.name == ROW_OF.get(self.movement)

    @property
    def is_wrong(self) -> bool:
        """Whether it is the name of another row."""
        return self.name is not None and not self.is_right


def names_section(rows: Sequence[Named]) -> str:
    """Return the section of the page of evidence."""
    lines = []
    for movement in dict.fromkeys(one.movement for one in rows):
        for is_correct in (True, False):
            mine = [one for one in rows if one.movement == movement and one.is_correct == is_correct]
            plain = [one for one in mine if not one.is_degraded]
            other = Counter(one.name for one in plain if one.is_wrong)
            lines.append(
                (
                    f"{movement}, {'right' if is_correct else 'wrong'}",
                    ROW_OF.get(movement, "–"),
                    str(len(plain)),
                    *(str(n) for one in (plain, [o for o in mine if o.is_degraded]) for n in _three(one)),
                    ", ".join(f"{name} {n}" for name, n in other.most_common()),
                )
            )
    heads = ("right", "wrong", "none", "degraded: right", "wrong", "none")
    table = markdown_table(("movement, form", "row", "tracks", *heads, "wrong names"), lines)
    return f"{_INTRO}\n\n{table}\n\n{_by_person(rows)}"


def _three(rows: Sequence[Named]) -> tuple[int, int, int]:
    right, wrong = sum(one.is_right for one in rows), sum(one.is_wrong for one in rows)
    return right, wrong, len(rows) - right - wrong


def _by_person(rows: Sequence[Named]) -> str:
    """Return how the named movements of each person of the laboratory were named, as recorded."""
    mine = [one for one in rows if not one.is_degraded and one.movement in ROW_OF and one.movement != "push-up"]
    people = sorted({one.person for one in mine})
    lines = [(who, *(str(n) for n in _three([one for one in mine if one.person == who]))) for who in people]
    return "Movements with a row, by person:\n\n" + markdown_table(("person", "right", "wrong", "none"), lines)

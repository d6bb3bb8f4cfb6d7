"""Gait beside plates and sensors: the section "Gait" of docs/evidence.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.results import markdown_table
from gaitlab.metrics.confidence import HIGH_MIN
from gaitlab.metrics.table import row_of
from gaitlab.records import Analysis, Contact, ContactKind, FloatArray, Metric
from gaitlab.records.skeleton import SIDES

__all__ = ["GAIT_SETS", "Walk", "gait_section", "measured_walk"]

GAIT_SETS: Final = ("mealab", "moissenet", "biomechzoo", "gaitkit")
_NEAR_S: Final = 0.25  # a contact found this near to a true one of its foot and kind is taken for it
#: A number is right when it is off by no more than this.
_LIMITS: Final = {"cadence": (2.0, "%"), "step_time": (18.0, "ms"), "stance_percent": (3.0, "points")}
#: Names of the true values of one leg, of one walk or the mean of several.
_TRUE: Final = {
    "step_time": ("step_time_s", "step_time_mean_s"),
    "stance_percent": ("stance_pct", "stance_pct_mean"),
}
_BANDS: Final = ((0.0, 0.5), (0.5, HIGH_MIN), (HIGH_MIN, 1.01))
_INTRO: Final = """\
## Gait

Walks beside force plates (moissenet: adults; biomechzoo: children, half of them turning), labelled events (gaitkit: \
one person with Parkinson's disease off medication, one on a treadmill) and inertial sensors (mealab: eleven people). \
The tracks of mealab come from video, the others from markers. A marker on the ankle is not what a network calls the \
ankle: its contacts come 17 to 52 ms early. So contacts of tracks whose points all have one score are moved by the \
time in which the feet land (`gait/markers.py`). Those of video are not moved: on clips of the development, read by \
eye, heel strikes are within 10 ms in the mean (`tests/regression/test_heel_strikes.py`).

**Nothing is fitted per person. The few constants of cadence (four strides in a row, agreement within 2 %) were chosen \
beside these tracks.**"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One walk, measured and true.

    Attributes
    ----------
    set, person, view : str
    is_degraded : bool
    errors : mapping of str to sequence of (float, float)
        Error and confidence of each number that was given, by a name of `_LIMITS`.
    contacts_ms : mapping of str to sequence of float
        Errors of the contacts that were found, by their kind.
    uneven, wrong_leg : int
        Sentences on uneven steps, and those that name the leg with the shorter ones.
    """

    set: str
    person: str
    view: str
    is_degraded: bool
    errors: Mapping[str, Sequence[tuple[float, float]]]
    contacts_ms: Mapping[ContactKind, Sequence[float]]
    uneven: int
    wrong_leg: int


def _of_side(truth: Mapping[str, Any], names: Sequence[str], side: str | None) -> float:
    """Return the mean of a true number of one leg; NaN where it is not known."""
    for name in names:
        values = (truth.get(name) or {}).get(side)
        if values not in (None, []):
            return float(np.mean(values))
    return float("nan")


def _contact_errors_ms(found: Sequence[Contact], true: Sequence[Mapping[str, Any]], kind: ContactKind) -> list[float]:
    errors = []
    for one in true:
        if one["kind"] == kind:
            own = [other.time_s - one["time_s"] for other in found if (other.side, other.kind) == (one["side"], kind)]
            nearest = min(own, key=abs, default=float("inf"))
            errors += [1000.0 * nearest] if abs(nearest) <= _NEAR_S else []
    return errors


def measured_walk(known: Mapping[str, Any], analysis: Analysis, *, is_degraded: bool) -> Walk:
    """Return what an analysis of a track says beside what is known of it."""
    truth, gait = known["truth"], analysis.gait
    contacts = gait.contacts if gait else ()
    uneven = [note for note in analysis.notes if "longer than" in note]
    left, right = (_of_side(truth, _TRUE["step_time"], side) for side in SIDES)
    return Walk(
        set=known["set"],
        person=known["person"],
        view=known["view"],
        is_degraded=is_degraded,
        errors={name: _errors(name, truth, gait.metrics if gait else ()) for name in _LIMITS},
        contacts_ms={
            kind: _contact_errors_ms(contacts, truth.get("events") or (), kind) for kind in ("heel_strike", "toe_off")
        },
        uneven=len(uneven),
        wrong_leg=sum(note.startswith("Left") != (left > right) for note in uneven),
    )


def _errors(name: str, truth: Mapping[str, Any], metrics: Sequence[Metric]) -> list[tuple[float, float]]:
    """Return error and confidence of a metric, for each leg where each has one; in the unit of its limit."""
    found = []
    for one in metrics:
        if one.name == name and one.value is not None:
            true = (
                float(truth.get("cadence_spm") or "nan")
                if name == "cadence"
                else _of_side(truth, _TRUE[name], one.side)
            )
            error = (one.value - true) * {"cadence": 100.0 / true, "step_time": 1000.0}.get(name, 1.0)
            found += [(error, one.confidence)] if np.isfinite(error) else []
    return found


def gait_section(walks: Sequence[Walk]) -> str:
    """Return the section of the page of evidence."""
    groups = [
        (name, view, is_degraded) for name in GAIT_SETS for view in ("side", "front") for is_degraded in (False, True)
    ]
    lines, events = [], []
    for name, view, is_degraded in groups:
        mine = [one for one in walks if (one.set, one.view, one.is_degraded) == (name, view, is_degraded)]
        if not mine:
            continue
        label = f"{name}, {view}{', degraded' if is_degraded else ''}"
        errors = np.array([error for one in mine for error, _ in one.errors["cadence"]])
        lines.append(
            (label, str(len({one.person for one in mine})), str(len(mine)), str(len(errors)), _bias(errors),
             f"{np.abs(errors).mean():.2f}" if errors.size else "", str(int((np.abs(errors) > 2.0).sum())),
             str(int((np.abs(errors) > 3.0).sum())), f"{_sum(mine, 'uneven')}, {_sum(mine, 'wrong_leg')}")
        )  # fmt: skip
        kinds = [np.array([ms for one in mine for ms in one.contacts_ms[kind]]) for kind in ("heel_strike", "toe_off")]
        shares = np.array([error for one in mine for error, _ in one.errors["stance_percent"]])
        events.append((label, *(_bias(values) for values in (*kinds, shares))))
    cadence = markdown_table(
        ("walks", "people", "tracks", "with cadence", "error %, mean ± SD", "mean size %", "> 2 %", "> 3 %",
         "told uneven, wrong leg"), lines,
    )  # fmt: skip
    contacts = markdown_table(("walks", "heel strike ms", "toe-off ms", "stance, points"), events)
    return f"{_INTRO}\n\n{cadence}\n\n{contacts}\n\n{_reliability(walks)}"


def _sum(walks: Sequence[Walk], name: str) -> int:
    return sum(int(getattr(one, name)) for one in walks)


def _bias(values: FloatArray) -> str:
    return f"{values.mean():+.1f} ± {values.std():.1f}, n = {len(values)}" if values.size else ""


def _reliability(walks: Sequence[Walk]) -> str:
    """Return how often numbers from the side are right, by their confidence."""
    lines = []
    for name, (limit, unit) in _LIMITS.items():
        for low, high in _BANDS:
            errors = np.array(
                [
                    error
                    for one in walks
                    if one.view == "side"
                    for error, confidence in one.errors[name]
                    if low <= confidence < high
                ]
            )
            right = f"{np.mean(np.abs(errors) <= limit):.2f}" if errors.size else ""
            lines.append(
                (row_of(name).label, f"{limit:g} {unit}", f"{low:g} to {min(high, 1.0):g}", str(len(errors)), right)
            )
    head = ("number, from the side", "right within", "confidence", "n", "right")
    return (
        "How far the confidence can be trusted, all walks as recorded and degraded. 0.8 and more is called sure. Step "
        "times and stance of one leg are never sure: the feet are not seen alike, and more steps do not help.\n\n"
        + markdown_table(head, lines)
    )

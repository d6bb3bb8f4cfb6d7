"""Form rules beside right and deliberately wrong repetitions: what docs/evidence.md says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from benchmarks.results import markdown_table
from gaitlab.records import Analysis, Repetition
from gaitlab.records.skeleton import SIDES
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.repetitions.form import Seen, is_seen, judged
from gaitlab.repetitions.measures import aspect_of
from gaitlab.repetitions.standards import FORM_RULES, NOT_TESTED

__all__ = ["FormSet", "Judged", "evidence_words", "form_section", "interval", "judged_repetitions", "left_out"]

_STEP = 5  # degrees or percent: limits are multiples of it
# The least limits: twice what angles from one camera are uncertain, and what those in the plane of the picture are.
_FLOOR: Final = 15
_FLOORS: Final[Mapping[str, int]] = {"trunk_sways": 10}
_HIGHEST = 180
_Z = 1.96
_ELSEWHERE: Final = ("arms_help",)  # its limit is a position, not a size


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the form rules of its exercise say of one repetition.

    Attributes
    ----------
    seen : frozenset of str
        The rules that could be judged.
    remarks : frozenset of str
        The rules that make a remark.
    up_to : mapping of str to int
        Rule → the highest multiple of 5, from 15, that the rule could have as its limit and still make a remark; 0 for
        none.
    is_shallow : bool
    """

    seen: frozenset[str]
    remarks: frozenset[str]
    up_to: Mapping[str, int]
    is_shallow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSet:
    """One track of one person doing one exercise, all of it right or wrong on purpose."""

    name: str
    person: str
    exercise: str
    view: str
    is_correct: bool
    is_degraded: bool
    repetitions: tuple[Judged, ...]


def judged_repetitions(analysis: Analysis) -> tuple[Judged, ...]:
    """Return what the form rules say of each repetition of an analysis."""
    exercise = analysis.exercise
    if exercise is None or exercise.name not in EXERCISES:
        return ()
    return tuple(_judged(analysis, exercise.name, one) for one in exercise.repetitions)


def _judged(analysis: Analysis, exercise: str, one: Repetition) -> Judged:
    standard = EXERCISES[exercise].standard
    time_s = analysis.track.time_s
    start, end = (int(np.argmin(np.abs(time_s - at))) for at in (one.start_s, one.end_s))
    rows = slice(start, end + 1)
    seen = Seen(
        time_s=time_s[rows],
        xy_px=analysis.track.xy_px[rows],
        lean_deg=analysis.angles.angle("trunk_lean")[rows],
        measure=standard.measure,
        sides=SIDES if one.side == "both" else (one.side,),
        aspect=aspect_of(analysis.track.xy_px[rows]),
    )
    return Judged(
        seen=frozenset(name for name in standard.form if is_seen(FORM_RULES[name], seen)),
        remarks=frozenset(note.rule for note in one.form),
        up_to={name: _up_to(name, seen) for name in standard.form if name not in _ELSEWHERE},
        is_shallow=one.is_shallow,
    )


def _floor(name: str) -> int:
    return _FLOORS.get(name, _FLOOR)


def _up_to(name: str, seen: Seen) -> int:
    passed = 0
    for limit in range(_floor(name), _HIGHEST, _STEP):
        if judged(replace(FORM_RULES[name], limit=float(limit)), seen) is None:
            break
        passed = limit
    return passed


def left_out(sets: Sequence[FormSet]) -> tuple[list[bool], list[bool]]:
    """Return remarks with limits that are chosen without the person who is judged.

    For each person, a rule's limit is the smallest multiple of 5, from 15 (twice what angles from one camera are
    uncertain), that no right repetition of the other people passes, and 5 more.

    Parameters
    ----------
    sets : sequence of FormSet
        Of one exercise.

    Returns
    -------
    wrong, right : list of bool
        Whether there is a remark, per wrong set and per right repetition.
    """
    wrong, right = [], []
    for person in sorted({one.person for one in sets}):
        others = [one for one in sets if one.person != person and one.is_correct]
        limits = _limits(rep for one in others for rep in one.repetitions)
        for one in (one for one in sets if one.person == person):
            told = [
                any(up_to >= limits.get(name, _floor(name)) for name, up_to in rep.up_to.items())
                for rep in one.repetitions
            ]
            if one.is_correct:
                right += told
            else:
                wrong.append(any(told))
    return wrong, right


def _limits(repetitions: Iterable[Judged]) -> dict[str, int]:
    limits: dict[str, int] = {}
    for rep in repetitions:
        for name, up_to in rep.up_to.items():
            not_passed = up_to + _STEP if up_to else _floor(name)
            limits[name] = max(limits.get(name, 0), not_passed + _STEP)
    return limits


def interval(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share after Wilson (1927); 0 to 1 without observations."""
    if not n:
        return 0.0, 1.0
    share = hits / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * float(np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _words(told: Sequence[bool]) -> str:
    """Return a share with its interval: "4/5: 0.80 (0.38–0.96)"."""
    if not told:
        return "–"
    low, high = interval(sum(told), len(told))
    return f"{sum(told)}/{len(told)}: {sum(told) / len(told):.2f} ({low:.2f}–{high:.2f})"


def _told(sets: Iterable[FormSet], rule: str) -> tuple[list[bool], list[bool]]:
    """Return whether the rule makes a remark, per wrong set and per right repetition in which it can be judged."""
    wrong, right = [], []
    for one in sets:
        told = [rule in rep.remarks for rep in one.repetitions if rule in rep.seen]
        if one.is_correct:
            right += told
        elif told:
            wrong.append(any(told))
    return wrong, right


def evidence_words(rule: str, sets: Iterable[FormSet]) -> str:
    """Return in a few words how well a rule separates, of tracks as recorded; what `FormRule.evidence` says."""
    wrong, right = _told((one for one in sets if not one.is_degraded), rule)
    if not wrong and not right:
        return NOT_TESTED
    if not any(wrong) and not any(right):
        return f"in none of {len(right)} right repetitions; no wrong ones to test it on"
    return f"seen in {sum(wrong)} of {len(wrong)} wrong sets, in {sum(right)} of {len(right)} right repetitions"


_INTRO: Final = """\
What is told of form beside right and deliberately wrong sets. **Sensitivity** is the share of the wrong sets in which \
at least one repetition gets the remark. The other column is the share of single repetitions of right sets that get \
it; one minus it is the specificity. Only sets and repetitions that the rule can see count. In brackets: 95 % \
intervals after Wilson. Repetitions of one person are alike, so the true intervals are wider.

A **remark** is a remark on form (a rule of the table). That a repetition is counted as **shallow** is told as well \
and is given separately and together with the remarks. For squats *thighs stay above level* is a rule of its own, \
stricter than the shallow of the count, which only says that the thighs did not come near 50 degrees.

The limits were chosen while looking at these people. So the second table has each person judged with limits chosen \
without them: for each rule the smallest multiple of 5, from 15 (10 for sway, an angle in the plane of the picture), \
that no right repetition of the other people passes, and 5 more. Which rules there are was chosen on all of them. For \
push-ups a scene stands for a person. A wrong set in which no repetition was found counts as one without a remark."""


def form_section(sets: Sequence[FormSet]) -> str:
    """Return the section on form of the page."""
    return "\n\n".join(
        (
            "## Form",
            _INTRO,
            "### Any remark",
            _overall(sets),
            "### With limits chosen without the person judged",
            _left_out_table(sets),
            "### Rule by rule",
            markdown_table(
                ("rule", "exercise, view", "people", "sets", "sensitivity", "right repetitions with it",
                 "degraded: sensitivity", "degraded: right repetitions"),
                list(_rule_lines(sets)),
            ),
            _WITHHELD,
        )
    )  # fmt: skip


_WITHHELD: Final = """\
Withheld: *left and right differ* in squats and in standing up. Right squats differ by up to 13 degrees, and of five \
people only one was told of a wrong one. Looked at for push-ups, and not made a rule, since right and wrong are alike \
there: bend of the elbows, hands ahead of the shoulders, slope of the body, difference of the sides. Wrong push-ups \
were faster than right ones, which may be how the clips were cut."""


def _groups(sets: Sequence[FormSet]) -> Iterator[tuple[str, list[FormSet]]]:
    for key in dict.fromkeys((one.exercise, one.view) for one in sets):
        yield ", ".join(key), [one for one in sets if (one.exercise, one.view) == key]


def _any(sets: Sequence[FormSet], holds: Callable[[Judged], bool]) -> tuple[str, str]:
    wrong = [any(map(holds, one.repetitions)) for one in sets if not one.is_correct]
    right = [holds(rep) for one in sets if one.is_correct for rep in one.repetitions]
    return _words(wrong), _words(right)


_KINDS: Final[Mapping[str, Callable[[Judged], bool]]] = {
    "remark": lambda rep: bool(rep.remarks),
    "shallow": lambda rep: rep.is_shallow,
    "remark or shallow": lambda rep: bool(rep.remarks) or rep.is_shallow,
}


def _overall(sets: Sequence[FormSet]) -> str:
    lines = []
    for label, group in _groups(sets):
        for kind, holds in _KINDS.items():
            clean, hard = ([one for one in group if one.is_degraded == flag] for flag in (False, True))
            people = str(len({one.person for one in group}))
            lines.append((f"{label}: {kind}", people, *_any(clean, holds), *_any(hard, holds)))
    return markdown_table(
        ("exercise, view: what is told", "people", "wrong sets", "right repetitions", "degraded: wrong sets",
         "degraded: right repetitions"), lines,
    )  # fmt: skip


def _left_out_table(sets: Sequence[FormSet]) -> str:
    lines = []
    for label, group in _groups(sets):
        found = [left_out([one for one in group if one.is_degraded == flag]) for flag in (False, True)]
        lines.append((label, *(_words(told) for pair in found for told in pair)))
    return markdown_table(
        ("exercise, view", "wrong sets", "right repetitions", "degraded: wrong sets", "degraded: right repetitions"),
        lines,
    )


def _rule_lines(sets: Sequence[FormSet]) -> Iterator[tuple[str, ...]]:
    groups = list(_groups(sets))
    for name in FORM_RULES:
        users = [row.name for row in EXERCISES.values() if name in row.standard.form]
        for exercise in users:
            measured = False
            for label, group in groups:
                clean, hard = (_told([s for s in group if s.is_degraded == flag], name) for flag in (False, True))
                if group[0].exercise != exercise or not any((*clean, *hard)):
                    continue
                judged_sets = [s for s in group if not s.is_degraded and any(name in r.seen for r in s.repetitions)]
                measured = True
                yield (
                    name, label, str(len({s.person for s in judged_sets})), str(len(judged_sets)),
                    *(_words(told) for told in (*clean, *hard)),
                )  # fmt: skip
            if not measured:
                yield (name, exercise, "0", "0", "no data", "no data", "no data", "no data")

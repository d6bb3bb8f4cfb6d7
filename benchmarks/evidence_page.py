"""The page docs/evidence.md, made of counts and their truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.evidence_scores import (
    BANDS,
    Counted,
    exact,
    relative_error,
    reliability_table,
    score_table,
    share,
    within_one,
)
from benchmarks.results import markdown_table

__all__ = ["FORM_END", "FORM_START", "page"]

#: The headings with which the section on form begins, and the one after it.
FORM_START: Final = "## Form\n"
FORM_END: Final = "## How far the confidence can be trusted\n"

_TESTS: Final = {
    "rises5_ends_standing": "five rises, ends standing",
    "rises_ends_standing": "ten rises, ends standing",
    "rises_ends_seated": "nine rises, ends seated",
}
_INTRO: Final = """\
# Evidence

`make evidence` writes this page. It counts repetitions in recorded tracks, compares the counts with the truth, and
measures what is told of form.

{about}

## What was measured

| set | people | tracks | truth | source | licence |
|---|---|---|---|---|---|
| UI-PRMD, done right and done wrong, from the side and from the front | {people} | {tracks} | ten repetitions each | \
`niemasd/UI-PRMD-Analysis`, commit 2c5bf13 | public domain, says the paper |
| Sit-to-stand tests cut from it, from the side | the same | {tests} | five, nine or ten stands | the same | the same |
| Push-ups done right and done wrong | {scenes} scenes | {pushfit} | at least one repetition | \
`riyer8/cs231n-pushfit`, commit 63832a8 | none stated |
| Clips of the development, in `tests/data` | {recorded} clips | {recorded} | read by eye | \
recorded with this program | coordinates only |

- UI-PRMD was recorded with markers. A drawn camera looks at them square from the side or the front, at 30 frames/s. \
No joint is hidden and no noise is in these tracks. Real video is harder.
- "Wrong" repetitions of UI-PRMD are shallow or crooked on purpose. They are attempts, and each counts as one.
- Its repetitions were cut apart by its authors and joined again for this. The tests have \
a second of stillness before and after.
- The push-ups are real tracks of MoveNet Thunder. Nobody has counted them.

## How

- Each track goes through `analyse_track` as a file would. **Named** means that the exercise was chosen: squat, lunge, \
sit-to-stand, push-up. **Repeated** means that any movement that repeats was counted, without a name.
- A count is all repetitions, shallow ones too.
- **Degraded** means Gaussian noise of 1.5 px on each coordinate and every second frame left out, with a seed per track.
- **Exact** is the share of the tracks with the right count, **within one** that with an error of one at most.

**Nothing is fitted per person here, so nothing is cross-validated. The constants of the counter were chosen on these \
five people and on 20 clips. People who were held back will be counted worse.**
"""


def page(counts: Sequence[Counted], about: str, form: str, names: str) -> str:
    """Return the page.

    Parameters
    ----------
    counts : sequence of Counted
    about : str
        When, with what and where it was measured.
    form, names : str
        The sections on form and on names.
    """
    uiprmd, tests, pushfit, recorded = (
        [one for one in counts if one.set == name] for name in ("uiprmd", "test", "pushfit", "recorded")
    )
    named = [one for one in uiprmd if one.way == "named"]
    repeated = [one for one in uiprmd if one.way == "repeated"]
    intro = _INTRO.format(
        about=about,
        people=len({one.person for one in uiprmd}),
        tracks=_tracks(uiprmd),
        tests=_tracks(tests),
        scenes=len({one.person for one in pushfit}),
        pushfit=_tracks(pushfit),
        recorded=len(recorded),
    )
    known = [one for one in counts if one.truth is not None and one.set != "recorded"]
    return "\n\n".join(
        (
            intro.strip(),
            "## The exercise named",
            score_table(named, "form, view", _form_view),
            score_table(named, "movement, form, view", _movement_form_view),
            "### Sit-to-stand tests",
            score_table(tests, "test, form", lambda one: f"{_TESTS[one.movement]}, {_form(one)}"),
            "### Push-ups",
            "How many tracks have at least one repetition:",
            _at_least_one(pushfit),
            "### Clips of the development",
            _clips(recorded),
            "## Any repeated movement, without a name",
            score_table(repeated, "form, view", _form_view),
            score_table(repeated, "movement, form, view", _movement_form_view),
            "## By person",
            "Named and repeated together would hide the difference, so each has its table.",
            "Named:",
            score_table(_by_person(named), "person, form", _person_form),
            "Repeated:",
            score_table(_by_person(repeated), "person, form", _person_form),
            names,
            form,
            FORM_END.strip(),
            f"All counts with a known truth but those of the development clips: {len(known)}. The last column says "
            "which part of all right counts lies in the band.",
            reliability_table(known),
            _promise(known),
            "## Beside published figures",
            _published(named, repeated),
        )
    ) + "\n"  # fmt: skip


def _tracks(rows: Sequence[Counted]) -> int:
    return len({one.name for one in rows})


def _form(one: Counted) -> str:
    return "right" if one.is_correct else "wrong"


def _form_view(one: Counted) -> str:
    return f"{_form(one)}, {one.view}"


def _movement_form_view(one: Counted) -> str:
    return f"{one.movement}, {_form(one)}, {one.view}"


def _person_form(one: Counted) -> str:
    return f"{one.person}, {_form(one)}"


def _by_person(rows: Sequence[Counted]) -> list[Counted]:
    return sorted(rows, key=lambda one: (one.person, not one.is_correct))


def _at_least_one(rows: Sequence[Counted]) -> str:
    lines = []
    for is_correct in (True, False):
        ones = [one for one in rows if one.is_correct == is_correct]
        clean, hard = ([one for one in ones if one.is_degraded == flag] for flag in (False, True))
        lines.append(("right" if is_correct else "wrong", share(clean, _some), share(hard, _some)))
    return markdown_table(("form", "as recorded", "degraded"), lines)


def _some(one: Counted) -> bool:
    return one.count > 0


def _clips(rows: Sequence[Counted]) -> str:
    lines = [(f"{one.name} ({one.movement})", str(one.truth), str(one.count), f"{one.confidence:.2f}") for one in rows]
    table = markdown_table(("clip", "truth", "counted", "confidence"), lines)
    return f"Exact: {share(rows, exact)}. These clips were looked at, so this says little.\n\n{table}"


def _promise(rows: Sequence[Counted]) -> str:
    """Return how far sure counts keep what the confidence promises."""
    sure = [one for one in rows if one.confidence >= BANDS[-1][0]]
    return (
        f"The promise is that 95 of 100 sure counts (0.8 or more) are right. Exact: {share(sure, exact)}; within one: "
        f"{share(sure, within_one)}. The table says where the promise is not kept to the repetition."
    )


def _published(named: Sequence[Counted], repeated: Sequence[Counted]) -> str:
    """Return our error and off-by-one accuracy beside those of the literature, each with its protocol."""

    def line(what: str, rows: Sequence[Counted], fits: Callable[[Counted], bool]) -> tuple[str, str, str]:
        ones = [one for one in rows if fits(one)]
        return (
            f"GaitLab, {what}",
            f"{relative_error(ones):.2f}",
            f"{sum(within_one(one) for one in ones) / len(ones):.2f}",
        )

    lines = [
        line("exercise named, UI-PRMD", named, lambda one: not one.is_degraded),
        line("exercise named, UI-PRMD degraded", named, lambda one: one.is_degraded),
        line("any repeated movement, UI-PRMD", repeated, lambda one: not one.is_degraded),
        line("any repeated movement, UI-PRMD degraded", repeated, lambda one: one.is_degraded),
        ("known exercise, from the skeleton (arXiv 2107.13760)", "0.06", "0.94–0.95"),
        ("pose counters on RepCount, the class nearest to the truth chosen", "0.21–0.24", "0.56–0.60"),
        ("pose counters on RepCount, the class predicted", "0.50", "0.46"),
    ]
    return (
        markdown_table(("", "mean of error / truth", "off by one at most"), lines)
        + "\n\nThe protocols differ. RepCount is hundreds of videos from the web, with other people and cameras. "
        "Choosing the class that is nearest to the truth needs the truth. The tracks here are of five people, and "
        "were at hand during development. **None of these rows ranks one program above another.**"
    )

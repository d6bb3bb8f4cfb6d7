"""The page to print: always one, in any script, and complete in what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pypdfium2
import pytest

from gaitlab.history.sessions import trend_until
from gaitlab.limits import QUESTION_MAX_CHARS
from gaitlab.records import Analysis, Metric
from gaitlab.records.findings import as_written
from gaitlab.reports import About, document_of
from gaitlab.reports.drawing import Photo
from gaitlab.reports.figures import pictures_at
from gaitlab.reports.key_moments import key_moments
from gaitlab.reports.one_page import OnePage, one_page_of
from gaitlab.reports.pdf import one_page_pdf
from gaitlab.reports.sides import legend_words, side_rows
from gaitlab.reports.wishes import Paper
from gaitlab.storage import SessionStore
from tests.app.builders_ui import drawn_clip, long_walk, measured_walk, nothing, squats, walk

ARABIC = "محمد عبد الله"
LONG = "Wilhelmina-Alexandra "


def text_of(made: bytes) -> str:
    document = pypdfium2.PdfDocument(made)
    assert len(document) == 1
    return " ".join(document[0].get_textpage().get_text_range().split())


def with_missing(analysis: Analysis, count: int) -> Analysis:
    assert analysis.gait is not None
    why = "The feet were hidden behind something that stands between the camera and the person, so nothing is known "
    missing = tuple(
        Metric(name=f"some_number_{i}", value=None, unit="m", why=as_written(f"{why}{i}.")) for i in range(count)
    )
    return replace(analysis, gait=replace(analysis.gait, metrics=(*analysis.gait.metrics, *missing)))


def crowded() -> tuple[Analysis, About]:
    """The longest words everywhere, and more numbers, reasons and notes than a page has room for."""
    analysis = with_missing(long_walk(), 40)
    analysis = replace(
        analysis,
        source=replace(analysis.source, file=f"{'walk-of-anna_' * 30}.mp4"),
        findings=tuple(as_written(f"{i}: {'a note of many words ' * 20}") for i in range(12)),
    )
    return analysis, About(person=LONG * 4, when="filmed 3 Mar 2026, 10:00", remark="of interest " * 500, age=44)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("analysis", [walk(), squats(), nothing(), long_walk()], ids=["walk", "squats", "none", "long"])
def test_it_is_one_page(analysis: Analysis, paper: Paper) -> None:
    page = pypdfium2.PdfDocument(one_page_pdf(one_page_of(analysis), paper=paper))[0]
    assert [round(side) for side in page.get_size()] == ([595, 842] if paper == "a4" else [612, 792])


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_it_is_one_page_however_much_there_is_and_nothing_is_cut_off(paper: Paper) -> None:
    analysis, about = crowded()
    made = one_page_pdf(one_page_of(analysis, about, question="why " * (QUESTION_MAX_CHARS // 4)), paper=paper)
    text = text_of(made)
    assert "more notes are in the full report." in text
    assert text.index("more notes are in the full report.") < text.index("Seen by")
    page = pypdfium2.PdfDocument(made)[0].get_textpage()
    lowest = min(page.get_charbox(i)[1] for i in range(page.count_chars()))
    assert lowest > 0


def test_question_person_date_and_filming_stand_on_it() -> None:
    about = About(person="Anna", when="filmed 3 Mar 2026, 10:00", age=44)
    text = text_of(one_page_pdf(one_page_of(walk(), about, question="Does the left knee bend less?")))
    for words in ("Anna", "44 years", "3 Mar 2026", "Does the left knee", "seen from the side", "25 frames per second"):
        assert words in text
    assert "Signature" in text


def test_a_name_in_arabic_and_a_question_with_emoji_are_drawn_and_can_be_read_aloud() -> None:
    page = one_page_of(squats(), About(person=ARABIC), question=f"{ARABIC} 🏃‍♀️?")
    assert one_page_pdf(page, standards=["ua-1"])  # Typst refuses this standard where a letter became a box


def missing(page: OnePage) -> list[str]:
    return [labels for labels, _ in page.missing]


def test_what_was_not_measured_stands_once_a_reason() -> None:
    analysis = walk()
    assert analysis.gait is not None
    why = as_written("No scale.")
    unknown = [Metric(name="stride_length", value=None, unit="m", side=side, why=why) for side in ("left", "right")]
    unknown.append(Metric(name="speed", value=None, unit="m/s", why=why))
    page = one_page_of(replace(analysis, gait=replace(analysis.gait, metrics=tuple(unknown))))
    assert page.missing == (("Stride length · Speed", "No scale."),)


@pytest.mark.parametrize(("count", "last"), [(5, "Some number 4"), (6, "2 more"), (7, "3 more")])
def test_more_reasons_than_the_page_has_room_for_are_counted(count: int, last: str) -> None:
    page = one_page_of(with_missing(walk(), count))  # the walk has one of its own
    assert len(page.missing) == 6
    assert missing(page)[-1] == last


def test_a_walk_has_its_cycle_beside_the_norm_of_the_persons_age() -> None:
    page = one_page_of(long_walk(), About(age=9))
    assert [panel.heading for panel in page.movement] == ["Knee over the gait cycle", "Hip over the gait cycle"]
    assert [bool(panel.caption) for panel in page.movement] == [False, True]
    assert "children" in page.movement[-1].caption


def test_parts_go_below_the_shorter_column() -> None:
    analysis = long_walk()
    assert analysis.gait is not None
    bare = replace(analysis, gait=replace(analysis.gait, metrics=()))
    page = pypdfium2.PdfDocument(one_page_pdf(one_page_of(bare)))[0].get_textpage()

    def place(words: str) -> tuple[float, float]:
        index, _ = page.search(words).get_next()
        left, bottom, _, _ = page.get_charbox(index)
        return left, bottom

    (knee_x, knee_y), (hip_x, hip_y) = place("Knee over the gait"), place("Hip over the gait")
    assert abs(knee_y - hip_y) < 3.0  # points
    assert hip_x - knee_x > 200.0


def test_curves_of_other_strides_keep_their_own_captions() -> None:
    analysis = long_walk()
    row = analysis.angles.names.index("left_hip")
    deg = analysis.angles.deg.copy()
    deg[: len(deg) // 3, row] = np.nan
    page = one_page_of(replace(analysis, angles=replace(analysis.angles, deg=deg)))
    knee, hip = (panel.caption for panel in page.movement)
    assert knee
    assert hip
    assert knee.split(" strides")[0] != hip.split(" strides")[0]


def test_words_without_blanks_are_cut_and_not_lost() -> None:
    about = About(person="W" * 500, remark="膝が痛い" * 100)
    page = one_page_of(replace(walk(), source=replace(walk().source, file=f"{'walk_' * 60}.mp4")), about)
    assert page.person == f"{'W' * 119}…"
    assert "walk_walk_" in page.facts[0]
    assert page.facts[-1].startswith("Remark: 膝が痛い膝が痛い")


def test_left_and_right_can_be_read_aloud() -> None:
    page = one_page_of(walk())
    assert page.sides is not None
    assert page.sides.title == "Left and right: Step time left 0.58 s, right 0.57 s, typical 0.5–0.6 s"


def test_the_legend_of_the_bars_names_only_what_is_drawn() -> None:
    assert one_page_of(long_walk()).legend == "Grey: typical of healthy adults. Line: 95 % interval of the mean."
    rows = side_rows(walk(), document_of(walk()))
    unsure = [replace(row, typical=None, bars=tuple(replace(bar, is_sure=False) for bar in row.bars)) for row in rows]
    assert legend_words(unsure, band="Grey") == "Line: 95 % interval of the mean. Pale: not sure."


@pytest.mark.parametrize(("count", "heading"), [(1, "Knee angle over time"), (2, "Knee over the mean repetition")])
def test_two_repetitions_have_a_mean(count: int, heading: str) -> None:
    analysis = squats()
    assert analysis.exercise is not None
    repetitions = tuple(replace(rep, notes=()) for rep in analysis.exercise.repetitions[:count])
    page = one_page_of(replace(analysis, exercise=replace(analysis.exercise, repetitions=repetitions)))
    assert [panel.heading for panel in page.movement] == [heading]


def test_lengths_come_in_the_readers_units() -> None:
    about = About(units="imperial")
    page = one_page_of(measured_walk(speed_mps=1.3), about)
    assert [number.value for number in page.numbers if number.metric.name == "speed"] == ["2.91 mph"]


def test_the_pictures_are_those_of_the_moments(tmp_path_factory: pytest.TempPathFactory) -> None:
    analysis = squats()
    clip = drawn_clip(tmp_path_factory.mktemp("clip") / "clip.mp4")
    pictures = pictures_at(clip, analysis, key_moments(analysis))
    page = one_page_of(analysis, pictures=pictures)
    assert page.key is not None
    shown = [shape for shape in page.key.drawing.shapes if isinstance(shape, Photo)]
    assert len(shown) == len(pictures) == 2
    assert all(photo.jpeg.startswith(b"\xff\xd8") for photo in shown)
    assert text_of(one_page_pdf(page))


def test_the_trend_ends_with_the_session_of_the_page(empty_store: SessionStore) -> None:
    store = empty_store
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    numbers = [
        store.save(walk(cadence=cadence, file=f"{i}.mp4"), person="Anna", recorded_at=start + timedelta(days=7 * i))
        for i, cadence in enumerate((100.0, 104.0, 120.0))
    ]
    store.update_session(numbers[0], is_baseline=True)
    stored = store.get(numbers[1])
    trend = trend_until(store, stored, stored.analysis.metrics[0])
    assert [point.measurement.value for point in trend.points] == [100.0, 104.0]
    page = one_page_of(stored.analysis, About(trend=trend))
    assert page.trend is not None
    assert page.trend.heading == "Cadence since before"
    assert trend.change is not None
    assert page.trend.caption.startswith(trend.change.word.capitalize())
    assert page.trend.caption.endswith("Grey: where a session lies that shows no change.")
    first = store.get(numbers[0])
    assert one_page_of(first.analysis, About(trend=trend_until(store, first, first.analysis.metrics[0]))).trend is None


def test_a_run_is_called_a_run_wherever_it_is_named() -> None:
    analysis = walk()
    assert analysis.gait is not None
    page = one_page_of(replace(analysis, gait=replace(analysis.gait, mode="run")))
    assert page.title.startswith("Running")
    assert not any("Walking" in words for words in (page.title, page.highlight, *page.facts))


def test_curves_of_a_walk_from_the_front_say_so() -> None:
    analysis = walk()
    front = replace(analysis, subject=replace(analysis.subject, view="front"))
    headings = {one.subject.view: one_page_of(one).movement[0].heading for one in (analysis, front)}
    assert headings == {"side": "Knee angle over time", "front": "Knee angle over time, as seen from the front"}

"""Reports and exports: complete, of their own, and harmless whatever words they hold."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest

from gaitlab.errors import UsageError
from gaitlab.records import Analysis, FormNote, Metric
from gaitlab.records.findings import as_written
from gaitlab.repetitions.sets import best_and_worst
from gaitlab.reports import EXPORTS, About, Shared, document_of, html_report, write_export
from gaitlab.reports.panels import Panel
from gaitlab.reports.sentences import plain_sentences
from gaitlab.storage import Goal
from tests.app.builders_ui import squats, walk

HOSTILE = "<script>alert(1)</script> & \"it\" 'Żaneta'"


class Tags(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def pdf_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return " ".join(document[i].get_textpage().get_text_range() for i in range(len(document)))


@pytest.mark.parametrize("analysis", [squats(), walk()], ids=["squats", "walk"])
def test_the_web_report_names_every_number_and_why_others_are_missing(analysis: Analysis) -> None:
    page = html_report(document_of(analysis, About(person="Anna")))
    for metric in analysis.metrics:
        assert (metric.reason or metric.unit) in Tags(page).text
    assert "<svg" in page


def said_of_double_support(percent: float, *, confidence: float = 0.9) -> str:
    analysis = walk()
    assert analysis.gait is not None
    both = Metric(name="double_support_percent", value=percent, unit="%", n=1, confidence=confidence)
    gait = replace(analysis.gait, metrics=(*analysis.gait.metrics, both))
    return next(line for line in plain_sentences(replace(analysis, gait=gait)) if "on the ground" in line)


def test_a_number_of_low_confidence_is_not_told_as_a_fact() -> None:
    assert said_of_double_support(32.0, confidence=0.24).endswith("; this number is not sure.")
    assert "not sure" not in said_of_double_support(32.0)


@pytest.mark.parametrize(
    ("percent", "where"),
    [(5.9, "; below"), (6.1, "as far as can be measured within"), (33.9, "as far"), (34.1, "; above")],
)
def test_a_number_lies_beside_its_typical_range_only_by_more_than_it_may_be_off(percent: float, where: str) -> None:
    assert where in said_of_double_support(percent)


def test_the_web_report_loads_and_runs_nothing() -> None:
    page = Tags(html_report(document_of(walk())))
    assert not {"script", "link", "iframe", "img", "object"} & set(page.tags)
    assert not [value for name, value in page.attributes if name in {"src", "href"} or name.startswith("on")]


def test_words_of_a_user_or_a_file_stay_words() -> None:
    analysis = squats(file=HOSTILE)
    page = Tags(html_report(document_of(analysis, About(person=HOSTILE, remark=HOSTILE))))
    assert "script" not in page.tags
    assert page.text.count(HOSTILE) >= 3


def test_no_word_of_a_document_becomes_markup() -> None:
    document = document_of(squats())

    def page(words: str) -> Tags:
        drawings = tuple(
            Panel(heading=words, drawing=replace(panel.drawing, title=words), caption=words)
            for panel in document.drawings
        )
        all_words = dict.fromkeys(("title", "subtitle", "settings"), words)
        lists = dict.fromkeys(("plain", "notes", "origin"), (words, words))
        return Tags(html_report(replace(document, drawings=drawings, **all_words, **lists)))  # type: ignore[arg-type]

    assert page(HOSTILE).tags == page("harmless").tags
    assert ("aria-label", HOSTILE) in page(HOSTILE).attributes


def test_the_pdf_has_the_numbers_and_letters_beyond_latin_1(tmp_path: Path) -> None:
    write_export(
        "pdf", tmp_path / "a.pdf", Shared(analysis=squats(), about=About(person="Żaneta Ελένη Анна", remark=HOSTILE))
    )
    text = pdf_text(tmp_path / "a.pdf")
    assert "Squats: 2 repetitions" in text
    assert "Żaneta Ελένη Анна" in text
    assert "<script>" in text


def test_the_tables_of_the_pdf_stay_on_the_page_with_a_column_of_goals_too(tmp_path: Path) -> None:
    goal = Goal(
        id=1, metric="cadence", side=None, target=110.0, direction="at_least", due=None, created_at=datetime.now(UTC)
    )
    write_export("pdf", tmp_path / "a.pdf", Shared(analysis=walk(), about=About(goals=(goal,))))
    page = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0]
    text = page.get_textpage()
    assert "at least 110 steps/min" in text.get_text_range()
    boxes = [text.get_charbox(i) for i in range(text.count_chars())]
    assert min(left for left, *_ in boxes) > 0
    assert max(right for _, _, right, _ in boxes) < page.get_width()


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("analysis", [squats(), walk()], ids=["squats", "walk"])
def test_every_export_says_which_version_and_model_made_it(name: str, analysis: Analysis, tmp_path: Path) -> None:
    made = replace(analysis.provenance, gaitlab="9.8.7", model_sha256="c0ffee" * 10)
    out = tmp_path / f"out{EXPORTS[name].suffix}"
    if name == "c3d":
        pytest.importorskip("ezc3d", reason="C3D needs the extra formats")
    write_export(name, out, Shared(analysis=replace(analysis, provenance=made)))
    if EXPORTS[name].needs_settings and name != "csv":
        return  # the layout is fixed; the export "settings" says what made it
    if name in ("pdf", "one-page"):
        text = pdf_text(out)
    elif name == "openpose":
        text = zipfile.ZipFile(out).read("provenance.json").decode()
    elif name == "bids":
        text = zipfile.ZipFile(out).read("dataset_description.json").decode()
    elif name in ("c3d", "movement", "angles-parquet"):
        text = re.sub(r"[^ -~]", "", out.read_bytes().decode("latin-1"))
    else:
        text = out.read_text(encoding="utf-8")
    assert "9.8.7" in text
    assert "c0ffee" * 10 in re.sub(r"\s", "", text)


def test_the_csv_has_one_row_a_number(tmp_path: Path) -> None:
    write_export("csv", tmp_path / "a.csv", Shared(analysis=walk()))
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [metric.name for metric in walk().metrics]


def test_a_folder_that_is_not_there_is_one_sentence_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_export("json", tmp_path / "no" / "a.json", Shared(analysis=walk()))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_repetition_with_the_fewest_remarks_is_best_whatever_its_range() -> None:
    first, second = squats().exercise.repetitions  # type: ignore[union-attr]
    note = FormNote(rule="lean", time_s=1.0, text="trunk leans 48 degrees")
    deep_but_leaning = replace(first, range_deg=120.0, form=(note,))
    upright = replace(second, range_deg=90.0, notes=())
    assert best_and_worst((deep_but_leaning, upright)) == (upright, deep_but_leaning)


def test_cut_off_repetitions_are_neither_best_nor_worst() -> None:
    first, second = squats().exercise.repetitions  # type: ignore[union-attr]
    assert best_and_worst((first, replace(second, notes=("cut off",)))) is None


def test_the_plain_reading_counts_and_says_what_is_missing() -> None:
    withheld = Metric(name="step_length", value=None, unit="m", why=as_written("No scale; give the body height."))
    analysis = walk()
    assert analysis.gait
    measured = tuple(metric for metric in analysis.metrics if metric.value is not None)
    assert plain_sentences(squats())[0].startswith("Squats: 2 repetitions; 3.0 seconds each")
    for missing, words in ((0, ""), (1, "One number could not"), (3, "3 numbers could not")):
        gait = replace(analysis.gait, metrics=measured + (withheld,) * missing)
        sentences = plain_sentences(replace(analysis, gait=gait))
        assert [one[: len(words)] for one in sentences if "could not be measured" in one] == [words] * bool(words)

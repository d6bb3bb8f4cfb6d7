"""The PDF report: words of any script are drawn with their letters in their order, and nothing leaves the page."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitlab.records import FormNote
from gaitlab.records.findings import as_written
from gaitlab.reports import About, Document, document_of
from gaitlab.reports import pdf as under_test
from gaitlab.reports.fonts import EMOJI, letters_of, print_families
from gaitlab.reports.pdf import pdf_of, pieces, write_pdf
from tests.app.builders_ui import squats

ARABIC, HEBREW, CHINESE, JAPANESE, KOREAN = "محمد عبد الله", "שָׁלוֹם", "王小明", "山田さくら", "김민수"
EMOJI_NAME = "🏃‍♀️😀"
CUNEIFORM = "𒀀"
MIXED = f"Anna {ARABIC} 12 {HEBREW} {CHINESE} {JAPANESE} {EMOJI_NAME}"
#: Name → the font that must draw it.
FONT_OF = {
    "Żaneta Ελένη Анна Nguyễn": "SourceSans3",
    ARABIC: "KurintoSans-",
    HEBREW: "KurintoSans-",
    CHINESE: "KurintoSansSC",
    JAPANESE: "KurintoSansJP",
    KOREAN: "KurintoSansKR",
    "प्रिया": "KurintoSans-",
    "สมชาย": "KurintoSans-",
    "ශ්‍රීමා": "KurintoSans-",
    "សុខា": "NotoSansKhmer",
    "အောင်": "NotoSansMyanmar",
    EMOJI_NAME: "NotoEmoji",
}


@dataclass(frozen=True)
class Letter:
    """One letter on the page: which, in which font, from where to where, and how high, in points."""

    letter: str
    font: str
    left: float
    right: float
    foot: float


def letters(made: bytes, page: int = 0) -> list[Letter]:
    text = pypdfium2.PdfDocument(made)[page].get_textpage()
    found = []
    for place in range(text.count_chars()):
        name = ctypes.create_string_buffer(100)
        pypdfium2.raw.FPDFText_GetFontInfo(text.raw, place, name, 100, None)
        left, foot, right, _ = text.get_charbox(place)
        code = pypdfium2.raw.FPDFText_GetUnicode(text.raw, place)
        found.append(Letter(chr(code), name.value.decode(), left, right, foot))
    return found


def units(text: str) -> str:
    """Return a text as the reader of PDF files gives it: letters beyond 16 bits in two halves."""
    raw = text.encode("utf-16-le")
    return "".join(chr(int.from_bytes(raw[place : place + 2], "little")) for place in range(0, len(raw), 2))


def of_name(name: str, made: bytes) -> list[Letter]:
    return [one for one in letters(made) if one.letter in units(name) and one.letter.strip() and one.right > one.left]


def named(name: str, *, remark: str = "") -> Document:
    return document_of(squats(), About(person=name, remark=remark), with_drawings=False)


def width(name: str) -> float:
    """Return how wide a name is drawn, in points; it holds no letter of the report's own words."""
    drawn = of_name(name, pdf_of(named(name)))
    return max(one.right for one in drawn) - min(one.left for one in drawn)


@pytest.mark.parametrize("name", FONT_OF)
def test_a_name_is_drawn_in_a_font_that_has_its_letters(name: str) -> None:
    made = pdf_of(named(name), standards=["ua-1"])  # Typst refuses this standard where a letter became a box
    fonts = {one.font for one in of_name(name, made) if not one.letter.isascii()}
    assert fonts
    assert all(FONT_OF[name] in font for font in fonts)


def test_the_standard_that_these_tests_use_notices_a_letter_that_became_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "_is_known", lambda letter: True)
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        pdf_of(named(CUNEIFORM), standards=["ua-1"])


def test_arabic_letters_are_joined() -> None:
    apart = "\u200c".join("محمد")
    for name, touch in (("محمد", True), (apart, False)):
        drawn = sorted((one for one in of_name("محمد", pdf_of(named(name)))), key=lambda one: one.left)
        assert [left.right > right.left for left, right in pairwise(drawn)] == [touch] * 3


@pytest.mark.parametrize("name", ["محمد", "דוין"])
def test_a_name_runs_from_right_to_left(name: str) -> None:
    drawn = of_name(name, pdf_of(named(name)))
    places = {letter: max(one.left for one in drawn if one.letter == letter) for letter in (name[0], name[-1])}
    assert places[name[0]] > places[name[-1]]


def test_what_stands_beside_a_name_keeps_its_place() -> None:
    drawn = letters(pdf_of(replace(named(""), subtitle="Anna · דויד · 3 h · file.mp4")))
    name = [one for one in drawn if one.letter in "דויד"]
    (number,) = [one for one in drawn if one.letter == "3" and abs(one.foot - name[0].foot) < 6]
    assert number.left > max(one.right for one in name)


def test_a_vowel_sign_stays_with_its_letter() -> None:
    assert pieces("שלוֹ, Anna") == ["\u2068שלוֹ\u2069, Anna"]


def test_a_sentence_from_right_to_left_keeps_its_order_with_numbers_in_it() -> None:
    drawn = letters(pdf_of(replace(named(""), subtitle="Anna: רץ 57 שבת.")))
    place = {letter: next(one.left for one in drawn if one.letter == letter) for letter in "ר5ש"}
    assert place["ר"] > place["5"] > place["ש"]


def test_a_forced_direction_in_a_name_turns_nothing_behind_it() -> None:
    assert pieces("Anna\u202e · walk.mp4\u2067") == ["Anna · walk.mp4"]


@pytest.mark.parametrize(
    ("text", "first"),
    [("王", "Kurinto Sans SC"), ("王 さくら", "Kurinto Sans JP"), ("王 김", "Kurinto Sans KR")],
)
def test_the_strokes_of_a_chinese_letter_are_those_of_the_language(text: str, first: str) -> None:
    assert print_families(text)[1] == first


def test_an_emoji_of_several_letters_is_one_picture() -> None:
    assert pieces(f"Anna {EMOJI_NAME}!") == ["Anna ", {"emoji": EMOJI_NAME}, "!"]
    assert width("🏃‍♀️") < 1.2 * width("🏃")


@pytest.mark.parametrize(("text", "emoji"), [("1️⃣ 1", "1️⃣"), ("🇩🇪", "🇩🇪"), ("👩🏽", "👩🏽"), ("♥️", "♥️")])
def test_keys_flags_and_skin_belong_to_the_emoji(text: str, emoji: str) -> None:
    assert [piece["emoji"] for piece in pieces(text) if not isinstance(piece, str)] == [emoji]


def test_a_joiner_between_letters_is_no_emoji() -> None:
    assert pieces("ශ්‍රීමා") == ["ශ්‍රීමා"]


def test_signs_of_the_report_are_words() -> None:
    assert pieces("3 ± 1° – 95 % → © ™ #1") == ["3 ± 1° – 95 % → © ™ #1"]


def test_a_letter_that_no_font_has_is_drawn_as_its_code_in_a_frame() -> None:
    assert pieces(f"Anna {CUNEIFORM}") == ["Anna ", {"unknown": "12000"}]
    made = pdf_of(named(f"Anna {CUNEIFORM}"), standards=["ua-1"])
    assert "12000" in "".join(one.letter for one in letters(made))


def test_an_emoji_without_a_font_of_emoji_is_drawn_as_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "letters_of", lambda family: letters_of(family) if family != EMOJI else frozenset())
    assert pieces("😀") == [{"unknown": "1F600"}]


def test_names_of_several_scripts_stand_in_every_part_of_the_report() -> None:
    first, *rest = squats().exercise.repetitions  # type: ignore[union-attr]
    note = FormNote(rule="lean", time_s=1.0, text=f"{MIXED}: trunk leans")
    analysis = squats(file=f"{MIXED}.mp4")
    assert analysis.exercise
    analysis = replace(
        analysis,
        exercise=replace(analysis.exercise, repetitions=(replace(first, form=(note,)), *rest)),
        findings=(as_written(MIXED),),
    )
    document = replace(document_of(analysis, About(person=MIXED, remark=MIXED)), title=MIXED)
    made = pdf_of(document, standards=["ua-1"])
    pages = len(pypdfium2.PdfDocument(made))
    drawn = "".join(one.letter for page in range(pages) for one in letters(made, page))
    # The title; name, file and remark below it; a note; the remark of a repetition; the file where the origin is told.
    for letter in ("م", "ש", "王", "山", units("😀")[1]):
        assert drawn.count(letter) >= 6


@given(name=st.text(max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_name_makes_a_report_without_a_box(name: str) -> None:
    assert pdf_of(named(name), standards=["ua-1"])


@pytest.mark.parametrize("name", ["\udce9.mp4", "a\x00b\x1b[1m", "a\nb\tc\u2028d", "#let x = 1", "$a$ *b* _c_ \\ [d]"])
def test_odd_letters_and_markup_are_only_words(name: str) -> None:
    assert pdf_of(named(name), standards=["ua-1"])
    if name.isprintable():
        said = "".join(one.letter for one in letters(pdf_of(named(name))))
        assert re.sub(r"\s", "", name) in re.sub(r"\s", "", said)


@pytest.mark.parametrize("long", ["x" * 300, "walk-of-anna_" * 20 + ".mp4", "王" * 200, "سلام" * 60])
def test_a_long_name_stays_on_the_page(long: str) -> None:
    made = pdf_of(named(long, remark=long))
    page = pypdfium2.PdfDocument(made)[0].get_width()
    assert max(one.right for one in letters(made)) < page


def test_the_report_can_be_read_aloud(tmp_path: Path) -> None:
    """Title, language, headings and what the drawings show are in the file, as the standard for screen readers asks."""
    made = pdf_of(document_of(squats(), About(person="Anna")), standards=["ua-1"])
    (tmp_path / "a.pdf").write_bytes(made)
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    assert document.get_metadata_value("Title") == "Squats: 2 repetitions"
    assert pypdfium2.raw.FPDFCatalog_IsTagged(document.raw)


def test_the_report_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", named("Anna"))
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")

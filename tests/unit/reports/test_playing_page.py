"""The page that plays: all in one file, nothing loaded, and only its own script allowed."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from gaitlab.errors import UsageError
from gaitlab.limits import COMMENT_MAX_CHARS, COMMENTS_MAX, PLAYED_CLIP_MAX_BYTES, QUESTION_MAX_CHARS
from gaitlab.records import Analysis
from gaitlab.reports import About, Comment, Wishes, read_comment
from gaitlab.reports.playing_page import playing_page
from tests.app.builders_ui import TIME_S, nothing, squats, walk
from tests.unit.reports.test_sharing import HOSTILE, Tags


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("analysis", [squats(), walk(), nothing()], ids=["squats", "walk", "nothing"])
def test_nothing_in_it_loads_anything(analysis: Analysis, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"film")
    page = Tags(playing_page(analysis, About(person="Anna"), clip=tmp_path / "clip.mp4"))
    assert not {"link", "iframe", "img", "object", "base", "form"} & set(page.tags)
    addresses = [value or "" for name, value in page.attributes if name in {"src", "href"}]
    assert addresses == [f"data:video/mp4;base64,{b64encode(b'film').decode()}"]


def test_the_policy_allows_its_own_script_and_style_and_nothing_else() -> None:
    page = playing_page(squats())
    policy = next(value or "" for name, value in Tags(page).attributes if (value or "").startswith("default-src"))
    found = re.findall(r"<script>(.*?)</script>|<style>(.*?)</style>", page, re.DOTALL)
    hashes = [b64encode(sha256((script or style).encode()).digest()).decode() for script, style in found]
    assert len(hashes) == 2
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{hashes[1]}'; style-src 'sha256-{hashes[0]}'; media-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_words_of_users_and_files_stay_words() -> None:
    def page(words: str) -> Tags:
        comments = (Comment(time_s=1.0, text=words),)
        return Tags(playing_page(squats(file=words), About(person=words, remark=words), comments=comments))

    assert page(HOSTILE).tags == page("harmless").tags
    assert page(HOSTILE).text.count(HOSTILE) >= 4


def test_without_a_clip_the_drawn_figure_moves_and_with_one_it_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"film")
    drawn, played = playing_page(squats()), playing_page(squats(), clip=tmp_path / "clip.mp4")
    figures = data_of(drawn)["figures"]
    assert isinstance(figures, list)
    assert len(figures) == len(TIME_S)
    assert set(figures[0]) == {"left", "right", "both"}
    assert data_of(played)["figures"] is None
    assert "<video" not in drawn


def test_comments_stand_in_order_of_time_each_with_a_pin_on_the_curve() -> None:
    comments = (Comment(time_s=6.0, text="knees late"), Comment(time_s=2.0, text="knees early"))
    page = playing_page(squats(), comments=comments)
    assert page.index("knees early") < page.index("knees late")
    assert re.findall(r'class="pin" data-s="([\d.]+)"', page) == ["2.0", "6.0"]


@pytest.mark.parametrize(("time_s", "is_in"), [(-0.004, True), (7.964, True), (7.966, False), (-0.006, False)])
def test_a_comment_lies_within_the_clip_as_the_player_rounds_it(time_s: float, is_in: bool) -> None:
    comments = (Comment(time_s=time_s, text="here"),)
    if is_in:
        assert "here" in playing_page(squats(), comments=comments)
    else:
        with pytest.raises(UsageError, match=r"from 0.00 to 7.96 s"):
            playing_page(squats(), comments=comments)


@pytest.mark.parametrize(("size", "fits"), [(PLAYED_CLIP_MAX_BYTES, True), (PLAYED_CLIP_MAX_BYTES + 1, False)])
def test_a_clip_that_mail_would_not_take_is_refused_with_what_to_do(size: int, fits: bool, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    with clip.open("wb") as out:
        out.truncate(size)
    if fits:
        assert len(playing_page(squats(), clip=clip)) < 25_000_000
    else:
        with pytest.raises(UsageError, match=r"18 MB at most; show the drawn figure in it, or hand on the video"):
            playing_page(squats(), clip=clip)


def test_unknown_values_are_told_and_an_unseen_person_is_no_error() -> None:
    analysis = squats()
    unseen = replace(analysis.track, xy_px=np.full_like(analysis.track.xy_px, np.nan))
    angles = replace(analysis.angles, deg=np.full_like(analysis.angles.deg, np.nan))
    page = playing_page(replace(analysis, track=unseen, angles=angles))
    assert data_of(page)["figures"] == []
    assert 'id="curve"' not in page


@pytest.mark.parametrize(
    ("line", "comment"),
    [("2.31 heel up", (2.31, "heel up")), (" 2,5s  knees in ", (2.5, "knees in")), ("3 x", (3.0, "x"))],
)
def test_a_comment_is_typed_as_a_moment_and_words(line: str, comment: tuple[float, str]) -> None:
    read = read_comment(line)
    assert (read.time_s, read.text) == comment


@pytest.mark.parametrize("line", ["heel up", "2.31", "2.31 ", "nan words", "inf words", ""])
def test_a_comment_without_a_moment_or_words_is_refused(line: str) -> None:
    with pytest.raises(UsageError, match="a moment in seconds and words"):
        read_comment(line)


def test_wishes_have_a_size() -> None:
    comment = Comment(time_s=1.0, text="x" * COMMENT_MAX_CHARS)
    assert Wishes(question="x" * QUESTION_MAX_CHARS, comments=(comment,) * COMMENTS_MAX)
    for beyond in (
        {"question": "x" * (QUESTION_MAX_CHARS + 1)},
        {"comments": (comment,) * (COMMENTS_MAX + 1)},
        {"comments": (Comment(time_s=1.0, text="x" * (COMMENT_MAX_CHARS + 1)),)},
    ):
        with pytest.raises(UsageError, match="at most"):
            Wishes(**beyond)

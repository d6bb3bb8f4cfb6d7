"""What the export route hands out, and what it refuses."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from gaitlab.cli.main import main
from gaitlab.errors import ModelError
from gaitlab.paths import work_dir
from gaitlab.pipeline import PoseEngine
from gaitlab.reports import EXPORTS, Comment, Wishes
from gaitlab.storage import SessionStore, open_store
from gaitlab.ui.session.export_route import Hide, export_route, export_url
from tests.app.builders_ui import drawn_clip, squats
from tests.app.test_routes import get


@pytest.fixture
def kept(migrated: None) -> Iterator[SessionStore]:
    opened = open_store()
    yield opened
    opened.close()


def no_engine() -> PoseEngine:
    raise ModelError("no model is needed for this")


@pytest.fixture
def client(kept: SessionStore) -> Starlette:
    return Starlette(routes=[export_route(lambda: kept, no_engine)])


@pytest.mark.parametrize("name", EXPORTS)
def test_a_session_is_handed_out_as_a_download_and_nothing_stays_on_the_disk(
    name: str, client: Starlette, kept: SessionStore, tmp_path: Path
) -> None:
    if name == "c3d":
        pytest.importorskip("ezc3d", reason="C3D needs the extra formats")
    answer = get(client, export_url(kept.save(squats(), person="Anna"), name))
    assert answer.status == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="Anna_20')
    assert answer.headers["content-disposition"].endswith(f'_squat_session-1{EXPORTS[name].suffix}"')
    assert len(answer.body) > 100
    assert list(work_dir().glob("*")) == []


def test_the_video_comes_as_it_is_kept_or_with_the_head_hidden(
    client: Starlette, kept: SessionStore, tmp_path: Path
) -> None:
    clip = drawn_clip(tmp_path / "clip.mp4")
    number = kept.save(squats(), person="Anna", media={"overlay": clip})
    assert get(client, export_url(number, "video")).body == clip.read_bytes()
    hidden = get(client, export_url(number, "video", hide="person")).body
    assert len(hidden) > 1000
    assert hidden != clip.read_bytes()
    assert get(client, export_url(number, "video")).status == 200  # the kept one is still there


def test_others_are_looked_for_only_to_hide_everybody(client: Starlette, kept: SessionStore, tmp_path: Path) -> None:
    number = kept.save(squats(), person="Anna", media={"overlay": drawn_clip(tmp_path / "clip.mp4")})
    answer = get(client, export_url(number, "video", hide="everybody"))
    assert (answer.status, answer.body) == (500, b"no model is needed for this")


@pytest.mark.parametrize("name", ["html", "json", "csv", "coco"])
def test_the_command_line_hands_out_the_same_file(
    name: str, client: Starlette, kept: SessionStore, tmp_path: Path
) -> None:
    number = kept.save(squats(), person="Anna", remark="new shoes")
    kept.set_goal("Anna", metric="repetition_count", side=None, target=8.0, direction="at_least")
    out = tmp_path / "out"
    assert main(["export", str(number), "--format", name, "--out", str(out)]) == 0
    assert out.read_bytes() == get(client, export_url(number, name)).body


@pytest.mark.parametrize("url", ["/gaitlab/export/99/pdf", "/gaitlab/export/1/docx", "/gaitlab/export/x/pdf"])
def test_what_is_not_there_is_not_found(url: str, client: Starlette, kept: SessionStore, tmp_path: Path) -> None:
    kept.save(squats(), person="Anna")
    assert get(client, url).status == 404
    assert list(work_dir().glob("*")) == []


def test_a_session_without_a_video_says_so(client: Starlette, kept: SessionStore) -> None:
    answer = get(client, export_url(kept.save(squats(), person="Anna"), "video"))
    assert answer.status == 404
    assert "no video" in answer.body.decode()


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "pieces=1-2", "bytes=x"])
def test_a_bad_range_leaves_nothing_on_the_disk(
    wanted: str, client: Starlette, kept: SessionStore, tmp_path: Path
) -> None:
    answer = get(client, export_url(kept.save(squats(), person="Anna"), "pdf"), Range=wanted)
    assert answer.status in (400, 416)
    assert list(work_dir().glob("*")) == []


def test_what_was_asked_for_stands_on_the_page_and_not_in_its_address(client: Starlette, kept: SessionStore) -> None:
    wishes = Wishes(comments=(Comment(time_s=2.0, text="knees inwards"),))
    url = export_url(kept.save(squats(), person="Anna"), "playing", wishes=wishes)
    assert "knees" not in url
    assert "knees inwards" in get(client, url).body.decode()


def test_an_address_of_which_the_server_knows_no_more_what_was_asked_says_so(
    client: Starlette, kept: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = export_url(kept.save(squats(), person="Anna"), "playing", wishes=Wishes())
    monkeypatch.setattr("gaitlab.ui.session.export_route._ASKED_MAX", 1)
    export_url(1, "playing", wishes=Wishes(with_clip=True))
    assert (get(client, url).status, get(client, url).body) == (
        404,
        b"What was asked for is not known any more: open Share again.",
    )


@pytest.mark.parametrize("hide", ["nobody", "person"])
def test_a_page_shows_the_clip_as_the_video_would_be_handed_out(
    hide: Hide, client: Starlette, kept: SessionStore, tmp_path: Path
) -> None:
    clip = drawn_clip(tmp_path / "clip.mp4")
    number = kept.save(squats(), person="Anna", media={"overlay": clip})
    page = get(client, export_url(number, "playing", hide=hide, wishes=Wishes(with_clip=True))).body.decode()
    found = re.search(r'src="data:video/mp4;base64,([^"]+)"', page)
    assert found
    assert (b64decode(found[1]) == clip.read_bytes()) == (hide == "nobody")
    assert list(work_dir().glob("*")) == []


@pytest.mark.parametrize("name", ["one-page", "playing"])
def test_the_clip_is_not_shown_where_nobody_asked_for_it(
    name: str, client: Starlette, kept: SessionStore, tmp_path: Path
) -> None:
    number = kept.save(squats(), person="Anna", media={"overlay": drawn_clip(tmp_path / "clip.mp4")})
    body = get(client, export_url(number, name)).body
    assert b"video/mp4" not in body
    assert b"/DCTDecode" not in body  # a JPEG within a PDF

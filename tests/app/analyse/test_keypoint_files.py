"""Keypoints of other programs on the Analyse page."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from gaitlab.ui.analyse.queues import jobs, previews
from gaitlab.ui.resources import store
from tests.app.visits import click, drop, page, text_of, wait_for
from tests.unit.formats import foreign

pytestmark = pytest.mark.usefixtures("own_resources")


def zipped_openpose(folder: Path) -> Path:
    frames = [(i, [one]) for i, one in enumerate(foreign.people(foreign.walk()))]
    made = foreign.openpose(folder / "op", frames)
    path = folder / "walk.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in made.iterdir():
            archive.write(file, f"op/{file.name}")
    return path


def test_a_zip_of_openpose_files_becomes_a_session_once_the_rate_is_typed(tmp_path: Path) -> None:
    path = zipped_openpose(tmp_path)
    app = page("analyse")
    drop(app, path.name, path.read_bytes())
    wait_for(previews())
    app.run()
    assert not app.exception
    assert "Keypoints of another program" in text_of(app)
    app.number_input(key="keypoints-fps").set_value(foreign.FPS).run()
    click(app, "Analyse")
    wait_for(jobs())
    (session,) = store().sessions()
    assert store().get(session.id).analysis.source.fps_mean == pytest.approx(foreign.FPS)


def test_without_the_rate_the_page_says_what_is_missing(tmp_path: Path) -> None:
    path = zipped_openpose(tmp_path)
    app = page("analyse")
    drop(app, path.name, path.read_bytes())
    wait_for(previews())
    click(app.run(), "Analyse")
    wait_for(jobs())
    assert "frames per second" in text_of(app.run())
    assert not store().sessions()

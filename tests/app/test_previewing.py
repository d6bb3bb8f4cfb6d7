"""The first look at a clip just chosen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from gaitlab.errors import AnalysisCancelled, InputError
from gaitlab.pipeline import PoseEngine
from gaitlab.storage import open_store
from gaitlab.ui.analysing import Order, analyse_and_save
from gaitlab.ui.previewing import look_at_clip
from tests.app.scenes import LEFT, RIGHT, block_engine, people_clip
from tests.builders_scene import places
from tests.clips import every, write_clip

TORSO_ROWS = [5, 6, 11, 12]


@pytest.fixture
def engine() -> Iterator[PoseEngine]:
    with closing(block_engine()) as engine:
        yield engine


def silent(stage: str, fraction: float | None) -> None:
    """Take a report and go on."""


def test_everybody_is_told_with_a_box_and_the_middle_of_the_torso(tmp_path: Path, engine: PoseEngine) -> None:
    preview = look_at_clip(people_clip(tmp_path / "two.mp4", 2), engine_at_hand=lambda: engine, report=silent)
    assert preview is not None
    assert preview.image_wh == (640, 360)
    assert preview.jpeg.startswith(b"\xff\xd8")
    torsos = [places(box)[TORSO_ROWS].mean(axis=0) for box in (LEFT, RIGHT)]
    np.testing.assert_allclose([person.torso_px for person in preview.people], torsos, atol=6)
    left, top, right, bottom = preview.people[0].box_px
    assert left < LEFT[0] + 10
    assert top < LEFT[1] + 10
    assert right > LEFT[0] + LEFT[2] - 10
    assert bottom > LEFT[1] + LEFT[3] - 10


def test_the_one_chosen_is_analysed(tmp_path: Path, engine: PoseEngine) -> None:
    clip = people_clip(tmp_path / "two.mp4", 2, n=30)
    preview = look_at_clip(clip, engine_at_hand=lambda: engine, report=silent)
    assert preview is not None
    store = open_store()
    for number in (1, 2):
        order = Order(person="Ann", activity="auto", subject_at=preview.subject_at(number))
        session = analyse_and_save(clip, order, store=store, open_engine=lambda _: engine, report=silent)
        analysis = store.get(session).analysis
        assert analysis.subject.index == number
        assert analysis.provenance.settings["pose"]["subject_at"] == pytest.approx(preview.subject_at(number))


def test_only_the_first_600_frames_are_decoded(tmp_path: Path, engine: PoseEngine) -> None:
    clip = write_clip(tmp_path / "long.mp4", times_ms=every(40, 640))
    looked = []
    look_at_clip(clip, engine_at_hand=lambda: engine, report=lambda stage, fraction: looked.append(stage))
    assert 500 < len(looked) <= 600


def test_a_single_frame_is_enough(tmp_path: Path, engine: PoseEngine) -> None:
    preview = look_at_clip(people_clip(tmp_path / "one.mp4", 2, n=1), engine_at_hand=lambda: engine, report=silent)
    assert preview is not None
    assert len(preview.people) == 2


def test_nobody_is_looked_for_while_the_models_are_not_there(tmp_path: Path) -> None:
    assert look_at_clip(people_clip(tmp_path / "two.mp4", 2), engine_at_hand=lambda: None, report=silent) is None


@pytest.mark.parametrize("content", [b"", b"dear diary", b"\0\0\0\x18ftypisom"])
def test_a_file_that_is_no_video_says_so(tmp_path: Path, content: bytes) -> None:
    clip = tmp_path / "diary.mp4"
    clip.write_bytes(content)
    with pytest.raises(InputError, match=r"diary\.mp4"):
        look_at_clip(clip, engine_at_hand=lambda: None, report=silent)


def test_a_look_can_be_stopped(tmp_path: Path, engine: PoseEngine) -> None:
    def stop(stage: str, fraction: float | None) -> None:
        raise AnalysisCancelled("stopped")

    with pytest.raises(AnalysisCancelled):
        look_at_clip(people_clip(tmp_path / "two.mp4", 2), engine_at_hand=lambda: engine, report=stop)

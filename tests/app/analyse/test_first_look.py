"""The first look at a clip just chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from gaitlab.errors import AnalysisCancelled, InputError, NoPersonError
from gaitlab.pipeline import PoseEngine, analyse_video
from gaitlab.pose.preview import BestView, best_view_of_people
from gaitlab.records import Frame, Picture
from gaitlab.sessions import request_of, run
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import open_store
from gaitlab.ui.analyse.first_look import Preview, look_at_clip
from gaitlab.video.picture import jpeg_of
from tests.app.scenes import LEFT, RIGHT, block_engine, people_clip
from tests.builders_scene import RED, WH, draw, places
from tests.clips import damaged, every, first_part, moving, turned, write_clip

TORSO_ROWS = [5, 6, 11, 12]


@pytest.fixture
def engine() -> Iterator[PoseEngine]:
    with closing(block_engine()) as engine:
        yield engine


def amiss(preview: Preview) -> dict[str, str]:
    """Return what is not well, by name; each with a remedy."""
    found = [finding for finding in preview.findings if finding.state != "good"]
    assert all(finding.remedy for finding in found)
    return {finding.name: finding.seen for finding in found}


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
        order = request_of("Ann", "auto", preview.subject_at(number))
        session = run(clip, order, store=store, open_engine=lambda _: engine).session_id
        assert session is not None
        analysis = store.get(session).analysis
        assert analysis.subject.index == number
        assert analysis.provenance.settings["pose"]["subject_at"] == pytest.approx(preview.subject_at(number))


def test_only_the_first_600_frames_are_decoded(tmp_path: Path, engine: PoseEngine) -> None:
    clip = write_clip(tmp_path / "long.mp4", times_ms=every(40, 640))
    looked = []
    look_at_clip(clip, engine_at_hand=lambda: engine, report=lambda stage, fraction: looked.append(stage))
    assert 500 < len(looked) <= 600


@pytest.mark.parametrize(("n", "words"), [(1, "got 1 frame;"), (9, "got 9 frames;")])
def test_a_clip_too_short_to_measure_says_so(tmp_path: Path, engine: PoseEngine, n: int, words: str) -> None:
    clip = people_clip(tmp_path / "short.mp4", 2, n=n)
    with pytest.raises(NoPersonError, match=words):
        look_at_clip(clip, engine_at_hand=lambda: engine, report=silent)
    with pytest.raises(NoPersonError, match=words):  # in the same words
        analyse_video(clip, AnalysisSettings(), engine=engine)


def test_the_least_that_can_be_measured_is_looked_at_and_called_short(tmp_path: Path, engine: PoseEngine) -> None:
    preview = look_at_clip(people_clip(tmp_path / "ten.mp4", 2, n=10), engine_at_hand=lambda: engine, report=silent)
    assert preview is not None
    assert len(preview.people) == 2
    assert amiss(preview)["Length"].startswith("0.4 s: too short")


def test_nobody_is_looked_for_while_the_models_are_not_there(tmp_path: Path) -> None:
    assert look_at_clip(people_clip(tmp_path / "two.mp4", 2), engine_at_hand=lambda: None, report=silent) is None


def noisy_clip(path: Path, *, movflags: str = "") -> Path:
    """Write a clip of four seconds that is as large as a real one."""
    return write_clip(path, times_ms=every(40, 100), wh=(128, 96), pictures=moving(100, wh=(128, 96), noise=40),
                      options={"g": "20", "crf": "10"}, movflags=movflags)  # fmt: skip


def sound(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.sample_rate, silence.pts = 44100, 0
        container.mux(stream.encode(silence))
        container.mux(stream.encode(None))
    return path


def content(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: content(path, b""), "the file is empty; copy it again"),
        (lambda path: content(path, b"dear diary"), "not a video that can be read; give a video file"),
        (lambda path: content(path, b"\0\0\0\x18ftypisom"), "copy it again from the camera"),
        (lambda path: content(path, jpeg_of(Picture.of_rgb(draw([])), side_max_px=64)), "a still picture; give"),
        (lambda path: first_part(noisy_clip(path), path, share=0.6), "not copied whole.*; copy it again"),
        (sound, "no moving picture in this file, only sound or data; give a video"),
    ],
    ids=["empty", "text", "start only", "jpeg", "no index", "sound"],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    with pytest.raises(InputError, match=rf"clip\.mp4: .*{words}"):
        look_at_clip(make(tmp_path / "clip.mp4"), engine_at_hand=lambda: None, report=silent)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: first_part(path, path, share=0.6), r"breaks off: 2\.\d of 4\.0 s are there"),
        (lambda path: damaged(path, path, holes=30), "damaged"),
    ],
    ids=["cut off", "damaged"],
)
def test_a_file_that_can_be_read_in_part_says_so(
    tmp_path: Path, engine: PoseEngine, spoil: Callable[[Path], Path], words: str
) -> None:
    clip = spoil(noisy_clip(tmp_path / "clip.mp4", movflags="+faststart"))
    preview = look_at_clip(clip, engine_at_hand=lambda: engine, report=silent)
    assert preview is not None
    assert re.search(words, amiss(preview)["File"])


UNEVEN_MS = (20, 33, 50, 40)


@pytest.mark.parametrize(
    "options",
    [
        {"codec": "libx265", "pixels": "yuv420p10le", "options": {"x265-params": "log-level=none"}},
        {"times_ms": np.cumsum(np.tile(UNEVEN_MS, 16)).tolist()},
        {},
    ],
    ids=["10-bit HEVC", "variable rate", "rotated"],
)
def test_an_unusual_file_that_can_be_read_has_nothing_amiss(
    tmp_path: Path, engine: PoseEngine, options: dict[str, Any]
) -> None:
    kind = {"times_ms": every(40, 64), "wh": WH, "pictures": [draw([(RED, LEFT)])] * 64, "pixels": "yuv444p", **options}
    clip = write_clip(tmp_path / "clip.mp4", **kind)
    preview = look_at_clip(
        clip if options else turned(clip, tmp_path / "turned.mp4", degrees=90),
        engine_at_hand=lambda: engine,
        report=silent,
    )
    assert preview is not None
    assert preview.image_wh == (WH if options else WH[::-1])
    assert len(preview.people) == 1
    assert amiss(preview).keys() <= {"Whole body", "View", "Light"}  # of a block in the dark


def test_of_large_frames_small_copies_are_kept(
    tmp_path: Path, engine: PoseEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frame of 20 megapixels has 30 MB, and a look keeps some of them."""
    seen: list[Picture] = []

    def spied(frames: Iterator[Frame], engine: PoseEngine) -> BestView | None:
        looked_at = list(frames)
        seen.extend(frame.picture for frame in looked_at)
        return best_view_of_people(looked_at, engine)

    monkeypatch.setattr("gaitlab.ui.analyse.first_look.best_view_of_people", spied)
    clip = write_clip(tmp_path / "wide.mp4", times_ms=every(40, 30), wh=(4096, 64))
    look_at_clip(clip, engine_at_hand=lambda: engine, report=silent)
    assert {picture.wh for picture in seen} == {(4096, 64)}
    assert {picture.planes[0].shape for picture in seen} == {(32, 2048)}


def test_a_look_can_be_stopped(tmp_path: Path, engine: PoseEngine) -> None:
    def stop(stage: str, fraction: float | None) -> None:
        raise AnalysisCancelled("stopped")

    with pytest.raises(AnalysisCancelled):
        look_at_clip(people_clip(tmp_path / "two.mp4", 2), engine_at_hand=lambda: engine, report=stop)

"""Pictures on the Analyse page: their poses are shown, and nothing of them is measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.pipeline import PoseEngine
from gaitlab.records import UInt8Array
from gaitlab.ui.analyse import show_first_looks as first_looks
from gaitlab.ui.analyse.picture_poses import SeenPoses, look_at_picture
from gaitlab.ui.analyse.queues import previews
from gaitlab.ui.shared.help_texts import markdown_text
from tests.app.scenes import LEFT, RIGHT, block_engine, people_clip
from tests.app.visits import drop, page, text_of, wait_for
from tests.builders_scene import GREEN, RED, Box, draw

pytestmark = pytest.mark.usefixtures("own_resources")


@pytest.fixture
def engine() -> Iterator[PoseEngine]:
    with closing(block_engine()) as engine:
        yield engine


@pytest.fixture
def at_hand(engine: PoseEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(first_looks, "engine_at_hand", lambda: engine)
    yield
    wait_for(previews())


def photo(path: Path, *boxes: tuple[int, Box]) -> Path:
    rgb = draw(boxes)
    cv2.imwrite(str(path), rgb[..., ::-1])
    return path


def silent(stage: str, fraction: float | None) -> None:
    """Take a report and go on."""


def choose(app: AppTest, *files: Path) -> AppTest:
    """Choose files and wait until they were looked at."""
    for file in files:
        drop(app, file.name, file.read_bytes())
    wait_for(previews())
    return app.run()


def is_barred(app: AppTest) -> bool:
    return next(one for one in app.button if one.label == "Analyse").disabled


def decoded(jpeg: bytes | None) -> UInt8Array:
    assert jpeg is not None
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture[..., ::-1], dtype=np.uint8)


def test_the_poses_are_drawn_on_the_picture(tmp_path: Path, engine: PoseEngine) -> None:
    path = photo(tmp_path / "two.png", (RED, LEFT), (GREEN, RIGHT))
    seen = look_at_picture(path, engine_at_hand=lambda: engine, report=silent)
    assert seen.n == 2
    changed = np.abs(decoded(seen.jpeg).astype(int) - draw([(RED, LEFT), (GREEN, RIGHT)])).max(axis=2) > 60
    for left, top, width, height in (LEFT, RIGHT):
        assert changed[top : top + height, left : left + width].any()
    assert not changed[:, 250:400].any()  # between the two


@pytest.mark.parametrize(("wh", "width"), [((640, 360), 576), ((300, 600), 240), ((6000, 10), 576)])
def test_a_picture_is_shown_whole(wh: tuple[int, int], width: int) -> None:
    assert SeenPoses(jpeg=b"", image_wh=wh).shown_width == width


@pytest.mark.usefixtures("at_hand")
def test_a_picture_shows_its_poses_and_cannot_be_analysed(tmp_path: Path) -> None:
    app = page("analyse")
    before = len(app.get("image"))
    choose(app, photo(tmp_path / "photo.png", (RED, LEFT)))
    assert not app.exception
    assert len(app.get("image")) == before + 1
    assert markdown_text("photo.png") + ": 1 person. A picture shows no movement" in text_of(app)
    assert is_barred(app)


@pytest.mark.usefixtures("at_hand")
def test_a_clip_beside_a_picture_is_analysed_alone(tmp_path: Path) -> None:
    clip = people_clip(tmp_path / "two.mp4", 2)
    app = choose(page("analyse"), photo(tmp_path / "photo.png"), clip)
    assert not app.exception
    assert markdown_text("photo.png") + ": nobody was found." in text_of(app)
    assert "Several people are in the clip" in text_of(app)  # asked as for a clip alone
    assert not is_barred(app)


@pytest.mark.usefixtures("at_hand")
def test_a_heic_picture_shows_its_poses(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif", reason="HEIC needs the extra heic")
    rgb = draw([(RED, LEFT)])
    path = tmp_path / "photo.heic"
    pillow_heif.from_bytes(mode="RGB", size=rgb.shape[1::-1], data=rgb.tobytes()).save(path, quality=95)
    assert markdown_text("photo.heic") + ": 1 person." in text_of(choose(page("analyse"), path))


@pytest.mark.usefixtures("at_hand")
def test_a_damaged_picture_says_so(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"no picture")
    app = choose(page("analyse"), path)
    assert "this is not a picture that can be read" in text_of(app)
    assert is_barred(app)


def test_without_models_the_picture_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_looks, "engine_at_hand", lambda: None)
    app = choose(page("analyse"), photo(tmp_path / "photo.png", (RED, LEFT)))
    assert markdown_text("photo.png") + ": the pose models are not on this computer yet" in text_of(app)

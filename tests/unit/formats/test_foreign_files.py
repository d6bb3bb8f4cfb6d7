"""Files of other programs show the same walk as our own, or are refused with the reason."""

from __future__ import annotations

import importlib.util
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gaitlab.errors import GaitLabError, InputError, UsageError
from gaitlab.formats.any_keypoints import read_keypoints
from gaitlab.formats.catalogue import write_keypoints
from gaitlab.formats.csv import write_track
from gaitlab.formats.names import COCO_17, LAYOUTS, POINT_NAMES, point_of
from gaitlab.pipeline import analyse_recording, analyse_track
from gaitlab.pose.recorded import sole_track
from gaitlab.records import Analysis, PoseTrack, SourceInfo
from gaitlab.records.findings import sentences_of
from gaitlab.records.skeleton import KEYPOINT_NAMES, N_KEYPOINTS, Keypoint
from gaitlab.settings import AnalysisSettings, PoseSettings
from tests.builders import with_feet
from tests.unit.formats import foreign

WH = (1920, 1080)
FPS = foreign.FPS


@pytest.fixture(scope="module")
def track() -> PoseTrack:
    return foreign.walk()


def analysed(path: Path, *, fps: float | None = FPS, subject: str = "auto") -> Analysis:
    recording = read_keypoints(path, fps=fps)
    source = SourceInfo(file=path.name, frames=len(recording), duration_s=None, fps_mean=FPS)
    settings = AnalysisSettings(activity="gait", pose=PoseSettings(subject=subject))
    return analyse_recording(recording, settings, source=source)


def cadence_of(analysis: Analysis) -> float:
    return next(one.value for one in analysis.metrics if one.name == "cadence" and one.value is not None)


@pytest.fixture(scope="module")
def cadence(track: PoseTrack) -> float:
    source = SourceInfo(file="a", frames=len(track), duration_s=None, fps_mean=FPS)
    return cadence_of(analyse_track(track, AnalysisSettings(activity="gait"), source=source))


def same_positions(path: Path, track: PoseTrack, *, fps: float | None = FPS, wh: tuple[int, int] | None = None) -> None:
    back = sole_track(read_keypoints(path, fps=fps, image_wh=wh))
    known = np.isfinite(back.xy_px).all(axis=2)
    assert known.mean() > 0.95
    np.testing.assert_allclose(back.xy_px[known], track.xy_px[known], atol=0.02)
    np.testing.assert_allclose(back.time_s, track.time_s, atol=1e-4)


def test_openpose_numbers_without_zeros_in_front_are_read_in_order(track: PoseTrack, tmp_path: Path) -> None:
    frames = [(i, [one]) for i, one in enumerate(foreign.people(track))]
    same_positions(foreign.openpose(tmp_path / "op", frames, name="walk_{}_keypoints.json"), track)


def test_pose2sim_names_and_26_points_are_read(track: PoseTrack, tmp_path: Path) -> None:
    frames = [(i, [one]) for i, one in enumerate(foreign.people(track))]
    folder = foreign.openpose(tmp_path / "op", frames, name="cam01_{:06d}.json", layout=COCO_17, n_points=26)
    same_positions(folder, track)


def test_results_of_cocoapi_alphapose_mmpose_and_ultralytics_are_read(track: PoseTrack, tmp_path: Path) -> None:
    walk = foreign.people(track)
    every = range(len(walk))
    same_positions(foreign.coco_results(tmp_path / "coco.json", walk, every), track)
    same_positions(foreign.coco_results(tmp_path / "alpha.json", walk, every, image="{}.jpg"), track)
    same_positions(foreign.mmpose(tmp_path / "mmpose.json", walk), track)
    same_positions(foreign.ultralytics(tmp_path / "yolo.json", walk), track)


def test_mediapipe_needs_the_size_of_the_picture_and_says_so(track: PoseTrack, tmp_path: Path) -> None:
    walk = foreign.people(track)
    for path in (
        foreign.mediapipe(tmp_path / "a.json", walk, WH),
        foreign.mediapipe_csv(tmp_path / "a.csv", walk, WH),
    ):
        with pytest.raises(InputError, match="--image-wh"):
            read_keypoints(path, fps=FPS)
        same_positions(path, track, wh=WH)


@pytest.mark.parametrize(
    "how",
    [
        {"separator": ";", "decimal": ",", "end": "\r\n", "encoding": "utf-8-sig"},
        {"separator": "\t", "encoding": "utf-16"},
        {"separator": ";"},
    ],
    ids=["German Excel", "Excel's Unicode text", "semicolons"],
)
def test_our_csv_saved_again_by_a_spreadsheet_is_read(how: dict[str, str], track: PoseTrack, tmp_path: Path) -> None:
    same_positions(foreign.table(tmp_path / "a.csv", track, **how), track, fps=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("factor", "unit"), [(1e3, "ms"), (1e6, "us"), (1e9, "ns")])
def test_times_in_other_units_are_recognised_and_told(
    factor: float, unit: str, track: PoseTrack, tmp_path: Path
) -> None:
    path = foreign.table(tmp_path / "a.csv", track, time_factor=factor)
    same_positions(path, track, fps=None)
    assert any(f"taken as {unit}" in note for note in sentences_of(read_keypoints(path).findings))


def test_a_table_without_times_needs_the_rate(track: PoseTrack, tmp_path: Path) -> None:
    path = foreign.table(tmp_path / "a.csv", track, time_factor=None)
    with pytest.raises(UsageError, match="--fps"):
        read_keypoints(path)
    same_positions(path, track)


def test_numbers_of_frames_are_not_taken_for_seconds(track: PoseTrack, tmp_path: Path) -> None:
    path = foreign.table(tmp_path / "a.csv", track, time_factor=FPS)
    with pytest.raises(InputError, match="numbers of frames"):
        read_keypoints(path)


def test_deeplabcut_and_sleap_tables_are_read(track: PoseTrack, tmp_path: Path) -> None:
    walk = foreign.people(track)
    same_positions(foreign.deeplabcut(tmp_path / "dlc.csv", {"single": walk}), track)
    same_positions(foreign.sleap(tmp_path / "sleap.csv", {"track_0": walk}), track)


def test_a_table_of_an_animal_names_its_points(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "scorer,m,m,m\nbodyparts,snout,snout,snout\ncoords,x,y,likelihood\n0,1,2,0.9\n1,1,2,0.9\n"
    )
    with pytest.raises(InputError, match="got snout"):
        read_keypoints(tmp_path / "a.csv", fps=FPS)


# Frame numbers are time ----------------------------------------------------------------------------------------------


def test_missing_frames_are_a_gap_in_time_and_are_told(track: PoseTrack, cadence: float, tmp_path: Path) -> None:
    walk = foreign.people(track)
    there = [i for i in range(len(walk)) if not 60 <= i < 90]  # a second is missing
    path = foreign.coco_results(tmp_path / "alpha.json", walk, there, image="{}.jpg")
    recording = read_keypoints(path, fps=FPS)
    assert len(recording) == len(walk)
    assert any(note.startswith(f"30 of {len(walk)} frames are missing") for note in sentences_of(recording.findings))
    assert cadence_of(analysed(path)) == pytest.approx(cadence, rel=0.02)


def test_every_second_frame_keeps_its_time(track: PoseTrack, tmp_path: Path) -> None:
    frames = [(i, [one]) for i, one in enumerate(foreign.people(track)) if i % 2 == 0]
    recording = read_keypoints(foreign.openpose(tmp_path / "op", frames), fps=FPS)
    np.testing.assert_allclose(recording.time_s, track.time_s[::2], atol=1e-9)


@pytest.mark.parametrize(("last", "is_read"), [(299, True), (300, False)])  # 30 of 300 and of 301 frames
def test_numbers_of_which_less_than_a_tenth_exist_are_no_recording(
    last: int, is_read: bool, track: PoseTrack, tmp_path: Path
) -> None:
    walk = foreign.people(track)
    frames = [(i, [walk[i]]) for i in range(29)] + [(last, [walk[29]])]
    folder = foreign.openpose(tmp_path / "op", frames)
    if is_read:
        assert len(read_keypoints(folder, fps=FPS)) == 300
    else:
        with pytest.raises(InputError, match="not the frames of one recording"):
            read_keypoints(folder, fps=FPS)


def test_two_recordings_in_one_folder_are_refused(track: PoseTrack, tmp_path: Path) -> None:
    frames = [(i, [one]) for i, one in enumerate(foreign.people(track)[:20])]
    folder = foreign.openpose(tmp_path / "op", frames)
    (folder / "run_000000000003_keypoints.json").write_text('{"people": []}')
    with pytest.raises(InputError, match="both frame 3"):
        read_keypoints(folder, fps=FPS)


# Several people ------------------------------------------------------------------------------------------------------


def test_the_walker_is_chosen_beside_a_bystander_who_stands_first_in_the_files(
    track: PoseTrack, cadence: float, tmp_path: Path
) -> None:
    walk, still = foreign.people(track), foreign.bystander(track)
    frames = [(i, [still[i], walk[i]] if i % 3 else [walk[i], still[i]]) for i in range(len(walk))]
    analysis = analysed(foreign.openpose(tmp_path / "op", frames))
    assert analysis.subject.people_seen == 2
    assert cadence_of(analysis) == pytest.approx(cadence, rel=0.01)
    assert any(note.startswith("2 people are in the file; number") for note in analysis.notes)


def test_a_person_may_be_chosen_by_number(track: PoseTrack, tmp_path: Path) -> None:
    each = {"walker": foreign.people(track), "bystander": foreign.bystander(track)}
    path = foreign.deeplabcut(tmp_path / "dlc.csv", each)
    first, second = analysed(path, subject="1"), analysed(path, subject="2")
    assert first.track_raw.xy_px[-1, Keypoint.NOSE, 0] == pytest.approx(track.xy_px[-1, Keypoint.NOSE, 0], abs=0.02)
    assert second.track_raw.xy_px[-1, Keypoint.NOSE, 0] == pytest.approx(track.xy_px[0, Keypoint.NOSE, 0] + 600, abs=9)
    with pytest.raises(UsageError, match="from 1 to 2"):
        analysed(path, subject="3")


def test_a_number_of_another_person_than_the_only_one_is_refused(track: PoseTrack, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only one person"):
        analysed(foreign.table(tmp_path / "a.csv", track), subject="2")


# Markers -------------------------------------------------------------------------------------------------------------

SPORTS2D = {
    "left": ("LShoulder", "LElbow", "LWrist", "LHip", "LKnee", "LAnkle"),
    "right": ("RShoulder", "RElbow", "RWrist", "RHip", "RKnee", "RAnkle"),
}


def in_metres(track: PoseTrack, *, prefix: str = "") -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Markers at 500 px a metre, y upwards, in a plane."""
    named: dict[str, int] = {"Nose": Keypoint.NOSE}
    for side, names in SPORTS2D.items():
        for name in names:
            named[name] = Keypoint[f"{side}_{name[1:]}".upper()]
    if track.feet is not None:
        named |= {name: N_KEYPOINTS + i for i, name in enumerate(("LHeel", "RHeel", "LBigToe", "RBigToe"))}
    xy_px = track.drawn_px(slice(None))
    return {
        prefix + name: np.column_stack([xy_px[:, i] * (1, -1) / 500.0, np.zeros(len(track))])
        for name, i in named.items()
    }


@pytest.mark.parametrize(("prefix", "decimal"), [("", "."), ("Subject 1:", ","), ("", ",")])
def test_sports2d_markers_are_read_by_their_names(
    prefix: str, decimal: str, track: PoseTrack, cadence: float, tmp_path: Path
) -> None:
    path = foreign.trc(tmp_path / "a.trc", in_metres(track, prefix=prefix), unit="m", decimal=decimal)
    back = sole_track(read_keypoints(path))
    np.testing.assert_allclose(back.xy_px[:, Keypoint.LEFT_KNEE], track.xy_px[:, Keypoint.LEFT_KNEE] * 2.0, atol=0.02)
    assert cadence_of(analysed(path, fps=None)) == pytest.approx(cadence, rel=0.01)


def test_pixels_that_a_trc_calls_metres_are_taken_as_pixels_and_told(track: PoseTrack, tmp_path: Path) -> None:
    pixels = {name: xyz * 500.0 for name, xyz in in_metres(track).items()}
    recording = read_keypoints(foreign.trc(tmp_path / "a.trc", pixels, unit="m"))
    back = sole_track(recording)
    np.testing.assert_allclose(back.xy_px[:, Keypoint.LEFT_KNEE], track.xy_px[:, Keypoint.LEFT_KNEE], atol=0.02)
    assert any("taken as pixels" in note for note in sentences_of(recording.findings))


def in_space(track: PoseTrack, *, turn_deg: float) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Markers in mm with z up; the right side of the body lies 100 mm to the right of the left one."""
    turn = np.deg2rad(turn_deg)
    forward, right = np.array([np.cos(turn), np.sin(turn), 0]), np.array([np.sin(turn), -np.cos(turn), 0])
    markers = {}
    for name, xyz in in_metres(track).items():
        aside = 50.0 if name.startswith("R") else -50.0 if name.startswith("L") else 0.0
        markers[name] = 1000 * xyz[:, :1] * forward + 1000 * xyz[:, 1:2] * (0, 0, 1) + aside * right
    return markers


@pytest.mark.parametrize("turn_deg", [0.0, 35.0, 180.0])
def test_markers_in_space_are_seen_from_the_side_whatever_way_the_walk_goes(
    turn_deg: float, track: PoseTrack, cadence: float, tmp_path: Path
) -> None:
    path = foreign.trc(tmp_path / "a.trc", in_space(track, turn_deg=turn_deg), unit="mm")
    back = sole_track(read_keypoints(path)).xy_px
    expected = track.xy_px * 2.0
    shift = np.nanmedian((back - expected)[:, Keypoint.NOSE], axis=0)
    np.testing.assert_allclose(back[:, Keypoint.RIGHT_ANKLE] - shift, expected[:, Keypoint.RIGHT_ANKLE], atol=2.0)
    assert cadence_of(analysed(path, fps=None)) == pytest.approx(cadence, rel=0.01)


# Heels and toes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("LHeel", "left_heel"),
        ("RBigToe", "right_toe"),
        ("right_big_toe", "right_toe"),
        ("left_foot_index", "left_toe"),
        ("Sub01:LHEE", "left_heel"),
        ("RTOE", "right_toe"),
        ("LSmallToe", None),
        ("left_toe_tip", None),
        ("toe", None),
    ],
)
def test_heels_and_big_toes_are_known_by_their_names(name: str, point: str | None) -> None:
    place = point_of(name)
    assert (None if place is None else POINT_NAMES[place]) == point


def assert_feet(path: Path, shod: PoseTrack, *, fps: float | None = FPS) -> None:
    back = sole_track(read_keypoints(path, fps=fps))
    assert back.feet is not None
    assert shod.feet is not None
    np.testing.assert_allclose(back.feet.xy_px, shod.feet.xy_px, atol=0.02)


@pytest.mark.parametrize("n_points", [25, 26, 133, 136])
def test_feet_are_read_at_their_places_in_lists_of_points(n_points: int, track: PoseTrack, tmp_path: Path) -> None:
    shod = with_feet(track)
    frames = [(i, [one]) for i, one in enumerate(foreign.people(shod))]
    layout = LAYOUTS[n_points][1]
    assert_feet(foreign.openpose(tmp_path / "op", frames, layout=layout, n_points=n_points), shod)


def test_feet_of_a_table_are_read_by_the_names_of_its_columns(track: PoseTrack, tmp_path: Path) -> None:
    shod = with_feet(track)
    write_track(tmp_path / "a.csv", shod)
    assert_feet(tmp_path / "a.csv", shod, fps=None)


def test_each_of_two_people_keeps_the_own_feet(track: PoseTrack, tmp_path: Path) -> None:
    shod = with_feet(track)
    walk, stands = foreign.people(shod), foreign.bystander(shod)
    frames = [(i, [stands[i], walk[i]]) for i in range(len(track))]
    feet = analysed(foreign.openpose(tmp_path / "op", frames, layout=LAYOUTS[25][1])).track_raw.feet
    assert feet is not None
    assert shod.feet is not None
    known = np.isfinite(feet.xy_px)
    assert known.mean() > 0.9  # nobody is told apart where they pass each other
    np.testing.assert_allclose(feet.xy_px[known], shod.feet.xy_px[known], atol=0.02)


def reasons_of_ankles(analysis: Analysis) -> set[str | None]:
    return {one.why.code if one.why else None for one in analysis.metrics if one.name.startswith("ankle")}


def test_feet_are_measured_where_they_are_markers_in_space(track: PoseTrack, tmp_path: Path) -> None:
    shod = with_feet(track)
    from_space = analysed(foreign.trc(tmp_path / "a.trc", in_space(shod, turn_deg=35.0), unit="mm"), fps=None)
    from_plane = analysed(foreign.trc(tmp_path / "b.trc", in_metres(shod), unit="m"), fps=None)
    assert reasons_of_ankles(from_space) == {None}
    assert from_plane.track_raw.feet is not None
    assert reasons_of_ankles(from_plane) == {"feet_in_video"}


# On a page, an error names the page's own field ----------------------------------------------------------------------


def test_on_a_page_a_missing_rate_names_the_field_and_not_the_option(track: PoseTrack, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--fps") as refused:
        read_keypoints(foreign.table(tmp_path / "a.csv", track, time_factor=None))
    assert refused.value.on_page.endswith("choose the file again and fill in Frames per second")


def test_on_a_page_a_missing_size_names_the_fields_and_not_the_option(track: PoseTrack, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--image-wh") as refused:
        read_keypoints(foreign.mediapipe(tmp_path / "a.json", foreign.people(track), WH), fps=FPS)
    assert "fill in Width and Height" in refused.value.on_page
    assert "--" not in refused.value.on_page


@pytest.mark.parametrize("n_people", [1, 2])
def test_on_a_page_a_number_of_nobody_names_the_field_and_not_the_option(
    n_people: int, track: PoseTrack, tmp_path: Path
) -> None:
    each = {"walker": foreign.people(track), "bystander": foreign.bystander(track)}
    path = foreign.deeplabcut(tmp_path / "dlc.csv", dict(list(each.items())[:n_people]))
    with pytest.raises(UsageError, match="--subject") as refused:
        analysed(path, subject="3")
    assert "Person" in refused.value.on_page
    assert "--" not in refused.value.on_page


@pytest.mark.parametrize("turn_deg", [0.0, 35.0, 180.0])
def test_markers_in_space_are_seen_from_the_front_with_the_left_side_to_the_right(
    turn_deg: float, track: PoseTrack, tmp_path: Path
) -> None:
    markers = in_space(track, turn_deg=turn_deg)
    recording = read_keypoints(foreign.trc(tmp_path / "a.trc", markers, unit="mm"), view="front")
    back = sole_track(recording).xy_px
    hips = back[:, Keypoint.LEFT_HIP] - back[:, Keypoint.RIGHT_HIP]
    np.testing.assert_allclose(hips[:, 0], 100.0, atol=2.0)  # the sides lie 100 mm apart
    height = back[:, Keypoint.LEFT_ANKLE, 1] - back[:, Keypoint.NOSE, 1]
    np.testing.assert_allclose(
        height, 2 * (track.xy_px[:, Keypoint.LEFT_ANKLE, 1] - track.xy_px[:, Keypoint.NOSE, 1]), atol=2
    )
    assert any("front view: up is +z" in note for note in sentences_of(recording.findings))


# Refused with the reason ---------------------------------------------------------------------------------------------


def test_points_in_the_order_of_human36m_are_refused(track: PoseTrack, tmp_path: Path) -> None:
    order = [12, 14, 16, 11, 13, 15, 6, 5, 0, 1, 5, 7, 9, 6, 8, 10]  # hips, legs, ..., left arm, right arm
    walk = foreign.people(track)
    shuffled = np.concatenate([walk[:, 11:12], walk[:, order]], axis=1)
    with pytest.raises(InputError, match="not in the order"):
        read_keypoints(foreign.mmpose(tmp_path / "a.json", shuffled), fps=FPS)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.slp", "SLEAP project"),
        ("a.pkl", "never opened"),
        ("a.xlsx", "save the sheet as CSV"),
        ("a.sto", "without pos"),
    ],
)
def test_a_known_file_that_is_not_read_is_named_with_what_to_do(name: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(InputError, match=reason):
        read_keypoints(tmp_path / name)


def test_pictures_of_a_kind_that_is_not_read_are_told_to_be_saved_as_another(tmp_path: Path) -> None:
    (tmp_path / "frame_1.WEBP").write_bytes(b"x")
    with pytest.raises(InputError, match="save them as JPEG or PNG"):
        read_keypoints(tmp_path, fps=FPS)


def test_a_zip_that_unpacks_to_more_than_it_may_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a_1.json", " " * (9 << 20))
    with pytest.raises(InputError, match="unpacks to more"):
        read_keypoints(tmp_path / "a.zip", fps=FPS)


def test_a_file_with_arms_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("time_s,left_wrist_x,left_wrist_y\n0,1,2\n0.1,2,3\n")
    with pytest.raises(InputError, match="too few points of a body"):
        read_keypoints(tmp_path / "a.csv")


def test_one_frame_of_openpose_asks_for_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"people": []}')
    with pytest.raises(InputError, match="give the folder"):
        read_keypoints(tmp_path / "a.json")


def csv_of(values: dict[str, str], *, step_s: float = 0.1, n: int = 30) -> str:
    head = ["time_s", *(f"{name}_{part}" for name in KEYPOINT_NAMES for part in ("x", "y", "score"))]
    rows = [[str(i * step_s), *(values[name] for name in head[1:])] for i in range(n)]
    return "\n".join(",".join(row) for row in [head, *rows])


POINTS = {
    f"{n}_{p}": v for k, n in enumerate(KEYPOINT_NAMES) for p, v in (("x", f"{k}9"), ("y", f"{k * 7}"), ("score", "1"))
}
SAME = {name: "5" if not name.endswith("score") else "1" for name in POINTS}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", '[{"image_id": 1, "keypoints": [' + "1e400, 1, 1," * 16 + "1, 1, 1]}]", "coordinates below"),
        ("a.json", '{"images": [{"id": 1e400}], "annotations": []}', "can be read"),
        ("a.json", '{"images": [{"id": ' + "9" * 400 + '}], "annotations": []}', "numbers of frames"),
        ("a.json", '{"images": [], "annotations": []}', "can be read"),
        ("a.json", "[[[[1]]]]", "of another kind"),
        ("a.csv", csv_of(SAME), "all points lie at one place"),
        ("a.csv", csv_of(POINTS, step_s=3.3e-11), "1 to 1000 frames/s"),
        ("a.csv", csv_of(POINTS) + "\n1000000000" + ",1" * 51, "frames/s"),
        ("a.csv", csv_of({**POINTS, "nose_x": "1e9"}), "coordinates below"),
        ("a.csv", csv_of({**POINTS, "nose_score": "87"}), "divide percents"),
        (
            "a.trc",
            "\n".join(["PathFileType", "a\tUnits", "1\tmm", "Frame#\tTime" + "\tx" * 2_000_000]),
            "a line of more",
        ),
    ],
    ids=["deep", "1e400", "id 1e400", "long id", "empty", "list", "one place", "ns", "jump", "far", "percent", "wide"],
)
def test_a_hostile_file_is_refused_in_one_line(name: str, text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(GaitLabError, match=reason) as refused:
        read_keypoints(tmp_path / name, fps=FPS)
    assert "\n" not in str(refused.value)


def test_json_that_would_need_too_much_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" + "[]," * 8_000_000 + "[]]")
    with pytest.raises(InputError, match="MB of memory"):
        read_keypoints(tmp_path / "a.json", fps=FPS)


def test_the_own_csv_says_its_rate_and_what_is_missing(track: PoseTrack, tmp_path: Path) -> None:
    notes = sentences_of(read_keypoints(foreign.table(tmp_path / "a.csv", track)).findings)
    assert notes == (f"Read as GaitLab's CSV: {len(track)} frames at 30 frames/s.",)
    assert json.dumps(notes)


# One recording, whatever the file ------------------------------------------------------------------------------------


def test_the_same_recording_gives_the_same_report_in_every_format(track: PoseTrack, tmp_path: Path) -> None:
    written = {"csv": "a.csv", "OpenPose": "a", "COCO": "a.json", "DeepLabCut": "a.dlc.csv", "TRC": "a.trc"}
    written |= {"C3D": "a.c3d"} if importlib.util.find_spec("ezc3d") else {}
    written |= {"netCDF": "a.nc"} if importlib.util.find_spec("h5py") else {}
    reports = {}
    for name, file in written.items():
        write_keypoints(tmp_path / file, track, file="walk")
        analysis = analysed(tmp_path / file)
        reports[name] = {(one.name, one.side): (one.value, one.unit, one.n) for one in analysis.metrics}
    for name, report in reports.items():
        assert report.keys() == reports["csv"].keys(), name
        for metric, (value, unit, n) in report.items():
            expected, *rest = reports["csv"][metric]
            assert [unit, n] == rest, (name, metric)
            assert (value is None) == (expected is None), (name, metric)
            if value is not None and expected is not None:
                assert value == pytest.approx(expected, rel=0.01, abs=0.05), (name, metric)

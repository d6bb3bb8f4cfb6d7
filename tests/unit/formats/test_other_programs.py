"""What is exported is opened by the programs it is meant for; each test uses that program's own reader."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.errors import InputError
from gaitlab.formats.any_keypoints import read_keypoints
from gaitlab.formats.c3d import write_c3d
from gaitlab.formats.fhir import UCUM
from gaitlab.formats.trc import floor_px
from gaitlab.metrics.units import UNITS
from gaitlab.pipeline import analyse_track
from gaitlab.pose.recorded import people_in, recorded_track, sole_track
from gaitlab.records import Analysis, PoseTrack, SourceInfo
from gaitlab.records.skeleton import KEYPOINT_NAMES, Keypoint
from gaitlab.reports import Shared, write_export
from gaitlab.settings import AnalysisSettings
from tests.builders import walker, with_feet, with_rows

RECORDED_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
Exported = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def walk() -> Analysis:
    """A walk: nobody is in the first half second, and a wrist is hidden for a while."""
    track = walker(n_strikes=12, noise_px=0.5).track
    for joint in Keypoint:
        track = with_rows(track, slice(0, 15), joint, xy_px=(np.nan, np.nan), score=0.0)
    track = with_rows(track, slice(40, 80), Keypoint.LEFT_WRIST, xy_px=(np.nan, np.nan), score=0.0)
    n, span_s = len(track), float(track.time_s[-1])
    source = SourceInfo(file="walk.mp4", frames=n, duration_s=span_s, fps_mean=track.fps_mean)
    return analyse_track(track, AnalysisSettings(activity="gait"), source=source)


@pytest.fixture
def exported(walk: Analysis, tmp_path: Path) -> Exported:
    def export(name: str, suffix: str) -> Path:
        path = tmp_path / f"walk{suffix}"
        write_export(name, path, Shared(analysis=walk, person="P01", recorded_at=RECORDED_AT))
        return path

    return export


def opensim() -> Any:
    program = pytest.importorskip("opensim", reason="OpenSim is not installed (the extra formats-test)")
    program.Logger.removeFileSink()  # else it writes a log into the working folder
    return program


def test_opensim_reads_every_row_and_marker_of_the_trc(exported: Exported, walk: Analysis) -> None:
    program, path = opensim(), str(exported("trc", ".trc"))
    table, markers = program.TimeSeriesTableVec3(path), program.MarkerData(path)
    assert (table.getNumRows(), table.getNumColumns()) == (len(walk.track), 17)
    assert (markers.getNumFrames(), markers.getNumMarkers()) == (len(walk.track), 17)


def test_opensim_reads_every_row_of_the_mot_that_its_header_states(exported: Exported) -> None:
    program, path = opensim(), exported("mot", ".mot")
    head, _, body = path.read_text().partition("endheader\n")
    n_rows = int(next(line for line in head.splitlines() if line.startswith("nRows=")).partition("=")[2])
    assert n_rows == len(body.splitlines()) - 1
    assert program.Storage(str(path)).getSize() == n_rows
    assert program.TimeSeriesTable(str(path)).getNumRows() == n_rows


@pytest.mark.parametrize("name", ["walk-right", "walk-both-ways", "squat-side"])
def test_opensim_reads_every_row_of_a_recorded_clip(name: str, tmp_path: Path) -> None:
    program = opensim()
    sample = next(one for one in samples() if one.file == f"{name}.csv.gz" and not one.is_visit)
    analysis = analyse_sample(sample)
    trc, mot = str(tmp_path / "a.trc"), str(tmp_path / "a.mot")
    write_export("trc", Path(trc), Shared(analysis=analysis))
    write_export("mot", Path(mot), Shared(analysis=analysis))
    assert program.TimeSeriesTableVec3(trc).getNumRows() == len(analysis.track)
    assert program.MarkerData(trc).getNumFrames() == len(analysis.track)
    n_rows = len(Path(mot).read_text().partition("endheader\n")[2].splitlines()) - 1
    assert program.Storage(mot).getSize() == program.TimeSeriesTable(mot).getNumRows() == n_rows > 30


def test_the_mot_has_no_gap_and_its_header_says_what_is_left_out(exported: Exported, walk: Analysis) -> None:
    head, _, body = exported("mot", ".mot").read_text().partition("endheader\n")
    assert "nan" not in body
    assert "rows=16 to" in head  # nobody is in the first 15 frames
    names = body.splitlines()[0].split("\t")[1:]
    left_out = next(line for line in head.splitlines() if line.startswith("left_out=")).partition("=")[2].split(",")
    assert sorted([*names, *(one for one in left_out if one != "nothing")]) == sorted(walk.angles.names)


def test_movement_loads_the_deeplabcut_file_and_its_speed_is_ours(exported: Exported, walk: Analysis) -> None:
    load_poses = pytest.importorskip("movement.io.load_poses", reason="movement is not installed (formats-test)")
    kinematics = pytest.importorskip("movement.kinematics")
    fps = walk.track_raw.fps_mean
    poses = load_poses.from_dlc_file(exported("deeplabcut", ".csv"), fps=fps)
    ours = np.gradient(walk.track_raw.xy_px[:, Keypoint.RIGHT_HIP], 1.0 / fps, axis=0)
    dimension = "keypoint" if "keypoint" in poses.dims else "keypoints"  # its name differs between versions
    theirs = kinematics.compute_velocity(poses.position).sel({dimension: "right_hip"})
    np.testing.assert_allclose(np.squeeze(theirs.values), ours, atol=0.1)


def test_movement_takes_the_netcdf_as_one_of_its_own(exported: Exported, walk: Analysis) -> None:
    pytest.importorskip("h5py", reason="netCDF needs the extra formats")
    validators = pytest.importorskip("movement.validators.datasets", reason="movement is not installed (formats-test)")
    poses = pytest.importorskip("xarray").load_dataset(exported("movement", ".nc"))
    validators.ValidPosesInputs.validate(poses)  # what its viewer asks of a file
    theirs = poses.position.sel(keypoints="right_hip").squeeze()
    np.testing.assert_array_equal(theirs, walk.track_raw.xy_px[:, Keypoint.RIGHT_HIP])
    np.testing.assert_array_equal(poses.time, walk.track_raw.time_s)
    assert json.loads(poses.attrs["gaitlab"])["provenance"]["source"] == "walk.mp4"


def test_netcdf_comes_back_as_it_was_written(exported: Exported, walk: Analysis) -> None:
    pytest.importorskip("h5py", reason="netCDF needs the extra formats")
    back = sole_track(read_keypoints(exported("movement", ".nc")))
    np.testing.assert_array_equal(back.xy_px, walk.track_raw.xy_px)
    np.testing.assert_array_equal(back.score, walk.track_raw.score)
    np.testing.assert_array_equal(back.time_s, walk.track_raw.time_s)


def test_ezc3d_reads_points_angles_and_events(exported: Exported, walk: Analysis) -> None:
    ezc3d = pytest.importorskip("ezc3d")
    file = ezc3d.c3d(str(exported("c3d", ".c3d")))
    points, events = file["data"]["points"], file["parameters"]["EVENT"]
    assert walk.gait is not None
    assert points.shape == (4, 17 + len(walk.angles.names), len(walk.track))
    assert np.isnan(points[0, :17, :15]).all()
    np.testing.assert_allclose(points[0, 17:], walk.angles.deg.T, atol=1e-3)
    times = np.asarray(events["TIMES"]["value"])
    np.testing.assert_allclose(times[0] * 60 + times[1], [one.time_s for one in walk.gait.contacts], atol=1e-3)


def test_c3d_comes_back_as_it_was_written(exported: Exported, walk: Analysis) -> None:
    pytest.importorskip("ezc3d")
    back = sole_track(read_keypoints(exported("c3d", ".c3d")))
    floor_px = walk.track.image_wh[1] if walk.track.image_wh else np.nanmax(walk.track.xy_px[..., 1])
    np.testing.assert_allclose(back.xy_px + np.array([0, floor_px]), walk.track.xy_px, atol=0.01)
    np.testing.assert_allclose(back.time_s, walk.track.time_s, atol=1e-4)


def test_heels_and_toes_come_back_from_c3d(walk: Analysis, tmp_path: Path) -> None:
    pytest.importorskip("ezc3d")
    shod = with_feet(walk.track)
    write_c3d(tmp_path / "a.c3d", shod, px_per_m=None, angles=walk.angles)
    back = sole_track(read_keypoints(tmp_path / "a.c3d"))
    assert shod.feet is not None
    assert back.feet is not None
    np.testing.assert_allclose(back.feet.xy_px + np.array([0, floor_px(shod)]), shod.feet.xy_px, atol=0.01)


def each_person(walk: Analysis) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Two people, shape (T, 2, 17, 3): the walker, and one who stands 600 px to the right."""
    one = np.dstack([walk.track_raw.xy_px, walk.track_raw.score])
    other = np.repeat(one[20:21], len(one), axis=0) + np.array([600.0, 0.0, 0.0])
    return np.stack([one, other], axis=1)


def walker_of(path: Path, *, fps: float | None) -> PoseTrack:
    recording = read_keypoints(path, fps=fps)
    _, second = people_in(recording)  # by first appearance: the walker comes in later
    return recorded_track(second, recording)


def test_what_movement_saves_is_read(walk: Analysis, tmp_path: Path) -> None:
    pytest.importorskip("h5py", reason="HDF5 needs the extra formats")
    load_poses = pytest.importorskip("movement.io.load_poses", reason="movement is not installed (formats-test)")
    people = each_person(walk)
    data = load_poses.from_numpy(
        position_array=np.moveaxis(people[..., :2], (0, 1, 2, 3), (0, 3, 2, 1)),
        confidence_array=np.moveaxis(people[..., 2], (0, 1, 2), (0, 2, 1)),
        individual_names=["a", "b"],
        keypoint_names=list(KEYPOINT_NAMES),
        fps=30.0,
        source_software="DeepLabCut",
    )
    data.to_netcdf(tmp_path / "walk.nc")
    track = walker_of(tmp_path / "walk.nc", fps=None)
    np.testing.assert_allclose(track.xy_px, walk.track_raw.xy_px, atol=1e-6)
    np.testing.assert_allclose(track.time_s, walk.track_raw.time_s, atol=1e-6)


@pytest.mark.parametrize("layout", ["table", "fixed"])
def test_what_pandas_saves_for_deeplabcut_is_read(layout: str, walk: Analysis, tmp_path: Path) -> None:
    pytest.importorskip("h5py", reason="HDF5 needs the extra formats")
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("tables", reason="pandas writes HDF5 with PyTables (formats-test)")
    heads = [["DLC"], ["a", "b"], list(KEYPOINT_NAMES), ["x", "y", "likelihood"]]
    columns = pandas.MultiIndex.from_product(heads, names=["scorer", "individuals", "bodyparts", "coords"])
    frame = pandas.DataFrame(each_person(walk).reshape(len(walk.track_raw), -1), columns=columns)
    frame.to_hdf(tmp_path / "walk.h5", key="df_with_missing", format=layout, mode="w")
    track = walker_of(tmp_path / "walk.h5", fps=30.0)
    np.testing.assert_allclose(track.xy_px, walk.track_raw.xy_px, atol=1e-6)


def test_an_analysis_file_of_sleap_is_read(walk: Analysis, tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py", reason="HDF5 needs the extra formats")
    people = each_person(walk)
    with h5py.File(tmp_path / "walk.h5", "w") as file:
        file["tracks"] = np.moveaxis(people[..., :2], (0, 1, 2, 3), (3, 0, 2, 1))
        file["point_scores"] = np.moveaxis(people[..., 2], (0, 1, 2), (2, 0, 1))
        file["node_names"] = [name.encode() for name in KEYPOINT_NAMES]
    track = walker_of(tmp_path / "walk.h5", fps=30.0)
    np.testing.assert_allclose(track.xy_px, walk.track_raw.xy_px, atol=1e-6)


def test_a_pickle_in_hdf5_that_names_a_program_is_refused(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py", reason="HDF5 needs the extra formats")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        group = file.create_group("df")
        group.attrs["pandas_type"] = b"frame_table"
        group.attrs["non_index_axes"] = np.bytes_(b"cos\nsystem\n(Vtrue\ntR.")
        group["table"] = np.zeros(3, dtype=[("index", "<i8"), ("values_block_0", "<f8", (6,))])
    with pytest.raises(InputError, match=r"ask for os\.system"):
        read_keypoints(tmp_path / "a.h5", fps=30.0)


def test_the_bids_validator_finds_no_error(exported: Exported, tmp_path: Path) -> None:
    bids = pytest.importorskip("bids_validator_deno", reason="the BIDS validator is not installed (formats-test)")
    with zipfile.ZipFile(exported("bids", ".zip")) as archive:
        archive.extractall(tmp_path / "set")
    program = Path(bids.__file__).parents[4] / "bin" / "bids-validator-deno"
    done = subprocess.run(
        [program, "--json", tmp_path / "set"], capture_output=True, text=True, check=False, timeout=120
    )
    if not done.stdout.strip():
        pytest.skip(f"the BIDS validator does not run without network: {done.stderr[-100:]}")
    issues = json.loads(done.stdout)["issues"]["issues"]
    assert [one for one in issues if one.get("severity") == "error"] == []


def test_the_fhir_bundle_is_valid_and_withheld_numbers_stay_withheld(exported: Exported, walk: Analysis) -> None:
    bundle = pytest.importorskip("fhir.resources.R4B.bundle", reason="fhir.resources is not installed (formats-test)")
    read = bundle.Bundle.model_validate_json(exported("fhir", ".json").read_text(encoding="utf-8"))
    observations = [one.resource for one in read.entry[2:]]
    assert len(observations) == len(walk.metrics)
    for metric, one in zip(walk.metrics, observations, strict=True):
        assert one.status == "preliminary"
        assert (one.valueQuantity is None) == (metric.value is None) == (one.dataAbsentReason is not None)
        assert float(one.component[0].valueQuantity.value) == pytest.approx(metric.confidence, abs=1e-6)


def test_every_unit_has_its_code_in_ucum() -> None:
    assert [name for name in UNITS if name not in UCUM and name not in ("ft", "mph")] == []


def test_pandas_reads_the_tables_with_units_in_the_names_of_columns(exported: Exported, walk: Analysis) -> None:
    pandas = pytest.importorskip("pandas")
    angles = pandas.read_csv(exported("angles", ".angles.csv"))
    assert len(angles) == len(walk.angles.time_s)
    assert [name for name in angles.columns if not name.endswith(("_s", "_deg"))] == ["frame", "event", "repetition"]
    np.testing.assert_allclose(angles.iloc[:, 2], walk.angles.deg[:, 0], atol=1e-3)
    assert walk.gait is not None
    assert angles["event"].notna().sum() == len({one.frame for one in walk.gait.contacts})
    numbers = pandas.read_csv(exported("csv", ".csv"))
    assert set(numbers["person"]) == {"P01"}
    assert set(numbers["recorded_at"]) == {"2026-03-02T09:30:00+00:00"}


def test_pandas_reads_the_same_table_as_parquet_with_exact_numbers(exported: Exported, walk: Analysis) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow", reason="Parquet needs the extra parquet")
    table = pandas.read_parquet(exported("angles-parquet", ".angles.parquet"))
    text = pandas.read_csv(exported("angles", ".angles.csv"))
    assert list(table.columns) == list(text.columns)
    np.testing.assert_array_equal(table.iloc[:, 2 : 2 + len(walk.angles.names)], walk.angles.deg)
    assert table["event"].dropna().tolist() == text["event"].dropna().tolist()

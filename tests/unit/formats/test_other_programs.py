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

from gaitlab.formats.any_keypoints import read_keypoints
from gaitlab.formats.fhir import UCUM
from gaitlab.metrics.units import UNITS
from gaitlab.pipeline import analyse_track
from gaitlab.pose.recorded import sole_track
from gaitlab.records import Analysis, SourceInfo
from gaitlab.records.skeleton import Keypoint
from gaitlab.reports import Shared, write_export
from gaitlab.settings import AnalysisSettings
from tests.builders import walker, with_rows

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
    return pytest.importorskip("opensim", reason="OpenSim is not installed (the extra formats-test)")


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

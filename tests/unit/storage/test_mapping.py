"""Rows ↔ records: the arrays of a track, and text that databases refuse."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gaitlab.errors import StoreError
from gaitlab.records import AngleSeries, FloatArray, Metric, PoseTrack
from gaitlab.storage.entities import headlines, normal_name, storable_text
from gaitlab.storage.packed_tracks import pack_arrays, unpack_arrays, unpack_raw_track
from tests.builders import with_feet
from tests.builders_store import a_track, a_walk, assert_equal_tracks
from tests.examples import examples

#: Of a coordinate: a track refuses a million pixels and more.
ANY_FLOAT = st.floats(min_value=-1e6, max_value=1e6, exclude_min=True, exclude_max=True) | st.just(float("nan"))


@settings(max_examples=examples(25), deadline=None)
@given(xy_px=hnp.arrays(np.float64, st.tuples(st.integers(0, 4), st.just(17), st.just(2)), elements=ANY_FLOAT))
def test_every_float_of_a_track_comes_back_to_the_last_bit(xy_px: FloatArray) -> None:
    n = len(xy_px)
    track = PoseTrack(time_s=np.arange(n) / 7, xy_px=xy_px, score=np.full((n, 17), 1 / 3), image_wh=None)
    angles = AngleSeries(time_s=track.time_s, names=(), deg=np.empty((n, 0)), facing="unknown")

    raw, _, _ = unpack_arrays(pack_arrays(replace(a_walk(), track_raw=track, track=track, angles=angles)))

    assert_equal_tracks(raw, track)


def test_raw_and_smoothed_track_are_not_mixed_up() -> None:
    analysis = replace(a_walk(), track_raw=a_track(seed=5), track=a_track(seed=6))

    raw, smoothed, _ = unpack_arrays(pack_arrays(analysis))

    assert_equal_tracks(raw, a_track(seed=5))
    assert_equal_tracks(smoothed, a_track(seed=6))
    assert_equal_tracks(unpack_raw_track(pack_arrays(analysis)), raw)


def test_the_feet_of_a_track_come_back_each_with_its_own() -> None:
    analysis = replace(a_walk(), track_raw=with_feet(a_track(seed=5), toe_px=(40.0, 9.0)), track=with_feet(a_track()))

    raw, smoothed, _ = unpack_arrays(pack_arrays(analysis))

    assert_equal_tracks(raw, analysis.track_raw)
    assert_equal_tracks(smoothed, analysis.track)


@pytest.mark.parametrize(("seen_share", "is_compressed"), [(0.82, True), (0.88, False)])
def test_coordinates_that_hardly_get_smaller_are_kept_as_they_are(seen_share: float, is_compressed: bool) -> None:
    random = np.random.default_rng(1)
    xy_px = random.uniform(100.0, 900.0, (2000, 17, 2))  # of which zlib leaves 0.94
    xy_px[random.uniform(size=2000) > seen_share] = np.nan
    track = PoseTrack(time_s=np.arange(2000) / 30, xy_px=xy_px, score=np.zeros((2000, 17)), image_wh=None)

    npz = pack_arrays(replace(a_walk(), track_raw=track))

    kept = zipfile.ZipFile(io.BytesIO(npz)).getinfo("raw_xy_px.npy")
    assert (kept.compress_size < kept.file_size) == is_compressed
    assert_equal_tracks(unpack_raw_track(npz), track)


def test_a_clip_without_frames_comes_back_empty() -> None:
    nobody = PoseTrack(time_s=[], xy_px=np.empty((0, 17, 2)), score=np.empty((0, 17)), image_wh=(640, 352))  # type: ignore[arg-type]
    angles = AngleSeries(time_s=[], names=("left_knee",), deg=np.empty((0, 1)), facing="left")  # type: ignore[arg-type]

    raw, _, got = unpack_arrays(pack_arrays(replace(a_walk(), track_raw=nobody, track=nobody, angles=angles)))

    assert len(raw) == 0
    assert (got.names, got.facing) == (("left_knee",), "left")


@pytest.mark.parametrize("npz", [b"", b"not a zip file", pack_arrays(a_walk())[:-200], pack_arrays(a_walk())[200:]])
def test_damaged_bytes_are_told_as_such(npz: bytes) -> None:
    with pytest.raises(StoreError, match="stored track: damaged"):
        unpack_arrays(npz)


def test_bytes_changed_inside_are_told_as_such() -> None:
    npz = bytearray(pack_arrays(a_walk()))
    npz[len(npz) // 2] ^= 0xFF

    with pytest.raises(StoreError, match="stored track: damaged"):
        unpack_arrays(bytes(npz))


def test_undecodable_bytes_of_a_file_name_become_question_marks() -> None:
    assert storable_text("caf\udce9.mp4") == "caf?.mp4"


def test_a_name_is_normalised() -> None:
    assert normal_name("  Zoe\N{COMBINING DIAERESIS} ") == "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}"


def test_a_headline_is_not_taken_from_one_side() -> None:
    left = Metric(name="cadence", value=50.0, unit="steps/min", side="left", confidence=0.5)

    assert headlines([left]) == {"cadence": None, "repetition_count": None}

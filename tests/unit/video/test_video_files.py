"""Files people really have: codecs, slow motion, interlace, damage, covers. Each is written here, then read."""

from __future__ import annotations

import gc
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec.codec import UnknownCodecError
from av.stream import Disposition

from gaitlab.errors import InputError
from gaitlab.records import Frame
from gaitlab.records.findings import sentences_of
from gaitlab.video import VideoReader, end_of, falls_short, frames, probe
from gaitlab.video.picture import upright_rgb
from tests.clips import corners, damaged, every, first_part, moving, turned, write_clip


def read(path: Path) -> tuple[list[Frame], tuple[str, ...]]:
    with VideoReader(path) as reader:
        return list(reader), sentences_of(reader.findings)


def assert_looks_like(frame: Frame, rgb: np.ndarray, *, atol: float = 6.0) -> None:
    assert np.abs(upright_rgb(frame.picture).astype(float) - rgb).mean() < atol


@pytest.mark.parametrize(
    ("codec", "pixels", "suffix"),
    [
        ("libx264", "yuv420p10le", "mp4"),
        ("libx264", "yuvj420p", "mp4"),
        ("libx264", "yuv444p", "mp4"),
        ("libx265", "yuv420p", "mp4"),
        ("libx265", "yuv420p10le", "mp4"),
        ("libvpx-vp9", "yuv420p", "webm"),
        ("libsvtav1", "yuv420p", "mp4"),
        ("prores_ks", "yuv422p10le", "mov"),
        ("mjpeg", "yuvj422p", "avi"),
        ("mpeg4", "yuv420p", "avi"),
        ("ffv1", "yuv411p", "mkv"),
        ("ffv1", "yuva444p", "mkv"),
        ("ffv1", "bgr0", "mkv"),
        ("gif", "rgb8", "gif"),
    ],
)
def test_kinds_of_video(tmp_path: Path, codec: str, pixels: str, suffix: str) -> None:
    try:
        av.Codec(codec, "w")
    except UnknownCodecError:
        pytest.skip(f"this PyAV cannot write {codec}")
    pictures = moving(8, wh=(128, 96))
    quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {"q:v": "3"}
    clip = write_clip(
        tmp_path / f"clip.{suffix}",
        times_ms=every(40, 8),
        wh=(128, 96),
        pictures=pictures,
        codec=codec,
        pixels=pixels,
        options=quiet,
    )
    got, notes = read(clip)
    assert len(got) == 8
    assert_looks_like(got[4], pictures[4], atol=24 if codec == "gif" else 6)
    assert notes == ()


@pytest.mark.parametrize("wh", [(127, 95), (65, 48), (64, 49), (33, 17)])
def test_odd_sizes(tmp_path: Path, wh: tuple[int, int]) -> None:
    clip = write_clip(tmp_path / "odd.mkv", times_ms=every(40, 3), wh=wh, codec="ffv1", pixels="yuv420p")
    got, _ = read(clip)
    assert got[0].picture.wh == wh
    assert_looks_like(got[0], corners(*wh), atol=12)


def test_pixels_that_are_not_square(tmp_path: Path) -> None:
    clip = write_clip(
        tmp_path / "pal.mp4", times_ms=every(40, 3), wh=(72, 58), pixel_aspect=Fraction(16, 11), pictures=None
    )
    assert (probe(clip).width_px, probe(clip).height_px) == (105, 58)
    assert (probe(turned(clip, tmp_path / "up.mp4", degrees=90)).width_px) == 58
    assert_looks_like(next(frames(clip)), corners(105, 58), atol=10)


def test_decoded_frames_are_let_go_at_once(tmp_path: Path) -> None:
    """A frame that waits for the garbage collector holds megabytes."""
    clip = write_clip(tmp_path / "clip.mp4", times_ms=every(40, 60), pictures=moving(60))
    gc.collect()
    gc.disable()
    try:
        for frame in frames(turned(clip, tmp_path / "turned.mp4", degrees=90)):
            last = frame.index
        alive = sum(isinstance(one, av.VideoFrame) for one in gc.get_objects())
    finally:
        gc.enable()
    assert last == 59
    assert alive <= 3


@pytest.mark.parametrize("n", [1, 2, 5])
def test_very_short_clips(tmp_path: Path, n: int) -> None:
    got, notes = read(write_clip(tmp_path / "short.mp4", times_ms=every(40, n), pictures=moving(n)))
    assert [frame.index for frame in got] == list(range(n))
    assert notes == ()


def test_a_slow_motion_file_that_says_so(tmp_path: Path) -> None:
    clip = write_clip(
        tmp_path / "slow.mp4",
        times_ms=every(40, 20),
        pictures=moving(20),
        metadata={"com.android.capture.fps": "200.000000"},
        movflags="use_metadata_tags",
    )
    assert probe(clip).capture_fps == 200.0
    assert any("slow-motion factor of 8" in note for note in read(clip)[1])


def combed(n: int) -> list[np.ndarray]:
    """Return pictures whose odd rows were taken half a frame later than the even ones."""
    early, late = moving(2 * n, wh=(128, 96))[::2], moving(2 * n, wh=(128, 96))[1::2]
    for one, other in zip(early, late, strict=True):
        one[1::2] = other[1::2]
    return list(early)


def comb(rgb: np.ndarray) -> float:
    """Return how much rows differ from the mean of their neighbours."""
    rows = rgb.astype(float)
    return float(np.abs(rows[1:-1] - (rows[:-2] + rows[2:]) / 2).mean())


@pytest.mark.parametrize("degrees", [0, 180])
def test_interlaced_video_has_no_combs(tmp_path: Path, degrees: int) -> None:
    pictures = combed(10)
    clip = write_clip(
        tmp_path / "interlaced.mp4",
        times_ms=every(40, 10),
        wh=(128, 96),
        pictures=pictures,
        options={"flags": "+ildct+ilme", "x264-params": "interlaced=1:tff=1", "crf": "5"},
    )
    got, notes = read(turned(clip, tmp_path / "turned.mp4", degrees=degrees))
    assert [round(frame.time_s, 3) for frame in got] == [0.04 * i for i in range(10)]
    assert {frame.picture.rotation_deg for frame in got} == {degrees}
    assert comb(upright_rgb(got[5].picture)) < 0.5 * comb(pictures[5])
    assert any("interlaced" in note for note in notes)


def test_a_file_with_its_index_at_the_front_that_breaks_off(tmp_path: Path) -> None:
    whole = write_clip(
        tmp_path / "whole.mp4", times_ms=every(40, 100), pictures=moving(100, noise=40), movflags="+faststart"
    )
    got, notes = read(first_part(whole, tmp_path / "part.mp4", share=0.6))
    assert 40 < len(got) < 70
    assert any("breaks off" in note for note in notes)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
@pytest.mark.parametrize("share", [1.0, 0.6, 0.1])
def test_where_a_file_ends_is_told_without_decoding_it(tmp_path: Path, suffix: str, share: float) -> None:
    whole = write_clip(
        tmp_path / f"whole.{suffix}",
        times_ms=every(40, 100),
        pictures=moving(100, noise=40),
        movflags="+faststart" if suffix == "mp4" else "",
    )
    info = probe(first_part(whole, tmp_path / f"part.{suffix}", share=share))
    end_s = end_of(info) or 0.0
    assert end_s == pytest.approx(share * 4.0, abs=0.3)
    assert falls_short(end_s, info.duration_s) == (share < 1)


def test_a_file_whose_index_was_never_written(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "whole.mp4", times_ms=every(40, 100), pictures=moving(100, noise=40))
    with pytest.raises(InputError, match="not finished"):
        probe(first_part(whole, tmp_path / "part.mp4", share=0.6))


def test_a_fragmented_file_that_breaks_off(tmp_path: Path) -> None:
    whole = write_clip(
        tmp_path / "whole.mp4",
        times_ms=every(40, 100),
        pictures=moving(100, noise=40),
        options={"g": "20", "crf": "10"},
        movflags="frag_keyframe+empty_moov",
    )
    got, notes = read(first_part(whole, tmp_path / "part.mp4", share=0.65))
    assert 40 < len(got) < 80
    assert any("breaks off" in note or "damaged" in note for note in notes)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_a_file_damaged_in_the_middle_is_read_to_its_end(tmp_path: Path, suffix: str) -> None:
    whole = write_clip(
        tmp_path / f"whole.{suffix}",
        times_ms=every(40, 100),
        pictures=moving(100, noise=40),
        options={"g": "20", "crf": "10"},
    )
    got, notes = read(damaged(whole, tmp_path / f"damaged.{suffix}"))
    assert got[-1].time_s > 3.8
    assert len(got) > 70
    assert np.all(np.diff([frame.time_s for frame in got]) > 0)
    assert any("damaged" in note for note in notes)


def test_damage_is_decoded_the_same_each_time(tmp_path: Path) -> None:
    """FFmpeg's frame threads conceal damage in another way each time."""
    whole = write_clip(
        tmp_path / "whole.mp4", times_ms=every(40, 60), wh=(320, 240), pictures=moving(60, wh=(320, 240), noise=20)
    )
    clip = damaged(whole, tmp_path / "damaged.mp4", holes=12)
    once, again = ([upright_rgb(frame.picture).sum() for frame in frames(clip)] for _ in range(2))
    assert once == again


def test_timestamps_that_start_anew(tmp_path: Path) -> None:
    """Two recordings joined byte by byte, as MPEG-TS allows."""
    one = write_clip(tmp_path / "one.ts", times_ms=every(40, 50), pictures=moving(50)).read_bytes()
    (tmp_path / "two.ts").write_bytes(one + one)
    got, notes = read(tmp_path / "two.ts")
    np.testing.assert_allclose(np.diff([frame.time_s for frame in got]), 0.04, atol=0.002)
    assert len(got) == 100
    assert any("clock jumps" in note for note in notes)


def test_a_picture_size_that_changes_ends_the_clip(tmp_path: Path) -> None:
    parts = [
        write_clip(tmp_path / f"{w}.ts", times_ms=every(40, 20), wh=(w, 48), pictures=moving(20, wh=(w, 48)))
        for w in (64, 96)
    ]
    (tmp_path / "both.ts").write_bytes(b"".join(part.read_bytes() for part in parts))
    got, notes = read(tmp_path / "both.ts")
    assert {frame.picture.wh for frame in got} == {(64, 48)}
    assert any("size changes" in note for note in notes)


def test_a_stream_without_timestamps(tmp_path: Path) -> None:
    with av.open(str(write_clip(tmp_path / "clip.mp4", times_ms=every(40, 20), pictures=moving(20)))) as source:
        stream = source.streams.video[0]
        with av.open(str(tmp_path / "bare.h264"), "w", format="h264") as target:
            copy = target.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if packet.dts is not None:
                    packet.stream = copy
                    target.mux(packet)
    got, _ = read(tmp_path / "bare.h264")
    assert len(got) == 20
    assert np.all(np.diff([frame.time_s for frame in got]) > 0)


Part = Callable[[av.container.OutputContainer], Callable[[], None]]


def write_parts(path: Path, *parts: Part) -> Path:
    """Write a file of several streams: all are announced before the first is written."""
    with av.open(str(path), "w", format="mp4" if path.suffix == ".m4a" else None) as container:
        for write in [part(container) for part in parts]:
            write()
    return path


def sound(*, duration_s: float) -> Part:
    def announce(container: av.container.OutputContainer) -> Callable[[], None]:
        stream = container.add_stream("aac", rate=44100)

        def write() -> None:
            zeros = np.zeros((1, int(44100 * duration_s)), dtype=np.float32)
            silence = av.AudioFrame.from_ndarray(zeros, format="fltp", layout="mono")
            silence.sample_rate, silence.pts = 44100, 0
            container.mux(stream.encode(silence))
            container.mux(stream.encode(None))

        return write

    return announce


def video(wh: tuple[int, int], *, n: int = 20, codec: str = "libx264", pixels: str = "yuv420p") -> Part:
    def announce(container: av.container.OutputContainer) -> Callable[[], None]:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *wh, pixels
        if n == 1:
            stream.disposition = Disposition.attached_pic

        def write() -> None:
            for number, rgb in enumerate(moving(n, wh=wh)):
                frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format=pixels)
                frame.pts, frame.time_base = number, Fraction(1, 25)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))

        return write

    return announce


COVER = video((640, 480), n=1, codec="mjpeg", pixels="yuvj420p")


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only sound"):
        probe(write_parts(tmp_path / "sound.m4a", sound(duration_s=1)))


def test_sound_with_a_cover_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only sound"):
        probe(write_parts(tmp_path / "song.m4a", sound(duration_s=1), COVER))


def test_a_cover_beside_a_video_is_left_alone(tmp_path: Path) -> None:
    got, notes = read(write_parts(tmp_path / "clip.mp4", COVER, video((64, 48))))
    assert (got[0].picture.wh, len(got), notes) == ((64, 48), 20, ())


def test_of_several_videos_the_largest_is_read(tmp_path: Path) -> None:
    got, notes = read(write_parts(tmp_path / "clip.mkv", video((64, 48)), video((128, 96)), video((96, 72))))
    assert got[0].picture.wh == (128, 96)
    assert any("3 videos" in note for note in notes)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_sound_longer_than_the_video_is_no_damage(tmp_path: Path, suffix: str) -> None:
    clip = write_parts(tmp_path / f"clip.{suffix}", video((64, 48)), sound(duration_s=3))
    assert read(clip)[1] == ()


def test_a_still_in_the_container_of_a_video_is_refused(tmp_path: Path) -> None:
    try:
        clip = write_clip(tmp_path / "photo.avif", times_ms=[0], codec="libsvtav1", options={})
    except (UnknownCodecError, ValueError):
        pytest.skip("this PyAV cannot write AVIF")
    with pytest.raises(InputError, match="still picture"):
        probe(clip)

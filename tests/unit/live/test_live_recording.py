"""What a browser records: WebM without a length, at a rate of its own; its times are those of the pictures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from gaitlab.records.findings import sentences_of
from gaitlab.video import VideoReader
from tests.clips import moving

# As MediaRecorder writes them: about 30 a second, uneven, with a picture missing now and then.
TIMES_MS = [0, 32, 68, 101, 133, 201, 234, 268, 301, 367, 400, 434]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Write a WebM that is never finished: no length, no index."""
    path = tmp_path / "live.webm"
    with av.open(str(path), "w", format="webm", options={"live": "1"}) as container:
        stream = container.add_stream("libvpx", rate=30, options={"deadline": "realtime", "cpu-used": "8"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for time_ms, rgb in zip(TIMES_MS, moving(len(TIMES_MS)), strict=True):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def test_a_recording_without_a_length_is_read_with_the_times_of_its_pictures(recording: Path) -> None:
    with VideoReader(recording) as reader:
        times_s = [frame.time_s for frame in reader]
        assert reader.info.n_frames == len(TIMES_MS)  # counted: so that an analysis can tell how far it is
        assert reader.info.duration_s == pytest.approx(12 / 11 * 0.434)
    assert times_s == pytest.approx(np.array(TIMES_MS) / 1000)
    assert not [note for note in sentences_of(reader.findings) if "breaks off" in note or "timestamp" in note]

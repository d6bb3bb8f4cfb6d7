"""Reading video and still pictures: the only place that decodes.

The time of a frame is its presentation timestamp, never index / fps: phone files run at a variable rate. Frames stay as
the decoder made them (`Picture`), with what is needed to turn them upright and to convert the part in use.

picture_folder.py  numbered pictures as a clip, and which of both a path is
reader.py       a file from its first frame to its last, and the findings on it
container.py    opening a file, which of its streams to take, what it states about itself
decoded.py      one decoded frame as a `Picture`: planes, colour matrix, orientation, shape of the pixels
interlaced.py   frames made of two fields
ending.py       whether a file reaches the end that it states
clock.py        times where timestamps are missing or wrong
repeats.py      frames that repeat the frame before
stills.py       still pictures, and the JPEGs of a live camera
"""

from gaitlab.video.container import VIDEO_ENDINGS, sha256_of
from gaitlab.video.ending import end_of, falls_short
from gaitlab.video.picture_folder import frames, open_clip
from gaitlab.video.reader import VideoReader, probe
from gaitlab.video.stills import picture_of_jpeg, read_picture

__all__ = [
    "VIDEO_ENDINGS",
    "VideoReader",
    "end_of",
    "falls_short",
    "frames",
    "open_clip",
    "picture_of_jpeg",
    "probe",
    "read_picture",
    "sha256_of",
]

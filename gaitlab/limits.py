"""Every limit on what comes from outside, in one table; `docs/reference/limits.md` is written from it.

All of them are *(ours)*: above what people film and type, and below what a computer with 4 GB bears.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ARCHIVE_ARRAYS_MAX_BYTES",
    "ARCHIVE_MAX_BYTES",
    "ARCHIVE_MEDIA_MAX_BYTES",
    "ARCHIVE_MEMBERS_MAX",
    "ARCHIVE_RATIO_MAX",
    "ARCHIVE_TEXT_MAX_BYTES",
    "COMMENTS_MAX",
    "COMMENT_MAX_CHARS",
    "COORDINATE_MAX",
    "FIRST_LOOK_SIDE_PX",
    "HELD_MAX",
    "HELD_MAX_BYTES",
    "HELD_MAX_S",
    "KEYPOINT_COORDINATE_MAX",
    "KEYPOINT_FRAMES_MAX",
    "KEYPOINT_JSON_MAX_BYTES",
    "KEYPOINT_MEMORY_MAX_BYTES",
    "KEYPOINT_RATE_HZ",
    "KEYPOINT_TEXT_MAX_BYTES",
    "LINES_MAX",
    "LIVE_FRAMES_PER_S_MAX",
    "LIVE_FRAME_MAX_BYTES",
    "LIVE_HELLO_MAX_CHARS",
    "LIVE_HELLO_MAX_S",
    "LIVE_IDLE_MAX_S",
    "LIVE_KEPT_S",
    "LIVE_POINTS_KEPT_MAX",
    "LIVE_POINTS_MAX",
    "LIVE_POINT_SESSIONS_MAX",
    "LIVE_SESSIONS_MAX",
    "LIVE_SIDE_MAX_PX",
    "LIVE_WAITING_MAX",
    "MODEL_INPUT_SIDE_MAX_PX",
    "MODEL_MAX_BYTES",
    "MODEL_MEMORY_MAX_BYTES",
    "MODEL_OUTPUT_MAX_BYTES",
    "MODEL_TRIAL_MAX_S",
    "NAME_MAX_CHARS",
    "NUMBER_MAX",
    "PICTURE_MAX_PX",
    "PICTURE_SIDE_MAX_PX",
    "PLAYED_CLIP_MAX_BYTES",
    "PROGRAMME_ITEMS_MAX",
    "PROGRAMME_RANGE_PCT",
    "QUESTION_MAX_CHARS",
    "REMARK_MAX_CHARS",
    "REQUESTS_PER_MINUTE_MAX",
    "REST_MAX_S",
    "ROWS_MAX",
    "SETS_MAX",
    "SET_REPETITIONS_MAX",
    "STARTS_MAX",
    "TABLE",
    "TAG_MAX_CHARS",
    "TEXT_MAX_CHARS",
    "TOO_LARGE",
    "UPLOADS_AT_ONCE_MAX",
    "UPLOAD_MIN_BYTES",
    "UPLOAD_WINDOW_S",
    "is_too_large",
]

#: A picture of a clip or a still, before it is decoded and after it is upright. 4K has 8.3 megapixels, the film of a
#: 360-degree camera 16.6; one of 8K has 33, takes 2 GB, and a person in it is no better to be seen for the networks.
PICTURE_SIDE_MAX_PX: Final = 8192
PICTURE_MAX_PX: Final = 20_000_000

#: Pictures that a first look keeps, a dozen and more: the networks see people in squares of some hundred pixels. A
#: larger one is shrunk by the whole number that brings its longer side nearest to this.
FIRST_LOOK_SIDE_PX: Final = 1920

#: Uploads at once, and what each has to send within that time: nobody keeps a place with an idle connection.
UPLOADS_AT_ONCE_MAX: Final = 4
UPLOAD_WINDOW_S: Final = 30.0
UPLOAD_MIN_BYTES: Final = 256 << 10
#: Clips that wait for their analysis to be requested: their number, their size without the newest, their age.
HELD_MAX: Final = 50
HELD_MAX_BYTES: Final = 5 << 30
HELD_MAX_S: Final = 24 * 3600.0
#: How often the analysis of a clip begins: a clip that ends the program each time would do so at every start.
STARTS_MAX: Final = 3

#: Requests to the routes for data in a minute, of one address; a player that seeks without a pause sends about 600.
REQUESTS_PER_MINUTE_MAX: Final = 1200

#: Cameras at once, and connections that have not said yet what they want.
LIVE_SESSIONS_MAX: Final = 2
LIVE_WAITING_MAX: Final = 8
LIVE_HELLO_MAX_CHARS: Final = 1000
LIVE_HELLO_MAX_S: Final = 5.0
LIVE_IDLE_MAX_S: Final = 30.0
LIVE_FRAME_MAX_BYTES: Final = 600_000
LIVE_SIDE_MAX_PX: Final = 1920
LIVE_FRAMES_PER_S_MAX: Final = 65.0
#: Cameras whose browser runs the network and sends points only, the frames whose points one message may hold, those
#: that a browser keeps (five minutes of 30 a second), and how long a camera is waited for whose connection broke off.
LIVE_POINT_SESSIONS_MAX: Final = 10
LIVE_POINTS_MAX: Final = 150
LIVE_POINTS_KEPT_MAX: Final = 9000
LIVE_KEPT_S: Final = 300.0

#: A file of keypoints: 55 minutes at 60 frames per second. Its frames per second on average, its coordinates (pixels or
#: millimetres), its JSON and what reading it would need, its text when unpacked.
KEYPOINT_FRAMES_MAX: Final = 200_000
KEYPOINT_RATE_HZ: Final = (1.0, 1000.0)
KEYPOINT_COORDINATE_MAX: Final = 500_000.0
KEYPOINT_JSON_MAX_BYTES: Final = 200 << 20
KEYPOINT_MEMORY_MAX_BYTES: Final = 800 << 20
KEYPOINT_TEXT_MAX_BYTES: Final = 1 << 30

#: A model file that somebody gives: the published ones have 2 to 13 MB. Before it is used, a program of its own loads
#: it and lets it look at a picture, within this memory (Linux only) and time.
MODEL_MAX_BYTES: Final = 200 << 20
MODEL_INPUT_SIDE_MAX_PX: Final = 2049
#: What it says of one picture; PoseNet at the largest input and its finest stride of 8 says 30 MB.
MODEL_OUTPUT_MAX_BYTES: Final = 64 << 20
MODEL_MEMORY_MAX_BYTES: Final = 4 << 30
MODEL_TRIAL_MAX_S: Final = 60.0

#: Texts that people type.
NAME_MAX_CHARS: Final = 80
TAG_MAX_CHARS: Final = 80
REMARK_MAX_CHARS: Final = 10_000
#: On the one page, and pinned to moments of the page that plays.
QUESTION_MAX_CHARS: Final = 300
COMMENT_MAX_CHARS: Final = 200
COMMENTS_MAX: Final = 20
#: What is trained on the Live page: the exercises of a programme, their sets and repetitions, a rest, and how far
#: to go in percent of a full repetition; shorter ones may not be counted.
PROGRAMME_ITEMS_MAX: Final = 20
SETS_MAX: Final = 20
SET_REPETITIONS_MAX: Final = 200
REST_MAX_S: Final = 900
PROGRAMME_RANGE_PCT: Final = (40, 150)
#: In an archive: any other text of a session, the texts of a list, the rows of any other list, the size of a number,
#: and that of a coordinate or an angle.
TEXT_MAX_CHARS: Final = 2000
LINES_MAX: Final = 200
ROWS_MAX: Final = 100_000
NUMBER_MAX: Final = 1e12
COORDINATE_MAX: Final = 1e6

#: A clip within the page that plays, where it takes a third more: mail servers commonly take 25 MB.
PLAYED_CLIP_MAX_BYTES: Final = 18_000_000

#: Three hours at 30 frames per second are about 64 MB of text and 256 MB of arrays. A small zip file can unpack to any
#: size, so members, one kept clip and everything together are bounded, too.
ARCHIVE_TEXT_MAX_BYTES: Final = 64 * 2**20
ARCHIVE_ARRAYS_MAX_BYTES: Final = 256 * 2**20
ARCHIVE_MEDIA_MAX_BYTES: Final = 2 * 2**30
ARCHIVE_MAX_BYTES: Final = 200 * 2**30
ARCHIVE_MEMBERS_MAX: Final = 200_000
#: How many times its packed size a kept clip may have: films cannot be packed any further.
ARCHIVE_RATIO_MAX: Final = 10

_MEGA: Final = 1_000_000
#: What to do with a picture that is too large.
TOO_LARGE: Final = (
    f"expected at most {PICTURE_SIDE_MAX_PX} pixels a side and {PICTURE_MAX_PX // _MEGA} megapixels; make it smaller, "
    "for example 1920 x 1080"
)

#: What, its limit, and what happens or can be done beyond it.
TABLE: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "picture of a clip, still picture",
        f"{PICTURE_SIDE_MAX_PX} px a side, {PICTURE_MAX_PX // _MEGA} megapixels",
        "refused before it is decoded; export it at 4K (3840 x 2160) or smaller",
    ),
    (
        "pictures that a first look keeps",
        f"about {FIRST_LOOK_SIDE_PX} px a side",
        "larger ones are kept as smaller copies",
    ),
    ("file of an upload", "500 MB", "cut the clip, or set `server.maxUploadSize`"),
    ("uploads at once", f"{UPLOADS_AT_ONCE_MAX}", "the page waits its turn"),
    (
        "slowest upload, also one that sends nothing",
        f"{UPLOAD_MIN_BYTES >> 10} kB in {UPLOAD_WINDOW_S:g} s",
        "broken off, nothing stays; choose the clip again",
    ),
    (
        "clips that wait for *Analyse*",
        f"{HELD_MAX}, {HELD_MAX_BYTES >> 30} GB, {HELD_MAX_S / 3600:g} hours",
        "the oldest are removed",
    ),
    (
        "starts of one analysis",
        f"{STARTS_MAX}",
        "after as many crashes the page says that the clip was not analysed, and the clip is removed",
    ),
    (
        "requests for data, per address",
        f"{REQUESTS_PER_MINUTE_MAX} a minute",
        "status 429 until the minute is over",
    ),
    (
        "file of keypoints",
        f"{KEYPOINT_FRAMES_MAX} frames, {KEYPOINT_RATE_HZ[0]:g} to {KEYPOINT_RATE_HZ[1]:g} a second, coordinates "
        f"{KEYPOINT_COORDINATE_MAX:.0f}, JSON {KEYPOINT_JSON_MAX_BYTES >> 20} MB or "
        f"{KEYPOINT_MEMORY_MAX_BYTES >> 20} MB in memory, text {KEYPOINT_TEXT_MAX_BYTES >> 30} GB unpacked",
        "refused; cut the recording into parts",
    ),
    (
        "pose model from a file",
        f"{MODEL_MAX_BYTES >> 20} MB, input {MODEL_INPUT_SIDE_MAX_PX} px a side, outputs "
        f"{MODEL_OUTPUT_MAX_BYTES >> 20} MB, first picture {MODEL_TRIAL_MAX_S:g} s and "
        f"{MODEL_MEMORY_MAX_BYTES >> 30} GB",
        "refused before it is used",
    ),
    ("live cameras whose frames go to the server", f"{LIVE_SESSIONS_MAX}", "stop one"),
    ("live cameras that send points", f"{LIVE_POINT_SESSIONS_MAX}", "stop one"),
    ("points in one message", f"of {LIVE_POINTS_MAX} frames", "closed"),
    (
        "points of a live camera",
        f"of {LIVE_POINTS_KEPT_MAX:,} frames at once, {LIVE_FRAMES_PER_S_MAX:g} a second",
        "closed",
    ),
    ("a live camera whose connection broke off", f"waited for {LIVE_KEPT_S:g} s", "its count begins anew"),
    ("live connections without a first message", f"{LIVE_WAITING_MAX}, {LIVE_HELLO_MAX_S:g} s each", "closed"),
    ("silence of a live camera", f"{LIVE_IDLE_MAX_S:g} s", "closed"),
    (
        "live frame",
        f"{LIVE_FRAME_MAX_BYTES // 1000} kB, {LIVE_SIDE_MAX_PX} px a side, {LIVE_FRAMES_PER_S_MAX:g} a second",
        "closed",
    ),
    ("message of a socket", "8 MB", "`server.maxMessageSize`; the connection ends"),
    ("name of a person, tag", f"{NAME_MAX_CHARS} characters", "shorten it"),
    ("remark", f"{REMARK_MAX_CHARS} characters", "shorten it"),
    (
        "programme of a person",
        f"{PROGRAMME_ITEMS_MAX} exercises, each {SETS_MAX} sets of {SET_REPETITIONS_MAX}, rests of {REST_MAX_S} s, "
        f"{PROGRAMME_RANGE_PCT[0]} to {PROGRAMME_RANGE_PCT[1]} % of a full repetition",
        "refused; remove or change one",
    ),
    ("question on the one page", f"{QUESTION_MAX_CHARS} characters", "shorten it"),
    ("comments on the page that plays", f"{COMMENTS_MAX}, {COMMENT_MAX_CHARS} characters each", "shorten them"),
    (
        "clip in the page that plays",
        f"{PLAYED_CLIP_MAX_BYTES // _MEGA} MB",
        "refused; choose the drawn figure, or hand on the video as a file of its own",
    ),
    ("other text in an archive", f"{TEXT_MAX_CHARS} characters", "the archive is refused"),
    ("list in an archive", f"{ROWS_MAX} rows, {LINES_MAX} texts", "the archive is refused"),
    ("number in an archive", f"{NUMBER_MAX:g}, a coordinate or an angle {COORDINATE_MAX:g}", "the archive is refused"),
    (
        "content of an archive, unpacked",
        f"text of a session {ARCHIVE_TEXT_MAX_BYTES >> 20} MB, its arrays {ARCHIVE_ARRAYS_MAX_BYTES >> 20} MB, a clip "
        f"{ARCHIVE_MEDIA_MAX_BYTES >> 30} GB and {ARCHIVE_RATIO_MAX} times its packed size, "
        f"everything {ARCHIVE_MAX_BYTES >> 30} GB and {ARCHIVE_MEMBERS_MAX} files",
        "the archive is refused, nothing is changed",
    ),
)


def is_too_large(wh: tuple[int, int]) -> bool:
    """Return whether a picture of that width and height is beyond the limits.

    >>> is_too_large((8192, 2441)), is_too_large((8192, 2442)), is_too_large((8193, 10))
    (False, True, True)
    """
    return max(wh) > PICTURE_SIDE_MAX_PX or wh[0] * wh[1] > PICTURE_MAX_PX

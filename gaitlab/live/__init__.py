"""Live: one frame after the other from a camera, a skeleton, a count or a cadence, and one cue at a time.

one_euro.py    smoothing that cannot look ahead
following.py   where the person is in this frame
window.py      the last stretch of the track
tally.py       repetitions kept while the window slides on
cues.py        what to tell the person
session.py     all of it, for one camera
"""

from gaitlab.live.following import Follower
from gaitlab.live.session import LiveResult, LiveSession, Seen

__all__ = ["Follower", "LiveResult", "LiveSession", "Seen"]

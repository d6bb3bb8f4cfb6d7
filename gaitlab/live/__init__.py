"""Live: one frame after the other from a camera, a skeleton, a count or a cadence, and one cue at a time.

one_euro.py    smoothing without later frames
following.py   the tracker: the person's pose in this frame
window.py      the last stretch of the track
tally.py       the count of repetitions while the window slides
turns.py       repetitions told at their turn, between two counts
cues.py        the cue for the person
session.py     all of it, for one camera
"""

from gaitlab.live.cues import joints_needed
from gaitlab.live.following import Follower
from gaitlab.live.session import LiveCount, LiveResult, LiveSession, Seen

__all__ = ["Follower", "LiveCount", "LiveResult", "LiveSession", "Seen", "joints_needed"]

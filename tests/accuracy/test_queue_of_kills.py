"""Ten clips are accepted and the server is killed five times: ten sessions in the end, or the rest is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.attack_queue import lost_in_kills

pytestmark = pytest.mark.accuracy


def test_no_accepted_clip_is_lost_and_none_stays(tmp_path: Path) -> None:
    kept = lost_in_kills(tmp_path, clips=10, kills=5, seed=11)
    assert kept.sessions + kept.named == 10
    assert kept.left == ()

"""How large a clip may be that comes in: the limit itself and not a byte more, whatever its sender says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gaitlab.errors import InputError
from gaitlab.ui.analyse.upload_route import receive_clip

LIMIT_BYTES = 2 << 20
A_MEGABYTE = bytes(1 << 20)


def received(folder: Path, *pieces: bytes) -> Path:
    async def coming() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return asyncio.run(receive_clip(coming(), "walk.mp4", folder=folder, limit_bytes=LIMIT_BYTES))


def test_a_clip_as_large_as_the_limit_is_taken(tmp_path: Path) -> None:
    assert received(tmp_path, A_MEGABYTE, A_MEGABYTE).stat().st_size == LIMIT_BYTES


@pytest.mark.parametrize("pieces", [(A_MEGABYTE, A_MEGABYTE, b"x"), (bytes(LIMIT_BYTES + 1),)])
def test_a_clip_of_one_byte_more_is_refused_and_leaves_nothing(tmp_path: Path, pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(InputError, match="at most 2 MB"):
        received(tmp_path, *pieces)
    assert list(tmp_path.iterdir()) == []

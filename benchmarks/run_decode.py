"""Decoding alone, the planes as they come, nothing converted: python -m benchmarks.run_decode CLIP."""

from __future__ import annotations

import argparse

import av

from benchmarks.meter import report


def decode(clip: str) -> int:
    """Return the number of frames in a clip."""
    with av.open(clip) as container:
        container.streams.video[0].thread_type = "AUTO"
        return sum(1 for _ in container.decode(video=0))


def main() -> None:
    parser = argparse.ArgumentParser(description="Decode a clip.")
    parser.add_argument("clip")
    args = parser.parse_args()
    report(lambda: decode(args.clip))


if __name__ == "__main__":
    main()

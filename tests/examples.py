"""How many examples the tests of laws draw: a third of them in `make test`, all of them in `make accuracy`."""

from __future__ import annotations

from hypothesis import settings

__all__ = ["examples"]

#: What Hypothesis draws where a test says nothing else. A busy machine is no failure of a law.
_ALL = 100
_SHARE = 3

settings.register_profile("few", max_examples=-(-_ALL // _SHARE), deadline=None)
settings.register_profile("all", max_examples=_ALL, deadline=None)
settings.load_profile("few")


def examples(n: int) -> int:
    """Return how many of `n` examples are drawn now."""
    return n if settings.get_current_profile_name().startswith("all") else -(-n // _SHARE)

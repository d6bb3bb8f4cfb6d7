"""Earlier wordings of sentences that sessions hold which were stored before findings had codes."""

from collections.abc import Mapping
from typing import Final

__all__ = ["EARLIER"]

#: Earlier wordings of a code, for sessions that were stored with the sentence alone.
EARLIER: Final[Mapping[str, tuple[str, ...]]] = {}

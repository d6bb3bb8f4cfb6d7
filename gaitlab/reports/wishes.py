"""What a user asks of a report that is handed on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from gaitlab.errors import UsageError
from gaitlab.limits import COMMENT_MAX_CHARS, COMMENTS_MAX, QUESTION_MAX_CHARS

__all__ = ["Comment", "Paper", "Wishes", "read_comment"]

Paper = Literal["a4", "letter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Words pinned to a moment of the clip, in seconds of its time line."""

    time_s: float
    text: str


def read_comment(line: str) -> Comment:
    """Read a comment as people type it: the moment in seconds, then the words.

    >>> read_comment("2.31 the heel comes up early")
    Comment(time_s=2.31, text='the heel comes up early')

    Raises
    ------
    UsageError
        Where it does not begin with a moment, or has no words.
    """
    moment, _, text = line.strip().partition(" ")
    try:
        time_s = float(moment.removesuffix("s").replace(",", "."))
    except ValueError:
        time_s = math.nan
    if not math.isfinite(time_s) or not text.strip():
        raise UsageError(
            f"comment: expected a moment in seconds and words, as in 2.31 heel up early; got {line[:60]!r}"
        )
    return Comment(time_s=time_s, text=text.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What stands on a report beside what was measured. None of it is kept with the session.

    Attributes
    ----------
    question : str
        Question or reason.
    paper : {"a4", "letter"}
        Of the one page.
    with_clip : bool
        Show the kept clip, or pictures of it, instead of a drawn figure; without a kept clip it is a NotFoundError.
    comments : tuple of Comment
        For the page that plays.
    """

    question: str = ""
    paper: Paper = "a4"
    with_clip: bool = False
    comments: tuple[Comment, ...] = ()

    def __post_init__(self) -> None:
        if len(self.question) > QUESTION_MAX_CHARS:
            raise UsageError(f"question: expected {QUESTION_MAX_CHARS} characters at most, got {len(self.question)}")
        if len(self.comments) > COMMENTS_MAX:
            raise UsageError(f"comments: expected {COMMENTS_MAX} at most, got {len(self.comments)}")
        longest = max((len(one.text) for one in self.comments), default=0)
        if longest > COMMENT_MAX_CHARS:
            raise UsageError(f"comment: expected {COMMENT_MAX_CHARS} characters at most, got {longest}")

"""A gesture that has no meaning, in words for the hand that made it."""

from __future__ import annotations


class Refused(ValueError):  # noqa: N818 - it is no error of the program, but an answer to a hand
    """What was tried cannot be done; the text says why, and what to do instead. Nothing has changed."""

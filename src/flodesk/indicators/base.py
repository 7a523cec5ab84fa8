"""What all indicators have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from flodesk.markers import Array


@dataclass(frozen=True, slots=True)
class Indicator:
    """Base of what an indicator node returns: the control panel shows the newest one."""

    title: str = ""

    brief: ClassVar[bool] = False
    """Whether its summary is short enough to stand on a card of the canvas."""

    def summary(self) -> str:
        """Say in words what a viewer would see; printed where there is no screen."""
        return self.title

    def still(self, points: int | None = None) -> Self:
        """Return it as it is now, which nothing that happens later changes; itself, if nothing can.

        Parameters
        ----------
        points : int, optional
            How many points of a curve a screen shows: fewer that look the same will do. None for all of them.
        """
        return self

    def stamp(self) -> int:
        """Return a number that moves when it looks different although no node has given another one."""
        return 0

    def curve(self) -> Array | None:
        """Return numbers whose course says most in little; None if it has none."""
        return None

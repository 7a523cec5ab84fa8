"""How a recording goes: where it is written, how much there is, and what is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

from flodesk.indicators.base import Indicator


@dataclass(frozen=True, slots=True)
class Recording(Indicator):
    """A file that turns are recorded to.

    Where it is made it only points at its recorder (`live`), which goes on meanwhile; `still` says how it is now.

    Attributes
    ----------
    path : str
        The file that is written now.
    state : str
        ``"recording"``, ``"paused"``, ``"problem"``, or ``"ended"``.
    turns, dropped : int
        How many turns are in the files; how many are not, as the disk was too slow, full or gone.
    size : int
        How many bytes the files have.
    turns_rate, bytes_rate : float
        What was written in the last moment, in turns/s and B/s.
    seconds : float
        How long it has recorded, without the pauses.
    files : int
        How many files it is.
    split_size, split_time : int, float
        After so many bytes, and after so many s, the next file is begun; 0 for never.
    problem : str
        Why nothing is recorded now, and what to do.
    """

    RECORDING: ClassVar = "recording"
    PAUSED: ClassVar = "paused"
    PROBLEM: ClassVar = "problem"
    ENDED: ClassVar = "ended"

    path: str = ""
    state: str = RECORDING
    turns: int = 0
    dropped: int = 0
    size: int = 0
    turns_rate: float = 0.0
    bytes_rate: float = 0.0
    seconds: float = 0.0
    files: int = 1
    split_size: int = 0
    split_time: float = 0.0
    problem: str = ""
    live: Live | None = None

    def summary(self) -> str:
        """Say how it goes, in a line."""
        now = self.still()
        said = f"{now.state}: {now.turns} turns, {now.size} B in {now.path}"
        said += f", {now.dropped} dropped" if now.dropped else ""
        return f"{said} ({now.problem})" if now.problem else said

    def still(self, points: int | None = None) -> Self:
        """Return it as it is now."""
        return self if self.live is None else self.live.now()

    def stamp(self) -> int:
        """Return a number that moves when it looks different."""
        return 0 if self.live is None else self.live.stamp()


class Live(Protocol):
    """What records, as far as who looks at it needs that."""

    def now(self) -> Any:
        """Return how it goes now, as a `Recording` that stays as it is."""

    def stamp(self) -> int:
        """Return a number that moves when that is different."""

"""The thread that takes what was recorded to files, so that the loop never waits for a disk."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flodesk.nodes._recording.about import Particulars
from flodesk.nodes._recording.columns import columns_of
from flodesk.nodes._recording.places import Places
from flodesk.nodes._recording.ring import Ring, Turn
from flodesk.nodes._recording.target import Target
from flodesk.public import context

PERIOD = 0.05
"""Time in s between two looks at what has come; what is older is in the file."""
AGAIN = 0.5
"""Time in s after which a file that could not be written is tried again, and after which one is looked for."""
CHUNK = 4_000_000
"""How many bytes are written at once, about."""
LAST = 10.0
"""How long in s the end of a run waits for the rest to be written."""


class Writing:
    """What is being recorded.

    Parameters
    ----------
    places : Places
        Where to.
    make : callable
        Opens a file that is there, at a path; True has it go on behind what is in it.
    columns : sequence of str
        The names of the values; none if they have none.
    split_size, split_time : int, float
        After so many bytes, and after so many s, the next file is begun; 0 for never.
    waits : bool
        A file that cannot be made yet is made as soon as it can; else `OSError` is raised.
    asked : Path
        The file as the flow names it.

    Attributes
    ----------
    path : Path
        The file that is written now.
    kept, lost, size : int
        How many turns are in files; how many could not be written; how many bytes the files have.
    files : list of Path
        Those that are whole.
    problem : str
        Why nothing is written now, in words; empty while all is well.
    """

    def __init__(
        self,
        places: Places,
        make: Callable[[Path, bool], Target],
        columns: Sequence[str] = (),
        split_size: int = 0,
        split_time: float = 0.0,
        waits: bool = False,
        asked: Path = Path(),
    ) -> None:
        self.kept = self.lost = 0
        self.files: list[Path] = []
        self.problem = self._remarked = ""
        self.ring = Ring()
        self._places, self._make, self._columns = places, make, columns
        self._split_size, self._split_time = split_size, split_time
        self._run = context()
        self._asked, self._named = asked, self._run.path(asked)
        self._particulars = Particulars(self._run)
        self._before = self._whole = 0  # bytes of the files before this one, turns in them
        self._since: float | None = None
        self._look = self._try = 0.0
        self.path = places.next
        self._target: Target | None = None
        try:
            self._target = self._open()
        except OSError as error:
            if not waits:
                raise
            self._fail(error, 0)
        self._cuts: deque[int] = deque()  # numbers of the turns that somebody wants in a new file
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="flodesk recorder", daemon=True)
        self._thread.start()
        # who forgets to close it has the rest in the file all the same
        self.finish = weakref.finalize(self, _end, self._closing, self._thread)

    @property
    def size(self) -> int:
        """How many bytes the files have."""
        target = self._target
        return self._before + (target.size if target is not None else 0)

    def split(self, turn: int) -> None:
        """Begin the next file with the turn of that number: those before it, written or not, are not in it."""
        self._cuts.append(turn)

    def close(self) -> None:
        """Write the rest and close the file; more than once does nothing."""
        self.finish()

    # -------------------------------------------------------------- the file
    def _open(self) -> Target:
        path = self._places.claim()
        if self._places.remark:
            self._run.log(self._places.remark, "warning")
            self._places.remark = ""
        try:
            target = self._make(path, self._places.append)
            self._inode = path.stat().st_ino
        except OSError:
            _remove_empty(path)
            raise
        self.path, self._since = path, None
        return target

    def _there(self, now: float) -> None:
        """Find out whether the file is still where it was: what is written to one that was deleted is lost."""
        if self._target is None or now < self._look:
            return
        self._look = now + AGAIN
        self._stay()
        if os.name == "nt":  # Windows deletes no file that is open
            return
        try:
            gone = self.path.stat().st_ino != self._inode
        except OSError:
            gone = True
        if gone:
            self._target.leave()
            self._target = None
            self.lost, self.kept = self.lost + self.kept - self._whole, self._whole
            raise FileNotFoundError(f"{self.path} is gone, with what was recorded: put its folder back, or stop")

    def _stay(self) -> None:
        """Say that it goes on where it is, when the flow was saved elsewhere: its parts stay beside each other."""
        named = self._run.path(self._asked)
        if named != self._named:
            self._named = named
            self._run.log(f"The flow was saved elsewhere: this recording goes on in {self.path}, the next is {named}")

    def _end_part(self) -> None:
        """Close the file: it is whole by itself."""
        target, self._target = self._target, None
        if target is None:
            return
        try:
            target.end(self._particulars.tail(self.kept - self._whole, self.lost))
        except Exception as error:  # noqa: BLE001 - as of its turns: those of the other files go on
            target.leave()
            self._lose(target)
            self._say(_words(error))
        else:
            self._remark(target)
            if target.begun:
                self.files.append(self.path)
            else:
                _remove_empty(self.path)
        self._before, self._whole = self._before + target.size, self.kept

    def _lose(self, target: Target) -> None:
        """Count what a file that is left has not kept."""
        gone = self.kept - self._whole - target.safe
        self.kept, self.lost = self.kept - gone, self.lost + gone

    # -------------------------------------------------------------- the thread
    def _work(self) -> None:
        ending = False
        while not ending:
            ending = self._closing.wait(PERIOD)
            while turns := self.ring.take(self._room()):
                counted = self.kept + self.lost
                self._guarded(self._write_all, turns)
                self.lost += len(turns) - (self.kept + self.lost - counted)
            self._guarded(self._bring)
        self._guarded(self._end_part)

    def _guarded(self, work: Callable[..., None], *given: Any) -> None:
        """Do a piece of work; what nobody has foreseen is said: without this thread all that comes were lost."""
        try:
            work(*given)
        except Exception as error:  # noqa: BLE001
            self._say(_words(error))

    def _room(self) -> int:
        """Return how many bytes to write before it is asked again whether this file is full."""
        if not self._split_size or self._target is None:
            return CHUNK
        return max(1, min(CHUNK, self._split_size - self._target.size))

    def _bring(self) -> None:
        """Let a format that collects bring it to the disk."""
        if self._target is None or not self._target.begun:
            return
        try:
            self._target.flush()
        except OSError as error:
            self._fail(error, 0)

    def _write_all(self, turns: list[Turn]) -> None:
        """Write turns to this file, and where it is full or its time over to the next ones."""
        turns = self._particulars.marked(turns)
        while turns:
            wanted = False
            while self._cuts and self._cuts[0] <= turns[0].number:
                self._cuts.popleft()
                wanted = True
            if self._full(turns[0], wanted):
                self._end_part()
                self._places.go_on()
            count = len(turns)
            if self._cuts:
                count = sum(turn.number < self._cuts[0] for turn in turns)
            if self._split_time:
                since = turns[0].came if self._since is None else self._since
                count = max(1, sum(turn.came - since < self._split_time for turn in turns[:count]))
            self._write(turns[:count])
            turns = turns[count:]

    def _full(self, turn: Turn, wanted: bool) -> bool:
        if self._target is None or self._since is None:
            return False
        large = 0 < self._split_size <= self._target.size
        return wanted or large or 0.0 < self._split_time <= turn.came - self._since

    def _write(self, turns: list[Turn]) -> None:
        now = time.monotonic()
        if self.problem and now < self._try:
            self.lost += len(turns)
            return
        try:
            self._there(now)
            if self._target is None:
                self._target = self._open()
            if not self._target.begun:
                columns = columns_of(self._columns, turns[0].values)
                self._target.begin(self._particulars.head(columns, self._places.part), columns)
            self._target.write(turns)
        except Exception as error:  # noqa: BLE001 - whatever came, the loop and the other turns go on
            if isinstance(error, OSError) or len(turns) == 1:
                self._fail(error, len(turns))
            else:  # one of them is odd: halves of halves find it, and the others are kept
                half = len(turns) // 2
                self._write(turns[:half])
                self._write(turns[half:])
        else:
            self._remark(self._target)
            self.kept += len(turns)
            self._since = turns[0].came if self._since is None else self._since
            if self.problem:
                self.problem = ""
                self._run.log(f"Recording goes on in {self.path}; {self.lost} turns are not in it", "warning")

    def _fail(self, error: Exception, turns: int) -> None:
        """Count what is not in the file, say why, and begin another file where this one cannot be gone on with."""
        self.lost += turns
        self._try = time.monotonic() + AGAIN if isinstance(error, OSError) else 0.0
        target = self._target
        if target is not None and target.broken:
            target.leave()
            self._lose(target)
            self._before, self._whole, self._target = self._before + target.size, self.kept, None
            if target.safe:
                self.files.append(self.path)
                self._places.go_on()
            else:
                with contextlib.suppress(OSError):  # its folder may not be written any more: an empty file is left
                    self.path.unlink(missing_ok=True)
        self._say(_words(error))

    def _remark(self, target: Target) -> None:
        """Say once what is to be said of a file."""
        if target.remark and target.remark != self._remarked:
            self._remarked = target.remark
            self._run.log(target.remark, "warning")

    def _say(self, problem: str) -> None:
        """Tell a problem once."""
        if problem != self.problem:
            self.problem = problem
            self._run.log(f"Not recorded: {problem}", "error")


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"


def _remove_empty(path: Path) -> None:
    """Remove a file that was made for turns which never came."""
    with contextlib.suppress(OSError):
        if path.is_file() and not path.stat().st_size:
            path.unlink()


def _end(closing: threading.Event, thread: threading.Thread) -> None:
    closing.set()
    if thread is not threading.current_thread():
        thread.join(LAST)

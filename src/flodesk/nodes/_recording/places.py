"""The names of the files of a recording: with the time in them, with numbers, and none that is not its own."""

from __future__ import annotations

import re
from datetime import datetime
from io import FileIO
from itertools import count
from pathlib import Path
from typing import Literal, TypeAlias

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.beside import beside_of
from flodesk.nodes._recording.claims import Claim, ClaimedError, State, claim, state, unclaimed
from flodesk.nodes._recording.part_names import numbered, parts_of
from flodesk.nodes._recording.playing import opened

Existing: TypeAlias = Literal["number", "append", "replace"]
_TIME = re.compile(r"\{time(?::([^{}]*))?\}")
_PLAIN = "%Y-%m-%d_%H-%M-%S"
"""How a time stands in a name: as every file system takes it, and in the order of time when sorted."""


class Places:
    """Where a recording goes, file by file.

    Parameters
    ----------
    path : Path
        The file; ``{time}`` in it is the time at which it is begun, ``{time:%H-%M}`` parts of that.
    existing : str
        What to do if it exists: ``"number"`` takes another name, ``"append"`` goes on in it, ``"replace"`` starts it
        anew.
    split : bool
        There may be several, each with its number.
    goes_on : bool
        A file can be appended to; else the next part is begun instead.
    becomes : str
        Ending of what each file is converted to when the recording has ended; empty if it stays as it is. A name is
        free only if there is neither.
    who : str
        Who records, for another recorder of the same name, which gets a number.

    Attributes
    ----------
    part : int
        Which file of the recording this is, from 1.
    append : bool
        Files are gone on with.
    remark : str
        Why a file has another name than the one that was asked for, in words; empty if there is nothing to say.
    """

    def __init__(
        self,
        path: Path,
        existing: Existing,
        split: bool,
        goes_on: bool = True,
        becomes: str = "",
        who: str = "another recorder",
    ) -> None:
        self.part = 1
        self.remark = ""
        self._who = who
        self._claims: dict[Path, Claim] = {}
        self._before: dict[Path, State | None] = {}
        self._becomes = becomes
        self._path, self._existing, self._split, self.append = path, existing, split, existing == "append" and goes_on
        self._timed = _TIME.search(str(path)) is not None
        self._goes_on = goes_on
        self._attempt = 1
        self._own: set[Path] = set()
        self._looked = False
        filled(path, datetime.now())

    @property
    def next(self) -> Path:
        """The name that the next file would have if it were free."""
        path = filled(self._path, datetime.now())
        stem = self._stem(path)
        return path.with_name(f"{numbered(stem, self.part) if self._split or self.part > 1 else stem}{path.suffix}")

    def _stem(self, path: Path) -> str:
        return path.stem if self._attempt == 1 else f"{path.stem}-{self._attempt}"

    def _look(self) -> None:
        """See that there is a folder, and what an earlier recording has left in it; once, when it can be seen."""
        if self._looked:
            return
        folder = self._path.parent
        if not _TIME.search(str(folder)) and not folder.is_dir():
            raise FileNotFoundError(
                f"there is no folder {folder} to record to: make it, or choose another place for the file"
            )
        if not self._timed and self._split and self._existing == "replace":
            for left in self._replaced():  # of a recording that was longer; they would pass for parts of this one
                left.unlink(missing_ok=True)
                beside_of(left).unlink(missing_ok=True)
        if not self._timed and self._existing == "append" and (self._split or not self._goes_on):
            last = max(parts_of(self._path), default=int(self._path.exists()))
            self.part = max(1, last if self._goes_on else last + 1)
        self._looked = True

    def claim(self) -> Path:
        """Make the file of this part, or of the next one that is free, and return its name.

        Raises
        ------
        OSError
            It cannot be made; the text says why, and what to do.
        """
        self._look()
        while True:
            path = self.next
            mode = "a" if self.append else "w" if self._existing == "replace" else "x"
            try:
                if self._timed:
                    path.parent.mkdir(parents=True, exist_ok=True)
                if path in self._own and path.exists():
                    raise FileExistsError  # never over what was recorded a moment ago
                if self._becomes and self._existing != "replace" and path.with_suffix(self._becomes).exists():
                    raise FileExistsError  # what an earlier recording has become, or somebody else's
                self._take(path)
                FileIO(path, mode).close()
            except FileExistsError as error:
                taken = isinstance(error, ClaimedError) and self.append
                if isinstance(error, ClaimedError):
                    self._say(error)
                if self._own or (not taken and (self.part > 1 or self._existing == "append")):
                    self.part += 1
                else:
                    self._attempt += 1
            except OSError as error:
                raise explain(error, path) from error
            else:
                self._own.add(path)
                if self.remark:
                    self.remark += f": recorded to {path.name}"
                return path

    def _take(self, path: Path) -> None:
        """See that a file, and what it becomes, are nobody else's, and nobody's as long as this recording goes on."""
        if path.exists() and not path.is_file():
            return  # a device, which has room for many
        wanted = [path, *([path.with_suffix(self._becomes)] if self._becomes else ())]
        new = {name: claim(name, self._who) for name in wanted if name not in self._claims}
        for name, held in self._claims.items():
            if name not in wanted:
                held.loosen()  # of hundreds of parts the locks would be too many; in this program they stay claimed
        self._claims |= new
        self._before |= {name: state(name) for name in wanted[1:] if name not in self._before}

    def _say(self, error: ClaimedError) -> None:
        if self._existing != "number":  # there it has a number as soon as there is a file
            self.remark = f"{error.path.name} is taken by {error.who}"

    def replaceable(self) -> set[Path]:
        """Return the names for what files become that may be replaced: what was there before, and is there still."""
        found = self._before.items() if self._existing == "replace" else ()
        return {name for name, was in found if was is not None and state(name) == was}

    def release(self) -> None:
        """Leave the files to others."""
        for held in self._claims.values():
            held.release()
        self._claims.clear()

    def go_on(self) -> None:
        """Go on with the next part."""
        self.part += 1

    def _replaced(self) -> list[Path]:
        """Return the parts that are replaced: an unbroken row of files that say themselves which part they are.

        What parts have become is replaced with them, in place of them or beside them. Of a recording that goes on none
        is: this one gets the next number.
        """
        while True:
            found: list[Path] = []
            try:
                for number in count(1):
                    stem = self._path.with_name(numbered(self._stem(self._path), number))
                    names = [stem.with_name(f"{stem.name}{e}") for e in (self._path.suffix, self._becomes) if e]
                    for name in names:
                        unclaimed(name)
                    parts = [path for path in names if _is_part(path, number)]
                    if not parts:
                        return found
                    found += parts
            except ClaimedError as error:
                self._say(error)
                self._attempt += 1


def _is_part(path: Path, number: int) -> bool:
    """Say whether a file is that part of a recording, as it says itself."""
    try:
        recording = opened(path)
    except (OSError, ValueError):
        return False  # none, or none of a recorder's
    about = recording.about
    recording.close()
    return "flodesk" in about and about.get("part") == number


def filled(path: Path, now: datetime) -> Path:
    """Return a path with the time in it.

    Raises
    ------
    ValueError
        A part of the time is asked for that there is not.
    """

    def put(found: re.Match[str]) -> str:
        text = now.strftime(found[1] or _PLAIN)
        if not text or text == found[1] or set(text) & set('/\\:*?"<>|'):
            raise ValueError(f"{found[0]} in {path.name} makes no name for a file: write {{time}}, or {{time:%H-%M}}")
        return text

    return Path(_TIME.sub(put, str(path)))

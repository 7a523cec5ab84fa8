"""The names of the files of a recording: with the time in them, with numbers, and none that is not its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from io import FileIO
from itertools import count
from pathlib import Path
from typing import Literal, TypeAlias

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.beside import beside_of
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

    Attributes
    ----------
    part : int
        Which file of the recording this is, from 1.
    append : bool
        Files are gone on with.
    """

    def __init__(self, path: Path, existing: Existing, split: bool, goes_on: bool = True, becomes: str = "") -> None:
        self.part = 1
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
        stem = path.stem if self._attempt == 1 else f"{path.stem}-{self._attempt}"
        return path.with_name(f"{numbered(stem, self.part) if self._split or self.part > 1 else stem}{path.suffix}")

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
            for left in self._replaced():  # of a recording that was longer; it would pass for a part of this one
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
                # "x" fails if it exists: two recorders that start at once never share a file
                FileIO(path, mode).close()
            except FileExistsError:
                if self._own or self.part > 1 or self._existing == "append":
                    self.part += 1
                else:
                    self._attempt += 1
            except OSError as error:
                raise explain(error, path) from error
            else:
                self._own.add(path)
                return path

    def go_on(self) -> None:
        """Go on with the next part."""
        self.part += 1

    def _replaced(self) -> Iterator[Path]:
        """Give the parts that are replaced: an unbroken row of files that say themselves which part they are.

        What parts have become is replaced with them, in place of them or beside them.
        """
        for number in count(1):
            stem = self._path.with_name(numbered(self._path.stem, number))
            names = [stem.with_name(f"{stem.name}{ending}") for ending in (self._path.suffix, self._becomes) if ending]
            found = [path for path in names if _is_part(path, number)]
            if not found:
                return
            yield from found


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

"""The names of the files of a recording: with the time in them, with numbers, and none that is not its own."""

from __future__ import annotations

import re
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Literal, TypeAlias

from flodesk.nodes._disk import explain

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

    Attributes
    ----------
    part : int
        Which file of the recording this is, from 1.
    append : bool
        Files are gone on with.
    """

    def __init__(self, path: Path, existing: Existing, split: bool, goes_on: bool = True) -> None:
        self.part = 1
        self._path, self._existing, self._split, self.append = path, existing, split, existing == "append" and goes_on
        self._timed = _TIME.search(str(path)) is not None
        self._attempt = 1
        self._own: set[Path] = set()
        folder = path.parent
        if not _TIME.search(str(folder)) and not folder.is_dir():
            raise FileNotFoundError(
                f"there is no folder {folder} to record to: make it, or choose another place for the file"
            )
        filled(path, datetime.now())
        if self._timed:
            return
        if split and existing == "replace":
            for left in self._parts():
                left.unlink(missing_ok=True)  # of a recording that was longer; it would pass for a part of this one
        if existing == "append" and (split or not goes_on):
            last = max((int(found.stem.rpartition("-")[2]) for found in self._parts()), default=int(path.exists()))
            self.part = max(1, last if goes_on else last + 1)

    def claim(self) -> Path:
        """Make the file of this part, or of the next one that is free, and return its name.

        Raises
        ------
        OSError
            It cannot be made; the text says why, and what to do.
        """
        while True:
            path = self._name()
            mode = "a" if self.append else "w" if self._existing == "replace" else "x"
            try:
                if self._timed:
                    path.parent.mkdir(parents=True, exist_ok=True)
                if path in self._own and path.exists():
                    raise FileExistsError  # never over what was recorded a moment ago
                # "x" fails if it exists: two recorders that start at once never share a file
                FileIO(path, mode).close()
            except FileExistsError:
                if self._own or self.part > 1:
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

    def _name(self) -> Path:
        path = filled(self._path, datetime.now())
        stem = path.stem if self._attempt == 1 else f"{path.stem}-{self._attempt}"
        return path.with_name(f"{_numbered(stem, self.part) if self._split or self.part > 1 else stem}{path.suffix}")

    def _parts(self) -> list[Path]:
        """Return the files that a recording of this name has left."""
        number = re.compile(rf"{re.escape(self._path.stem)}-\d{{3,}}{re.escape(self._path.suffix)}")
        return [found for found in self._path.parent.iterdir() if number.fullmatch(found.name)]


def _numbered(stem: str, part: int) -> str:
    return f"{stem}-{part:03}"


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

"""Files that are replaced together, all or none; what stood there before can be brought back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flodesk.flow.script.file import write_beside


class Replaced:
    """What has been put in the place of which files, and what was there before."""

    def __init__(self) -> None:
        self._before: dict[Path, bytes | None] = {}
        self._put: dict[Path, list[bytes]] = {}

    def put(self, contents: Mapping[Path, bytes]) -> None:
        """Replace files, once all that is to take their place is on the disk. A link is followed.

        Raises
        ------
        OSError
            One cannot be written, or not be replaced: `take_back` brings back what had been replaced by then.
        """
        whole = {file.resolve(): data for file, data in contents.items()}
        for file in whole:
            if file not in self._before:
                self._before[file] = file.read_bytes() if file.exists() else None
        self._replace(whole)

    def take_back(self) -> None:
        """Bring back what was there before, but for files that somebody else has changed since, or removed.

        Raises
        ------
        OSError
            It cannot be brought back.
        """
        ours = [file for file, put in self._put.items() if file.is_file() and file.read_bytes() in put]
        for file in ours:
            if self._before[file] is None:
                file.unlink()
        self._replace({file: data for file in ours if (data := self._before[file]) is not None})

    def _replace(self, contents: Mapping[Path, bytes]) -> None:
        new: list[Path] = []
        try:
            for file, data in contents.items():
                new.append(write_beside(file, data))
            for one, (file, data) in zip(new, contents.items(), strict=True):
                self._put.setdefault(file, []).append(data)  # first: an interruption finds it noted
                one.replace(file)
        finally:
            for one in new:
                one.unlink(missing_ok=True)


__all__ = ["Replaced"]

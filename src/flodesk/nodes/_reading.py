"""Files that are read: where they are, and what is wrong with them in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flodesk.nodes._disk import missing
from flodesk.public import context


@contextmanager
def reading(path: Path | str) -> Iterator[Path]:
    """Give the place of a file that is read in it.

    Raises
    ------
    OSError
        It is missing, a folder, or may not be read.
    """
    place = context().path(path)
    if place.is_dir():
        raise IsADirectoryError(f"{place} is a folder: choose a file in it")
    try:
        yield place
    except FileNotFoundError as error:
        raise missing(place) from error
    except PermissionError as error:
        raise PermissionError(f"{place} may not be read: change its permissions, or choose another file") from error


def opened(path: Path | str) -> BinaryIO:
    """Open a file to be read while something else is written: what goes wrong with that is not put down to this.

    Raises
    ------
    OSError
        It is missing, a folder, or may not be read.
    """
    with reading(path) as place:
        return place.open("rb")

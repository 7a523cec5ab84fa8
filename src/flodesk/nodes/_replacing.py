"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flodesk.nodes._disk import explain, missing


@contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """Give the name of an empty file beside the place, which takes its place once it is written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full: what was there stays.
    """
    if not place.parent.is_dir():
        raise missing(place)
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=place.suffix, dir=place.parent)
        os.close(handle)
        yield Path(name)
        # a temporary file is closed to others: the new one is as open as the old one was
        Path(name).chmod(place.stat().st_mode if place.exists() else 0o666 & ~_umask())
        Path(name).replace(place)
    except OSError as error:
        if error.errno is None:  # it is not of the disk, and said in words already
            raise
        raise explain(error, place) from error
    finally:
        Path(name).unlink(missing_ok=True) if name else None


def _umask() -> int:
    """Return the permissions that new files do not get; there is no way to ask but to set it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask

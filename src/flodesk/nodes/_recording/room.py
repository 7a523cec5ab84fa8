"""Room on the disk for a file of a library that must not meet a full one."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

_AHEAD = 8_000_000
"""How many bytes more than are asked for are kept, so that the disk is seldom asked."""


def keep_room(number: int, end: int, path: Path) -> None:
    """See that a file can grow to so many bytes, by making it as long before anything is written there.

    HDF5 frees memory twice where it cannot write, and ends the program: so it writes to room that it has.

    Parameters
    ----------
    number : int
        Descriptor of the file, which may be at its path no more.
    end : int
        Length in bytes.
    path : Path
        Where it is.

    Raises
    ------
    OSError
        It cannot, and is as long as it was.
    """
    if not hasattr(os, "posix_fallocate"):
        if shutil.disk_usage(path.parent).free < end - path.stat().st_size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return
    size = os.fstat(number).st_size  # asked each time: the library cuts its files as it likes
    for wanted in (end + _AHEAD, end) if end > size else ():
        try:
            os.posix_fallocate(number, size, wanted - size)
        except OSError:
            if wanted == end:
                os.ftruncate(number, size)
                raise
        else:
            return

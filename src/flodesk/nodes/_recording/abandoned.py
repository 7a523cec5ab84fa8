"""Files that HDF5 could not write: neither it nor Python's collector may touch them again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_LEFT: list[Any] = []
"""What was left, for the rest of the process."""


def abandon(file: Any, datasets: Iterable[Any]) -> None:
    """Leave a file of h5py open for good.

    A dataset that cannot be closed, as the disk takes nothing, is free for HDF5 and still valid for h5py, which closes
    it once more when it is collected: the program ends there.
    """
    held = [file, *datasets]
    for one in held:
        one.id.locked = True  # h5py does not close it, also not when Python ends
    _LEFT.append(held)
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        _detach(file.id.get_vfd_handle(), file.filename)


def _detach(number: int, path: str) -> None:
    """Give the disk back the file: what HDF5 writes at the end of the process goes nowhere."""
    if not os.path.samestat(os.fstat(number), Path(path).stat()):
        return
    nowhere = os.open(os.devnull, os.O_RDWR)
    try:
        os.dup2(nowhere, number, inheritable=False)
    finally:
        os.close(nowhere)

"""Whole files: copied, moved, deleted, compared by their checksum. Folders are left alone."""

from __future__ import annotations

import errno
import hashlib
import shutil
import zlib
from pathlib import Path
from typing import Any, Literal

from flodesk.nodes._disk import explain, missing
from flodesk.nodes._reading import opened
from flodesk.nodes._replacing import replacing
from flodesk.public import context, node

Existing = Literal["refuse", "replace"]


@node(title="Copy file", tags=("duplicate", "backup", "cp"), pure=False)
def copy(path: Path, to: Path, existing: Existing = "refuse") -> Path:
    """Copy a file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    to : Path
        Its new place, or a folder that is there, in which it keeps its name.
    existing : str
        Whether a file that is there is replaced.

    Returns
    -------
    Path
        Where the copy is.

    Raises
    ------
    OSError
        The file is missing or a folder, its new place is taken or may not be written, or the disk is full.

    Examples
    --------
    >>> place = file.write_text("4.9", "volt.txt")
    >>> file.read_text(file.copy(place, "again.txt"))
    '4.9'
    """
    source = _file(context().path(path))
    target = _target(source, to, existing)
    with opened(source) as stream, replacing(target) as temporary:
        with temporary.open("wb") as new:
            shutil.copyfileobj(stream, new)
        shutil.copystat(source, temporary)
    return target


@node(title="Move file", tags=("rename", "mv"), pure=False)
def move(path: Path, to: Path, existing: Existing = "refuse") -> Path:
    """Move or rename a file.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    to : Path
        Its new place, or a folder that is there, in which it keeps its name.
    existing : str
        Whether a file that is there is replaced.

    Returns
    -------
    Path
        Where it is now.

    Raises
    ------
    OSError
        The file is missing or a folder, its new place is taken or may not be written, or the disk is full.

    Examples
    --------
    >>> place = file.write_text("4.9", "volt.txt")
    >>> file.move(place, "done.txt").name
    'done.txt'
    """
    source = _file(context().path(path))
    target = _target(source, to, existing)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise explain(error, target) from error
        copy(source, target, existing)  # another disk
        delete(source)
    return target


@node(title="Delete file", tags=("remove", "erase", "rm", "unlink"), pure=False)
def delete(path: Path, needed: bool = True) -> bool:
    """Delete a file. Nothing asks before, and it does not go to the waste basket.

    Parameters
    ----------
    path : Path
        The file, never a folder; a relative name counts from the folder of the flow.
    needed : bool
        Fail where there is no such file.

    Returns
    -------
    bool
        Whether there was one.

    Raises
    ------
    OSError
        It is missing, a folder, or may not be deleted.

    Examples
    --------
    >>> file.delete(file.write_text("4.9", "volt.txt"))
    True
    >>> file.delete("volt.txt", needed=False)
    False
    """
    place = context().path(path)
    if not place.is_symlink():  # of a link itself goes, and not what it leads to
        if not place.exists():
            if needed:
                raise missing(place)
            return False
        _file(place)
    try:
        place.unlink()
    except OSError as error:
        raise OSError(f"{place} could not be deleted ({error.strerror or error}): change the permissions") from error
    return True


@node(tags=("hash", "digest", "fingerprint", "md5", "sha256", "crc", "integrity"), pure=False)
def checksum(path: Path, method: Literal["sha256", "sha512", "sha1", "md5", "blake2b", "crc32"] = "sha256") -> str:
    """Calculate the checksum of a file: two files with the same are the same.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    method : str
        How. ``"md5"``, ``"sha1"`` and ``"crc32"`` find accidents, and not what somebody changed on purpose.

    Returns
    -------
    str
        The checksum in hexadecimal digits.

    Raises
    ------
    OSError
        The file is missing or may not be read.

    Examples
    --------
    >>> file.checksum(file.write_text("abc", "abc.txt"), "md5")
    '900150983cd24fb0d6963f7d28e17f72'
    """
    run = context()
    made: Any = _Crc32() if method == "crc32" else hashlib.new(method, usedforsecurity=False)
    with opened(path) as stream:
        while block := stream.read(1 << 20):
            made.update(block)
            run.check()
    return str(made.hexdigest())


class _Crc32:
    def __init__(self) -> None:
        self._sum = 0

    def update(self, block: bytes) -> None:
        self._sum = zlib.crc32(block, self._sum)

    def hexdigest(self) -> str:
        return f"{self._sum:08x}"


def _file(place: Path) -> Path:
    """Return the place of a plain file.

    Raises
    ------
    OSError
        It is missing, or anything else.
    """
    if place.is_dir():
        root = " of the disk" if place.resolve() == Path(place.resolve().anchor) else ""
        raise IsADirectoryError(f"{place} is a folder{root}, and only files are taken: list its files, and take each")
    if not place.exists():
        raise missing(place)
    if not place.is_file():
        raise OSError(f"{place} is a device or the like, and only files are taken: choose another")
    return place


def _target(source: Path, to: Path, existing: Existing) -> Path:
    place = context().path(to)
    if place.is_dir():
        place = place / source.name
    if not place.parent.is_dir():
        raise missing(place)
    if place.is_dir():
        raise IsADirectoryError(f"{place} is a folder: choose another name")
    if place.exists():
        if place.samefile(source):
            raise FileExistsError(f"{place} is the file itself: choose another place")
        if existing == "refuse":
            raise FileExistsError(f"there is a file {place} already: choose another name, or replace it")
    return place

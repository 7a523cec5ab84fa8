"""Files in ZIP archives. What an archive says of its places is not trusted."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from flodesk.nodes._disk import explain, missing
from flodesk.nodes._reading import opened
from flodesk.nodes._replacing import replacing
from flodesk.public import Range, Unit, context, node


@node(title="Zip files", tags=("compress", "archive", "pack", "bundle"), pure=False, saves=(".zip",))
def zip_files(files: list[Path], path: Path, base: str = "") -> Path:
    """Pack files into a ZIP archive, whole or not at all.

    Parameters
    ----------
    files : list of Path
        The files; of a folder all that is in it.
    path : Path
        The archive; a relative name counts from the folder of the flow.
    base : str
        Folder from which the names in the archive count; empty takes the names of the files alone.

    Returns
    -------
    Path
        Where the archive is.

    Raises
    ------
    OSError
        A file or folder is missing, may not be read or written, or the disk is full.
    ValueError
        There is nothing to pack, two files would have one name, or one is outside of the base.

    Examples
    --------
    >>> place = file.zip_files([file.write_text("4.9", "volt.txt")], "run.zip")
    >>> [path.name for path in file.unzip(place, "back")]
    ['volt.txt']
    """
    import zipfile

    place = context().path(path)
    named: dict[str, Path] = {}
    given: Any = files
    for source in [given] if isinstance(given, str | Path) else given:
        for name, one in _named(context().path(source), base):
            if one.resolve() == place.resolve():
                continue  # the archive of before, in a folder that is packed
            if name in named:
                raise ValueError(f"{named[name]} and {one} would have one name in the archive: set a base for both")
            opened(one).close()  # what may not be read is said before anything is written
            named[name] = one
    if not named:
        raise ValueError("there are no files to pack: wire a list of files")
    run = context()
    with (
        replacing(place) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
    ):
        for name, one in named.items():
            run.check()
            archive.write(one, name)
    return place


def _named(source: Path, base: str) -> Iterator[tuple[str, Path]]:
    """Yield the files with their names in the archive."""
    if not source.exists():
        raise missing(source)
    start = context().path(base).resolve() if base else source.resolve().parent
    for one in sorted(source.rglob("*")) if source.is_dir() else [source]:
        if not one.is_file():
            continue
        if not one.resolve().is_relative_to(start):
            raise ValueError(f"{one} is not in the folder {start}: choose another base")
        yield one.resolve().relative_to(start).as_posix(), one


@node(tags=("decompress", "extract", "unpack", "archive"), pure=False)
def unzip(
    path: Path,
    folder: Path,
    existing: Literal["refuse", "replace"] = "refuse",
    limit: Annotated[float, Unit("B"), Range(0.0)] = 10e9,
) -> list[Path]:
    """Unpack a ZIP archive into a folder, and never beside it: all its names are looked at before the first is written.

    Parameters
    ----------
    path : Path
        The archive; a relative name counts from the folder of the flow.
    folder : Path
        The folder, which is made if it is not there.
    existing : str
        Whether files that are there are replaced.
    limit : float
        Size of all files together in B, beyond which nothing is unpacked.

    Returns
    -------
    list of Path
        The files that were written, in the order of the archive.

    Raises
    ------
    OSError
        The archive is missing, a file is there already or may not be written, or the disk is full.
    ValueError
        It is no ZIP archive, damaged, locked by a password or too large, a name in it leads out of the folder, or is
        that of a file and of a folder.

    Examples
    --------
    >>> place = file.zip_files([file.write_text("4.9", "volt.txt")], "run.zip")
    >>> [file.read_text(path) for path in file.unzip(place, "back")]
    ['4.9']
    """
    import zipfile
    import zlib

    target = context().path(folder)
    if not target.parent.is_dir():
        raise missing(target)
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(f"{target} is a file: choose a folder")
    with opened(path) as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                wanted = _checked(archive, target, existing, limit)
                for one, info in wanted.items():
                    context().check()
                    _make(one.parent)
                    with replacing(one) as temporary, archive.open(info) as packed, temporary.open("wb") as new:
                        shutil.copyfileobj(packed, new)
                return list(wanted)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise ValueError(f"{path} cannot be unpacked ({error}): make the archive anew as ZIP") from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, folder) from error


def _checked(archive: Any, folder: Path, existing: str, limit: float) -> dict[Path, Any]:
    """Return where each file goes.

    Raises
    ------
    OSError
        A file is there already, or where a folder would be.
    ValueError
        They are too large, locked, or one leads out of the folder, or is a file and a folder.
    """
    found: dict[Path, Any] = {}
    infos = [info for info in archive.infolist() if not info.is_dir()]
    size = sum(info.file_size for info in infos)
    if size > limit:
        raise ValueError(f"the archive unpacks to {size:.3g} B, more than {limit:.3g} B: set a higher limit")
    for info in infos:
        if info.flag_bits & 1:
            raise ValueError(f"{info.filename} in the archive is locked by a password: unpack it by hand")
        place = folder.joinpath(*_parts(info))
        if not place.resolve().is_relative_to(folder.resolve()):
            raise _leads_out(info)  # by a link that is in the folder
        if place in found:
            raise ValueError(f"{info.filename} is in the archive twice: make it anew")
        if place.is_dir() or (place.exists() and existing == "refuse"):
            raise FileExistsError(f"{place} is there already: choose another folder, or replace what is there")
        found[place] = info
    _check_folders(found, folder)
    return found


def _check_folders(found: dict[Path, Any], folder: Path) -> None:
    """Raise where a file would have to be a folder, too: it would stop the unpacking half-way."""
    above = {folder / part: info for one, info in found.items() for part in one.relative_to(folder).parents}
    for place, info in above.items():
        if place in found:
            name = found[place].filename
            raise ValueError(f"{name} in the archive is a file, and the folder of {info.filename}: make it anew")
        if place.exists() and not place.is_dir():
            raise NotADirectoryError(f"{place} is a file, and {info.filename} goes into it: choose another folder")


def _parts(info: Any) -> tuple[str, ...]:
    name = info.orig_filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    out = name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name or not parts
    if out or stat.S_ISLNK(info.external_attr >> 16):
        raise _leads_out(info)
    return parts


def _leads_out(info: Any) -> ValueError:
    return ValueError(
        f"{info.orig_filename!r} in the archive leads out of the folder: nothing was unpacked, and the archive is not"
        " to be trusted"
    )

"""Arrays in the files of NumPy. No pickled objects: to read these would run what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from flodesk.nodes._reading import reading
from flodesk.nodes._replacing import replacing
from flodesk.public import Array, Choices, context, node


@node(title="Read NumPy array", tags=("open", "load", "npy", "numpy", "matrix"), pure=False)
def read_npy(path: Path) -> Array:
    """Read an array from a file of NumPy (npy).

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.

    Returns
    -------
    Array
        The array, with its shape and kind of numbers.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no file of NumPy, ends early, or holds pickled objects.

    Examples
    --------
    >>> file.read_npy(file.write_npy(np.array([[1.5, 2.0]]), "levels.npy"))
    array([[1.5, 2. ]])
    """
    import numpy.lib.format

    with reading(path) as place, place.open("rb") as opened:
        try:
            return numpy.lib.format.read_array(opened, allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise _unreadable(place, error) from error


@node(title="Write NumPy array", tags=("save", "export", "npy", "numpy", "matrix"), pure=False, saves=(".npy",))
def write_npy(array: Array, path: Path) -> Path:
    """Write an array to a file of NumPy (npy), whole or not at all.

    Parameters
    ----------
    array : Array
        Numbers, truth values, texts or times, of any shape; of a signal the samples are written.
    path : Path
        The file; a relative name counts from the folder of the flow.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full.
    ValueError
        It holds objects, or its rows differ in length.

    Examples
    --------
    >>> file.write_npy(np.arange(3), "steps.npy").name
    'steps.npy'
    """
    import numpy.lib.format

    plain = _plain("the array", array)
    place = context().path(path)
    with replacing(place) as temporary, temporary.open("wb") as opened:
        numpy.lib.format.write_array(opened, plain, allow_pickle=False)
    return place


def _names(path: str) -> list[str]:
    """Return the names of the arrays in a file."""
    import zipfile

    with zipfile.ZipFile(context().path(path)) as opened:
        return [name.removesuffix(".npy") for name in opened.namelist()]


@node(title="Read array of archive", tags=("open", "load", "npz", "numpy", "matrix"), pure=False)
def read_npz(path: Path, name: Annotated[str, Choices(_names, after="path")] = "") -> Array:
    """Read one of the arrays in an archive of NumPy (npz).

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    name : str
        Name of the array; empty takes the first.

    Returns
    -------
    Array
        The array, with its shape and kind of numbers.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no archive of NumPy, is damaged, has no such array (the text lists those that there are), or holds pickled
        objects.

    Examples
    --------
    >>> place = file.write_npz("run.npz", time=np.array([0.0, 0.1]), volt=np.array([4.9, 5.1]))
    >>> file.read_npz(place, "volt")
    array([4.9, 5.1])
    """
    import zipfile
    import zlib

    import numpy.lib.format

    with reading(path) as place:
        try:
            with zipfile.ZipFile(place) as archive:
                names = [entry.removesuffix(".npy") for entry in archive.namelist()]
                wanted = name or (names[0] if names else "")
                if wanted not in names:
                    raise LookupError(f"{place} has no array {wanted!r}: it has {', '.join(names) or 'none'}")
                with archive.open(archive.infolist()[names.index(wanted)]) as opened:
                    return numpy.lib.format.read_array(opened, allow_pickle=False)
        except LookupError as error:
            raise ValueError(*error.args) from None
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError) as error:
            raise _unreadable(place, error) from error


@node(title="Write arrays to archive", tags=("save", "export", "npz", "numpy", "matrix"), pure=False, saves=(".npz",))
def write_npz(path: Path, **arrays: Array) -> Path:
    """Write arrays with their names to one archive of NumPy (npz), whole or not at all.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    **arrays : Array
        The arrays, each by its name; of a signal the samples are written.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full.
    ValueError
        There is no array, or one holds objects.

    Examples
    --------
    >>> file.write_npz("run.npz", volt=np.array([4.9, 5.1])).name
    'run.npz'
    """
    import zipfile

    import numpy.lib.format

    if not arrays:
        raise ValueError("there is no array to write: wire at least one, under its name")
    plain = {name: _plain(name, array) for name, array in arrays.items()}
    place = context().path(path)
    # not by numpy.savez: it has parameters of its own, by whose names no array could go
    with replacing(place) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, array in plain.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as opened:
                numpy.lib.format.write_array(opened, array, allow_pickle=False)
    return place


def _plain(name: str, array: Any) -> Any:
    import numpy

    try:
        plain = numpy.asarray(array)
    except ValueError as error:
        raise ValueError(f"{name} is no array ({error}): make rows of one length of it") from error
    if plain.dtype.hasobject:
        raise ValueError(f"{name} holds objects and not only numbers or texts: convert it first")
    return plain


def _unreadable(place: Path, error: Exception) -> ValueError:
    if "pickle" in str(error):
        return ValueError(f"{place} holds pickled objects, which are not read: write it anew as plain numbers")
    return ValueError(f"{place} cannot be read as arrays of NumPy ({error}): write it anew")

"""Files of text, tables as text, and pictures."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any, Literal

from flodesk.nodes._disk import missing
from flodesk.nodes._json import as_json
from flodesk.nodes.file.replacing import replacing
from flodesk.public import Array, Choices, Picture, Table, context, node

Encoding = Literal["utf-8", "utf-8-sig", "cp1252", "latin-1"]
Separator = Literal[",", ";", "\t", "|"]


def _text(path: Path, encoding: str) -> str:
    try:
        return path.read_text(encoding=encoding)
    except FileNotFoundError as error:
        raise missing(path) from error
    except IsADirectoryError as error:
        raise IsADirectoryError(f"{path} is a folder: choose a file in it") from error
    except PermissionError as error:
        raise PermissionError(f"{path} may not be read: change its permissions, or choose another file") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not {encoding} text (byte {error.start}): choose another encoding") from error


@node(tags=("open", "load", "string"), pure=False)
def read_text(path: Path, encoding: Encoding = "utf-8") -> str:
    r"""Read a text file.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    encoding : str
        How the text is coded.

    Returns
    -------
    str
        The text, with line ends as ``\n``.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is not text of that encoding.
    """
    return _text(context().path(path), encoding)


@node(title="Read CSV", tags=("open", "load", "table", "spreadsheet", "excel"), pure=False)
def read_csv(path: Path, separator: Separator = ",", encoding: Encoding = "utf-8", as_text: bool = False) -> Table:
    """Read a table from a CSV file with a line of column names.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    separator : str
        What is between two values.
    encoding : str
        How the text is coded.
    as_text : bool
        Keep every value as the text that it is; an empty one is a missing value. For tables that are validated later,
        where one bad value should not change what its whole column is.

    Returns
    -------
    Table
        The table; its columns are numbers where all their values are.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is empty, not text of that encoding, or a line has too many values (the text says which).
    """
    import io

    import pandas

    place = context().path(path)
    text = _text(place, encoding)
    try:
        if as_text:
            return pandas.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, na_values=[""])
        return pandas.read_csv(io.StringIO(text), sep=separator)
    except pandas.errors.EmptyDataError as error:
        raise ValueError(f"{place} is empty: a line of column names is expected") from error
    except pandas.errors.ParserError as error:
        raise ValueError(f"{place} is no table with '{separator}' between values: {error}") from error


@node(title="Read JSON", tags=("open", "load"), pure=False)
def read_json(path: Path) -> Any:
    """Read a JSON file: a list, a dictionary, a number, a text, true, false or None.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.

    Returns
    -------
    Any
        What it holds.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no JSON in UTF-8 (the text says in which line).
    """
    import json

    place = context().path(path)
    try:
        return json.loads(_text(place, "utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{place}, line {error.lineno}: this is no JSON ({error.msg})") from error


@node(title="Read image", tags=("open", "load", "picture", "photo", "png", "jpg", "tif"), pure=False)
def read_image(path: Path, color: Literal["as it is", "grey", "color"] = "as it is") -> Picture:
    """Read an image file (PNG, JPEG, TIFF, BMP, GIF, WebP): the first of several pages, the right way up.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    color : str
        ``grey`` gives one number a point, ``color`` red, green and blue; transparency is left out then.

    Returns
    -------
    Picture
        The points as whole numbers from 0 (dark), shape (rows, columns), or (rows, columns, 3) with colours and
        (rows, columns, 4) with transparency.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no image of these kinds.
    """
    import numpy
    from PIL import Image, ImageOps, UnidentifiedImageError

    place = context().path(path)
    try:
        with Image.open(place) as opened:
            image = ImageOps.exif_transpose(opened)
            if color != "as it is":
                image = image.convert("L" if color == "grey" else "RGB")
            elif image.mode in ("1", "L", "LA"):
                image = image.convert("L")
            elif not image.mode.startswith(("I", "F", "RGB")):  # palettes, and colours of printers
                image = image.convert("RGBA" if "transparency" in image.info else "RGB")
            return numpy.asarray(image)
    except FileNotFoundError as error:
        raise missing(place) from error
    except IsADirectoryError as error:
        raise IsADirectoryError(f"{place} is a folder: choose a file in it") from error
    except PermissionError as error:
        raise PermissionError(f"{place} may not be read: change its permissions, or choose another file") from error
    except UnidentifiedImageError as error:
        raise ValueError(f"{place} is no image of a kind that is known here: save it as PNG, JPEG or TIFF") from error
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"{place} cannot be read as an image ({error}): save it anew") from error


@node(title="Write CSV", tags=("save", "export", "table", "spreadsheet", "excel"), pure=False, saves=(".csv",))
def write_csv(table: Table, path: Path, separator: Separator = ",", encoding: Encoding = "utf-8") -> Path:
    """Write a table to a CSV file, whole or not at all: a file that was there is kept until the new one is complete.

    Parameters
    ----------
    table : Table
        The table; its row numbers are left out.
    path : Path
        The file; a relative name counts from the folder of the flow.
    separator : str
        What is between two values.
    encoding : str
        How the text is coded.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full.
    """
    place = context().path(path)
    with replacing(place) as temporary, temporary.open("w", encoding=encoding, newline="") as file:
        table.to_csv(file, sep=separator, index=False, lineterminator="\n")
    return place


@node(tags=("save", "export", "string"), pure=False, saves=(".txt",))
def write_text(text: str, path: Path, encoding: Encoding = "utf-8") -> Path:
    """Write a text file, whole or not at all: a file that was there is kept until the new one is complete.

    Parameters
    ----------
    text : str
        The text.
    path : Path
        The file; a relative name counts from the folder of the flow.
    encoding : str
        How the text is coded.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full.
    ValueError
        The text has signs that the encoding does not have.

    Examples
    --------
    >>> file.read_text(file.write_text("4.7 kΩ", "note.txt"))
    '4.7 kΩ'
    """
    place = context().path(path)
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError as error:
        raise ValueError(f"{encoding} has no {text[error.start]!r}: choose utf-8") from error
    with replacing(place) as temporary:
        temporary.write_bytes(data)
    return place


@node(title="Write JSON", tags=("save", "export"), pure=False, saves=(".json",))
def write_json(value: Any, path: Path) -> Path:
    """Write a JSON file, whole or not at all: a file that was there is kept until the new one is complete.

    Parameters
    ----------
    value : Any
        A list, a dictionary with texts as keys, a number, a text, true, false or None; arrays become lists.
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
        The value, or one in it, is nothing that JSON can hold: a table, NaN, an infinity.

    Examples
    --------
    >>> file.read_json(file.write_json({"volt": [4.9, 5.1]}, "limits.json"))
    {'volt': [4.9, 5.1]}
    """
    place = context().path(path)
    text = as_json(value, indent=2)
    with replacing(place) as temporary:
        temporary.write_bytes(text.encode())
    return place


def _columns(path: str) -> list[str]:
    """Return the names in the first line of a CSV file, whichever of the usual separators it has."""
    text = _text(context().path(path), "utf-8-sig").partition("\n")[0]
    separator = max(",;\t|", key=text.count)
    return next(csv.reader([text], delimiter=separator), [])


@node(title="Read column", tags=("open", "load", "csv", "table", "spreadsheet"), pure=False)
def read_column(path: Path, column: Annotated[str, Choices(_columns, after="path")] = "") -> Array:
    """Read one column of numbers from a CSV file with a line of column names.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    column : str
        Which column; empty takes the first.

    Returns
    -------
    Array
        The column's numbers, shape (rows,); NaN where the field is empty.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        There is no such column, or a field of it is no number.
    """
    import numpy

    file = context().path(path)
    lines = _text(file, "utf-8-sig").splitlines()
    separator = max(",;\t|", key=(lines[0] if lines else "").count)
    names, *rows = list(csv.reader(lines, delimiter=separator)) or [[]]
    wanted = column or (names[0] if names else "")
    if wanted not in names:
        raise ValueError(f"{file} has no column {wanted!r}; it has {', '.join(names) or 'none'}")
    place = names.index(wanted)
    numbers = []
    for number, row in enumerate(rows, 2):
        field = row[place].strip() if place < len(row) else ""
        try:
            numbers.append(float(field) if field else float("nan"))
        except ValueError:
            raise ValueError(f"{file}, line {number}: {field!r} in column {wanted!r} is no number") from None
    return numpy.array(numbers, dtype=float)

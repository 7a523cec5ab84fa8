"""Files of text, and tables and values as text."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any, Literal

from flodesk.nodes._json import as_json
from flodesk.nodes._reading import reading
from flodesk.nodes._replacing import replacing
from flodesk.public import Array, Choices, Table, context, node

Encoding = Literal["utf-8", "utf-8-sig", "cp1252", "latin-1"]
Separator = Literal[",", ";", "\t", "|"]


def _text(path: Path, encoding: str) -> str:
    with reading(path) as place:
        try:
            return place.read_text(encoding=encoding)
        except UnicodeDecodeError as error:
            raise ValueError(f"{place} is not {encoding} text (byte {error.start}): choose another encoding") from error


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

    Examples
    --------
    >>> file.read_text(file.write_text("one line", "note.txt"))
    'one line'
    """
    return _text(path, encoding)


@node(title="Read CSV", tags=("open", "load", "table", "spreadsheet", "excel"), pure=False)
def read_csv(path: Path, separator: Separator = ",", encoding: Encoding = "utf-8", as_text: bool = False) -> Table:
    r"""Read a table from a CSV file with a line of column names.

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

    Examples
    --------
    >>> file.read_csv(file.write_text("lot;ohm\nA;10.5\n", "parts.csv"), separator=";")
      lot   ohm
    0   A  10.5
    """
    import io

    import pandas

    place, text = context().path(path), _text(path, encoding)
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

    Examples
    --------
    >>> file.read_json(file.write_text('{"volt": [4.9, null]}', "limits.json"))
    {'volt': [4.9, None]}
    """
    import json

    place = context().path(path)
    try:
        return json.loads(_text(path, "utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{place}, line {error.lineno}: this is no JSON ({error.msg})") from error


@node(title="Write CSV", tags=("save", "export", "table", "spreadsheet", "excel"), pure=False, saves=(".csv",))
def write_csv(table: Table, path: Path, separator: Separator = ",", encoding: Encoding = "utf-8") -> Path:
    r"""Write a table to a CSV file, whole or not at all: a file that was there is kept until the new one is complete.

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

    Examples
    --------
    >>> file.read_text(file.write_csv(pd.DataFrame({"lot": ["A"], "ohm": [10.5]}), "parts.csv"))
    'lot,ohm\nA,10.5\n'
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
    text = _text(Path(path), "utf-8-sig").partition("\n")[0]
    separator = max(",;\t|", key=text.count)
    return next(csv.reader([text], delimiter=separator), [])


@node(title="Read column", tags=("open", "load", "csv", "table", "spreadsheet"), pure=False)
def read_column(path: Path, column: Annotated[str, Choices(_columns, after="path")] = "") -> Array:
    r"""Read one column of numbers from a CSV file with a line of column names.

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

    Examples
    --------
    >>> file.read_column(file.write_text("lot,ohm\nA,10.5\nB,\n", "parts.csv"), "ohm")
    array([10.5,  nan])
    """
    import numpy

    file, lines = context().path(path), _text(path, "utf-8-sig").splitlines()
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

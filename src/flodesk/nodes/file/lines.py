"""Values line by line in text files (JSON Lines), which grow while something is logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flodesk.nodes._disk import explain, missing
from flodesk.nodes._json import as_json
from flodesk.nodes._reading import reading
from flodesk.nodes._replacing import replacing
from flodesk.public import context, node


@node(title="Read JSON lines", tags=("open", "load", "jsonl", "ndjson", "log", "records"), pure=False)
def read_jsonl(path: Path) -> list[Any]:
    r"""Read a file with one JSON value a line (JSON Lines). *Rows to table* makes a table of records.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.

    Returns
    -------
    list
        The value of each line; empty lines are passed over.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        A line is no JSON, or the file is not UTF-8; the text says where.

    Examples
    --------
    >>> file.read_jsonl(file.write_text('{"volt": 4.9}\n{"volt": 5.1}\n', "log.jsonl"))
    [{'volt': 4.9}, {'volt': 5.1}]
    """
    found = []
    with reading(path) as place, place.open("rb") as opened:
        for number, line in enumerate(opened, 1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                if text:
                    found.append(json.loads(text))
            except UnicodeDecodeError as error:
                raise ValueError(f"{place}, line {number}: this is not UTF-8: save the file as UTF-8") from error
            except json.JSONDecodeError as error:
                raise ValueError(f"{place}, line {number}: this is no JSON ({error.msg})") from error
    return found


@node(
    title="Write JSON lines",
    tags=("save", "export", "append", "jsonl", "ndjson", "log", "records"),
    pure=False,
    saves=(".jsonl",),
)
def write_jsonl(values: list[Any], path: Path, append: bool = False) -> Path:
    """Write a file with one JSON value a line (JSON Lines), whole or not at all, or add lines to it.

    Parameters
    ----------
    values : list
        The values: dictionaries with texts as keys, lists, numbers, texts, truth values or None. *Table to rows* gives
        those of a table.
    path : Path
        The file; a relative name counts from the folder of the flow.
    append : bool
        Add the lines to those that are there.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full.
    TypeError
        It is no list.
    ValueError
        A value is nothing that JSON can hold; nothing is written then.

    Examples
    --------
    >>> place = file.write_jsonl([{"volt": 4.9}], "log.jsonl")
    >>> file.read_jsonl(file.write_jsonl([{"volt": 5.1}], place, append=True))
    [{'volt': 4.9}, {'volt': 5.1}]
    """
    if not isinstance(values, list | tuple):
        raise TypeError(f"a list of values is needed, and {type(values).__name__} came: Table to rows makes one")
    data = "".join(_line(value, number) for number, value in enumerate(values, 1)).encode()
    place = context().path(path)
    if append:
        _add(place, data)
        return place
    with replacing(place) as temporary:
        temporary.write_bytes(data)
    return place


def _line(value: Any, number: int) -> str:
    try:
        return as_json(value) + "\n"
    except ValueError as error:
        raise ValueError(f"value {number}: {error}") from error


def _add(place: Path, data: bytes) -> None:
    if not place.parent.is_dir():
        raise missing(place)
    try:
        with place.open("a+b") as opened:
            if opened.tell():
                opened.seek(-1, 2)
                data = data if opened.read(1) == b"\n" else b"\n" + data  # a line that was cut off stays alone
            length = opened.seek(0, 2)
            try:
                opened.write(data)
                opened.flush()
            except OSError:
                opened.truncate(length)
                raise
    except OSError as error:
        raise explain(error, place) from error

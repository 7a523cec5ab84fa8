"""Values as text for a clipboard: cells of a table as spreadsheets take them, CSV, Python. Numbers keep all digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flodesk.indicators.columns import NoColumnsError, arranged, columns, named
from flodesk.markers import Array, Table

MOST_CELLS = 1_000_000
"""Cells of one text: more belong into a file."""

Box = Sequence[int]
"""Cells beside and below one another: the first row and column, and the last row and column."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, how many rows of the value are in it, and how many there are."""

    text: str = ""
    rows: int = 0
    total: int = 0


def cells_text(table: Table, boxes: Sequence[Box], order: Array | None = None, *, most: int = MOST_CELLS) -> Text:
    r"""Return cells as spreadsheets take them: rows by ``\n``, columns by tabs; empty what lies between the boxes.

    Parameters
    ----------
    boxes : sequence of sequence of int
        Which cells, counted as they are shown; what the table does not have is left out.
    order : array, optional
        Which rows are shown, in which order; by default all as they are.

    Raises
    ------
    NoColumnsError
        They are more than `most`.
    """
    import numpy

    total = len(table) if order is None else len(order)
    ends = numpy.array(boxes, dtype=int).reshape(-1, 4)
    ends[:, 2:] = numpy.minimum(ends[:, 2:], (total - 1, table.shape[1] - 1))
    ends = ends[(ends[:, 0] <= ends[:, 2]) & (ends[:, 1] <= ends[:, 3])]
    if not len(ends):
        return Text(total=total)
    rows, across = union(ends[:, [0, 2]]), union(ends[:, [1, 3]])
    if len(rows) * len(across) > most:
        raise NoColumnsError(f"{len(rows) * len(across)} cells are too many for the clipboard")
    part = table.iloc[rows if order is None else order[rows], across]
    if len(ends) > 1:
        chosen = numpy.zeros(part.shape, dtype=bool)
        for top, left, bottom, right in ends:
            down = slice(*numpy.searchsorted(rows, (top, bottom + 1)))
            chosen[down, slice(*numpy.searchsorted(across, (left, right + 1)))] = True
        if not chosen.all():
            part = part.astype(object).where(chosen, "")
    text = part.to_csv(sep="\t", header=False, index=False, lineterminator="\n")
    if len(across) == 1 and text.count("\n") == len(rows):
        text = re.sub('^""$', "", text, flags=re.MULTILINE)  # so CSV writes a line without a value
    return Text(text.removesuffix("\n"), len(rows), total)


def union(spans: Any) -> Array:
    """Return all numbers that lie in any of some spans (first and last), in their order."""
    import numpy

    return numpy.unique(numpy.concatenate([numpy.arange(a, b + 1) for a, b in {(int(a), int(b)) for a, b in spans}]))


def csv_text(table: Table, order: Array | None = None, *, most: int = MOST_CELLS) -> Text:
    """Return a table as CSV with the names of its columns.

    Of more than `most` cells it has the first rows, and says so, as it does of a table of which not all rows are here.

    Parameters
    ----------
    order : array, optional
        Which rows, in which order; by default all as they are.
    """
    total, wide = _whole(table)
    if order is not None and len(order) < len(table):
        total = len(order)
    fits = _fitting(table, most)
    part = table.iloc[:fits] if order is None else table.iloc[order[:fits]]
    text = part.to_csv(index=named(table), lineterminator="\n")
    return Text(_told(len(part), total) + _told(table.shape[1], wide, "columns") + text, len(part), total)


def _whole(table: Table) -> tuple[int, int]:
    """Return how many rows and columns a table has where it was made."""
    rows, wide = table.attrs.get("shape", table.shape)
    return int(rows), int(wide)


def _fitting(table: Table, most: int) -> int:
    return int(max(most // max(table.shape[1], 1), 1))


def _told(there: int, total: int, what: str = "rows") -> str:
    """Return a comment that says that these are not all."""
    return "" if there >= total else f"# The first {there} of {total} {what}. “Save all data…” has all of them.\n"


def python_text(value: Any, title: str = "", *, most: int = MOST_CELLS) -> Text:
    """Return Python that makes the data of a value: a dictionary of arrays and lists, by the names of the columns.

    Of more than `most` values it has the first rows, and says so, as it does of a table of which not all rows are here.

    Raises
    ------
    NoColumnsError
        It has no data.
    """
    table = columns(value)
    total, wide = _whole(table)
    table = table.iloc[: _fitting(table, most)]
    lines = []
    arrays = False
    for number, name in enumerate(table.columns):
        series = table.iloc[:, number]
        if series.dtype.kind in "biuf":
            arrays = True
            told = f"np.array({series.tolist()!r}, dtype={str(series.dtype)!r})"
            told = re.sub(r"\b(nan|inf)\b", r"np.\1", told)
        else:
            missing = series.isna().tolist()
            told = repr([None if gone else _plain(cell) for cell, gone in zip(series.tolist(), missing, strict=True)])
        lines.append(f"    {str(name)!r}: {told},")
    head = "import numpy as np\n\n" if arrays else ""
    heading = f"# {' '.join(title.split())}\n" if title.strip() else ""
    made = (
        f"{head}{heading}{_told(len(table), total)}{_told(table.shape[1], wide, 'columns')}data = {{\n"
        + "\n".join(lines)
        + "\n}\n"
    )
    return Text(made, len(table), total)


def _plain(cell: Any) -> Any:
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def text_as(value: Any, how: dict[str, Any], order: Any = arranged) -> Text:
    """Return a value as text.

    Parameters
    ----------
    how : dict
        ``as`` says what: ``cells`` (with ``boxes``) and ``csv`` of a table (with ``sort`` and ``find``, as it is
        shown), or ``python`` (with its ``title``).
    order : callable
        Gives which rows of a table are shown, in which order, as `flodesk.indicators.columns.arranged` does.

    Raises
    ------
    NoColumnsError
        It has no such data, or too many.
    """
    if how["as"] == "python":
        return python_text(value, str(how["title"]))
    table = getattr(value, "table", value)
    if not hasattr(table, "iloc"):
        raise NoColumnsError("it is no table any more")
    sort = (int(how["sort"][0]), bool(how["sort"][1])) if how["sort"] else None
    rows = order(table, sort, str(how["find"]))
    return cells_text(table, how["boxes"], rows) if how["as"] == "cells" else csv_text(table, rows)


__all__ = ["MOST_CELLS", "Box", "Text", "cells_text", "csv_text", "python_text", "text_as", "union"]

"""A table that a hand fills: what the script says, cell by cell, and what each change makes of it. Knows no Qt."""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, cast

from flodesk.ui.panel.figures import parse, plain
from flodesk.ui.panel.moments import typed

Kind: TypeAlias = Literal["text", "number", "integer", "truth", "date"]
KINDS: Mapping[Kind, str] = {
    "text": "Text",
    "number": "Number",
    "integer": "Whole number",
    "truth": "True or false",
    "date": "Date",
}
"""The types of columns, and how they are called."""
MOST_CELLS = 1000
"""A larger table belongs into a file: each change writes the whole of it into the script, which takes 20 ms then."""
_WORDS: Mapping[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "integer": "a whole number",
    "truth": "true or false",
    "date": "a date such as 2026-11-22",
}
_TRUTHS = {"true": True, "yes": True, "on": True, "x": True, "1": True}
_TRUTHS |= {"false": False, "no": False, "off": False, "0": False}


class RefusedError(ValueError):
    """Something cannot be done to the table; a sentence for who tried."""


@dataclass(frozen=True, slots=True)
class Column:
    """Name and type of a column."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Tabular:
    """The columns, and for each row as many cells; None is a cell without a value. Each change gives another one."""

    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()

    @property
    def value(self) -> list[Any]:
        """What the script says: the columns with their types, then the rows."""
        head = {column.name: column.kind for column in self.columns}
        return [head, *([*row] for row in self.rows)]

    # -------------------------------------------------------------- rows and cells
    def with_cell(self, row: int, column: int, text: str) -> Tabular:
        """Take what was typed into a cell; in the row below the last one it begins another.

        Raises
        ------
        RefusedError
            It is nothing of the column's type, or there are too many rows.
        """
        return self.pasted(row, column, [[text]])

    def pasted(self, row: int, column: int, block: Sequence[Sequence[str]]) -> Tabular:
        """Take a block of texts, its upper left one into a cell; rows and columns that it needs are added.

        A column of texts that has none yet takes the type of what comes into it, and one of whole numbers is one of
        numbers as soon as another comes.

        Raises
        ------
        RefusedError
            A text is nothing of its column's type, or the table would be too large.
        """
        wide = max((len(line) for line in block), default=0)
        made = self.grown(row + len(block), column + wide)
        for at in range(column, column + wide):
            kind = guessed(line[at - column] for line in block if at - column < len(line))
            new = made.columns[at].kind == "text" and not any(line[at] for line in made.rows)
            if new or (made.columns[at].kind == "integer" and kind == "number"):
                made = made.retyped(at, kind)
        rows = [list(line) for line in made.rows]
        for down, line in enumerate(block):
            for aside, text in enumerate(line):
                rows[row + down][column + aside] = made._read(text, row + down, column + aside)
        return replace(made, rows=tuple(map(tuple, rows)))

    def grown(self, rows: int, columns: int) -> Tabular:
        """Return it with at least so many rows and columns."""
        self._check(max(rows, len(self.rows)), max(columns, len(self.columns)))
        names = [column.name for column in self.columns]
        while len(names) < columns:
            names.append(free_name(names))
        heads = (*self.columns, *(Column(name) for name in names[len(self.columns) :]))
        width = len(heads)
        filled = [(*line, *[None] * (width - len(line))) for line in self.rows]
        return Tabular(heads, (*filled, *[(None,) * width] * (rows - len(filled))))

    def cleared(self, cells: Iterable[tuple[int, int]]) -> Tabular:
        """Take the values out of cells."""
        rows = [list(line) for line in self.rows]
        for row, column in cells:
            if row < len(rows):
                rows[row][column] = None
        return replace(self, rows=tuple(map(tuple, rows)))

    def with_rows(self, at: int, count: int = 1) -> Tabular:
        """Insert empty rows."""
        self._check(len(self.rows) + count, len(self.columns))
        empty = ((None,) * len(self.columns),) * count
        return replace(self, rows=(*self.rows[:at], *empty, *self.rows[at:]))

    def without_rows(self, rows: Iterable[int]) -> Tabular:
        """Take rows out."""
        gone = set(rows)
        return replace(self, rows=tuple(line for number, line in enumerate(self.rows) if number not in gone))

    # -------------------------------------------------------------- columns
    def with_column(self, at: int) -> Tabular:
        """Insert an empty column of texts."""
        self._check(len(self.rows), len(self.columns) + 1)
        new = Column(free_name([column.name for column in self.columns]))
        rows = tuple((*line[:at], None, *line[at:]) for line in self.rows)
        return Tabular((*self.columns[:at], new, *self.columns[at:]), rows)

    def without_columns(self, columns: Iterable[int]) -> Tabular:
        """Take columns out.

        Raises
        ------
        RefusedError
            None would be left.
        """
        gone = set(columns)
        left = [at for at in range(len(self.columns)) if at not in gone]
        if not left:
            raise RefusedError("The last column stays: a table without columns can hold nothing.")
        rows = tuple(tuple(line[at] for at in left) for line in self.rows)
        return Tabular(tuple(self.columns[at] for at in left), rows)

    def renamed(self, at: int, name: str) -> Tabular:
        """Give a column another name.

        Raises
        ------
        RefusedError
            The name is empty, or another column has it.
        """
        name = name.strip()
        if not name:
            raise RefusedError("A column needs a name.")
        if any(column.name == name for number, column in enumerate(self.columns) if number != at):
            raise RefusedError(f"There is a column “{name}” already: choose another name.")
        return self._with_head(at, Column(name, self.columns[at].kind))

    def retyped(self, at: int, kind: Kind) -> Tabular:
        """Give a column another type, and its cells what they mean in it.

        Raises
        ------
        RefusedError
            A cell means nothing in it.
        """
        made = self._with_head(at, Column(self.columns[at].name, kind))
        rows = [
            (*line[:at], made._read(text_of(line[at]), number, at), *line[at + 1 :])
            for number, line in enumerate(self.rows)
        ]
        return replace(made, rows=tuple(rows))

    # -------------------------------------------------------------- inside
    @property
    def full(self) -> bool:
        """Whether there is no room for another row."""
        return (len(self.rows) + 1) * len(self.columns) > MOST_CELLS

    def _with_head(self, at: int, column: Column) -> Tabular:
        return replace(self, columns=(*self.columns[:at], column, *self.columns[at + 1 :]))

    def _check(self, rows: int, columns: int) -> None:
        if rows * columns > MOST_CELLS:
            raise RefusedError(
                f"A table in the script has room for {MOST_CELLS} cells: put a larger one into a file, "
                "and read that with a node of the shelf “file”."
            )

    def _read(self, text: str, row: int, column: int) -> Any:
        head = self.columns[column]
        try:
            return _READ[head.kind](text) if text.strip() else None
        except ValueError:
            raise RefusedError(
                f"Row {row + 1}, column “{head.name}”: “{text}” is not {_WORDS[head.kind]}. "
                "Type another one, or give the column another type."
            ) from None


# ------------------------------------------------------------------ cells as text
def text_of(cell: Any) -> str:
    """Return what is read in a cell."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return plain(cell, 12) if isinstance(cell, float) else str(cell)


def guessed(texts: Iterable[str]) -> Kind:
    """Return the narrowest type that all of these texts can be; text if there are none.

    It is careful: what a cell of numbers would take (``5m``), or would lose (``0012``), is a text here.
    """
    known = [text.strip() for text in texts if text.strip()]
    if not known:
        return "text"
    for kind, pattern in _PLAIN:
        if all(pattern.fullmatch(text) and _is(kind, text) for text in known):
            return kind
    return "text"


_PLAIN: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("integer", re.compile(r"[+-]?(?:0|[1-9]\d*)")),
    ("number", re.compile(r"[+-]?(?:0|[1-9]\d*)?(?:[.,]\d+)?(?:[eE][+-]?\d+)?")),
    ("date", re.compile(r"\d{4}-\d\d?-\d\d?.*|\d\d?\.\d\d?\.\d{4}.*")),
    ("truth", re.compile(r"true|false|yes|no", re.IGNORECASE)),
)
"""What each type looks like where nobody has chosen it; the first that fits."""


def _is(kind: Kind, text: str) -> bool:
    try:
        _READ[kind](text)
    except ValueError:
        return False
    return True


def _number(text: str) -> float:
    number = parse(text)
    if number is None or not math.isfinite(number):
        raise ValueError(text)
    return number


def _integer(text: str) -> int:
    number = _number(text)
    if number != int(number):
        raise ValueError(text)
    return int(text) if text.strip().lstrip("+-").isdigit() else int(number)


def _truth(text: str) -> bool:
    if text.strip().lower() not in _TRUTHS:
        raise ValueError(text)
    return _TRUTHS[text.strip().lower()]


def _date(text: str) -> str:
    now = datetime.datetime.now().replace(microsecond=0)
    found = typed(text, "date", None, now.date()) or (
        typed(text, "date_time", None, now) if "." in text or "-" in text else None
    )
    if found is None:
        raise ValueError(text)
    return found.isoformat()


_READ: Mapping[Kind, Callable[[str], Any]] = {
    "text": str,
    "number": _number,
    "integer": _integer,
    "truth": _truth,
    "date": _date,
}


# ------------------------------------------------------------------ from and to elsewhere
def read(value: Any) -> Tabular | None:
    """Read what a script says, or a table that came over a wire; None if it is none.

    What is not said at all is one empty column.
    """
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        return _of_frame(value)
    if value is None or value == []:
        return Tabular((Column("A"),))
    if not (isinstance(value, list | tuple) and value and isinstance(value[0], Mapping)):
        return None
    head, *rows = value
    if not head or not all(isinstance(name, str) and kind in KINDS for name, kind in head.items()):
        return None
    if not all(isinstance(row, list | tuple) and len(row) <= len(head) for row in rows):
        return None
    columns = tuple(Column(name, cast(Kind, kind)) for name, kind in head.items())
    return Tabular(columns, tuple((*row, *[None] * (len(head) - len(row))) for row in rows))


def _of_frame(frame: Any) -> Tabular:
    kinds: Mapping[str, Kind] = {"f": "number", "i": "integer", "u": "integer", "b": "truth", "M": "date"}
    heads = tuple(
        Column(str(name), kinds.get(getattr(frame.dtypes.iloc[at], "kind", ""), "text"))
        for at, name in enumerate(frame.columns)
    )
    missing = frame.isna().to_numpy()
    rows = frame.itertuples(index=False, name=None)
    filled = (tuple(None if missing[r][c] else cell for c, cell in enumerate(row)) for r, row in enumerate(rows))
    return Tabular(heads or (Column("A"),), tuple(filled))


def block_of(text: str) -> list[list[str]]:
    """Return what a spreadsheet put on the clipboard: cells between tabs, quoted where one has several lines."""
    lines = list(csv.reader(io.StringIO(text.replace("\r\n", "\n").removesuffix("\n")), delimiter="\t"))
    return [line or [""] for line in lines]


def text_of_block(block: Iterable[Iterable[str]]) -> str:
    """Return cells as spreadsheets take them."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(block)
    return out.getvalue()


def headed(block: list[list[str]]) -> bool:
    """Say whether the first line of a block are names: different texts, over at least one column of something else."""
    if len(block) < 2 or any(guessed([name]) != "text" or not name.strip() for name in block[0]):
        return False
    below = range(min(len(line) for line in block))
    return len(set(block[0])) == len(block[0]) and any(
        guessed(line[at] for line in block[1:]) != "text" for at in below
    )


def free_name(taken: Iterable[str]) -> str:
    """Return the first of A, B … Z, AA … that is no column yet."""
    known = set(taken)
    number = 0
    while True:
        number += 1
        name, left = "", number
        while left:
            left, digit = divmod(left - 1, 26)
            name = chr(65 + digit) + name
        if name not in known:
            return name

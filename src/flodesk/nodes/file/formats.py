"""Tables in the files of other programs: Excel and Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flodesk.nodes._reading import reading
from flodesk.nodes._replacing import replacing
from flodesk.public import Table, context, node


@node(title="Read Excel", tags=("open", "load", "xlsx", "spreadsheet", "workbook", "table"), pure=False)
def read_excel(path: Path, sheet: str = "") -> Table:
    """Read a table from a sheet of an Excel file (xlsx) with a row of column names.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    sheet : str
        Name of the sheet; empty takes the first.

    Returns
    -------
    Table
        The table, with the values of formulas as they were when the file was saved.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no Excel file, or has no such sheet; the text lists those that there are.

    Examples
    --------
    >>> file.read_excel(file.write_excel(pd.DataFrame({"volt": [4.9, 5.1]}), "volts.xlsx"))
       volt
    0   4.9
    1   5.1
    """
    import zipfile

    import pandas

    with reading(path) as place:
        try:
            with pandas.ExcelFile(place, engine="openpyxl") as book:
                if sheet and sheet not in book.sheet_names:
                    raise ValueError(f"{place} has no sheet {sheet!r}: it has {', '.join(map(str, book.sheet_names))}")
                return pandas.read_excel(book, sheet_name=sheet or 0)
        except (zipfile.BadZipFile, KeyError) as error:
            raise ValueError(f"{place} is no Excel file that can be read: save it as xlsx") from error


@node(title="Write Excel", tags=("save", "export", "xlsx", "spreadsheet", "workbook"), pure=False, saves=(".xlsx",))
def write_excel(table: Table, path: Path, sheet: str = "Sheet1") -> Path:
    """Write a table to an Excel file of one sheet, whole or not at all.

    Parameters
    ----------
    table : Table
        The table; its row numbers are left out.
    path : Path
        The file; a relative name counts from the folder of the flow. Its name ends in ``.xlsx``.
    sheet : str
        Name of the sheet, of at most 31 characters.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full.
    ValueError
        The name has another ending, or the table does not fit into a sheet.

    Examples
    --------
    >>> file.write_excel(pd.DataFrame({"volt": [4.9, 5.1]}), "volts.xlsx").name
    'volts.xlsx'
    """
    place = context().path(path)
    if place.suffix.lower() != ".xlsx":
        raise ValueError(f"{place.name} does not end in .xlsx: Excel would not open it")
    with replacing(place) as temporary:
        table.to_excel(temporary, sheet_name=sheet, index=False, engine="openpyxl")
    return place


@node(title="Read Parquet", tags=("open", "load", "arrow", "table", "columns"), pure=False)
def read_parquet(path: Path, columns: list[str] | None = None) -> Table:
    """Read a table from a Parquet file.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    columns : list of str, optional
        Names of the columns to read; all if there are none.

    Returns
    -------
    Table
        The table.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no Parquet file, or has no such column.

    Examples
    --------
    >>> place = file.write_parquet(pd.DataFrame({"volt": [4.9], "amp": [0.1]}), "power.parquet")
    >>> file.read_parquet(place, ["amp"])
       amp
    0  0.1
    """
    import pyarrow.parquet

    with reading(path) as place:
        try:
            with pyarrow.parquet.ParquetFile(place) as opened:
                names: list[Any] = opened.schema_arrow.names
                if absent := [name for name in columns or () if name not in names]:
                    raise ValueError(f"{place} has no column {absent[0]!r}: it has {', '.join(names)}")
                return opened.read(columns=columns or None).to_pandas()
        except pyarrow.ArrowInvalid as error:
            raise ValueError(f"{place} is no Parquet file that can be read ({error})") from error


@node(title="Write Parquet", tags=("save", "export", "arrow"), pure=False, saves=(".parquet",))
def write_parquet(table: Table, path: Path) -> Path:
    """Write a table to a Parquet file, small and with its types, whole or not at all.

    Parameters
    ----------
    table : Table
        The table; its row numbers are left out.
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
        A column holds different kinds of values.

    Examples
    --------
    >>> file.write_parquet(pd.DataFrame({"volt": [4.9, 5.1]}), "volts.parquet").name
    'volts.parquet'
    """
    import pyarrow.parquet

    place = context().path(path)
    try:
        columns = pyarrow.Table.from_pandas(table, preserve_index=False)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError) as error:
        raise ValueError(f"the table cannot be written as Parquet: {error}") from error
    with replacing(place) as temporary:
        pyarrow.parquet.write_table(columns, temporary)
    return place

"""Reports: what a flow found, as one page that any browser opens."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from flodesk.nodes._pictures import image_of
from flodesk.nodes._replacing import replacing
from flodesk.nodes.table.figures import figure, line_of
from flodesk.nodes.table.page import filled
from flodesk.public import Bars, Image, Indicator, Line, Range, Sheet, Waveform, context, node


@node(
    title="Report to HTML",
    tags=("publish", "export", "web page", "document", "print", "pdf", "summary", "results"),
    pure=False,
    saves=(".html",),
)
def report_html(
    *parts: Any,
    path: Path,
    title: str = "Report",
    text: str = "",
    headings: list[str] | None = None,
    rows: Annotated[int, Range(1)] = 500,
) -> Path:
    """Write a report as one HTML file that holds all it needs, whole or not at all.

    Parameters
    ----------
    *parts : Any
        What is in it, in the order of the wires: tables and lists of rows; signals, arrays of numbers and plots of
        *Show* as figures; pictures; texts and single values; dictionaries as tables of two columns.
    path : Path
        The file; a relative name counts from the folder of the flow.
    title : str
        Title of the report.
    text : str
        What stands below it; an empty line begins a new paragraph.
    headings : list of str, optional
        A heading for each part, in their order; where there is none, plots have their titles.
    rows : int
        Number of rows of a table that are shown at most.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full.
    TypeError
        A part is nothing that a report can show.
    ValueError
        A picture has values that none can have, or there are more headings than parts.

    Examples
    --------
    >>> volts = pd.DataFrame({"channel": ["A", "B"], "volt": [4.9, 5.1]})
    >>> place = table.report_html(volts, np.array([1.0, 3.0, 2.0]), path="volts.html", title="Volts")
    >>> "<h1>Volts</h1>" in file.read_text(place)
    True
    """
    names = list(headings or ())
    if len(names) > len(parts):
        raise ValueError(f"there are {len(names)} headings for {len(parts)} parts: wire more, or leave some out")
    names += [""] * (len(parts) - len(names))
    shown = [_part(part, number, rows) for number, part in enumerate(parts, 1)]
    page = filled(
        {
            "title": title,
            "made": _made(),
            "paragraphs": _paragraphs(text),
            "parts": [
                {**one, "heading": name or one.get("heading", "")} for one, name in zip(shown, names, strict=True)
            ],
        }
    )
    place = context().path(path)
    with replacing(place) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return place


def _made() -> str:
    flow = Path(context().about().path).name
    when = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    return f"{when} · {flow}" if flow else when


def _part(value: Any, number: int, rows: int) -> dict[str, Any]:
    """Return what the page shows of a value."""
    if isinstance(value, Indicator):
        return {"heading": value.title, **_indicator(value, number, rows)}
    if hasattr(value, "columns") and hasattr(value, "itertuples"):
        return _table(value, rows)
    if isinstance(value, Mapping):
        return _named(value)
    if hasattr(value, "_asdict"):  # several results of one node
        return _named(value._asdict())
    if isinstance(value, Waveform) or _is_array(value):
        return _array(value, number)
    if isinstance(value, list | tuple) and value:
        if all(isinstance(one, Mapping) for one in value):
            return _rows(list(value), rows)
        if all(isinstance(one, str) for one in value):
            return {"kind": "text", "paragraphs": list(value)}
    if isinstance(value, str | bool | int | float | complex | None | Path):
        return {"kind": "text", "paragraphs": _paragraphs(_cell(value)[0])}
    raise TypeError(
        f"part {number} is {type(value).__name__}, which a report cannot show: wire a table, a signal, an array, a"
        " picture, a plot or a text to it"
    )


def _indicator(value: Indicator, number: int, rows: int) -> dict[str, Any]:
    if isinstance(value, Line | Bars):
        return _figure(value)
    if isinstance(value, Sheet) and value.table is not None:
        return _table(value.table, rows)
    if isinstance(value, Image) and value.values is not None:
        return _picture(_lit(value))
    return {"kind": "text", "paragraphs": _paragraphs(value.summary())}


def _figure(value: Line | Bars) -> dict[str, Any]:
    drawn = figure(value)
    return {"kind": "figure", "figure": drawn} if drawn else {"kind": "text", "paragraphs": ["Nothing to draw."]}


def _is_array(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(isinstance(one, int | float) for one in value)
    return hasattr(value, "ndim") and hasattr(value, "dtype")


def _array(value: Any, number: int) -> dict[str, Any]:
    import numpy

    made = numpy.asarray(value)
    if made.ndim == 0:
        return {"kind": "text", "paragraphs": [_cell(made.item())[0]]}
    if made.dtype.kind not in "biuf" or made.ndim > 3:
        raise TypeError(
            f"part {number} is an array of shape {made.shape} of {made.dtype}, which a report cannot show: take a part"
            " of it, the magnitude of complex numbers, or make a table of it"
        )
    return _figure(line_of(value)) if made.ndim == 1 or isinstance(value, Waveform) else _picture(made)


def _lit(value: Image) -> Any:
    """Return the picture of an indicator as it is seen: grey from its lowest to its highest value."""
    import numpy

    points = numpy.asarray(value.values)
    if points.ndim == 3:
        return points
    low, high = value.extremes()
    grey = (points.astype(float) - low) / ((high - low) or 1.0)
    return numpy.nan_to_num(numpy.clip(grey, 0.0, 1.0))


def _picture(points: Any) -> dict[str, Any]:
    import base64
    import io

    image = image_of(points)
    written = io.BytesIO()
    image.save(written, format="PNG", optimize=True)
    data = base64.b64encode(written.getvalue()).decode()
    return {"kind": "picture", "data": data, "width": image.width, "height": image.height}


def _named(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Return values with their names as a table of two columns."""
    cells = [[(str(name), ""), (_cell(value)[0], "")] for name, value in values.items()]
    return {"kind": "table", "columns": [("Name", False), ("Value", False)], "rows": cells, "more": ""}


def _rows(values: list[Any], rows: int) -> dict[str, Any]:
    import pandas

    return _table(pandas.DataFrame(values), rows)


def _table(table: Any, rows: int) -> dict[str, Any]:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    shown = table.head(rows)
    index = shown.index
    # what groups are called stands in the index; row numbers are nothing to read
    named = any(name is not None for name in index.names) or not is_numeric_dtype(index.dtype)
    keys = [index.get_level_values(level) for level in range(index.nlevels)] if named else []
    names = [*("" if key.name is None else key.name for key in keys), *table.columns]
    kinds = [*(key.dtype for key in keys), *table.dtypes]
    numeric = [is_numeric_dtype(kind) and not is_bool_dtype(kind) for kind in kinds]
    told = zip(*keys, strict=True) if keys else itertools.repeat(())
    cells = [
        [_cell(value, number) for value, number in zip((*key, *row), numeric, strict=True)]
        for key, row in zip(told, shown.itertuples(index=False, name=None), strict=False)
    ]
    left = len(table) - len(cells)
    return {
        "kind": "table",
        "columns": list(zip(map(str, names), numeric, strict=True)),
        "rows": cells,
        "more": f"{left} more row{'s' if left > 1 else ''} of {len(table)} not shown." if left else "",
    }


def _cell(value: Any, number: bool = False) -> tuple[str, str]:
    """Return how a value is written, and the style of its cell in a column of numbers or others."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    missing = value is None or type(value).__name__ in ("NaTType", "NAType")
    if missing or (isinstance(value, float) and math.isnan(value)):
        return "–", "number missing" if number else "missing"
    if isinstance(value, bool):
        return ("yes" if value else "no"), ""
    if isinstance(value, float):
        return _number(value), "number"
    if isinstance(value, int):
        return str(value), "number"
    if hasattr(value, "isoformat"):
        dated = isinstance(value, datetime)  # a time alone takes no separator
        return value.isoformat(" ").removesuffix(" 00:00:00") if dated else value.isoformat(), ""
    return str(value), ""


def _number(value: float) -> str:
    """Write six digits, and amounts of which these would leave out a part to the second decimal."""
    if 1e4 <= abs(value) < 1e12:
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return f"{value:.6g}"


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]

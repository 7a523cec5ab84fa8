"""Texts and tables."""

from __future__ import annotations

from typing import Any

from flodesk.nodes.show.cells import as_table
from flodesk.public import Markdown, Note, Sheet, node

__all__ = ["markdown", "table", "text"]


@node(tags=("sheet", "rows", "data frame", "values", "array", "list"))
def table(data: Any, title: str = "", names: str = "", streams: bool = False) -> Sheet:
    """Show a table, or the values of an array, a waveform or a list as one.

    Parameters
    ----------
    data : Table, Array, Waveform or list
        A pandas DataFrame; or values of shape (n,) or (rows, columns), which get a column with their numbers from 0;
        or a waveform, which gets one with the time in s and one for each channel.
    title : str
        Title of the table; empty for the node's name.
    names : str
        Names of the columns of values in order, with commas between; a DataFrame has its own.
    streams : bool
        Of an array of shape (streams, n), as *Recent* gives it of several: each row becomes a column.

    Returns
    -------
    Sheet
        The table to look at.

    Raises
    ------
    TypeError
        The value has no rows.
    ValueError
        It has more than two axes, or rows of several lengths.

    Examples
    --------
    >>> show.table([2.5, 3.5], names="level").summary()
    '2 rows, 2 columns: index, level'
    """
    return Sheet(title, as_table(data, names, streams))


@node(tags=("label", "message", "string"))
def text(value: object, title: str = "") -> Note:
    """Show a value as text.

    Parameters
    ----------
    value : object
        The text, or any value.
    title : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    Note
        The text to look at.

    Examples
    --------
    >>> show.text(4.7).summary()
    '4.7'
    """
    return Note(title, str(value))


@node(tags=("rich text", "heading", "report", "label"))
def markdown(text: str, title: str = "") -> Markdown:
    """Show a text with headings, lists, emphasis and tables.

    Parameters
    ----------
    text : str
        The text in Markdown. Pictures that it names are not fetched.
    title : str
        What stands above it; empty for the node's name.

    Returns
    -------
    Markdown
        The text to look at.

    Examples
    --------
    >>> show.markdown("**4.7** kΩ").summary()
    '**4.7** kΩ'
    """
    return Markdown(title, str(text))

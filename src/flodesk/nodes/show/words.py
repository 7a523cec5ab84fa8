"""Texts and tables."""

from __future__ import annotations

from flodesk.public import Markdown, Note, Sheet, Table, node

__all__ = ["markdown", "table", "text"]


@node(tags=("sheet", "rows", "data frame"))
def table(data: Table, title: str = "") -> Sheet:
    """Show a table.

    Parameters
    ----------
    data : Table
        A pandas DataFrame.
    title : str
        Title of the table; empty for the node's name.

    Returns
    -------
    Sheet
        The table to look at.

    Raises
    ------
    TypeError
        The value is no table.
    """
    if not hasattr(data, "columns"):
        raise TypeError(f"a table is shown here, and got {type(data).__name__}: wire a table to it")
    return Sheet(title, data)


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
    """
    return Markdown(title, str(text))

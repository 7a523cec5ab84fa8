"""Controls of truths, choices and texts."""

from __future__ import annotations

from typing import Literal

from flodesk.public import context, node


@node(role="control", widget="switch", tags=("toggle", "on off", "checkbox"))
def switch(on: bool = False, label: str = "") -> bool:
    """Set something on or off.

    Parameters
    ----------
    on : bool
        What the hand has set.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    bool
        True if it is on.

    Examples
    --------
    >>> control.switch(True)
    True
    """
    return bool(on)


@node(role="control", widget="button", tags=("push", "trigger"))
def button(pressed: bool = False, action: Literal["latch", "switch"] = "latch", label: str = "") -> bool:
    """Set something off by a press.

    Parameters
    ----------
    pressed : bool
        What the hand has set.
    action : str
        ``"latch"``: it is pressed until the flow has read it once; ``"switch"``: as long as the hand holds it.
    label : str
        What is written on it; empty for the node's name.

    Returns
    -------
    bool
        True if it is pressed.

    Examples
    --------
    >>> control.button()
    False
    """
    return bool(pressed)


@node(role="control", widget="choice", tags=("drop-down", "selector", "combo box", "menu"))
def choice(value: str = "", entries: list[str] | None = None, label: str = "") -> str:
    """Choose one of several texts.

    Parameters
    ----------
    value : str
        What the hand has chosen.
    entries : list of str, optional
        What there is to choose from.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    str
        The chosen entry; the first one if the value is none of them.

    Examples
    --------
    >>> control.choice("sine", entries=["sine", "square"])
    'sine'
    """
    if not entries or value in entries:
        return value
    return entries[0]


@node(role="control", widget="radio", tags=("option", "selector", "exclusive"))
def radio(value: str = "", entries: list[str] | None = None, label: str = "") -> str:
    """Choose one of a few texts that are all seen.

    Parameters
    ----------
    value : str
        What the hand has chosen.
    entries : list of str, optional
        What there is to choose from.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    str
        The chosen entry; the first one if the value is none of them.

    Examples
    --------
    >>> control.radio("", entries=["sine", "square"])
    'sine'
    """
    return choice(value, entries)


@node(role="control", widget="text", tags=("string", "name", "entry", "input"))
def text(value: str = "", label: str = "") -> str:
    """Set a line of text.

    Parameters
    ----------
    value : str
        What the hand has typed.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> control.text("SN-2024-17")
    'SN-2024-17'
    """
    return value


@node(role="control", widget="paragraph", tags=("text", "multi-line", "notes", "comment", "script"))
def paragraph(value: str = "", label: str = "") -> str:
    """Set a text of several lines.

    Parameters
    ----------
    value : str
        What the hand has typed.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> control.paragraph("Sample 3, second run")
    'Sample 3, second run'
    """
    return value


@node(role="control", widget="path", tags=("file", "folder", "directory", "browse"))
def path(value: str = "", asks: Literal["open", "save", "folder"] = "open", label: str = "") -> str:
    """Choose a file or a folder.

    Parameters
    ----------
    value : str
        What the hand has chosen; a relative path counts from the folder of the flow's file.
    asks : str
        What the dialog asks for: ``"open"`` a file that is there, ``"save"`` one to be written, or a ``"folder"``.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    str
        The whole path, so that whoever reads it finds the same file; empty if none was chosen.

    Examples
    --------
    >>> control.path("")
    ''
    """
    return str(context().path(value)) if value else ""


@node(role="control", widget="color", tags=("colour", "paint", "palette"))
def color(value: str = "#1663d8", label: str = "") -> str:
    """Choose a colour.

    Parameters
    ----------
    value : str
        What the hand has chosen, as ``#rrggbb``.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    str
        The colour.

    Examples
    --------
    >>> control.color("#d81616")
    '#d81616'
    """
    return value

"""Views as text: the lines that they have in a header, for the clipboard, and read back from any text that has such."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping

from flodesk.flow.model import Header, View
from flodesk.flow.script.header import CLOSING, OPENING, Misfit, header_of
from flodesk.flow.script.header_writer import header_lines
from flodesk.flow.script.unread import unread

_MEANT = "should be [column, row, width, height], whole numbers"


class NoViewsError(ValueError):
    """A text has no views; says why."""


def views_text(views: Mapping[str, Iterable[View]]) -> str:
    """Return the lines of views as a header has them, by function, each behind its comment sign.

    >>> print(views_text({"flow": [View("gain", "gain", 0, 0, 4, 1)]}), end="")
    # [tool.flodesk.panel.flow]
    # gain = [0, 0, 4, 1]
    """
    panel = {function: {view.id: view for view in some} for function, some in views.items()}
    header = Header(requires_python="", dependencies=(), panel=panel, settings={})
    return "".join(f"{line}\n" for line in header_lines(header, {}) if line not in (OPENING, CLOSING))


def views_in(text: str) -> dict[str, list[View]]:
    """Return the views that a text has, by function: lines of a header, with or without their comment signs.

    Raises
    ------
    NoViewsError
        There are none, or the lines cannot be read.
    """
    lines = [line.strip() for line in text.splitlines()]
    commented = any(line.startswith("# [tool.flodesk.panel.") for line in lines)
    if not commented and not any(line.startswith("[tool.flodesk.panel.") for line in lines):
        raise NoViewsError("The clipboard has no views: copy some on a panel first.")
    if commented:
        lines = [line[2:] for line in lines if line.startswith("# ") and not line.startswith(CLOSING)]
    try:
        data = tomllib.loads("\n".join(lines))
        header = header_of(data, ())[0]
    except Misfit as misfit:
        raise NoViewsError(f"The views on the clipboard cannot be read: {misfit.text}.") from misfit
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise NoViewsError(f"The views on the clipboard cannot be read: {error}.") from error
    except ValueError as error:
        raise NoViewsError("The views on the clipboard cannot be read: a number has thousands of digits.") from error
    panel = header.panel
    odd = [".".join(path) for path, _ in unread(header)]
    odd += [view.id for views in panel.values() for view in views.values() if view.odd_at]
    if odd:
        raise NoViewsError(f"The views on the clipboard cannot be read: “{odd[0]}” {_MEANT}.")
    found = {function: list(views.values()) for function, views in panel.items() if views}
    if not found:
        raise NoViewsError("The clipboard has no views: copy some on a panel first.")
    return found

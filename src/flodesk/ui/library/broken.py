"""What of the library could not be loaded, as rows: the file or pack, and why, so that none is missing in silence."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from PySide6.QtCore import Qt

from flodesk.flow.own_nodes import FOLDER, file_name
from flodesk.ui.theme import theme

BROKEN = int(Qt.ItemDataRole.UserRole) + 3
"""The module (``nodes.mine``) and why it could not be loaded."""
TITLE = "Could not be loaded"


class Broken(NamedTuple):
    """A module (``nodes.mine``) that could not be loaded, and why."""

    module: str
    why: str

    @property
    def title(self) -> str:
        """Return how it is named for people."""
        return name_of(self.module)


def broken_rows(broken: Mapping[str, str], text: str = "") -> list[Broken]:
    """Return a row for each module that could not be loaded and that a search would find by its name."""
    return [Broken(module, why) for module, why in broken.items() if text.casefold() in module.casefold()]


def name_of(module: str) -> str:
    """Return how a module is named for people: one of own nodes by its file."""
    return file_name(module) if module.partition(".")[0] == FOLDER else module


def broken_html(module: str, why: str) -> str:
    """Return what the help says of such a row."""
    own = module.partition(".")[0] == FOLDER
    todo = (
        "Mend the file (a double click, or Enter, opens it): its nodes are here again as soon as it is saved."
        if own
        else "Install or mend what it names, then start flodesk again."
    )
    return (
        f"<h3>{escape(name_of(module))}</h3><p style='color:{theme().error}'>{escape(why)}</p>"
        f"<p style='color:{theme().muted}'>{todo}</p>"
    )

"""Node types that a user has starred, and those used last: kept over sessions, the same in all windows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from flodesk.ui.settings import settings, text_list

_FAVOURITES, _RECENT = "library/favourites", "library/recent"
RECENT = 10
"""So many of those used last are remembered."""


class _Told(QObject):
    changed = Signal()


told = _Told()
"""`changed` when a star was given or taken, or a node was added, in any window."""


def favourites() -> list[str]:
    """Return the paths of the starred node types, in the order in which they were starred."""
    return text_list(settings().value(_FAVOURITES))


def recent() -> list[str]:
    """Return the paths of the node types that were used last, the newest first."""
    return text_list(settings().value(_RECENT))


def liked() -> list[str]:
    """Return the paths of favourites and of what was used last, for searches to put first."""
    return list(dict.fromkeys((*favourites(), *recent())))


def star(path: str) -> bool:
    """Give a node type a star, or take it away; return whether it has one now."""
    paths = favourites()
    given = path not in paths
    _keep(_FAVOURITES, [*paths, path] if given else [one for one in paths if one != path])
    return given


def used(path: str) -> Callable[[], None]:
    """Remember that a node of a type was added, and return what takes that back.

    Functions of the file itself are not remembered: they are at hand there alone.
    """
    before = recent()
    if "." in path and path.replace(".", "").isidentifier():
        _keep(_RECENT, [path, *(one for one in before if one != path)][:RECENT])
    now = recent()

    def unused() -> None:
        if now != before and recent() == now:  # else another one was used since, in another window
            _keep(_RECENT, before)

    return unused


def _keep(key: str, paths: list[str]) -> None:
    settings().setValue(key, paths)
    told.changed.emit()

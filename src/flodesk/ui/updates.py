"""A quiet word that a newer flodesk is out, for those who want it: nothing is fetched, nothing is installed."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QUrl, Signal

from flodesk.engine.releases import Release, address, ask
from flodesk.ui.browsing import browse
from flodesk.ui.message_bar import MessageBar
from flodesk.ui.settings import settings

ON = "updates/on"
_ASKED, _PASSED = "updates/asked", "updates/passed"
DAY = 24 * 3600.0


class HasBar(Protocol):
    """A window that can show a message."""

    bar: MessageBar


def wanted() -> bool:
    """Say whether it is to be looked for new releases: only if somebody has said so."""
    return str(settings().value(ON, "")).lower() == "true"


def want(on: bool) -> None:
    """Look for new releases from now on, or no more."""
    settings().setValue(ON, on)


class Updates(QObject):
    """Asks at most once a day, in a thread that nobody waits for; whatever goes wrong is not told.

    Parameters
    ----------
    windows : callable
        Gives the windows, the one that shows the message first.
    """

    told = Signal(object)
    """A newer release, or None."""

    def __init__(self, parent: QObject, windows: Callable[[], Sequence[HasBar]]) -> None:
        super().__init__(parent)
        self._windows = windows
        self.told.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def look(self) -> bool:
        """Ask, if that is wanted and was not done within a day; returns whether it is asked."""
        where, store = address(), settings()
        since = time.time() - _number(store.value(_ASKED, 0))
        if not where or not wanted() or 0 <= since < DAY:
            return False
        store.setValue(_ASKED, int(time.time()))
        threading.Thread(target=self._ask, args=(where,), name="flodesk updates", daemon=True).start()
        return True

    def _ask(self, where: str) -> None:
        found = None
        with contextlib.suppress(Exception):  # no network, a page that is none: no reason to disturb anybody
            found = ask(where)
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            self.told.emit(found)

    def _show(self, found: Release | None) -> None:
        passed = str(settings().value(_PASSED, ""))
        if found is None or not found.newer or found.version == passed:
            return
        window = next(iter(self._windows()), None)
        if window is None or window.bar.text:  # what the bar says already comes before it
            settings().setValue(_ASKED, 0)  # it is told at the next start
            return
        new: tuple[tuple[str, Callable[[], object]], ...] = ()
        if found.notes:
            new = (("What's new", partial(browse, QUrl(found.notes))),)
        later = partial(_pass, window.bar, found.version)
        window.bar.show_message(f"flodesk {found.version} is out.", "info", (*new, ("Not now", later)))


def _pass(bar: MessageBar, version: str) -> None:
    settings().setValue(_PASSED, version)
    bar.clear()


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0


__all__ = ["Updates", "want", "wanted"]

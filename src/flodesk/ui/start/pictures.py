"""Pictures of flows in files, painted in a thread of their own, one after the other."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal

from flodesk.flow.catalog import Catalog
from flodesk.flow.script import ScriptError, from_bytes
from flodesk.ui.theme import Theme
from flodesk.ui.versions.picture import small_picture

log = logging.getLogger(__name__)
LARGEST = 500_000
"""Bytes of a file up to which it is read for a picture."""


class Pictures(QObject):
    """Paints. `painted` gives the path, the name of the theme, and the picture."""

    painted = Signal(str, str, object)

    def __init__(self, parent: QObject, catalog: Catalog) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._left = False

    def paint(self, paths: Iterable[Path], look: Theme, size: tuple[int, int]) -> None:
        """Paint these from now on, instead of what was asked for before; a file that cannot be read gets none."""
        self._pool.clear()
        for path in paths:
            self._pool.start(lambda path=path: self._paint(path, look, size))

    def close(self) -> None:
        """Paint nothing more."""
        self._left = True
        self._pool.clear()
        self._pool.waitForDone()  # its objects go with the window: nothing may be told of them after that

    def _paint(self, path: Path, look: Theme, size: tuple[int, int]) -> None:
        if self._left:
            return
        try:
            if path.stat().st_size > LARGEST:
                return
            image = small_picture(from_bytes(path.read_bytes()), self._catalog, look, size)
        except (OSError, ScriptError, UnicodeError):
            return
        except Exception:  # the end of the thread; a picture is worth no more than a line in the log
            log.exception("No picture could be painted of %s.", path)
            return
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            self.painted.emit(str(path), look.name, image)


__all__ = ["Pictures"]

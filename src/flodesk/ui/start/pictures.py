"""Pictures of flows in files, painted in a thread of their own, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from flodesk.flow.catalog import Catalog
from flodesk.flow.script import ScriptError, from_bytes
from flodesk.ui.side_thread import SideThread
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
        self._thread = SideThread(self)

    def paint(self, paths: Iterable[Path], look: Theme, size: tuple[int, int]) -> None:
        """Paint these from now on, instead of what was asked for before; a file that cannot be read gets none."""
        self._thread.drop()
        for path in paths:
            self._thread.do(
                partial(self._paint, path, look, size), partial(self._tell, path, look), partial(_log, path)
            )

    def close(self) -> None:
        """Paint nothing more."""
        self._thread.drop()
        self._thread.close()

    def _paint(self, path: Path, look: Theme, size: tuple[int, int]) -> QImage | None:
        try:
            if path.stat().st_size <= LARGEST:
                return small_picture(from_bytes(path.read_bytes()), self._catalog, look, size)
        except (OSError, ScriptError, UnicodeError):
            pass
        return None

    def _tell(self, path: Path, look: Theme, image: QImage | None) -> None:
        if image is not None:
            self.painted.emit(str(path), look.name, image)


def _log(path: Path, error: Exception) -> None:
    """Note it down: a picture is worth no more than that."""
    log.error("No picture could be painted of %s.", path, exc_info=error)


__all__ = ["Pictures"]

"""A file that others may write: the system's news of it, a moment later."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

DELAY = 250
"""Milliseconds from the news of a change to the look: who writes a file in several steps shall be through."""


class FileWatch(QObject):
    """Tells when it is time to look at a file: the system has told of a change, or the window was entered."""

    stirred = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._path: Path | None = None
        self._watcher = QFileSystemWatcher(self)
        self._later = QTimer(self, singleShot=True, interval=DELAY)
        self._later.timeout.connect(self._tell)
        self._watcher.fileChanged.connect(lambda _: self._later.start())
        self._watcher.directoryChanged.connect(lambda _: self._later.start())
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look when the window is entered: not every disk (one on the network) tells of changes."""
        if event.type() == QEvent.Type.WindowActivate and self._path is not None:
            self._later.start()
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._later.start()  # a drag shall not lose the ground under it
        else:
            self.stirred.emit()

    def watch(self, path: Path | None, *, gone: bool) -> None:
        """Watch a file, or its folder while it is gone.

        A file that was replaced by another is no longer watched by the system, so it is named anew each time; a folder
        that a flow records into changes all the time, so it is watched only when there is a need.
        """
        self._path = path
        wanted = set() if path is None else {str(path.parent if gone else path)}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - wanted:
            self._watcher.removePaths(sorted(watched - wanted))
        for new in wanted - watched:
            if Path(new).exists():
                self._watcher.addPath(new)


def stamp(path: Path) -> object:
    """Return what tells one state of a file from the next."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


__all__ = ["FileWatch", "stamp"]

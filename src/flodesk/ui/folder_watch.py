"""Folders that others write into: the system's news of their Python files, heard by a thread of its own."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Sequence
from pathlib import Path

import watchfiles
from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)
STEP = 50
"""Milliseconds without news after which they are told: who writes a file in several steps is through by then."""
TOGETHER = 400
"""Milliseconds after which they are told though more are coming."""


class FolderWatch(QObject):
    """Tells in the window's thread that a Python file of some folders was written, has come, or has gone."""

    stirred = Signal()
    _heard = Signal(object)
    _failed = Signal(object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._key: object = ()
        self._on: threading.Event | None = None
        """What ends the thread that listens now."""
        self._threads: list[threading.Thread] = []
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(self._give_up, Qt.ConnectionType.QueuedConnection)

    def watch(self, folders: Sequence[Path]) -> None:
        """Watch these folders, without those in them, and no others. Those that are not there are passed over."""
        there = [(folder, inode) for folder in folders if (inode := _inode(folder))]
        if there == self._key:
            return
        self._leave()
        self._key = there
        if there:
            end = self._on = threading.Event()
            places = [str(folder) for folder, _ in there]
            thread = threading.Thread(target=self._listen, args=(places, end), name="flodesk own files", daemon=True)
            self._threads = [old for old in self._threads if old.is_alive()] + [thread]
            thread.start()

    def close(self) -> None:
        """Listen no more, and wait until no thread does."""
        self._leave()
        self._key = ()
        for thread in self._threads:
            thread.join(2.0)
        self._threads.clear()

    def _leave(self) -> None:
        if self._on is not None:
            self._on.set()
            self._on = None

    def _listen(self, places: list[str], end: threading.Event) -> None:
        """Wait for news, in the thread."""
        with contextlib.suppress(RuntimeError):  # the window went in the meantime
            try:
                for _ in watchfiles.watch(
                    *places, watch_filter=_counts, debounce=TOGETHER, step=STEP, stop_event=end, recursive=False,
                    raise_interrupt=False,
                ):  # fmt: skip
                    self._heard.emit(end)
            except (OSError, watchfiles._rust_notify.WatchfilesRustInternalError) as error:
                self._failed.emit(end, str(error))

    def _tell(self, end: threading.Event) -> None:
        if end is self._on:
            self.stirred.emit()

    def _give_up(self, end: threading.Event, why: str) -> None:
        if end is self._on:  # a folder that has gone, or a system that watches no more: entering the window looks, too
            log.info("The files beside the flow are looked at when the window is entered: %s", why)
            self._on, self._key = None, ()


def _counts(_change: watchfiles.Change, path: str) -> bool:
    return path.endswith(".py") or "." not in Path(path).name


def _inode(folder: Path) -> int:
    """Return what tells a folder from one of its name that comes after it; 0 where there is none."""
    try:
        return folder.stat().st_ino if folder.is_dir() else 0
    except OSError:
        return 0


__all__ = ["FolderWatch"]

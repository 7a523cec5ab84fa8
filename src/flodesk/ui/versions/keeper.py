"""Keeps versions of the open file as it is saved, and reads them: in a thread of its own, so that Save never waits."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from flodesk.engine.versions import Version, Versions, VersionsError, keeping
from flodesk.engine.versions.store import Why
from flodesk.engine.versions.telling import words_between
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, from_bytes, write
from flodesk.ui.side_thread import SideThread
from flodesk.ui.theme import current
from flodesk.ui.versions.picture import small_picture

log = logging.getLogger(__name__)
_PRUNE_EVERY = 25
"""Versions after which the oldest are looked for."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The versions of a file, the newest first, and pictures of them by the hash of their text."""

    path: Path
    versions: tuple[Version, ...]
    pictures: dict[str, QImage]


class Keeper(QObject):
    """Follows a document.

    Signals: `listed` gives a `Listing`, `got` the bytes of a version that was asked for, `kept` tells that there is a
    new one, `failed` a sentence.
    """

    listed = Signal(object)
    got = Signal(object, bytes)
    kept = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject, document: Document, catalog: Catalog) -> None:
        super().__init__(parent)
        self._document, self._catalog = document, catalog
        self._thread = SideThread(self)
        self._opened: tuple[Path, Flow, float] | None = None
        """What was found in the file when it was opened, as long as no version has it: who only looks keeps none."""
        self._count = 0
        document.listeners.append(self._follow)

    # -------------------------------------------------------------- what happens
    def _follow(self, change: Change) -> None:
        path, flow = self._document.path, self._document.flow
        if change.kind == "open" and not change.again:
            self._opened = (path, flow, _changed(path)) if path is not None else None
        elif change.kind == "open" and path is not None:
            self._keep_opened(path)
            self.keep(path, flow, "outside")
        elif change.kind == "save" and path is not None:
            self._keep_opened(path)
            self.keep(path, flow, "saved")

    def _keep_opened(self, path: Path) -> None:
        if self._opened is not None and self._opened[0] == path:
            self.keep(path, self._opened[1], "opened", self._opened[2])
        self._opened = None

    def keep(self, path: Path, flow: Flow, why: Why, when: float | None = None) -> None:
        """Keep a version of a file soon."""
        self._thread.do(lambda: self._keep(path, flow, why, when), self._kept, self._failed)

    # -------------------------------------------------------------- what is asked for
    def list(self, path: Path) -> None:
        """Read the versions of a file; `listed` brings them."""
        look = current.theme

        def work() -> Listing:
            store = Versions()
            versions = store.of(path)
            pictures: dict[str, QImage] = {}
            for version in versions:
                if version.text not in pictures:
                    image = self._picture(store, version, look.name)
                    if image is not None:
                        pictures[version.text] = image
            return Listing(path, tuple(versions), pictures)

        self._thread.do(work, self.listed.emit, self._failed)

    def get(self, version: Version, told: object) -> None:
        """Read the text of a version; `got` brings it with `told`."""
        self._thread.do(lambda: Versions().text(version), lambda data: self.got.emit(told, data), self._failed)

    def drop(self, path: Path, ids: Sequence[str]) -> None:
        """Forget versions, and list those that are left."""
        self._thread.do(lambda: Versions().drop(path, ids), None, self._failed)
        self.list(path)

    def wait(self, milliseconds: int = -1) -> None:
        """Wait for what is being done."""
        self._thread.wait(milliseconds)

    def close(self) -> None:
        """Wait for what is being done, and tell nobody any more."""
        self._thread.close()

    def _kept(self, new: bool) -> None:
        if new:
            self.kept.emit()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, VersionsError):
            self.failed.emit(f"{str(error)[0].upper()}{str(error)[1:]}.")
        else:  # a version that cannot be kept must not disturb the work
            log.error("A version could not be kept or read.", exc_info=error)

    # -------------------------------------------------------------- in the thread
    def _keep(self, path: Path, flow: Flow, why: Why, when: float | None) -> bool:
        """Keep a version, unless it is the newest already."""
        settings = keeping()
        if not settings.on:
            return False
        store = Versions()
        data = write(flow).encode(flow.encoding)
        newest = next(iter(store.of(path)), None)
        before = store.text(newest) if newest is not None else None
        if not store.keep(path, data, why, words_between(before, data, self._catalog), when):
            return False
        self._picture(store, store.of(path)[0], current.theme.name)
        self._count += 1
        if self._count % _PRUNE_EVERY == 1:
            store.prune(settings)
        return True

    def _picture(self, store: Versions, version: Version, theme: str) -> QImage | None:
        """Return the picture of a version, painted now if there is none yet."""
        file = store.picture(version, theme)
        if file.exists():
            image = QImage(str(file))
            if not image.isNull():
                return image
        try:
            flow = from_bytes(store.text(version))
        except (ScriptError, VersionsError):
            return None
        image = small_picture(flow, self._catalog, current.theme)
        new = file.with_name(f".{file.stem}.tmp.png")
        if image.save(str(new)):
            new.replace(file)
        return image


def _changed(path: Path) -> float:
    """When a file was written last, in s since 1970."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


__all__ = ["Keeper", "Listing"]

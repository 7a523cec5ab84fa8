"""What is done with the versions of the open file: listed in a dock, compared on the canvas, gone back to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QMessageBox

from flodesk.engine.versions import Version
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import EditError, SetText
from flodesk.flow.script import ScriptError, from_bytes, write
from flodesk.ui.comparing import Baseline, Comparing
from flodesk.ui.dock import Dock
from flodesk.ui.docks import Docks
from flodesk.ui.files import Files
from flodesk.ui.focus import focus_kept
from flodesk.ui.theme import current
from flodesk.ui.versions.keeper import Keeper, Listing
from flodesk.ui.versions.version_list import VersionList, when


class GoingBack(QObject):
    """Holds the keeper, the list and its dock. `said` gives a message and its level.

    Attributes
    ----------
    open_copy : callable
        Opens what a file held as a flow of its own.
    """

    said = Signal(str, str)

    def __init__(
        self,
        window: QMainWindow,
        document: Document,
        catalog: Catalog,
        comparing: Comparing,
        files: Files,
        docks: Docks,
    ) -> None:
        super().__init__(window)
        self._window, self._document = window, document
        self._comparing, self._files = comparing, files
        self.open_copy: Callable[[bytes, Path], object] = files.open_copy
        self.keeper = Keeper(self, document, catalog)
        self.list = VersionList()
        self.dock = Dock("versions", "Versions", self.list, self.list.buttons())
        docks.add(self.dock)
        self._deeds: dict[str, Callable[[Version, Path, bytes], None]] = {
            "compare": self._compare,
            "restore": self._restore,
            "copy": self._copy,
        }
        self.list.compare_wanted.connect(lambda version: self.do("compare", version))
        self.list.restore_wanted.connect(lambda version: self.do("restore", version))
        self.list.copy_wanted.connect(lambda version: self.do("copy", version))
        self.list.drop_wanted.connect(self._drop)
        self.keeper.listed.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self.keeper.got.connect(self._got, Qt.ConnectionType.QueuedConnection)
        self.keeper.kept.connect(self.refresh, Qt.ConnectionType.QueuedConnection)
        self.keeper.failed.connect(self._failed, Qt.ConnectionType.QueuedConnection)
        self.dock.visibilityChanged.connect(lambda seen: self.refresh() if seen else None)
        current.changed.connect(self.refresh)
        document.listeners.append(self._follow)
        self._told = ""

    # -------------------------------------------------------------- the list
    def refresh(self) -> None:
        """List the versions anew, if the list is to be seen."""
        if self.dock.isHidden():
            return
        path = self._document.path
        if path is None:
            self.list.show_listing(None, "This flow has no file yet. Save it: from then on its versions are kept here.")
        else:
            self.keeper.list(path)

    def close(self) -> None:
        """Finish what is being written."""
        self.keeper.close()

    def recovered(self) -> None:
        """Keep what was lost in a crash and is back."""
        if self._document.path is not None:
            self.keeper.keep(self._document.path, self._document.flow, "recovered")

    def _follow(self, change: Change) -> None:
        if change.kind == "open":
            self.refresh()

    def _show(self, listing: Listing) -> None:
        if listing.path == self._document.path:
            self.list.show_listing(listing)

    def _failed(self, sentence: str) -> None:
        if sentence != self._told:  # a full disk is said once, and not at each save
            self._told = sentence
            self.said.emit(sentence, "warning")

    # -------------------------------------------------------------- deeds
    def do(self, what: str, version: Version) -> None:
        """Read a version, and then ``compare`` with it, ``restore`` it or open a ``copy`` of it."""
        if self._document.path is not None:
            self.keeper.get(version, (what, version, self._document.path))

    def _got(self, told: tuple[str, Version, Path], data: bytes) -> None:
        what, version, path = told
        if path != self._document.path:
            return  # another flow was opened meanwhile
        self._deeds[what](version, path, data)

    def _compare(self, version: Version, path: Path, data: bytes) -> None:
        try:
            flow = from_bytes(data)
        except ScriptError as problem:
            self.said.emit(f"That version of {path.name} could not be compared with: {problem}", "error")
            return
        self._comparing.begin(Baseline(f"{path.name} of {when(version.time)}", "version", path, flow))

    def _restore(self, version: Version, path: Path, data: bytes) -> None:
        try:
            new = from_bytes(data)
            text = write(new)
            if text == write(self._document.flow):
                self.said.emit(f"The flow is as it was {when(version.time)}.", "info")
                return
            if self._document.dirty:
                self.keeper.keep(path, self._document.flow, "before")
            self._document.seal()
            self._document.do(SetText(text, f"Go back to {when(version.time)}", new.encoding, new))
        except (ScriptError, EditError) as problem:
            self.said.emit(f"The flow could not go back to that version: {problem}", "error")
            return
        self.said.emit(
            f"The flow is as it was {when(version.time)}. Undo brings back how it was now; Save keeps it so.", "info"
        )

    def _copy(self, version: Version, path: Path, data: bytes) -> None:
        self.open_copy(data, path)

    def _drop(self, versions: list[Version]) -> None:
        path = self._document.path
        if path is None or not versions:
            return
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setObjectName("forget_versions")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Forget versions")
        one = len(versions) == 1
        what = f"the version of {when(versions[0].time)}" if one else f"{len(versions)} versions"
        box.setText(f"<b>Forget {what}?</b>")
        box.setInformativeText("The file itself and its other versions stay. This cannot be undone.")
        forget = box.addButton("Forget", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(buttons.Cancel))
        with focus_kept(self._files.home):
            box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        if clicked is forget:
            self.keeper.drop(path, [version.id for version in versions])

"""The project's key: where it is from, made, shown and taken over from another machine; and the names of the queues."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QFileDialog, QMessageBox, QVBoxLayout, QWidget

from flodesk.engine.places.server.server_address import naming
from flodesk.engine.settings import keep
from flodesk.ui.browsing import browse
from flodesk.ui.preferences.pieces import Answer, Reply, button, field, form, heading, row
from flodesk.ui.side_thread import SideThread

_WHAT = "What you send to a queue is signed with it, and workers run nothing else."
_FILE = "the file "


class ProjectKey(QWidget):
    """Says where the key is. It is nowhere shown itself."""

    def __init__(self, side: SideThread) -> None:
        super().__init__()
        self._side = side
        self._file = Path()
        self.now = Answer()
        self.make = button("Make one", "Make a key by chance and keep it in the data folder", self.make_it)
        self.show_file = button("Show the file", "Open the folder that it is in", self._show_file)
        self.take = button("Import…", "Take over the key file of another machine", self._import)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading("Key of the project"))
        column.addWidget(self.now)
        column.addLayout(row(self.make, self.show_file, self.take))
        self.show_file.hide()
        self.read()

    def read(self) -> None:
        """Find out where the key is."""

        def work() -> str:
            found = _keys().find_key()
            return "" if found is None else str(found.origin)

        self._side.do(work, self._show, self._failed)

    def _show(self, origin: str) -> None:
        self._file = Path(origin.removeprefix(_FILE).partition(" ($")[0]) if origin.startswith(_FILE) else Path()
        self.make.setVisible(not origin)
        self.show_file.setVisible(self._file != Path())
        self.now.say(f"It is that of {origin}. {_WHAT}" if origin else f"There is none yet. {_WHAT}")

    def _failed(self, error: Exception) -> None:
        words = str(error)
        if isinstance(error, ModuleNotFoundError):
            words = f"It needs the package {error.name}: pip install 'flodesk[redis]'"
        self.now.say(words[:1].upper() + words[1:], "error")

    def make_it(self) -> None:
        """Make a key where there is none."""

        def work() -> str:
            origin = str(_keys().find_or_make_key().origin)
            naming.tell()
            return origin

        self._side.do(work, self._show, self._failed)

    def _show_file(self) -> None:
        browse(QUrl.fromLocalFile(str(self._file.parent)))

    def _import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Import a key", "", "Keys (*.key);;All files (*)")
        if chosen and (self._file == Path() or self._sure()):
            self._side.do(lambda: str(_keys().import_key(Path(chosen)).origin), lambda _: self.read(), self._failed)

    def _sure(self) -> bool:
        words = "Replace the key that is here? Workers that have it refuse what is signed with the other one."
        box = QMessageBox(QMessageBox.Icon.Question, "Import a key", words, parent=self)
        yes = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        sure = box.clickedButton() is yes
        box.deleteLater()
        return sure


class QueueNames(QWidget):
    """The queues that flows and single nodes are put on: a setting of this machine, kept as it is typed."""

    def __init__(self, side: SideThread) -> None:
        super().__init__()
        self._side = side
        self.flows = field("Queue of flows")
        self.nodes = field("Queue of nodes")
        self.answer = Reply()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading("Names of the queues"))
        column.addLayout(form(("Flows", self.flows), ("Single nodes", self.nodes)))
        column.addWidget(self.answer)
        self.answer.hide()
        self._side.do(_names, self._show, lambda _: self.hide())
        self.flows.editingFinished.connect(lambda: self._keep("flows", self.flows.text()))
        self.nodes.editingFinished.connect(lambda: self._keep("nodes", self.nodes.text()))

    def _show(self, names: dict[str, str]) -> None:
        for key, box in (("flows", self.flows), ("nodes", self.nodes)):
            usual, now = names[f"usual {key}"], names[key]
            box.setPlaceholderText(usual)
            box.setText("" if now == usual else now)
            box.setModified(False)

    def _keep(self, key: str, name: str) -> None:
        box = self.flows if key == "flows" else self.nodes
        if not box.isModified():
            return
        box.setModified(False)

        def work() -> None:
            keep("queue", key, name.strip())
            naming.tell()

        self._side.do(work, lambda _: self._say("Kept.", "ok"), self._failed)

    def _failed(self, error: Exception) -> None:
        self._say(f"It cannot be kept: {error}", "error")

    def _say(self, words: str, role: str) -> None:
        self.answer.show()
        more = " Workers elsewhere have to listen to the same names." if role == "ok" else ""
        self.answer.say(words + more, "muted" if role == "ok" else role)


def _keys() -> Any:
    return import_module("flodesk.engine.places.server.key")


def _names() -> dict[str, str]:
    wire: Any = import_module("flodesk.engine.places.server.wire")
    settings: Any = import_module("flodesk.engine.settings")
    usual = wire.Wire()
    now = settings.section("queue", usual)
    return {"flows": now.flows, "nodes": now.nodes, "usual flows": usual.flows, "usual nodes": usual.nodes}


__all__ = ["ProjectKey", "QueueNames"]

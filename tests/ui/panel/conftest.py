"""A panel on a document that was read from a file, as the window has it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel

OpenPanel = Callable[[str], ControlPanel]


class HandOn:
    """A hand that arranges a panel by real mouse and key events."""

    def __init__(self, qtbot: QtBot, panel: ControlPanel) -> None:
        self._qtbot = qtbot
        self.panel = panel
        self.glass = panel.board.glass

    @property
    def lines(self) -> dict[str, str]:
        """The lines of the panel's table in the flow's text, by view."""
        text = write(self.panel.document.flow).split("# [tool.flodesk.panel.flow]\n")[-1].split("# ///")[0]
        return dict(line.removeprefix("# ").split(" = ", 1) for line in text.splitlines() if " = " in line)

    def at(self, view: str) -> QPoint:
        """The middle of a view."""
        return self.panel.board.cards[f"flow.{view}"].geometry().center()

    def title(self, group: str) -> QPoint:
        """A point of the title of a group."""
        return self.panel.board.titles()[group].topLeft() + QPoint(20, 20)

    def click(self, at: str | QPoint, *modifiers: Qt.KeyboardModifier) -> None:
        """Click on a view, or on a point."""
        where = self.at(at) if isinstance(at, str) else at
        self._qtbot.mouseClick(self.glass, Qt.MouseButton.LeftButton, self._modifier(modifiers), where)

    def choose(self, *views: str) -> None:
        """Select these views."""
        self.click(views[0])
        for view in views[1:]:
            self.click(view, Qt.KeyboardModifier.ControlModifier)

    def drag(self, start: str | QPoint, columns: float, rows: float, *, drop: bool = True) -> None:
        """Drag a view, or what is at a point, so many columns and rows."""
        start = self.at(start) if isinstance(start, str) else start
        self.drag_to(
            start, start + QPointF(columns * self.panel.board.metrics().column, rows * 48).toPoint(), drop=drop
        )

    def drag_to(self, start: QPoint, end: QPoint, *, drop: bool = True) -> None:
        """Drag from a point to another one."""
        self._qtbot.mousePress(self.glass, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, 6):
            self._qtbot.mouseMove(self.glass, start + (end - start) * step / 5)
        if drop:
            self._qtbot.mouseRelease(self.glass, Qt.MouseButton.LeftButton, pos=end)

    def key(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key while the panel has the keyboard."""
        self._qtbot.keyClick(self.glass, key, self._modifier(modifiers))

    def type(self, text: str) -> None:
        """Type a name where one is being edited, and press Enter."""
        field = self.panel.arranging.naming.field
        assert field is not None, "no name is being edited"
        self._qtbot.keyClicks(field, text)
        self._qtbot.keyClick(field, Qt.Key.Key_Return)

    def menu(self, at: str | QPoint, *, board: bool = False) -> dict[str, QAction]:
        """Open the context menu at a view or a point; return its entries by their words, those of menus within too."""
        where = self.at(at) if isinstance(at, str) else at
        on = self.panel.board if board else self.glass
        reason = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(on, QContextMenuEvent(reason, where, on.mapToGlobal(where)))
        self._qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        found = {action.text(): action for one in (menu, *menu.findChildren(QMenu)) for action in one.actions()}
        menu.hide()
        return found

    def undo(self) -> None:
        """Take the last step back, and see it."""
        self.panel.document.undo()
        self.panel.refresh()

    def chosen(self) -> set[str]:
        """The views that are selected."""
        return {key.rpartition(".")[2] for key in self.glass.selection}

    @staticmethod
    def _modifier(modifiers: tuple[Qt.KeyboardModifier, ...]) -> Qt.KeyboardModifier:
        made = Qt.KeyboardModifier.NoModifier
        for one in modifiers:
            made |= one
        return made


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.builtin()


@pytest.fixture
def open_panel(qtbot: QtBot, tmp_path: Path, catalog: Catalog) -> OpenPanel:
    """Return a function that opens a flow's text and shows its panel, 760 × 620 pixels large."""

    def opened(text: str) -> ControlPanel:
        path = tmp_path / "flow.py"
        path.write_text(text, encoding="utf-8")
        document = Document()
        document.open(path)
        panel = ControlPanel(document, catalog)
        qtbot.addWidget(panel)
        panel.resize(760, 620)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    return opened


@pytest.fixture
def flow_text() -> Callable[..., str]:
    """Return a function that writes a flow's text from lines of its body and lines of its panel table."""

    def made(body: list[str], views: list[str], rest: str = "") -> str:
        table = "".join(f"# {line}\n" for line in ["[tool.flodesk.panel.flow]", *views]) if views else ""
        return (
            '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["flodesk"]\n#\n'
            + "# [tool.flodesk]\n# version = 1\n#\n"
            + table
            + "# ///\nimport flodesk\nfrom flodesk.nodes import control, maths, show, source, timing\n\n\n"
            + "def flow():\n"
            + "".join(f"    {line}\n" for line in body)
            + f'{rest}\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
        )

    return made


@pytest.fixture
def arrange(qtbot: QtBot, open_panel: OpenPanel) -> Callable[[str], HandOn]:
    """Return a function that opens a flow's text and begins to arrange its panel."""

    def begun(text: str) -> HandOn:
        panel = open_panel(text)
        panel.set_editing(True)
        return HandOn(qtbot, panel)

    return begun


@pytest.fixture(scope="session")
def gallery() -> ModuleType:
    """Return the program that makes the pictures of all forms: tests show the same cards."""
    name = "flodesk_panel_gallery"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "gallery.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

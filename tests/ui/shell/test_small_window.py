"""In a small window the run stays in sight: Run, Stop, its state; the other tools are behind “»”."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.window import LEAST, Window

LOOP = """\
import flodesk
from flodesk.nodes import show, timing


def flow():
    for tick in timing.every(0.05):
        number = show.number(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""

TEXT = """\
import flodesk
from flodesk.nodes import maths


def flow():
    big = maths.scale(1.0, factor=2.0)
    bigger = maths.scale(big, factor=3.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def seen_whole(window: Window, part: QWidget) -> bool:
    """Whether all of a widget is within the window."""
    place = QRect(part.mapTo(window, QPoint()), part.size())
    return part.isVisible() and window.rect().contains(place)


def test_run_stop_and_state_are_the_last_to_go(window: Window, qtbot: QtBot) -> None:
    bar, tools = window.run_bar, window.tools
    for width, height in ((1440, 900), (1100, 700), (900, 600), LEAST):
        window.resize(width, height)
        qtbot.waitUntil(lambda w=width: window.width() == w)  # type: ignore[misc]
        for part in (bar.start, bar.stop, bar.light, bar.status):
            assert seen_whole(window, part), (width, part)
        assert not bar.geometry().intersects(tools.more.geometry()) or tools.more.isHidden()
        shown = {"file.new", "view.palette", "view.toggle_theme"} - {a.objectName() for a in tools.hidden_actions()}
        assert tools.more.isVisible() == (len(shown) < 3)
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: not tools.hidden_actions())
    assert bar.start.text() == "Run"


def test_words_of_the_run_fit_a_small_window(window: Window, qtbot: QtBot, tmp_path: object) -> None:
    window.resize(*LEAST)
    path = tmp_path / "loop.py"  # type: ignore[operator]
    path.write_text(LOOP, encoding="utf-8")
    window.files.open(path)
    qtbot.mouseClick(window.run_bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run_bar.status.text().startswith("Running"), timeout=60_000)
    assert seen_whole(window, window.run_bar.stop)
    qtbot.mouseClick(window.run_bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.phase == "idle", timeout=60_000)
    assert window.run_bar.status.text().startswith("Stopped")
    assert window.run_bar.status.toolTip().startswith("Stopped after")


def test_what_is_behind_more_can_be_done_there(window: Window, qtbot: QtBot) -> None:
    window.resize(*LEAST)
    tools = window.tools
    qtbot.waitUntil(tools.more.isVisible)
    tools.menu.aboutToShow.emit()
    found = {action.text(): action for action in tools.menu.actions()}
    assert {"Zoom to fit", "All commands…"} <= found.keys()
    assert found["Run on: This machine"].isChecked()
    found["Run on: Redis queue"].trigger()
    assert window.run.place == "rq"
    tools.menu.aboutToShow.emit()
    server = next(a for a in tools.menu.actions() if a.text() == "No server")  # what stands beside the choice
    assert any(a.text() == "Name a server…" for a in server.menu().actions())
    before = window.docks.panel.beside
    found["Panel beside the canvas"].trigger()
    assert window.docks.panel.beside != before


def test_library_and_inspector_give_way_and_come_back(window: Window, qtbot: QtBot) -> None:
    sides = (window.docks.library, window.docks.inspector)
    wide = [dock.width() for dock in sides]
    window.resize(900, 600)
    qtbot.waitUntil(lambda: all(d.width() < w for d, w in zip(sides, wide, strict=True)))
    assert window.canvases.width() > 450
    window.resize(1300, 850)
    qtbot.waitUntil(lambda: all(abs(d.width() - w) <= 2 for d, w in zip(sides, wide, strict=True)))


def test_fields_of_the_inspector_stay_whole_in_a_small_window(opened: Window, qtbot: QtBot) -> None:
    inspector, canvas = opened.inspector, opened.canvases.current
    for width in (LEAST[0], 1000, 1300):
        opened.resize(width, 700)
        qtbot.waitUntil(lambda w=width: opened.width() == w)  # type: ignore[misc]
        for node in ("big", "bigger"):  # the page of the second is that of the first, taken again
            canvas.select([node])
            sheet = inspector.sheet
            assert sheet is not None
            qtbot.waitUntil(lambda: inspector.pages.width() == inspector.viewport().width())  # nothing lies to the side
            row = sheet.rows["factor"]
            assert row.editor is not None
            assert sheet.place is not None
            for field in (sheet.name, sheet.note, sheet.place, row.editor, row.pin):
                inspector.ensureWidgetVisible(field)
                assert seen_whole(opened, field), (width, field)
                assert field is row.pin or field.width() >= 60
            line = row.editor.findChild(QLineEdit)
            assert line is not None
            line.setFocus()
            line.selectAll()
            qtbot.keyClicks(line, str(width))
            qtbot.keyClick(line, Qt.Key.Key_Return)
            assert f"factor={width}" in write(opened.document.flow)
            name, field = row.label, row.editor
            if width == 1300:
                qtbot.waitUntil(lambda n=name, f=field: n.geometry().right() < f.x())  # type: ignore[misc]
            else:
                qtbot.waitUntil(lambda n=name, f=field: n.geometry().bottom() < f.y())  # type: ignore[misc]

"""Packages are added and taken away by hand: typed into the popup, clicked, chosen with keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.ui.packages import AddPackage
from flodesk.ui.window import Window

NO_KEYS = Qt.KeyboardModifier.NoModifier


def rows(popup: AddPackage) -> list[str]:
    model = popup.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def shelves(window: Window) -> list[str]:
    model = window.library.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def open_popup(qtbot: QtBot, window: Window) -> AddPackage:
    qtbot.mouseClick(window.shelving.button, Qt.MouseButton.LeftButton)
    popup = window.findChildren(AddPackage)[-1]
    qtbot.waitUntil(lambda: popup.isVisible() and popup.field.hasFocus())
    return popup


def test_a_name_that_is_typed_becomes_a_shelf_and_its_cross_takes_it_away(
    qtbot: QtBot, open_window: Callable[..., Window]
) -> None:
    window = open_window()
    popup = open_popup(qtbot, window)
    assert rows(popup) == []
    qtbot.keyClicks(popup.field, "scipy.ff")
    qtbot.waitUntil(lambda: rows(popup) == ["scipy.ff", "scipy.fft", "scipy.fftpack"])
    qtbot.keyClick(popup.field, Qt.Key.Key_Down)
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "scipy.fft" in shelves(window))
    assert window.bar.text == "41 nodes are on the shelf “scipy.fft” of the library."
    qtbot.keyClicks(window.library.search, "ihfft2")
    qtbot.waitUntil(lambda: window.library.model.index(0, 0).data() == "Ihfft2")
    qtbot.keyClick(window.library.search, Qt.Key.Key_Escape)

    popup = open_popup(qtbot, window)
    assert rows(popup) == ["scipy.fft"]
    row = popup.list.visualRect(popup.list.model().index(0, 0))
    QTest.mouseClick(
        popup.list.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, QPoint(row.right() - 18, row.center().y())
    )
    qtbot.waitUntil(lambda: "scipy.fft" not in shelves(window))
    assert popup.isVisible()
    assert rows(popup) == []
    qtbot.keyClick(popup.field, Qt.Key.Key_Escape)
    assert window.station.foreign.added == ()


def test_del_takes_the_chosen_package_away(qtbot: QtBot, window: Window) -> None:
    for module in ("numpy.fft", "scipy.fft"):
        window.station.foreign.add(module)
    qtbot.waitUntil(lambda: {"numpy.fft", "scipy.fft"} <= set(shelves(window)))
    popup = open_popup(qtbot, window)
    qtbot.keyClick(popup.field, Qt.Key.Key_Down)
    qtbot.keyClick(popup.field, Qt.Key.Key_Delete)
    assert rows(popup) == ["numpy.fft"]
    qtbot.keyClick(popup.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "scipy.fft" not in shelves(window))


def test_a_package_that_is_not_installed_can_be_installed_by_a_click(qtbot: QtBot, window: Window) -> None:
    window.commands.trigger("edit.add_package")
    popup = window.findChildren(AddPackage)[-1]
    qtbot.keyClicks(popup.field, "nobody_has_this.at_all")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "is not installed" in window.bar.text)
    button = next(b for b in window.bar.findChildren(type(window.shelving.button)) if b.text() == "Install…")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = window.packages.dialog
    assert dialog is not None
    assert "nobody_has_this" in dialog.heading.text()
    assert not dialog.running
    dialog.reject()

"""The gallery of examples by mouse and keys: look, search, open a copy, put one in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from flodesk.resource import resource
from flodesk.ui.examples import gallery
from flodesk.ui.gallery import GalleryDialog, packed
from flodesk.ui.gallery.lacks import lacks
from flodesk.ui.gallery.pictures import SIZE
from flodesk.ui.theme import current
from flodesk.ui.window import Window

LEFT = Qt.MouseButton.LeftButton
KEYS = Qt.Key


@pytest.fixture
def dialog(window: Window, qtbot: QtBot) -> GalleryDialog:
    window.document.new()
    qtbot.waitUntil(window.isActiveWindow)  # before that no key is a shortcut of it
    qtbot.keyClick(window, KEYS.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    found = window.start.gallery.dialog
    assert found is not None
    qtbot.waitUntil(found.isVisible)
    return found


def names(dialog: GalleryDialog) -> list[str]:
    return [str(dialog.tiles.item(row).data(dialog.tiles.KEY)) for row in range(dialog.tiles.count())]


def place(dialog: GalleryDialog, name: str) -> QPoint:
    item = dialog.tiles.item(names(dialog).index(name))
    dialog.tiles.scrollToItem(item)
    return dialog.tiles.visualItemRect(item).topLeft() + QPoint(60, 40)


def test_every_example_has_a_small_picture_for_each_theme() -> None:
    for one in gallery():
        for kind in ("dark", "light"):
            path = resource(f"examples/pictures/{one.name}-{kind}.webp")
            assert path.stat().st_size < 40_000
            size = QImageReader(str(path)).size()
            assert (size.width(), size.height()) == SIZE
    assert {path.name.rpartition("-")[0] for path in resource("examples/pictures").iterdir()} == {
        one.name for one in gallery()
    }, "and there is none of an example that has gone"
    image = packed("noisy_sine", current.theme, (100, 60))
    assert image is not None
    assert image.width() == 200


def test_it_shows_all_and_a_click_looks_closer(dialog: GalleryDialog, qtbot: QtBot) -> None:
    assert names(dialog) == [one.name for one in gallery()]
    qtbot.mouseClick(dialog.tiles.viewport(), LEFT, pos=place(dialog, "pid_bench"))
    assert dialog.isVisible()
    assert dialog.title.text() == "PID bench"
    assert dialog.sentence.text().startswith("A PID controller on a bench")
    assert not dialog.picture.pixmap().isNull()
    assert dialog.tags.text() == "Control  ·  Simulation"
    assert not dialog.needs.isVisible()
    qtbot.mouseClick(dialog.tiles.viewport(), LEFT, pos=place(dialog, "sunspots"))
    assert not dialog.needs.isVisible(), "what it needs is there"


def test_only_what_is_missing_is_said_to_be_needed(
    dialog: GalleryDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lacks(("numpy", "flodesk", "flo-no-such>=2", "numpy<1")) == ("flo-no-such", "numpy")
    monkeypatch.setattr("flodesk.ui.gallery.dialog.lacks", lambda needs: ("scikit-image",) if needs else ())
    qtbot.mouseClick(dialog.tiles.viewport(), LEFT, pos=place(dialog, "tomography"))
    assert dialog.needs.isVisible()
    assert dialog.needs.text() == "Needs scikit-image, which is not installed"


def test_enter_opens_a_copy_and_closes_it(window: Window, dialog: GalleryDialog, qtbot: QtBot) -> None:
    qtbot.mouseClick(dialog.tiles.viewport(), LEFT, pos=place(dialog, "heat_plate"))
    qtbot.keyClick(dialog.tiles, KEYS.Key_Return)
    assert window.files.example == "heat_plate"
    assert window.document.path is None
    assert window.start.gallery.dialog is None


def test_a_double_click_opens_a_copy_too(window: Window, dialog: GalleryDialog, qtbot: QtBot) -> None:
    at = place(dialog, "diode")
    qtbot.mouseClick(dialog.tiles.viewport(), LEFT, pos=at)
    qtbot.mouseDClick(dialog.tiles.viewport(), LEFT, pos=at)
    assert window.files.example == "diode"


def test_what_is_typed_over_the_pictures_is_searched(window: Window, dialog: GalleryDialog, qtbot: QtBot) -> None:
    dialog.tiles.setFocus()
    qtbot.keyClicks(dialog.tiles, "f")
    qtbot.keyClicks(dialog.search, "oxes")
    assert dialog.search.text() == "foxes"
    assert names(dialog) == ["predator_prey"]
    assert dialog.title.text() == "Predator prey"
    qtbot.keyClick(dialog.search, KEYS.Key_Return)
    assert window.files.example == "predator_prey"


def test_what_is_not_there_is_said_and_esc_brings_all_back_before_it_closes(
    window: Window, dialog: GalleryDialog, qtbot: QtBot
) -> None:
    qtbot.keyClicks(dialog.search, "zebra")
    assert names(dialog) == []
    assert dialog.nothing.isVisible()
    assert "zebra" in dialog.nothing.text()
    assert not dialog.open_it.isEnabled()
    qtbot.keyClick(dialog.search, KEYS.Key_Escape)
    assert len(names(dialog)) == len(gallery())
    assert dialog.isVisible()
    qtbot.keyClick(dialog.tiles, KEYS.Key_Escape)
    assert window.start.gallery.dialog is None


def test_a_field_shows_its_own(dialog: GalleryDialog, qtbot: QtBot) -> None:
    item = next(i for i in map(dialog.fields.item, range(dialog.fields.count())) if i.text().startswith("Control"))
    qtbot.mouseClick(dialog.fields.viewport(), LEFT, pos=dialog.fields.visualItemRect(item).center())
    assert names(dialog) == [one.name for one in gallery() if "control" in one.tags]
    assert item.text().endswith(str(len(names(dialog))))
    qtbot.keyClick(dialog.fields, KEYS.Key_Up)
    assert len(names(dialog)) > 3


def test_a_copy_is_put_in_a_folder_with_its_data_beside_files_that_stay(
    window: Window, dialog: GalleryDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "orders.py"
    mine.write_text("# mine\n")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    qtbot.mouseClick(dialog.tiles.viewport(), LEFT, pos=place(dialog, "orders"))
    qtbot.mouseClick(dialog.copy_it, LEFT)
    assert window.document.path == tmp_path / "orders_2.py"
    assert mine.read_text() == "# mine\n"
    assert (tmp_path / "orders.csv").exists()
    assert not window.trusting.waits, "what was made here runs without a question"
    assert window.start.gallery.dialog is None


def test_the_empty_canvas_tells_of_it(window: Window) -> None:
    window.document.new()
    assert any("Shift+F1" in line for line in window.canvases.current.viewer.hint)

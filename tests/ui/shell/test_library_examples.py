"""The help of a node shows its example, and opens it as a small flow to be played with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from pytestqt.qtbot import QtBot

from flodesk.engine.client import InProcess
from flodesk.engine.history.settings import History
from flodesk.flow.catalog import OURS, Catalog
from flodesk.flow.example_flow import can_be_tried, example_flow
from flodesk.flow.script import write
from flodesk.ui.company import Company
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window


@pytest.fixture
def company(qtbot: QtBot, looks: Looks) -> Iterator[Company]:
    made = Company(lambda company: Window(looks, InProcess(), History(on=False), company))
    yield made
    for window in tuple(made.members):
        window.leaving = True
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def select(qtbot: QtBot, window: Window, name: str) -> None:
    library = window.library
    library.focus_search()
    qtbot.keyClicks(library.search, name)
    qtbot.waitUntil(lambda: (spec := library.selected()) is not None and spec.name == name)
    qtbot.waitUntil(lambda: f".{name}" in library.help.toPlainText())


def test_the_example_is_opened_in_a_window_of_its_own_and_runs(qtbot: QtBot, company: Company) -> None:
    window = company.new_window()
    assert isinstance(window, Window)
    before = write(window.document.flow)
    select(qtbot, window, "butterworth")
    words = window.library.help.toPlainText()
    assert "EXAMPLE" in words
    assert ">>> dsp.butterworth(noisy, cutoff=20.0).y[200:204].round(3)\narray([2., 2., 2., 2.])" in words
    qtbot.mouseClick(window.library.tries, Qt.MouseButton.LeftButton)
    assert write(window.document.flow) == before
    (other,) = (one for one in company.members if one is not window)
    assert isinstance(other, Window)
    catalog = Catalog.builtin()
    assert write(other.document.flow) == example_flow(catalog.specs[f"{OURS}.dsp.butterworth"], catalog)
    assert [view.shows for view in other.document.flow.header.panel["flow"].values()] == ["shown"]
    assert "butterworth" in other.canvases.current.board.cards
    assert not other.files.unsaved, "who has only looked at it is asked nothing when the window goes"
    assert not other.checking.now()
    with qtbot.waitSignal(other.run.finished):
        other.run.start()
    assert "shown" in {name.rpartition(".")[2] for name in other.run.engine.previews()}


def test_what_cannot_be_tried_is_for_reading(qtbot: QtBot, window: Window) -> None:
    select(qtbot, window, "poll")
    assert "GPIB0" in window.library.help.toPlainText()
    assert window.library.tries.isHidden()
    window.library.search.clear()
    select(qtbot, window, "butterworth")
    assert not window.library.tries.isHidden()


def test_the_button_is_there_for_all_that_can_be_tried() -> None:
    known = Catalog.builtin()
    wrong = [path for path, spec in known.specs.items() if can_be_tried(spec) != bool(example_flow(spec, known))]
    assert wrong == []

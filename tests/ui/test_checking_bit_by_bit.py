"""A check of a large flow stops for whatever comes between, and tells of the newest flow alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.document import Document
from flodesk.flow.edit import Move, SetParameter
from flodesk.flow.model import Literal
from flodesk.flow.script import read
from flodesk.ui import checking as module
from flodesk.ui.checking import Checking

CATALOG = Catalog.builtin()
WAIT = 60_000


def text(nodes: int, last: str = "2.0") -> str:
    lines = [f"    n{n} = maths.add({f'n{n - 1}' if n else '1.0'}, 2.0)" for n in range(nodes)]
    lines.append(f"    last = maths.scale(n{nodes - 1}, factor={last})")
    head = "import flodesk\nfrom flodesk.nodes import maths\n\n\ndef flow():\n"
    return head + "\n".join(lines) + '\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


@pytest.fixture
def checking(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checking]:
    monkeypatch.setattr(module, "AT_ONCE", 0.0)
    monkeypatch.setattr(module, "PORTION", 0.0)  # one step at a time
    document = Document()
    found = Checking(document, CATALOG)
    document.listeners.append(found.follow)
    yield found
    found.close()
    found.deleteLater()


def opened(checking: Checking, script: str) -> None:
    checking.document._start(read(script), None)


def factor(checking: Checking, value: str) -> None:
    checking.document.do(SetParameter("flow", "last", "factor", Literal(value)))


def test_others_come_between_and_all_is_found(checking: Checking, qtbot: QtBot) -> None:
    between: list[bool] = []
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: between.append(checking.busy))
    opened(checking, text(300, "'much'"))
    assert checking.busy
    assert not checking.problems
    timer.start()
    qtbot.waitUntil(lambda: not checking.busy, timeout=WAIT)
    timer.stop()
    assert sum(between) >= 5
    assert checking.problems == check(checking.document.flow, CATALOG)
    assert [p.kind for p in checking.errors] == ["literal"]


def test_an_edit_ends_the_check_of_the_flow_before(checking: Checking, qtbot: QtBot) -> None:
    told: list[list[str]] = []
    checking.changed.connect(lambda: told.append([p.message for p in checking.problems]))
    opened(checking, text(300, "'much'"))
    for _ in range(3):
        QApplication.processEvents()
    assert checking.busy
    factor(checking, "'more'")
    qtbot.waitUntil(lambda: not checking.busy, timeout=WAIT)
    assert [p.message for p in checking.problems] == [p.message for p in check(checking.document.flow, CATALOG)]
    assert not [words for words in told if any("'much'" in word for word in words)], "of a flow that was gone"


def test_a_node_that_moves_does_not_disturb_it(checking: Checking, qtbot: QtBot) -> None:
    opened(checking, text(300, "'much'"))
    checking.document.do(Move("flow", {"n1": (10.0, 10.0)}))  # its place is a line more in the header
    qtbot.waitUntil(lambda: checking._steps is not None, timeout=WAIT)
    begun = checking._steps
    for at in (20.0, 30.0):
        checking.document.do(Move("flow", {"n1": (at, 10.0)}))
        assert checking._steps is begun
    qtbot.waitUntil(lambda: not checking.busy, timeout=WAIT)
    assert [p.kind for p in checking.errors] == ["literal"]


def test_who_cannot_wait_gets_all_at_once(checking: Checking) -> None:
    opened(checking, text(300, "'much'"))
    QApplication.processEvents()
    assert checking.busy
    assert [p.kind for p in checking.now()] == ["literal"]
    assert not checking.busy


def test_the_problems_of_a_flow_are_not_shown_for_the_next(checking: Checking, qtbot: QtBot) -> None:
    opened(checking, text(3, "'much'"))
    qtbot.waitUntil(lambda: not checking.busy, timeout=WAIT)
    assert checking.errors
    opened(checking, text(300))
    assert checking.busy
    assert not checking.problems
    qtbot.waitUntil(lambda: not checking.busy, timeout=WAIT)
    assert not checking.problems


def test_a_check_that_fails_is_not_tried_for_ever(checking: Checking, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(checking, text(3))
    checking.now()

    def fails(*_: object) -> Iterator[None]:
        yield
        raise ZeroDivisionError

    monkeypatch.setattr(checking._checker, "steps", fails)
    checking._begin(0.0)
    with pytest.raises(ZeroDivisionError):
        checking._go_on(1.0)
    assert not checking.busy


def test_small_files_are_checked_as_they_are_opened(checking: Checking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 5.0)
    opened(checking, text(3, "'much'"))
    assert not checking.busy
    assert checking.errors

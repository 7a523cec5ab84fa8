"""What the run bar, the banner and the history say of a run, and of what is computed after its end."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.settings import History
from flodesk.ui.run_bar import TIGHTEST
from flodesk.ui.window import Window

TURNS = """\
import flodesk
from flodesk.nodes import maths, timing


def doubled(x: float):
    left = maths.add(x, 1.0)
    right = maths.multiply(left, 2.0)
    return right


def flow():
    for tick in timing.count(7):
        first = doubled(tick)
        second = doubled(first)


def other():
    for tock in timing.count(5):
        third = maths.add(tock, 1.0)


if __name__ == "__main__":
    flodesk.main(flow, other)
"""

STRAIGHT = """\
import flodesk, time
from flodesk.nodes import show, source


def inverse(x: float, less: float = 0.0):
    return 1 / (x - less)


def slow(x: float, wait: float = 0.0):
    time.sleep(wait)
    return x


def flow():
    given = source.constant(4.0)
    turned = inverse(given)
    waited = slow(turned, wait=0.0)
    meter = show.number(waited)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def opened(open_window: Callable[..., Window], tmp_path: Path) -> Callable[[str], Window]:
    def open_(text: str) -> Window:
        window = open_window(Host, history=History())
        path = tmp_path / "flow.py"
        path.write_text(text)
        assert window.files.open(path)
        return window

    return open_


def turn(window: Window, node: str, parameter: str, text: str) -> None:
    """Change a parameter as the inspector does."""
    from flodesk.flow.edit import SetParameter
    from flodesk.flow.model import Literal

    window.document.do(SetParameter("flow", node, parameter, Literal(text)))


def ended(qtbot: QtBot, window: Window, act: Callable[[], object]) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        act()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60000)


def test_the_iterations_are_the_turns_of_the_outermost_loops_of_all_functions(
    qtbot: QtBot, opened: Callable[[str], Window]
) -> None:
    window = opened(TURNS)
    ended(qtbot, window, window.run.start)
    assert window.run_bar.status.text().endswith("12 iterations")
    window.run.recorder.flush()
    with history() as connection:
        (found,) = store.listed(connection)
    assert found.iterations == 12
    states = window.run.engine.states()
    assert (states["flow.tick"].count, states["doubled.left"].count) == (7, 14)


def test_a_change_that_fails_after_the_end_is_said_and_one_that_mends_it_takes_that_back(
    qtbot: QtBot, opened: Callable[[str], Window]
) -> None:
    window = opened(STRAIGHT)
    ended(qtbot, window, window.run.start)
    assert window.run_bar.words()[0].startswith("Succeeded")
    ended(qtbot, window, lambda: turn(window, "given", "value", "0.0"))
    assert window.run_bar.status.text().startswith("Failed")
    assert "ZeroDivisionError" in window.bar.text
    ended(qtbot, window, lambda: turn(window, "given", "value", "2.0"))
    assert window.run_bar.status.text().startswith("Succeeded")
    assert window.bar.text == "", "what failed is mended, so it is no news any more"
    window.run.recorder.flush()
    with history() as connection:
        (found,) = store.listed(connection)
    assert found.state == "succeeded", "the run that has ended stays as it was"


def test_a_field_that_goes_back_to_its_default_is_computed_too(qtbot: QtBot, opened: Callable[[str], Window]) -> None:
    window = opened(STRAIGHT)
    ended(qtbot, window, window.run.start)
    ended(qtbot, window, lambda: turn(window, "turned", "less", "4.0"))
    assert window.run_bar.status.text().startswith("Failed")
    ended(qtbot, window, window.document.undo)
    assert window.run_bar.status.text().startswith("Succeeded")
    assert window.bar.text == ""
    assert window.run.engine.previews()["flow.meter"].value.text.startswith("0.25")


def test_what_takes_long_after_a_change_is_shown_as_a_run_and_can_be_stopped(
    qtbot: QtBot, opened: Callable[[str], Window]
) -> None:
    window = opened(STRAIGHT)
    ended(qtbot, window, window.run.start)
    with qtbot.waitSignal(window.run.finished, timeout=60_000) as blocker:
        turn(window, "waited", "wait", "60.0")
        qtbot.waitUntil(lambda: window.run_bar.stop.isEnabled(), timeout=60000)
        assert window.run_bar.status.text().startswith("Running")
        qtbot.mouseClick(window.run_bar.stop, Qt.MouseButton.LeftButton)
    assert blocker.args[0].reason in ("stopped", "killed")
    qtbot.waitUntil(lambda: not window.run_bar.stop.isEnabled(), timeout=60000)


def test_a_part_does_not_touch_the_record_of_the_run_before(qtbot: QtBot, opened: Callable[[str], Window]) -> None:
    window = opened(TURNS)
    ended(qtbot, window, window.run.start)
    path = window.document.path
    assert path is not None
    path = path.with_name("straight.py")
    path.write_text(STRAIGHT)
    assert window.files.open(path)

    def press(key: Qt.Key) -> None:
        window.canvases.current.select(["turned"])
        window.canvases.current.viewer.setFocus()
        QTest.keyClick(window.canvases.current.viewer.viewport(), key, Qt.KeyboardModifier.ControlModifier)

    ended(qtbot, window, lambda: press(Qt.Key.Key_F6))  # alone it is refused: that is no run
    assert window.run_bar.words() == ("Not run: run to given first", "warning")
    ended(qtbot, window, lambda: press(Qt.Key.Key_F5))
    assert window.run_bar.words()[0].startswith("Succeeded")
    window.run.recorder.flush()
    with history() as connection:
        found = {run.name: (run.state, run.iterations) for run in store.listed(connection)}
        part = next(run for run in store.listed(connection) if run.name.startswith("straight"))
        nodes = [node.node for node in store.nodes_of(connection, part.id)]
    assert found == {"flow": ("succeeded", 12), "straight: to flow.turned": ("succeeded", 0)}
    assert set(nodes) <= {"flow.given", "flow.turned"}


def test_the_canvas_of_another_function_shows_what_happened_while_it_was_not_seen(
    qtbot: QtBot, opened: Callable[[str], Window]
) -> None:
    window = opened(TURNS)
    window.canvases.tabs.setCurrentIndex(1)
    ended(qtbot, window, window.run.start)
    window.canvases.tabs.setCurrentIndex(0)
    qtbot.waitUntil(lambda: window.canvases.current.board.cards["tick"].live.count == 7, timeout=60000)


def test_a_failure_after_a_change_shows_the_line_as_it_is_now(qtbot: QtBot, opened: Callable[[str], Window]) -> None:
    window = opened(
        "import flodesk\nfrom flodesk.nodes import show, text\n\n\ndef flow():\n"
        "    found = text.number(12.0, digits=2)\n    shown = show.text(found)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )
    ended(qtbot, window, window.run.start)
    assert window.run_bar.status.text().startswith("Succeeded"), window.bar.text
    ended(qtbot, window, lambda: turn(window, "found", "digits", "-1"))
    assert "found = text.number(12.0, digits=-1)" in window.bar.text
    assert "digits=2" not in window.bar.text + window.log.page.toPlainText()


LOSING = """\
import flodesk
from flodesk.nodes import queue, timing

jobs = queue.Queue(2, full="drop_oldest")
lines = queue.Queue(50)


def fill():
    for tick in timing.count(12):
        job = jobs.put(tick)
        line = lines.put(tick)


def slow(x: float):
    flodesk.context().sleep(0.05)
    return x


def read():
    for given in jobs:
        seen = slow(given)


def keep():
    for kept in lines:
        held = abs(kept)


if __name__ == "__main__":
    flodesk.main(fill, read, keep)
"""


def test_what_queues_have_lost_is_said_in_the_run_bar_and_counted_at_the_foot(
    qtbot: QtBot, opened: Callable[[str], Window]
) -> None:
    window = opened(LOSING)
    ended(qtbot, window, window.run.start)
    assert window.run.last is not None
    ((name, said, lost),) = window.run.last.lost
    assert (name, lost > 0) == ("jobs", True)
    words, role = window.run_bar.words()
    assert words.startswith("Succeeded after")
    assert words.endswith(f"  ·  {lost} value{'' if lost == 1 else 's'} lost")
    assert role == "warning"
    assert window.run_bar.status.text().endswith("lost"), "where room is scarce the iterations go first"
    assert window.run_bar.status.toolTip() == f"{words}\njobs: {said}"
    qtbot.waitUntil(lambda: window.reports.log_count.text() == "Log: 2 warnings", timeout=60000)
    window.run_bar.tighten(1)
    assert window.run_bar.status.text().startswith("Succeeded")
    assert f"jobs: {said}" in window.run_bar.status.toolTip()


def test_how_long_it_takes_is_seen_in_a_narrow_bar_too(qtbot: QtBot, window: Window) -> None:
    bar, run = window.run_bar, window.run
    run.come_to("a run", 754.0, waits=True)
    bar.tighten(0)
    assert bar.status.text() == "Waiting for a worker …  12:34"
    bar.tighten(1)
    assert bar.status.text() == "Waiting  12:34"
    bar.tighten(TIGHTEST)
    assert re.fullmatch("W.*  12:34", bar.status.text())
    shown = bar.status.fontMetrics().horizontalAdvance(bar.status.text())
    assert shown <= bar.status.width()
    assert "Waiting for a worker …  12:34" in bar.status.toolTip()


def test_the_place_says_why_it_cannot_be_chosen_while_a_run_is_on(qtbot: QtBot, window: Window) -> None:
    bar, run = window.run_bar, window.run
    assert "stop it" not in bar.place.toolTip()
    run.come_to("a run", 1.0, waits=True)
    qtbot.waitUntil(lambda: not bar.place.isEnabled())
    assert bar.place.toolTip().endswith("stop it to choose another place")


@pytest.mark.parametrize("place", ["rq", "dask"])
def test_the_place_stays_in_the_bar_where_what_is_beside_it_has_no_room(
    qtbot: QtBot, window: Window, place: str
) -> None:
    bar, row = window.run_bar, window.tools
    bar.place.setCurrentIndex(bar.place.findData(place))
    beside = bar._beside[place]
    assert isinstance(beside, QToolButton)
    window.resize(1440, 800)
    qtbot.waitUntil(beside.isVisible)
    seen = set()
    for width in range(1440, 840, -20):
        window.resize(width, 800)
        qtbot.waitUntil(lambda wide=width: window.width() == wide)
        seen.add((bar.place.isVisible(), beside.isVisible()))
        row.menu.aboutToShow.emit()
        there = [action.text() for action in row.menu.actions()]
        assert (beside.text() in there) != beside.isVisible(), "what is not shown is in the menu"
        assert any(words.startswith("Run on: ") for words in there) != bar.place.isVisible()
    assert seen == {(True, True), (True, False), (False, False)}

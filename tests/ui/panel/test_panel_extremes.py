"""Limits and values at the ends of what a number can be: the panel says so and goes on; nothing is raised into Qt."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.flow.model import View
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.controls.slider import Slider
from flodesk.ui.panel.controls.switches import NumberControl
from flodesk.ui.panel.faces.dials.gauge import GaugeFace
from flodesk.ui.panel.faces.small_faces import TextFace
from flodesk.ui.panel.setting import Reading

FLOW = """# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
{views}
# ///
import flodesk
from flodesk.nodes import control


def flow():
{nodes}


if __name__ == "__main__":
    flodesk.main(flow)
"""

PROBE = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.ui.panel import ControlPanel
app = QApplication([])
document = Document()
document.open(Path(sys.argv[1]))
panel = ControlPanel(document, Catalog.builtin())
panel.resize(900, 1200)
panel.show()
panel.grab()
for key, card in panel.board.cards.items():
    parts = [w for w in card.content.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    for part in parts:
        for pressed in (Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_Home):
            QTest.keyClick(part, pressed)
    card.grab()
    print(key, card.toolTip().replace(chr(10), " "))
print("alive", flush=True)
"""


def _told_by_child(tmp_path: Path, views: list[str], nodes: list[str]) -> str:
    """Return what a panel of its own process says of a flow: a crash there is a failed test, not the end of all."""
    flow = tmp_path / "extremes.py"
    flow.write_text(
        FLOW.format(views="\n".join(f"# {v}" for v in views), nodes="\n".join(f"    {n}" for n in nodes)), "utf-8"
    )
    done = subprocess.run([sys.executable, "-c", PROBE, str(flow)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    assert "alive" in done.stdout
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    return done.stdout


def test_limits_too_far_apart_or_too_close_end_no_process(tmp_path: Path) -> None:
    wide, close = "minimum=-1e308, maximum=1e308", "minimum=0.0, maximum=5e-324"
    nodes = [f"knob_{n} = control.knob(0.0, {ends})" for n, ends in enumerate((wide, close))]
    nodes += [f"slider_{n} = control.slider(0.0, {ends})" for n, ends in enumerate((wide, close))]
    views = [f"{node.split(' ')[0]} = [{3 * n}, 0, 3, 3]" for n, node in enumerate(nodes)]
    for n, form in enumerate(("gauge", "meter", "bar", "tank", "thermometer")):
        options = f'{{ as = "show.{form}", minimum = 0.0, maximum = 5e-324 }}'
        views.append(f'{form} = {{ at = [{2 * n}, 4, 2, 4], shows = "knob_0.value", options = {options} }}')
    said = _told_by_child(tmp_path, views, nodes).splitlines()
    assert all("Nothing can be turned" in line for line in said if line.startswith(("flow.knob", "flow.slider"))), said
    assert sum("0 to 1" in line or "There is no scale" in line for line in said) == 5, said


def test_what_fails_while_it_is_painted_is_told_on_its_card(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(GaugeFace):
        tries = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            Broken.tries += 1
            self._kept_ground(float("nan"))

    monkeypatch.setattr("flodesk.ui.panel.card.face_class", lambda name: Broken)
    card = Card("flow", View("seen", "seen", 0, 0, 4, 4), Reading("flow.seen", "Seen", form="gauge", chosen=True))
    qtbot.addWidget(card)
    card.resize(300, 220)
    card.show()
    card.show_sample(Sample(1, 3.0))
    qtbot.waitUntil(lambda: isinstance(card.content, TextFace))
    assert "cannot be shown" in card.content.edit.toPlainText()  # type: ignore[union-attr]
    assert Broken.tries


def test_what_always_fails_while_it_is_painted_is_tried_twice_and_logged_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made: list[GaugeFace] = []

    class Broken(GaugeFace):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made.append(self)

        def paintEvent(self, event: QPaintEvent) -> None:
            raise RuntimeError(f"try {len(made)}")  # other words each time, as with the value in them

    monkeypatch.setattr("flodesk.ui.panel.card.face_class", lambda name: Broken)
    view, reading = View("seen", "seen", 0, 0, 4, 4), Reading("flow.seen", "Seen", form="gauge", chosen=True)
    card = Card("flow", view, reading)
    qtbot.addWidget(card)
    card.resize(300, 220)
    card.show()
    for turn in range(1, 8):
        card.show_sample(Sample(turn, float(turn)))
        qtbot.waitUntil(lambda: isinstance(card.content, TextFace))
    assert len(made) == 2
    assert "tried again with another form" in card.content.edit.toPlainText()  # type: ignore[union-attr]
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    options = (("minimum", -5.0),)
    card.show_shown(replace(view, options=options), replace(reading, options=dict(options)))
    card.show_sample(Sample(7, 7.0))
    qtbot.waitUntil(lambda: len(made) == 3 and isinstance(card.content, TextFace))


def test_what_always_fails_is_tried_again_in_the_next_run(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    open_panel: Callable[[str], ControlPanel],
    flow_text: Callable[..., str],
) -> None:
    made: list[GaugeFace] = []

    class Broken(GaugeFace):
        def paintEvent(self, event: QPaintEvent) -> None:
            if self not in made:
                made.append(self)
            raise RuntimeError("never")

    monkeypatch.setattr("flodesk.ui.panel.card.face_class", lambda name: Broken)
    panel = open_panel(flow_text(["seen = show.gauge(1.0)"], ["seen = [0, 0, 4, 4]"]))
    card = panel.board.cards["flow.seen"]
    for turn in range(1, 6):
        panel.show_values({"flow.seen": Sample(turn, float(turn))})
        qtbot.waitUntil(lambda: isinstance(card.content, TextFace))
    assert len(made) == 2
    panel.look_back("another run")
    panel.show_values({"flow.seen": Sample(1, 1.5)})
    qtbot.waitUntil(lambda: len(made) == 3 and isinstance(card.content, TextFace))


@pytest.mark.parametrize(
    ("node", "most"),
    [
        ("slider(0.0, minimum=0.0, maximum=5e-324)", 5e-324),
        ("knob(0.0, minimum=0.0, maximum=5e-324)", 5e-324),
        ("number(0.0, minimum=0.0, maximum=5e-324, step=0.5)", 5e-324),
        ("slider(0.0, minimum=0.0, maximum=10.0)", 10.0),
    ],
)
def test_no_hand_sets_more_than_the_node_takes(
    qtbot: QtBot, open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], node: str, most: float
) -> None:
    """Whatever the scale is: that of the node has nothing between its ends, or that of the view has."""
    view = "x = { at = [0, 0, 6, 4], options = { maximum = 5e-324 } }"
    panel = open_panel(flow_text([f"x = control.{node}"], [view]))
    card = panel.board.cards["flow.x"]
    told: list[float] = []
    card.turned.connect(told.append)
    content = card.content
    assert isinstance(content, Slider | NumberControl)
    for part in (content.field, *([content.track] if isinstance(content, Slider) else [])):
        part.setFocus()
        for key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Up):
            qtbot.keyClick(part, key)
    if isinstance(content, Slider):
        track = content.track
        qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=track.rect().center())
        qtbot.mouseMove(track, QPoint(track.width() - 9, track.rect().center().y() - 60))
        qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(track.width() - 9, 5))
    content.field.selectAll()
    qtbot.keyClicks(content.field, "1000")
    qtbot.keyClick(content.field, Qt.Key.Key_Return)
    assert all(0.0 <= value <= most for value in told), told
    assert told
    assert content.setting.value == most

"""What a view gives away, read back: pictures, data, Python; by menu and by key."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host, Sample
from flodesk.flow import forms
from flodesk.flow.model import View
from flodesk.indicators.as_text import python_text
from flodesk.indicators.columns import NoColumnsError, columns, parquet_there, write
from flodesk.nodes import show
from flodesk.public import Bars, Gauge, Heat, Image, Lane, Line, Note, Number, Sheet, Timeline, Trace, Waveform
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme


def card(qtbot: QtBot, value: Any, title: str = "Bath/level") -> Card:
    made = Card("flow", View("view", "node", 0, 0, 6, 6), Reading("flow.value", title))
    qtbot.addWidget(made)
    made.resize(420, 260)
    made.show()
    qtbot.waitExposed(made)
    made.show_sample(Sample(1, value))
    return made


X = np.linspace(0.0, 1.0, 5)
LINE = Line("", (Trace(X, X**2, "a", "V"), Trace(X, 1 - X, "b")), "Time", "s")


# ------------------------------------------------------------------ pictures
_SOME = ("control.slider", "show.line", "show.gauge", "show.image", "show.table")


@pytest.mark.parametrize(
    "key", [pytest.param(f.key, marks=() if f.key in _SOME else pytest.mark.long) for f in forms.FORMS]
)
def test_every_view_is_saved_as_a_picture_of_each_kind(
    key: str, qtbot: QtBot, gallery: ModuleType, tmp_path: Path
) -> None:
    shot = gallery.SCENES[key][0]
    made = gallery.card_of(key, shot)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    for ending in ("png", "svg", "pdf"):
        made.giving.save_picture(tmp_path / f"picture.{ending}")
    image = QImage(str(tmp_path / "picture.png"))
    assert image.size() == made.size() * 2
    assert image.pixelColor(0, 0).name() == theme().raised
    drawing = QSvgRenderer(str(tmp_path / "picture.svg"))
    assert drawing.isValid()
    assert drawing.viewBox().size() == made.size()
    again = QImage(made.size(), QImage.Format.Format_RGB32)
    again.fill(QColor("#ff00ff"))
    painter = QPainter(again)
    drawing.render(painter)
    painter.end()
    assert len({again.pixelColor(x, y).name() for x in range(0, again.width(), 3) for y in range(10, 30)}) > 1
    page = (tmp_path / "picture.pdf").read_bytes()
    assert page.startswith(b"%PDF-")
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", page)
    assert box is not None
    size = QSize(round(float(box[1]) * 96 / 72), round(float(box[2]) * 96 / 72))
    assert abs(size.width() - made.width()) <= 1
    assert abs(size.height() - made.height()) <= 1


def test_a_picture_is_copied_by_key_and_the_menu_opened_by_one(qtbot: QtBot) -> None:
    made = card(qtbot, Number("", 3.5, "V"))
    assert made.focusPolicy() & Qt.FocusPolicy.TabFocus, "what has no keys of its own is reached as a whole"
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    with qtbot.waitSignal(made.giving.said):
        qtbot.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    assert QGuiApplication.clipboard().image().size() == made.size() * 2
    qtbot.keyClick(made, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    menu = made.findChild(QMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Save picture…", "Save data as shown…", "Save all data…", "Copy as picture", "Copy as Python",
    ]  # fmt: skip
    assert not menu.actions()[2].isEnabled(), "there is no engine to ask"
    menu.close()


def test_the_message_names_a_control_by_its_title(
    qtbot: QtBot, open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str]
) -> None:
    body = ['go = control.button(label="Go")', 'gain = control.slider(1.0, label="Gain")']
    panel = open_panel(flow_text(body, ["go = [0, 0, 3, 2]", "gain = [3, 0, 6, 2]"]))
    for key, title in (("flow.go", "Go"), ("flow.gain", "Gain")):
        with qtbot.waitSignal(panel.refused) as heard:
            panel.board.cards[key].giving.copy_picture()
        assert heard.args == [f"A picture of “{title}” is on the clipboard."]


def test_a_picture_that_cannot_be_written_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    made = card(qtbot, Number("", 3.5))
    made.giving.save_picture(tmp_path / "nowhere" / "x.png")
    box = made.findChild(QMessageBox)
    assert box is not None
    assert "could not be written" in box.text()
    box.close()


# ------------------------------------------------------------------ data
def test_the_data_of_each_kind_are_columns() -> None:
    assert columns(LINE).to_dict("list") == {
        "Time (s)": X.tolist(), "a (V)": (X**2).tolist(), "b": (1 - X).tolist(),
    }  # fmt: skip
    apart = columns(Line("", (Trace(X, X), Trace(X[:2] + 1, X[:2]))))
    assert list(apart.columns) == ["x", "y1", "x 2", "y2"]
    assert apart["y2"].isna().sum() == 3
    bars = columns(Bars("", (np.array([2, 5]),), edges=np.array([0.0, 1.0, 2.0])))
    assert bars.to_dict("list") == {"from": [0.0, 1.0], "to": [1.0, 2.0], "y1": [2, 5]}
    heat = columns(Heat("", np.array([[1.0, 2.0], [3.0, 4.0]]), 10.0, 5.0, 0.0, 0.5, y_label="height"))
    assert heat.to_dict("list") == {"height": [0.0, 0.5], "10": [1.0, 3.0], "15": [2.0, 4.0]}
    image = columns(Image("", np.array([[[1, 2, 3], [4, 5, 6]]], dtype=np.uint8)))
    assert image.iloc[1].to_dict() == {"row": 0, "column": 1, "red": 4, "green": 5, "blue": 6}
    assert columns(Gauge("", 4.5, "bar")).to_dict("list") == {"value": [4.5], "unit": ["bar"]}
    assert columns(Note("", "hello")).to_dict("list") == {"value": ["hello"]}
    line = Timeline("", 10.0, 60.0, (Lane("Door", np.array([4.0]), np.array([0]), ("on",)),))
    assert columns(line).to_dict("list") == {"name": ["Door"], "since (s)": [-6.0], "state": ["on"]}
    log = show.Log()
    log("one")
    assert columns(log("two", level="error"))[["level", "text"]].values.tolist() == [["info", "one"], ["error", "two"]]
    wave = columns(Waveform(np.array([1.0, 2.0]), 0.5))
    assert wave.to_dict("list") == {"time (s)": [0.0, 0.5], "y1": [1.0, 2.0]}
    for nothing in (Sheet(), Image(), object()):
        with pytest.raises(NoColumnsError):
            columns(nothing)


def test_what_is_shown_is_saved_and_read_back(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = card(qtbot, LINE)
    path, asked = tmp_path / "level.csv", []

    def answer(parent: object, title: str, proposal: str, filters: str, **_: object) -> tuple[str, str]:
        asked.append(proposal)
        return str(path), "CSV (*.csv)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    menu = made.menu()
    export = next(action.menu() for action in menu.actions() if action.text() == "Save and copy")
    assert isinstance(export, QMenu)
    with qtbot.waitSignal(made.giving.said) as said:
        next(action for action in export.actions() if action.text() == "Save data as shown…").trigger()
    assert asked == ["Bath_level.csv"], "a name that a file can have"
    assert said.args == [f"5 rows were saved to {path}."]
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Time (s)", "a (V)", "b"]
    assert [[float(cell) for cell in row] for row in rows[1:]] == np.column_stack([X, X**2, 1 - X]).tolist()


def test_what_is_saved_begins_in_the_folder_of_the_flow_and_a_picture_ends_as_one(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_panel: Any, flow_text: Any
) -> None:
    panel = open_panel(flow_text(['note = control.text("a")'], ["note = [0, 0, 4, 2]"]))
    note, asked = panel.board.cards["flow.note"], []

    def answer(parent: object, title: str, proposal: str, filters: str, **_: object) -> tuple[str, str]:
        asked.append(proposal)
        return str(tmp_path / "ch.csv"), "SVG drawing (*.svg)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    entries = [action for menu in note.menu().findChildren(QMenu) for action in menu.actions()]
    with qtbot.waitSignal(note.giving.said) as said:
        next(action for action in entries if action.text() == "Save picture…").trigger()
    assert asked == [str(tmp_path / "note.png")]
    assert said.args == [f"The picture was saved to {tmp_path / 'ch.csv.svg'}."]
    assert "<svg" in (tmp_path / "ch.csv.svg").read_text(encoding="utf-8")
    assert not (tmp_path / "ch.csv").exists()


def test_parquet_is_read_back_or_refused_with_what_to_do(tmp_path: Path) -> None:
    table = pd.DataFrame({"n": [1, 2], "name": ["a", None]})
    if not parquet_there():
        with pytest.raises(NoColumnsError, match="install it, or save as CSV"):
            write(table, tmp_path / "t.parquet")
        return
    assert write(table, tmp_path / "t.parquet") == 2
    assert pd.read_parquet(tmp_path / "t.parquet").equals(table)


def test_python_that_was_copied_makes_the_data(qtbot: QtBot) -> None:
    made = card(qtbot, LINE)
    made.giving.copy_python()
    space: dict[str, Any] = {}
    exec(QGuiApplication.clipboard().text(), space)
    assert space["data"]["a (V)"].tolist() == (X**2).tolist()
    table = pd.DataFrame(
        {"n": [1.5, float("nan")], "t": ['it\'s "so"\n', None], "when": pd.to_datetime(["2026-01-02", None])}
    )
    exec(python_text(Sheet("", table), "a\nb").text, space)
    assert np.isnan(space["data"]["n"][1])
    assert space["data"]["t"] == ['it\'s "so"\n', None]
    assert space["data"]["when"][1] is None
    cut = python_text(Heat("", np.zeros((60, 59))), "Bath", most=600)
    assert (cut.rows, cut.total) == (10, 60)
    assert "# The first 10 of 60 rows. “Save all data…” has all of them.\n" in cut.text
    exec(cut.text, space)
    assert len(space["data"]["0"]) == 10


# ------------------------------------------------------------------ all of it
@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Host]:
    host = Host()
    host.open(
        "import flodesk\nimport numpy as np\nfrom flodesk.nodes import show\n"
        "from flodesk.public import Signal, Waveform\n\n\n"
        "def made() -> Signal:\n    return Waveform(np.sin(np.arange(50000) / 100), 0.001)\n\n\n"
        "def flow():\n    wave = made()\n    shown = show.line(wave)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n',
        str(tmp_path / "flow.py"),
    )
    yield host
    host.close()


def test_all_of_a_curve_is_saved_by_the_engine(
    engine: Host, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.watch({"flow.shown"}, set())
    engine.start()
    qtbot.waitUntil(lambda: "flow.shown" in engine.values(), timeout=60_000)
    made = Card("flow", View("view", "node", 0, 0, 6, 6), Reading("flow.shown", "Wave"))
    qtbot.addWidget(made)
    asking = Asking(made)
    asking.engine = lambda: engine
    made.ask(asking)
    made.show_sample(engine.values()["flow.shown"])
    assert len(columns(made.giving.value)) <= 2000
    path = tmp_path / "wave.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(path), "CSV (*.csv)"))
    whole = next(action for action in made.giving.menu(made).actions() if action.text() == "Save all data…")
    assert whole.isEnabled()
    with qtbot.waitSignal(made.giving.said, timeout=60_000) as said:
        whole.trigger()
    assert said.args == [f"50 000 rows were saved to {path}."]
    table = pd.read_csv(path)
    assert table.shape == (50_000, 2)
    assert table.iloc[-1, 0] == pytest.approx(49.999)
    path = tmp_path / "nowhere" / "wave.csv"
    whole.trigger()
    qtbot.waitUntil(lambda: made.findChild(QMessageBox) is not None, timeout=60_000)
    box = made.findChild(QMessageBox)
    assert box is not None
    assert "could not be written" in box.text()
    box.close()

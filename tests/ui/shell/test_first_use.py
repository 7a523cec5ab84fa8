"""What a first-time user stumbled over: names, news that stay too long, views that nobody sees."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from flodesk.engine.preview import Preview
from flodesk.flow.graph import picture
from flodesk.ui.canvas.card import Live, spark_of
from flodesk.ui.commands import Palette
from flodesk.ui.library.shelves import shelf_title
from flodesk.ui.window import Window

STATE = '''\
"""A filter."""

import flodesk
from flodesk.nodes import dsp, show, source, timing


def clip(value):
    """Clip what comes."""
    return value / "2"


def flow():
    lowpass = dsp.Lowpass()
    for tick in timing.every(0.05):
        wave = source.sine(tick)
        clean = lowpass(wave)
        broken = clip(clean)
        n = show.number(broken)


if __name__ == "__main__":
    flodesk.main(flow)
'''


def opened(window: Window, folder: Path, text: str = STATE) -> Path:
    path = folder / "mine.py"
    path.write_text(text, encoding="utf-8")
    assert window.files.open(path)
    return path


def test_a_failure_names_the_card(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    opened(window, tmp_path, STATE.replace("lowpass(wave)", "lowpass(wave, cutoff=5000.0)"))
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: "failed" in window.bar.text, timeout=60_000)
    assert window.bar.text.startswith("flow.lowpass failed")
    assert window.canvases.calling.card_name("flow.clean") == "flow.lowpass"
    assert window.canvases.calling.card_name("flow.tick") == "flow.tick"
    assert "error" in window.reports.log_count.text()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)
    opened(window, tmp_path)
    window.commands.trigger("run.start")
    assert window.reports.log_count.text() == "Log", "the errors of the run before are counted no more"
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)


def test_a_circle_names_the_cards(window: Window, tmp_path: Path) -> None:
    text = STATE.replace("clean = lowpass(wave)", "louder = maths.add(wave, 1.0)\n        clean = lowpass(louder)")
    opened(window, tmp_path, text.replace("import dsp,", "import dsp, maths,"))
    graph = window.canvases.current.board.graph
    source = ("lowpass", graph.nodes["lowpass"].outputs[-1].name)
    reason = window.canvases.current.changes.refusal(source, ("louder", graph.nodes["louder"].inputs[-1].name), None)
    assert "“lowpass” already depends on “louder”" in reason


def test_the_first_node_of_an_own_function_is_the_first(window: Window, tmp_path: Path) -> None:
    opened(window, tmp_path)
    window.inserting.add("clip")
    assert window.canvases.current.selection() == ["clip_1"]
    window.inserting.add("clip")
    assert window.canvases.current.selection() == ["clip_2"]


def test_own_functions_have_a_shelf_of_their_own(window: Window, tmp_path: Path) -> None:
    opened(window, tmp_path)
    assert shelf_title(window.checking.catalog.specs["clip"].category) == "This file"
    window.library.search.setText("clip")
    window.library._show()
    found = [window.library.model.index(row, 0).data() for row in range(window.library.model.rowCount())]
    assert found.count("Clip") == 2


def test_a_new_view_is_scrolled_to(window: Window, qtbot: QtBot) -> None:
    window.resize(900, 600)
    window.files.open_example()
    qtbot.waitUntil(lambda: all(card.width() > 0 for card in window.panel.board.cards.values()))
    window.inserting.add("flodesk.nodes.show.number")
    qtbot.waitUntil(lambda: "flow.number" in window.panel.board.cards, timeout=60_000)
    card = window.panel.board.cards["flow.number"]
    qtbot.waitUntil(lambda: card.visibleRegion().boundingRect().height() > 0.9 * card.height() > 0)


def test_a_spectrum_shows_its_amplitudes(window: Window, tmp_path: Path) -> None:
    text = STATE.replace("        broken = clip(clean)\n        n = show.number(broken)\n", "")
    opened(window, tmp_path, text.replace("clean = lowpass(wave)", "parts = dsp.spectrum(wave)"))
    node = picture(window.document.flow, window.checking.catalog, "flow").nodes["parts"]
    ramp, curve = Preview("array", "", "", (0.0, 1.0)), Preview("array", "", "", (0.0, 9.0))
    shown = spark_of(Live(previews={"frequency": ramp, "amplitude": curve}), node)
    assert shown is curve


def test_the_palette_marks_what_is_on(window: Window, qtbot: QtBot) -> None:
    window.looks.dark()
    palette = Palette(window, window.commands)
    palette.fill("dark")
    rows = [palette.list.model().index(n, 0) for n in range(palette.list.model().rowCount())]
    tips = {row.data(): row.data(3) for row in rows}
    assert "(it is on)" in tips["Dark theme"]
    palette.deleteLater()
    window.looks.system()


def test_a_word_that_is_no_file_is_said_and_opens_no_window(tmp_path: Path) -> None:
    def flodesk(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flodesk", *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )

    done = flodesk("chek")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean: flodesk check?" in done.stderr
    done = flodesk("nothing/here.py")
    assert done.returncode == 3
    assert "there is no file nothing/here.py" in done.stderr

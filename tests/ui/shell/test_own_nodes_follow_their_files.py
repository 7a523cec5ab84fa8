"""Files of own nodes that are saved while their flow is open: ports, help, marks and runs follow them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.flow.boxes import Field
from flodesk.flow.graph import picture
from flodesk.flow.script import write
from flodesk.ui.window import Window

FLOW = """import flodesk
from flodesk.nodes import source
from nodes import mine


def flow():
    a = source.constant(4.0)
    b = mine.shrunk(a, by=2.0)
    c = mine.shrunk(b)


if __name__ == "__main__":
    flodesk.main(flow)
"""
LOOP = """import flodesk
from flodesk.nodes import timing
from nodes import mine


def flow():
    for tick in timing.every(0.02):
        b = mine.shrunk(tick, by=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
MINE = '''def shrunk(x: float, by: float = 1.0) -> float:
    """Make a number smaller."""
    return x / by
'''
SECONDS = 60_000


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "nodes").mkdir()
    (tmp_path / "nodes" / "mine.py").write_text(MINE)
    (tmp_path / "flow.py").write_text(FLOW)
    yield tmp_path
    for name in [name for name in sys.modules if name == "nodes" or name.startswith("nodes.")]:
        del sys.modules[name]


def inputs(window: Window, node: str) -> list[str]:
    graph = picture(window.document.flow, window.checking.catalog, "flow")
    return [port.name for port in graph.nodes[node].inputs]


def save(project: Path, text: str) -> None:
    """Save as editors do: to another file, which takes its place."""
    beside = project / "nodes" / "mine.py~"
    beside.write_text(text)
    beside.replace(project / "nodes" / "mine.py")


def messages(window: Window) -> list[tuple[str, str]]:
    return [(problem.node, problem.message) for problem in window.checking.problems]


def test_ports_and_help_follow_a_saved_file_and_wires_and_values_stay(
    qtbot: QtBot, window: Window, project: Path
) -> None:
    assert window.files.open(project / "flow.py")
    text = write(window.document.flow)
    assert inputs(window, "b") == ["x"]
    save(project, MINE.replace("by: float = 1.0", "floor: float, by: float = 1.0").replace("smaller", "tiny"))
    qtbot.waitUntil(lambda: inputs(window, "b") == ["x", "floor"], timeout=SECONDS)
    qtbot.waitUntil(lambda: any("floor" in message for _, message in messages(window)), timeout=SECONDS)
    assert write(window.document.flow) == text
    assert not window.document.dirty
    assert window.library.model.index(0, 0).isValid()
    assert window.checking.offered.specs["nodes.mine.shrunk"].summary == "Make a number tiny."
    save(project, MINE.replace("by: float = 1.0", "times: float = 1.0").replace("/ by", "* times"))
    qtbot.waitUntil(lambda: any("no parameter “by”" in message for _, message in messages(window)), timeout=SECONDS)
    assert ("flow.b", "“b”: shrunk has no parameter “by”.") in messages(window)
    save(project, MINE)
    qtbot.waitUntil(lambda: not messages(window), timeout=SECONDS)


def test_a_file_that_breaks_keeps_the_ports_and_marks_the_cards(qtbot: QtBot, window: Window, project: Path) -> None:
    assert window.files.open(project / "flow.py")
    save(project, MINE + "def (\n")
    qtbot.waitUntil(lambda: {node for node, _ in messages(window)} == {"flow.b", "flow.c"}, timeout=SECONDS)
    assert "line 4" in messages(window)[0][1]
    assert inputs(window, "b") == ["x"]
    card = window.canvases.current.board.cards["b"]
    assert "line 4" in card.live.problem
    save(project, MINE)
    qtbot.waitUntil(lambda: not messages(window), timeout=SECONDS)


def test_values_of_a_run_that_has_ended_are_marked_as_of_before(
    qtbot: QtBot, open_window: Callable[..., Window], project: Path
) -> None:
    window = open_window()
    assert window.files.open(project / "flow.py")
    window.run.start()
    qtbot.waitUntil(lambda: window.run.last is not None, timeout=SECONDS)
    cards = window.canvases.current.board.cards

    def marked(node: str) -> list[str]:
        return [mark.hint for mark in cards[node].live.earlier.values()]

    qtbot.waitUntil(lambda: "flow.b" in window.run.engine.previews(), timeout=SECONDS)
    save(project, MINE.replace("x / by", "x / by / 10"))
    qtbot.waitUntil(lambda: marked("b") == marked("c") == ["before change"], timeout=SECONDS)
    assert not marked("a")
    assert not window.run.active
    window.run.start()
    qtbot.waitUntil(lambda: not marked("b") and not marked("c"), timeout=SECONDS)


@pytest.mark.parametrize("engine", [None, Host], ids=["in process", "host"])
def test_a_live_run_takes_the_new_code_and_keeps_the_old_where_that_fails(
    qtbot: QtBot, open_window: Callable[..., Window], project: Path, engine: Callable[[], Host] | None
) -> None:
    window = open_window(engine) if engine is not None else open_window()
    (project / "flow.py").write_text(LOOP)
    assert window.files.open(project / "flow.py")
    window.run.start()

    def newest() -> str:
        sample = window.run.engine.previews().get("flow.b")
        return sample.value.text if sample is not None else ""

    qtbot.waitUntil(lambda: newest() != "", timeout=SECONDS)
    assert not newest().startswith("-")
    save(project, "import flo_no_such\n" + MINE.replace("x / by", "-x - 9"))
    qtbot.waitUntil(lambda: any("flo_no_such" in message for _, message in messages(window)), timeout=SECONDS)
    assert [problem.severity for problem in window.checking.problems if problem.node == "flow.b"] == ["warning"]
    before = newest()
    qtbot.waitUntil(lambda: newest() != before, timeout=SECONDS)
    assert not newest().startswith(("-", "−"))
    save(project, MINE.replace("x / by", "-x - 9"))
    qtbot.waitUntil(lambda: "take the new code" in window.statusBar().currentMessage(), timeout=SECONDS)
    qtbot.waitUntil(lambda: newest().startswith(("-", "−")), timeout=SECONDS)
    qtbot.waitUntil(lambda: not messages(window), timeout=SECONDS)
    save(project, MINE + "def (\n")
    kept = "mine.py cannot be loaded as it was saved: its nodes go on with the code that they had"
    qtbot.waitUntil(lambda: window.statusBar().currentMessage().endswith(kept), timeout=SECONDS)
    assert window.run.active
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=SECONDS)


def test_a_folder_that_comes_later_is_there_when_the_window_is_entered(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    (tmp_path / "flow.py").write_text(FLOW)
    assert window.files.open(tmp_path / "flow.py")
    (tmp_path / "nodes").mkdir()
    (tmp_path / "nodes" / "mine.py").write_text(MINE)
    window.sources.files.look()  # what entering the window does
    assert inputs(window, "b") == ["x"]
    save(tmp_path, MINE.replace("x: float", "x: float, y: float"))
    qtbot.waitUntil(lambda: inputs(window, "b") == ["x", "y"], timeout=SECONDS)


def test_a_file_in_a_folder_of_the_folder_is_followed_and_so_is_one_that_comes(
    qtbot: QtBot, open_window: Callable[..., Window], project: Path
) -> None:
    inner = project / "nodes" / "bench"
    inner.mkdir()
    (inner / "mine.py").write_text(MINE)
    (project / "flow.py").write_text(LOOP.replace("from nodes import", "from nodes.bench import"))
    window = open_window(Host)
    assert window.files.open(project / "flow.py")
    window.run.start()
    qtbot.waitUntil(lambda: window.run.iterations > 1, timeout=SECONDS)
    said: list[str] = []
    window.sources.said.connect(said.append)
    (inner / "more").mkdir()
    (inner / "mine.py").write_text(MINE.replace("by: float = 1.0", "by: float = 1.0, plus: float = 0.0"))
    qtbot.waitUntil(lambda: "plus" in {f.name for f in _fields(window)}, timeout=SECONDS)
    qtbot.waitUntil(lambda: any(words.startswith("nodes/bench/mine.py was saved") for words in said), timeout=SECONDS)
    (inner / "more" / "late.py").write_text("def late():\n    return 1\n")
    qtbot.waitUntil(lambda: "nodes.bench.more.late.late" in window.checking.catalog.specs, timeout=SECONDS)
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=SECONDS)


def _fields(window: Window) -> tuple[Field, ...]:
    return picture(window.document.flow, window.checking.catalog, "flow").nodes["b"].fields

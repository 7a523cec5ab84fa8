"""Packages in the window: what a flow calls of them has ports and help, and those that are added have shelves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import get_ident, main_thread
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from flodesk.flow import graph
from flodesk.flow.catalog import Catalog
from flodesk.flow.drawing import Drawing
from flodesk.flow.model import Flow
from flodesk.flow.script import write
from flodesk.flow.wiring.fields import set_field
from flodesk.ui.window import Window

CALLS = """import flodesk
from scipy import signal


def flow():
    noisy = [1.0, 5.0, 1.0, 5.0, 1.0, 5.0, 1.0]
    smooth = signal.savgol_filter(noisy, window_length=5, polyorder=2)


if __name__ == "__main__":
    flodesk.main(flow)
"""


METHODS = """import flodesk
from scipy import interpolate
from flodesk.nodes import show


def flow():
    high = 2.0
    times = [0.0, 1.0, 2.0]
    curve = interpolate.CubicSpline(times, times)
    area = curve.integrate(0.0, high)
    slope = curve.derivative()
    seen = show.text(curve)
    curve_2 = interpolate.CubicSpline(times, times)
    area_2 = curve_2.integrate(0.0, high)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def calls(window: Window, tmp_path: Path) -> Window:
    path = tmp_path / "calls.py"
    path.write_text(CALLS)
    assert window.files.open(path)
    return window


def known(window: Window) -> bool:
    return window.checking.catalog.find("scipy.signal.savgol_filter") is not None


def shelves(window: Window) -> set[str]:
    return {spec.category for spec in window.checking.offered.specs.values()}


def test_what_a_flow_calls_of_a_package_gets_ports_and_help_when_it_was_read(qtbot: QtBot, calls: Window) -> None:
    qtbot.waitUntil(lambda: known(calls))
    node = calls.canvases.current.board.graph.nodes["smooth"]
    assert node.spec is not None
    assert node.spec.summary == "Apply a Savitzky-Golay filter to an array."
    assert {("window_length", "5"), ("mode", "'interp'")} <= {(field.name, field.text) for field in node.fields}
    assert [port.name for port in node.inputs] == ["x", "window_length", "polyorder"]
    assert node.inputs[0].help.startswith("The data to be filtered.")
    assert "scipy.signal" in shelves(calls)
    assert not calls.checking.now()
    calls.document.new()
    qtbot.waitUntil(lambda: "scipy.signal" not in shelves(calls))


def test_many_cards_of_a_module_are_drawn_beside_the_window_before_it_hears_of_them(
    qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[bool, bool]] = []

    def drawing(flow: Flow, catalog: Catalog, *rest: Any) -> Drawing:
        drawn.append((catalog.find("scipy.signal.medfilt") is not None, get_ident() == main_thread().ident))
        return Drawing(flow, catalog, *rest)

    monkeypatch.setattr(graph, "Drawing", drawing)
    path = tmp_path / "calls.py"
    many = "".join(f"    m{n} = signal.medfilt(noisy)\n" for n in range(60))
    path.write_text(CALLS.replace("    smooth =", f"{many}    smooth ="))
    assert window.files.open(path)
    qtbot.waitUntil(lambda: known(window))
    assert window.canvases.current.board.graph.nodes["m59"].spec is not None
    assert drawn[0] == (False, True)
    assert (True, False) in drawn
    assert (True, True) not in drawn, "the window finds the picture"


def test_methods_of_an_object_of_a_package_have_ports_with_names_and_help_and_no_shelf(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "calls.py"
    path.write_text(METHODS)
    assert window.files.open(path)
    method = "scipy.interpolate.CubicSpline.integrate"
    qtbot.waitUntil(lambda: window.checking.catalog.find(method) is not None)
    nodes = window.canvases.current.board.graph.nodes
    area, several = nodes["area"], nodes["curve_2"]
    assert [port.name for port in area.inputs] == ["object", "a", "b"]
    assert area.spec is not None
    assert area.spec.summary == "Compute a definite integral over a piecewise polynomial."
    assert {field.name for field in area.fields} == {"a", "b", "extrapolate"}
    assert {"a", "b"} <= {port.name for port in several.inputs}, "an object and its one call are one card"
    assert not window.checking.now()
    assert method not in window.checking.offered.specs
    assert {spec.category for spec in window.checking.offered.specs.values()} >= {"scipy.interpolate"}
    flow, shown = window.document.flow, window.canvases.current.board.graph
    window.document.do(set_field(flow, shown, "area", "extrapolate", "True"))
    assert "area = curve.integrate(0.0, high, extrapolate=True)" in write(window.document.flow)


def test_a_mistake_in_a_call_of_a_package_is_found(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "calls.py"
    path.write_text(CALLS.replace("window_length=5", "windowlength=5"))
    assert window.files.open(path)
    qtbot.waitUntil(lambda: any("window_length" in p.hint for p in window.checking.problems))
    assert any("no parameter “windowlength”" in p.message for p in window.checking.problems)


def test_packages_of_the_user_have_shelves_in_every_window_until_they_are_removed(
    qtbot: QtBot, open_window: Callable[..., Window]
) -> None:
    window = open_window()
    told = []
    window.station.foreign.told.connect(lambda *words: told.append(words))
    window.station.foreign.add("scipy.fft")
    qtbot.waitUntil(lambda: "scipy.fft" in shelves(window))
    assert told == [("scipy.fft", 41, "")]
    assert window.checking.offered.search("fftshift")[0].path == "scipy.fft.fftshift"
    another = open_window()
    qtbot.waitUntil(lambda: "scipy.fft" in shelves(another))
    another.station.foreign.remove("scipy.fft")
    qtbot.waitUntil(lambda: "scipy.fft" not in shelves(another))
    assert open_window().station.foreign.added == ()


def test_a_package_that_is_not_there_is_told_and_not_remembered(qtbot: QtBot, window: Window) -> None:
    with qtbot.waitSignal(window.station.foreign.told) as told:
        window.station.foreign.add("scipyy.signal")
    assert told.args == ["scipyy.signal", 0, "there is no module scipyy.signal"]
    assert window.station.foreign.added == ()


def test_saving_names_in_the_header_what_the_flow_imports(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "named.py"
    header = '# /// script\n# dependencies = ["flodesk"]\n# ///\n'
    path.write_text(header + CALLS.replace("    noisy", "    import skimage.filters\n    noisy"))
    assert window.files.open(path)
    assert not window.document.dirty
    assert window.files.save()
    assert path.read_text().startswith('# /// script\n# dependencies = ["flodesk", "flodesk[images]"]\n# ///\n')
    window.document.undo()
    assert "images" not in str(window.document.flow.header.dependencies)

"""The quick way of painting a plot: the same pixels as the scene's, and no more of them than have changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.public import Line, Trace
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.setting import Reading


@pytest.fixture
def plot(qtbot: QtBot) -> LinePlot:
    """Return a plot with two curves, one of them with a gap."""
    made = LinePlot(Reading("flow.wave", "Wave"))
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    show(made, 0.0)
    return made


def show(plot: LinePlot, begin: float, gap: float = np.nan) -> None:
    """Show what follows after `begin` in s, and let it be painted."""
    x = begin + np.arange(200.0) / 100
    gapped = np.cos(5 * x)
    gapped[80:90] = gap
    traces = (Trace(x, np.sin(5 * x), "sine", "V"), Trace(x, gapped, "gapped", "V"))
    plot.show_value(Line("", traces, x_label="Time", x_unit="s"))
    for _ in range(6):
        QApplication.processEvents()


def seen(plot: LinePlot) -> QImage:
    """Return what stands on the plot, once it is laid out."""
    for _ in range(6):
        QApplication.processEvents()
    return plot.plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def counted(monkeypatch: pytest.MonkeyPatch, plot: LinePlot) -> list[str]:
    """Return a list that tells which axes are painted anew from now on."""
    painted: list[str] = []
    for name, axis in plot.axes.items():

        def paint_on(painter: Any, widget: Any, name: str = name, before: Any = axis.paint_on) -> None:
            painted.append(name)
            before(painter, widget)

        monkeypatch.setattr(axis, "paint_on", paint_on)
    return painted


def test_it_looks_as_the_scene_paints_it(plot: LinePlot, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = seen(plot)
    monkeypatch.setattr(plot.plot, "curves", lambda: None)
    assert mine == seen(plot)


def test_the_curves_are_painted(plot: LinePlot) -> None:
    with_curves = seen(plot)
    for item in plot._items:
        item.setVisible(False)
    assert with_curves != seen(plot)


def test_new_data_leave_the_axes_as_they_are(plot: LinePlot, monkeypatch: pytest.MonkeyPatch) -> None:
    painted = counted(monkeypatch, plot)
    before = seen(plot)
    show(plot, 0.0, gap=0.5)
    assert seen(plot) != before
    assert painted == []


def test_an_axis_that_runs_is_painted_alone(plot: LinePlot, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(1, 4):
        show(plot, n)
    painted = counted(monkeypatch, plot)
    show(plot, 4.0)
    assert painted == ["bottom"]


def test_more_than_curves_is_painted_by_the_scene(plot: LinePlot) -> None:
    assert plot.plot.curves() is not None
    before = seen(plot)
    plot.look.show_cursors(True)
    assert plot.plot.curves() is None
    assert seen(plot) != before
    plot.look.show_cursors(False)
    assert seen(plot) == before


def test_another_theme_is_on_all_of_it(plot: LinePlot, monkeypatch: pytest.MonkeyPatch) -> None:
    painted = counted(monkeypatch, plot)
    plot.wear_theme()
    seen(plot)
    assert painted == ["left", "bottom"]

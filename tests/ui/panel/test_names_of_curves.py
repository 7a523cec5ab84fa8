"""A curve without a name of its own has that of the value that is shown, in the legend and in what is copied."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from flodesk.engine.client import Sample
from flodesk.public import Waveform
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.faces.curves.plot import LinePlot

BODY = [
    "lowpass = dsp.Lowpass()",
    "total = maths.add(source.sine(), 1.0)",
    "smooth = lowpass(total)",
    "chart = show.line(smooth)",
]


@pytest.mark.parametrize(
    ("view", "shows", "name"),
    [
        ("a", "lowpass", "smooth"),
        ("b", "total", "total"),
        ("c", "smooth", "smooth"),
        ("chart", "chart", "smooth"),
    ],
)
def test_a_curve_is_called_as_its_value(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], view: str, shows: str, name: str
) -> None:
    line = f'{view} = {{ shows = "{shows}", at = [0, 0, 6, 5], options = {{ as = "line" }} }}'
    panel = open_panel(flow_text(BODY, [line]).replace("import control,", "import control, dsp,"))
    card = panel.board.cards[f"flow.{view}"]
    card.show_sample(Sample(1, Waveform(np.arange(5.0), 0.1, 0.0, "V")))
    plot = card.content
    assert isinstance(plot, LinePlot)
    assert [entry.name for entry in plot.legend.entries] == [name]
    plot.copying.copy()
    assert QGuiApplication.clipboard().text().splitlines()[0].split(",")[1] == name

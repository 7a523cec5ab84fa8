"""Pictures of every form of the panel, in both themes: ``python tests/ui/panel/gallery.py [FOLDER] [FORM ...]``.

Each form is put into cards as the panel has them, with values that show what it can do. Tests walk `SCENES`; run as a
program it writes the pictures of the documentation, and the page that they stand on.
"""

from __future__ import annotations

import itertools
import math
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from flodesk.engine.client import Sample
from flodesk.flow import forms
from flodesk.flow.model import View
from flodesk.nodes import show
from flodesk.public import (
    Bar,
    Bars,
    Compass,
    Fall,
    Gauge,
    Heat,
    Image,
    Lamp,
    Lane,
    Line,
    Lines,
    Markdown,
    Meter,
    Note,
    Number,
    Progress,
    Recording,
    Scatter,
    Scatter3D,
    ScopeSweep,
    Segments,
    Sheet,
    SpectrumPlot,
    StripChart,
    Surface,
    Tank,
    Thermometer,
    Timeline,
    Told,
    Trace,
    Waveform,
    Zone,
)  # fmt: skip
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.faces.small_faces import NumberFace
from flodesk.ui.panel.layout.grid import GAP, MARGIN, ROW
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Reading, Setting
from flodesk.ui.theme import DARK, LIGHT, current, theme
from flodesk.ui.theme.style import dress

sys.path.insert(0, str(Path(__file__).parent))  # the tests load this file from elsewhere
from gallery_controls import CONTROLS, Shot

DOCS = Path(__file__).resolve().parents[3] / "docs"
PICTURES = DOCS / "pictures" / "panel"
PAGE = DOCS / "panel" / "forms.md"
COLUMN = 72


_HEAD = """\
# The forms of the control panel

What a view can look like. A node of the library begins with the form of its name. A view asks for another one in its
line of the file ([`options`](../file-format.md)), which no run hears of:

    # volts = { at = [0, 0, 3, 4], shows = "level", options = { as = "show.gauge", maximum = 10 } }

A value that no node of the panel gives a title (a view of `lowpass`, or of `lowpass.order`) has one by its view,
`options = { title = "Smooth", names = "left, right" }`, in any form; `names` are those of the curves of a plot, in
their order, and one that is left out (`"left,,right"`) stays as it is. *Looks…* asks for both.

Whatever warns is said by its colour and in words. Rest the mouse on a view to read its range and zones; Tab goes from
view to view, and Ctrl+C copies the number of the one that has the keyboard.

This page and its pictures are made by `python tests/ui/panel/gallery.py`.
"""


_X = np.linspace(0.0, 2.0, 400)
_CLOUD = np.random.default_rng(7).normal(size=(4, 20_000))
_HIGH = Zone.around(warning_above=7.0, alarm_above=9.0)
_LEVELS = Zone.around(warning_below=20.0, alarm_below=10.0, alarm_above=90.0)

_ROWS, _COLUMNS = np.mgrid[0:90, 0:120]
_BEADS = np.clip(
    40 + 180 * sum(np.exp(-((_ROWS - r) ** 2 + (_COLUMNS - c) ** 2) / 40) for r, c in ((20, 30), (60, 80), (45, 50))),
    0,
    255,
).astype(np.uint8)
_HUES = np.dstack([2 * _COLUMNS, 2 * _ROWS, 255 - 2 * _COLUMNS]).clip(0, 255).astype(np.uint8)
_SPOT = 20.0 + 15.0 * np.exp(-((_ROWS - 50) ** 2 + (_COLUMNS - 70) ** 2) / 400) - _ROWS / 30
_EAST, _NORTH = np.meshgrid(np.linspace(-2, 2, 81), np.linspace(-2, 2, 81))
_HILLS = 0.03 * (_EAST**3 - _EAST) * np.exp(-(_EAST**2) / 2 - _NORTH**2) + 0.02 * np.exp(
    -8 * (_EAST - 1) ** 2 - _NORTH**2
)
_FIELD = (np.sin(_COLUMNS / 12) * np.cos(_ROWS / 10))[:61, :81] * 0.08


def _fall() -> Fall:
    """A tone that rises, and one that stays, in 140 of 200 rows."""
    time, bins = np.mgrid[0:140, 0:257]
    peaks = np.exp(-((bins - 30 - time) ** 2) / 8) + 0.3 * np.exp(-((bins - 200) ** 2) / 4)
    noise = np.abs(np.random.default_rng(1).normal(0, 2e-3, peaks.shape))
    rows = 20 * np.log10(peaks + noise + 1e-4).astype(np.float32)
    return Fall(
        "Microphone", rows, 0.0, 31.25, -139 * 0.016, 0.016, "Frequency", "Hz", "Time", "s", "dB", room=200
    )  # fmt: skip


_FALL = _fall()
_COURSE = [
    Number("Flow", 4.2 + math.sin(n / 9) * math.exp(-n / 80) + 0.1 * math.sin(3 * n), "l/min") for n in range(118)
]
_LINES = [
    (1_795_000_000.0, 1, "The bath is at 37.4 °C"),
    (1_795_000_001.25, 0, "read 1000 samples"),
    (1_795_000_002.5, 2, "The pump takes more than 2 A"),
    (1_795_000_003.75, 1, "Sweep 7 begins"),
    (1_795_000_004.031, 3, "The lamp does not answer"),
    (1_795_000_009.5, 1, "Sweep 7 goes on"),
]


def _wave(count: int, seed: int, start: float = 0.0) -> Waveform:
    """Return a noisy sine of 50 Hz."""
    t = start + np.arange(count) * 1e-3
    noise = np.random.default_rng(seed).normal(size=count)
    return Waveform(
        2.0 * np.sin(2 * np.pi * 50 * t) + 0.5 * np.sin(2 * np.pi * 180 * t) + 0.15 * noise, 1e-3, start, "V"
    )


def _strip() -> StripChart:
    """Return a chart of two slow curves after a while."""
    chart, t = show.Strip(seconds=10.0, names="bath, wanted"), np.arange(13_400) * 1e-3
    slow = 21.0 + 2.0 * np.tanh((t - 6.0) / 1.5) + 0.1 * np.random.default_rng(3).normal(size=len(t))
    return chart(Waveform(np.vstack([slow, np.where(t < 5.0, 19.0, 23.0)]), 1e-3, 0.0, "°C"))


def _scope() -> ScopeSweep:
    """Return a sweep with some before it."""
    scope = show.Scope(span=0.05, level=0.5, persistence=20)
    return scope(_wave(1200, 4))


def _spectrum() -> SpectrumPlot:
    """Return the average of ten spectra."""
    plot = show.Spectrum(average=10)
    for number in range(10):
        made = plot(_wave(1000, number))
    return made


_TAPE = Recording("", "", "recording", 128_400, 0, 52_400_000, 1000.0, 408_000.0, 128.4)
_TROUBLE = replace(
    _TAPE,
    path="/mnt/lab/volts.arrows",
    state="problem",
    dropped=1_250,
    seconds=4210.0,
    problem="/mnt/lab/volts.arrows could not be written, the disk is full: free some space, or choose another folder",
)
_RECORDER_SETTINGS = tuple(
    Setting("flow", "log", "told", name, 1, value, "switch", name)
    for name, value in (("recording", True), ("new_file", False))
)


SCENES: dict[str, tuple[Shot, ...]] = {
    **CONTROLS,
    "show.line": (
        Shot(
            (8, 5),
            Line(
                "Before and after",
                (
                    Trace(_X, np.sin(9 * _X) + 0.2 * np.sin(70 * _X), "before"),
                    Trace(_X, np.sin(9 * _X - 0.3), "after"),
                ),
                "Time",
                "s",
                "",
                "V",
            ),
        ),
    ),
    "show.strip": (
        Shot((6, 5), _strip(), "Scrolling"),
        Shot((6, 5), _strip(), "Sweeping", {"mode": "sweep"}),
    ),
    "show.scope": (Shot((8, 6), _scope(), "Scope"),),
    "show.spectrum": (
        Shot((6, 5), _spectrum(), "Amplitudes"),
        Shot((6, 5), _spectrum(), "Levels", {"scale": "decibel", "frequency": "logarithmic"}),
    ),
    "show.scatter": (
        Shot(
            (6, 5),
            Scatter(
                "Two batches",
                (
                    Trace(_CLOUD[0, :300], 0.6 * _CLOUD[0, :300] + 0.5 * _CLOUD[1, :300], "first"),
                    Trace(_CLOUD[2, :300] + 2.0, 1.0 + 0.4 * _CLOUD[3, :300], "second"),
                ),
                "Width",
                "mm",
                "Mass",
                "g",
            ),
        ),
        Shot((6, 5), Scatter("All of them", (Trace(_CLOUD[0], 0.6 * _CLOUD[0] + 0.5 * _CLOUD[1]),), "Width", "mm")),
    ),
    "show.bars": (
        Shot(
            (5, 5),
            Bars(
                "Yield",
                (np.array([81.0, 92.5, 76.0, 88.0]), np.array([79.0, 94.0, 83.0, 90.5])),
                ("Mon", "Tue", "Wed", "Thu"),
                ("line A", "line B"),
                y_unit="%",
            ),
        ),
        Shot(
            (7, 5),
            Bars(
                "Distribution",
                (np.histogram(_CLOUD[0], 40)[0],),
                (),
                (),
                np.histogram(_CLOUD[0], 40)[1],
                "Deviation",
                "mm",
                "Count",
                "",
                "20000 values",
            ),
        ),
    ),
    "show.number": (
        Shot((4, 2), Number("Pressure", 9.42, "bar"), options={"alarm_above": 9, "warning_above": 7, "digits": 3}),
        Shot((3, 2), Number("Voltage", 0.00127, "V")),
        Shot((3, 1), Number("Count", 1284)),
        Shot((3, 3), _COURSE, "Flow", options={"sparkline": 60}),
    ),
    "show.gauge": (
        Shot((3, 4), Gauge("Pressure", 4.2, "bar", 0.0, 10.0, 3, _HIGH)),
        Shot((3, 4), Gauge("Pressure", 9.4, "bar", 0.0, 10.0, 3, _HIGH)),
        Shot((3, 4), Gauge("Offset", -350.0, "V", -1000.0, 1000.0)),
        Shot((4, 2), Gauge("Flow", 7.6, "l/min", 0.0, 10.0, 3, _HIGH)),
    ),
    "show.meter": (
        Shot((4, 3), Meter("Supply", 4.2, "V", 0.0, 10.0, 3, _HIGH)),
        Shot((4, 3), Meter("Pressure", 9.4, "bar", 0.0, 10.0, 3, _HIGH)),
        Shot((3, 2), Meter("Offset", -0.35, "V", -1.0, 1.0, 3)),
        Shot((6, 5), Meter("Load", 62.0, "%", zones=_LEVELS)),
        Shot((5, 1), Meter("Flow", 7.6, "l/min", 0.0, 10.0, 3, _HIGH)),
    ),
    "show.bar": (
        Shot((4, 2), Bar("Level", 62.0, "%", zones=_LEVELS)),
        Shot((4, 2), Bar("Level", 94.0, "%", zones=_LEVELS)),
        Shot((4, 3), Bar("Offset", -3.2, "mm", -10.0, 10.0, 3)),
        Shot((2, 5), Bar("Left", 74.0, "%", zones=_LEVELS)),
        Shot((5, 1), Bar("Low", 15.0, "%", zones=_LEVELS)),
    ),
    "show.tank": (
        Shot((3, 5), Tank("Water", 640.0, "l", 0.0, 1000.0, 3, Zone.around(warning_below=200.0, alarm_above=950.0))),
        Shot((3, 5), Tank("Oil", 120.0, "l", 0.0, 1000.0, 3, Zone.around(warning_below=200.0, alarm_above=950.0))),
        Shot((5, 4), Tank("Acid", 3.25, "m³", 0.0, 5.0, 3)),
    ),
    "show.thermometer": (
        Shot((2, 5), Thermometer("Bath", 37.4, "°C", 0.0, 60.0, 3, Zone.around(alarm_above=50.0))),
        Shot((2, 5), Thermometer("Oven", 231.0, "°C", 0.0, 250.0, 3, Zone.around(warning_above=200.0))),
        Shot((5, 2), Thermometer("Room", 21.5, "°C", -20.0, 40.0, 3)),
    ),
    "show.progress": (
        Shot((4, 2), Progress("Sweep", 0.42, "", 0.0, 1.0)),
        Shot((4, 2), Progress("Download", 512.0, "", 0.0, 512.0)),
        Shot((5, 1), Progress("Batch", 7.0, "", 0.0, 20.0)),
    ),
    "show.seven_segment": (
        Shot((4, 2), Segments("Frequency", 142.857, "Hz", digits=5, decimals=2)),
        Shot((4, 2), Segments("Offset", -3.75, "V", digits=5, decimals=2, color="blue")),
        Shot((4, 3), Segments("Load", 94.5, "%", digits=4, decimals=1, zones=_LEVELS)),
        Shot((4, 2), Segments("Count", 123456.0, "", digits=5, decimals=0, color="red")),
    ),
    "show.compass": (
        Shot((3, 4), Compass("Wind", 243.0)),
        Shot((3, 4), Compass("Heading", -30.0)),
        Shot((4, 2), Compass("Drift", 91.0)),
    ),
    "show.lamp": (
        Shot((2, 2), Lamp("Ready", True)),
        Shot((2, 2), Lamp("Alarm", True, "red")),
        Shot((2, 2), Lamp("Pump", False)),
        Shot((2, 2), Lamp("Door", True, "amber"), options={"shape": "square", "on": "Open", "off": "Shut"}),
        Shot((3, 2), Lamp("Interlock", True, "red"), options={"shape": "label", "on": "TRIPPED"}),
        Shot((3, 2), Lamp("Vacuum", False), options={"shape": "label", "off": "NOT YET"}),
    ),
    "show.image": (
        Shot((5, 5), Image("Camera", _BEADS, unit="")),
        Shot((5, 5), Image("Colours", _HUES)),
        Shot((5, 5), Image("Infrared", _SPOT, unit="°C"), options={"colors": "inferno", "minimum": 15.0}),
    ),
    "show.heat": (
        Shot(
            (7, 6),
            Heat("Field", _FIELD, -0.02, 0.0005, -0.015, 0.0005, "x", "m", "y", "m", "T"),
            options={"colors": "ice and fire"},
        ),
        Shot((5, 4), Heat("Plate", _SPOT, 0, 1, 0, 1, "Column", "", "Row", "", "°C")),
    ),
    "show.waterfall": (
        Shot((7, 6), _FALL),
        Shot((7, 6), _FALL, options={"newest": "left", "colors": "turbo", "minimum": -60.0, "maximum": 0.0}),
    ),
    "show.surface": (
        Shot((7, 7), Surface("Field", _HILLS, -2.0, 0.05, -2.0, 0.05, "x", "mm", "y", "mm", "T", z_label="Flux")),
        Shot((5, 6), Heat("Plate", _SPOT, 0, 1, 0, 1, "Column", "", "Row", "", "°C"), options={"colors": "inferno"}),
    ),
    "show.scatter3d": (
        Shot(
            (7, 7), Scatter3D("Run 7", *_CLOUD[:3, :300], None, "Width", "mm", "Depth", "mm", "Height", "mm", unit="mm")
        ),
        Shot((5, 6), show.scatter3d(*_CLOUD[:3], colors=_CLOUD[3], label="Mass", unit="g").still(2000), "All of them"),
    ),
    "show.table": (
        Shot((6, 4), Sheet("Parts", pd.DataFrame({"part": ["bolt", "nut", "pin"], "mass in g": [4.21, 1.1, 0.73]}))),
    ),
    "show.states": (
        Shot(
            (8, 3),
            Timeline(
                "Oven",
                60.0,
                60.0,
                (
                    Lane("Heater", np.array([-5.0, 12.0, 30.0, 41.0]), np.array([0, 1, 0, 1]), ("on", "off")),
                    Lane(
                        "Phase",
                        np.array([-9.0, 14.0, 22.0, 48.0]),
                        np.array([0, 1, 2, 3]),
                        ("heating", "settling", "measuring", "fault"),
                    ),
                ),
            ),
        ),
        Shot((5, 2), Timeline("Door", 10, 10, (Lane("", np.array([2.0, 7.0]), np.array([0, 1]), ("off", "on")),))),
    ),
    "show.log": (
        Shot((8, 5), Lines("Messages", 1, len(_LINES), told=Told(0, _LINES))),
        Shot((4, 3), Lines("Small", 1, 3, told=Told(0, _LINES[:3]))),
    ),
    "show.recorder": (
        Shot((5, 4), replace(_TAPE, path="/data/run 7/volts.arrows")),
        Shot((5, 4), _TROUBLE),
        Shot((5, 4), replace(_TAPE, path="/data/v.part003.csv", state="paused", dropped=12, files=3, split_time=600)),
        Shot((4, 2), replace(_TAPE, path="/data/volts.csv", size=512, turns=12, seconds=12.0)),
    ),
    "show.markdown": (
        Shot(
            (6, 5),
            Markdown(
                "Report",
                "## Sweep 7\n\nThe **peak** is at *1.25 kHz*.\n\n- within limits\n- `Q` is 31\n\n"
                "| part | mass |\n|---|---|\n| bolt | 4.2 g |\n| nut | 1.1 g |\n",
            ),
        ),
    ),
    "show.text": (Shot((6, 2), Note("State", "The bath is at its temperature; the sweep goes on.")),),
}
"""What is shown of each form, by its key."""


class Ground(QWidget):
    """What is behind the cards: the panel's own colour."""

    def paintEvent(self, event: Any) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(theme().window))
        painter.end()


def card_of(key: str, shot: Shot, parent: QWidget | None = None) -> Card:
    """Return a card of a form that shows what a shot says, as large as so many cells are."""
    form = forms.named(key)
    assert form is not None
    shown: Setting | Reading
    if form.role == "control":
        shown = Setting(
            "flow", "node", "node", "value", 0, shot.value, form.name, shot.title, help=form.title, **shot.setting
        )
    else:
        shown = Reading("flow.value", shot.title, form=form.name, chosen=True, options=shot.options)
        if form.sets:
            on = shot.value.state != "paused"
            settings = tuple(s.with_value(on) if s.parameter == "recording" else s for s in _RECORDER_SETTINGS)
            shown = replace(shown, title="log", settings=settings)
    card = Card("flow", View("view", "node", 0, 0, *shot.size), shown, parent)
    card.resize(shot.size[0] * COLUMN - GAP, shot.size[1] * ROW - GAP)
    if form.role == "indicator":
        values = shot.value if isinstance(shot.value, list) else [shot.value]
        if len(values) > 1:
            _let_time_pass(card, values[0])
        for number, value in enumerate(values, 1):
            card.show_sample(Sample(number, value))
    return card


def _let_time_pass(card: Card, first: Any) -> None:
    """Let half a second pass from each value to the next of a number whose course is drawn."""
    card.show_sample(Sample(0, first))
    assert isinstance(card.content, NumberFace)
    card.content.spark.span(0.0)
    card.content.show_reading(card.content.reading)  # without what came at the time of now
    ticks = itertools.count()
    card.content.spark._clock = lambda: next(ticks) / 2  # a picture cannot wait for a minute


def stage(key: str) -> tuple[Ground, list[Card]]:
    """Return a ground with the cards of a form beside each other, not shown yet."""
    ground, cards, at, lowest = Ground(), [], MARGIN, 0
    for shot in SCENES[key]:
        card = card_of(key, shot, ground)
        card.move(at, MARGIN)
        at += card.width() + GAP
        lowest = max(lowest, card.height())
        cards.append(card)
    ground.resize(at - GAP + MARGIN, lowest + 2 * MARGIN)
    return ground, cards


def settle() -> None:
    """Let layouts and axes come to rest."""
    for _ in range(8):
        QCoreApplication.processEvents()


def write(folder: Path, keys: Iterable[str]) -> None:
    """Write the pictures of some forms in both themes."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for chosen in (DARK, LIGHT):
        dress(app, chosen)
        current.use(chosen)
        for key in keys:
            ground, _ = stage(key)
            ground.show()
            ground.setFocus()
            settle()
            image = QImage(ground.size() * 2, QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(2)
            ground.render(image, sourceRegion=QRect(ground.rect()))
            image.save(str(folder / f"{key}-{chosen.name}.png"))
            ground.close()
            ground.deleteLater()
            settle()


def page() -> str:
    """Return the page of all forms, as the table has them."""
    lines = [_HEAD.rstrip("\n")]
    for role, heading in (("indicator", "Indicators"), ("control", "Controls")):
        lines += ["", f"## {heading}"]
        for form in forms.FORMS:
            if form.role == role:
                lines += ["", f"### {form.title}: `{form.key}`", "", *_facts(form), *_pictures(form)]
    return "\n".join(lines) + "\n"


def _facts(form: forms.Form) -> list[str]:
    verb = "Shows" if form.role == "indicator" else "Sets"
    what = f"values of type {', '.join(form.types)}" if form.types else "what its own node has"
    told = [f"{verb} {what}; {form.size[0]} columns and {form.size[1]} rows at first."]
    for option in form.options:
        words = option.help or f"{option.title}."
        of = f" (one of {', '.join(option.choices)})" if option.choices else ""
        told.append(f"- `{option.name}`: {words[:1].lower()}{words[1:].removesuffix('.')}{of}")
    return [told[0], "", *told[1:], *([""] if told[1:] else [])]


def _pictures(form: forms.Form) -> list[str]:
    return [
        f"![{form.title}, {name} theme](../pictures/panel/{form.key}-{name}.png)" for name in (DARK.name, LIGHT.name)
    ]


def main() -> int:
    """Write the pictures that are asked for; without any, all of them and the page."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    write(folder, sys.argv[2:] or SCENES)
    if len(sys.argv) == 1:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(), encoding="utf-8")
    print(f"{len(SCENES if not sys.argv[2:] else sys.argv[2:])} forms in {folder}")
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())

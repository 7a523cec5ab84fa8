"""What the whole window does while a flow runs at full speed: part of `panel.py`, which runs each part."""

from __future__ import annotations

import ctypes
import ctypes.util
import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from frames import application
from nanoarrow import ArrayStream
from panel_parts import PLOTS, Found, flow, plots, scrolling_flow, wait
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from flodesk.engine.client import Host
from flodesk.ui.panel.controls.slider import Track
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

TUNED = flow(
    "    cutoff = control.slider(200.0, minimum=1.0, maximum=4000.0)\n"
    "    for tick in timing.every(0.01):\n"
    "        noisy = source.sine(tick, frequency=5.0, samples=10000, rate=10000.0)\n"
    "        clean = dsp.butterworth(noisy, cutoff=cutoff, order=4)\n"
    "        spectrum = dsp.spectrum(clean)\n"
    "        chart = show.line(clean)\n"
    "        seen = show.number(cutoff)\n",
    {"cutoff": (0, 0, 8, 1), "seen": (8, 0, 4, 1), "chart": (0, 1, 12, 6)},
)
_CHANNELS = "".join(
    f"        s{n} = source.sine(tick, frequency={n + 1}.0, samples=100, rate=10000.0)\n"
    f"        p{n} = show.line(s{n})\n"
    for n in range(PLOTS)
)
FULL = flow(f"    for tick in timing.every(0.01):\n{_CHANNELS}", plots(2))
"""16 channels of 10,000 samples a second."""
KEPT = flow(
    f'    rows = record.Arrow("kept.arrows")\n    for tick in timing.every(0.01):\n{_CHANNELS}'
    f"        kept = rows(tick, {', '.join(f's{n}' for n in range(PLOTS))})\n",
    plots(2),
)
"""The same, and every turn goes to a file."""


class _Flow:
    """A window with a flow that runs."""

    def __init__(self, text: str) -> None:
        app = application()
        looks: Looks = app.property("looks")
        self.window = Window(looks, Host())
        self.window.resize(1500, 950)
        self.window.show()
        self._path = Path(tempfile.mkdtemp()) / "live.py"
        self._path.write_text(text)
        self.window.files.open(self._path)
        wait(0.5)
        split = self.window.panel.parentWidget()
        assert isinstance(split, QSplitter)
        split.setSizes([60, 900])  # nearly all of the room is the panel's
        wait(0.3)

    def start(self) -> None:
        """Run, until values are shown."""
        before = self.window.display.shown
        self.window.run.start()
        until(lambda: self.window.display.shown > before + 5)

    def close(self) -> None:
        """Stop and close."""
        self.window.run.stop()
        wait(0.5)
        document = self.window.document
        document._saved = document.steps  # nobody is there to be asked
        self.window.close()

    def kept(self) -> Path:
        """Return the file that the flow records to."""
        return self._path.with_name("kept.arrows")


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Let the window work until something is true."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        wait(0.02)


# ------------------------------------------------------------------ memory; a slider that is dragged
def _memory(*parts: str) -> list[float]:
    """Return the memory of this process and of those that it has started, in MB; what they share counts once.

    Parameters
    ----------
    *parts : str
        Which lines of ``smaps_rollup`` to add: all of it by default.
    """
    wanted = tuple(f"{part}:" for part in parts or ("Pss",))
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found, more = {os.getpid()}, True
    while more:
        new = {process for process, parent in parents.items() if parent in found} - found
        found |= new
        more = bool(new)
    try:
        texts = [Path(f"/proc/{process}/smaps_rollup").read_text() for process in sorted(found)]
    except OSError:
        return []
    return [sum(int(line.split()[1]) for line in text.splitlines() if line.startswith(wanted)) / 1000 for text in texts]


def memory(quick: bool) -> Found:
    """Measure the memory of the program with 16 live plots."""
    live = _Flow(scrolling_flow(2))
    live.start()
    wait(1.5 if quick else 10.0)
    cards = live.window.panel.board.cards.values()
    in_sight = sum(not card.visibleRegion().isEmpty() for card in cards)
    used = _memory()
    live.close()
    parts = " + ".join(f"{part:.0f}" for part in used)
    note = f"{in_sight} plots in sight; the window and its processes: {parts}"
    whole = sum(used) if used else None
    return {"whole program with 16 live plots": (whole, 250.0, "MB", "lower", note if used else "there is no /proc")}


_PARTS = 20


def _turns(file: Path) -> list[int]:
    """Return the numbers of the turns in a recording, without the values beside them."""
    with ArrayStream.from_path(str(file)) as stream:
        place = [field.name for field in stream.schema.fields].index("turn")
        return [turn for batch in stream for turn in batch.child(place).to_pylist()]


def soak(quick: bool) -> Found:
    """Measure what 16 plots at 100 turns a second leave behind, and whether a turn is lost on its way to a file."""
    # what is held for a while (History's rings, the recorder's) fills for minutes, and its heap spreads: no growth yet
    settling, seconds = (2.0, 10.0) if quick else (600.0, 3000.0)
    live = _Flow(KEPT)
    live.start()
    wait(settling)
    sizes: list[float] = []
    part = seconds / _PARTS
    for _ in range(_PARTS):  # what is used for a moment goes again: the least of each part is what stays
        least, end = float("inf"), time.perf_counter() + part
        while time.perf_counter() < end:
            # pages of files are the system's: how many of them are here hangs on who else has them open
            least = min(least, sum(_memory("Pss_Anon", "Pss_Shmem")) or float("nan"))
            wait(min(1.0, part / 3))
        sizes.append(least)
    live.close()
    turns = _turns(live.kept())
    lost = turns[-1] + 1 - len(turns) if turns else None
    found: Found = {"  turns lost in the file": (lost, 0.0, "", "lower", f"of {len(turns)}, by their numbers")}
    if quick or np.isnan(sizes).any():  # of ten seconds nothing can be said of a day
        return found
    days = np.arange(_PARTS) * part / 86_400
    (slope, _), spread = np.polyfit(days, sizes, 1, cov=True)
    note = f"± {np.sqrt(spread[0, 0]):.0f}, from {seconds:.0f} s; {sizes[0]:.1f} MB at first, {sizes[-1]:.1f} at last"
    return {"growth in 24 h, extrapolated": (max(float(slope), 0.0), 20.0, "MB", "lower", note)} | found


def slider(quick: bool) -> Found:
    """Measure a slider that is dragged to its pixels, and whether a block is lost meanwhile."""
    seconds = 3.0 if quick else 60.0
    live = _Flow(TUNED)
    window = live.window
    live.start()
    wait(1.0)
    cards = window.panel.board.cards
    track = cards["flow.cutoff"].findChild(Track)
    assert track is not None
    sent: dict[float, float] = {}
    ages: list[float] = []
    begun = [0.0]
    order: list[float] = []

    def turned(value: object) -> None:
        assert isinstance(value, float | int)
        if float(value) not in sent:
            sent[float(value)] = begun[0]
            order.append(float(value))

    def painted(_: int) -> None:
        now, sample = time.perf_counter(), cards["flow.seen"].seen
        value = getattr(getattr(sample, "value", None), "value", None)
        if value not in sent or value not in order:
            return
        for known in order[: order.index(value) + 1]:  # those before it were seen, or passed over
            if known == value:
                ages.append(1000 * (now - sent[known]))
        del order[: order.index(value) + 1]

    def turns() -> int:
        return window.run.engine.states()["flow.clean"].count

    cards["flow.cutoff"].turned.connect(turned)
    window.display.frame_shown.connect(painted)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = track.height() // 2
    first, start = turns(), time.perf_counter()
    QTest.mousePress(track, left, none, QPoint(20, middle))
    number, way, x = 0, 1, 20
    while time.perf_counter() - start < seconds:
        number += 1
        x += way
        way = -way if not 20 < x < track.width() - 20 else way
        if way == -1 and x >= track.width() - 21:  # another lap, with values that were not set before
            sent.clear()
            order.clear()
        begun[0] = time.perf_counter()
        QTest.mouseMove(track, QPoint(x, middle))
        wait(0.016)
    QTest.mouseRelease(track, left, none, QPoint(x, middle))
    took, made = time.perf_counter() - start, turns() - first
    wait(0.5)
    live.close()
    if len(ages) < 10:
        return {"slider to pixels, p95": (None, 50.0, "ms", "lower", f"{len(ages)} values were seen of {number} moves")}
    ages.sort()
    note = f"median {statistics.median(ages):.0f}; {number} moves by QTest in {took:.0f} s, {len(ages)} values seen"
    lost = max(round(100 * took - made), 0)
    return {
        "slider to pixels, p95": (ages[int(0.95 * len(ages))], 50.0, "ms", "lower", note),
        "  blocks lost meanwhile": (
            float(lost if lost > 2 else 0), 0.0, "", "lower", f"{made} made in {took:.1f} s; those under way count"
        ),
    }  # fmt: skip


# ------------------------------------------------------------------ STOP
class _Mouse:
    """Clicks of the X server where there is one, as xdotool makes them but for its start; else QTest's."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("Xtst") if QApplication.platformName() == "xcb" else None
        self.real = name is not None
        if name is not None:
            self._x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
            self._test = ctypes.CDLL(name)
            self._x.XOpenDisplay.restype = ctypes.c_void_p
            self._display = ctypes.c_void_p(self._x.XOpenDisplay(None))

    def move(self, widget: QWidget) -> None:
        """Go to the middle of a widget."""
        at = widget.mapToGlobal(widget.rect().center())
        if self.real:
            self._test.XTestFakeMotionEvent(self._display, -1, at.x(), at.y(), ctypes.c_ulong(0))
            self._x.XSync(self._display, 0)

    def click(self, widget: QWidget) -> None:
        """Press and release."""
        if not self.real:
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
            return
        for down in (1, 0):
            self._test.XTestFakeButtonEvent(self._display, 1, down, ctypes.c_ulong(0))
        self._x.XSync(self._display, 0)


def stop(quick: bool) -> Found:
    """Measure from a click on STOP to the run being asked to stop, with plots that come as fast as they can."""
    live = _Flow(FULL)
    window, mouse = live.window, _Mouse()
    times: list[float] = []
    begun = [0.0]

    def heard() -> None:
        if window.run.phase == "stopping" and begun[0]:
            times.append(1000 * (time.perf_counter() - begun[0]))
            begun[0] = 0.0

    window.run.changed.connect(heard)
    button = window.run_bar.stop
    for number in range(6 if quick else 100):
        live.start()
        window.activateWindow()
        window.raise_()
        mouse.move(button)
        wait(0.25 + 0.013 * (number % 7))
        begun[0] = time.perf_counter()
        mouse.click(button)
        until(lambda: window.run.phase not in ("running", "stopping"), 10.0)
    in_sight = sum(not card.visibleRegion().isEmpty() for card in window.panel.board.cards.values())
    live.close()
    if not times:
        return {"STOP handled at full load, p99": (None, 50.0, "ms", "lower", "no click arrived")}
    times.sort()
    by = "clicks of the X server" if mouse.real else "clicks of QTest"
    of = f"{len(times)} {by}, {in_sight} plots in sight"
    note = f"median {statistics.median(times):.0f}, longest {times[-1]:.0f}; {of}"
    return {"STOP handled at full load, p99": (times[math.ceil(0.99 * len(times)) - 1], 50.0, "ms", "lower", note)}

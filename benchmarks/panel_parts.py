"""Curves, plots and values of the panel without a window around them: part of `panel.py`, which runs each part."""

from __future__ import annotations

import importlib.util
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from frames import application
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from flodesk.engine.client import Host, InProcess, Sample
from flodesk.engine.events import Event, RunFinished, RunStarted
from flodesk.engine.values import encode
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.nodes import show
from flodesk.public import Line, Trace, Waveform
from flodesk.ui.display import Display
from flodesk.ui.panel import ControlPanel

PLOTS, POINTS, MILLION = 16, 1000, 1_000_000
SIZE = (1600, 900)
Row = tuple[float | None, float | None, str, str, str]
Found = dict[str, Row]
"""By what it is: how much, the aim, the unit, which is better, what to know of it."""


def wait(seconds: float) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def header(views: dict[str, tuple[int, int, int, int]]) -> str:
    """Return the header of a flow with views."""
    lines = ["/// script", "[tool.flodesk]", "version = 1", "", "[tool.flodesk.panel.flow]"]
    lines += [f"{name} = {list(at)}" for name, at in views.items()]
    return "".join(f"# {line}\n" if line else "#\n" for line in [*lines, "///"])


def plots(rows: int = 4) -> dict[str, tuple[int, int, int, int]]:
    """Return places of `PLOTS` plots, four in a row."""
    return {f"p{n}": (3 * (n % 4), rows * (n // 4), 3, rows) for n in range(PLOTS)}


def flow(body: str, views: dict[str, tuple[int, int, int, int]], above: str = "") -> str:
    """Return the text of a flow."""
    imports = "import time\n\nimport flodesk\nfrom flodesk.nodes import control, dsp, record, show, source, timing\n"
    main = 'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    return f"{header(views)}{imports}{above}\n\ndef flow():\n{body}\n\n{main}"


def scrolling_flow(rows: int) -> str:
    """Return a flow with the last second of a noisy sine in each plot, 100 times a second: every axis runs."""
    return flow(
        "    for tick in timing.every(0.01):\n        noisy = block(tick)\n"
        + "".join(f"        p{n} = show.line(noisy)\n" for n in range(PLOTS)),
        plots(rows),
        "import numpy\n\n\ndef block(tick: int) -> flodesk.Waveform:\n"
        "    random = numpy.random.default_rng(tick % 50)\n"
        f"    y = numpy.sin(numpy.arange({POINTS}) / 30) + 0.3 * random.standard_normal({POINTS})\n"
        "    return flodesk.Waveform(y, dt=0.001, t0=0.01 * tick)\n",
    )


# ------------------------------------------------------------------ 16 curves of a million points
def curves(quick: bool) -> Found:
    """Measure 16 curves of 1M points: cut down where they are made, drawn in the window; and by others as they come."""
    app = application()
    random = np.random.default_rng(0)
    whole = [random.standard_normal(MILLION) for _ in range(PLOTS)]
    begun = time.thread_time()
    line = show.line(*whole)
    made = time.thread_time()
    encode(line)
    cut = 1000 * (time.thread_time() - made)
    making = 1000 * (made - begun)
    panel = _panel(flow("    p0 = show.line([1.0])\n", {"p0": (0, 0, 12, 8)}), "one.py")
    few = [np.repeat(y[:1000], 2) for y in whole]
    x = np.arange(2000.0)
    costs = []
    for frame in range(10 if quick else 40):
        traces = tuple(Trace(x, few[(n + frame) % PLOTS] + 4 * n) for n in range(PLOTS))
        start = time.thread_time()
        panel.show_values({"flow.p0": Sample(frame + 1, Line("", traces))})
        app.processEvents()
        app.processEvents()
        costs.append(1000 * (time.thread_time() - start))
    drawn = statistics.median(costs)
    stream = _stream(app, panel, random, 10 if quick else 40)
    panel.close()
    note = f"CPU: {drawn:.1f} drawn in the window, {cut:.1f} cut down in the engine's process"
    found: Found = {
        "16 curves × 1M points, a stream": stream,
        "  all of them new in each frame": (drawn + cut, None, "ms a frame", "lower", f"128 MB to read; {note}"),
        "  of this in the window": (drawn, 8.0, "ms a frame", "lower", ""),
        "  show.line of 16 × 1M, before": (making, None, "ms", "lower", "in the loop"),
    }
    some = whole[:1] if quick else whole
    times, note = PLOTS / len(some), f"of {len(some)} curve, times 16" if quick else ""
    found["  pyqtgraph, defaults"] = (times * _pyqtgraph_curves(app, some), None, "ms a frame", "lower", note)
    value, *rest, without = _matplotlib(lambda figure: times * _matplotlib_curves(figure, some))
    found["  matplotlib, defaults"] = (value, *rest, f"{without}; {note}" if note else without)
    return found


def _stream(app: QApplication, panel: ControlPanel, random: Any, frames: int) -> Row:
    """Measure the last second of 16 channels at 1 MS/s, a block a frame: what is new is looked at, and no more."""
    block = random.standard_normal((PLOTS, MILLION // 60)) + 4 * np.arange(PLOTS)[:, np.newaxis]
    strip, t0 = show.Strip(seconds=1.0), 0.0

    def chart() -> Any:
        nonlocal t0
        t0 += block.shape[1] * 1e-6
        return strip(Waveform(block, dt=1e-6, t0=t0))

    for _ in range(240):  # some seconds: as it is when it goes on
        chart()
    columns: tuple[list[float], ...] = ([], [], [])
    for frame in range(frames):
        times = [time.thread_time()]
        whole = chart()
        times.append(time.thread_time())
        encode(whole)
        times.append(time.thread_time())
        few = whole.still(2000)
        times.append(time.thread_time())
        panel.show_values({"flow.p0": Sample(1000 + frame, few)})
        app.processEvents()
        app.processEvents()
        times.append(time.thread_time())
        for costs, step in zip(columns, (0, 1, 3), strict=True):
            costs.append(1000 * (times[step + 1] - times[step]))
    parts = [statistics.median(costs) for costs in columns]
    words = "CPU: {1:.1f} cut down in the engine's process, {2:.1f} drawn in the window; the loop takes {0:.1f} before"
    return sum(parts[1:]), 8.0, "ms a frame", "lower", words.format(*parts)


def _panel(text: str, name: str) -> ControlPanel:
    path = Path(tempfile.mkdtemp()) / name
    path.write_text(text)
    document = Document()
    document.open(path)
    panel = ControlPanel(document, Catalog.builtin())
    panel.resize(*SIZE)
    panel.show()
    wait(0.3)
    return panel


def _pyqtgraph_curves(app: QApplication, whole: list[Any]) -> float:
    import pyqtgraph

    plot: Any = pyqtgraph.PlotWidget()
    plot.resize(*SIZE)
    plot.show()
    items = [plot.plot(y) for y in whole]
    wait(0.1)
    start = time.thread_time()
    for item, y in zip(items, whole, strict=True):
        item.setData(y)
    app.processEvents()
    app.processEvents()
    cost = 1000 * (time.thread_time() - start)
    plot.close()
    return cost


def _matplotlib(measure: Callable[[Any], float], unit: str = "ms a frame") -> tuple[Any, Any, str, str, str]:
    if importlib.util.find_spec("matplotlib") is None:
        return None, None, unit, "lower", "not installed: pip install -e .[bench]"
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(16, 9))
    FigureCanvasAgg(figure)
    return measure(figure), None, unit, "lower", "without a window"


def _matplotlib_curves(figure: Any, whole: list[Any]) -> float:
    axes = figure.subplots()
    for y in whole:
        axes.plot(y)
    start = time.thread_time()
    figure.canvas.draw()
    return 1000 * (time.thread_time() - start)


def _matplotlib_plots(figure: Any) -> float:
    drawn = [axes.plot(np.arange(POINTS), np.zeros(POINTS))[0] for axes in figure.subplots(4, 4).flat]
    start = time.thread_time()
    for line in drawn:
        line.set_ydata(np.random.default_rng(1).standard_normal(POINTS))
    figure.canvas.draw()
    return 1000 * (time.thread_time() - start)


# ------------------------------------------------------------------ 16 plots that scroll
def scrolling(quick: bool) -> Found:
    """Measure frames a second and the share of a core of 16 plots that scroll, fed by an engine."""
    application()
    text = scrolling_flow(4)
    panel = _panel(text, "scrolling.py")
    engine = Host()
    display = Display(engine, panel, panel)
    frames = [0]
    display.frame_shown.connect(lambda _: frames.__setitem__(0, frames[0] + 1))
    engine.open(text, "scrolling.py")
    engine.start()
    display.wake()
    wait(2.5)
    seconds = 2.0 if quick else 20.0
    before, shown, cpu, start = frames[0], display.shown, time.process_time(), time.perf_counter()
    drawing = time.thread_time()
    wait(seconds)
    took, drawing = time.perf_counter() - start, time.thread_time() - drawing
    rate, share = (frames[0] - before) / took, 100 * (time.process_time() - cpu) / took
    values = (display.shown - shown) / took / PLOTS
    rates = f"{values:.0f} values/s of each plot, pace {display.pace.rate:g}"
    in_sight = sum(not card.visibleRegion().isEmpty() for card in panel.board.cards.values())
    engine.stop()
    wait(0.3)
    display.sleep()
    panel.close()
    engine.close()
    theirs = _pyqtgraph_scrolling(1.0 if quick else 10.0)
    return {
        "16 scrolling plots, frames": (rate, 55.0, "frames/s", "higher", f"{in_sight} in sight, {rates}"),
        "16 scrolling plots, the window's process": (share, 60.0, "% of a core", "lower", "at those frames"),
        "  a frame": (
            1000 * drawing / took / rate if rate else None,
            None,
            "ms",
            "lower",
            "CPU of the window's thread",
        ),
        "  pyqtgraph, defaults, frames": (theirs[0], None, "frames/s", "higher", f"{theirs[1]:.0f} % of a core"),
        "  pyqtgraph, defaults, a frame": (10 * theirs[1] / theirs[0], None, "ms", "lower", "CPU"),
        "  matplotlib, defaults, a frame": _matplotlib(_matplotlib_plots),
    }


def _pyqtgraph_scrolling(seconds: float) -> tuple[float, float]:
    """Return frames a second, and the share of a core in %, of 16 plots with the settings that pyqtgraph comes with."""
    import pyqtgraph

    window = QWidget()
    grid = QGridLayout(window)
    items = []
    for number in range(PLOTS):
        plot: Any = pyqtgraph.PlotWidget()
        grid.addWidget(plot, number // 4, number % 4)
        items.append(plot.plot())
    window.resize(*SIZE)
    window.show()
    random = np.random.default_rng(0)
    ys = [np.sin(np.arange(POINTS) / 30) + 0.3 * random.standard_normal(POINTS) for _ in range(50)]
    x = np.arange(POINTS) / 1000
    frames = [0]

    def frame() -> None:
        frames[0] += 1
        for item in items:
            item.setData(x + 0.0167 * frames[0], ys[frames[0] % 50])

    timer = QTimer(interval=16)
    timer.timeout.connect(frame)
    timer.start()
    wait(1.0)
    before, cpu, start = frames[0], time.process_time(), time.perf_counter()
    wait(seconds)
    took = time.perf_counter() - start
    timer.stop()
    found = (frames[0] - before) / took, 100 * (time.process_time() - cpu) / took
    window.close()
    return found


# ------------------------------------------------------------------ publishing
def publish(quick: bool) -> Found:
    """Measure what a turn takes more when its value is on the screen."""
    turns = 100_000 if quick else 500_000
    found: Found = {}
    for name, value in (("a number", "1.5"), ("8 MB", "numpy.zeros(1_000_000)")):
        text = flow(
            f"    for tick in timing.count({turns}):\n        value = give(tick)\n",
            {},
            f"import numpy\n\nKEPT = {value}\n\n\ndef give(tick: int) -> object:\n    return KEPT\n",
        )
        costs = {on: min(_turn(text, turns, on) for _ in range(2 if quick else 5)) for on in (False, True)}
        note = f"a turn takes {costs[False]:.2f} µs; looking at it for the screen is in it"
        found[f"publish one value, {name}"] = (max(costs[True] - costs[False], 0.0), 5.0, "µs", "lower", note)
    return found


def _turn(text: str, turns: int, watched: bool) -> float:
    """Return the time of a turn in µs."""
    times: dict[type[Event], float] = {}
    over = threading.Event()

    def hear(event: Event) -> None:
        times[type(event)] = time.perf_counter()
        if isinstance(event, RunFinished):
            over.set()

    engine = InProcess(listener=hear)
    engine.open(text, "publish.py")
    if watched:
        engine.watch({"flow.value"}, set(), 60.0)
    engine.start()
    if not over.wait(60.0):
        sys.exit("a loop that publishes did not end")
    engine.close()
    return 1e6 * (times[RunFinished] - times[RunStarted]) / turns

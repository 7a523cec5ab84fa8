"""The way from the command to the first live plot, from a node to the screen, and whether the window stays smooth.

The peer of the start is an empty PySide6 window with one pyqtgraph plot, started in the same way in the same run.

    python benchmarks/start.py [--json] [--quick]
    python benchmarks/start.py --program PATH/TO/flodesk    # one that an installer has brought, or the portable archive

Rows
----
first plot, s
    From the start of the process to the first frame in which the live example has painted a plot.
first plot / empty window with a plot
    The same as a ratio to the peer.
node to screen, ms
    From a clock read in a node, in the engine's process, to the frame in which that reading was painted (median).
frames while a node spins, 1/s
    Paints of a widget that asks for 60 a second, while a node does ``while True: pass`` in the engine.

With ``--program`` there are two rows, by the interpreter of that program: the first plot of its very first start, in
an empty home and with everything still on the disk (Linux, as root: the system is told to forget what it has read;
the median), and that of later ones (the best).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STAMPS = """import time

import flodesk
from flodesk.nodes import show, timing


def flow():
    for tick in timing.every(0.02):
        stamp = time.perf_counter()
        shown = show.number(stamp)


if __name__ == "__main__":
    flodesk.main(flow)
"""
SPINS = """import flodesk
from flodesk.nodes import timing


def spin(x: int) -> int:
    while True:
        x += 1


def flow():
    for tick in timing.every(0.02):
        stuck = spin(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""
VIEW = """# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# shown = [0, 0, 4, 2]
# ///
"""


def plain() -> None:
    """Show a window with a plot, and say when it was painted."""
    import numpy as np
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.resize(1440, 900)
    plot = pg.PlotWidget()
    window.setCentralWidget(plot)
    plot.plot(np.sin(np.linspace(0.0, 60.0, 2000)))
    paint = plot.paintEvent

    def painted(event: object) -> None:
        paint(event)
        print(time.time() - float(os.environ["BENCH_START"]), flush=True)
        app.exit()

    plot.paintEvent = painted
    window.show()
    app.exec()


def program(file: str | None, seconds: float, what: str) -> None:
    """Start flodesk as its command does, and look on from inside."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    from flodesk.app import application
    from flodesk.cli import main as command
    from flodesk.ui.window import Window

    app = application()
    ways: list[float] = []

    class Beat(QWidget):
        """Counts its paints."""

        paints = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            """Count."""
            Beat.paints += 1

    def found() -> Window:
        return next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))

    def frame(shown: int) -> None:
        if what == "start" and shown and "flow.chart" in found().run.engine.values():
            print(time.time() - float(os.environ["BENCH_START"]), flush=True)
            finish()
        elif what == "way" and shown:
            sample = found().run.engine.values().get("flow.shown")
            if sample is not None:
                ways.append(time.perf_counter() - sample.value.value)

    def finish() -> None:
        window = found()
        window.run.close()
        app.exit()

    def watch() -> None:
        window = found()
        window.display.frame_shown.connect(frame)
        if what == "start":
            return
        window.run.start()
        QTimer.singleShot(3000, begin)

    def begin() -> None:
        Beat.paints = 0
        ways.clear()
        beat = Beat(found())
        beat.resize(20, 20)
        beat.show()
        timer = QTimer(app, interval=1000 // 60, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(beat.update)
        if what == "spin":
            timer.start()
        QTimer.singleShot(int(seconds * 1000), tell)

    def tell() -> None:
        try:
            print(Beat.paints / seconds if what == "spin" else 1e3 * statistics.median(ways), flush=True)
        finally:
            finish()

    QTimer.singleShot(0 if file is None else 50, watch)
    command([] if file is None else [file])
    os._exit(0)  # nothing of the end is measured


def child(*arguments: str, python: tuple[str, ...] = (sys.executable,), home: str = "") -> float:
    """Run this file in one of its roles, in a new home if none is named, and return the number that it prints."""
    home = home or tempfile.mkdtemp(prefix="flodesk-bench-")
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        **os.environ,
        "BENCH_START": str(time.time()),
        "FLODESK_TRUST": "all",  # nobody is there to be asked about flows in a folder of today
        "FLODESK_SETTINGS": str(Path(home, "settings.ini")),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's Python keeps compiled modules, as on any second start
    if python != (sys.executable,):
        environment |= {"HOME": home, "FLODESK_DATA": home, "PYTHONNOUSERSITE": "1"}
        environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [*python, __file__, "--role", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    try:
        return float(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        sys.exit(f"{arguments} printed no number:\n{done.stdout}{done.stderr}")


def installed(program: Path, rounds: int) -> dict[str, dict[str, object]]:
    """Measure the start of a program that brings its Python."""
    tree = program.resolve().parent.parent / "python"
    python = (str(tree / ("python.exe" if os.name == "nt" else "bin/python3")), "-P", "-X", "utf8")  # as its launcher
    forget = Path("/proc/sys/vm/drop_caches")
    rows: dict[str, dict[str, object]] = {}
    if sys.platform != "win32" and os.access(forget, os.W_OK):
        cold = []
        for _ in range(rounds):
            os.sync()
            forget.write_text("3", encoding="ascii")
            cold.append(child("start", "", "0", python=python))
        rows["first plot, nothing read yet, s"] = {"value": round(statistics.median(cold), 3), "goal": 4.0}
    home = tempfile.mkdtemp(prefix="flodesk-bench-")
    child("start", "", "0", python=python, home=home)
    warm = [child("start", "", "0", python=python, home=home) for _ in range(rounds)]
    rows["first plot, s"] = {"value": round(min(warm), 3), "goal": 2.5}
    return {name: row | {"unit": "s", "better": "lower"} for name, row in rows.items()}


def tell(rows: dict[str, dict[str, object]], as_json: bool) -> None:
    """Print the table."""
    width = max(map(len, rows))
    for name, row in rows.items():
        print(f"{name:{width}}  {row['value']:>8}  goal {row['goal']}")
    if as_json:
        print(json.dumps(rows))


def main() -> None:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--program", type=Path, help="the flodesk of an installer")
    parser.add_argument("--role", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role:
        if options.role[0] == "plain":
            plain()
        else:
            what, file, seconds = options.role
            program(file or None, float(seconds), what)
        return
    rounds = 3 if options.quick else 7
    if options.program:
        tell(installed(options.program, rounds), options.json)
        return
    seconds = "3" if options.quick else "10"
    child("plain"), child("start", "", "0")  # a warm disk
    starts, peers = [], []
    for _ in range(rounds):  # interleaved, so that a busy machine hits both
        peers.append(child("plain"))
        starts.append(child("start", "", "0"))
    folder = Path(tempfile.mkdtemp(prefix="flodesk-bench-"))
    (folder / "stamps.py").write_text(VIEW + STAMPS, encoding="utf-8")
    (folder / "spins.py").write_text(SPINS, encoding="utf-8")
    way = child("way", str(folder / "stamps.py"), seconds)
    frames = child("spin", str(folder / "spins.py"), seconds)
    start, peer = min(starts), min(peers)
    rows: dict[str, dict[str, object]] = {
        "first plot, s": {"value": round(start, 3), "goal": 3.0, "unit": "s", "better": "lower"},
        "first plot / empty window with a plot": {
            "value": round(start / peer, 2),
            "goal": 3.0,
            "unit": "",
            "better": "lower",
        },
        "node to screen, ms": {"value": round(way, 1), "goal": 50.0, "unit": "ms", "better": "lower"},
        "frames while a node spins, 1/s": {"value": round(frames, 1), "goal": 58.0, "unit": "1/s", "better": "higher"},
    }
    print(f"the empty window: {peer:.3f} s")
    tell(rows, options.json)


if __name__ == "__main__":
    main()

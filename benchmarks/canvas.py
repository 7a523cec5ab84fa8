"""What the canvas costs, beside stock NodeGraphQt and a bare QGraphicsScene.

    python benchmarks/canvas.py [--json] [--quick] [--platform offscreen|xcb] [--sizes 100 500 2000]

CPU time of the window's process, the least of some frames; each stage and size has a process of its own, all in one
run. Every frame is really painted. With ``--platform xcb`` an Xvfb is started, unless there is a display. The aims are
those of the machine that they were made on: `× bare` tells the same on any machine. ``--quick`` leaves out stock
NodeGraphQt of more than 100 nodes, and takes fewer frames.

Rows
----
pan / zoom
    A step of 20 pixels, or of 5 %, with all nodes in view; `at 100 %` with some.
drag one / drag all
    A step of the mouse, all nodes in view.
open
    From the script's text (the others: from their own calls) to the first picture.
window of 2000 nodes
    A gesture in the whole window, to its pixels; `what follows` until all is at rest.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from measuring import Row, Rows, show

SIZES = (100, 500, 2000)
STAGES = ("bare", "flodesk", "stock")
AIMS: dict[tuple[str, int], tuple[float, float]] = {
    # in ms (MB), and what that is of the bare scene, both where the aims were made
    ("pan", 2000): (33, 33 / 20),
    ("zoom", 2000): (40, 40 / 22),
    ("pan", 500): (10, 10 / 6),
    ("zoom", 500): (14, 14 / 7),
    ("drag all", 500): (22, 22 / 17),
    ("zoom", 100): (14, 14 / 6),
    ("open", 2000): (600, 600 / 110),
    ("memory", 2000): (45, 45 / 23),
}
_SEEN = ("open", "memory", "pan", "zoom", "pan at 100 %", "zoom at 100 %")
WHAT = (*_SEEN, "select all", "drag all", "drag one", "delete all", "undo")
_LONGEST = 600
"""Seconds that a stage may take: one that takes longer leaves the others their rows."""
AROUND = ("window", "around")
"""What is measured around the canvas, see `canvas_window`."""


# ------------------------------------------------------------------ inside: one stage, one size
def resident() -> float:
    """Return the memory of this process, in MB."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
    except OSError:
        return float("nan")


def stage(name: str, nodes: int, *, quick: bool) -> dict[str, float]:
    """Measure a stage."""
    from canvas_stages import SIZE, STAGES
    from frames import Frames, application
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    app = application()
    made = STAGES[name]()
    made.widget.resize(*SIZE)
    made.widget.show()
    frames = Frames(made.view, 12 if quick else 30)
    made.prepare(nodes)
    frames.settle()
    gc.collect()
    before = resident()
    found = {"open": frames.cost(made.open)}
    frames.settle()
    found["memory"] = resident() - before
    assert made.count() == nodes, f"{made.count()} cards instead of {nodes}"
    turns = 3 if quick else 12
    way = [1]

    def turn(step: Callable[[int], None]) -> float:
        way[0] = -way[0]
        return frames.cost(lambda: step(way[0]))

    def least(step: Callable[[int], None]) -> float:
        return min(turn(step) for _ in range(2 * turns))

    for where, ready in (("", made.fit), (" at 100 %", lambda: made.near(nodes // 2))):
        ready()
        frames.settle()
        found[f"pan{where}"] = least(lambda sign: made.pan(20 * sign))
        found[f"zoom{where}"] = least(lambda sign: made.zoom(1.05**sign))
    made.fit()
    frames.settle()
    found["select all"] = frames.cost(made.select_all)
    viewport, card = made.view.viewport(), nodes // 2
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for what in ("drag all", "drag one"):
        frames.settle()
        at, stood = made.at(card), made.place(card)
        if what == "drag one":
            made.select_none()
            frames.settle()
        QTest.mousePress(viewport, button, none, at)
        frames.settle()
        steps = []
        for number in range(1, 2 * turns):
            to = at + QPoint(6 * number, 3 * number)
            steps.append(frames.cost(partial(QTest.mouseMove, viewport, to), whole=what == "drag all"))
        QTest.mouseRelease(viewport, button, none, to)
        frames.settle()
        assert made.place(card) != stood, f"{what} moved nothing"
        found[what] = statistics.median(steps)
    if made.undo is not None:
        found["undo drag"] = frames.cost(made.undo)
    made.select_all()
    frames.settle()
    found["delete all"] = frames.cost(made.delete_all)
    assert made.count() == 0
    if made.undo is not None:
        found["undo"] = frames.cost(made.undo)
        assert made.count() == nodes, f"undo brought {made.count()} cards back"
    made.widget.close()
    del app
    return found


# ------------------------------------------------------------------ all of it
def run(arguments: list[str]) -> dict[str, Any]:
    """Run this file with some arguments in a process of its own; return what it found."""
    source = str(Path(__file__).resolve().parents[1] / "src")
    path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))
    with tempfile.TemporaryDirectory() as data:
        settings = {"PYTHONPATH": path, "FLODESK_DATA": data, "FLODESK_SETTINGS": str(Path(data) / "settings.ini")}
        try:
            told = subprocess.run(
                [sys.executable, __file__, *arguments],
                capture_output=True,
                text=True,
                check=False,
                env=os.environ | settings,
                timeout=_LONGEST,
            )
        except subprocess.TimeoutExpired:
            return {"wrong": f"took longer than {_LONGEST} s"}
    lines = [line for line in told.stdout.splitlines() if line.startswith("{")]
    if not lines:
        return {"wrong": (told.stderr.strip().splitlines() or [f"exit code {told.returncode}"])[-1]}
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def rows(sizes: tuple[int, ...], *, quick: bool) -> Rows:
    """Measure all stages at all sizes, then what a window does."""
    found: Rows = {}
    some = ["--quick"] if quick else []
    for nodes in sizes:
        told: dict[str, dict[str, Any]] = {}
        for name in STAGES:
            if name == "stock" and quick and nodes > 100:
                told[name] = {"wrong": "left out: --quick"}
            else:
                told[name] = run(["--inside", name, "--sizes", str(nodes), *some])
        for what in WHAT:
            found |= _compared(what, nodes, told)
    for part in AROUND:
        told_of = run(["--inside", part, *some])
        wrong = told_of.pop("wrong", "")
        found |= {name: Row(value, goal, unit) for name, (value, goal, unit) in told_of.items()}
        found |= {part: Row(None, None, note=wrong)} if wrong else {}
    return found


def _compared(what: str, nodes: int, told: dict[str, dict[str, Any]]) -> Rows:
    unit = "MB" if what == "memory" else "ms"
    aim, ratio = AIMS.get((what, nodes), (None, None))
    head = f"{nodes} nodes: {what}"
    made: Rows = {}
    bare, ours, stock = (told[name].get(what) for name in ("bare", "flodesk", "stock"))
    made[head] = Row(ours, aim, unit, note=told["flodesk"].get("wrong", ""))
    if ours is not None and bare:
        made[f"{head}, × bare scene"] = Row(ours / bare, ratio, "ratio", note=f"bare {bare:.3g} {unit}")
    if ours is not None and stock:
        made[f"{head}, × stock NodeGraphQt"] = Row(ours / stock, None, "ratio", note=f"stock {stock:.3g} {unit}")
    return made


def display() -> subprocess.Popen[bytes] | None:
    """Start an Xvfb unless there is a display."""
    if os.environ.get("DISPLAY"):
        return None
    if shutil.which("Xvfb") is None:
        sys.exit("There is no display and no Xvfb: install it (xvfb), or measure with --platform offscreen.")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        os.environ["DISPLAY"] = f":{pipe.readline().strip()}"
    return server


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default=os.environ["QT_QPA_PLATFORM"])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--inside", choices=(*STAGES, *AROUND), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside in AROUND:
        from canvas_window import PARTS

        print(json.dumps(PARTS[options.inside](options.quick)))
        return
    if options.inside:
        print(json.dumps(stage(options.inside, options.sizes[0], quick=options.quick)))
        return
    os.environ["QT_QPA_PLATFORM"] = options.platform
    server = display() if options.platform == "xcb" else None
    try:
        show(rows(tuple(options.sizes), quick=options.quick), as_json=options.json)
    finally:
        if server is not None:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

"""The aims of the control panel, measured, with pyqtgraph's defaults (and matplotlib, where it is) beside them.

    python benchmarks/panel.py [--json] [--quick] [--platform offscreen|xcb]

Each part has a process of its own. Under ``xcb``, the default where there is a display or an Xvfb can be started, the
clicks on STOP are those of the X server. Frames are really painted; on a machine that is busy with other things they
come late, so the CPU time of one is told, too. ``--quick`` takes under 45 s.

Rows
----
16 curves × 1M points
    CPU time of a frame: a block of 16,667 samples a channel taken in by a strip chart that shows the last million, cut
    down to 2,000 points each in the engine's process, and drawn. `all of them new`: 16 other arrays in each frame.
16 scrolling plots
    The last second of a noisy sine in each, 100 times a second from an engine: frames with new values in a second, and
    CPU time of the window's process.
publish one value
    What a turn of a loop takes more when its value is on the screen.
whole program with 16 live plots
    Memory of the window's and the engine's processes, what they share counted once (PSS).
slider to pixels
    A slider is dragged; 100 blocks a second of 10,000 samples → filter → spectrum → plot: from the mouse's move to the
    end of the frame with the value that was set. `blocks lost`: those that the beat has, and the loop has not made.
STOP
    From a click of the X server (offscreen: of QTest) to the run being asked to stop, with 16 channels at 10 kHz into
    16 plots.
growth in 24 h
    The same 16 channels for an hour, recorded: the slope of the memory that all processes hold (no pages of files) in
    the last fifty minutes, extrapolated to a day, and whether a turn is missing in the file. Not with ``--quick``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from canvas import display
from measuring import Row, Rows, show

PARTS = {
    "curves": "panel_parts",
    "memory": "panel_window",
    "stop": "panel_window",
    "slider": "panel_window",
    "publish": "panel_parts",
    "scrolling": "panel_parts",
    "soak": "panel_window",
}
_LONGEST, _QUICK = 5100.0, 44.0
"""Seconds that all may take: what takes longer leaves the others their rows."""


SIDE_BY_SIDE = ("curves", "memory")
"""Parts that measure no time of the clock: they need not wait for each other."""


def run(part: str, *, quick: bool, left: float) -> Rows:
    """Run a part in a process of its own, for so many seconds at most."""
    source = str(Path(__file__).resolve().parents[1] / "src")
    path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))
    with tempfile.TemporaryDirectory() as data:
        settings = {"PYTHONPATH": path, "FLODESK_DATA": data, "FLODESK_SETTINGS": str(Path(data) / "settings.ini")}
        command = [sys.executable, __file__, "--inside", part, *(["--quick"] if quick else [])]
        try:
            told = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                env=os.environ | settings | {"FLODESK_TRUST": "all", "TMPDIR": data},
                timeout=left,
            )
        except subprocess.TimeoutExpired:
            return {part: Row(None, None, note=f"not within {left:.0f} s")}
    lines = [line for line in told.stdout.splitlines() if line.startswith("{")]
    if not lines:
        return {part: Row(None, None, note=(told.stderr.strip().splitlines() or [f"exit {told.returncode}"])[-1])}
    found: dict[str, Any] = json.loads(lines[-1])
    return {name: Row(*row) for name, row in found.items()}


def main() -> None:
    """Measure and print."""
    there = bool(os.environ.get("DISPLAY") or shutil.which("Xvfb"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="xcb" if there else "offscreen")
    parser.add_argument("--only", choices=PARTS, nargs="+")
    parser.add_argument("--inside", choices=PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        found = getattr(importlib.import_module(PARTS[options.inside]), options.inside)(options.quick)
        print(json.dumps(found), flush=True)
        os._exit(0)  # what is measured is measured: nothing that a part leaves behind may keep the others waiting
    options.only = options.only or [part for part in PARTS if part != "soak" or not options.quick]
    os.environ["QT_QPA_PLATFORM"] = options.platform
    server = display() if options.platform == "xcb" else None
    try:
        rows: Rows = {}
        end = time.monotonic() + (_QUICK if options.quick else _LONGEST)

        def measured(part: str) -> Rows:
            return run(part, quick=options.quick, left=max(end - time.monotonic(), 0.5))

        with ThreadPoolExecutor() as pool:
            for found in pool.map(measured, [part for part in options.only if part in SIDE_BY_SIDE]):
                rows |= found
        for part in options.only:
            rows |= measured(part) if part not in SIDE_BY_SIDE else {}
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        where = "clicks of the X server" if options.platform == "xcb" else "offscreen"
        rows["load of the machine"] = Row(load, None, "", note=f"{os.cpu_count()} cores; {options.platform}, {where}")
        show(rows, as_json=options.json)
    finally:
        if server is not None:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

"""What each recorder keeps of 1 MS/s on one channel while the window stands still.

    python benchmarks/recording.py [--seconds 10] [--json] [--quick]

An engine in a process of its own makes 100 signals a second of 10,000 samples (8 MB/s) and records them; the process of
the window stands still for 2 s again and again (a C call that keeps its interpreter). Rows: MB/s to the file,
and which part of the turns was dropped. The file is read again, and its turns are counted.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from measuring import Row, Rows, show

from flodesk.engine.client import Host
from flodesk.engine.events import Event, RunFinished
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.reading import BEGIN

FORMATS = {"Arrow": "arrows", "Tdms": "tdms", "Hdf5": "h5", "Sqlite": "sqlite", "Csv": "csv"}
FLOW = """
import flodesk
from flodesk.nodes import record, source, timing


def flow():
    log = record.{recorder}("log.{ending}", existing="replace")
    for tick in timing.every(0.01):
        wave = source.sine(tick, samples=10_000, rate=1e6)
        told = log(wave)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def stall(seconds: float) -> None:
    """Keep the interpreter of this process, and with it every thread of the window."""
    if sys.platform == "win32":
        ctypes.PyDLL("kernel32").Sleep(round(1000 * seconds))
    else:
        ctypes.PyDLL(None).usleep(round(1e6 * seconds))


def measured(recorder: str, ending: str, seconds: float, folder: Path) -> Rows:
    """Record for so many seconds, and look at what is in the file."""
    over = threading.Event()

    def heard(event: Event) -> None:
        if isinstance(event, RunFinished):
            over.set()

    engine = Host(heard)
    try:
        engine.watch({"flow.tick"}, set())
        engine.open(FLOW.format(recorder=recorder, ending=ending), str(folder / "flow.py"))
        engine.start()
        file = folder / f"log.{ending}"
        while not (file.exists() and file.stat().st_size):
            time.sleep(0.01)
        begun = time.monotonic()
        while (left := begun + seconds - time.monotonic()) > 0:
            stall(min(2.0, left))
            time.sleep(0.1)
        passed = time.monotonic() - begun
        engine.stop()
        over.wait(60)
        last = engine.values().get("flow.tick")
    finally:
        engine.close()
    recording = opened(file)
    if ending == "csv":
        turns = sum(len(row.values[0]) for row in recording.rows(recording.values, BEGIN)) // 10_000
    else:
        turns = sum(1 for _ in recording.rows(["turn"], BEGIN))
    recording.close()
    size = file.stat().st_size / 1e6
    name = {"Tdms": "TDMS", "Hdf5": "HDF5", "Csv": "CSV", "Sqlite": "SQLite"}.get(recorder, recorder)
    came = max(turns, last.value if last is not None else 1)  # the last turn may have ended before it was recorded
    return {
        f"{name}: to the file": Row(size / passed, None, "MB/s", "higher", f"{turns} turns in {passed:.1f} s"),
        f"{name}: dropped": Row(100 * (came - turns) / came, None if ending == "csv" else 0.0, "%"),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, help="how long each recorder records: 10, and 3 with --quick")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    seconds = options.seconds or (3.0 if options.quick else 10.0)
    rows: Rows = {}
    for recorder, ending in FORMATS.items():
        with tempfile.TemporaryDirectory() as folder:
            rows |= measured(recorder, ending, seconds, Path(folder))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    rows["load of the machine"] = Row(load, None, "", note=f"{os.cpu_count()} cores")
    show(rows, as_json=options.json)


if __name__ == "__main__":
    main()

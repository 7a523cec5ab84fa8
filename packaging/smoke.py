#!/usr/bin/env python3
"""Try a flodesk that was built or installed, as somebody would who has nothing else: ``smoke.py PATH/TO/flodesk``.

It runs in an empty home, with no environment but what a desktop gives, and says what did not work: a flow, its
picture by the process that draws, the same in a process of its own, by a worker with its server and on a cluster
(``--on`` names others of these places, or none), the first window with its example, and that of a file.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

WINDOW_SECONDS = 12.0
EXAMPLE = "noisy_sine.py"
"""The flow that a first window shows, as a copy in the user's folder."""
PLACES = ("process", "dask") if os.name == "nt" else ("process", "rq", "dask")  # no package has a server for Windows
KEPT = (
    "PATH",
    "DISPLAY",
    "XAUTHORITY",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "COMSPEC",
    "PATHEXT",
    "WINDIR",
    "LANG",
    "QT_QPA_PLATFORM",
)


def environment(home: Path) -> dict[str, str]:
    """Return what a program gets on a desktop of somebody new."""
    kept = {name: value for name, value in os.environ.items() if name.upper() in KEPT}
    folders = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "TMPDIR"), str(home))
    if sys.platform.startswith("linux") and not kept.get("DISPLAY"):
        kept.setdefault("QT_QPA_PLATFORM", "offscreen")
    return kept | folders


class Smoke:
    """What is tried, one after the other."""

    def __init__(self, program: str, home: Path) -> None:
        self.program = [str(Path(program).absolute())]
        if os.name == "nt" and program.lower().endswith(".cmd"):
            self.program = [os.environ["COMSPEC"], "/c", program]
        self.home = home
        self.failed = 0

    def run(self, what: str, *arguments: str, wanted: str = "", seconds: float = 180.0) -> str:
        """Run a command to its end, and look for a word in what it says."""
        began = time.monotonic()
        try:
            done = subprocess.run(
                [*self.program, *arguments],
                env=environment(self.home),
                cwd=self.home,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=seconds,
                check=False,
            )
            said, code = done.stdout + done.stderr, done.returncode
        except (OSError, subprocess.TimeoutExpired) as error:
            said, code = str(error), -1
        self.tell(what, code == 0 and wanted in said, time.monotonic() - began, said)
        return said

    def tell(self, what: str, well: bool, seconds: float, said: str) -> None:
        """Print how one went."""
        print(f"{'ok    ' if well else 'FAILED'} {what} ({seconds:.1f} s)", flush=True)
        if not well:
            self.failed += 1
            print("       " + said.strip().replace("\n", "\n       "), flush=True)

    def window(self, *flow: Path) -> None:
        """Show the window for a while, with a file or with what it begins with, and end it as the system would."""
        what = "the window of a file" if flow else "the first window"
        began = time.monotonic()
        started = subprocess.Popen(
            [*self.program, *map(str, flow)],
            env=environment(self.home),
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        try:
            said = started.communicate(timeout=WINDOW_SECONDS)[0]
            self.tell(f"{what} stays", False, time.monotonic() - began, f"it ended: {said}")
        except subprocess.TimeoutExpired:
            started.terminate()
            try:
                said = started.communicate(timeout=20)[0]
                self.tell(f"{what} shows, and ends when asked to", "Traceback" not in said, WINDOW_SECONDS, said)
            except subprocess.TimeoutExpired:
                started.kill()
                self.tell(f"{what} ends when asked to", False, 20, "it did not, and was killed")


FLOW = """\
import flodesk
import numpy as np
from flodesk.nodes import show


def flow():
    numbers = np.linspace(0.0, 1.0, 101)
    squares = np.square(numbers)
    chart = show.line(squares)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def main(program: str, places: Sequence[str] = PLACES) -> int:
    """Try it all, and return 0 if all went well."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        flow, picture = home / "squares.py", home / "chart.png"
        flow.write_text(FLOW, encoding="utf-8")
        smoke = Smoke(program, home)
        smoke.run("it says its version", "--version", wanted="flodesk ")
        smoke.run("it checks a flow", "check", str(flow))
        smoke.run("it runs a flow, and draws its plot", "run", str(flow), "--out", f"chart={picture}", wanted="chart")
        if not picture.exists() or picture.stat().st_size < 1000:
            smoke.tell("the picture is there", False, 0.0, f"{picture} is missing or empty")
        smoke.run("its nodes are there", "nodes", wanted="array.column")
        for place in places:
            smoke.run(f"it runs a flow on {place}", "run", str(flow), "--on", place, wanted="chart")
        smoke.window()
        copies = list(home.rglob(EXAMPLE))
        if copies:
            some = ("run", str(copies[0]), "--max-iterations", "20")
            smoke.run("it runs the example of the first window", *some, wanted="chart")
        else:
            smoke.tell("the first window has an example", False, 0.0, f"there is no {EXAMPLE} in {home}")
        smoke.window(flow)
    print("all went well" if not smoke.failed else f"{smoke.failed} failed", flush=True)
    return 1 if smoke.failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the path of flodesk")
    parser.add_argument("--on", nargs="*", default=PLACES, metavar="PLACE", help=f"by default {' '.join(PLACES)}")
    options = parser.parse_args()
    sys.exit(main(options.program, options.on))

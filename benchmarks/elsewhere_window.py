"""How old a value of a worker is when the window has painted it: part of `elsewhere.py`.

    python benchmarks/elsewhere_window.py RATE VALUES [RATE VALUES ...]

For each rate, in values a second, it prints a line: the age in ms. The window is a real one, offscreen unless
``QT_QPA_PLATFORM`` says otherwise, with all that it does meanwhile. The server is that of ``FLODESK_REDIS_URL``; the
worker is on this machine, so its clock is that of the window.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from frames import application
from panel_parts import flow, wait

from flodesk.engine.client import InProcess
from flodesk.engine.places.anywhere import Anywhere
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

CLOCK = flow(
    "    for tick in timing.every(PERIOD):\n        made = now(tick)\n        seen = show.number(made)\n",
    {"seen": (0, 0, 6, 2)},
    "\n\ndef now(tick):\n    return time.time()\n",
)
SECONDS = 60.0


def node_to_pixels(period: float, values: int) -> float:
    """Return how old in ms values are in the frame that has painted them, of which 95 in 100 are newer."""
    looks: Looks = application().property("looks")
    window = Window(looks, Anywhere(InProcess()))
    window.resize(1500, 950)
    window.show()
    path = Path(tempfile.mkdtemp()) / "clock.py"
    path.write_text(CLOCK.replace("PERIOD", str(period)))
    window.files.open(path)
    window.run_bar.place.setCurrentIndex(window.run_bar.place.findData("rq"))
    wait(0.5)
    card = window.panel.board.cards["flow.seen"]
    ages: list[float] = []
    before = [0.0]

    def painted(_: int) -> None:
        made = getattr(getattr(card.seen, "value", None), "value", None)
        if isinstance(made, float) and made != before[0]:
            before[0] = made
            ages.append(time.time() - made)

    window.run.start()
    _until(lambda: window.display.shown > 5)  # the first ones come late: the session is on its way
    window.display.frame_shown.connect(painted)
    _until(lambda: len(ages) >= values)
    window.run.stop()
    _until(lambda: not window.run.engine.running)
    window.document._saved = window.document.steps  # nobody is there to be asked
    window.close()
    return sorted(ages)[int(0.95 * len(ages))] * 1e3 if len(ages) >= values else float("nan")


def _until(true: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not true() and time.monotonic() < end:
        wait(0.02)


if __name__ == "__main__":
    for rate, values in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        print(node_to_pixels(1.0 / float(rate), int(values)), flush=True)

"""Take the pictures of the window for README and guide: ``python docs/make_pictures.py``.

It starts the real program on an X display of its own (Xvfb, of one window's size) and waits until values move. All
pictures are taken by one visit: the live example in both themes, at 100 % and compared, the script beside the canvas,
the simulated voltmeter, a panel of a simulated pump and its app, and in both themes a small flow, one that has failed,
and one of 200 nodes.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
EXAMPLES = HERE.parent / "resources" / "examples"
SIZE = (1440, 900)
SECONDS = 90.0
"""The longest wait for anything; the machine may be busy."""


# ------------------------------------------------------------------ outside: a display, and the program on it
@contextlib.contextmanager
def display() -> Iterator[str]:
    """Start an X server without a screen and give its name."""
    if not shutil.which("Xvfb"):
        sys.exit("Xvfb is missing: apt install xvfb")
    read_end, write_end = os.pipe()
    screen = f"{SIZE[0]}x{SIZE[1]}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", screen, "-nolisten", "tcp"],
        pass_fds=[write_end],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as says:
            number = says.readline().strip()
        if not number:
            sys.exit("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def main() -> int:
    """Start the program with fresh settings, and let it take the pictures."""
    PICTURES.mkdir(exist_ok=True)
    with display() as name, tempfile.TemporaryDirectory() as folder:
        for file in ("noisy_sine.py", "voltmeter.py", "voltmeter.yaml"):  # copies: a recorder writes beside the flow
            shutil.copy(EXAMPLES / file, folder)
        environment = {
            **os.environ,
            "DISPLAY": name,
            "QT_QPA_PLATFORM": "xcb",
            "FLODESK_SETTINGS": str(Path(folder) / "settings"),
            "XDG_STATE_HOME": folder,
            "XDG_DATA_HOME": folder,
        }
        environment.pop("WAYLAND_DISPLAY", None)
        command = [sys.executable, str(Path(__file__).resolve()), "inside", folder]
        return subprocess.run(command, env=environment, check=False, timeout=10 * SECONDS).returncode


# ------------------------------------------------------------------ inside: the program, and who looks at it
def inside(folder: Path) -> None:
    """Run the program as a user starts it, with a thread that asks the window what it shows."""
    from PySide6.QtCore import QObject, QTimer, Signal
    from PySide6.QtWidgets import QApplication

    from flodesk.app import application, run_app
    from flodesk.ui.settings import settings
    from flodesk.ui.window import Window

    class Eye(QObject):
        asked = Signal(object)

    os.environ["FLODESK_TRUST"] = "all"
    settings().setValue("tour/seen", True)
    application()
    eye = Eye()
    eye.asked.connect(lambda work: work())
    failed: list[str] = []

    def ask(question: Callable[[], Any]) -> Any:
        """Run a question in the window's thread."""
        answer: list[Any] = []
        done = threading.Event()

        def work() -> None:
            try:
                answer.append(question())
            except Exception as error:  # noqa: BLE001 - it is raised where it was asked
                answer.append(error)
            done.set()

        eye.asked.emit(work)
        if not done.wait(SECONDS):
            raise TimeoutError("the window does not answer")
        if isinstance(answer[0], Exception):
            raise answer[0]
        return answer[0]

    def visit() -> None:
        try:
            window = ask(lambda: next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window)))
            take_all(window, ask, folder)
        except Exception:  # noqa: BLE001 - said outside, by the exit code
            failed.append(traceback.format_exc())
        eye.asked.emit(leave)

    def leave() -> None:
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))
        window.run.close()
        sys.stderr.write("".join(failed))
        sys.stderr.flush()
        os._exit(1 if failed else 0)

    QTimer.singleShot(0, threading.Thread(target=visit, daemon=True).start)
    run_app(None)


def take_all(window: Any, ask: Callable[[Callable[[], Any]], Any], folder: Path) -> None:
    """Take one picture after the other."""
    from PySide6.QtWidgets import QApplication

    from flodesk.ui.operator import Operator

    def until(true: Callable[[], Any], what: str) -> None:
        deadline = time.monotonic() + SECONDS
        while not ask(true):
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {SECONDS:g} s in vain until {what}")
            time.sleep(0.1)

    def ran(node: str, times: int) -> Callable[[], bool]:
        states = window.run.engine.states
        return lambda: node in states() and states()[node].count >= times

    def take(name: str) -> None:
        time.sleep(1.0)  # tool tips go, fitted views settle
        ask(lambda: _save(window, PICTURES / f"{name}.png"))
        print(f"{name}.png: {(PICTURES / f'{name}.png').stat().st_size / 1000:.0f} kB")

    ask(lambda: window.setGeometry(0, 0, *SIZE))
    ask(window.looks.dark)
    until(ran("flow.chart", 60), "the live example moves")
    ask(window.canvases.fit)
    take("window-dark")
    ask(window.looks.light)
    take("window-light")

    ask(window.looks.dark)
    ask(window.docks.panel.toggle)
    ask(lambda: window.show_node("flow.lowpass"))
    ask(window.canvases.current.zoom_actual)
    ask(lambda: window.canvases.current.select(["lowpass"]))
    take("canvas-close")

    ask(lambda: window.files.open(folder / "noisy_sine.py"))
    ask(lambda: _edit(window.document))
    ask(window.comparing.with_saved)
    ask(window.canvases.fit)
    take("compare")
    ask(window.comparing.stop)
    ask(window.files.save)

    ask(window.files.new)
    ask(lambda: window.files.open_example("thermostat"))
    ask(window.docks.script.toggle)
    ask(lambda: window.debugging.breakpoints.toggle(["flow.later"]))
    ask(lambda: window.canvases.current.select(["heat"]))
    ask(window.run.start)
    until(lambda: window.run.paused, "the run is held")
    ask(window.canvases.fit)
    ask(window.looks.light)
    take("script-light")
    ask(window.looks.dark)
    ask(window.run.stop)
    until(lambda: not window.run.active, "the run has stopped")
    ask(window.docks.script.toggle)

    def both(name: str) -> None:
        ask(window.canvases.fit)
        for look in ("dark", "light"):
            ask(getattr(window.looks, look))
            take(f"{name}-{look}")

    for name, text, shown in (
        ("small", SMALL, ran("flow.chart", 40)),
        ("failed", SMALL.replace("upper=0.6", "upper=tick / 0"), lambda: not window.run.active),
        ("dense", dense(), ran("flow.meter_200", 20)),
    ):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        ask(lambda name=name: window.files.open(folder / f"{name}.py"))
        ask(lambda: window.trusting.waits and window.trusting.trust_folder())
        ask(window.run.start)
        until(shown, f"the flow {name} runs")
        both(name)
        ask(window.run.stop)
        until(lambda: not window.run.active, "the run has stopped")
    ask(window.looks.dark)

    ask(window.docks.panel.toggle)
    ask(window.docks.panel.toggle_side)
    ask(lambda: window.files.open(folder / "voltmeter.py"))
    ask(window.run.start)
    until(ran("flow.rows", 60), "the voltmeter is read")
    ask(window.canvases.fit)
    take("voltmeter")
    ask(window.run.stop)
    until(lambda: not window.run.active, "the run has stopped")

    (folder / "pump.py").write_text(PANEL, encoding="utf-8")
    ask(window.docks.panel.toggle_side)
    ask(lambda: window.files.open(folder / "pump.py"))
    ask(lambda: window.panel.parentWidget().setSizes([60, 900]))
    ask(window.run.start)
    until(ran("flow.kept", 240), "the pump runs")
    ask(window.canvases.fit)
    for look in ("dark", "light"):
        ask(getattr(window.looks, look))
        take(f"panel-{look}")
    ask(window.as_app.show)
    ask(lambda: next(w for w in QApplication.topLevelWidgets() if isinstance(w, Operator)).setGeometry(0, 0, *SIZE))
    ask(window.looks.dark)
    take("app-dark")


SMALL = """\
\"\"\"A sine, its peaks cut off where that is wanted.\"\"\"
import flodesk
from flodesk.nodes import dsp, maths, show, source, timing


def flow():
    for tick in timing.every(0.05):
        wave = source.sine(tick, frequency=5.0, samples=200, rate=1000.0)
        size = dsp.rms(wave)
        large = maths.greater(size, 0.6)
        if large:
            cut = maths.clip(wave, lower=-0.6, upper=0.6)
            signal = cut
        else:
            signal = wave
        chart = show.line(signal, title="Signal")


if __name__ == "__main__":
    flodesk.main(flow)
"""
"""A loop with a branch."""


PANEL = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# pages = ["", "Recording"]
#
# [tool.flodesk.app]
# title = "Pump test stand"
#
# [tool.flodesk.panel.flow]
# speed = { at = [0, 1, 3, 2], group = "Pump" }
# valve = { at = [0, 3, 3, 2], group = "Pump", options = { as = "control.knob" } }
# pressure = { at = [3, 0, 3, 4] }
# level = { at = [6, 0, 2, 4] }
# high = { at = [8, 0, 2, 2] }
# band = { at = [8, 2, 4, 2] }
# flow_rate = { at = [10, 0, 2, 2] }
# seen = { at = [3, 5, 9, 6], group = "Signals", tab = "Trend" }
# lines = { at = [3, 5, 9, 6], group = "Signals", tab = "Ripple" }
# alarm = { at = [0, 5, 3, 3] }
# kept = { at = [0, 0, 6, 4], page = "Recording" }
# ///
\"\"\"A pump, simulated: its pressure follows speed and valve, and hums.\"\"\"
import flodesk
from flodesk.nodes import control, dsp, maths, record, show, source, timing


def flow():
    speed = control.slider(60.0, minimum=0.0, maximum=100.0, label="Speed", unit="%")
    valve = control.slider(0.4, minimum=0.0, maximum=1.0, label="Valve")
    band = control.range((2.0, 6.5), minimum=0.0, maximum=10.0, label="Wanted", unit="bar")
    trend = show.Strip(seconds=10.0, title="Pressure", unit="bar")
    ripple = show.Spectrum(title="Ripple")
    state = show.States()
    rows = record.Arrow("pump.arrows", existing="replace")
    base = maths.scale(speed, factor=0.09)
    fill = maths.scale(valve, factor=100.0)
    for tick in timing.every(0.05):
        hum = source.sine(tick, frequency=48.0, amplitude=0.4, samples=50, rate=1000.0, unit="bar")
        hiss = source.noise(tick, level=0.15, samples=50, rate=1000.0, unit="bar")
        raw = maths.add(hum, hiss, base)
        now = dsp.rms(raw)
        pressure = show.gauge(now, maximum=10.0, unit="bar", warning_above=7.0, alarm_above=9.0, title="Pressure")
        level = show.tank(fill, maximum=100.0, unit="%", title="Tank")
        above = maths.greater(now, 6.5)
        high = show.lamp(above, title="Too high")
        flow_rate = show.number(now, title="Flow", unit="l/s", digits=3)
        seen = trend(raw)
        lines = ripple(raw)
        alarm = state(above)
        kept = rows(raw)


if __name__ == "__main__":
    flodesk.main(flow)
"""
"""Pages, groups, tabs, controls and indicators, and a recorder; it is an app, too."""


def dense(nodes: int = 200) -> str:
    """Return a flow of so many nodes: filters, sums and levels of eight sines."""
    chance, lines = random.Random(4), ["    for tick in timing.every(0.05):"]
    signals: list[str] = []
    numbers: list[str] = []

    def add(kind: str, call: str) -> str:
        lines.append(f"        {kind}_{len(lines)} = {call}")
        return f"{kind}_{len(lines) - 1}"

    for _ in range(8):
        sine = f"source.sine(tick, frequency={chance.choice([3.0, 5.0, 7.5])}, samples=200, rate=1000.0)"
        signals.append(add("sine", sine))
    while len(lines) <= nodes - 4:
        one, other = chance.choice(signals[-14:]), chance.choice(signals[-14:])
        level = chance.choice(numbers[-8:]) if numbers else ""
        kind = chance.choice(["low", "sum", "mean", "level", "level", "part", "high"])
        if kind == "low":
            signals.append(add(kind, f"dsp.butterworth({one}, cutoff={chance.choice([20.0, 40.0])}, order=2)"))
        elif kind == "sum":
            signals.append(add(kind, f"maths.add({one}, {other})"))
        elif kind == "mean":
            signals.append(add(kind, f"maths.scale({one}, factor=0.5)"))
        elif kind == "level":
            numbers.append(add(kind, f"dsp.rms({one})"))
        elif level and kind == "part":
            numbers.append(add(kind, f"maths.scale({level}, factor=0.5)"))
        elif level:
            add(kind, f"maths.greater({level}, 1.0)")
    for one in (*signals[-2:], *numbers[-2:]):
        add("meter" if one in numbers else "chart", f"show.{'number' if one in numbers else 'line'}({one})")
    body = "\n".join(lines)
    head = "import flodesk\nfrom flodesk.nodes import dsp, maths, show, source, timing"
    tail = 'if __name__ == "__main__":\n    flodesk.main(flow)'
    return f"{head}\n\n\ndef flow():\n{body}\n\n\n{tail}\n"


def _edit(document: Any) -> None:
    """Change a flow in some of the ways that can be compared."""
    from flodesk.flow.edit import SetText
    from flodesk.flow.script import write

    text = write(document.flow)
    for old, new in (
        ("frequency=120.0", "frequency=60.0"),
        ("maths.add(signal, hum, hiss)", "maths.add(signal, hiss)"),
        ("        left = ", "        strongest = dsp.spectrum(stretch)\n        left = "),
        ("stretch = second(clean)", "stretch = second(noisy)"),
        ("# hiss = [280, 240]", "# hiss = [280, 400]\n# strongest = [1400, 480]"),
    ):
        if old not in text:
            raise ValueError(f"the live example has no {old!r} any more")
        text = text.replace(old, new)
    text = "".join(line for line in text.splitlines(keepends=True) if "level" not in line.split(" = ")[0])
    document.do(SetText(text.replace("level=level, ", ""), "Change some things"))


def _save(window: Any, file: Path) -> None:
    from PySide6.QtGui import QImage

    # 24 bits a pixel: there is nothing to see through, and the file is a quarter smaller
    picture = window.screen().grabWindow(0, 0, 0, *SIZE).toImage().convertToFormat(QImage.Format.Format_RGB888)
    if not picture.save(str(file), "PNG", 0):
        raise OSError(f"{file} could not be written")


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(Path(sys.argv[2]))
    else:
        sys.exit(main())

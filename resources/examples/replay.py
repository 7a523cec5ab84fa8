# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
# tags = ["measuring"]
#
# [tool.flodesk.canvas.flow]
# speed = [0, 200]
# recording = [0, 0]
# readings = [620, 300]
# recent = [620, -100]
# volt = [310, 60]
# chart = [930, -100]
# meter = [620, 110]
# summary = [930, 280]
#
# [tool.flodesk.canvas.measure]
# def = [0, -60]
# log = [310, 0]
# volt = [0, 60]
# return = [310, -160]
#
# [tool.flodesk.panel.flow]
# speed = [8, 3, 4, 2]
# chart = [0, 0, 8, 6]
# meter = [8, 0, 4, 3]
# ///
"""A noisy voltmeter is recorded for a second, and the recording is played: turn its speed while it plays."""

import random
from collections.abc import Iterator

import flodesk
from flodesk.nodes import collect, control, record, show, statistics


def voltmeter(number: int = 100, period: float = 0.01) -> Iterator[float]:
    """Give so many readings of a simulated voltmeter, one a period in s: 5 V with noise of 0.1 V."""
    noise = random.Random(1)
    for _ in range(number):
        flodesk.context().sleep(period)
        yield noise.gauss(5.0, 0.1)


def measure(path: str = "replay.arrows") -> str:
    """Record the voltmeter; the file is whole when this has ended."""
    log = record.Arrow(path, columns=["volt"], existing="replace")
    for volt in voltmeter():
        kept = log(volt)
    return path


def flow():
    speed = control.slider(0.5, minimum=0.1, maximum=10.0, label="Speed")
    recording = measure()
    readings = collect.List()
    recent = statistics.Recent(number=100)
    for volt in record.play(recording, speed=speed):
        last = recent(volt)
        chart = show.line(last, title="Played", x_label="Reading", y_unit="V")
        meter = show.number(volt, title="Voltage", unit="V", digits=4)
        readings.add(volt)
    all_readings = readings.result()
    summary = statistics.describe(all_readings)


if __name__ == "__main__":
    flodesk.main(flow)

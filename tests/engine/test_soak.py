"""Sixteen channels for a long time: memory stays where it is, every turn is recorded, values come in their order."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from nanoarrow import ArrayStream

from flodesk.engine.client import Host
from flodesk.engine.events import Event, NodeFailed

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="what a process holds stands in /proc")

CHANNELS = 16
SAMPLES, RATE = 100, 10_000.0
"""Of a turn of a channel, and in a second."""
LEAST_TURNS = 4.0
"""Turns a second that even a machine with much else to do makes of the hundred that are asked for."""


def flow(recorded: int) -> str:
    """Return a flow of 16 channels, of which so many go to a file."""
    body = "".join(
        f"        s{n} = source.sine(tick, frequency={n + 1}.0, samples={SAMPLES}, rate={RATE})\n"
        f"        c{n} = dsp.butterworth(s{n}, cutoff=1000.0, order=2)\n        p{n} = show.line(c{n})\n"
        for n in range(CHANNELS)
    )
    kept = ", ".join(f"s{n}" for n in range(recorded))
    return (
        "import flodesk\nfrom flodesk.nodes import dsp, record, show, source, timing\n\n\ndef flow():\n"
        '    rows = record.Arrow("soak.arrows")\n'
        f"    for tick in timing.every(0.01):\n{body}        written = rows(tick, {kept})\n"
        '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
    )


def recorded_turns(file: Path) -> Iterator[tuple[int, list[list[float]]]]:
    """Give number and signals of each turn of a recording."""
    with ArrayStream.from_path(str(file)) as stream:
        names = [field.name for field in stream.schema.fields]
        signals = [place for place, name in enumerate(names) if name.startswith("value_")][1:]
        for batch in stream:
            columns = [batch.child(names.index("turn")).to_pylist(), *(batch.child(n).to_pylist() for n in signals)]
            yield from ((turn, list(values)) for turn, *values in zip(*columns, strict=True))


def resident(process: int) -> float:
    """Return the memory of a process in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def soak(folder: Path, seconds: float, megabytes: float, recorded: int = CHANNELS) -> None:
    heard: list[Event] = []
    engine = Host(listener=heard.append)
    try:
        engine.open(flow(recorded), str(folder / "soak.py"))
        names = {f"flow.p{n}" for n in range(CHANNELS)}
        engine.watch(names, set(), 60.0)
        engine.start()
        end = time.monotonic() + 60.0
        while engine.values().keys() != names and time.monotonic() < end:
            time.sleep(0.02)
        process = engine._process
        assert process is not None, "the engine did not start"
        sizes: list[tuple[float, float, float]] = []
        seen: dict[str, int] = {}
        begun = time.monotonic()
        while (now := time.monotonic() - begun) < seconds:
            for name, sample in engine.values().items():
                assert sample.sequence >= seen.get(name, 0), "an older value came after a newer one"
                seen[name] = sample.sequence
            if not sizes or now - sizes[-1][0] >= 0.5:  # what is noted takes memory of this process, too
                sizes.append((now, resident(process.pid), resident(os.getpid())))
            time.sleep(0.016)
        assert seen.keys() == names
        engine.stop()
        end = time.monotonic() + 30.0
        while engine.running and time.monotonic() < end:
            time.sleep(0.02)
        assert not engine.running
    finally:
        engine.close()
    assert not [event for event in heard if isinstance(event, NodeFailed)]
    turns = 0
    for turn, signals in recorded_turns(folder / "soak.arrows"):
        assert turn == turns, "a turn was lost"
        turns += 1
        if turn % 500 == 0:  # what stands there is what was made, of each channel
            times = (turn * SAMPLES + np.arange(SAMPLES)) / RATE
            wanted = [np.sin(2 * np.pi * (n + 1) * times) for n in range(recorded)]
            np.testing.assert_allclose(signals, wanted, atol=1e-6)
    assert turns > LEAST_TURNS * seconds
    for which, what in ((1, "the engine's process"), (2, "this process")):
        early = min(size[which] for size in sizes if 0.3 * seconds <= size[0] < 0.5 * seconds)
        late = min(size[which] for size in sizes if size[0] >= 0.8 * seconds)
        assert late - early < megabytes, f"{what} has grown by {late - early:.1f} MB"


@pytest.mark.timeout(120)
def test_twenty_seconds_of_sixteen_channels(tmp_path: Path) -> None:
    soak(tmp_path, 20.0, 6.0)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_two_minutes_of_sixteen_channels(tmp_path: Path) -> None:
    soak(tmp_path, 120.0, 6.0)


@pytest.mark.long
@pytest.mark.timeout(4200)
def test_an_hour_of_sixteen_channels(tmp_path: Path) -> None:
    soak(tmp_path, 3600.0, 12.0, recorded=1)

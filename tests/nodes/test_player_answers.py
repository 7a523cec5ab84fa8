"""What was recorded is played again, to the bit, at its pace or at another."""

from __future__ import annotations

import math
import struct
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.nodes import record
from flodesk.nodes._recording import playing, ring
from flodesk.public import PlainContext, Waveform, enter_context

REAL = time.monotonic


class Clock(PlainContext):
    """A run in which waiting costs nothing: it moves a clock of its own on."""

    def __init__(self):
        self.now = 0.0
        self.waited: list[float] = []
        self.lines: list[str] = []
        self.shares: list[float] = []

    def sleep(self, seconds):
        self.waited.append(seconds)
        self.now += seconds

    def log(self, text, level="info"):
        self.lines.append(f"{level}: {text}")

    def progress(self, fraction, text=""):
        self.shares.append(fraction)


@pytest.fixture
def clock(monkeypatch):
    run = Clock()
    monkeypatch.setattr(playing.time, "monotonic", lambda: run.now)
    enter_context(run)
    yield run
    enter_context(PlainContext())


def recorded(path, turns, columns=None, clocks=None, monkeypatch=None):
    """Record turns; where `clocks` are given, at these times of day."""
    log = (record.Csv if path.suffix == ".csv" else record.Arrow)(path, columns, existing="replace")
    for number, values in enumerate(turns):
        if clocks is not None:
            with monkeypatch.context() as patch:
                patch.setattr(time, "time", lambda number=number: clocks[number])
                log(*values)
        else:
            log(*values)
    log.close()
    return path


FLOATS = st.floats(width=64)
TURNS = st.lists(
    st.tuples(FLOATS, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.text(st.characters(codec="utf-8"))),
    min_size=1,
    max_size=20,
)


def bits(value):
    return struct.pack("<d", value) if isinstance(value, float) else value


@pytest.mark.node("record.play")
@settings(deadline=None, max_examples=25)
@given(turns=TURNS)
def test_plain_values_come_back_to_the_bit(tmp_path_factory, turns):
    path = recorded(tmp_path_factory.mktemp("play") / "log.arrows", turns)
    got = list(record.play(path, speed=0))
    assert [tuple(map(bits, row)) for row in got] == [tuple(map(bits, row)) for row in turns]
    assert [tuple(map(type, row)) for row in got] == [(float, int, bool, str)] * len(turns)


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i1", "u2", "i8", "?", ">i4", ">f8"])
@pytest.mark.node("record.play")
def test_signals_and_arrays_come_back_to_the_bit_each_with_its_own_axis(tmp_path, dtype):
    rng = np.random.default_rng(4)
    turns = [
        (
            Waveform(rng.integers(0, 2**8, n).astype("u1").astype(dtype), 0.001 * n, 3.0 * n, "V"),
            rng.integers(0, 100, n + 1).astype(dtype),
            Waveform(rng.normal(size=3), 1 / 3, 0.1 * n, "°C"),
        )
        for n in range(1, 30)
    ]
    path = recorded(tmp_path / "log.arrows", turns, ["wave", "row", "warm"])
    got = list(record.play(path, speed=0))
    assert len(got) == len(turns)
    for (wave, row, warm), (wave_2, row_2, warm_2) in zip(turns, got, strict=True):
        for sent, came in ((wave, wave_2), (warm, warm_2)):
            assert type(came) is Waveform
            assert (came.dt, came.t0, came.unit) == (sent.dt, sent.t0, sent.unit)
            assert came.y.dtype == sent.y.dtype.newbyteorder("=")
            assert came.y.tobytes() == sent.y.astype(came.y.dtype).tobytes()
            came.y[:] = 0  # it is the flow's own
        assert type(row_2) is np.ndarray
        assert row_2.dtype == row.dtype.newbyteorder("=")
        assert row_2.tolist() == row.tolist()


@pytest.mark.node("record.play")
def test_a_csv_file_gives_numbers_truths_and_texts_back(tmp_path):
    turns = [(0.1 + n, n, n > 2, f'a "{n}",\n{n}') for n in range(5)] + [(math.inf, -7, True, "")]
    path = recorded(tmp_path / "log.csv", turns, ["a", "b", "c", "d"])
    got = list(record.play(path, speed=0))
    assert got == turns
    assert [tuple(map(type, row)) for row in got] == [(float, int, bool, str)] * 6


@pytest.mark.node("record.play")
def test_signals_in_a_csv_file_come_back_in_blocks_with_all_their_samples(tmp_path):
    wave = np.sin(np.arange(500) * 0.1)
    turns = [(Waveform(wave[n : n + 100], 0.01, 0.01 * n), Waveform(2 * wave[n : n + 100], 0.01, 0.01 * n))
             for n in range(0, 500, 100)]  # fmt: skip
    got = list(record.play(recorded(tmp_path / "log.csv", turns, ["a", "b"]), speed=0))
    assert {len(a.y) for a, _ in got} == {10}, "a tenth of a second"
    assert {a.dt for a, _ in got} == {0.01}
    assert np.concatenate([a.y for a, _ in got]).tobytes() == wave.tobytes()
    assert np.concatenate([b.y for _, b in got]).tobytes() == (2 * wave).tobytes()
    assert [a.t0 for a, _ in got] == pytest.approx(np.arange(0, 5, 0.1))


@pytest.mark.node("record.play")
@pytest.mark.parametrize("ending", [".arrows", ".csv"])
def test_it_keeps_the_pace_of_the_recording_or_another(tmp_path, clock, monkeypatch, ending):
    times = [1000.0, 1000.5, 1000.75, 1003.75, 1003.75]
    path = recorded(tmp_path / f"log{ending}", [(n,) for n in range(5)], None, times, monkeypatch)
    for speed, waits in ((1.0, [0.5, 0.25, 3.0]), (4.0, [0.125, 0.0625, 0.75]), (0.0, [])):
        clock.waited.clear()
        assert list(record.play(path, speed=speed)) == [0, 1, 2, 3, 4]
        assert clock.waited == pytest.approx(waits)
    assert clock.shares == sorted(clock.shares) or len(clock.shares) > 3
    assert all(0 <= share <= 1 for share in clock.shares)


@pytest.mark.node("record.play")
def test_a_slow_loop_is_made_up_for_and_a_long_sleep_given_up(tmp_path, clock, monkeypatch):
    path = recorded(tmp_path / "log.arrows", [(n,) for n in range(6)], None, [0.0, 1, 2, 3, 4, 5], monkeypatch)
    for number in record.play(path):
        clock.now += {0: 1.5, 2: 60.0}.get(number, 0.0)
    assert clock.waited == pytest.approx([0.5, 1.0, 1.0])
    assert clock.now == pytest.approx(1.5 + 0.5 + 60.0 + 2.0)


@pytest.mark.node("record.play")
@pytest.mark.parametrize("ending", [".arrows", ".csv"])
def test_it_begins_where_it_is_told_and_plays_the_columns_that_it_is_told(tmp_path, clock, monkeypatch, ending):
    monkeypatch.setattr(playing, "_TOLD", 0.0)
    turns, times = [(n, f"n{n}") for n in range(100)], [50.0 + n for n in range(100)]
    path = recorded(tmp_path / f"log{ending}", turns, ["a", "b"], times, monkeypatch)
    assert list(record.play(path, ["b"], start=97.0)) == ["n97", "n98", "n99"]
    assert clock.shares == pytest.approx([97 / 99, 98 / 99, 1.0])
    assert list(record.play(path, ["b", "a"], start=98.5)) == [("n99", 99)]
    assert [round(at - 50.0) for at in record.play(path, ["time"], start=0.5)] == list(range(1, 100))
    with pytest.raises(ValueError, match=r"nothing from 99.5 s on: log.* is 99 s long"):
        list(record.play(path, start=99.5))
    with pytest.raises(LookupError, match=r"has no column 'c': it has a, b, "):
        list(record.play(path, ["c"]))
    again = record.play(path, ["a"], speed=0, start=98.0, repeat=True)
    assert [next(again) for _ in range(5)] == [98, 99, 98, 99, 98]


def test_any_place_is_found_in_a_recording_of_many_batches(tmp_path, monkeypatch):
    path = tmp_path / "log.arrows"
    monkeypatch.setattr("flodesk.nodes._recording.writing.CHUNK", ring.LEAST * 10)
    recorded(path, [(n,) for n in range(300)], None, [float(n // 2) for n in range(300)], monkeypatch)
    recording = playing.opened(path)
    assert len(recording._batches) > 20
    for seconds in (0, 0.5, 1, 17, 149, 77.2):
        found = next(iter(recording.rows(["value"], recording.find(seconds))))
        assert found.values == (2 * math.ceil(seconds),)
    assert list(recording.rows(["value"], recording.find(150))) == []
    recording.close()


@pytest.mark.node("record.play")
def test_a_half_written_arrow_file_is_played_as_far_as_it_is_whole(tmp_path, clock, monkeypatch):
    monkeypatch.setattr("flodesk.nodes._recording.writing.CHUNK", 10_000)
    whole = recorded(tmp_path / "log.arrows", [(n, f"{n}") for n in range(500)]).read_bytes()
    half = tmp_path / "half.arrows"
    lengths = set()
    for size in [*range(0, len(whole) - 9, 997), len(whole) - 9, len(whole) - 1]:
        half.write_bytes(whole[:size])
        clock.lines.clear()
        got = list(record.play(half, ["value_1"], speed=0))
        assert got == list(range(len(got)))
        assert len(clock.lines) == 1
        said = clock.lines[0]
        assert "has no end: its recorder was killed, or still records" in said or (not got and "is empty" in said)
        lengths.add(len(got))
    assert len(lengths) > 5
    assert max(lengths) == 500


@pytest.mark.node("record.play")
def test_a_damaged_arrow_file_is_played_up_to_the_damage(tmp_path, clock, monkeypatch):
    monkeypatch.setattr("flodesk.nodes._recording.writing.CHUNK", 10_000)
    path = recorded(tmp_path / "log.arrows", [(n,) for n in range(500)])
    recording = playing.opened(path)
    at, _ = recording._batches[3]
    recording.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + b"nonsense" * 4 + whole[at + 32 :])
    got = list(record.play(path, speed=0))
    assert got == list(range(len(got)))
    assert 0 < len(got) < 500
    assert f"what follows its first {at} bytes is damaged" in clock.lines[0]
    path.write_bytes(whole[: at + 8] + b"\xff" * 200 + whole[at + 208 :])
    assert list(record.play(path, speed=0)) == got
    path.write_bytes(b"some text that is no recording")
    with pytest.raises(ValueError, match="is no Arrow stream: choose a recording"):
        list(record.play(path))


@pytest.mark.node("record.play")
def test_a_half_written_csv_file_is_played_as_far_as_it_is_whole(tmp_path, clock):
    path = recorded(tmp_path / "log.csv", [(n, 0.5 * n) for n in range(3)], ["a", "b"])
    text = path.read_text()
    path.write_text(text[:-3])
    assert list(record.play(path, speed=0)) == [(0, 0.0), (1, 0.5)]
    assert "its last line is not whole" in clock.lines.pop()
    path.write_text(text + "2026-01-01T00:00:00Z,1\n")
    assert len(list(record.play(path, speed=0))) == 3
    assert "a row has 2 fields, and the first one 3" in clock.lines.pop()
    path.write_text(text.splitlines()[0] + "\n")
    assert list(record.play(path, speed=0)) == []
    path.write_bytes(text.encode() + b"\xff\xfe\n")
    with pytest.raises(ValueError, match="is no text in UTF-8"):
        list(record.play(path, speed=0))


@pytest.mark.node("record.play")
def test_a_file_that_is_not_there_or_no_recording_is_told_in_words(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file"):
        list(record.play(tmp_path / "no.arrows"))
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(ValueError, match=r"is no recording that can be played: choose a file of \.arrows"):
        list(record.play(tmp_path / "a.txt"))
    with pytest.raises(ValueError, match="the speed is -1"):
        list(record.play(tmp_path / "a.txt", speed=-1.0))


@pytest.mark.node("record.play")
def test_a_table_without_times_is_played_as_fast_as_the_loop_goes(tmp_path, clock):
    path = tmp_path / "numbers.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    assert list(record.play(path)) == [(1, "x"), (2, "y")]
    assert "There are no times in numbers.csv" in clock.lines[0]
    assert not clock.waited


@pytest.mark.node("record.play")
def test_what_was_recorded_by_a_thread_while_it_is_played_is_whole(tmp_path):
    path = tmp_path / "log.arrows"
    log = record.Arrow(path)
    stop = threading.Event()

    def work():
        n = 0
        while not stop.wait(0.001):
            log(n)
            n += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        end = REAL() + 60
        while not (path.stat().st_size and len(got := list(record.play(path, speed=0))) > 20):
            assert REAL() < end
    finally:
        stop.set()
        thread.join()
        log.close()
    assert got == list(range(len(got)))
    assert list(record.play(Path(path), speed=0))[: len(got)] == got


def test_how_far_it_is_comes_as_a_bar_of_progress(clock, tmp_path, monkeypatch):
    path = recorded(tmp_path / "log.arrows", [(1.0,), (2.0,), (3.0,)], ["volt"], [10.0, 11.0, 14.0], monkeypatch)
    found = list(record.play(path, ["volt", "place"]))
    assert [volt for volt, _ in found] == [1.0, 2.0, 3.0]
    assert [place.summary() for _, place in found] == ["0 %", "25 %", "100 %"]
    assert (found[0][1].maximum, found[0][1].unit) == (4.0, "s")
    assert [place.value for place in record.play(path, ["place"], speed=0.0)] == [0.0, 1.0, 4.0]
    assert [place.value for place, _, turn in record.play(path, ["place", "volt", "turn"], speed=0.0)] == [
        0.0,
        1.0,
        4.0,
    ]
    own = recorded(tmp_path / "own.arrows", [(7.0,)], ["place"], [10.0], monkeypatch)
    assert list(record.play(own, ["place"], speed=0.0)) == [7.0], "a column of that name comes as it was"
    with pytest.raises(LookupError, match=r"it has volt, .*place"):
        list(record.play(path, ["plaice"], speed=0.0))

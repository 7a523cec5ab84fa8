"""Indicators on their way: as they are now, cut down to a screen, of a closed list of kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pytest

import flodesk.indicators as room
from flodesk.engine.preview import preview
from flodesk.engine.ring import snapshot
from flodesk.engine.values import decode, encode
from flodesk.indicators import ALL, PARTS, Indicator, Line, Note, Number, Steps, Trace
from flodesk.nodes import show
from flodesk.public import Waveform


@dataclass(frozen=True, slots=True)
class Living(Line):
    """Hands out what its node goes on writing to."""

    memory: list[float] = field(default_factory=list)

    def still(self, points: int | None = None) -> Self:
        y = np.array(self.memory)
        return type(self)(traces=(Trace(np.arange(len(y)), y),))


def test_a_curve_keeps_its_extremes_where_a_screen_has_fewer_points() -> None:
    y = np.zeros(100_000)
    y[31_415], y[77_777] = 5.0, -7.0
    line = Line(traces=(Trace(np.arange(len(y)), y, "a"), Trace(range(3), [1.0, 2.0, 3.0])), y_unit="V")
    cut = line.still(500)
    assert len(cut.traces[0].y) <= 500
    assert (cut.traces[0].y.max(), cut.traces[0].y.min()) == (5.0, -7.0)
    assert cut.traces[0].x[cut.traces[0].y.argmax()] == 31_415
    assert list(cut.traces[1].y) == [1.0, 2.0, 3.0]
    assert cut.y_unit == "V"
    assert line.still() is line, "what nobody changes is kept as it is"


def test_an_even_axis_is_an_array_where_somebody_reads_it() -> None:
    axis = Steps(10.0, 0.5, 4)
    assert axis.tolist() == list(axis) == [10.0, 10.5, 11.0, 11.5]
    assert (len(axis), axis[1], axis[-1]) == (4, 10.5, 11.5)
    assert axis[np.array([0, 3])].tolist() == [10.0, 11.5]
    assert axis[np.array([-1, 0])].tolist() == [11.5, 10.0]
    assert axis[[0, -1]].tolist() == axis[::3].tolist() == [10.0, 11.5]
    assert np.asarray(axis, dtype=np.float32).dtype == np.float32
    assert Steps(3, 1, 2).tolist() == [3, 4]
    with pytest.raises(IndexError):
        axis[4]
    with pytest.raises(IndexError):
        axis[np.array([4])]
    sent = decode(*encode(Line(traces=(Trace(axis, np.arange(4.0)),))))
    assert sent.traces[0].x.tolist() == axis.tolist()


def test_a_long_curve_over_an_even_axis_makes_no_array_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    wave = Waveform(np.random.default_rng(1).normal(size=50_000), 1e-3, 7.0)
    whole: list[int] = []
    own = Steps.__array__
    monkeypatch.setattr(Steps, "__array__", lambda self, *given: (whole.append(len(self)), own(self, *given))[1])
    sent = decode(*encode(show.line(wave)))
    assert whole == []
    x = sent.traces[0].x
    assert (x[0], x[-1]) == (7.0, 7.0 + 1e-3 * 49_999)
    np.testing.assert_allclose(wave.y[np.rint((x - 7.0) * 1e3).astype(int)], sent.traces[0].y)


def test_what_goes_on_changing_is_kept_and_sent_as_it_is_now() -> None:
    living = Living(memory=[1.0, 2.0])
    kept, _ = snapshot(living, 1_000_000)
    sent = decode(*encode(living))
    living.memory.append(3.0)
    assert list(kept.traces[0].y) == [1.0, 2.0]
    assert type(sent) is Line
    assert list(sent.traces[0].y) == [1.0, 2.0]
    assert len(decode(*encode(living)).traces[0].y) == 3


def test_every_kind_travels_and_says_something() -> None:
    kinds = {kind for name, kind in vars(room).items() if isinstance(kind, type) and issubclass(kind, Indicator)}
    assert kinds - {Indicator} <= set(ALL), "one that is not listed would come as words alone"
    for kind in ALL:
        sent = decode(*encode(kind("A title")))
        assert type(sent) is kind
        assert sent == kind("A title")
        assert isinstance(sent.summary(), str)
        assert preview(sent).type == "indicator"
    assert not set(PARTS) & set(ALL)


@pytest.mark.parametrize(("value", "text"), [(Number(value=2.5, unit="V"), "2.5 V"), (Note(text="ready"), "ready")])
def test_what_says_little_is_written_on_its_card(value: Indicator, text: str) -> None:
    assert preview(value).text == text

from __future__ import annotations

import math

import numpy as np
import pytest

from flodesk.nodes import logic
from flodesk.public import Waveform

LEVELS = [False, True, True, False, True, False, False]


@pytest.mark.node("logic.select", "logic.choose")
def test_choices():
    assert [logic.select(truth, "a", None) for truth in (True, False, 1, 0)] == ["a", None, "a", None]
    assert [logic.choose(number, "a", "b", 3.0) for number in (2, 0, True)] == [3.0, "a", "b"]
    for number in (-1, 3):
        with pytest.raises(ValueError, match="3 are wired"):
            logic.choose(number, 1, 2, 3)


@pytest.mark.node("logic.vote")
def test_two_of_three():
    table = [logic.vote(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    assert table == [False, False, False, True, False, True, True, True]
    with pytest.raises(ValueError, match="wire more"):
        logic.vote(True)


@pytest.mark.node("logic.Counter")
def test_a_counter():
    rises, turns = logic.Counter(), logic.Counter(start=10, of="turns")
    assert [rises(level) for level in LEVELS] == [0, 1, 1, 1, 2, 2, 2]
    assert [turns(level) for level in LEVELS] == [10, 11, 12, 12, 13, 13, 13]
    assert (rises(False, reset=True), turns(True, reset=True)) == (0, 11)


@pytest.mark.node("logic.Toggle")
def test_a_toggle():
    lamp = logic.Toggle(start=True)
    assert [lamp(level) for level in LEVELS] == [True, False, False, False, True, True, True]


@pytest.mark.node("logic.Latch")
def test_a_latch_in_all_its_states():
    for wins, both in (("reset", False), ("set", True)):
        latch = logic.Latch(wins=wins)
        events = [(0, 0), (1, 0), (0, 0), (0, 1), (0, 0), (1, 1)]
        assert [latch(on, off) for on, off in events] == [False, True, True, False, False, both]


@pytest.mark.node("logic.Edge")
def test_edges():
    for direction, turns in (("rising", {1, 4}), ("falling", {3, 5}), ("either", {1, 3, 4, 5})):
        edge = logic.Edge(direction)
        assert {turn for turn, level in enumerate(LEVELS) if edge(level)} == turns
    assert logic.Edge("falling", before=True)(False)


@pytest.mark.node("logic.Debounce")
def test_a_bouncing_contact():
    contact = logic.Debounce(turns=2)
    assert [contact(level) for level in (1, 0, 1, 1, 0, 1, 0, 0)] == [False] * 3 + [True] * 4 + [False]
    assert logic.Debounce(turns=1)(True) is True
    with pytest.raises(ValueError, match="1 or more"):
        logic.Debounce(turns=0)


@pytest.mark.node("logic.Changed")
def test_changes():
    changed = logic.Changed()
    assert [changed(v) for v in ("a", "a", 1, 1.0, True, None, None, math.nan, math.nan)] == [
        True, False, True, False, False, True, False, True, False,
    ]  # fmt: skip
    near = logic.Changed(deadband=1.0)
    # it is measured from the last that was told, so that a slow drift is told too
    assert [near(v) for v in (0.0, 0.6, 1.2, 1.8, 2.4)] == [True, False, True, False, True]
    signals = logic.Changed()
    assert [signals(Waveform(np.array(y), 0.1)) for y in ([1.0, 2.0], [1.0, 2.0], [1.0], [2.0])] == [
        True, False, True, True,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="0 or more"):
        logic.Changed(deadband=-1.0)


@pytest.mark.node("logic.Hold", "logic.Previous")
def test_values_of_before():
    hold = logic.Hold()
    assert [hold(v, follow) for v, follow in ((1, False), (2, True), (3, False), (4, True))] == [None, 2, 2, 4]
    late = logic.Previous(start="-", turns=2)
    assert [late(v) for v in "abcd"] == ["-", "-", "a", "b"]
    with pytest.raises(ValueError, match="1 or more"):
        logic.Previous(turns=0)


@pytest.mark.node("logic.EveryNth", "logic.FirstTurn")
def test_turns():
    third, first = logic.EveryNth(number=3), logic.FirstTurn()
    assert [third(turn) for turn in range(7)] == [True, False, False, True, False, False, True]
    assert [first(turn) for turn in range(3)] == [True, False, False]
    with pytest.raises(ValueError, match="1 or more"):
        logic.EveryNth(number=0)


@pytest.mark.node("logic.StateMachine")
def test_a_turnstile():
    gate = logic.StateMachine("locked, coin, open\nopen, push, locked\n*, key, service\nservice, key, locked")
    events = ["push", "coin", "coin", "push", "", "coin", "key", "push", "key"]
    assert [gate(event) for event in events] == [
        "locked", "open", "open", "locked", "locked", "open", "service", "service", "locked",
    ]  # fmt: skip
    assert logic.StateMachine(start="running")("stop") == "idle"
    for table, said in (("a, b", "no transition"), ("a, go, b; a, go, c", "two next states"), ("", "first state")):
        with pytest.raises(ValueError, match=said):
            logic.StateMachine(table)
    with pytest.raises(ValueError, match="'off'"):
        logic.StateMachine(start="off")

"""Random flows hold what their scripts do, wherever they are held on their way, and whatever is changed there.

A literal that is changed where a turn begins is another one from that turn on; what stands above the loop is computed
again before the next turn.
"""

from __future__ import annotations

import importlib.util
import itertools
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from flodesk.engine.places.known import Places


def _beside(name: str) -> Any:
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


drawn, ways = _beside("drawn_scripts"), _beside("both_ways")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
MANY = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
HOWS = ("over", "into", "out", "iteration", "on", "pause", "look")
STEPS = st.lists(st.sampled_from(HOWS), min_size=1, max_size=25)


@pytest.fixture
def places() -> Iterator[Places]:
    made = Places()
    yield made
    made.close()


class Steps:
    """Lets what is held go on in the ways that were drawn, again and again; at the start of a turn it compares."""

    def __init__(self, plain: Any, hows: list[str], edits: list[Any] = (), script: Any = None) -> None:  # type: ignore[assignment]
        self._plain = plain
        self._hows: dict[str, Iterator[str]] = defaultdict(lambda: itertools.cycle(hows))
        self._left: dict[str, int] = defaultdict(lambda: 300)
        self._edits = {
            (e.function, e.turn): [o for o in edits if (o.function, o.turn) == (e.function, e.turn)] for e in edits
        }
        self._script = script
        self._lock = threading.Lock()
        self.compared = 0

    def __call__(self, engine: Any, pause: Any) -> None:
        function = pause.function
        if pause.node == f"{function}.told":
            got, wanted = engine.held_variables(function), self._plain.turns[function, pause.iteration]
            ways.assert_same(got, wanted, f"turn {pause.iteration} of {function}", away=bool(self._script.places))
            self.compared += 1
            for edit in self._edits.pop((function, pause.iteration), ()):
                literal = self._script.literals[edit.literal]
                done = engine.run.set_parameter(f"{literal.function}.{literal.node}", literal.parameter, edit.text)
                plan = engine.run.runners[function].plan
                assert done or literal.function not in (function, *plan.inner), "nobody calls it"
        self._left[function] -= 1
        how = next(self._hows[function]) if self._left[function] > 0 else "on"
        steering = engine.run.steering
        if how == "look":
            steering.inspect(function, "", lambda head, buffers: None)
            how = "over"
        if how in ("on", "pause"):
            for control in engine.run.runners[function].controls:
                control.go_on()
                if how == "pause":
                    control.pause()
        else:
            steering.step(how, function)


def check(script: Any, hows: list[str], edits: list[Any], places: Places | None = None) -> None:
    note(script.text())
    above = frozenset(n for n, literal in enumerate(script.literals) if literal.above)
    try:
        plain = ways.Plainly(script.plain(), script.mains, edits, above)
    except ZeroDivisionError:
        assume(False)
    stepping = Steps(plain, hows, edits, script)
    turns = {(e.function, e.turn) for e in edits} if hows == ["on"] else set(plain.turns)
    breaks = {
        f"{name}.told": " or ".join(f"iteration == {turn}" for function, turn in sorted(turns) if function == name)
        for name in {function for function, _ in turns}
    }
    engine = ways.ByEngine(
        script.text(), script.names(), places=places, breaks=breaks, held=stepping, paused=hows != ["on"]
    )
    ways.compare(plain, engine, script.places, repeats=bool(edits))


@FEW
@given(drawn.scripts(), STEPS)
def test_wherever_they_are_held(script: Any, hows: list[str]) -> None:
    check(script, hows, [])


@pytest.mark.long
@MANY
@given(drawn.scripts(3), STEPS)
def test_wherever_very_many_are_held(script: Any, hows: list[str]) -> None:
    check(script, hows, [])


@FEW
@given(drawn.scripts(), st.data())
def test_whatever_is_changed_at_a_turn(script: Any, data: st.DataObject) -> None:
    check(script, ["on"], data.draw(drawn.edits(script)))


@pytest.mark.long
@MANY
@given(drawn.scripts(3), st.data())
def test_whatever_of_very_many_is_changed_at_a_turn(script: Any, data: st.DataObject) -> None:
    check(script, ["on"], data.draw(drawn.edits(script)))


@FEW
@given(drawn.scripts(), STEPS, st.data())
def test_all_of_it_at_once(places: Places, script: Any, hows: list[str], data: st.DataObject) -> None:
    script = drawn.placed(data.draw, script)
    check(script, hows, data.draw(drawn.edits(script)), places)


@pytest.mark.long
@MANY
@given(drawn.scripts(3), STEPS, st.data())
def test_very_many_times_all_of_it_at_once(places: Places, script: Any, hows: list[str], data: st.DataObject) -> None:
    script = drawn.placed(data.draw, script)
    check(script, hows, data.draw(drawn.edits(script)), places)

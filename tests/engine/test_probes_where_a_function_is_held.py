"""Probes where a function is held: they show what is on the wires there, in the turn in which it is held."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from flodesk.engine.events import Paused
from flodesk.engine.probing import Held
from flodesk.engine.ring import Room

TEXT = """
import flodesk


def upto(n):
    yield from range(n)


def plus(x):
    return x + 100


def part(x):
    inner = plus(x)
    again = plus(inner)
    return again


def flow():
    total = 0
    for tick in upto(6):
        result = plus(tick)
        if tick % 2:
            odd = plus(result)
        else:
            odd = result
        deep = part(result)
        grown = total + deep
        total = grown


if __name__ == "__main__":
    flodesk.main(flow)
"""


def looked(watcher: Any) -> dict[str, Held]:
    got: list[Any] = []
    there = threading.Event()
    watcher.engine.look({}, lambda answer: (got.append(answer), there.set()), None)
    assert there.wait(60)
    assert not got[0].error
    return dict(got[0].held)


def shown(watcher: Any, name: str) -> tuple[Any, int, int]:
    """What a probe shows: the value, its turn, and how many there are."""
    held = looked(watcher)[name]
    return (held.kept.value, held.last.turn, held.count) if held.kept is not None else (None, 0, 0)


def pauses(watcher: Any) -> list[Paused]:
    return [event for event in list(watcher.events) if isinstance(event, Paused)]


def next_pause(watcher: Any, act: Any) -> Paused:
    before = len(pauses(watcher))
    act()
    return watcher.until(lambda: pauses(watcher)[before:])[0]


def held_at(watcher: Any, node: str, condition: str = "") -> Paused:
    watcher.engine.set_breaks({node: condition})
    return next_pause(watcher, lambda: watcher.start(TEXT))


def test_the_value_of_the_producer_is_there_while_the_first_node_of_the_turn_is_held(placed: Any) -> None:
    placed.engine.set_probes({"flow.tick": Room(), "flow.result": Room()})
    pause = held_at(placed, "flow.result")
    for turn in (1, 2, 3):
        assert pause.iteration == turn
        assert shown(placed, "flow.tick") == (turn - 1, turn, turn)
        assert shown(placed, "flow.result")[1:] == (turn - 1, turn - 1), "that one is still to come"
        pause = next_pause(placed, placed.engine.resume)
    placed.engine.set_breaks({})
    placed.engine.resume()
    placed.wait()
    assert shown(placed, "flow.tick") == (5, 6, 6), "no turn is there twice"
    assert shown(placed, "flow.result") == (105, 6, 6)


def test_a_breakpoint_on_the_wire_of_the_producer_has_its_value_in_the_probe(here: Any) -> None:
    here.engine.set_probes({"flow.tick": Room()})
    assert held_at(here, "flow.tick -> result.x", "tick == 2").iteration == 3
    assert shown(here, "flow.tick") == (2, 3, 3)


@pytest.mark.parametrize(
    ("node", "name", "value"),
    [
        ("flow.result", "flow.tick", 3),
        ("flow.deep", "flow.tick", 3),
        ("flow.deep", "flow.result", 103),
        ("flow.deep", "flow.odd", 203),
        ("part.again", "part.inner", 203),
        ("flow.tick -> result.x", "flow.tick", 3),
        ("flow.result -> deep.x", "flow.result", 103),
    ],
)
def test_a_probe_that_is_set_while_it_is_held_has_what_this_turn_has_given(
    here: Any, node: str, name: str, value: int
) -> None:
    held_at(here, node, "" if node.startswith("part") else "tick == 3")
    if node.startswith("part"):
        for _ in range(3):
            next_pause(here, here.engine.resume)
    here.engine.set_probes({name: Room()})
    assert shown(here, name) == (value, 4, 1)
    here.engine.set_breaks({})
    here.engine.resume()
    here.wait()
    assert shown(here, name)[1:] == (6, 3), "each of the turns 4, 5 and 6 once"


@pytest.mark.parametrize("name", ["flow.result", "flow.deep", "part.inner", "flow.odd"])
def test_what_comes_later_in_the_turn_is_in_the_probe_that_was_set_while_it_was_held(placed: Any, name: str) -> None:
    held_at(placed, "flow.result", "tick == 3")
    placed.engine.set_probes({name: Room()})
    assert shown(placed, name) == (None, 0, 0), "what is bound there is of the turn before"
    placed.engine.set_breaks({})
    placed.engine.resume()
    placed.wait()
    held = looked(placed)[name]
    assert (held.first.turn, held.last.turn, held.count) == (4, 6, 3)


def test_before_the_next_turn_a_new_probe_has_what_the_last_one_gave(here: Any) -> None:
    held_at(here, "flow.tick")
    for _ in range(3):
        next_pause(here, here.engine.resume)
    here.engine.set_probes({"flow.result": Room(), "flow.tick": Room()})
    assert shown(here, "flow.result") == (102, 3, 1)
    assert shown(here, "flow.tick") == (2, 3, 1)
    here.engine.set_breaks({})
    here.engine.resume()
    here.wait()
    assert shown(here, "flow.result") == (105, 6, 4)

"""Names drawn at random mean many things in one script: whatever is edited, it computes the same, or is refused."""

from __future__ import annotations

import random
from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit, Many
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Call, Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
TOP = """\
import flodesk
from flodesk.nodes import control

seen = []


def note(*values):
    seen.append(repr(values))
    return sum(v if isinstance(v, (int, float)) else len(repr(v)) for v in values) + 1


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def _lines(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.split("\n"))


def computed(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    space["flow"]()
    return space["seen"]


POOL = ("a", "b", "c", "x", "k", "r", "u")
INNER = ("u", "m", "n")
"""Names that lambdas, comprehensions and inner functions have for themselves."""


def _random_text(rng: random.Random) -> str:
    """Write a function and calls of it, in which the same few names mean many things."""

    def piece(known: list[str], name: str) -> str:
        one, two, inner = rng.choice(known), rng.choice(known), rng.choice(INNER)
        return rng.choice(
            [
                f"{name} = note({one}, {two})",
                f"{name} = note({one})  # {two}",
                f"{name} = {one} if {two} else 3",
                f"{name} = [{inner} for {inner} in (1, 2)][0] + {one}" if inner != one else f"{name} = note(2)",
                f"{name} = (lambda {inner}: note({one}, {inner}))({two})",
                f"def {name}_f({inner}):\n    return note({inner}, {one})\n{name} = {name}_f({two})",
                f"if {one}:\n    {name} = note({two})\nelse:\n    {name} = {one}",
            ]
        )

    parameters = rng.sample(POOL, 2)
    free = [name for name in POOL if name not in parameters]
    known, lines = list(parameters), []
    for name in rng.sample(free, 3):
        lines.append(piece(known, name))
        known.append(name)
    result = rng.choice([known[-1], known[-2], rng.choice(known), f"{known[-1]} + {known[0]}", f"note({known[-1]})"])
    lines.append(f"return {result}")
    names = rng.sample(POOL, 4)
    body = [f"{names[0]} = note(1)", piece(names[:1], names[1])]
    given = [rng.choice([*names[:2], "7"]), rng.choice([*names[:2], f"{parameters[1]}={names[0]}", "2.5"])]
    call = f"{names[2]} = part({', '.join(given)})"
    if rng.random() < 0.3:
        call = f"w = note(0)\nfor j in range(2):\n    {names[2]} = part({given[0]}, w)\n    w_2 = note({names[2]})"
    body += [
        call,
        piece(names[:2] if "for" in call else names[:3], names[3]),
        f"note({', '.join(names[:2])}, {names[3]})",
    ]
    head = f"def part({', '.join(parameters)}):"
    part, flow = _lines("\n".join(lines)), _lines("\n".join(body))
    return f"{TOP}{head}\n{part}\n\ndef flow():\n{flow}{TAIL}"


def rename(flow: Flow, graph: Graph, rng: random.Random) -> Edit:
    return wiring.rename(flow, graph, rng.choice(list(graph.nodes)), rng.choice(INNER + POOL))


def rename_input(flow: Flow, graph: Graph, rng: random.Random) -> Edit:
    names = flow.functions["part"].parameters.split(", ")
    return wiring.rename_input(flow, "part", rng.choice(names), rng.choice(INNER + POOL))


def rename_everywhere(flow: Flow, graph: Graph, rng: random.Random) -> Edit:
    return wiring.rename_everywhere(flow, rng.choice(["part", "note"]), rng.choice(INNER + POOL))


def take_apart(flow: Flow, graph: Graph, rng: random.Random) -> Edit:
    calls = {a.id: s.callee for a, (s, _) in flow.index.items() if a.function == graph.function and isinstance(s, Call)}
    parts = [name for name, callee in calls.items() if callee in flow.functions and callee != "note"]
    return wiring.inline_subflow(flow, graph.function, rng.choice(parts or [*calls, ""]))[0]


def make_subflow(flow: Flow, graph: Graph, rng: random.Random) -> Edit:
    return wiring.make_subflow(flow, graph, _some(graph, rng))[0]


def put_into_if(flow: Flow, graph: Graph, rng: random.Random) -> Edit:
    return wiring.put_into_if(flow, graph, CATALOG.with_flow(flow), _some(graph, rng))[0]


def off_and_on(flow: Flow, graph: Graph, rng: random.Random) -> Edit:
    off = wiring.switch(flow, graph, _some(graph, rng)[:1], "off")
    new = off.edit.apply(flow)[0]
    assert read(write(new)) == new
    on = wiring.switch(new, picture(new, CATALOG.with_flow(new), graph.function), off.nodes, "")
    return Many((off.edit, on.edit), "Off and on")


def _some(graph: Graph, rng: random.Random) -> list[str]:
    nodes = list(graph.nodes)
    first = rng.randrange(len(nodes))
    return nodes[first : first + rng.randrange(1, 4)]


EDITS = (rename, rename, rename_input, rename_everywhere, take_apart, take_apart, make_subflow, put_into_if, off_and_on)


def _tried(seed: int) -> int:
    """Make some edits one after the other; return how many were done."""
    rng = random.Random(seed)
    text = _random_text(rng)
    try:
        wanted = computed(text)
    except NameError:  # the name of a lambda was drawn where nothing gives it a value
        return 0
    flow, done = read(text), 0
    for _ in range(4):
        if "flow" not in flow.functions or not {"part", "note"} <= flow.functions.keys():
            break
        function = rng.choice([name for name in flow.functions if name != "note"])
        graph = picture(flow, CATALOG.with_flow(flow), function)
        make = rng.choice(EDITS)
        try:
            edit = make(flow, graph, rng)
        except Refused:
            continue
        new, back = edit.apply(flow)
        after = write(new)
        assert read(after) == new, (make.__name__, after)
        assert write(back.apply(new)[0]) == write(flow), make.__name__
        assert computed(after) == wanted, (make.__name__, write(flow), after)
        flow, done = new, done + 1
    return done


def test_some_edits_mean_the_same() -> None:
    assert sum(_tried(seed) for seed in range(25)) > 20


@pytest.mark.long
def test_many_edits_mean_the_same() -> None:
    assert sum(_tried(seed) for seed in range(100, 1600)) > 1500

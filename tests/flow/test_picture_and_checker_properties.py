"""What holds for the picture and the problems of every flow, and what "no problem" promises."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow import graph as graphs
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check, errors
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.names import names_of
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
quick = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))


def is_well_drawn(flow: Flow) -> None:
    for function in ("", *flow.functions):
        graph = picture(flow, CATALOG, function)
        statements = {standing.statement.id for standing in names_of(flow, function).standings}
        for node in graph.nodes.values():
            assert set(node.statements) <= statements
            assert set(node.loops) <= statements
            ends = {""} if node.kind == "inputs" else {"return"} if node.kind == "return" else set()
            assert {port.statement for port in (*node.inputs, *node.outputs)} <= statements | ends
        for wire in graph.wires:
            assert wire.source[1] in {port.name for port in graph.nodes[wire.source[0]].outputs}
            assert wire.target[1] in {port.name for port in graph.nodes[wire.target[0]].inputs}
        named = {graph.value(node.id, port) for node in graph.nodes.values() for port in node.outputs}
        whole = replace(graph, several=None)
        assert named == {whole.value(node.id, port) for node in whole.nodes.values() for port in node.outputs}
        graphs._recent.clear()
        assert picture(flow, CATALOG, function) == graph


def is_told_in_words(flow: Flow) -> None:
    count = write(flow).count("\n") + 1
    for problem in check(flow, CATALOG):
        assert problem.message
        assert problem.hint
        assert 0 <= problem.line <= count


@given(data=st.data())
@quick
def test_any_flow_is_drawn_and_checked(data: st.DataObject, flows: st.SearchStrategy[Flow]) -> None:
    flow = data.draw(flows)
    is_well_drawn(flow)
    is_told_in_words(flow)


@pytest.mark.long
@pytest.mark.timeout(900)
@given(data=st.data())
@many
def test_many_flows_are_drawn_and_checked(data: st.DataObject, flows: st.SearchStrategy[Flow]) -> None:
    flow = data.draw(flows)
    is_well_drawn(flow)
    is_told_in_words(flow)


# ------------------------------------------------------------------ a promise kept: no problem, no missing name
def random_body(draw: random.Random, depth: int, indent: str, fresh: Any) -> list[str]:
    lines = []
    names = [f"v{n}" for n in range(6)]
    for _ in range(draw.randint(1, 4)):
        name, value = draw.choice(names), draw.choice(names)
        match draw.randint(0, 6 if depth else 3):
            case 0 | 1:
                lines.append(f"{indent}{name} = f({value})")
            case 2:
                lines.append(f"{indent}{name} = {draw.choice([value, '1', '2.5'])}")
            case 3:
                lines.append(f"{indent}w{next(fresh)} = f({value}, {name})")
            case 4 | 5:
                lines.append(f"{indent}if {value}:")
                lines += random_body(draw, depth - 1, f"{indent}    ", fresh)
                if draw.random() < 0.6:
                    lines.append(f"{indent}else:")
                    lines += random_body(draw, depth - 1, f"{indent}    ", fresh)
            case _:
                lines.append(f"{indent}for i{next(fresh)} in g({value}):")
                lines += random_body(draw, depth - 1, f"{indent}    ", fresh)
    return lines


def runs_without_a_missing_name(text: str, seed: int) -> None:
    """Run the script some times, each with other ways through its branches and loops."""
    draw = random.Random(seed)
    names: dict[str, Any] = {
        "f": lambda *values: draw.random() < 0.5,
        "g": lambda value: range(draw.randint(0, 2)),
        "flodesk": None,
        "__name__": "test",
    }
    exec(compile(text, "<flow>", "exec"), names)
    for _ in range(12):
        names["flow"]()


def promise(seeds: range) -> int:
    clean = 0
    for seed in seeds:
        draw = random.Random(seed)
        start = [f"    v{n} = f({n})" for n in range(4)]
        body = "\n".join([*start, *random_body(draw, 2, "    ", itertools.count())])
        text = (
            "import flodesk\n\n\ndef f(*values):\n    return True\n\n\ndef g(value):\n    yield 1\n\n\n"
            f'def flow():\n{body}\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
        )
        runnable = text.replace("def f(*values):\n    return True\n\n\ndef g(value):\n    yield 1\n", "")
        if list(errors(check(read(text), CATALOG))):
            continue
        clean += 1
        try:
            runs_without_a_missing_name(runnable, seed)
        except NameError as error:
            raise AssertionError(f"seed {seed}: no problem was found, but {error}\n{body}") from error
    return clean


def test_a_flow_without_problems_never_misses_a_name():
    assert promise(range(700)) > 100


@pytest.mark.long
@pytest.mark.timeout(900)
def test_many_flows_without_problems_never_miss_a_name():
    assert promise(range(10_000, 20_000)) > 1500

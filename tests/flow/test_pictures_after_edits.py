"""After whatever edit, the picture that is made from the one before is the one that is made from nothing."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flodesk.flow import graph as graphs
from flodesk.flow.boxes import Graph
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Rename, SetParameter
from flodesk.flow.edit.tree import settled, with_body
from flodesk.flow.graph import picture
from flodesk.flow.model import Argument, Bind, Block, Call, Flow, Literal, Loop, Ref, Statement, Switch
from flodesk.flow.names import names_of
from flodesk.flow.names_after import names_after
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.py"))
HEADER = """\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.places.flow]
# v1 = "process"
#
# [tool.flodesk.detached.flow]
# v3 = 4
#
# [tool.flodesk.pins.flow]
# v2 = ["factor"]
# ///
import flodesk
from flodesk.nodes import collect, dsp, maths, queue, show, statistics, timing

jobs = queue.Queue(size=10)


def part(x: float = 1.0, y=2):
    \"\"\"A node of the file.\"\"\"
    return x


def flow():
"""
NAMES = [f"v{n}" for n in range(9)]
CALLS = (
    "maths.scale({a}, factor={b})", "maths.add({a}, {b})", "maths.greater({a}, 1.0)", "part({a})", "dsp.rms({a}.low)",
    "unknown.thing({a}, x={b}.high)", "show.line({a}, {b})", "nothing.of({c})", "maths.no_such({a})", "jobs.put({a})",
)  # fmt: skip


def any_line(draw: random.Random, indent: str, inside: bool) -> str:
    """Return a line that gives names which others have, too: nothing of it need make sense."""
    name, a, b, c = draw.choice(NAMES), draw.choice(NAMES), draw.choice([*NAMES, "2.5"]), draw.choice(["v9", "gone"])
    call = draw.choice(CALLS).format(a=a, b=b, c=c)
    made = draw.choice(("statistics.RunningMean(window=3)", "collect.Table()", "dsp.Lowpass(order=2)"))
    lines = [f"{name} = {call}"] * 4 + [
        f"{name} = {draw.choice([a, '1.5', f'{a}.low'])}",
        f"{name} = {made}",
        f"{name} = {a}({b})",
        f"{name} = {a}.result()",
        f"{a}.add({b})",
        f"{name} = {a} + {c}",
        f"print({a}, {name})",
        f"{name} = {a}  # bypass: maths.scale({a})",
        f"{name} = None  # off: maths.add({a}, {b})",
    ]
    return indent + draw.choice([*lines, "continue"] if inside else lines)


def any_body(draw: random.Random, depth: int, indent: str, fresh: Iterator[int], inside: bool = False) -> list[str]:
    lines: list[str] = []
    for _ in range(draw.randint(1, 5)):
        match draw.randint(0, 9) if depth else 0:
            case 7 | 8:
                lines.append(f"{indent}if {draw.choice([draw.choice(NAMES), f'{draw.choice(NAMES)} > 3', 'v9'])}:")
                lines += any_body(draw, depth - 1, f"{indent}    ", fresh, inside)
                for head in draw.choice([(), ("else",), (f"elif {draw.choice(NAMES)}", "else")]):
                    lines.append(f"{indent}{head}:")
                    lines += any_body(draw, depth - 1, f"{indent}    ", fresh, inside)
            case 9:
                name = draw.choice([f"i{next(fresh)}", draw.choice(NAMES)])
                over = draw.choice(["timing.every(0.1)", "jobs", draw.choice(NAMES), f"{draw.choice(NAMES)}.low"])
                lines.append(f"{indent}for {name} in {over}:")
                lines += any_body(draw, depth - 1, f"{indent}    ", fresh, True)
            case _:
                lines.append(any_line(draw, indent, inside))
    return lines


def any_flow(draw: random.Random) -> Flow:
    body = "\n".join(any_body(draw, 2, "    ", itertools.count()))
    return read(f'{HEADER}{body}\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n')


# ------------------------------------------------------------------ any edit of the tree
def blocks(block: Block, way: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Block]]:
    """Give a block and those in it, with the way to each: index, or index and arm."""
    yield way, block
    for number, statement in enumerate(block.statements):
        if isinstance(statement, Loop):
            yield from blocks(statement.body, (*way, number, 0))
        elif isinstance(statement, Switch):
            for arm, part in enumerate(statement.arms):
                yield from blocks(part.body, (*way, number, arm))


def with_block(block: Block, way: tuple[int, ...], new: Block) -> Block:
    if not way:
        return new
    number, arm, *rest = way
    statement: Statement = block.statements[number]
    if isinstance(statement, Loop):
        statement = replace(statement, body=with_block(statement.body, tuple(rest), new))
    elif isinstance(statement, Switch):
        arms = list(statement.arms)
        arms[arm] = replace(arms[arm], body=with_block(arms[arm].body, tuple(rest), new))
        statement = replace(statement, arms=tuple(arms))
    return replace(block, statements=(*block.statements[:number], statement, *block.statements[number + 1 :]))


def changed(draw: random.Random, statement: Statement, number: int) -> Statement:
    """Return a statement with something else in its line."""
    value = draw.choice([Ref(draw.choice(NAMES)), Ref(draw.choice(NAMES), "low"), Literal("7.5"), Literal("v77")])
    match statement:
        case Call() | Loop() if statement.arguments and draw.random() < 0.7:
            at = draw.randrange(len(statement.arguments))
            new = replace(statement.arguments[at], value=value)
            arguments = (*statement.arguments[:at], new, *statement.arguments[at + 1 :])
            return replace(statement, arguments=arguments, raw=None)
        case Call():
            callee = draw.choice(["maths.scale", "maths.add", "statistics.RunningMean", draw.choice(NAMES), "what.now"])
            keyword = draw.choice(["", "strange"])
            match draw.randint(0, 3):
                case 0:
                    return replace(statement, callee=callee, raw=None)
                case 1 if statement.name:
                    name = draw.choice([f"new{number}", draw.choice(NAMES)])
                    return replace(statement, name=name, id=name, raw=None)
                case 2:
                    return replace(statement, note="another", raw=None)
                case _:
                    return replace(statement, arguments=(*statement.arguments, Argument(value, keyword)), raw=None)
        case Bind():
            return replace(statement, value=value, raw=None)
        case _:
            return replace(statement)


def edited(draw: random.Random, flow: Flow, function: str, pool: list[Statement], number: int) -> Flow:
    """Return a flow after a random edit of a function; nothing of it need make sense."""
    host = flow.functions[function]
    body = host.body
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        way, block = draw.choice(list(blocks(body)))
        statements = list(block.statements)
        at = draw.randint(0, len(statements))
        one = statements[at] if at < len(statements) else None
        match draw.randint(0, 6):
            case 0 if one is not None:
                del statements[at]
            case 1 if one is not None:
                statements.remove(one)
                statements.insert(draw.randint(0, len(statements)), one)
            case 2:
                statements.insert(at, draw.choice(pool))
            case 3 if one is not None:  # into another block, or twice in this one
                way2, other = draw.choice(list(blocks(body)))
                body = with_block(body, way2, replace(other, statements=(*other.statements, one)))
                continue
            case _ if one is not None:
                statements[at] = changed(draw, one, number)
        body = with_block(body, way, replace(block, statements=tuple(statements)))
    body = settled(body, host.parameters)
    module = tuple(replace(s, body=body) if s is host else s for s in flow.module.statements)
    return replace(flow, module=replace(flow.module, statements=module))


# ------------------------------------------------------------------ what holds
def from_nothing(flow: Flow, function: str) -> Graph:
    kept = tuple(graphs._recent)
    graphs._recent.clear()
    try:
        return picture(flow, CATALOG, function)
    finally:
        graphs._recent.clear()
        graphs._recent.extend(kept)


def is_the_same(before: Flow, flow: Flow, function: str) -> None:
    body = flow.functions[function].body
    if (found := names_after(names_of(before, function), body)) is not None:
        assert found[0] == names_of(flow, function)
    try:
        fresh = from_nothing(flow, function)
        picture(before, CATALOG, function)
    except (ValueError, LookupError):  # two statements of one id, as no editor leaves them
        return
    after = picture(flow, CATALOG, function)
    assert after == fresh
    assert [*after.nodes] == [*fresh.nodes]


def play(seeds: range, steps: int, make: Callable[[random.Random], Flow] = any_flow) -> None:
    for seed in seeds:
        draw = random.Random(seed)
        flow = make(draw)
        function = draw.choice([*flow.mains])
        bodies = (flow.functions[function].body, any_flow(draw).functions["flow"].body)
        pool = [s for body in bodies for _, block in blocks(body) for s in block.statements]
        past = [flow]
        for number in range(steps):
            # now and then back to where it was
            new = draw.choice(past) if draw.random() < 0.15 else edited(draw, flow, function, pool, number)
            try:
                is_the_same(flow, new, function)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, step {number}\n{write(flow)}\n→\n{write(new)}") from error
            flow = new
            past.append(flow)


def example(draw: random.Random) -> Flow:
    return read(draw.choice(EXAMPLES).read_text(encoding="utf-8"))


@pytest.mark.parametrize("make", [any_flow, example])
def test_after_any_edit_the_picture_is_the_one_that_is_made_from_nothing(
    make: Callable[[random.Random], Flow],
) -> None:
    play(range(12), 6, make)


def test_what_an_object_is_made_from_moves_above_it_and_its_calls_stay_in_its_box() -> None:
    lines = "    for turn in ticks():\n        rows = thing(total)\n        rows.add(turn)\n"
    late, early = (
        read(f"def flow():\n{text}") for text in (f"{lines}    total = given()\n", f"    total = given()\n{lines}")
    )
    total, loop = early.functions["flow"].body.statements
    body = replace(early.functions["flow"].body, statements=(loop, total))
    assert write(with_body(early, "flow", body)).split() == write(late).split()
    is_the_same(with_body(early, "flow", body), early, "flow")
    assert picture(early, CATALOG).nodes["rows"].statements == ("rows", "call_1")


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("make", [any_flow, example])
def test_after_very_many_edits(make: Callable[[random.Random], Flow]) -> None:
    play(range(1000, 6000), 12, make)


def test_an_edit_among_many_nodes_draws_what_it_has_changed_and_no_more() -> None:
    lines = "".join(f"    n{n} = maths.add(n{n - 1}, {n}.5)\n" for n in range(1, 500))
    flow = read(f"from flodesk.nodes import maths\n\n\ndef flow():\n    n0 = maths.scale(1.0)\n{lines}")
    before = picture(flow, CATALOG)
    changed, _ = SetParameter("flow", "n250", "b", Literal("7.5"), 1).apply(flow)
    after = picture(changed, CATALOG)
    assert [key for key, node in after.nodes.items() if node is not before.nodes[key]] == ["n250"]
    assert {id(wire) for wire in after.wires} - {id(wire) for wire in before.wires} == {
        id(wire) for wire in after.wires if wire.target[0] == "n250"
    }
    renamed, _ = Rename("flow", "n250", "middle").apply(flow)
    again = picture(renamed, CATALOG)
    assert [key for key, node in again.nodes.items() if node is not before.nodes.get(key)] == ["middle", "n251"]

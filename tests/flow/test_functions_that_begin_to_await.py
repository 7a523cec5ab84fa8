"""What awaits something moves into a function, or comes into one: it is async then, and its callers await it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import Edit
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
HEAD = """\
import asyncio

import flodesk


async def fetch(x: float) -> float:
    await asyncio.sleep(0)
    return x


async def items(n):
    for k in range(n):
        yield k


def sub(x: float) -> float:
    return x


"""
END = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
PART = "def part(x):\n    a = sub(x)\n    return a\n\n\n"
AWAITED = "async def g():\n    return 3\n\n\nz = await g()\n"


def script(body: str, top: str = "", head: str = "async def flow():\n") -> str:
    return HEAD + top + head + "".join(f"    {line}\n" for line in body.split("\n")) + END


def after(text: str, make: Callable[[Flow, Graph], Edit | tuple[Edit, ...]]) -> str:
    """Do an edit; what comes of it compiles, is read as it is, and is undone to the letter."""
    flow = read(text)
    made = make(flow, picture(flow, CATALOG, "flow"))
    edit = made[0] if isinstance(made, tuple) else made
    new, inverse = edit.apply(flow)
    found = write(new)
    compile(found, "flow", "exec")
    assert read(found) == new
    assert write(inverse.apply(new)[0]) == text
    assert [p.message for p in check(new, CATALOG) if p.kind == "await"] == []
    return found


@pytest.mark.parametrize(
    "lines",
    [
        "a = (await fetch(3.0)) + 1",
        "a = await fetch(3.0)",
        "a = [x async for x in items(3)]",
        "async for a in items(2):\n    c = sub(a)",
        "async with asyncio.timeout(1) as a:\n    await fetch(1.0)",
        "if flodesk:\n    a = (await fetch(1.0)) + 1\nelse:\n    a = 2",
        "for k in range(3):\n    a = (await fetch(k)) + 1",
    ],
)
def test_a_subflow_of_what_awaits_is_async_and_awaited(lines: str) -> None:
    text = script(f"first = sub(1.0)\n{lines}\nprint(first)")
    boxes = list(picture(read(text), CATALOG, "flow").nodes)
    found = after(text, lambda flow, graph: wiring.make_subflow(flow, graph, boxes[1:2]))
    assert "async def make_" in found
    assert "await make_" in found


def paste(flow: Flow, text: str = AWAITED) -> Edit:
    return wiring.paste(flow, CATALOG, "part", text, (0.0, 0.0))[0]


def test_who_calls_a_function_that_begins_to_await_awaits_it() -> None:
    between = "def outer(x):\n    b = part(x)  # kept\n    return b\n\n\n"
    found = after(script("r = outer(1.0)\nprint(r)", PART + between, "def flow():\n"), lambda flow, graph: paste(flow))
    assert "async def part(x):" in found
    assert "async def outer(x):\n    b = await part(x)  # kept\n" in found
    assert "async def flow():\n    r = await outer(1.0)\n" in found


def test_a_loop_over_a_function_that_begins_to_await_awaits_its_turns() -> None:
    made = "def part(x):\n    a = sub(x)\n    yield a\n\n\n"
    found = after(script("for r in part(1.0):\n    print(r)", made, "def flow():\n"), lambda flow, graph: paste(flow))
    assert "async def flow():\n    async for r in part(1.0):\n" in found


def test_a_call_within_an_expression_keeps_what_awaits_out() -> None:
    flow = read(script("r = [part(k) for k in range(3)]\nprint(r)", PART, "def flow():\n"))
    with pytest.raises(wiring.Refused, match="uses “part” in its own text"):
        paste(flow)


@pytest.mark.parametrize(
    ("line", "words"), [("None  # off: part(1.0)", "switched off"), ("s  # bypass: part(s)", "bypassed")]
)
def test_a_call_that_is_switched_off_keeps_what_awaits_out_and_says_so(line: str, words: str) -> None:
    flow = read(script(f"s = 1.0\nr = {line}\nprint(r)", PART, "def flow():\n"))
    with pytest.raises(wiring.Refused, match=rf"is {words} and calls “part”: .* Switch it on first\."):
        paste(flow)


def test_an_await_in_a_plain_function_of_code_is_a_problem() -> None:
    made = "def make_a():\n    a = (await fetch(3.0)) + 1\n    return a\n\n\n"
    found = check(read(script("r = make_a()\nprint(r)", made)), CATALOG)
    assert [(p.kind, p.about.function) for p in found] == [("await", "make_a")]

"""``await`` in the text, and what a hand's edits make of it."""

from __future__ import annotations

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Rename, SetParameter
from flodesk.flow.graph import picture
from flodesk.flow.model import Call, Code, Literal, Loop
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
TEXT = """\
import flodesk


async def fetch(url: str, pause: float = 0.0) -> float:
    return 1.0


async def ticks(number: int):
    for k in range(number):
        yield k


class Mean:
    async def __call__(self, value: float) -> float:
        return value


def flow():  # mine
    a = abs(-1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_awaits_are_read_and_written_back_to_the_letter() -> None:
    text = TEXT.replace(
        "def flow():  # mine\n    a = abs(-1.0)",
        "async   def flow():\n    a = await   fetch('u')  # first\n    await fetch(a)\n    async  for k in ticks(3):\n"
        "        b = (await fetch('v'))\n        c = (await fetch(b)) + 1",
    )
    flow = read(text)
    assert write(flow) == text
    function = flow.functions["flow"]
    assert function.asynchronous
    a, bare, loop = function.body.statements
    assert isinstance(a, Call)
    assert isinstance(bare, Call)
    assert isinstance(loop, Loop)
    assert (a.name, a.callee, a.awaited, a.note) == ("a", "fetch", True, "first")
    assert (bare.name, bare.awaited, loop.awaited) == ("", True, True)
    b, c = loop.body.statements
    assert isinstance(b, Call)
    assert b.awaited
    assert isinstance(c, Code)
    assert not c.leaves


def test_a_type_says_that_it_is_awaited() -> None:
    known = CATALOG.with_flow(read(TEXT))
    fetch, ticks, mean = (known.find(name) for name in ("fetch", "ticks", "Mean"))
    assert fetch is not None
    assert ticks is not None
    assert mean is not None
    assert (fetch.role, fetch.awaits, fetch.outputs[0].type) == ("function", ("",), "number")
    assert (ticks.role, ticks.awaits) == ("producer", ("",))
    assert (mean.role, mean.awaits) == ("state", ("__call__",))


def test_an_edit_keeps_the_await_where_it_stands() -> None:
    flow = read(
        TEXT.replace("def flow():  # mine\n    a = abs(-1.0)", "async def flow():\n    a = await  fetch( 'u' )")
    )
    for edit, line in [
        (SetParameter("flow", "a", "pause", Literal("0.5")), "a = await  fetch( 'u', pause=0.5 )"),
        (Rename("flow", "a", "page"), "page = await  fetch( 'u' )"),
    ]:
        new, back = edit.apply(flow)
        assert line in write(new)
        assert write(back.apply(new)[0]) == write(flow)


def test_an_asynchronous_node_makes_its_function_asynchronous() -> None:
    flow = read(TEXT)
    for path, line in [
        ("fetch", " = await fetch()\n"),
        ("ticks", " in ticks():\n        pass\n"),
        ("Mean", " = await mean()\n"),
    ]:
        edit, _ = wiring.add_node(flow, CATALOG, "flow", path, (0.0, 0.0))
        new, back = edit.apply(flow)
        text = write(new)
        assert "async def flow():  # mine\n" in text, text
        assert line in text, text
        assert ("async for" in text) == (path == "ticks")
        assert read(text) == new
        assert write(back.apply(new)[0]) == TEXT


def test_a_function_stays_asynchronous_when_its_last_await_goes() -> None:
    flow = read(TEXT)
    edit, node = wiring.add_node(flow, CATALOG, "flow", "fetch", (0.0, 0.0))
    flow, _ = edit.apply(flow)
    flow, _ = wiring.remove(flow, picture(flow, CATALOG, "flow"), [node]).apply(flow)
    assert "async def flow():" in write(flow)
    assert "await" not in write(flow)


def test_a_pasted_await_makes_its_function_asynchronous() -> None:
    edit, _ = wiring.paste(read(TEXT), CATALOG, "flow", "page = await fetch('u')", (0.0, 0.0))
    flow, _ = edit.apply(read(TEXT))
    assert "async def flow():" in write(flow)

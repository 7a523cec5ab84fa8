"""What a function returns at its end: read, written, patched, wired, renamed."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Connect, EditError, RemoveNode, Rename, SetNote, from_json, to_json
from flodesk.flow.edit.statements import AddNode
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Address, Call, Code, Expression, Flow, Literal, Ref, Region, Return, Statement
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
HEAD = (
    "import flodesk\nfrom flodesk.nodes import maths\n\n\ndef half(x, by: float = 2.0):\n    a = maths.divide(x, by)\n"
)
TAIL = "\n\ndef flow():\n    b = half(4.0)\n\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n"


def flow(last: str = "") -> Flow:
    return read(HEAD + (f"    {last}\n" if last else "") + TAIL)


def end(made: Flow) -> Statement:
    return made.functions["half"].body.statements[-1]


def graph(made: Flow) -> Graph:
    return picture(made, CATALOG, "half")


def last_line(made: Flow) -> str:
    return write(made).partition("\n\n\ndef flow")[0].rpartition("\n")[2].strip()


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("return", ()),
        ("return a", (Ref("a"),)),
        ("return a.low", (Ref("a", "low"),)),
        ("return 1_000", (Literal("1_000"),)),
        ("return maths.pi", (Literal("maths.pi"),)),
        ("return a, x", (Ref("a"), Ref("x"))),
        ("return (a, 'Hz')", (Ref("a"), Literal("'Hz'"))),
        ("return 1, 2", (Literal("1"), Literal("2"))),
        ("return (1,)", (Literal("(1,)"),)),
        ("return a + 1", (Expression("a + 1", ("a",)),)),
        ("return a, x + 1", (Expression("a, x + 1", ("a", "x")),)),
        ("return [a, *x]", (Expression("[a, *x]", ("a", "x")),)),
        ("return lambda: a", (Expression("lambda: a", ("a",)),)),
    ],
)
def test_what_is_returned_at_the_end(line: str, values: tuple[object, ...]) -> None:
    made = flow(f"{line}  # so")
    assert end(made) == Return(values=values, note="so")  # type: ignore[arg-type]
    assert write(made) == write(flow(f"{line}  # so"))
    assert last_line(made) == f"{line}  # so"
    again = read(write(made))
    assert again == made


@pytest.mark.parametrize("line", ["return (yield a)", "return (y := a)", "return a; a", "return await_(a) if a else 1"])
def test_what_does_more_than_return_is_code(line: str) -> None:
    found = end(flow(line))
    assert isinstance(found, Code) or "await_" in line


def test_a_return_that_is_not_the_last_statement_is_code() -> None:
    made = read(HEAD + "    if a:\n        return 1\n    return a\n" + TAIL)
    kinds = [type(s).__name__ for s in made.functions["half"].body.statements]
    assert kinds == ["Call", "Switch", "Return"]
    inner = made.index[Address("half", "code_1")][0]
    assert isinstance(inner, Code)
    assert inner.leaves


# ------------------------------------------------------------------ the picture
def test_the_ends_of_a_function_are_boxes() -> None:
    drawn = graph(flow("return a"))
    assert list(drawn.nodes) == ["def", "a", "return"]
    assert [(p.name, p.type) for p in drawn.nodes["def"].outputs] == [("x", "any"), ("by", "number")]
    assert {(w.source, w.target) for w in drawn.wires} == {
        (("def", "x"), ("a", "a")), (("def", "by"), ("a", "b")), (("a", ""), ("return", "value")),
    }  # fmt: skip


def test_several_values_are_several_inputs_and_an_expression_has_those_it_reads() -> None:
    assert [p.name for p in graph(flow("return a, x, 3")).nodes["return"].inputs] == ["value[0]", "value[1]"]
    box = graph(flow("return a + x * by")).nodes["return"]
    assert ([p.name for p in box.inputs], box.text) == (["a", "x", "by"], "a + x * by")


def test_a_flow_without_parameters_has_no_ends() -> None:
    assert list(picture(flow(), CATALOG, "flow").nodes) == ["b"]


# ------------------------------------------------------------------ edits
def connected(made: Flow, source: tuple[str, str], target: tuple[str, str]) -> Flow:
    edit = wiring.connect(made, graph(made), source, target)
    assert from_json(to_json(edit)) == edit
    new, back = edit.apply(made)
    assert back.apply(new)[0] == made
    assert write(back.apply(new)[0]) == write(made)
    assert read(write(new)) == new
    return new


@pytest.mark.parametrize(
    ("line", "source", "target", "after"),
    [
        ("", ("a", ""), ("return", "value"), "return a"),
        ("return  # so", ("a", ""), ("return", "value"), "return a  # so"),
        ("return (x)  # so", ("a", ""), ("return", "value"), "return (a)  # so"),
        ("return x,  a", ("def", "by"), ("return", "value[1]"), "return x,  by"),
        ("return 3", ("a", ""), ("return", "value"), "return a"),
        ("return  x + 1", ("a", ""), ("return", "x"), "return  a + 1"),
    ],
)
def test_a_wire_to_the_end(line: str, source: tuple[str, str], target: tuple[str, str], after: str) -> None:
    assert last_line(connected(flow(line), source, target)) == after


def test_a_wire_from_the_end_is_taken_off() -> None:
    for line, after in (("return a  # so", "return  # so"), ("return x, a", "return x, None")):
        made = flow(line)
        wire = next(w for w in graph(made).wires if w.source == ("a", ""))
        new, back = wiring.disconnect(made, graph(made), wire).apply(made)
        assert last_line(new) == after
        assert write(back.apply(new)[0]) == write(made)


def test_what_is_inside_a_loop_cannot_be_returned() -> None:
    made = read(HEAD.replace("    a =", "    for k in range(3):\n        a =") + TAIL)
    with pytest.raises(wiring.Refused, match="put a collector there"):
        connected(made, ("a", ""), ("return", "value"))


def test_a_removed_node_leaves_nothing_behind_in_the_return() -> None:
    made = flow("return x, a")
    new, _ = wiring.remove(made, graph(made), ["a"]).apply(made)
    assert last_line(new) == "return x, None"
    new, _ = wiring.remove(made, graph(made), ["return"]).apply(made)
    assert last_line(new) == "a = maths.divide(x, by)"
    with pytest.raises(wiring.Refused, match="belongs to it"):
        wiring.remove(made, graph(made), ["def"])


def test_a_rename_reaches_what_is_returned() -> None:
    for line, after in (("return a.low", "return c.low"), ("return f(a) + 1", "return f(c) + 1")):
        new, _ = Rename("half", "a", "c").apply(flow(line))
        assert last_line(new) == after
    with pytest.raises(wiring.Refused, match="no name of its own"):
        wiring.rename(flow("return a"), graph(flow("return a")), "return", "c")


def test_a_note_and_a_value_written_out() -> None:
    new, _ = SetNote("half", "return", "so it is").apply(flow("return a"))
    assert last_line(new) == "return a  # so it is"
    made = flow("return 3, a")
    new, _ = wiring.set_field(made, graph(made), "return", "value[0]", "4").apply(made)
    assert last_line(new) == "return 4, a"


def test_nothing_stands_behind_a_return() -> None:
    made = flow("return a")
    call = Call(id="c", name="c", callee="maths.absolute")
    with pytest.raises(EditError, match="nothing can stand behind it"):
        AddNode(Region("half"), 2, call).apply(made)
    with pytest.raises(EditError, match="nothing can stand behind it"):
        AddNode(Region("half"), 0, Return()).apply(RemoveNode("half", "return").apply(made)[0])
    edit, name = wiring.add_node(made, CATALOG, "half", "flodesk.nodes.maths.absolute", (0.0, 0.0), ("a", ""))
    new, _ = edit.apply(made)
    assert [s.id for s in new.functions["half"].body.statements] == ["a", name, "return"]
    with pytest.raises(EditError, match="gives no value number 2"):
        Connect("half", "return", "value[1]", Ref("a")).apply(made)

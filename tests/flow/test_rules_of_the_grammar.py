"""The fifteen rules by which a script is a flow, each in its own words with the smallest flow that shows it.

A row says what holds: the boxes of the picture, the problems that the checker finds, the lines that an edit changes, or
that the engine calls what plain Python calls. `docs/file-format.md` says the same at length.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

import pytest

from flodesk.engine.headless import run
from flodesk.engine.load import MODULE_NAME
from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import Edit, Rename
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
HEAD = """\
import math
import flodesk
from flodesk.nodes import collect, control, dsp, maths, show, source, statistics, timing

log = []


def note(name, *values):
    log.append((name, values))
    return len(log)


"""
TAIL = '\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
Gesture = Callable[[Flow, Graph], Edit]


@dataclass(frozen=True)
class Row:
    """A rule in our words, the body of a flow, and what holds of it; `name` is the row's own."""

    rule: int
    name: str
    says: str
    body: str
    boxes: dict[str, str] | None = None
    problems: tuple[tuple[str, str], ...] | None = None
    do: Gesture | None = None
    lines: tuple[str, ...] = ()
    runs: bool = False
    header: str = ""
    before: str = ""

    @property
    def text(self) -> str:
        top = f"# /// script\n# [tool.flodesk]\n# version = 1\n{self.header}# ///\n" if self.header else ""
        body = "\n".join(f"    {line}" if line else "" for line in self.body.strip("\n").split("\n"))
        return f"{top}{HEAD}{self.before}def flow():\n{body}{TAIL}"


def add(path: str, *source: str) -> Gesture:
    return lambda flow, graph: wiring.add_node(flow, CATALOG, "flow", path, (0.0, 0.0), source or None)[0]


def connect(source: tuple[str, str], target: tuple[str, str]) -> Gesture:
    return lambda flow, graph: wiring.connect(flow, graph, source, target)


def field(node: str, name: str, value: str | None) -> Gesture:
    return lambda flow, graph: wiring.set_field(flow, graph, node, name, value)


def rename(old: str, new: str) -> Gesture:
    return lambda flow, graph: wiring.rename(flow, graph, old, new)


def unwire(target: str) -> Gesture:
    return lambda flow, graph: wiring.disconnect(
        flow, graph, next(w for w in graph.wires if w.target[0] == target and not w.feedback)
    )


def removed(*ids: str) -> Gesture:
    return lambda flow, graph: wiring.remove(flow, graph, ids)


ROWS = [
    # 1 ---------------------------------------------------------------- region and order are stored
    Row(1, "deepest", "A new node goes right after the last of its inputs, in the deepest region of them.",
        "a = maths.absolute(1.0)\nfor i in timing.count(3):\n    b = maths.scale(i)\n    c = maths.scale(a)\n"
        "d = maths.scale(a)",
        do=add("flodesk.nodes.maths.absolute", "b", ""), lines=("+    absolute = maths.absolute(b)",)),
    Row(1, "after the last input", "A wire to a node that stands above its new input moves it below that input.",
        "a = maths.absolute(1.0)\nb = maths.add(a, 1.0)\nc = maths.scale(2.0)",
        do=connect(("c", ""), ("b", "values[2]")),
        lines=("-b = maths.add(a, 1.0)", "+b = maths.add(a, 1.0, c)")),
    Row(1, "order of effects", "Calls keep their order although no wire fixes it.",
        "m = statistics.RunningMean(window=2)\na = m(1.0)\nb = m(5.0)\nc = note('c', a, b)", runs=True),
    # 2 ---------------------------------------------------------------- a region is at least what is downstream
    Row(2, "downstream comes along", "What is wired to something of a loop moves into it.",
        "for i in timing.count(3):\n    a = maths.scale(i)\nb = maths.scale(2.0)",
        do=connect(("a", ""), ("b", "value")), lines=("+    b = maths.scale(a)", "-b = maths.scale(2.0)")),
    Row(2, "stays without a wire", "A node may stand in a loop that nothing leads to it from: it runs each turn.",
        "for i in timing.count(3):\n    a = note('a', 7)", runs=True, problems=()),
    # 4 ---------------------------------------------------------------- one after the other
    Row(4, "in a function", "Loops written one after the other run one after the other.",
        "for i in timing.count(3):\n    a = note('a', i)\nfor j in timing.count(2):\n    b = note('b', j)", runs=True),
    Row(4, "a second producer", "A producer dropped on a flow that has a loop begins a function of its own.",
        "for i in timing.count(3):\n    a = note('a', i)", do=add("flodesk.nodes.timing.count"),
        lines=("+def flow_2():", "+for tick in timing.count():", "+    pass", "-flodesk.main(flow)",
               "+flodesk.main(flow, flow_2)")),
    # 5 ---------------------------------------------------------------- ids
    Row(5, "unique", "A name of the header that a variable has already is not taken.",
        "a = maths.absolute(1.0)\nif a:\n    b = maths.scale(a)", header='#\n# [tool.flodesk.ids]\n# flow = ["a"]\n',
        boxes={"a": "call", "if_1": "switch", "b": "call"}),
    Row(5, "an id is free", "A rename takes an identifier that nothing else has.",
        "a = maths.absolute(1.0)\nb = maths.scale(a)", do=rename("a", "größe"),
        lines=("-a = maths.absolute(1.0)", "-b = maths.scale(a)", "+größe = maths.absolute(1.0)",
               "+b = maths.scale(größe)")),
    Row(5, "non-ASCII keys", "A name that is not ASCII is quoted in the header.",
        "a = maths.absolute(1.0)", do=lambda f, g: Rename("flow", "a", "größe"),
        header="#\n# [tool.flodesk.canvas.flow]\n# a = [0, 0]\n",
        lines=("-# a = [0, 0]", '+# "größe" = [0, 0]', "-a = maths.absolute(1.0)", "+größe = maths.absolute(1.0)")),
    Row(5, "a second binding", "A second binding that a hand wrote is a code node; the flow runs as written.",
        "a = note('a', 1)\na = note('b', a)\nb = note('c', a)", runs=True,
        boxes={"a": "call", "code_1": "code", "b": "call"}),
    Row(5, "bound in every arm", "The same name bound by a call in every arm is one node an arm plus the merge.",
        "x = maths.greater(1.0, 2.0)\nif x:\n    a = maths.scale(1.0)\nelse:\n    a = maths.absolute(2.0)\n"
        "b = note('b', a)", runs=True,
        boxes={"x": "call", "if_1": "switch", "call_1": "call", "call_2": "call", "a": "merge", "b": "call"}),
    # 6 ---------------------------------------------------------------- object lines
    Row(6, "said by its type", "Whether a line makes a node with state is said by its type.",
        "m = statistics.RunningMean()\nfor i in timing.count(3):\n    a = m(i)\n    b = note('b', a)",
        boxes={"m": "object", "i": "producer", "b": "call"}, runs=True),
    Row(6, "called twice", "Called twice, it is one object and two nodes on it.",
        "m = statistics.RunningMean()\na = m(1.0)\nb = m(a)\nc = note('c', a, b)",
        boxes={"m": "object", "a": "call", "b": "call", "c": "call"}, runs=True),
    Row(6, "made in a loop", "Made inside a loop, it is new each turn.",
        "for i in timing.count(3):\n    m = statistics.RunningMean()\n    a = m(i)\n    b = note('b', a)", runs=True),
    Row(6, "a collector", "The lines that make, fill and read a collector are one node.",
        "rows = collect.List()\nfor i in timing.count(3):\n    rows.add(i)\nr = rows.result()\nb = note('b', r)",
        boxes={"rows": "object", "i": "producer", "b": "call"}, runs=True),
    # 7 ---------------------------------------------------------------- bare lines
    Row(7, "in an arm", "`b = a` in an arm feeds a merge.",
        "a = maths.greater(2.0, 1.0)\nif a:\n    b = a\nelse:\n    b = 2.0\nc = note('c', b)",
        boxes={"a": "call", "if_1": "switch", "b": "merge", "c": "call"}, runs=True),
    Row(7, "feedback", "For a name with a start value before the loop it is feedback.",
        "t = 0\nfor i in timing.count(4):\n    n = note('n', t, i)\n    t = n\nc = note('c', t)",
        boxes={"t": "feedback", "i": "producer", "n": "call", "c": "call"}, runs=True),
    Row(7, "read after it", "A reader below the bare line gets the new value, one above it the old.",
        "t = 5\nfor i in timing.count(4):\n    a = note('a', t)\n    t = i\n    b = note('b', t)", runs=True),
    Row(7, "elsewhere", "Anywhere else it is kept as it is, without a box.",
        "a = note('a', 1)\nb = a\nc = note('c', b)", boxes={"a": "call", "c": "call"}, runs=True),
    Row(7, "a constant", "`k = 5.0` that no loop rebinds is a constant node.",
        "k = 5.0\na = note('a', k)", boxes={"k": "constant", "a": "call"}, runs=True),
    # 8 ---------------------------------------------------------------- what the checker refuses
    Row(8, "some arms", "A name bound in some arms only and read after.",
        "x = source.constant()\nif x:\n    a = maths.absolute(x)\nb = maths.absolute(a)",
        problems=(("some-arms", "reads “a”, which has no value where no condition holds"),)),
    Row(8, "an open merge", "A merge that an arm leaves unbound.",
        "x = source.constant()\nif x:\n    a = x\nelif x:\n    a = 2.0\nelse:\n    c = maths.absolute(x)\n"
        "b = maths.absolute(a)",
        problems=(("merge-open", "gets no value where “else”"),)),
    Row(8, "arms that leave", "An arm that ends its turn, its loop or its flow, or raises, owes no value.",
        "for i in timing.count(5):\n    if i == 1:\n        continue\n    elif i == 3:\n        break\n    else:\n"
        "        a = note('a', i)\n    b = note('b', a)", problems=(), runs=True),
    Row(8, "after the loop", "A name read after its loop without a collector or feedback.",
        "for i in timing.count(3):\n    a = maths.scale(i)\nb = maths.absolute(a)",
        problems=(("after-loop", "reads “a” after the loop of “i”"),)),
    Row(8, "a circle", "A wire that closes a circle without feedback.",
        "for i in timing.count(3):\n    a = maths.add(b, i)\n    b = maths.scale(a)",
        problems=(("circle", "“a” → “b” → “a” is a circle"),)),
    Row(8, "an open input", "A required input left open ...",
        "a = dsp.spectrum()", problems=(("open-input", "“signal” of “a” is open"),)),
    Row(8, "the others by keyword", "... and then the others are passed by keyword.",
        "x = source.constant()\na = maths.greater(x, x)", do=unwire("a"),
        lines=("-a = maths.greater(x, x)", "+a = maths.greater(limit=x)")),
    # 9 ---------------------------------------------------------------- arguments
    Row(9, "required by position", "A new wire to a required input is passed by position, one to a field by keyword.",
        "a = source.constant()\nb = maths.scale(2.0)", do=connect(("a", ""), ("b", "factor")),
        lines=("-b = maths.scale(2.0)", "+b = maths.scale(2.0, factor=a)")),
    Row(9, "a hand's choice", "A hand's choice is kept: what is by position stays so.",
        "b = maths.scale(2.0, 3.0)", do=field("b", "factor", "4.0"),
        lines=("-b = maths.scale(2.0, 3.0)", "+b = maths.scale(2.0, 4.0)")),
    Row(9, "a default is left out", "A field that goes back to its default leaves the script.",
        "b = maths.scale(2.0, factor=3.0)", do=field("b", "factor", None),
        lines=("-b = maths.scale(2.0, factor=3.0)", "+b = maths.scale(2.0)")),
    Row(9, "a field of a result", "`parts.low` is a wire where `parts` is bound in the flow ...",
        "w = source.sine(0)\np = dsp.spectrum(w)\nb = note('b', p.frequency.size, p.amplitude)",
        boxes={"w": "call", "p": "call", "code_1": "code"}),
    Row(9, "one dot", "... (of a field the value alone: what is behind a second dot is calculated) ...",
        "w = source.sine(0)\np = dsp.spectrum(w)\nb = len(p.frequency)\nc = note('c', b)",
        boxes={"w": "call", "p": "call", "b": "call", "c": "call"}, problems=(), runs=True),
    Row(9, "a name of an import", "... and a literal where it is imported.",
        "a = note('a', math.pi)", boxes={"a": "call"}, runs=True),
    Row(9, "an empty body", "An empty body is `pass`.",
        "a = maths.absolute(1.0)", do=removed("a"), lines=("-a = maths.absolute(1.0)", "+pass")),
    Row(9, "two targets", "`for x, y in …` has a producer with two ports; it goes by the name that it binds first.",
        "for x, y in zip([1, 2], [3, 4]):\n    a = note('a', x, y)", boxes={"x": "producer", "a": "call"}, runs=True),
    # 10 --------------------------------------------------------------- raw text
    Row(10, "quotes and digits", "What was not edited keeps its quotes, its digits and its lines.",
        "a = note( \"a\",\n   1_000 )  # big\nb = maths.scale( 2.0,factor = 1_000 )\nc = maths.scale(a)",
        do=field("c", "factor", "2.0"), lines=("-c = maths.scale(a)", "+c = maths.scale(a, factor=2.0)")),
    Row(10, "comments move along", "A comment on its own line belongs to the statement below it.",
        "# the first\na = maths.absolute(1.0)\n# the second\nb = maths.scale(2.0)",
        do=connect(("b", ""), ("a", "value")),
        lines=("-# the first", "-a = maths.absolute(1.0)", "+# the first", "+a = maths.absolute(b)")),
    Row(10, "comments go along", "... moves with it and goes with it.",
        "# the first\na = maths.absolute(1.0)\nb = maths.scale(2.0)", do=removed("a"),
        lines=("-# the first", "-a = maths.absolute(1.0)")),
    Row(10, "a note", "A comment behind a line is the node's note.",
        "a = maths.absolute(1.0)  # near zero", boxes={"a": "call"}),
    # 11 --------------------------------------------------------------- code nodes
    Row(11, "by statement", "Code nodes are split by statement.",
        "a = note('a', 1)\nb = a + 1\nc = b * 2\nd = note('d', c)",
        boxes={"a": "call", "code_1": "code", "code_2": "code", "d": "call"}, runs=True),
    Row(11, "reads and binds", "Its inputs are the names that it reads, its outputs those that it binds.",
        "a = note('a', 1)\nb, c = a + 1, [a for a in range(3)]\nd = note('d', b, c, a)", runs=True, problems=()),
    Row(11, "an if on an expression", "An `if` on an expression keeps the expression; the nodes inside stay nodes.",
        "a = note('a', 1)\nif a + 1 > 1:\n    b = note('b', a)\n    c = note('c', b)",
        boxes={"a": "call", "if_1": "switch", "b": "call", "c": "call"}, runs=True),
    Row(11, "leaving", "`break`, `continue` and `return` end the loop, the turn, the flow.",
        "for i in timing.count(5):\n    a = note('a', i)\n    if a > 3:\n        break\n    if a > 1:\n"
        "        continue\n    b = note('b', i)\nif a:\n    return\nc = note('c', 1)", runs=True),
    Row(11, "a name that is bound on the way", "With `:=` in its test the whole `if` is a code node.",
        "a = note('a', 1)\nif (n := a + 1) > 1:\n    b = note('b', n)\nc = note('c', n)",
        boxes={"a": "call", "code_1": "code", "c": "call"}, runs=True, problems=()),
    # 12 --------------------------------------------------------------- foreign text
    Row(12, "a whole statement", "`with`, `try` and `while` are code nodes as a whole.",
        "n = 3\nwhile n > 0:\n    n -= 1\ntry:\n    a = 1 / n\nexcept ZeroDivisionError:\n    a = 0\n"
        "with open(__file__) as f:\n    pass\nb = note('b', a)",
        boxes={"n": "constant", "code_1": "code", "code_2": "code", "code_3": "code", "b": "call"}),
    Row(12, "nothing beside it", "An edit leaves what stands around it to the letter.",
        "x  =  [1,2 ,\n   3]\nif x : pass\nelse :\n      y=note( 'y' ,2)\nb = maths.scale(2.0)\nprint ( x );  z = 3",
        do=field("b", "factor", "9.0"), lines=("-b = maths.scale(2.0)", "+b = maths.scale(2.0, factor=9.0)")),
    # 13 --------------------------------------------------------------- a switch has no name in the text
    Row(13, "named by kind", "A switch is named by its kind, in the order of the text.",
        "x = source.constant()\nif x:\n    print(x)\nif x:\n    print(x)",
        boxes={"x": "call", "if_1": "switch", "call_1": "call", "if_2": "switch", "call_2": "call"}),
    Row(13, "named by the header", "The header gives it another name where that differs.",
        "x = source.constant()\nif x:\n    print(x)", do=lambda f, g: Rename("flow", "if_1", "is_on"),
        header="#\n# [tool.flodesk.canvas.flow]\n# if_1 = [0, 0]\n",
        lines=("-# if_1 = [0, 0]", "+# is_on = [0, 0]", "+#", "+# [tool.flodesk.ids]",
               '+# flow = ["is_on", "call_1"]')),
    Row(13, "a rename moves all", "A rename moves place, view and where it runs along.",
        "a = maths.absolute(1.0)", do=rename("a", "b"),
        header='#\n# [tool.flodesk.canvas.flow]\n# a = [0, 0]\n#\n# [tool.flodesk.places.flow]\n# a = "process"\n',
        lines=("-# a = [0, 0]", "+# b = [0, 0]", '-# a = "process"', '+# b = "process"', "-a = maths.absolute(1.0)",
               "+b = maths.absolute(1.0)")),
    # 15 --------------------------------------------------------------- connections
    Row(15, "names, not addresses", "The header keeps the address of a connection, the script its name.",
        'from flodesk.nodes import visa\na = note("a", 1)',
        header='#\n# [tool.flodesk.connections]\n# dmm = "voltmeter.yaml@sim"\n', runs=True),
]  # fmt: skip


def changed(before: str, after: str, *, header: bool) -> list[str]:
    """The lines that an edit has changed, without the function's own indentation; not the imports."""
    found = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    lines = [line for line in found if line[:1] in "+-" and line[:3] not in ("---", "+++") and len(line) > 1]
    left_out = ("from ",) if header else ("from ", "#")
    return [line[0] + line[1:].removeprefix("    ") for line in lines if not line[1:].startswith(left_out)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.rule}, {row.name}")
def test_a_rule_of_the_grammar_holds(row: Row) -> None:
    flow = read(row.text)
    assert write(flow) == row.text
    graph = picture(flow, CATALOG, "flow")
    if row.boxes is not None:
        assert {node.id: node.kind for node in graph.nodes.values()} == row.boxes
    if row.problems is not None:
        found = check(flow, CATALOG)
        assert [problem.kind for problem in found] == [kind for kind, _ in row.problems]
        for problem, (_, words) in zip(found, row.problems, strict=True):
            assert words in problem.message
    if row.do is not None:
        new, back = row.do(flow, graph).apply(flow)
        assert sorted(changed(row.text, write(new), header=bool(row.header))) == sorted(row.lines)
        assert write(back.apply(new)[0]) == row.text
        assert read(write(new)) == new
    if row.runs:
        assert by_engine(row.text) == plainly(row.text)
        assert plainly(row.text), "a row that calls nothing proves nothing"


def plainly(text: str) -> list[Any]:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    space["flow"]()
    return list(space["log"])


def by_engine(text: str) -> list[Any]:
    result = run(text)
    assert result.reason == "succeeded", result.message
    return list(sys.modules[MODULE_NAME].log)


def test_each_rule_has_a_row() -> None:
    # 3 (live parameters) and 14 (pure calls side by side) are about runs: tests/engine/test_what_a_run_means.py
    assert {row.rule for row in ROWS} | {3, 14} == set(range(1, 16))

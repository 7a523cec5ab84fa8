"""A subflow is taken apart: what the flow computes stays, names are made unique, and one undo takes it back."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check, errors
from flodesk.flow.edit import from_json, to_json
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
HEAD = """\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# a = [0, 0]
# got = [400, 100]
#
# [tool.flodesk.canvas.part]
# a = [10, 20]
# b = [210, 30]
#
# [tool.flodesk.places.part]
# b = "process"
# ///
import flodesk

seen = {}


def note(name, *values):
    seen.setdefault(name, []).append(values)
    return sum(values) + len(name)


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def text_of(part: str, body: str, head: str = "def part(x, y=2):") -> str:
    def lines(text: str) -> str:
        return "".join(f"    {line}\n" if line else "\n" for line in text.split("\n"))

    return f"{HEAD}{head}\n{lines(part)}\n\ndef flow():\n{lines(body)}{TAIL}"


def computed(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    space["flow"]()
    return space["seen"]


def inlined(text: str, node: str = "") -> tuple[Flow, tuple[str, ...]]:
    flow = read(text)
    called = [a.id for a, (s, _) in flow.index.items() if a.function == "flow" and getattr(s, "callee", "") == "part"]
    node = node or called[0]
    before = {problem.kind for problem in errors(check(flow, CATALOG))}
    edit, nodes = wiring.inline_subflow(flow, "flow", node)
    assert from_json(to_json(edit)) == edit
    new, back = edit.apply(flow)
    assert read(write(new)) == new
    assert write(back.apply(new)[0]) == text
    assert computed(write(new)) == computed(text)
    assert {problem.kind for problem in errors(check(new, CATALOG))} <= before
    picture(new, CATALOG, "flow")
    return new, nodes


PART = '"""What it does."""\na = note("p", x)  # first\n# second\nb = note("q", a, y)\nreturn b'
CASES = {
    "names that are taken": (PART, "a = note('a', 1)\ngot = part(a)\nb = note('b', got, a)"),
    "literals": (PART, "got = part(5, y=7)\nb = note('b', got)"),
    "in a loop": (PART, "for k in range(3):\n    got = part(k, 1)\n    b = note('b', got)"),
    "in an arm": (PART, "k = 3\nif k:\n    got = part(k)\nelse:\n    got = note('no')\nz = note('z', got)"),
    "crossed names": (PART, "x = note('x')\ny = note('y', 4)\ngot = part(y, x)\nb = note('b', got)"),
    "feedback around it": (
        "z = note('z', x)\nw = note('w', x, z)\nreturn z",
        "w = 1\nfor k in range(3):\n    got = part(w)\n    w = got\nb = note('b', w)",
    ),
    "a parameter that is rebound": (
        "x = note('again', x)\nb = note('b', x, y)\nreturn b",
        "got = part(3)\nb = note('o', got)",
    ),
    "a parameter that is returned": ("b = note('b', x)\nreturn x", "a = note('a')\ngot = part(a)\nc = note('c', got)"),
    "an expression": ("b = note('b', x)\nreturn b + y", "a = note('a')\ngot = part(a)\nc = note('c', got)"),
    "several values": ("b = note('b', x)\nreturn b, y", "got = part(1)\nc = note('c', *got)"),
    "nothing": ("b = note('b', x)", "got = part(1)\nc = note('c')"),
    "loops, arms and feedback": (
        "t = 0\nfor k in range(x):\n    l = note('l', t, k)\n    t = l\n"
        "    if k > 1:\n        m = note('m', k)\n    else:\n        m = 3\n    n = note('n', m)\nreturn t",
        "k = 4\nt = note('t')\ngot = part(k)\nc = note('c', got, t)",
    ),
    "code": ("z = x * 2 + y\nb = note('b', z)\nreturn b", "z = 3\ngot = part(z)\nc = note('c', got, z)"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_flow_computes_the_same(case: str) -> None:
    new, _ = inlined(text_of(*CASES[case]))
    assert "part" not in new.functions
    assert "part" not in new.header.canvas
    assert "part" not in new.header.settings.get("places", {})


def test_names_comments_places_and_settings_come_along() -> None:
    new, nodes = inlined(text_of(PART, "a = note('a', 1)\n# before\ngot = part(a)  # of it\nb = note('b', got, a)"))
    assert nodes == ("y", "a_2", "got")
    lines = (
        '    # before\n    # What it does.\n    # of it\n    y = 2\n    a_2 = note("p", a)  # first\n    # second\n'
        '    got = note("q", a_2, y)\n'
    )
    assert lines in write(new)
    assert new.header.canvas["flow"] == {"a": (0, 0), "a_2": (400, 100), "got": (600, 110)}
    assert new.header.settings["places"] == {"flow": {"got": "process"}}


def test_a_function_that_is_called_elsewhere_stays() -> None:
    new, _ = inlined(text_of(PART, "got = part(1)\nother = part(got)"))
    assert "part" in new.functions
    assert new.header.settings["places"]["part"] == {"b": "process"}


@pytest.mark.parametrize("body", ["b = note('b', a)\nc = note('c', b)\nd = note('d', b, c)\ne = note('e', d, a)"])
def test_it_is_the_way_back_from_a_subflow(body: str) -> None:
    text = text_of("z = 1", f"a = note('a', 1)\n{body}", head="def unused():")
    flow = read(text)
    edit, _, node = wiring.make_subflow(flow, picture(flow, CATALOG, "flow"), ["b", "c", "d"])
    new, _ = inlined(write(edit.apply(flow)[0]), node)
    assert write(new).partition("def flow")[2] == text.partition("def flow")[2]


@pytest.mark.parametrize(
    ("part", "body", "said"),
    [
        ("if x:\n    return 1\nb = note('b')\nreturn b", "got = part(1)", "leaves before its end"),
        ("b = note('b', x)\nreturn b", "note = 3\ngot = part(1)", "“note” is something else"),
        (PART, "got = note('x')", "calls no function of this file"),
    ],
)
def test_what_cannot_be_is_refused_in_words(part: str, body: str, said: str) -> None:
    text = text_of(part, body)
    node = "got" if "note('x')" not in body else "gone"
    with pytest.raises(wiring.Refused, match=said):
        wiring.inline_subflow(read(text), "flow", node)


def test_any_number_of_values_is_refused() -> None:
    text = text_of("b = note('b', x)\nreturn b", "got = part(1, 2)", head="def part(*x):")
    with pytest.raises(wiring.Refused, match="any number"):
        wiring.inline_subflow(read(text), "flow", "got")

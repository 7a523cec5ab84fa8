"""A subflow that is taken apart computes what it did, or is refused; what is made is what its text reads as."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import from_json, to_json
from flodesk.flow.graph import picture
from flodesk.flow.model import Bind, Call, Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
TOP = """\
import flodesk
from typing import NamedTuple

seen = []


def note(*values):
    seen.append(repr(values))
    return sum(v if isinstance(v, (int, float)) else len(repr(v)) for v in values) + 1


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
TWO = "a = note(x, k)\nb = note(a)\nreturn b"


def _lines(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.split("\n"))


def text_of(part: str, body: str, head: str = "def part(x, k=2):", top: str = "") -> str:
    return f"{TOP}{top}{head}\n{_lines(part)}\n\ndef flow():\n{_lines(body)}{TAIL}"


def computed(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    space["flow"]()
    return space["seen"]


def apart(text: str, node: str = "") -> Flow:
    """Take the first call of `part` (or a node) apart; what is computed and read stays the same."""
    flow = read(text)
    called = [a.id for a, (s, _) in flow.index.items() if a.function == "flow" and getattr(s, "callee", "") == "part"]
    edit, nodes = wiring.inline_subflow(flow, "flow", node or called[0])
    assert from_json(to_json(edit)) == edit
    new, back = edit.apply(flow)
    assert read(write(new)) == new
    assert write(back.apply(new)[0]) == text
    assert computed(write(new)) == computed(text), write(new)
    assert set(nodes) <= {a.id for a in new.index if a.function == "flow"}
    return new


@pytest.mark.parametrize(
    "body",
    [
        "b = note(10)\nr = part(b, 2)\nz = note(b, r)",
        "b = note(10)\nr = part(3, b)\nz = note(b, r)",
        "b = note(10)\na = part(b, b)\nz = note(a, b)",
        "b = note(10)\nx = part(b, 2)\nz = note(x, b)",
        "a = note(10)\nb = part(a, k=a)\nz = note(a, b)",
        "x = note(1)\nk = note(2)\nb = part(k, x)\nz = note(x, k, b)",
        "b = note(10)\nr = note(99)\nt = 0\nfor j in range(3):\n    s = part(b, t)\n    t = s\nz = note(t, b, r)",
        "b = 1\nfor j in range(3):\n    n = part(b, 2)\n    b = n\nz = note(b)",
        "h = note(1)\nb = note(10)\nif h:\n    n = part(b, 2)\nelse:\n    n = note(b)\nz = note(n, b)",
    ],
)
def test_a_value_that_is_called_like_a_variable_of_the_function(body: str) -> None:
    apart(text_of(TWO, body))


def test_all_names_change_at_once() -> None:
    new = apart(
        text_of("a = note(x, k)\nb = note(a, x)\nreturn b", "b = note(10)\na = note(b)\nr = part(b, a)\nz = note(r)")
    )
    assert "    a_2 = note(b, a)\n    r = note(a_2, b)\n" in write(new)


def test_what_is_made_is_read_again_as_it_is() -> None:
    new = apart(text_of("a = note(x, k)\nreturn note(a, x)", "r = part(1)\nz = note(r)"))
    assert isinstance(next(s for s in new.functions["flow"].body.statements if s.id == "r"), Call)
    new = apart(text_of("a = note(x, k)\nreturn a", "r = part(1)\nz = note(r)", head="def part(x, k=-(2 * 3)):"))
    after, _ = wiring.rename_everywhere(new, "note", "told").apply(new)
    assert "note" not in write(after)


def test_a_function_that_a_switched_off_node_calls_stays() -> None:
    text = text_of(TWO, "a = note(5)\nb = None  # off: part(a, 7)\nc = part(a, 1)\nz = note(b, c)")
    flow = apart(text)
    assert "part" in flow.functions
    on = wiring.switch(flow, picture(flow, CATALOG, "flow"), ["b"], "")[0]
    assert len(computed(write(on.apply(flow)[0]))) == len(computed(text)) + 2


@pytest.mark.parametrize("default", ["[]", "abs(-3)", "{}", "[1, 2]", "{'a': [1]}", "dict()"])
def test_a_default_that_all_calls_share_is_refused_until_one_is_given(default: str) -> None:
    head, body = f"def part(x, k={default}):", "r = part(4)\nz = note(r)"
    with pytest.raises(Refused, match="made once for all calls: give “r” a value"):
        apart(text_of(TWO, body, head))
    assert "part" not in apart(text_of(TWO, body.replace("4)", "4, 5)"), head)).functions


@pytest.mark.parametrize("default", ["3", "-1.5", "'a'", "None", "(1, 2)", "2 * 3", "LIMIT", "LIMIT + 1"])
def test_a_default_that_stays_the_same_gets_a_line(default: str) -> None:
    new = apart(text_of(TWO, "r = part(4)\nz = note(r)", f"def part(x, k={default}):", "LIMIT = 4\n\n\n"))
    assert f"    k = {default}\n" in write(new)


LATER = {
    "a lambda": "a = note(x)\nfs.append(lambda: x + a)\nreturn a",
    "an inner function": "a = note(x)\ndef h():\n    return a\nfs.append(h)\nreturn a",
    "a generator": "a = note(x)\nfs.append(x + n for n in (1, 2))\nreturn a",
}


@pytest.mark.parametrize("case", LATER)
def test_what_is_read_later_is_not_that_of_a_later_turn(case: str) -> None:
    loop = "fs = []\nt = 0\nfor j in range(3):\n    r = part(t, fs)\n    t = r\nz = note(t, len(fs))"
    with pytest.raises(Refused, match=r"“code_1” in “part” makes a function that reads “\w” when it is called"):
        apart(text_of(LATER[case], loop, "def part(x, fs):"))
    once = "fs = []\nt = 1\nr = part(t, fs)\nfor j in range(3):\n    n = note(t)\n    t = n\nf = fs[0]"
    told = "\nz = note(f())" if case != "a generator" else "\nz = note(*f)"
    apart(text_of(LATER[case], once + told, "def part(x, fs):"))


def test_what_is_used_up_on_the_spot_may_stand_in_a_loop() -> None:
    part = "a = sorted([x, 3], key=lambda v: v * k)\nb = sum(v + x for v in a)\ndef h(v):\n    return v + x\nc = h(b)"
    part += "\nreturn c"
    assert "part" not in apart(text_of(part, "for j in range(3):\n    r = part(j)\n    z = note(r)")).functions


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("a = note(x)\nh = lambda u: u + x\nb = h(a)\nreturn b", "u = note(10)\nr = part(u)\nz = note(u, r)"),
        ("a = note(x)\nb = [i + x for i in (1, 2)]\nreturn b", "i = note(10)\nr = part(i)\nz = note(i, r)"),
        ("c = note(x)\nd = [i + c for i in range(2)]\ne = note(d)\nreturn c", "i = part(4)\nz = note(i)"),
        ("r_2 = note(x)\nr = [r_3 + r_2 for r_3 in (1, 2)]\nreturn r_2", "r = note(1)\ng = part(r)\nz = note(r, g)"),
    ],
)
def test_names_of_lambdas_and_comprehensions_capture_nothing(part: str, body: str) -> None:
    apart(text_of(part, body))


def test_a_function_that_a_text_names_stays() -> None:
    assert "part" in apart(text_of(TWO, "r = part(4)\nz = note(r, globals()['part'](3))")).functions


def test_a_local_that_hides_what_the_caller_calls_gets_another_name() -> None:
    apart(text_of("sum = note(x)\nreturn sum", "r = part(1)\nz = sum([r, 2])\ny = note(z)"))


def test_what_is_returned_and_not_read_is_calculated_still() -> None:
    assert "    note(a, x)\n" in write(apart(text_of("a = note(x)\nreturn note(a, x)", "part(1)\nz = note(3)")))


def test_a_call_that_nobody_reads_leaves_nothing_behind() -> None:
    assert "got" not in write(apart(text_of("b = note(x)", "got = part(1)\nc = note(2)")))


PAIR = "class Pair(NamedTuple):\n    low: float\n    high: float\n\n\n"


def test_values_that_are_read_by_their_names_need_no_object() -> None:
    part = "p = note(x)\nq = note(p)\nreturn Pair(low=p, high=q)"
    new = apart(text_of(part, "r = part(1)\nz = note(r.low, r.high)\nq = r.low\ny = note(q)", top=PAIR))
    assert "    p = note(x)\n" not in write(new)
    assert "Pair" not in write(new)
    assert "    z = note(q, q_2)\n" in write(new)
    whole = apart(text_of(part, "r = part(1)\nz = note(r.low, sum(r))\ny = note(r)", top=PAIR))
    assert "r = Pair(low=p, high=q)" in write(whole)
    hinted = "def other(v: 'None | Pair' = None):\n    return v\n\n\n"
    assert "class Pair" in write(apart(text_of(part, "r = part(1)\nz = note(r.low)", top=PAIR + hinted)))
    both = apart(text_of(part, "r = part(1)\nz = note(r.low)\ns = Pair(1, 2)", top=PAIR))
    assert "class Pair" in write(both)


BACK = """\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# a = [0, 0]
# b = [200, 0]
# code_1 = [200, 100]
# d = [400, 50]
#
# [tool.flodesk.places.flow]
# code_1 = "process"
# ///
import flodesk


def note(*values):
    return sum(values)


def flow():
    \"\"\"What it does.\"\"\"
    a = note(1)  # first
    # about b
    b = note(a,  2)
    c = a + b  # code
    if c:
        m = note(b, c)
    else:
        m = c
    total = 0
    for k in range(3):
        n = note(total, k, m)
        total = n
    d = note(
        b,  # one
        total,
    )
    e = note(a, b, c, d, m)
    note(e)
    print(e)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_subflow_of_any_nodes_taken_apart_is_the_text_as_before() -> None:
    flow = read(BACK)
    graph = picture(flow, CATALOG, "flow")
    names = [s.id for s in flow.functions["flow"].body.statements if s.id in graph.nodes or not isinstance(s, Bind)]
    made = 0
    for first in range(len(names)):
        for last in range(first + 1, len(names) + 1):
            chosen = [key for key, box in graph.nodes.items() if {key, *box.statements} & set(names[first:last])]
            try:
                edit, _, node = wiring.make_subflow(flow, graph, chosen)
            except Refused:
                continue
            new, _ = edit.apply(flow)
            again = wiring.inline_subflow(new, "flow", node)[0].apply(new)[0]
            assert write(again) == BACK, chosen
            made += 1
    assert made > 20

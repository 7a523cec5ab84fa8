"""What a function takes and gives is changed by hand: a script that ran before gives the same after, or all is refused.

The scripts are run by plain Python. They call the function in every way that Python has.
"""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow, Return
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
HEAD = """\
import flodesk
from typing import NamedTuple

OUT = []


def keep(v: float) -> float:
    OUT.append(v)
    return v


def sub(p: float, q: float = 1.0) -> float:
    return p - q


def run2(f, *values):
    return f(*values)


def each(values: float) -> list:
    return [values, 2 * values]


"""
SIGNATURES = [
    "(x, y, z=3.0)", "(x: float, y: float, z: float = 3.0) -> float", "(x: float, y: float, z: float = 3.0)",
    "(\n    x: float,\n    y: float,\n    z: float = 3.0,\n) -> float", "(x, y, /, z=3.0)", "(x, y, *, z=3.0)",
    "(x: 'float', y: 'float', z: float = 3.0) -> 'float'", "(x, y, z=3.0, *rest)",
    "(x, *rest, y=2.0, z=3.0)", "(x, y=2.0, z=3.0) -> float",
    "(x, y=2.0, z=3.0, /)", "(x, y, z=3.0, **more) -> float",
]  # fmt: skip
BODIES = [
    "    r = sub(x, y)\n    s = sub(r, q=2.0)\n    return s\n",
    "    r = sub(x, y)\n    s = sub(r, z)\n    return s\n",
    "    r = sub(x, y)\n    s = sub(r)\n    if s < -10:\n        return r\n    return s\n",
    "    r = sub(x, y)\n    s = sub(r)\n    return s * 2\n",
    "    r = sub(x)\n    s = sub(r)\n    return s\n",
    "    r = sub(x, y)\n    kept = keep(r)\n",
]
CALLS = [
    "c1 = part(a, b)\nd1 = keep(c1)", "c2 = part(b, y=a)\nd2 = keep(c2)", "c3 = part(x=b, y=a)\nd3 = keep(c3)",
    "c9 = part(a, b, 4.0, 5.0)\nd9 = keep(c9)",
    "c4 = part(a, b, 4.0)\nd4 = keep(c4)", "c5 = part(b, a, z=5.0)\nd5 = keep(c5)", "part(a, b)",
    "for n in each(a):\n    c6 = part(n, b)\n    d6 = keep(c6)",
    "if a > 1:\n    c7 = part(a, b)\nelse:\n    c7 = part(b, a)\nd7 = keep(c7)",
    "total = 0.0\nfor m in each(b):\n    c8 = part(total, m)\n    d8 = keep(c8)\n    total = c8",
]  # fmt: skip
ODD = [
    "e1 = part(a, b) * 2\nk1 = keep(e1)", "if part(b, a) > 0:\n    k2 = keep(1.0)\nelse:\n    k3 = keep(2.0)",
    "if a > 100:\n    k4 = keep(1.0)\nelif part(b, a) > 0:\n    k5 = keep(2.0)",
    "k6 = keep(part(b, a))", "e7 = run2(part, b, a)\nk7 = keep(e7)", "k8 = keep(f'{part(b, a)}')",
    "e9 = [part(i, b) for i in (1.0, 2.0) if i]\nk9 = keep(e9)", "f = part\ne10 = f(b, a)\nk10 = keep(e10)",
    "e11 = part(*(b, a))\nk11 = keep(e11)", "e12 = eval('part(2.0, 1.0)')\nk12 = keep(e12)",
    "for i in [part(a, b)]:\n    k13 = keep(i)", "e14 = lambda u: part(u, b)\ne15 = e14(a)\nk14 = keep(e15)",
    "while part(a, b) > 100:\n    break", "e16 = part(a, sub(b))\nk16 = keep(e16)", "assert part(b, a) is not part",
]  # fmt: skip
TOPS = [
    "def twice(g, h):\n    return part(g, h) * 2\n",
    "class Acc:\n    def __call__(self, v):\n        return part(v, 1.0)\n",
    "class Base:\n    first = part(3.0, 1.0)\n", "K = part(7.0, 1.0)\n", "def late(v=part(4.0, 1.0)):\n    return v\n",
    "def other(part):\n    w = part(1.0)\n    return w\n", "TABLE = {'part': part}\n",
    "assert part(2.0, 1.0) is not part\n",
]  # fmt: skip
USED = {
    "twice": "t1 = twice(a, b)\nk20 = keep(t1)", "Acc": "acc = Acc()\nt2 = acc(a)\nk21 = keep(t2)",
    "Base": "k22 = keep(Base.first)", "K": "k23 = keep(K)", "late": "t4 = late()\nk24 = keep(t4)",
    "other": "t5 = other(sub)\nk25 = keep(t5)", "TABLE": "t6 = TABLE['part'](b, a)\nk26 = keep(t6)", "assert": "",
}  # fmt: skip
END = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def script(signature: str, body: str, lines: list[str], top: str = "") -> str:
    head, _, returns = signature.partition(" -> ")
    text = f"{HEAD}def part{head}{f' -> {returns}' if returns else ''}:\n{body}\n\n{top}\n\ndef flow():\n"
    name = next((n for n in USED if top.startswith((f"def {n}", f"class {n}", n))), "")
    lines = ["a = sub(7.0)", "b = sub(20.0)", *lines, *([USED[name]] if name and USED[name] else [])]
    return text + "\n".join(f"    {row}" for line in lines for row in line.split("\n")) + END


def ran(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "plain"}
    try:
        exec(compile(text, "plain", "exec"), space)
        space["flow"]()
    except TypeError as problem:
        return f"{problem}".partition("(")[0]
    return space["OUT"]


def change(flow: Flow, kind: str, which: int) -> Edit:
    graph = picture(flow, CATALOG.with_flow(flow), "part")
    arguments = ast.parse(f"def f({flow.functions['part'].parameters}\n): pass").body[0].args  # type: ignore[attr-defined]
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    name = names[which % len(names)]
    outputs = [(box.id, port.name) for box in graph.nodes.values() for port in box.outputs if port.variable]
    match kind:
        case "up" | "down":
            return wiring.move_input(flow, "part", name, 1 if kind == "down" else -1)
        case "rename":
            return wiring.rename_input(flow, "part", name, "renamed")
        case "remove":
            return wiring.remove_input(flow, "part", name)
        case "return":
            return wiring.add_output(flow, graph, outputs[which % len(outputs)])
        case "no more":
            return wiring.remove_output(flow, CATALOG, "part", which % 3)
        case _:
            return wiring.add_input(flow, graph, CATALOG.with_flow(flow))[0]


KINDS = ("up", "down", "rename", "remove", "return", "return", "no more", "take")


def play(data: st.DataObject, steps: int) -> None:
    lines = data.draw(st.lists(st.sampled_from(CALLS), min_size=1, max_size=4, unique=True))
    top = ""
    if data.draw(st.integers(0, 2)) == 0:
        lines += data.draw(st.lists(st.sampled_from(ODD), max_size=1))
        top = data.draw(st.sampled_from(["", *TOPS]))
    text = script(data.draw(st.sampled_from(SIGNATURES)), data.draw(st.sampled_from(BODIES)), lines, top)
    before = ran(text)
    if isinstance(before, str):
        return  # it never ran
    flow = read(text)
    for _ in range(steps):
        kind = data.draw(st.sampled_from(KINDS))
        try:
            edit = change(flow, kind, data.draw(st.integers(0, 4)))
        except Refused:
            continue
        new, back = edit.apply(flow)
        text = write(new)
        assert read(text) == new, text
        assert write(back.apply(new)[0]) == write(flow)
        if kind == "take":  # open where it is called: taken back, all is as it was
            new = wiring.remove_input(new, "part", "value").apply(new)[0]
            text = write(new)
        gave = isinstance(flow.functions["part"].body.statements[-1], Return)
        if kind == "return" and not gave:
            before = ran(text)  # what was None is a value now
        assert ran(text) == before, f"{kind}:\n{write(flow)}\n→\n{text}"
        flow = new


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_script_gives_the_same_whatever_its_subflow_takes_and_gives(data: st.DataObject) -> None:
    play(data, 4)


@pytest.mark.long
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_many_scripts_give_the_same(data: st.DataObject) -> None:
    play(data, 6)


# ------------------------------------------------------------------ each way for itself
@pytest.mark.parametrize("line", ODD)
def test_a_use_that_cannot_follow_is_named_with_its_line(line: str) -> None:
    text = script(SIGNATURES[0], BODIES[0], [CALLS[0], line])
    rows = [f"    {row}" for row in line.split("\n") if "part" in row]
    number = text.split("\n").index(rows[0]) + 1
    flow = read(text)
    for kind in KINDS:
        with pytest.raises(Refused, match=rf"in “flow” \(line {number}\) uses “part” in its own text"):
            change(flow, kind, 0)


@pytest.mark.parametrize("top", [top for top in TOPS if not top.startswith("def other")])
def test_a_use_at_the_top_of_the_file_is_seen(top: str) -> None:
    flow = read(script(SIGNATURES[0], BODIES[0], [CALLS[0]], top))
    for kind in KINDS:
        with pytest.raises(Refused, match=r"\(line \d+\) uses “part” in its own text"):
            change(flow, kind, 0)


def test_a_variable_of_the_same_name_is_something_else() -> None:
    text = script(SIGNATURES[0], BODIES[0], [CALLS[0]], TOPS[5])
    new = write(change(read(text), "down", 0).apply(read(text))[0])
    assert "def part(y, x, z=3.0)" in new
    assert "w = part(1.0)" in new
    assert ran(new) == ran(text)


@pytest.mark.parametrize("kind", ["up", "rename", "return", "take"])
def test_plain_calls_follow(kind: str) -> None:
    text = script(SIGNATURES[1], BODIES[0], [call for call in CALLS if not call.startswith("c9")])
    assert isinstance(ran(text), list)
    flow = read(text)
    new = change(flow, kind, 1).apply(flow)[0]
    new = wiring.remove_input(new, "part", "value").apply(new)[0] if kind == "take" else new
    assert ran(write(new)) == ran(text)


def test_a_node_that_is_switched_off_calls_it_too() -> None:
    flow = read(script(SIGNATURES[0], BODIES[0], ["c = part(b, a)", "d = sub(a)"]))
    off = wiring.switch(flow, picture(flow, CATALOG.with_flow(flow), "flow"), ["c"], "off")[0].apply(flow)[0]
    with pytest.raises(Refused, match=r"“c” in “flow” \(line \d+\) is switched off .*Switch it on first"):
        change(off, "down", 0)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (BODIES[2], r"“code_1” in “part” \(line \d+\) returns before the end"),
        ("    r = sub(x, y)\n    if r < 0:\n        return\n    return r\n", "returns before the end"),
        ("    r = sub(x, y)\n    yield r\n", "yields"),
        ("    if x > 0:\n        r = sub(x, y)\n    s = sub(y)\n    return s\n", "An arm of a switch cannot return"),
    ],
)
def test_one_more_output_where_it_cannot_be(body: str, says: str) -> None:
    flow = read(script(SIGNATURES[0], body, [CALLS[0]]))
    graph = picture(flow, CATALOG.with_flow(flow), "part")
    with pytest.raises(Refused, match=says):
        wiring.add_output(flow, graph, ("r" if "r = " in body else "def", "" if "r = " in body else "x"))


# ------------------------------------------------------------------ named values
TWO = "class Two(NamedTuple):\n    s: float\n    r: float\n\n\n"
NAMED = "    r = sub(x, y)\n    s = sub(r, 2.0)\n    q = sub(s, 2.0)\n    return Two(s, r)\n"


def named(lines: list[str], top: str = "", two: str = TWO) -> str:
    return script("(x, y) -> Two", NAMED, lines, top).replace("def part", f"{two}def part", 1)


PLAIN = "c = part(a, b)\nd = keep(c.s)"


def test_named_values_get_one_more_and_lose_it() -> None:
    text = named([PLAIN])
    flow = read(text)
    graph = picture(flow, CATALOG.with_flow(flow), "part")
    more = wiring.add_output(flow, graph, ("q", graph.nodes["q"].outputs[0].name)).apply(flow)[0]
    assert "    r: float\n    q: float\n" in write(more)
    assert ran(write(more)) == ran(text)
    fewer = wiring.remove_output(more, CATALOG, "part", 1).apply(more)[0]
    assert "return Two(s, q)" in write(fewer)
    assert ran(write(fewer)) == ran(text)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f"{PLAIN}\nif c.r > 1:\n    e = keep(1.0)", r"“r” of “c” is read by “if_1” in “flow” \(line \d+\)"),
        (f"{PLAIN}\nif part(b, a).r > 1:\n    e = keep(1.0)", "“if_1” in “flow” .* uses “part”"),
        (f"{PLAIN}\ne = keep(c.r)", "“r” of “c” is read by “e”"),
        (f"{PLAIN}\ne = c.r + 1", "“r” of “c” is read by “e”|“r” of “c” is read by “code_1”"),
        (f"{PLAIN}\ne = keep(f'{{c.r}}')", "“r” of “c” is read by “code_1”"),
        (f"{PLAIN}\nu, v = c", "is read by .* at once"),
        (f"{PLAIN}\ne = c[1]", "is read by .* at once"),
        (f"{PLAIN}\ne = keep(c)", "is read by “e” in “flow” .* at once"),
        ("for v in part(a, b):\n    e = keep(v)", "goes through"),
    ],
)
def test_a_value_that_something_reads_stays(line: str, says: str) -> None:
    flow = read(named([line]))
    with pytest.raises(Refused, match=says):
        wiring.remove_output(flow, CATALOG, "part", 1)


@pytest.mark.parametrize(
    ("top", "line"),
    [
        ("def twice(x) -> Two:\n    r = sub(x)\n    return Two(r, x)\n", PLAIN),
        ("def twice(x):\n    r = Two(x, x)\n    return r.s\n", PLAIN),
        ("def twice(x: 'Two'):\n    return x.s\n", PLAIN),
        ("", f"{PLAIN}\no = isinstance(a, Two)"),
        ("KINDS = [Two]\n", PLAIN),
    ],
)
def test_a_class_that_others_use_stays(top: str, line: str) -> None:
    flow = read(named([line], top).replace("    k20 = keep(t1)\n", "").replace("    t1 = twice(a, b)\n", ""))
    graph = picture(flow, CATALOG.with_flow(flow), "part")
    for make in (
        lambda: wiring.add_output(flow, graph, ("q", graph.nodes["q"].outputs[0].name)),
        lambda: wiring.remove_output(flow, CATALOG, "part", 1),
    ):
        with pytest.raises(Refused, match=r"“Two”, of which “part” returns a value, is (used|made) by"):
            make()


@pytest.mark.parametrize(
    "two",
    [
        TWO.replace("r: float", "r: float = 0.0"),
        TWO.replace("r: float\n", "r: float\n\n    def sum(self):\n        return self.s + self.r\n"),
        "class Two(NamedTuple): s: float; r: float\n\n\n",
    ],
)
def test_a_class_that_is_more_than_a_list_of_values_stays(two: str) -> None:
    flow = read(named([PLAIN], two=two))
    with pytest.raises(Refused, match=r"returns no named values|change"):
        wiring.remove_output(flow, CATALOG, "part", 1)
    graph = picture(flow, CATALOG.with_flow(flow), "part")
    with pytest.raises(Refused, match="returns something calculated"):
        wiring.add_output(flow, graph, ("q", graph.nodes["q"].outputs[0].name))


@pytest.mark.parametrize(
    "line",
    [
        "from typing import NamedTuple",
        "from typing import NamedTuple as NT",
        "import typing as t",
        "from typing import Any",
        "",
    ],
)
def test_values_of_no_known_type_are_any_which_is_imported(line: str) -> None:
    text = (
        f"import flodesk\n{line}\n\n\ndef part(x):\n    return x + 1\n\n\n"
        "def flow():\n    a = part(2.0)\n    b = part(a)\n"
        f"    c = part(b)\n    d = part(c)\n    e = part(b)\n    return d, e\n{END}"
    )
    flow = read(text)
    new = wiring.make_subflow(flow, picture(flow, CATALOG.with_flow(flow), "flow"), ["b", "c"])[0].apply(flow)[0]
    before: dict[str, Any] = {"__name__": "plain"}
    after: dict[str, Any] = {"__name__": "plain"}
    exec(text, before)
    exec(write(new), after)
    assert after["flow"]() == before["flow"]()


def test_an_annotation_that_is_not_known_yet_is_not_taken_over() -> None:
    text = script("(x, y) -> 'Late'", BODIES[0], [CALLS[0]], "class Late(float):\n    pass\n")
    text = text.replace("'Late'", "Late").replace(
        "import flodesk\n", "from __future__ import annotations\n\nimport flodesk\n", 1
    )
    flow = read(text)
    new = change(flow, "return", 2).apply(flow)[0]
    assert ran(write(new)) == ran(text)

"""A new name must not be one that an inner function, lambda or comprehension has for itself."""

from __future__ import annotations

import contextlib
import io

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
TOP = "import flodesk\n\n\ndef sub(p: float, q: float = 1.0) -> float:\n    return p - q\n\n\n"
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
INNER = {
    "a lambda": ("f = lambda u: u + b\nprint(f(1))", "u", "the lambda"),
    "a comprehension": ("f = [u + b for u in range(3)]\nprint(f)", "u", "the comprehension"),
    "a generator": ("f = sum(u + b for u in range(3))\nprint(f)", "u", "the comprehension"),
    "a parameter": ("def h(u):\n    return u + b\nprint(h(1))", "u", "the function"),
    "a local": ("def h(v):\n    u = v\n    return u + b\nprint(h(1))", "u", "the function"),
    "an exception": (
        "def h():\n    try:\n        1 / 0\n    except ZeroDivisionError as u:\n        return b\nprint(h())",
        "u",
        "the function",
    ),
    "a pattern": (
        "def h(v):\n    match v:\n        case [u]:\n            return u + b\nprint(h([1]))",
        "u",
        "the function",
    ),
    "a class": ("class D:\n    u = 3\n    z = b\nprint(D.z)", "u", "the class"),
    "a test": ("if [u for u in (b, 2)]:\n    print(b)", "u", "the comprehension"),
}


def text_of(body: str, top: str = "") -> str:
    return TOP + top + "def flow():\n" + "".join(f"    {line}\n" for line in body.split("\n")) + TAIL


def printed(text: str) -> str:
    space: dict[str, object] = {"__name__": "plain"}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, "plain", "exec"), space)
        space["flow"]()  # type: ignore[operator]
    return out.getvalue()


@pytest.mark.parametrize("case", INNER)
def test_a_new_name_that_something_inside_has_is_refused_with_its_line(case: str) -> None:
    body, new, scope = INNER[case]
    text = text_of(f"b = sub(10.0)\n{body}")
    flow = read(text)
    with pytest.raises(Refused, match=f"“{new}” is a name of {scope} in line 10: choose another"):
        wiring.rename(flow, picture(flow, CATALOG, "flow"), "b", new)
    new_flow, _ = wiring.rename(flow, picture(flow, CATALOG, "flow"), "b", "other").apply(flow)
    assert read(write(new_flow)) == new_flow
    assert printed(write(new_flow)) == printed(text)


@pytest.mark.parametrize(
    ("top", "body"),
    [
        ("", "f = lambda u: sub(u)\nprint(f(1))"),
        ("", "x = [sub(u) for u in range(2)]\nprint(x)"),
        ("class C:\n    u = 5\n    y = sub(3)\n\n\n", "print(C.y)"),
        ("def g(x, y=lambda u: sub(u)):\n    return y(x)\n\n\n", "r = g(3)\nprint(r)"),
    ],
)
def test_a_function_of_the_file_is_renamed_everywhere_or_not_at_all(top: str, body: str) -> None:
    text = text_of(body, top)
    flow = read(text)
    with pytest.raises(Refused):
        wiring.rename_everywhere(flow, "sub", "u")
    new, _ = wiring.rename_everywhere(flow, "sub", "other").apply(flow)
    assert "sub" not in write(new)
    assert read(write(new)) == new
    assert printed(write(new)) == printed(text)


def test_defaults_and_annotations_follow_the_name_of_a_function() -> None:
    text = text_of("r = g(3)\nprint(r)", "def g(x, y=sub(3.0), sub=2):  # sub\n    a = abs(sub)\n    return a\n\n\n")
    new, _ = wiring.rename_everywhere(read(text), "sub", "other").apply(read(text))
    assert "def g(x, y=other(3.0), sub=2):  # sub\n    a = abs(sub)\n" in write(new)
    assert read(write(new)) == new
    typed = text.replace("sub=2", "sub: int = 2")
    with pytest.raises(Refused, match="first line of “g”"):
        wiring.rename_everywhere(read(typed), "sub", "other")
    text = text.replace(", sub=2", "").replace("abs(sub)", "sub(x)")
    new, _ = wiring.rename_everywhere(read(text), "sub", "other").apply(read(text))
    assert "def g(x, y=other(3.0)):  # sub\n    a = other(x)\n" in write(new)
    assert read(write(new)) == new


def test_a_function_that_code_makes_another_is_not_renamed() -> None:
    text = text_of("global sub\nsub = abs\nprint(sub(-1))")
    with pytest.raises(Refused, match="global"):
        wiring.rename_everywhere(read(text), "sub", "other")


def test_the_name_of_an_input_is_not_one_of_a_lambda() -> None:
    text = text_of("r = g(3, k=2)\nprint(r)", "def g(x, k):\n    f = lambda u: u + k\n    b = f(x)\n    return b\n\n\n")
    with pytest.raises(Refused, match="“u” is a name of the lambda in line 9: choose another"):
        wiring.rename_input(read(text), "g", "k", "u")


@pytest.mark.parametrize("inner", ["k_then", "k_turn"])
def test_the_program_takes_no_name_that_something_inside_has(inner: str) -> None:
    text = text_of(f"k = sub(3.0)\nx = [{inner} + k for {inner} in (1, 2)]\nprint(x, k)")
    flow = read(text)
    graph = picture(flow, CATALOG, "flow")
    if inner == "k_then":
        edit = wiring.put_into_if(flow, graph, CATALOG, ["k", "code_1"])[0]
    else:
        edit = wiring.put_into_loop(flow, graph, ["k", "code_1"])[0]
    new, _ = edit.apply(flow)
    assert read(write(new)) == new
    assert printed(write(new)) == printed(text)


def test_a_bypassed_line_keeps_what_it_means() -> None:
    text = text_of("b = sub(10.0)\nf = None  # off: [u + b for u in range(3)]\nprint(b, f)")
    flow = read(text)
    with pytest.raises(Refused, match="comprehension in line"):
        wiring.rename(flow, picture(flow, CATALOG, "flow"), "b", "u")


@pytest.mark.parametrize(
    "pasted",
    [
        "b = 3\nx = [b_2 + b for b_2 in (1, 2)]\nprint(x)",
        "def sub(z):\n    return z * 100\nx = [sub(sub_2) for sub_2 in (1, 2)]\nprint(x)",
        "def sub(z):\n    return [z * sub_2 for sub_2 in (1, 2)]\ndef two(z):\n    return sub(z)\nprint(two(2))",
    ],
)
def test_what_is_pasted_gets_no_name_that_something_inside_of_it_has(pasted: str) -> None:
    flow = read(text_of("b = sub(10.0)\nprint(b)"))
    new, _ = wiring.paste(flow, CATALOG.with_flow(flow), "flow", pasted, (0.0, 0.0))[0].apply(flow)
    assert read(write(new)) == new
    space: dict[str, object] = {"__name__": "plain"}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(pasted, space)
    assert sorted(printed(write(new)).split("\n")) == sorted(f"9.0\n{out.getvalue()}".split("\n"))

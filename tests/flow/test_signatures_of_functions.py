"""The head of a function is changed by hand: only the part that is meant changes, whatever else stands in it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
HINTS = [
    "float",
    "int",
    "'float'",
    "dict[str, float]",
    "tuple[int, ...]",
    "float | None",
    '"a, b) -> float:"',
    "(float)",
]
DEFAULTS = [
    "1.0",
    "'float'",
    '") -> float:"',
    "(1, 2)",
    "{'a': [1, 2]}",
    "lambda u, v=2: (u, v)",
    "lambda: float",
    "float",
]
NAMES = ["part", "float_", "x", "y", "zed", "gäbe"]


@dataclass(frozen=True)
class Head:
    """A signature as it is drawn: the pieces between its commas, and what it returns."""

    pieces: tuple[str, ...]
    returns: str
    layout: str
    asynchronous: bool

    @property
    def inside(self) -> str:
        """What stands between the brackets."""
        inside = ", ".join(self.pieces)
        if self.layout == "lines" and self.pieces:
            inside = "\n" + "".join(f"    {piece},\n" for piece in self.pieces)
        elif self.layout == "spaces":
            inside = f" {' ,  '.join(self.pieces)} "
        return inside

    @property
    def text(self) -> str:
        """All of it."""
        inside = self.inside
        arrow = f" -> {self.returns}" if self.returns else ""
        return f"{'async ' if self.asynchronous else ''}def made({inside}){arrow}:  # float, (x: float)"


@st.composite
def heads(draw: st.DrawFn) -> Head:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    first, second = sorted((draw(st.integers(0, len(names))), draw(st.integers(0, len(names)))))
    pieces: list[str] = []
    defaults = False
    for number, name in enumerate(names):
        if number == second and second:
            pieces.append("*")
        hint = draw(st.sampled_from(["", *HINTS]))
        given_default = draw(st.sampled_from(["", "", *DEFAULTS]))
        if number < second or not second:
            given_default = given_default or ("0" if defaults else "")
            defaults = defaults or bool(given_default)
        text = f"{name}: {hint}" if hint else name
        pieces.append(f"{text} = {given_default}" if given_default else text)
        if number + 1 == first:
            pieces.append("/")
    if draw(st.booleans()):
        pieces.append(f"**rest{draw(st.sampled_from(['', ': float']))}")
    layout = draw(st.sampled_from(["line", "lines", "spaces"]))
    layout = "line" if pieces[-1].startswith("**") and layout == "lines" else layout
    return Head(tuple(pieces), draw(st.sampled_from(["", *HINTS])), layout, draw(st.booleans()))


def flow_of(head: Head) -> Flow:
    text = (
        f"import flodesk\n\n\ndef one(p, q=1.0):\n    return p\n\n\n{head.text}\n    r = one(2.0)\n    s = one(3.0)\n"
        "    return r\n\n\ndef flow():\n    a = one(1.0)\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )
    return read(text)


def head_of(text: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    found = next(
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "made"
    )
    found.body = []
    return found


def each(arguments: ast.arguments) -> dict[str, tuple[str, str, str]]:
    """Return every parameter: how it is passed, its annotation, and its default."""
    places = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(places) - len(arguments.defaults)), *arguments.defaults]
    kinds = ["/"] * len(arguments.posonlyargs) + [""] * len(arguments.args) + ["*"] * len(arguments.kwonlyargs) + ["**"]
    some = [*places, *arguments.kwonlyargs, *filter(None, [arguments.kwarg])]
    return {
        a.arg: (kind, ast.unparse(a.annotation) if a.annotation else "", ast.unparse(value) if value else "")
        for a, kind, value in zip(some, kinds, [*defaults, *arguments.kw_defaults, None], strict=False)
    }


def edited(flow: Flow, make: Callable[[], Edit]) -> str | None:
    """Do an edit: it reads as it is written, has a way back, and keeps the comment; None where it is refused."""
    try:
        new, back = make().apply(flow)
    except Refused:
        return None
    text = write(new)
    assert read(text) == new
    assert write(back.apply(new)[0]) == write(flow)
    compile(text, "made", "exec")
    assert ":  # float, (x: float)\n" in text
    return text


def try_all(head: Head) -> None:
    flow = flow_of(head)
    before = head_of(write(flow))
    was, returns = each(before.args), before.returns
    graph = picture(flow, CATALOG.with_flow(flow), "made")

    text = edited(flow, lambda: wiring.add_output(flow, graph, ("s", graph.nodes["s"].outputs[0].name)))
    assert text is not None
    after = head_of(text)
    assert ast.unparse(after.returns or ast.Name("")) == "Made"
    after.returns = returns
    assert ast.dump(after) == ast.dump(before)
    assert head.inside in text  # as it was laid out

    text = edited(flow, lambda: wiring.add_input(flow, graph, CATALOG)[0])
    assert text is not None
    assert {name: kind for name, kind in each(head_of(text).args).items() if name != "value"} == was
    for name in was:
        text = edited(flow, lambda name=name: wiring.rename_input(flow, "made", name, "renamed"))  # type: ignore[misc]
        assert text is not None
        assert each(head_of(text).args) == {"renamed" if n == name else n: kind for n, kind in was.items()}
        text = edited(flow, lambda name=name: wiring.remove_input(flow, "made", name))  # type: ignore[misc]
        assert (text is None) == (was[name][0] == "**")
        if text is not None:
            assert each(head_of(text).args) == {n: kind for n, kind in was.items() if n != name}
            assert ast.dump(head_of(text).returns or ast.Name("")) == ast.dump(returns or ast.Name(""))
        text = edited(flow, lambda name=name: wiring.move_input(flow, "made", name, 1))  # type: ignore[misc]
        if text is not None:
            now = each(head_of(text).args)
            assert now == was
            assert list(now).index(name) == list(was).index(name) + 1


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(head=heads())
def test_only_what_is_meant_changes(head: Head) -> None:
    try_all(head)


@pytest.mark.long
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(head=heads())
def test_only_what_is_meant_changes_in_many(head: Head) -> None:
    try_all(head)


@pytest.mark.parametrize(
    ("pieces", "returns"),
    [
        (("x: float", "y: float = 1.0"), "float"),
        (("number: float", 'tag: str = ""'), "float"),
        (("x: 'float'", "y=') -> float:'"), "float"),
        (("x", "/", "*", "y: float = lambda float: float"), "float"),
    ],
)
def test_an_annotation_that_stands_elsewhere_too_stays_there(pieces: tuple[str, ...], returns: str) -> None:
    for layout in ("line", "lines", "spaces"):
        try_all(Head(pieces, returns, layout, False))

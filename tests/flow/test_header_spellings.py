"""A header that a hand spelled otherwise than flodesk: legal, so kept to the letter, and the flow is a flow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flodesk.flow.edit import Edit, Move, SetDrawn, SetOption, SetView
from flodesk.flow.model import Flow, Header, View
from flodesk.flow.script import read, toml, write

CODE = "from flodesk.nodes import show\n\n\ndef flow():\n    w = show.text(1)\n    x = show.text(w)\n"


def file(lines: list[str]) -> str:
    return "".join(f"# {line}\n" if line else "#\n" for line in ["/// script", *lines, "///"]) + CODE


def opened(lines: list[str]) -> Flow:
    text = file(lines)
    flow = read(text)
    assert list(flow.functions) == ["flow"], text
    assert [s.id for s in flow.functions["flow"].body.statements] == ["w", "x"], text
    assert write(flow) == text
    return flow


def said(flow: Flow) -> Header:
    """The header without the tables of functions that have no line."""
    header = flow.header
    canvas, panel = ({f: t for f, t in tables.items() if t} for tables in (header.canvas, header.panel))
    return replace(header, canvas=canvas, panel=panel)


def edited(flow: Flow, edit: Edit) -> str:
    """Make an edit; what is written says so, and undo gives back every letter."""
    text = write(flow)
    new, back = edit.apply(flow)
    after = write(new)
    assert said(read(after)) == said(new), after
    assert list(read(after).functions) == ["flow"], after
    assert write(back.apply(new)[0]) == text
    return after


# ------------------------------------------------------------------ one at a time
ODD = {
    "redundant shows": ["[tool.flodesk.panel.flow]", 'w = { at = [0, 0, 2, 2], shows = "w" }'],
    "empty page": ["[tool.flodesk.panel.flow]", 'w = { at = [0, 0, 2, 2], page = "" }'],
    "empty options": ["[tool.flodesk.panel.flow]", "w = { at = [0, 0, 2, 2], options = {} }"],
    "an unknown key": ["[tool.flodesk.panel.flow]", "w = { at = [0, 0, 2, 2], later = [1, { b = 2 }] }"],
    "dotted keys": ["[tool.flodesk.panel.flow]", "w.at = [0, 0, 2, 2]", 'w.page = ""', 'w.shows = "w"'],
    "a table of its own": [
        "[tool.flodesk.panel.flow.w]",
        "at = [0, 0, 2, 2]  # here",
        "[tool.flodesk.panel.flow.w.options]",
    ],
    "a view without end": [
        "[tool.flodesk.panel.flow.w]",
        "at = [0, 0, 2, 2]",
        "[[tool.flodesk.panel.flow.w.later]]",
        "a = 1",
    ],
    "empty canvas": ["[tool.flodesk]", "canvas = {}", "panel = {}", "ids = {}"],
    "empty functions": ["[tool.flodesk]", "canvas.flow = {}", "panel = { flow = {} }", "ids = {}"],
    "two names of the module": [
        '[tool.flodesk.canvas.""]',
        "w = [1, 2]",
        '[tool.flodesk.canvas."<module>"]',
        "w = [3, 4]",
    ],
    "places with exponents": ["[tool.flodesk.canvas.flow]", "w = [1e1, -0.0]", "x = [0x10, 1_000]"],
    "ids of the rule": ["[tool.flodesk.ids]", "flow = []", '"" = []', "gone = ['a']"],
}


@pytest.mark.parametrize("lines", ODD.values(), ids=ODD.keys())
def test_a_legal_header_of_any_spelling_is_kept_and_the_flow_is_one(lines: list[str]) -> None:
    flow = opened(lines)
    edited(flow, Move("flow", {"x": (7.0, 8.0)}))
    edited(flow, SetView("flow", "x", View("x", "x", 4, 5, 6, 7)))
    edited(flow, SetOption("on_error", "reject"))
    if view := flow.header.panel.get("flow", {}).get("w"):
        assert view == replace(View("w", "w", 0, 0, 2, 2), more=view.more)
        text = edited(flow, SetView("flow", "w", replace(view, column=1)))
        assert ("later" in text) == ("later" in "".join(lines))
        edited(flow, SetView("flow", "w", None))


def test_only_the_view_that_is_edited_loses_its_spelling() -> None:
    odd = 'w   = { shows = "w", at = [ 0, 0, 2, 2 ], options = {} }  # mine'
    flow = opened(["[tool.flodesk.panel.flow]", odd, "x.at = [2, 0, 2, 2]", "x.later = true"])
    moved = replace(flow.header.panel["flow"]["x"], row=3)
    text = edited(flow, SetView("flow", "x", moved))
    assert f"# {odd}\n" in text
    assert "# x = { at = [2, 3, 2, 2], later = true }\n" in text
    assert "# w = [1, 0, 2, 2]\n" in edited(flow, SetView("flow", "w", View("w", "w", 1, 0, 2, 2)))


# ------------------------------------------------------------------ all together
names = st.sampled_from(["w", "x", "größe", "a b", "w.y", "if"])
scalars = st.booleans() | st.integers(-99, 99) | st.floats(-9, 9) | st.text(max_size=3) | st.dates()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2), max_leaves=4
)
grid = st.integers(0, 12)


@st.composite
def view_lines(draw: st.DrawFn, name: str) -> tuple[list[str], list[str]]:
    """Lines of a view in the panel's table, and lines of tables of its own."""
    parts: dict[str, Any] = {"at": [draw(grid) for _ in range(4)]}
    if draw(st.booleans()):
        parts["shows"] = draw(st.just(name) | names)
    if draw(st.booleans()):
        parts["page"] = draw(st.sampled_from(["", "Two"]))
    if draw(st.booleans()):
        parts["options"] = draw(st.dictionaries(names, values, max_size=2))
    parts |= draw(st.dictionaries(st.sampled_from(["later", "group", "a b"]), values, max_size=2))
    parts = dict(draw(st.permutations(list(parts.items()))))
    key = toml.key(name)
    plain = [f"{toml.key(part)} = {toml.value(value)}" for part, value in parts.items()]
    match draw(st.integers(0, 3)):
        case 0 if len(parts) == 1:
            return [f"{key} = {toml.value(parts['at'])}"], []
        case 1:
            return [f"{key}.{line}" for line in plain], []
        case 2:
            return [], [f"[tool.flodesk.panel.flow.{key}]", *plain]
        case _:
            return [f"{key} = {{{', '.join(plain)}}}  # so"], []


TABLES = ("notes", "frames", "wires", "pins", "layout", "probes", "places", "connections", "later")
FIRST = ([], ["[tool.flodesk]", "version = 1"], ["requires-python = ''", "dependencies = []"])
CANVAS = ("[tool.flodesk.canvas.flow]", '[ tool . flodesk."canvas" . flow ]')


@st.composite
def spelled(draw: st.DrawFn) -> list[str]:
    """A legal header, as hands write them."""
    tables: list[list[str]] = []
    here, own = [], []
    for name in draw(st.lists(names, max_size=3, unique=True)):
        more = draw(view_lines(name))
        here += more[0]
        own += more[1]
    if here or draw(st.booleans()):
        tables.append(["[tool.flodesk.panel.flow]", *here, *own])
    elif own:
        tables.append(own)
    places = [
        f"{toml.key(name)} = [{draw(st.sampled_from(['0', '-1.0', '1e2', '0x1F']))}, 2]"
        for name in draw(st.lists(names, max_size=2, unique=True))
    ]
    tables.append([draw(st.sampled_from(CANVAS)), *places])
    for table in draw(st.lists(st.sampled_from(TABLES), max_size=3, unique=True)):
        lines = draw(st.dictionaries(names, values, max_size=2))
        texts = [f"{toml.key(name)} = {toml.value(value)}" for name, value in lines.items()]
        form = draw(st.integers(0, 2))
        if form == 0:
            tables.append([f"[tool.flodesk.{table}.flow]", *texts])
        elif form == 1:
            tables.append([f"[tool.flodesk.{table}]", f"flow = {{ {', '.join(texts)} }}"])
        else:
            tables.append([f"[[tool.flodesk.{table}.flow]]", *texts])
    tables = draw(st.permutations(tables))
    lines = [*draw(st.sampled_from(FIRST))]
    for table in tables:
        lines += [*draw(st.sampled_from([[], [""], ["", "# of mine"]])), *table]
    return lines


def holds(lines: list[str], view: View, at: tuple[float, float]) -> None:
    flow = opened(lines)
    edited(flow, SetView("flow", view.id, view))
    edited(flow, Move("flow", {view.id: at}))
    for name, known in flow.header.panel.get("flow", {}).items():
        edited(flow, SetView("flow", name, replace(known, column=known.column + 1)))
        edited(flow, SetView("flow", name, None))
    if isinstance(flow.header.settings.get("notes", {}).get("flow", {}), dict):
        edited(flow, SetDrawn("notes", "flow", "n", {"at": [0, 0, 9, 9]}, "Add a note"))


views = st.builds(View, names, names, grid, grid, grid, grid)
spots = st.tuples(st.floats(-9, 9), st.integers(-9, 9))


@given(spelled(), views, spots)
@example(["[tool.flodesk.panel.flow]", "w.at = [1, 2, 3, 4]"], View("w", "w", 0, 0, 1, 1), (0, 0))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_flow_outlives_any_legal_header(lines: list[str], view: View, at: tuple[float, float]) -> None:
    holds(lines, view, at)


@pytest.mark.long
@pytest.mark.timeout(900)
@given(spelled(), views, spots)
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_flow_outlives_very_many_legal_headers(lines: list[str], view: View, at: tuple[float, float]) -> None:
    holds(lines, view, at)

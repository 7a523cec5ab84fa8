"""A name that means several things: what is added at a port reads that one, in its loop, and changes nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.boxes import is_carried_by_code
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
TOP = (
    "LOG = []\n\n\ndef act(x):\n    LOG.append(x)\n    return x + 1\n\n\ndef two(x, y=1):\n    return x + y\n\n\n"
    "def ident(x):\n    return x\n\n\ndef flow():\n"
)
CARRIED = """\
    total = 0.0
    for tick in range(9):
        longer = act(total)
        total = longer
        if longer:
            low = act(tick)
            level = low
        else:
            high = act(longer)
            level = high
        seen = act(level)
    last = act(total)
"""
ANEW = """\
    a = 1
    b = act(a)
    a = two(a, b)
    c = act(a)
    if c:
        d = act(b)
        a = d
    return a
"""


def flow_of(body: str) -> Flow:
    return read(TOP + body)


def added(body: str, path: str, source: tuple[str, str] | None) -> str:
    flow = flow_of(body)
    edit, _ = wiring.add_node(flow, CATALOG.with_flow(flow), "flow", path, (0.0, 0.0), source)
    new, inverse = edit.apply(flow)
    assert write(inverse.apply(new)[0]) == write(flow)
    return write(new).partition("def flow():\n")[2]


def inserted(body: str, path: str, source: tuple[str, str], target: tuple[str, str]) -> str:
    flow = flow_of(body)
    edit, _ = wiring.insert_between(flow, CATALOG.with_flow(flow), "flow", path, (0.0, 0.0), source, target)
    return write(edit.apply(flow)[0]).partition("def flow():\n")[2]


@pytest.mark.parametrize("source", [("total", ""), None])
def test_an_expression_of_what_a_loop_carries_is_calculated_in_each_turn(source: tuple[str, str] | None) -> None:
    new = added(CARRIED, "= total * 2", source)
    assert "    for tick in range(9):\n        result = total * 2\n        longer = act(total)\n" in new


@pytest.mark.parametrize(("path", "line"), [("act", "act_1 = act(total)"), ("def", "result = my_function(total)"),
                                            ("=", "result = total * 2")])  # fmt: skip
def test_what_is_added_at_feedback_stands_in_the_turn(path: str, line: str) -> None:
    assert f"    for tick in range(9):\n        {line}\n" in added(CARRIED, path, ("total", ""))


@pytest.mark.parametrize(("path", "line"), [("act", "act_1 = act(total)"), ("=", "result = total * 2")])
def test_a_node_in_the_wire_that_reads_the_last_value_stays_below_the_loop(path: str, line: str) -> None:
    name = line.partition(" ")[0]
    new = inserted(CARRIED, path, ("total", ""), ("last", "x"))
    assert new.endswith(f"        seen = act(level)\n    {line}\n    last = act({name})\n")


def test_a_constant_in_the_wire_of_a_merge_in_a_loop_goes_into_the_arm() -> None:
    new = inserted(CARRIED, "= 5", ("low", ""), ("level", "arm[0]"))
    assert "            low = act(tick)\n            result = 5\n            level = result\n" in new


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (("a", ""), "    a = 1\n    act_1 = act(a)\n"),
        (("code_1", "a"), "    a = two(a, b)\n    act_1 = act(a)\n"),
        (("a_if_1", ""), "        a = d\n    act_1 = act(a)\n    return a\n"),
    ],
)
@pytest.mark.parametrize("path", ["act", "= a * 3", "="])
def test_each_binding_of_a_name_is_read_where_the_name_means_it(source: tuple[str, str], lines: str, path: str) -> None:
    call = {"act": "act_1 = act(a)", "= a * 3": "result = a * 3", "=": "result = a * 2"}[path]
    graph = picture(flow_of(ANEW), CATALOG.with_flow(flow_of(ANEW)), "flow")
    merge = next(node.id for node in graph.nodes.values() if node.kind == "merge")
    source = (merge, "") if source[0] == "a_if_1" else source
    assert lines.replace("act_1 = act(a)", call) in added(ANEW, path, source)


def test_an_assignment_that_binds_anew_what_it_reads_reads_a_node_in_its_wire() -> None:
    new = inserted(ANEW, "act", ("a", ""), ("code_1", "a"))
    assert "    act_1 = act(a)\n    b = act(a)\n    a = two(act_1, b)\n    c = act(a)\n" in new


def test_a_start_without_a_line_of_its_own_is_not_taken_for_the_next_value() -> None:
    body = "    b = 1\n    b += 1\n    for k in range(3):\n        n = act(k)\n        b = n\n    return b\n"
    graph = picture(flow_of(body), CATALOG.with_flow(flow_of(body)), "flow")
    wire = next(wire for wire in graph.wires if wire.target[1] == "start" and wire.source[0] == "code_1")
    with pytest.raises(Refused, match="no line of its own"):
        inserted(body, "act", wire.source, wire.target)


SUMMED = "    seven = 7\n    total = 0\n    for t in range(4):\n        total = total + t\n    return total\n"


def test_a_node_in_the_wire_of_code_that_adds_up_is_calculated_in_each_turn() -> None:
    new = inserted(SUMMED, "ident", ("total~t", ""), ("code_1", "total"))
    assert "    for t in range(4):\n        ident_1 = ident(total)\n        total = ident_1 + t\n" in new
    assert run(TOP + new) == run(TOP + SUMMED) == (6, [])


def test_code_that_adds_up_keeps_what_it_left_in_the_turn_before() -> None:
    flow = flow_of(SUMMED)
    graph = picture(flow, CATALOG.with_flow(flow), "flow")
    with pytest.raises(Refused, match="“code_1” reads “total” as it left it in the turn before"):
        wiring.connect(flow, graph, ("seven", ""), ("code_1", "total"))


def test_code_that_adds_up_reads_what_is_made_of_it_in_the_same_turn() -> None:
    body = SUMMED.replace("        total =", "        half = act(total)\n        more = act(half)\n        total =")
    flow = flow_of(body)
    graph = picture(flow, CATALOG.with_flow(flow), "flow")
    new = write(wiring.connect(flow, graph, ("more", ""), ("code_1", "total")).apply(flow)[0])
    assert "        more = act(half)\n        total = more + t\n" in new


@pytest.mark.parametrize("path", ["= total * 2", "ident", "def", "="])
def test_what_is_added_below_a_loop_moves_no_line_above_it(path: str) -> None:
    body = (
        "    total = 0\n    for t in range(4):\n        half = total * 0.5\n        more = two(half, t)\n"
        "        total = more\n    total = total / 4\n    return total\n"
    )
    new = added(body, path, ("code_2", "total"))
    assert [line for line in new.splitlines(keepends=True) if line in body] == body.splitlines(keepends=True)
    top = TOP.replace("def flow", "def my_function(x):\n    return x\n\n\ndef flow")
    assert run(top + new)[0] == run(TOP + body)[0] == 1.0625


NEXT = "    f = 0\n    for t in range(3):\n        more = two(f, t)\n        f = more\n        show = act(f)\n"
REBOUND = "    a = 1\n    for t in range(3):\n        n = act(a)\n        a = act(a)\n    return a\n"


@pytest.mark.parametrize(
    ("body", "source", "target"), [(NEXT, ("f", ""), ("show", "x")), (REBOUND, ("a~t", ""), ("n", "x"))]
)
def test_a_node_in_a_wire_reads_what_its_reader_did_right_before_that(
    body: str, source: tuple[str, str], target: tuple[str, str]
) -> None:
    new = inserted(body, "ident", source, target)
    assert f"        ident_1 = ident({source[0][0]})\n        {target[0]} = act(ident_1)\n" in new
    assert run(TOP + new) == run(TOP + body)


def test_an_object_in_a_wire_of_a_turn_is_made_once_above_the_loop() -> None:
    new = inserted(NEXT, "flodesk.nodes.dsp.Lowpass", ("f", ""), ("show", "x"))
    assert "    lowpass = dsp.Lowpass()\n    for t in range(3):\n" in new
    assert "        f = more\n        lowpass_out = lowpass(f)\n        show = act(lowpass_out)\n" in new


def test_what_reads_the_last_value_of_feedback_does_not_move_above_its_loop() -> None:
    body = (
        "    total = 0\n    for t in range(4):\n        b = act(t)\n        more = two(total, t)\n"
        "        total = more\n    last = act(total)\n    return last\n"
    )
    flow = flow_of(body)
    graph = picture(flow, CATALOG.with_flow(flow), "flow")
    with pytest.raises(Refused, match="“last” reads “total”, which has another value above"):
        wiring.connect(flow, graph, ("last", ""), ("b", "x"))


# ------------------------------------------------------------------ many flows
def run(text: str) -> tuple[object, list[object]]:
    """Run a script as plain Python; return what its function returned or failed with, and what each `act` got."""
    space: dict[str, Any] = {}
    exec(compile(text, "flow.py", "exec"), space)
    try:
        found = space["flow"]()
    except Exception as error:  # noqa: BLE001 - a flow that fails is to fail the same way
        found = type(error).__name__
    return found, space["LOG"]


class _Writer:
    """Writes a function in which the same few names are bound again and again, in loops, arms and as feedback."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.lines = ["    a = 1"]
        self.count = 0

    def text(self) -> str:
        known = ["a"]
        for _ in range(self.rng.randrange(3, 7)):
            self.line("    ", known, 0)
        return TOP + "\n".join([*self.lines, f"    return {self.rng.choice(known)}", ""])

    def fresh(self, base: str) -> str:
        self.count += 1
        return f"{base}{self.count}"

    def line(self, pad: str, known: list[str], depth: int) -> None:
        rng = self.rng
        one, two, name = rng.choice(known), rng.choice(known), rng.choice("abcd")
        name = name if rng.random() < 0.4 else self.fresh("n")
        kind = rng.choice(["call", "call", "code", "anew", "const", "if", "for", "feedback"] if depth < 3 else ["call"])
        if kind in ("call", "code", "const"):
            text = {"call": f"act({one})", "code": f"{one} + {two}", "const": "5"}[kind]
            self.lines.append(f"{pad}{name} = {text}")
            known.append(name)
        elif kind == "anew":
            self.lines.append(f"{pad}{one} = two({one}, {two})")
        elif kind == "if":
            inner = self.fresh("n")
            self.lines += [f"{pad}if {one} > 1:", f"{pad}    {inner} = act({two})", f"{pad}    {name} = {inner}"]
            if rng.random() < 0.7 or name not in known:
                self.lines += [f"{pad}else:", f"{pad}    {name} = {rng.choice([two, '0', f'act({one})'])}"]
            known.append(name)
        else:
            held, turn, more = self.fresh("f"), self.fresh("t"), self.fresh("n")
            self.lines += [f"{pad}{held} = 0"] if kind == "feedback" else []
            self.lines.append(f"{pad}for {turn} in range(3):")
            inside = [*known, turn, *([held] if kind == "feedback" else [])]
            for _ in range(rng.randrange(1, 3)):
                self.line(f"{pad}    ", inside, depth + 1)
            if kind == "feedback":
                self.lines += [f"{pad}    {more} = two({held}, {rng.choice(inside)})", f"{pad}    {held} = {more}"]
                known.append(held)


def _others(graph: Graph, node: str) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    """Return all wires but those of a node; what a merge takes, which is drawn only where it is read, not either."""
    merges = {name for name, box in graph.nodes.items() if box.kind == "merge"} | {node}
    return {(w.source, w.target) for w in graph.wires if not {w.source[0], w.target[0]} & merges}


def _tried(seed: int) -> tuple[int, int]:
    """Add a node of each kind at each output, and into each wire; return how often that was done, and refused."""
    text = _Writer(seed).text()
    flow = read(text)
    assert write(flow) == text
    catalog = CATALOG.with_flow(flow)
    graph = picture(flow, catalog, "flow")
    done = refused = 0
    for node in graph.nodes.values():
        for port in node.outputs if node.kind != "switch" else ():
            for path in ("act", f"= {port.variable} * 2", "def"):
                try:
                    edit, new = wiring.add_node(flow, catalog, "flow", path, None, (node.id, port.name))
                except Refused:
                    refused += 1
                    continue
                after = edit.apply(flow)[0]
                now = picture(after, CATALOG.with_flow(after), "flow")
                wires = {(wire.source, wire.target[0]) for wire in now.wires}
                assert ((node.id, port.name), new) in wires, f"{seed}: {path} at {node.id}\n{write(after)}"
                assert _others(graph, new) == _others(now, new), f"{seed}: {path} at {node.id}\n{write(after)}"
                done += 1
    for wire in graph.wires:
        try:
            edit, new = wiring.insert_between(flow, catalog, "flow", "act", None, wire.source, wire.target)
        except Refused:
            continue  # also what the text of code does not allow
        after = edit.apply(flow)[0]
        now = picture(after, CATALOG.with_flow(after), "flow")
        assert any(w.source == wire.source and w.target[0] == new for w in now.wires), f"{seed}\n{write(after)}"
        assert any(w.target[0] == wire.target[0] and w.source[0] == new for w in now.wires), f"{seed}\n{write(after)}"
    return done, refused


def _run_both(seed: int) -> tuple[int, int]:
    """Put `ident` into each wire and at each output, and run that; return how often it was done, and refused."""
    text = _Writer(seed).text()
    flow, was = read(text), run(text)
    catalog = CATALOG.with_flow(flow)
    graph = picture(flow, catalog, "flow")
    ports = [(node.id, p.name) for node in graph.nodes.values() if node.kind != "switch" for p in node.outputs]
    named = {(node.id, p.name): p.variable for node in graph.nodes.values() for p in node.outputs}
    done = refused = 0
    asked: list[tuple[str, tuple[str, str], tuple[str, str] | None]]
    asked = [("ident", w.source, w.target) for w in graph.wires if not is_carried_by_code(graph.nodes[w.target[0]])]
    asked += [(path, port, None) for port in ports for path in ("ident", f"= {named[port]} * 2")]
    for path, source, target in asked:
        try:
            if target is None:
                edit, _ = wiring.add_node(flow, catalog, "flow", path, None, source)
            else:
                edit, _ = wiring.insert_between(flow, catalog, "flow", path, None, source, target)
        except Refused:
            refused += 1
            continue
        after = write(edit.apply(flow)[0])
        assert run(after) == was, f"{seed}: {path} from {source} to {target}\n{text}--->\n{after}"
        if target is None:  # all lines stand in their order, with one more
            lines = after[after.index("LOG") :].splitlines()
            rest = [lines[:n] + lines[n + 1 :] for n in range(len(lines))]
            assert text.splitlines() in rest, f"{seed}: {path} at {source}\n{text}--->\n{after}"
        done += 1
    return done, refused


def test_a_node_that_hands_on_what_it_gets_changes_nothing_in_any_flow() -> None:
    found = [_run_both(seed) for seed in (5, 26, 202)]
    assert sum(done for done, _ in found) > 15 * sum(refused for _, refused in found)


@pytest.mark.long
@pytest.mark.parametrize("start", range(0, 240, 10))
def test_a_node_that_hands_on_what_it_gets_changes_nothing_in_many_flows(start: int) -> None:
    found = [_run_both(seed) for seed in range(start, start + 10)]
    assert sum(done for done, _ in found) > 10 * sum(refused for _, refused in found)


def test_what_is_added_reads_what_was_asked_for_in_any_flow() -> None:
    found = [_tried(seed) for seed in range(4)]
    assert sum(done for done, _ in found) > 30 * sum(refused for _, refused in found)


@pytest.mark.long
@pytest.mark.parametrize("start", range(0, 160, 10))
def test_what_is_added_reads_what_was_asked_for_in_many_flows(start: int) -> None:
    found = [_tried(seed) for seed in range(start, start + 10)]
    assert sum(done for done, _ in found) > 10 * sum(refused for _, refused in found)

"""Draws flows of everything that a flow can be made of, with their literals and with the nodes that may run elsewhere.

A drawn text has marks in the place of its literals, so that one drawing gives the flow that the engine runs and the
script that it is compared with, also where a literal is another from some turn on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

HEAD = """
import asyncio
from typing import NamedTuple
import numpy
import flodesk
from flodesk.nodes import queue, text

calls = {}
jobs = queue.Queue(size=3)


class Parts(NamedTuple):
    low: int
    high: int


def mark(function, turn):
    return turn


def noted(name, *values, k=0):
    calls.setdefault(name, []).append((values, k))
    return (sum(values) + 3 * k + len(name)) % 97


@flodesk.node(pure=True)
def added(*values, k=0):
    return (sum(values) * 7 + k) % 101


@flodesk.node(pure=True)
def scaled(x, factor=2):
    return x * factor % 53


def split(x, by=2) -> Parts:
    return Parts(x // by, x - x // by)


def label(title: str, value: int, k: int = 1) -> str:
    return title


def measured(text, k=0):
    return (sum(map(ord, text)) + k) % 89


def wide(x, n=9000):
    return numpy.arange(n) + x


def narrow(array, k=1):
    return int(array.sum() * k % 83)


def even(x, of=2):
    return x % of == 0


def upto(n, start=0):
    yield from range(start, start + n % 5)


async def fetched(x, k=1):
    await asyncio.sleep(0)
    return (x + k) % 71


async def ticks(n, start=0):
    for k in range(start, start + n % 5):
        await asyncio.sleep(0)
        yield k


class Mean:
    def __init__(self, window=3):
        self.window, self.seen = window, []

    def __call__(self, x, k=0):
        self.seen = [*self.seen, x + k][-self.window:]
        return sum(self.seen)


class Rows:
    def __init__(self):
        self.rows = []

    def add(self, *x):
        self.rows.append(x)

    def result(self):
        return len(self.rows) + sum(map(sum, self.rows)) % 43


"""
TITLES = ("{{ value }} V", "{{ k }}: {{ value }}", "no more {{ value + k }}")
_MARK = re.compile(r"<<(\d+)>>")


@dataclass(frozen=True)
class Literal:
    """A literal of a drawn flow: where it stands, and whether that is above the loop of its function."""

    function: str
    node: str
    parameter: str
    text: str
    above: bool


@dataclass
class Script:
    """A drawn flow."""

    asynchronous: bool = False
    mains: tuple[str, ...] = ("flow",)
    subflows: dict[str, list[str]] = field(default_factory=dict)
    above: dict[str, list[str]] = field(default_factory=dict)
    bodies: dict[str, list[str]] = field(default_factory=dict)
    literals: list[Literal] = field(default_factory=list)
    movable: list[tuple[str, str]] = field(default_factory=list)
    """Function and name of the nodes that may run elsewhere."""
    places: list[tuple[str, str]] = field(default_factory=list)
    producer: str = ""

    def text(self) -> str:
        """Return the file that the engine is given."""
        tables: list[str] = []
        for function in sorted({function for function, _ in self.places}):
            tables.append(f"# [tool.flodesk.places.{function}]")
            tables += [f'# {node} = "process"' for of, node in self.places if of == function]
        tables += ["# [tool.flodesk.process]", "# cpus = 2"]
        head = "\n".join(["# /// script", "# [tool.flodesk]", "# version = 1", *tables, "# ///"])
        return _MARK.sub(lambda found: self.literals[int(found[1])].text, head + self._functions([]))

    def plain(self) -> str:
        """Return the script that it is compared with: `now(n, literal)` gives the literal that is in force.

        What stands above a loop is computed again before the next turn where `stale` says that a literal of it changed.
        """
        return _MARK.sub(
            lambda found: f"now({found[1]}, {self.literals[int(found[1])].text})", self._functions(["stale"])
        )

    def _functions(self, stale: list[str]) -> str:
        text = HEAD
        for name, lines in self.subflows.items():
            text += f"def {name}(x, y=3):\n" + _indented(lines) + "\n\n"
        for name in self.mains:
            again = [f"if stale('{name}'):", *(f"    {line}" for line in self.above[name] or ["pass"])] if stale else []
            lines = [*self.above[name], "acc = 1", "memory = Mean(window=2)", "rows = Rows()"]
            lines += [f"{self._head(name)}:", *(f"    {line}" for line in again)]
            lines += [f"    told = mark('{name}', turn)", *(f"    {line}" for line in self.bodies[name])]
            if again:
                lines += ["else:", *(f"    {line}" for line in again)]
            lines += ["total = rows.result()", f"end = noted('{name}_end', total)"]
            start = "async def" if self.asynchronous and name == "flow" else "def"
            text += f"{start} {name}():\n" + _indented(lines) + "\n\n"
        return text + f'if __name__ == "__main__":\n    flodesk.main({", ".join(self.mains)})\n'

    def _head(self, name: str) -> str:
        if name == "report":
            return "for turn in jobs"
        return (
            f"async for turn in ticks({self.producer})" if self.asynchronous else f"for turn in upto({self.producer})"
        )

    def names(self) -> frozenset[str]:
        """Return ``function.variable`` for all that may be one."""
        text = self._functions([])
        found = set(re.findall(r"^ +(?:async )?(?:for )?(\w+) (?:=|in) ", text, re.MULTILINE))
        return frozenset(f"{f}.{name}" for f in (*self.mains, *self.subflows) for name in {*found, "x", "y"})


def _indented(lines: list[str]) -> str:
    return "".join(f"    {line}\n" for line in lines)


class _Drawing:
    """What a drawing has come to."""

    def __init__(self, draw: st.DrawFn, script: Script) -> None:
        self.draw = draw
        self.script = script
        self.function = ""
        self.above = False

    def chance(self, of: int) -> bool:
        return self.draw(st.integers(1, of)) == 1

    def literal(self, node: str, parameter: str, text: str) -> str:
        self.script.literals.append(Literal(self.function, node, parameter, text, self.above))
        return f"<<{len(self.script.literals) - 1}>>"

    def number(self, node: str, parameter: str, lowest: int = 0) -> str:
        return self.literal(node, parameter, str(self.draw(st.integers(lowest, 9))))

    def arg(self, names: tuple[str, ...], node: str, parameter: str, lowest: int = 0) -> str:
        """Draw a variable, or now and then a literal."""
        if names and not self.chance(4):
            return str(self.draw(st.sampled_from(names)))
        return self.number(node, parameter, lowest)

    def movable(self, *nodes: str) -> None:
        self.script.movable += [(self.function, node) for node in nodes]

    # -------------------------------------------------------------- statements
    def call(self, name: str, names: tuple[str, ...]) -> list[str]:
        kind = self.draw(st.sampled_from(["noted", "noted", "added", "scaled", "split", "label", "template", "wide"]))
        if kind in ("noted", "added"):
            count = self.draw(st.integers(0, 4))
            values = [self.arg(names, name, f"values[{n}]") for n in range(count)]
            first = [f"'{self.function}_{name}'"] if kind == "noted" else []
            named = [f"k={self.arg(names, name, 'k')}"] if self.chance(2) else []
            self.movable(name)
            return [f"{name} = {kind}({', '.join([*first, *values, *named])})"]
        if kind == "scaled":
            self.movable(name)
            return [f"{name} = scaled({self.arg(names, name, 'x')}, factor={self.number(name, 'factor')})"]
        part = f"{name}_{kind[0]}"
        self.movable(name, part)
        if kind == "split":
            lines = [f"{part} = split({self.arg(names, part, 'x')}, by={self.number(part, 'by', 1)})"]
            return [*lines, f"{name} = added({part}.low, {part}.high, {part}.low, k={self.number(name, 'k')})"]
        if kind == "label":
            title = self.literal(part, "title", repr(self.draw(st.sampled_from(TITLES))))
            lines = [f"{part} = label({title}, {self.arg(names, part, 'value')}, k={self.number(part, 'k')})"]
            return [*lines, f"{name} = measured({part}, k={self.number(name, 'k')})"]
        if kind == "template":
            lines = [f"{part} = text.template('{{{{ a }}}}:{{{{ b + 1 }}}}', a={self.arg(names, part, 'a')}, b=3)"]
            return [*lines, f"{name} = measured({part})"]
        return [f"{part} = wide({self.arg(names, part, 'x')})", f"{name} = narrow({part}, k={self.number(name, 'k')})"]

    def block(self, names: tuple[str, ...], depth: int, prefix: str, leave: tuple[str, ...]) -> list[str]:
        """Draw statements over the variables that are bound; the last one binds ``{prefix}0`` in any case."""
        lines: list[str] = []
        script, draw = self.script, self.draw
        asynchronous = script.asynchronous and self.function == "flow"
        main = self.function in script.mains
        kinds = ["call"] * 5 + [
            "state",
            "code",
            "copy",
            "memory" if main else "call",
            "await" if asynchronous else "call",
        ]
        kinds += ["put"] * 2 if "report" in script.mains and self.function == "flow" else []
        kinds += ["subflow"] * 2 if script.subflows and main else []
        kinds += ["loop", "loop", "switch", "fold"] if depth else []
        kinds += ["leave"] if leave else []
        for number in range(1, draw(st.integers(2, 5))):
            name = f"{prefix}{number}"
            kind = draw(st.sampled_from(kinds))
            inner = (*leave, "break", "continue")
            if kind == "call":
                lines += self.call(name, names)
            elif kind == "state":
                lines += [f"{name}_m = Mean(window={self.number(f'{name}_m', 'window', 1)})"]
                lines += [f"{name}_a = {name}_m({self.arg(names, f'{name}_a', 'x')})"]
                lines += [f"{name} = {name}_m({name}_a, k={self.number(name, 'k')})"]
                if main:
                    self.movable(f"{name}_m")
            elif kind == "memory":
                lines += [f"{name} = memory({self.arg(names, name, 'x')})"]
            elif kind == "code":
                lines += [f"{name} = ({draw(st.sampled_from(names))} * 2 + {draw(st.sampled_from(names))}) % 103"]
            elif kind == "copy":
                lines += [f"{name} = {draw(st.sampled_from(names))}"]
            elif kind == "await":
                lines += [f"{name} = await fetched({self.arg(names, name, 'x')}, k={self.number(name, 'k')})"]
            elif kind == "put":
                lines += [f"{name} = jobs.put({draw(st.sampled_from(names))})"]
                continue
            elif kind == "subflow":
                callee = draw(st.sampled_from(sorted(script.subflows)))
                lines += [f"{name} = {callee}({self.arg(names, name, 'x')}, y={self.arg(names, name, 'y')})"]
                self.movable(name)
            elif kind == "leave":
                how = draw(st.sampled_from(leave))
                value = "" if main or how != "return" else f" {draw(st.sampled_from(names))}"
                lines += [f"if {draw(st.sampled_from(names))} % 7 == 1:", f"    {how}{value}"]
                continue
            elif kind in ("loop", "fold"):
                carried = (name,) if kind == "fold" else ()
                over = self.arg(names, f"{name}_i", "n")
                body = self.block((*names, f"{name}_i", *carried), depth - 1, f"{name}_", inner)
                rows = [f"{name}_r = Rows()"] if kind == "loop" else [f"{name} = {draw(st.integers(0, 9))}"]
                lines += [*rows, f"for {name}_i in upto({over}):", *(f"    {line}" for line in body)]
                if kind == "loop":
                    lines += [f"    {name}_r.add({name}_i, {name}_0)", f"{name} = {name}_r.result()"]
                else:
                    lines += [f"    {name}_x = noted('{self.function}_{name}x', {name}, {name}_0)"]
                    lines += [f"    {name} = {name}_x"]
            else:
                lines += [
                    f"{name}_e = even({self.arg(names, f'{name}_e', 'x')}, of={self.number(f'{name}_e', 'of', 2)})"
                ]
                for head, arm in ((f"if {name}_e:", "t"), ("else:", "f")):
                    body = self.block(names, depth - 1, f"{name}_{arm}", leave)
                    lines += [head, *(f"    {line}" for line in body), f"    {name} = {name}_{arm}0"]
            names = (*names, name)
        last = [f"'{self.function}_{prefix}0'", *names[-3:]]
        return [*lines, f"{prefix}0 = noted({', '.join(last)}, k={self.number(f'{prefix}0', 'k')})"]


@st.composite
def scripts(draw: st.DrawFn, depth: int = 2) -> Script:
    """Draw a flow with up to two functions side by side, a queue between them, and subflows."""
    script = Script(asynchronous=draw(st.integers(1, 4)) == 1)
    drawing = _Drawing(draw, script)
    if draw(st.integers(1, 3)) == 1:
        script.mains = ("flow", "report")
    for number in range(draw(st.integers(0, 2))):
        drawing.function = f"f{number}"
        lines = drawing.block(("x", "y"), min(depth, 1), "s", ("return",))
        script.subflows[f"f{number}"] = [*lines, "return s0"]
    for name in script.mains:
        drawing.function, drawing.above = name, True
        above = drawing.call("p1", ()) + drawing.call("p2", ("p1",)) if drawing.chance(2) else []
        drawing.above = False
        script.above[name] = above
        known = ("turn", "acc", *(("p1", "p2") if above else ()))
        # what is put after the only reader has gone is dropped, and nobody knows when that is
        body = drawing.block(known, depth, "v", ("continue", "break") if name == "flow" else ("continue",))
        body += ["rows.add(turn, v0)", f"more = noted('{name}_more', acc, v0)", "acc = more"]
        if name == "flow" and "report" in script.mains:
            body.insert(draw(st.sampled_from([0, len(body)])), "sent = jobs.put(acc)")
        script.bodies[name] = body
        drawing.movable("memory")
    drawing.function = "flow"
    script.producer = str(draw(st.integers(2, 4)))
    return script


def placed(draw: st.DrawFn, script: Script) -> Script:
    """Give some of the nodes another place."""
    chosen = draw(st.lists(st.booleans(), min_size=len(script.movable), max_size=len(script.movable)))
    script.places = [node for node, there in zip(script.movable, chosen, strict=True) if there]
    return script


@dataclass(frozen=True)
class Edit:
    """A literal that is another one from a turn of its function on."""

    literal: int
    function: str
    """The function whose turn is meant: of a subflow, the one that calls it."""
    turn: int
    text: str


@st.composite
def edits(draw: st.DrawFn, script: Script) -> list[Edit]:
    """Draw edits whose outcome is defined.

    Of a subflow only where one function calls it; above a loop only where no turn of a loop within it comes first.
    """
    nested = {name for name, lines in script.bodies.items() if any(line.lstrip().startswith("for ") for line in lines)}
    numbers = [
        n
        for n, literal in enumerate(script.literals)
        if (len(script.mains) == 1 or literal.function in script.mains)
        and not (literal.above and literal.function in nested)
    ]
    found: list[Edit] = []
    for number in draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=4)):
        literal = script.literals[number]
        function = literal.function if literal.function in script.mains else "flow"
        text: Any = draw(st.sampled_from(TITLES) if literal.parameter == "title" else st.integers(2, 12))
        found.append(Edit(number, function, draw(st.integers(1, 4)), repr(text)))
    return found

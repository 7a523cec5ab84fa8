"""Flows drawn at random: every kind of statement, of name, of literal and of layout in the header."""

from __future__ import annotations

import ast
import keyword
import math
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest
from hypothesis import strategies as st

from flodesk.flow.model import (
    Argument,
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Docstring,
    Each,
    Expression,
    Flow,
    Function,
    Header,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Return,
    Statement,
    Switch,
    View,
)
from flodesk.flow.script.ids import numbered, with_ids
from flodesk.flow.script.mapped import ON_ERRORS
from flodesk.flow.script.names import free_names, usage

IMPORTS = (
    ("", (("flodesk", "flodesk"),)),
    ("", (("m", "math"), ("os", "os"))),
    ("flodesk.nodes", (("dsp", "flodesk.nodes.dsp"), ("maths", "flodesk.nodes.maths"), ("show", "flodesk.nodes.show"))),
    ("statistics", (("mean", "statistics.mean"), ("middle", "statistics.median"))),
    (".mine", (("own", ".mine.own"),)),
    ("..", (("up", "..up"),)),
)
TYPES = ("dsp.butterworth", "maths.add", "show.line", "mean", "unknown.thing", "print", "own", "a_function_of_none")
RESERVED = {
    "flodesk",
    "m",
    "os",
    "dsp",
    "maths",
    "show",
    "mean",
    "middle",
    "own",
    "up",
    "unknown",
    "print",
    "inf",
    "nan",
}
CODE = (
    "{new} = {old} + 1",
    "{old}.count += 1",
    "with open({old}) as {new}:\n    {new}.read()\n\n    # inside\n    print({new})",
    'if {old}: print("""a\n  b\n""")',
    "{new}: int = {old}",
    "{new}, _ = {old}",
    "class {new}:\n    pass",
    "@dsp.marked\ndef {new}(x):\n    return x + {old}",
    "while {old} < 3:\n    break",
    "try:\n    {new} = [x for x in {old}]\nexcept ValueError:\n    raise",
    "a = 1; b = {old}",
    "while {old}:\n    return {old}",
    "continue",
    "pass",
    "{new} = lambda x: ({old},\n  x)",
    "{new} = f'{{{old}}}'",
)
TESTS = ("{old} > 3", "not {old}", "{old}.low and m.pi", "True", "print", "({old} ==\n1)")


def _normal(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and unicodedata.normalize("NFKC", name) == name


words_of_items = ("item", "wave", "größe")
words = st.sampled_from(
    ["tick", "signal", "clean", "if_1", "code_2", "call_1", "bind_1", "größe", "μ", "_", "x", "λ2", "values"]
)
numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
scalars = numbers | st.booleans() | st.none() | st.text(max_size=8) | st.binary(max_size=4)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=2)
    ),
    max_leaves=5,
)
literals = values.map(Literal.of) | st.sampled_from(
    [
        Literal(t)
        for t in ("1_000", "0x1F", "'Hz'", 'r"\\d"', "1+2j", "- 5", "'a' 'b'", "m.pi", "unknown", "True", "...", "1e3")
    ]
)
notes = st.just("") | st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=10).map(str.strip)
toml_values = st.recursive(
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.dates()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@dataclass
class Drawing:
    """Draws the statements of one function; `known` are the variables that may be read."""

    draw: Any
    fresh: count[int]
    known: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def new(self) -> str:
        name = str(self.draw(words))
        while name in self.taken or name in RESERVED or not _normal(name):
            name = f"{name.rstrip('0123456789')}{next(self.fresh)}"
        self.taken.add(name)
        return name

    def old(self) -> str:
        name: str = self.draw(st.sampled_from(self.known)) if self.known else "unknown"
        return name

    def value(self) -> Ref | Literal:
        if self.known and self.draw(st.booleans()):
            return Ref(self.old(), self.draw(st.sampled_from(["", "", "low", "größe"])))
        found: Literal = self.draw(literals)
        return found

    def arguments(self) -> tuple[Argument, ...]:
        some = [Argument(self.value()) for _ in range(self.draw(st.integers(0, 2)))]
        names = self.draw(st.lists(words, max_size=2, unique=True))
        return tuple(some + [Argument(self.value(), name) for name in names])

    def callee(self) -> str:
        if self.known and self.draw(st.integers(0, 3)) == 0:
            return self.old() + str(self.draw(st.sampled_from(["", ".add", ".result"])))
        found: str = self.draw(st.sampled_from(TYPES))
        return found

    def test(self) -> Ref | Expression:
        if self.known and self.draw(st.booleans()):
            return Ref(self.old())
        text = self.draw(st.sampled_from(TESTS)).format(old=self.old())
        return Expression(text, free_names(ast.parse(text, mode="eval").body))

    def code(self) -> Code:
        name = self.new()
        text = self.draw(st.sampled_from(CODE)).format(new=name, old=self.old())
        found = usage(ast.parse(text).body)
        if {"a", "b", "_"} & set(found.binds) and {"a", "b", "_"} & self.taken:
            text, found = "pass", usage([])
        self.taken |= set(found.binds)
        self.known += found.binds
        return Code(id="", text=text, reads=found.reads, binds=found.binds, leaves=found.leaves)

    def returned(self) -> Return:
        kind = self.draw(st.integers(0, 3))
        values: list[Ref | Literal | Expression] = [self.value() for _ in range((0, 1, 2, 3)[kind])]
        if kind == 1 and self.draw(st.booleans()):
            text = self.draw(
                st.sampled_from((*(t for t in TESTS if "{" in t), "{old},", "*{old}, 1", "[\n{old}\n]"))
            ).format(old=self.old())
            values = [Expression(text, free_names(ast.parse(f"({text})", mode="eval").body))]
        if len(values) == 1 and isinstance(values[0], Literal) and isinstance(values[0].value, tuple):
            values = [Literal("1_000")]  # a tuple that is written out is read as its parts
        return Return(values=tuple(values), note=self.draw(notes))

    def call(self) -> Call:
        arguments, callee = self.arguments(), self.callee()
        name = self.new() if self.draw(st.integers(0, 4)) else ""
        if name:
            self.known.append(name)
        awaited = self.draw(st.integers(0, 9)) == 9
        note = self.draw(notes)
        if name and arguments and not awaited and self.draw(st.integers(0, 4)) == 4:
            places = self.draw(st.sets(st.integers(0, len(arguments) - 1), min_size=1, max_size=3))
            how = self.draw(st.sampled_from(ON_ERRORS))
            items = [self.draw(st.sampled_from(["", *words_of_items])) for _ in arguments]
            arguments = tuple(
                replace(a, each=Each(how, items[n])) if n in places else a for n, a in enumerate(arguments)
            )
        return Call(id="", name=name, callee=callee, arguments=arguments, note=note, awaited=awaited)

    def bind(self, name: str) -> Bind:
        return Bind(id="", name=name, value=self.value(), note=self.draw(notes))

    def loop(self, depth: int) -> list[Statement]:
        before: list[Statement] = []
        carried = ""
        if self.draw(st.booleans()):
            carried = self.new()
            before.append(self.bind(carried))
            self.known.append(carried)
        called = self.draw(st.booleans()) or not self.known
        callee, arguments = (self.callee(), self.arguments()) if called else (self.old(), ())
        targets = tuple(self.new() for _ in range(self.draw(st.integers(1, 2))))
        self.known += targets
        body = self.block(depth - 1)
        if carried:
            body = Block(statements=(*body.statements, self.bind(carried)))
        note = self.draw(notes)
        loop = Loop(
            id="", targets=targets, callee=callee, arguments=arguments, called=called, note=note, body=body
        )  # fmt: skip
        return [*before, loop]

    def switch(self, depth: int) -> Switch:
        tests: list[Ref | Expression | None] = [self.test() for _ in range(self.draw(st.integers(1, 3)))]
        if self.draw(st.booleans()):
            tests.append(None)
        merged = self.new() if self.draw(st.booleans()) else ""
        calls = self.draw(st.booleans())
        arms = []
        for test in tests:
            body = self.block(depth - 1)
            if merged:
                last: Statement = self.bind(merged)
                if calls and self.draw(st.booleans()):
                    last = Call(id="", name=merged, callee=self.callee(), arguments=self.arguments())
                body = Block(statements=(*body.statements, last))
            arms.append(Arm(test=test, body=body))
        if merged:
            self.known.append(merged)
        return Switch(id="", arms=tuple(arms))

    def block(self, depth: int, most: int = 4) -> Block:
        found: list[Statement] = []
        for _ in range(self.draw(st.integers(0, most))):
            kind = self.draw(st.integers(0, 9))
            if kind < 5 or depth == 0:
                found.append(self.call())
            elif kind == 5:
                name = self.new()
                found.append(self.bind(name))
                self.known.append(name)
            elif kind == 6:
                found.append(self.code())
            elif kind == 7:
                found.append(self.switch(depth))
            else:
                found += self.loop(depth)
        # Alone in a block, `pass` is what an empty one is written as.
        if len(found) == 1 and isinstance(found[0], Code) and found[0].text == "pass":
            found = []
        return Block(statements=tuple(found))


def _with_drawn_ids(draw: Any, block: Block, parameters: str = "") -> Block:
    names = numbered(block, parameters)
    given = draw(st.permutations(names)) if draw(st.booleans()) else names
    return with_ids(block, given, parameters)


@st.composite
def drawn_headers(draw: Any, functions: tuple[str, ...] = ("flow", "other")) -> Header:
    """A header with places, views and settings of all kinds."""
    keys = st.sampled_from(["", *functions])
    names = words | st.text(max_size=5)
    places = st.tuples(*[st.integers(-9999, 9999) | st.floats(-1e6, 1e6).filter(math.isfinite)] * 2)
    canvas = st.dictionaries(keys, st.dictionaries(names, places, min_size=1, max_size=4), max_size=3)
    options = st.lists(st.tuples(st.text(max_size=4), toml_values), max_size=2, unique_by=lambda o: o[0]).map(tuple)
    grid = st.integers(0, 40)
    panel = {
        function: {
            name: View(name, draw(st.just(name) | names), draw(grid), draw(grid), draw(grid), draw(grid),
                       page=draw(st.sampled_from(["", "More"])), group=draw(st.sampled_from(["", "Pump"])),
                       tab=draw(st.sampled_from(["", "Level"])), options=draw(options))
            for name in draw(st.lists(names, min_size=1, max_size=3, unique=True))
        }
        for function in draw(st.lists(keys, max_size=2, unique=True))
    }  # fmt: skip
    free = st.text(max_size=6).filter(lambda key: key not in ("canvas", "panel", "ids"))
    return Header(
        requires_python=draw(st.sampled_from([">=3.11", "", "~=3.12"])),
        dependencies=tuple(
            draw(st.lists(st.sampled_from(["flodesk", "scipy>=1.14", 'x; python_version<"4"']), max_size=2))
        ),
        canvas=draw(canvas),
        panel=panel,
        settings=draw(st.just({"version": 1}) | st.dictionaries(free, toml_values, max_size=3)),
        present=draw(st.booleans()),
    )


@st.composite
def drawn_flows(draw: Any) -> Flow:
    """A flow as an editor might have made it, none of it read from a text."""
    module = Drawing(draw, count(10))
    statements: list[Statement] = []
    if draw(st.booleans()):
        statements.append(Docstring(value=draw(st.text(max_size=30))))
    statements += [Import(id="", module=m, names=n) for m, n in IMPORTS]
    for _ in range(draw(st.integers(0, 2))):
        name = module.new()
        statements.append(Call(id="", name=name, callee=draw(st.sampled_from(TYPES)), arguments=module.arguments()))
        module.known.append(name)
    shared = list(module.known)
    functions: list[str] = []
    for _ in range(draw(st.integers(0, 3))):
        name = module.new()
        parameters = draw(st.sampled_from(["", "a, b=1", "*rest, key: int = 3", " spaced ,"]))
        inside = Drawing(draw, count(10), [*(s for s in shared)], {"a", "b", "rest", "key", "spaced", "x", *shared})
        body = inside.block(2)
        if draw(st.booleans()):
            body = Block(statements=(*body.statements, inside.returned()))
        if draw(st.booleans()):
            body = Block(statements=(Docstring(value=draw(st.text(max_size=20))), *body.statements))
        body = _with_drawn_ids(draw, body, parameters)
        returns = draw(st.sampled_from(["", "int", "dict[str, int]"]))
        statements.append(Function(id=name, name=name, parameters=parameters, returns=returns, body=body))
        functions.append(name)
    if functions and draw(st.booleans()):
        statements.append(Main(functions=tuple(functions)))
    block = _with_drawn_ids(draw, Block(statements=tuple(statements)))
    return Flow(header=draw(drawn_headers(tuple(functions))), module=block)


@pytest.fixture(scope="session")
def flows() -> st.SearchStrategy[Flow]:
    """The strategy; a test draws from it by ``data.draw(flows)``."""
    return drawn_flows()


@pytest.fixture(scope="session")
def headers() -> st.SearchStrategy[Header]:
    """Headers with places and views for the functions ``flow`` and ``other``."""
    return drawn_headers()

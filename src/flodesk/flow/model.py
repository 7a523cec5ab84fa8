"""What a flow is: a script as a tree of statements, each of which keeps the text it was read from.

The tree is immutable. An edit (`flodesk.flow.edit`) makes a new tree that shares all that did not change.
Wires are not stored: an argument that is a `Ref` *is* a wire. What only the picture needs (places on the canvas,
views on the panel) is in `Flow.header`. How the tree is drawn is decided in `flodesk.flow.graph`.

Names
-----
A statement is addressed by `Address(function, id)`. The id of a statement that binds a variable is that variable;
a loop goes by its first target; the others are numbered (``if_1``, ``code_1``, ``call_1``, ``bind_1``) in the order
in which they stand, unless the header says otherwise. The module level is the function ``""``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from flodesk.flow.syntax import literal


# ------------------------------------------------------------------ arguments
@dataclass(frozen=True, slots=True)
class Ref:
    """An argument that is a variable of the flow, or one field of it (``parts.low``): a wire."""

    name: str
    field: str = ""

    @property
    def text(self) -> str:
        """As it stands in the script."""
        return f"{self.name}.{self.field}" if self.field else self.name


@dataclass(frozen=True, slots=True)
class Literal:
    """An argument that is written out: a parameter. `text` is as the hand wrote it (``1_000``, ``'Hz'``).

    It may also be a dotted name of something imported (``math.pi``, ``Path``); then `value` is a `Symbol`.
    """

    text: str

    @property
    def value(self) -> Any:
        """The Python value; a `Symbol` where the text is a name."""
        try:
            return literal(self.text)
        except (ValueError, SyntaxError):
            return Symbol(self.text)

    @classmethod
    def of(cls, value: Any) -> Literal:
        """Write a value out."""
        return cls(value.text if isinstance(value, Symbol) else repr(value))


@dataclass(frozen=True, slots=True)
class Symbol:
    """The value of a literal that is the name of something imported."""

    text: str


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that a hand wrote where a name would do (the test of an ``if``). `reads` are its free names."""

    text: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """An argument that is mapped over: the call runs once for each of its items (see `flodesk.flow.script.mapped`).

    `on_error` says what an item that fails does: ``fail``, ``skip`` or ``collect``. `item` is the name that the script
    gives an item, and `by` what it calls `flodesk.each` by, where it needs that; the writer finds others if need be.
    """

    on_error: str = "fail"
    item: str = field(default="", compare=False)
    by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call; `keyword` is empty where it is passed by position, `each` None where it goes in whole."""

    value: Ref | Literal
    keyword: str = ""
    each: Each | None = None


# ------------------------------------------------------------------ statements
@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The text a statement was read from; it plays no part in equality.

    Attributes
    ----------
    lead : str
        The blank lines and comment lines before it, whole, each with its newline.
    raw : str or None
        The statement's own text without the indentation of its first line and without its last newline: all of a simple
        statement, only the head (up to the colon and what follows it on that line) of a compound one. None once the
        statement was edited or made here: then the writer renders it.
    ending : str
        How its last line ends, where that is not how the lines of this file end.
    """

    lead: str = field(default="", compare=False)
    raw: str | None = field(default=None, compare=False)
    ending: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Source):
    """``name = callee(arguments)  # note``: a node. `name` is empty for a method call of an object (``rows.add(x)``).

    `awaited` says that ``await`` stands before the callee.

    `callee` is as written: a name that is imported or defined here, dotted or not (``dsp.butterworth``), an object of
    this flow (``average``) or a method of one (``rows.result``).
    """

    id: str
    name: str
    callee: str
    arguments: tuple[Argument, ...] = ()
    note: str = ""
    awaited: bool = False

    @property
    def mapped(self) -> Argument | None:
        """The first argument that it is mapped over, if there is one: then its result is a list."""
        return next((argument for argument in self.arguments if argument.each is not None), None)

    @property
    def mapped_over(self) -> tuple[Argument, ...]:
        """All arguments that it is mapped over, in the order in which they are written."""
        found = [argument for argument in self.arguments if argument.each is not None]
        return tuple(sorted(found, key=lambda argument: bool(argument.keyword)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind(Source):
    """``name = value``: feeds a merge from an arm, starts or carries feedback, or is a constant."""

    id: str
    name: str
    value: Ref | Literal
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop(Source):
    """``for targets in callee(arguments):``, or ``for targets in callee:`` where `called` is False (a queue).

    `awaited` says that it is ``async for``.
    """

    id: str
    targets: tuple[str, ...]
    callee: str
    arguments: tuple[Argument, ...] = ()
    called: bool = True
    note: str = ""
    awaited: bool = False
    body: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm(Source):
    """``if test:``, ``elif test:`` or, with no test, ``else:``."""

    test: Ref | Expression | None
    body: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Source):
    """``if`` with all its arms. It has no text of its own: `raw` is always None, the arms have theirs."""

    id: str
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Source):
    """A statement that is kept to the letter: `text` is dedented, `reads` and `binds` are its free and bound names.

    `leaves` is True if it holds a ``return``, ``break``, ``continue`` or ``yield`` that leaves the statement.
    """

    id: str
    text: str
    reads: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    leaves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Source):
    """``return value`` as the last statement of a function: what its node gives. Elsewhere a ``return`` is code.

    `values` are none for a bare ``return``, one, or the parts of a tuple that are each a name or written out. An
    expression is kept to the letter, alone. The id is a word of Python itself, so that no variable can have it.
    """

    id: str = "return"
    values: tuple[Ref | Literal | Expression, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Docstring(Source):
    """The docstring of the module or of a function, as a value (not as written)."""

    id: str = "__doc__"
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Source):
    """An import at module level. `names` maps each bound name to the dotted path that it stands for.

    `module` is empty for ``import a.b as c``; for ``from m import n`` it is ``m``.
    """

    id: str
    module: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Source):
    """``def name(parameters):`` at module level: a flow if handed to ``flodesk.main``, else a function to call.

    `parameters` is the text between the parentheses, `returns` that after the arrow, both as written. `asynchronous`
    says that it is ``async def``.
    """

    id: str
    name: str
    parameters: str = ""
    returns: str = ""
    asynchronous: bool = False
    body: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Main(Source):
    """``if __name__ == "__main__": flodesk.main(flow, ...)``, kept whole; `functions` are the flows handed over."""

    id: str = "__main__"
    functions: tuple[str, ...]


Statement: TypeAlias = Call | Bind | Loop | Switch | Code | Return | Docstring | Import | Function | Main


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Statements of one indentation. No statements is ``pass``.

    Attributes
    ----------
    indent : str
        The white space in front of each statement; None means that of the surrounding block and four spaces.
    tail : str
        Comments and blank lines after the last statement that belong to this block, whole lines.
    filler : str or None
        The text of an empty block, whole lines, where it is not ``pass`` on a line of its own; empty where the ``pass``
        is on the line of the head.
    """

    statements: tuple[Statement, ...] = ()
    indent: str | None = field(default=None, compare=False)
    tail: str = field(default="", compare=False)
    filler: str | None = field(default=None, compare=False)


# ------------------------------------------------------------------ the picture's part
@dataclass(frozen=True, slots=True)
class View:
    """One view on the control panel, one line in the header.

    Attributes
    ----------
    id : str
        Unique in its function; the name of what it shows unless there are several views of it.
    shows : str
        The node id (a control or an indicator), or ``node.port`` / ``node.parameter``.
    column, row, width, height : int
        Place on the snap grid.
    page : str
        Name of the page, empty for the first.
    options : tuple of (str, value)
        What only this view needs (colours, limits).
    more : tuple of (str, value)
        Keys that this flodesk does not know, of a newer one or of a hand: they stay with the view.
    group, tab : str
        Title of the group that it belongs to, and of the group's tab that it lies on; empty for none. A view of a group
        that lies on no tab is seen with each of them.
    odd_at : tuple
        What its line says of its place, where that is none (None: nothing): it stays there until the view is moved.
    """

    id: str
    shows: str
    column: int
    row: int
    width: int
    height: int
    page: str = ""
    options: tuple[tuple[str, Any], ...] = ()
    more: tuple[tuple[str, Any], ...] = ()
    group: str = ""
    tab: str = ""
    odd_at: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The PEP 723 block. What the flow needs of it is parsed; the lines as read are kept beside, for the writer.

    `canvas[function][node]` is a place (x, y) on the canvas in pixels, the upper left corner; `panel[function][view]`
    a `View`; `settings` all else of ``[tool.flodesk]`` (version, on_error, connections, names ...), unchanged.
    """

    requires_python: str = ">=3.11"
    dependencies: tuple[str, ...] = ("flodesk",)
    canvas: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    panel: Mapping[str, Mapping[str, View]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=lambda: {"version": 1})
    lines: tuple[str, ...] | None = field(default=None, compare=False)
    present: bool = field(default=True, compare=False)
    """False for a file that has no header; the writer adds one only when there is something to put in it."""


# ------------------------------------------------------------------ the flow
@dataclass(frozen=True, slots=True)
class Address:
    """Where a statement is: its function (``""`` is the module) and its id there. Written ``function.id``."""

    function: str
    id: str

    def __str__(self) -> str:
        return f"{self.function}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read ``function.id``."""
        function, _, name = text.rpartition(".")
        return cls(function, name)


@dataclass(frozen=True, slots=True)
class Region:
    """A block: of a function (`owner` empty), of a loop (`owner` its id), or of one arm of a switch."""

    function: str
    owner: str = ""
    arm: int = 0


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A whole flow. `module` holds every statement of the file in order, the functions' bodies among them."""

    header: Header = field(default_factory=Header)
    module: Block = field(default_factory=Block)
    prefix: str = field(default="", compare=False)
    """What stands before the header (shebang, coding line, comments), whole lines; all is in `module` if no header."""
    newline: str = field(default="\n", compare=False)
    encoding: str = field(default="utf-8", compare=False)
    """Of the file; ``utf-8-sig`` where it starts with a byte order mark."""
    final_newline: bool = field(default=True, compare=False)

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions of the file by name."""
        return {s.name: s for s in self.module.statements if isinstance(s, Function)}

    @cached_property
    def shared(self) -> tuple[Call, ...]:
        """The calls of the module's own: what they make is shared by its functions."""
        return tuple(s for s in self.module.statements if isinstance(s, Call))

    @cached_property
    def mains(self) -> tuple[str, ...]:
        """The functions that are run side by side: those handed to ``flodesk.main`` that exist."""
        for statement in self.module.statements:
            if isinstance(statement, Main):
                return tuple(name for name in statement.functions if name in self.functions)
        return ()

    @cached_property
    def docstring(self) -> str:
        """The module's docstring."""
        return next((s.value for s in self.module.statements if isinstance(s, Docstring)), "")

    @cached_property
    def imports(self) -> dict[str, str]:
        """Each imported name and the dotted path that it stands for."""
        return {n: p for s in self.module.statements if isinstance(s, Import) for n, p in s.names}

    @cached_property
    def index(self) -> dict[Address, tuple[Statement, Region]]:
        """Every statement below the module's functions, and the module's own, with the region it stands in."""
        found: dict[Address, tuple[Statement, Region]] = {}
        for statement, region in walk(self.module, Region("")):
            found.setdefault(Address(region.function, statement.id), (statement, region))
        return found

    def block(self, region: Region) -> Block:
        """Return the block of a region.

        Raises
        ------
        KeyError
            There is no such region.
        """
        if not region.owner:
            return self.functions[region.function].body if region.function else self.module
        owner, _ = self.index[Address(region.function, region.owner)]
        if isinstance(owner, Loop):
            return owner.body
        if isinstance(owner, Switch):
            return owner.arms[region.arm].body
        raise KeyError(region)

    def resolve(self, callee: str) -> str:
        """Return the dotted path that a callee stands for (``dsp.fft`` → ``flodesk.nodes.dsp.fft``), or it as it is."""
        head, dot, rest = callee.partition(".")
        return self.imports[head] + dot + rest if head in self.imports else callee


def walk(block: Block, region: Region) -> Iterator[tuple[Statement, Region]]:
    """Give every statement in a block and below with its region, in the order of the text."""
    for statement in block.statements:
        yield statement, region
        if isinstance(statement, Function):
            yield from walk(statement.body, Region(statement.name))
        elif isinstance(statement, Loop):
            yield from walk(statement.body, Region(region.function, statement.id))
        elif isinstance(statement, Switch):
            for number, arm in enumerate(statement.arms):
                yield from walk(arm.body, Region(region.function, statement.id, number))

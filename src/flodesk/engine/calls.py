"""How a step of a plan gets at its values: small functions made for the shape of a call, and code nodes.

A step is called with the list of slots. For each shape of a call (so many arguments by position, these keywords,
from plain slots or not) one small maker is compiled and kept, so that a call with keywords costs no dictionary.
"""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from flodesk.engine.awaiting import wait
from flodesk.engine.errors import ENGINE_FRAME
from flodesk.engine.leaving import Left, marked
from flodesk.flow.script.names import is_async
from flodesk.flow.syntax import parse_tree
from flodesk.public import Facts

Slots = list[Any]
Fetch = Callable[[Slots], Any]
How = Literal["plain", "fresh", "guarded", "live"]
"""``fresh``: a literal list or dict, which a script makes anew for each call. ``guarded``: perhaps not bound. ``live``:
a name of the module, which is in the slot, looked up at each call."""


class Unbound:
    """What is in a slot whose variable is not bound (yet, or any more)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<unbound>"


UNBOUND: Any = Unbound()


def bound(value: Any, name: str) -> Any:
    """Give the value back, or raise as a script would where its variable is not bound."""
    if value is UNBOUND:
        raise UnboundLocalError(f"the variable {name!r} has no value here: nothing that ran before has bound it")
    return value


class Given(NamedTuple):
    """One argument: the slot, a field of it, the variable's name and how it is fetched; `keyword` may be empty."""

    slot: int
    how: How = "plain"
    name: str = ""
    field: str = ""
    keyword: str = ""

    @property
    def simple(self) -> bool:
        """True where the value is passed on as it is in its slot."""
        return self.how == "plain" and not self.field


Group = Given | tuple[Given, ...] | dict[str, Given]
"""What one parameter gets: an argument, those of ``*values``, or those of ``**options``."""


def is_fresh(value: Any) -> bool:
    """Return whether a literal's value has to be made anew for each call."""
    return isinstance(value, list | dict | set) or (isinstance(value, tuple) and any(map(is_fresh, value)))


def _text(given: Given, number: int) -> str:
    text = f"s[i{number}]"
    if given.how == "guarded":
        text = f"bound({text}, {given.name!r})"
    elif given.how == "fresh":
        text = f"deepcopy({text})"
    elif given.how == "live":
        text = f"{text}[{given.name!r}]"
    return f"{text}.{given.field}" if given.field else text


@lru_cache(maxsize=4096)
def _maker(source: str) -> Callable[..., Fetch]:
    space: dict[str, Any] = {"bound": bound, "deepcopy": copy.deepcopy}
    maker: Callable[..., Fetch] = eval(compile(source, ENGINE_FRAME, "eval"), space)
    return maker


def _make(body: str, givens: Sequence[Given], *first: Any, more: str = "") -> Callable[..., Any]:
    names = ", ".join(["fn", *(f"i{n}" for n in range(len(givens)))])
    return _maker(f"lambda {names}: lambda s{more}: {body}")(*first, *(given.slot for given in givens))


def call(fn: Callable[..., Any], givens: Sequence[Given]) -> Fetch:
    """Make the step ``fn(arguments)``."""
    return _make(f"fn({_arguments(givens)})", givens, fn)


def call_of(owner: Given, path: str, givens: Sequence[Given]) -> Fetch:
    """Make the step ``object(arguments)`` or, with a path of attributes, ``object.path(arguments)``."""
    dotted = f".{path}" if path else ""
    callee = _text(owner, len(givens)) + dotted
    return _make(f"{callee}({_arguments(givens)})", [*givens, owner], None)


def call_for_item(
    fn: Callable[..., Any] | None, owner: Given | None, path: str, givens: Sequence[Given], places: Sequence[int]
) -> Callable[[Slots, Any], Any]:
    """Make the call of a function, or of an object as `call_of` does, with an item in the place of some arguments.

    Called with the slots and the item; with a tuple of them where there are several places.
    """
    items = {place: f"x[{n}]" if len(places) > 1 else "x" for n, place in enumerate(places)}
    texts = [items[n] if n in items else _text(given, n) for n, given in enumerate(givens)]
    arguments = ", ".join(f"{g.keyword}={text}" if g.keyword else text for g, text in zip(givens, texts, strict=True))
    if owner is None:
        return _make(f"fn({arguments})", givens, fn, more=", x")
    callee = _text(owner, len(givens)) + (f".{path}" if path else "")
    return _make(f"{callee}({arguments})", [*givens, owner], None, more=", x")


def repeatable(target: Any, givens: Sequence[Given]) -> bool:
    """Say whether a call can be made again at will, as far as what it calls says: then it may be left out, too."""
    facts = getattr(target, "__flodesk__", None)
    said = facts.repeatable if isinstance(facts, Facts) else True
    return said and all(given.how != "live" for given in givens)


def gather(groups: Sequence[Group]) -> Fetch:
    """Make the step that gives a tuple with a value for each group."""
    givens: list[Given] = []

    def text(group: Group) -> str:
        if isinstance(group, Given):
            givens.append(group)
            return _text(group, len(givens) - 1)
        if isinstance(group, dict):
            return "{" + ", ".join(f"{name!r}: {text(given)}" for name, given in group.items()) + "}"
        return "(" + "".join(f"{text(given)}, " for given in group) + ")"

    parts = [text(group) for group in groups]
    return _make("(" + "".join(f"{part}, " for part in parts) + ")", givens, None)


def fetch(given: Given) -> Fetch:
    """Make the step that only gives one value."""
    return _make(_text(given, 0), [given], None)


def _arguments(givens: Sequence[Given]) -> str:
    return ", ".join(
        f"{given.keyword}={_text(given, n)}" if given.keyword else _text(given, n) for n, given in enumerate(givens)
    )


def unpack(s: Slots, targets: tuple[int, ...], value: Any) -> None:
    """Put the parts of a value into slots."""
    values = tuple(value)
    if len(values) != len(targets):
        raise ValueError(f"the producer gave {len(values)} values where {len(targets)} are named")
    for slot, part in zip(targets, values, strict=True):
        s[slot] = part


# ------------------------------------------------------------------ code nodes
def code(
    text: str,
    reads: Sequence[Given],
    binds: Sequence[tuple[str, int]],
    namespace: dict[str, Any],
    file: str,
    line: int,
    *,
    leaves: bool = False,
) -> Fetch:
    """Make the step of a code node: a function whose parameters are what it reads; what it binds goes to the slots.

    A name that the code reads and that is not bound raises in it where a script would; a name that it does not bind
    this time (in an ``if`` of its own) keeps its value. With `leaves` it may raise `Left`.

    Raises
    ------
    SyntaxError
        The statement cannot stand in a function.
    """
    names = [given.name for given in reads]
    tree = parse_tree(text)
    last = _return(parse_tree("None" if leaves else "locals()", mode="eval").body)
    for statement in tree.body:
        ast.increment_lineno(statement, max(0, line - 1))
    body = marked(tree.body) if leaves else tree.body
    run = _compiled(_function([*body, last], [*names, "__kept__"] if leaves else names, line), namespace, file)
    slots = [given.slot for given in reads]

    def keep(s: Slots, values: dict[str, Any]) -> None:
        for name, slot in binds:
            s[slot] = values.get(name, s[slot] if name not in names else UNBOUND)

    def step(s: Slots) -> None:
        keep(s, run(*[s[i] for i in slots]))

    def leaving(s: Slots) -> None:
        values: dict[str, Any] = {}
        try:
            left = run(*[s[i] for i in slots], values)
            keep(s, values)
        finally:
            values.clear()  # it holds itself, and all values with it
        if left is not None:
            raise Left(*left)

    return leaving if leaves else step


def expression(text: str, reads: Sequence[Given], namespace: dict[str, Any], file: str, line: int) -> Fetch:
    """Make the step of an expression that a hand wrote as a test.

    Raises
    ------
    SyntaxError
        It is no expression.
    """
    tree = parse_tree(f"({text}\n)", mode="eval")
    ast.increment_lineno(tree, max(0, line - 1))
    run = _compiled(_function([_return(tree.body)], [given.name for given in reads], line), namespace, file)
    slots = [given.slot for given in reads]
    return lambda s: run(*[s[i] for i in slots])


def _function(body: list[ast.stmt], names: list[str], line: int) -> ast.Module:
    """Wrap statements into a function whose parameters are `names`, unbound where a slot is."""
    start = "async def" if is_async(body) else "def"
    head = parse_tree(f"{start} node({', '.join([*names, '*', '__unbound__=None'])}):\n    pass")
    function = head.body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    guards = [s for name in names for s in parse_tree(f"if {name} is __unbound__:\n    del {name}").body]
    for statement in guards:
        ast.increment_lineno(statement, max(0, line - 1))
    function.body = [*guards, *body]
    return ast.fix_missing_locations(head)


def _return(value: ast.expr) -> ast.stmt:
    return ast.copy_location(ast.Return(value=value), value)


def _compiled(module: ast.Module, namespace: dict[str, Any], file: str) -> Callable[..., Any]:
    made: dict[str, Any] = {}
    exec(compile(module, file, "exec", dont_inherit=True), namespace, made)
    function: Callable[..., Any] = made["node"]
    function.__kwdefaults__ = {"__unbound__": UNBOUND}
    if inspect.iscoroutinefunction(function):
        return lambda *values: wait(function(*values))
    return function


def calls_nothing(text: str) -> bool:
    """Return whether code is nothing but assignments of expressions without a call: then it can run again at will."""
    try:
        tree = parse_tree(text)
    except SyntaxError:
        return False
    allowed = all(isinstance(s, ast.Assign | ast.AnnAssign) for s in tree.body)
    busy = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.Subscript, ast.Attribute, ast.NamedExpr)
    return allowed and not any(isinstance(n, busy) and not _loads(n) for n in ast.walk(tree))


def leaves_only(text: str) -> bool:
    """Return whether code is one ``return``, ``break`` or ``continue`` that calls nothing."""
    body = parse_tree(text).body
    value = body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None
    leaves = len(body) == 1 and isinstance(body[0], ast.Return | ast.Break | ast.Continue)
    return leaves and (value is None or calls_nothing(f"x = {ast.unparse(value)}"))


def _loads(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Load)

"""Node types that a flow's own file declares, read from its text: nothing of the file is imported or run."""

from __future__ import annotations

import ast
import inspect
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flodesk.flow.annotation import KNOWN, Fields
from flodesk.flow.describe import Method, Text, assemble
from flodesk.flow.model import Block, Call, Code, Docstring, Flow, Function, Loop, Statement, Switch
from flodesk.flow.spec import NodeSpec
from flodesk.flow.syntax import literal, parse_tree
from flodesk.public import Facts

SHELF = "this file"
"""The library's shelf for them."""

_Definition = ast.FunctionDef | ast.AsyncFunctionDef


def own_specs(flow: Flow) -> dict[str, NodeSpec]:
    """Describe the functions and classes that the file defines, by name.

    The flows that it hands to ``flodesk.main`` are among them: a flow may be looked up as a node type, the checker
    says that it cannot run as one.
    """
    found: dict[str, NodeSpec] = {}
    classes: tuple[tuple[str, Any], ...] = ()
    imports = tuple(flow.imports.items())
    before = [file.said for file in tuple(_recent) if file.imports == imports]
    now = _File(imports, {})
    for statement in flow.module.statements:
        if not isinstance(statement, Code | Function):
            continue
        said = next((said for each in before if (said := each.get(id(statement))) is not None), None)
        if said is None or said.classes != classes:
            text = _text(statement)
            said = _Said(statement, classes, *(_declared(text, imports, classes) if text else ("", None, None)))
        now.said[id(statement)] = said
        if said.fields is not None:
            classes = tuple({**dict(classes), said.name: said.fields}.items())
        elif said.spec is not None:
            found[said.name] = said.spec
    _recent.appendleft(now)
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """What a statement declares; the classes of named values above it may be in its annotations."""

    statement: Statement
    classes: tuple[tuple[str, Any], ...]
    name: str
    spec: NodeSpec | None
    fields: Fields | None


@dataclass(frozen=True, slots=True)
class _File:
    """What the statements of a file declare, by their `id()`; the imports say what their annotations mean."""

    imports: tuple[tuple[str, str], ...]
    said: dict[int, _Said]


_recent: deque[_File] = deque(maxlen=8)
"""The files that were asked for last: of 5,000 functions an edit changes one."""


def _text(statement: Statement) -> str:
    """Give the text to read: of a function its head and what its body tells, so that an edit inside costs nothing."""
    if isinstance(statement, Code):
        return statement.text if statement.text.lstrip().startswith(("def ", "class ", "@", "async ")) else ""
    if isinstance(statement, Function):
        returns = f" -> {statement.returns}" if statement.returns else ""
        doc = next((s.value for s in statement.body.statements[:1] if isinstance(s, Docstring)), "")
        body = f"    {doc!r}\n    {'yield' if _yields(statement.body) else 'pass'}\n"
        start = "async def" if statement.asynchronous else "def"
        return f"{start} {statement.name}({statement.parameters}){returns}:\n{body}"
    return ""


def _yields(block: Block) -> bool:
    """Say whether code in a block may make its function a generator. It is asked after each edit: no generator here."""
    for statement in block.statements:
        if isinstance(statement, Call):
            continue
        if isinstance(statement, Code):
            if statement.leaves and "yield" in statement.text:
                return True
        elif isinstance(statement, Loop):
            if _yields(statement.body):
                return True
        elif isinstance(statement, Switch) and any(_yields(arm.body) for arm in statement.arms):
            return True
    return False


@lru_cache(maxsize=1024)
def _declared(
    text: str, imports: tuple[tuple[str, str], ...], classes: tuple[tuple[str, Any], ...]
) -> tuple[str, NodeSpec | None, Fields | None]:
    """Read one definition: its name and the node type, or the fields if it is a class of named values."""
    try:
        node = parse_tree(text).body[0]
    except (SyntaxError, ValueError, RecursionError, IndexError):
        return "", None, None
    scope = {**dict(imports), "": ""}
    known = dict(classes)
    if isinstance(node, _Definition):
        return node.name, _assemble(node, (method_of("", node, scope, known),), scope), None
    if isinstance(node, ast.ClassDef):
        if holds_fields(node, scope):
            entries = [s for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
            items = tuple(
                (s.target.id, value_of(s.annotation, scope, known)) for s in entries if isinstance(s.target, ast.Name)
            )
            return node.name, None, Fields(items)
        methods = _methods(node, scope, known)
        return node.name, _assemble(node, methods, scope) if methods else None, None
    return "", None, None


def _assemble(node: _Definition | ast.ClassDef, methods: tuple[Method, ...], scope: Mapping[str, str]) -> NodeSpec:
    return assemble(node.name, SHELF, methods, ast.get_docstring(node) or "", facts_of(node, scope), line=node.lineno)


def _methods(node: ast.ClassDef, scope: Mapping[str, str], known: Mapping[str, Any]) -> tuple[Method, ...]:
    """Give the methods that make it a node with state or a collector; none if it is neither."""
    defined = {s.name: s for s in node.body if isinstance(s, _Definition)}
    constructor = defined.get("__init__")
    empty = Method("__init__", (), inspect.Signature.empty, False, "")
    init = empty if constructor is None else method_of("__init__", constructor, scope, known)
    for names in (("__call__",), ("add", "result")):
        if all(name in defined for name in names):
            return (init, *(method_of(name, defined[name], scope, known) for name in names))
    return ()


def method_of(name: str, node: _Definition, scope: Mapping[str, str], known: Mapping[str, Any]) -> Method:
    """Make a signature of a definition; `scope` says what its names mean, `known` what classes of named values are."""
    empty = inspect.Parameter.empty
    listed: list[inspect.Parameter] = []

    def add(arguments: list[ast.arg], kind: Any, defaults: list[ast.expr | None]) -> None:
        for argument, default in zip(arguments, defaults, strict=True):
            value = empty if default is None else Text(ast.unparse(default))
            listed.append(
                inspect.Parameter(
                    argument.arg, kind, default=value, annotation=value_of(argument.annotation, scope, known)
                )
            )

    given = node.args
    plain = [*given.posonlyargs, *given.args]
    defaults = [*[None] * (len(plain) - len(given.defaults)), *given.defaults]
    split = len(given.posonlyargs)
    add(plain[:split], inspect.Parameter.POSITIONAL_ONLY, defaults[:split])
    add(plain[split:], inspect.Parameter.POSITIONAL_OR_KEYWORD, defaults[split:])
    if given.vararg:
        add([given.vararg], inspect.Parameter.VAR_POSITIONAL, [None])
    add(given.kwonlyargs, inspect.Parameter.KEYWORD_ONLY, given.kw_defaults)
    if given.kwarg:
        add([given.kwarg], inspect.Parameter.VAR_KEYWORD, [None])
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)
    returns = inspect.Signature.empty if node.returns is None else value_of(node.returns, scope, known)
    return Method(
        name,
        tuple(listed[1:] if name and not static else listed),
        returns,
        any(isinstance(s, ast.Yield | ast.YieldFrom) for s in _own_nodes(node)),
        ast.get_docstring(node) or "",
        isinstance(node, ast.AsyncFunctionDef),
    )


def _own_nodes(node: _Definition) -> list[ast.AST]:
    """All of a function's nodes but those of functions inside it."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        part = waiting.pop()
        found.append(part)
        if not isinstance(part, _Definition | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(part)
    return found


def holds_fields(node: ast.ClassDef, scope: Mapping[str, str]) -> bool:
    """Say whether it is a named tuple or a dataclass."""
    bases = {_dotted(base, scope) for base in node.bases}
    marks = {_dotted(d.func if isinstance(d, ast.Call) else d, scope) for d in node.decorator_list}
    return "typing.NamedTuple" in bases or "dataclasses.dataclass" in marks


def facts_of(node: _Definition | ast.ClassDef, scope: Mapping[str, str]) -> Facts:
    """Read what ``@flodesk.node(...)`` says, as far as it is written out."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and _dotted(decorator.func, scope) in (
            "flodesk.node",
            "flodesk.public.node",
        ):
            said: dict[str, Any] = {}
            for keyword in decorator.keywords:
                try:
                    said[keyword.arg or ""] = literal(keyword.value)
                except ValueError:
                    continue
            return Facts(**{name: value for name, value in said.items() if name in Facts.__slots__})
    return Facts()


def _dotted(node: ast.expr, scope: Mapping[str, str]) -> str:
    """Give the dotted path of a name as the file's imports give it; empty if it is something else."""
    if isinstance(node, ast.Name):
        return scope.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (base := _dotted(node.value, scope)):
        return f"{base}.{node.attr}"
    return ""


def value_of(node: ast.expr | None, scope: Mapping[str, str], known: Mapping[str, Any]) -> Any:
    """Make the object of an annotation from names that we know; what holds others is `Any`. Nothing is evaluated."""
    if node is None:
        return inspect.Parameter.empty
    try:
        return _built(node, scope, known)
    except (KeyError, TypeError, ValueError):
        return Any


def _built(node: ast.expr, scope: Mapping[str, str], known: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=str(text)):
            try:
                return _built(parse_tree(text, mode="eval").body, scope, known)
            except SyntaxError as error:
                raise ValueError(text) from error
        case ast.Constant(value=value):
            return value
        case ast.Name() | ast.Attribute():
            path = _dotted(node, scope)
            return known[path] if path in known else KNOWN[path]
        case ast.BinOp(op=ast.BitOr()):
            parts = [_built(part, scope, known) for part in (node.left, node.right)]
            return KNOWN["typing.Union"][tuple(parts)]
        case ast.Subscript():
            return _subscript(node, scope, known)
        case ast.Call() if _dotted(node.func, scope).rpartition(".")[2] in ("Range", "Unit", "Kind", "Press"):
            arguments = [literal(argument) for argument in node.args]
            keywords = {k.arg or "": literal(k.value) for k in node.keywords}
            return KNOWN[_dotted(node.func, scope)](*arguments, **keywords)
        case ast.Call(args=[_, *others]) if _dotted(node.func, scope).rpartition(".")[2] == "Choices":
            after = next((k.value for k in node.keywords if k.arg == "after"), others[0] if others else None)
            # nothing of the file is run here: what computes the entries is found where the flow runs
            return KNOWN["flodesk.Choices"](tuple, "" if after is None else literal(after))
        case _:
            raise ValueError(ast.unparse(node))


def _subscript(node: ast.Subscript, scope: Mapping[str, str], known: Mapping[str, Any]) -> Any:
    base = _built(node.value, scope, known)
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if base is KNOWN["typing.Literal"]:
        return base[tuple(literal(part) for part in inner)]
    values = []
    for number, part in enumerate(inner):
        try:
            values.append(_built(part, scope, known))
        except (KeyError, TypeError, ValueError):
            if base is KNOWN["typing.Annotated"] and number:
                continue  # a mark of another package's: it says nothing to us
            values.append(Any)
    return base[tuple(values) if len(values) > 1 else values[0]]

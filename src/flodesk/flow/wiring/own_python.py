"""A node of one's own Python: what stands for one that is still to be written, and its source as text."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection
from dataclasses import replace

from flodesk.flow.declared import SHELF
from flodesk.flow.edit import Edit
from flodesk.flow.graph import Graph, Node
from flodesk.flow.model import Code, Flow, Function, Statement
from flodesk.flow.retyped import retyped
from flodesk.flow.script import ScriptError, write
from flodesk.flow.script.names import own_nodes
from flodesk.flow.script.shapes import dotted
from flodesk.flow.script.writer import statement_lines, whole_text
from flodesk.flow.spec import NodeSpec, Output, Parameter
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.fields import rename_everywhere, set_code
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps

_WORDS = ("python", "code", "own", "custom", "formula", "calculate", "compute")

NEW_FUNCTION = NodeSpec(
    path="def",  # a word of Python itself: no function of a file, and no module, can have this name
    name="python_function",
    title="Python function",
    category=SHELF,
    role="function",
    summary="Your own Python: a new function of this file, and a node that calls it",
    help="Its source opens in the inspector. Parameters are inputs, what it returns is the output.",
    tags=(*_WORDS, "function", "script", "def", "define", "lambda", "new", "block"),
    parameters=(Parameter("x", "any", True),),
    outputs=(Output("", "any"),),
)
"""Stands in searches for a function that is still to be written."""

EXPRESSION = replace(
    NEW_FUNCTION,
    path="=",
    name="python_expression",
    title="Python expression",
    summary="Calculate in one line, such as = x * 2 + 1 (which can be typed here, too)",
    help="The names that it reads are its inputs: those of nodes are wired.",
    tags=(*_WORDS, "expression", "script", "equation", "term", "operator", "arithmetic"),
)
"""Stands for an expression; ``= x * 2`` is the path of one that is written already."""

OWN_PYTHON = (NEW_FUNCTION, EXPRESSION)
"""Stand in searches for Python whose source is to be written as soon as its node is there."""
_FIRST = "x * 2"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


def is_own_python(path: str) -> bool:
    """Say whether a path stands for Python that is to be written, and is no type yet."""
    return path == NEW_FUNCTION.path or path.startswith(EXPRESSION.path)


def expression_spec(path: str, values: Collection[str] = ()) -> NodeSpec:
    """Return what is shown of an expression that was typed (``= x * 2``).

    Parameters
    ----------
    values : collection of str
        The variables that the nodes of the flow give, where these are known: one alone calculates nothing.

    Raises
    ------
    Refused
        It cannot be read, as far as it is typed, or is no calculation.
    """
    text = checked(path)
    refuse_value(text, values)
    return replace(EXPRESSION, path=path, title=f"= {text}", summary="A node that calculates this")


def checked(path: str) -> str:
    """Return the text of an expression, without a comment; the one that stands for any is one to begin with.

    Raises
    ------
    Refused
        It cannot be read, or calculates nothing.
    """
    text = _without_comment(path.removeprefix(EXPRESSION.path).strip()) or _FIRST
    try:
        tree = parse_tree(f"({text}\n)", mode="eval", quiet=True)
        parse_tree(f"result = {text}", quiet=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refused(f"“{text}” is no expression of Python: {getattr(error, 'msg', error)}.") from error
    if any(isinstance(part, ast.Yield | ast.YieldFrom) for part in own_nodes([tree])):
        raise Refused(f"“{text}” yields, and calculates nothing: it would make a producer of the whole function.")
    return text


def _without_comment(text: str) -> str:
    """Return what is typed without the comment at its end, which is no part of what is calculated."""
    *above, last = f"({text}".split("\n")
    try:
        for token in tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline):
            if token.type == tokenize.COMMENT and token.start[0] == len(above) + 1:
                return "\n".join([*above, last[: token.start[1]]])[1:].rstrip()
    except (tokenize.TokenError, SyntaxError):
        pass  # what cannot be read is told as it is typed
    return text


def values_of(graph: Graph) -> frozenset[str]:
    """Return the variables that the nodes of a picture give."""
    return frozenset(port.variable.partition(".")[0] for node in graph.nodes.values() for port in node.outputs)


def refuse_value(text: str, values: Collection[str]) -> None:
    """Refuse what is the value of a node, or one of its parts, and nothing else: another name for it is no node.

    Raises
    ------
    Refused
        It is.
    """
    parts = dotted(parse_tree(f"({text}\n)", mode="eval", quiet=True).body)
    if parts and len(parts) <= 2 and parts[0] in values:
        raise Refused(f"“{text}” is there already: wire it, or calculate with it, such as = {text} * 2.")


# ------------------------------------------------------------------ the source of a node
def source_of(flow: Flow, node: Node) -> str:
    """Return the text of a code node, or of the function or class of the file that a node calls; empty for others."""
    if node.kind in ("code", "jump"):
        return node.text
    made = _definition(flow, node.type) if node.kind in ("call", "object", "producer") else None
    return _shown(made) if made is not None else ""


def _shown(made: Statement) -> str:
    """Return the text of a definition, with line feeds alone: these lines of the file are its source."""
    return whole_text(made).replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _definition(flow: Flow, name: str) -> Statement | None:
    """Return the statement of the module that defines a function or a class; of several the last, as it runs."""
    for statement in reversed(flow.module.statements):
        if isinstance(statement, Function) and statement.name == name:
            return statement
        if isinstance(statement, Code) and name in statement.binds and name in _defined(statement.text):
            return statement
    return None


def _defined(text: str) -> list[str]:
    """Return the names of the functions and classes that a text defines."""
    body = parse_tree(text, quiet=True).body
    return [s.name for s in body if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]


def _refuse_old_name(text: str, old: str, new: str) -> None:
    """Refuse a definition with a new name that still speaks of itself by the old one."""
    parts = [part for part in ast.walk(parse_tree(text, quiet=True)) if isinstance(part, ast.Name) and part.id == old]
    if parts:
        line = min(part.lineno for part in parts)
        raise Refused(f"“{old}” would be called “{new}”, but line {line} still says “{old}”: change it there, too.")


def set_source(flow: Flow, graph: Graph, node: str, text: str) -> Edit:
    """Write the text of a node's source: of a code node as `set_code` does, else that of the function that it calls.

    Where the text gives the function another name, all that call it do so by that.

    Raises
    ------
    Refused
        It is no Python, or does not define the function; the text says what to do.
    """
    box = graph.nodes.get(node)
    made = _definition(flow, box.type) if box is not None and box.kind not in ("code", "jump") else None
    if box is None or made is None:
        return set_code(flow, graph, node, text)
    text = text.strip("\n").rstrip()
    try:
        names = _defined(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise Refused(f"This is not Python{where}: {getattr(error, 'msg', error)}") from error
    steps, name = Steps(flow), box.type
    if name not in names:
        if len(names) != 1:
            begin = f"class {name}:" if box.kind == "object" else f"def {name}(…):"
            raise Refused(f"This text defines no “{name}”: begin with “{begin}”.")
        _refuse_old_name(text, name, names[0])
        steps.do(rename_everywhere(flow, name, names[0]))
        name = names[0]
    try:
        steps.do(retyped(steps.flow, _with_text(steps.flow, name, text), title=f"Change {name}"))
    except ScriptError as error:
        raise Refused(f"The file could not be read with this: {error}") from error
    return steps.edit(f"Change {name}")


def _with_text(flow: Flow, name: str, text: str) -> str:
    """Return the file with another text in the place of a function."""
    made = _definition(flow, name)
    assert made is not None
    # Where most lines end in line feeds some may not: these stay as they are.
    whole = write(flow) if flow.newline == "\n" else write(flow).replace(flow.newline, "\n")
    lines = _LINE.findall(whole)
    first = statement_lines(flow)[id(made)] - 1
    old = lines[first : first + _shown(made).count("\n") + 1]
    if "\n".join(line.rstrip("\r\n") for line in old) != _shown(made):
        raise Refused(f"The lines of “{name}” were not found in the file: change them in its script.")
    *ends, end = [line[len(line.rstrip("\r\n")) :] for line in old]
    *head, tail = text.split("\n")
    ends += ["\n"] * (len(head) - len(ends))
    new = [line + ending for line, ending in zip(head, ends, strict=False)]
    return "".join([*lines[:first], *new, tail + end, *lines[first + len(old) :]])


__all__ = [
    "EXPRESSION", "NEW_FUNCTION", "OWN_PYTHON", "checked", "expression_spec", "is_own_python", "refuse_value",
    "set_source", "source_of", "values_of",
]  # fmt: skip

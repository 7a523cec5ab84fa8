"""Where a name of the file is read: what an edit of the thing it names has to follow, or cannot follow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from flodesk.flow.edit.rename import bound
from flodesk.flow.model import (
    Address,
    Bind,
    Call,
    Code,
    Docstring,
    Expression,
    Flow,
    Function,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Region,
    Return,
    Statement,
    Switch,
    walk,
)
from flodesk.flow.script.names import parameter_names
from flodesk.flow.script.spans import Spans
from flodesk.flow.switched import how, kept_text, original, words
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.refused import Refused

Value = Ref | Literal | Expression


@dataclass(frozen=True, slots=True)
class Use:
    """A statement that reads a name; `arm` is that of a switch whose test does, `field` what it reads of the value."""

    function: str
    id: str
    arm: int = 0
    field: str = ""

    def words(self, flow: Flow) -> str:
        """Say where it is, with its line in the text of the flow."""
        spans = Spans(flow).of(self.function, self.id)
        span = spans[self.arm] if self.arm < len(spans) else spans[0] if spans else None
        home = f"in “{self.function}”" if self.function else "at the top of the file"
        line = f" (line {span.first + 1})" if span is not None else ""
        return f"“{self.id}” {home}{line}"


def refuse_switched(flow: Flow, use: Use, name: str, what: str) -> None:
    """Refuse an edit that has to change all calls of a function, where a use is a node that is off or bypassed.

    Raises
    ------
    Refused
        It is one; `what` says what cannot be done in the comment that keeps its call.
    """
    line = flow.index[Address(use.function, use.id)][0]
    kept = original(flow, use.function, line)
    if isinstance(kept, Call) and kept.callee == name:
        raise Refused(
            f"{use.words(flow)} is {words(how(line))} and calls “{name}”: {what} in a comment. Switch it on first."
        )


def calls_of(flow: Flow, name: str) -> list[tuple[str, Call | Loop]]:
    """Return the nodes and loops that call a function of the file, each with the function that it stands in."""
    hidden = _hidden(flow, name)
    return [
        (region.function, statement)
        for statement, region in walk(flow.module, Region(""))
        if isinstance(statement, Call | Loop) and statement.callee == name
        if region.function and region.function not in hidden
    ]


def uses_of(flow: Flow, name: str, own: frozenset[tuple[str, str]] = frozenset()) -> Iterator[Use]:
    """Give what reads a function or a class of the file in any way but one: as what a node or a loop calls.

    A function that has a variable of that name means the variable. Text that calls it by name counts, too: it may be
    run. `own` are statements, each with its function, that are left out.
    """
    hidden = _hidden(flow, name)
    for statement, region in walk(flow.module, Region("")):
        home = region.function
        defines = isinstance(statement, Function) and statement.name == name
        if home in hidden or (home, statement.id) in own or isinstance(statement, Docstring) or defines:
            continue
        for arm, text in _texts(statement, bool(home), name):
            if any(True for _ in _found(text, name)):
                yield Use(home, statement.id, arm)
                break


def reads_of(flow: Flow, function: str, name: str) -> Iterator[Use]:
    """Give what reads a variable of a function, each with the field that it reads; none where it reads all of it."""
    for statement, region in walk(flow.functions[function].body, Region(function)):
        for arm, text in _texts(statement, False, name):
            for field in _found(text, name):
                yield Use(region.function, statement.id, arm, field)


def _hidden(flow: Flow, name: str) -> set[str]:
    """Return the functions in which a name is that of a variable of their own."""
    return {function.name for function in flow.functions.values() if name in _locals(function)}


def _locals(function: Function) -> set[str]:
    """Return the names that are variables of a function for sure: what code binds there may be the file's."""
    definition = parse_tree(f"def f({function.parameters}\n): pass").body[0]
    given = parameter_names(definition.args) if isinstance(definition, ast.FunctionDef) else ()
    plain = bound(function.body)
    for statement, _ in walk(function.body, Region(function.name)):
        if isinstance(statement, Code):
            plain -= set(statement.binds)
    return plain | set(given)


# ------------------------------------------------------------------ what a statement says
def _texts(statement: Statement, calls: bool, name: str) -> Iterator[tuple[int, str]]:
    """Give the pieces of Python in which a statement, without those below it, may read a name, each with its arm.

    With `calls` it is not said of a call or a loop what it calls, where that is the name itself.
    """
    match statement:
        case Call() | Loop():
            called = not isinstance(statement, Loop) or statement.called
            if not (calls and called and statement.callee == name):
                yield 0, statement.callee
            yield from ((0, argument.value.text) for argument in statement.arguments)
        case Bind():
            yield 0, statement.value.text
            if how(statement):
                yield 0, kept_text(statement)
        case Code():
            yield 0, statement.text
            if how(statement):
                yield 0, kept_text(statement)
        case Switch():
            yield from ((n, arm.test.text) for n, arm in enumerate(statement.arms) if arm.test is not None)
        case Return():
            yield from ((0, value.text) for value in statement.values)
        case Function():
            yield 0, _head(statement)
        case Main():
            yield 0, statement.raw or ""
        case Import():
            yield from ((0, given) for given, _ in statement.names)
        case _:
            pass


def _head(function: Function) -> str:
    returns = f" -> ({function.returns}\n)" if function.returns else ""
    return f"def __head__({function.parameters}\n){returns}: pass"


def _found(text: str, name: str) -> Iterator[str]:
    """Give the field of each use of a name in a piece of Python; an empty text where all of it is read, or bound."""
    if name not in text:
        return
    try:
        tree = parse_tree(text)
    except SyntaxError:
        try:
            tree = parse_tree(f"({text}\n)")
        except SyntaxError:
            if re.search(rf"\b{re.escape(name)}\b", text):
                yield ""
            return
    said = {id(s.value) for s in ast.walk(tree) if isinstance(s, ast.Expr)} - {id(s.value) for s in _only(tree)}
    parts = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    hints = {id(part) for hint in _hints(tree) for part in ast.walk(hint)}
    for node in ast.walk(tree):
        match node:
            case ast.Name() if node.id == name:
                yield parts.get(id(node), "")
            case ast.Constant(value=str(words)) if id(node) not in said:
                after = "" if id(node) in hints else r"\("
                if re.search(rf"\b{re.escape(name)}\b{after}", words):
                    yield ""
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if node.name == name:
                yield ""
            case ast.alias() if name in (node.asname, node.name):
                yield ""
            case ast.Global() | ast.Nonlocal() if name in node.names:
                yield ""
            case _:
                pass


def _only(tree: ast.Module) -> list[ast.Expr]:
    """Return the one expression that a text is, if it is no more than that: no docstring."""
    return [s for s in tree.body if isinstance(s, ast.Expr)] if len(tree.body) == 1 else []


def _hints(tree: ast.Module) -> Iterator[ast.expr]:
    """Give all annotations: text in them names something."""
    for node in ast.walk(tree):
        hint = getattr(node, "annotation", None) or getattr(node, "returns", None)
        if isinstance(hint, ast.expr):
            yield hint

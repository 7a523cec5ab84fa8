"""What a function returns as several named values: the class of named values, and what its callers read."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import replace

from flodesk.flow.edit import AddNode, ReplaceStatement
from flodesk.flow.edit.rename import bound
from flodesk.flow.model import Code, Expression, Flow, Function, Import, Ref, Region, Return
from flodesk.flow.script.names import free_names, usage
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.naming import callee_of, taken
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps


def add_class(steps: Steps, function: str, name: str, fields: Mapping[str, str]) -> str:
    """Write a class of named values for what the function `name` returns, above all functions; return its name.

    `fields` are the names with their annotations, empty where nothing is known. `function` is one of the file, whose
    variables must not hide the import.
    """
    base, imported = callee_of(steps.flow, function, "typing.NamedTuple")
    steps.do(imported)
    names = taken(steps.flow, function) | {name}
    words = "".join(part.capitalize() for part in name.split("_"))
    kind = next(c for c in (words, *(f"{words}{n}" for n in range(2, len(names) + 3))) if c not in names)
    at = next(n for n, s in enumerate(steps.flow.module.statements) if isinstance(s, Function))
    hints = {field: _known(steps.flow, at, hint) for field, hint in fields.items()}
    other = _any(steps, function) if not all(hints.values()) else ""
    lines = "\n".join(f"    {field}: {hint or other}" for field, hint in hints.items())
    at = next(n for n, s in enumerate(steps.flow.module.statements) if isinstance(s, Function))
    free = next(f"code_{n}" for n in range(1, len(names) + 3) if f"code_{n}" not in names)
    text = f"class {kind}({base}):\n{lines}"
    made = Code(id=free, text=text, reads=_reads(text), binds=(kind,), lead="\n\n")
    steps.do(AddNode(Region(""), at, made))
    return kind


def _any(steps: Steps, function: str) -> str:
    """Return how the file writes ``typing.Any``, which is imported if it is not."""
    written, imported = callee_of(steps.flow, function, "typing.Any")
    steps.do(imported)
    return written


def _known(flow: Flow, at: int, hint: str) -> str:
    """Return an annotation if all that it names is known before a place in the file, else an empty text."""
    try:
        names = set(free_names(parse_tree(hint, mode="eval").body)) if hint else set()
    except SyntaxError:
        return ""
    before = bound(replace(flow.module, statements=flow.module.statements[:at])) | set(dir(builtins))
    imported = {name for s in flow.module.statements[:at] if isinstance(s, Import) for name, _ in s.names}
    return hint if names <= before | imported else ""


def result_of(kind: str, values: list[str]) -> Return:
    """Return the statement that returns these values as an object of a class."""
    text = f"{kind}({', '.join(values)})"
    return Return(values=(Expression(text, free_names(parse_tree(text, mode="eval").body)),))


def named_result(flow: Flow, function: Function) -> tuple[Code, ast.ClassDef, ast.Call] | None:
    """Return the class of named values that a function ends with, and the expression; None if it ends otherwise.

    The class lists no more than its values, each on lines of its own and without a default, and all are given.
    """
    last = function.body.statements[-1] if function.body.statements else None
    if not isinstance(last, Return) or len(last.values) != 1 or not isinstance(last.values[0], Expression):
        return None
    made = parse_tree(last.values[0].text, mode="eval").body
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Name) or made.keywords:
        return None
    if any(isinstance(argument, ast.Starred) for argument in made.args):
        return None
    kind = made.func.id
    code = next((s for s in flow.module.statements if isinstance(s, Code) and s.binds == (kind,)), None)
    tree = parse_tree(code.text).body[0] if code is not None else None
    if code is None or not isinstance(tree, ast.ClassDef) or not _plain(code, tree):
        return None
    return (code, tree, made) if len(made.args) == len(fields_of(tree)) else None


def _plain(code: Code, tree: ast.ClassDef) -> bool:
    """Say whether a class is one of named values and nothing more, in which a line can be put in and taken out."""
    bases = [ast.unparse(base).rpartition(".")[2] for base in tree.bases]
    if bases != ["NamedTuple"] or tree.keywords or tree.decorator_list or len(parse_tree(code.text).body) != 1:
        return False
    lines, last = code.text.split("\n"), tree.lineno
    for part in tree.body:
        field = isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and part.value is None
        docstring = isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
        alone = part.lineno > last and ";" not in lines[part.lineno - 1].partition("#")[0]
        if not (field or docstring) or not alone:
            return False
        last = part.end_lineno or part.lineno
    return True


def fields_of(tree: ast.ClassDef) -> list[ast.AnnAssign]:
    """Return the lines of a class that name its values."""
    return [s for s in tree.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]


def extend(steps: Steps, function: Function, field: str, hint: str, value: Ref) -> None:
    """Let a function that returns named values return one more."""
    found = named_result(steps.flow, function)
    assert found is not None
    code, tree, made = found
    at = next(n for n, s in enumerate(steps.flow.module.statements) if s.id == code.id)
    hint = _known(steps.flow, at, hint)
    other = hint or _any(steps, function.name)
    last = fields_of(tree)[-1]
    lines = code.text.split("\n")
    lines.insert(last.end_lineno or last.lineno, f"{' ' * last.col_offset}{field}: {other}")
    _change(steps, function, code, lines, [ast.unparse(argument) for argument in made.args] + [value.text])


def shorten(steps: Steps, function: Function, number: int) -> None:
    """Let a function that returns named values return one of them no more.

    Raises
    ------
    Refused
        It is the only one.
    """
    found = named_result(steps.flow, function)
    assert found is not None
    code, tree, made = found
    fields = fields_of(tree)
    if len(fields) < 2:
        raise Refused(f"“{function.name}” returns nothing else: take the wire off instead.")
    gone = fields[number]
    lines = code.text.split("\n")
    del lines[gone.lineno - 1 : gone.end_lineno]
    _change(steps, function, code, lines, [ast.unparse(a) for n, a in enumerate(made.args) if n != number])


def _reads(text: str) -> tuple[str, ...]:
    return usage(parse_tree(text).body).reads


def _change(steps: Steps, function: Function, code: Code, lines: list[str], values: list[str]) -> None:
    text = "\n".join(lines)
    steps.do(ReplaceStatement("", code.id, replace(code, text=text, reads=_reads(text), raw=None)))
    steps.do(ReplaceStatement(function.name, "return", result_of(code.binds[0], values)))

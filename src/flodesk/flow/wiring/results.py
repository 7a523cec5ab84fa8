"""What a function returns as several named values: the class of named values, and what its callers read."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from flodesk.flow.edit import AddNode, ReplaceStatement
from flodesk.flow.model import Code, Expression, Flow, Function, Ref, Region, Return
from flodesk.flow.script.names import free_names, usage
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
    other = base.removesuffix("NamedTuple") + "Any"
    lines = "\n".join(f"    {field}: {hint or other}" for field, hint in fields.items())
    at = next(n for n, s in enumerate(steps.flow.module.statements) if isinstance(s, Function))
    free = next(f"code_{n}" for n in range(1, len(names) + 3) if f"code_{n}" not in names)
    text = f"class {kind}({base}):\n{lines}"
    made = Code(id=free, text=text, reads=_reads(text), binds=(kind,), lead="\n\n")
    steps.do(AddNode(Region(""), at, made))
    return kind


def result_of(kind: str, values: list[str]) -> Return:
    """Return the statement that returns these values as an object of a class."""
    text = f"{kind}({', '.join(values)})"
    return Return(values=(Expression(text, free_names(ast.parse(text, mode="eval").body)),))


def named_result(flow: Flow, function: Function) -> tuple[Code, ast.ClassDef, ast.Call] | None:
    """Return the class of named values that a function ends with, and the expression; None if it ends otherwise."""
    last = function.body.statements[-1] if function.body.statements else None
    if not isinstance(last, Return) or len(last.values) != 1 or not isinstance(last.values[0], Expression):
        return None
    made = ast.parse(last.values[0].text, mode="eval").body
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Name) or made.keywords:
        return None
    kind = made.func.id
    code = next((s for s in flow.module.statements if isinstance(s, Code) and s.binds == (kind,)), None)
    tree = ast.parse(code.text).body[0] if code is not None else None
    return (code, tree, made) if code is not None and isinstance(tree, ast.ClassDef) else None


def fields_of(tree: ast.ClassDef) -> list[ast.AnnAssign]:
    """Return the lines of a class that name its values."""
    return [s for s in tree.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]


def extend(steps: Steps, function: Function, field: str, hint: str, value: Ref) -> None:
    """Let a function that returns named values return one more."""
    found = named_result(steps.flow, function)
    assert found is not None
    code, tree, made = found
    other, imported = callee_of(steps.flow, function.name, "typing.Any") if not hint else (hint, None)
    steps.do(imported)
    last = fields_of(tree)[-1]
    lines = code.text.split("\n")
    lines.insert(last.end_lineno or last.lineno, f"{' ' * last.col_offset}{field}: {hint or other}")
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
    return usage(ast.parse(text).body).reads


def _change(steps: Steps, function: Function, code: Code, lines: list[str], values: list[str]) -> None:
    text = "\n".join(lines)
    steps.do(ReplaceStatement("", code.id, replace(code, text=text, reads=_reads(text), raw=None)))
    steps.do(ReplaceStatement(function.name, "return", result_of(code.binds[0], values)))

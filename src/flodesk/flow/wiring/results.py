"""What a function returns as several named values: the class of named values, and what its callers read."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import replace

from flodesk.flow.edit import AddNode, ReplaceStatement
from flodesk.flow.edit.rename import bound
from flodesk.flow.model import Code, Expression, Flow, Function, Import, Ref, Region, Return
from flodesk.flow.script import keep_text
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
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Name):
        return None
    if any(isinstance(argument, ast.Starred) for argument in made.args):
        return None
    kind = made.func.id
    code = next((s for s in flow.module.statements if isinstance(s, Code) and s.binds == (kind,)), None)
    tree = parse_tree(code.text).body[0] if code is not None else None
    if code is None or not isinstance(tree, ast.ClassDef) or not _plain(code, tree):
        return None
    return (code, tree, made) if given_in_order(tree, made) is not None else None


def given_in_order(tree: ast.ClassDef, made: ast.Call) -> list[str] | None:
    """Return the texts of the values that a class is made of, in its order; None if it lacks one, or has too many."""
    names = field_names(tree)
    known = {word.arg: ast.unparse(word.value) for word in made.keywords}
    texts = [ast.unparse(value) for value in made.args]
    rest = names[len(texts) :]
    return [*texts, *(known[name] for name in rest)] if set(rest) == set(known) and len(rest) == len(known) else None


def _plain(code: Code, tree: ast.ClassDef) -> bool:
    """Say whether a class is one of named values and nothing more, in which a line can be put in and taken out."""
    bases = [ast.unparse(base).rpartition(".")[2] for base in tree.bases]
    signs = [ast.unparse(sign).partition("(")[0].rpartition(".")[2] for sign in tree.decorator_list]
    if (bases, signs) not in ((["NamedTuple"], []), ([], ["dataclass"])) or tree.keywords:
        return False
    if len(parse_tree(code.text).body) != 1:
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


def field_names(tree: ast.ClassDef) -> list[str]:
    """Return the names of a class's values."""
    return [field.target.id for field in fields_of(tree) if isinstance(field.target, ast.Name)]


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
    values = dict(zip(field_names(tree), given_in_order(tree, made) or (), strict=True))
    _change(steps, function, code, lines, values | {field: value.text}, made)


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
    values = zip(field_names(tree), given_in_order(tree, made) or (), strict=True)
    _change(steps, function, code, lines, dict(v for n, v in enumerate(values) if n != number), made)


def renamed_field(steps: Steps, function: Function, old: str, new: str) -> None:
    """Give one of the named values that a function returns another name, in its class and where it is made."""
    found = named_result(steps.flow, function)
    assert found is not None
    code, tree, made = found
    lines = code.text.split("\n")
    line = next(field for field in fields_of(tree) if getattr(field.target, "id", "") == old)
    row, target = line.target.lineno - 1, line.target
    text = lines[row].encode()
    lines[row] = (text[: target.col_offset] + new.encode() + text[target.end_col_offset :]).decode()
    values = zip(field_names(tree), given_in_order(tree, made) or (), strict=True)
    _change(steps, function, code, lines, {new if name == old else name: text for name, text in values}, made)


def reordered(steps: Steps, function: Function, order: list[int]) -> None:
    """Put the named values that a function returns into another order, in its class and where it is made."""
    found = named_result(steps.flow, function)
    assert found is not None
    code, tree, made = found
    lines, fields = code.text.split("\n"), fields_of(tree)
    texts = [lines[field.lineno - 1 : field.end_lineno] for field in fields]
    for number, field in reversed(list(enumerate(fields))):
        lines[field.lineno - 1 : field.end_lineno] = texts[order[number]]
    values = list(zip(field_names(tree), given_in_order(tree, made) or (), strict=True))
    _change(steps, function, code, lines, dict(values[number] for number in order), made)


def _reads(text: str) -> tuple[str, ...]:
    return usage(parse_tree(text).body).reads


def _change(
    steps: Steps, function: Function, code: Code, lines: list[str], values: Mapping[str, str], made: ast.Call
) -> None:
    """Write the class, and what it is made of: by place as far as it was before, what is behind that by name."""
    text = "\n".join(lines)
    steps.do(ReplaceStatement("", code.id, replace(code, text=text, reads=_reads(text), raw=None)))
    by_name = bool(made.keywords)
    given = [
        f"{name}={value}" if by_name and number >= len(made.args) else value
        for number, (name, value) in enumerate(values.items())
    ]
    last = steps.flow.functions[function.name].body.statements[-1]
    assert isinstance(last, Return)
    values_now = result_of(code.binds[0], given).values
    steps.do(ReplaceStatement(function.name, last.id, keep_text(last, replace(last, values=values_now))))

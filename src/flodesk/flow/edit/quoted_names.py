"""A name that annotations quote (``-> "Kettle"``), changed along with what bears it at the top of the file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from flodesk.flow.model import Block, Code, Function, Loop, Statement, Switch
from flodesk.flow.syntax import parse_tree


def in_annotations(statement: Statement, old: str, new: str) -> Statement:
    """Return a statement, with all below it, whose quoted annotations say another name; the very same if none does."""
    match statement:
        case Function():
            parameters = quoted(f"def f({statement.parameters}\n): pass", old, new)[len("def f(") : -len("\n): pass")]
            returns = statement.returns
            if returns:
                returns = quoted(f"def f() -> ({returns}\n): pass", old, new)[len("def f() -> (") : -len("\n): pass")]
            if (parameters, returns) != (statement.parameters, statement.returns):
                raw = None if statement.raw is None else _in_head(statement.raw, old, new)
                statement = replace(statement, parameters=parameters, returns=returns, raw=raw)
            body = _in_block(statement.body, old, new)
            return statement if body is statement.body else replace(statement, body=body)
        case Loop():
            body = _in_block(statement.body, old, new)
            return statement if body is statement.body else replace(statement, body=body)
        case Switch():
            arms = tuple(replace(arm, body=_in_block(arm.body, old, new)) for arm in statement.arms)
            same = all(a.body is b.body for a, b in zip(arms, statement.arms, strict=True))
            return statement if same else replace(statement, arms=arms)
        case Code():
            text = quoted(statement.text, old, new)
            if text == statement.text:
                return statement
            one = statement.raw is not None and (statement.raw == statement.text or "\n" not in statement.raw)
            return replace(statement, text=text, raw=quoted(statement.raw, old, new) if one and statement.raw else None)
        case _:
            return statement


def _in_block(block: Block, old: str, new: str) -> Block:
    statements = tuple(in_annotations(s, old, new) for s in block.statements)
    same = all(a is b for a, b in zip(statements, block.statements, strict=True))
    return block if same else replace(block, statements=statements)


def _in_head(raw: str, old: str, new: str) -> str | None:
    """Return the first line of a function as it was written, with the name changed; None to have it written anew."""
    body = "\n    pass"
    changed = quoted(raw + body, old, new)
    return changed.removesuffix(body) if changed != raw + body else None


def quoted(text: str, old: str, new: str) -> str:
    """Return Python text with a name changed in the annotations that are quoted, as far as that is plain to see."""
    if old not in text or ('"' not in text and "'" not in text):
        return text
    try:
        tree = parse_tree(text, quiet=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    lines = text.encode().splitlines(keepends=True)
    found = [part for note in _annotations(tree) for part in _strings(note)]
    for part in sorted(found, key=lambda part: (part.lineno, part.col_offset), reverse=True):
        assert isinstance(part.value, str)
        if part.end_lineno != part.lineno or part.end_col_offset is None or not _names(part.value, old):
            continue
        line = lines[part.lineno - 1]
        said = line[part.col_offset : part.end_col_offset].decode()
        if said[1:-1] == part.value:  # no prefix, and nothing that is escaped
            changed = re.sub(rf"(?<![\w.]){re.escape(old)}(?!\w)", new, said)
            lines[part.lineno - 1] = line[: part.col_offset] + changed.encode() + line[part.end_col_offset :]
    return b"".join(lines).decode()


def _annotations(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield node.returns


def _strings(note: ast.expr) -> Iterator[ast.Constant]:
    """Give the strings of an annotation that are types: those of ``Literal`` are values."""
    if isinstance(note, ast.Constant):
        if isinstance(note.value, str):
            yield note
    elif isinstance(note, ast.Subscript):
        kind = note.value.attr if isinstance(note.value, ast.Attribute) else getattr(note.value, "id", "")
        if kind == "Literal":
            return
        inside = note.slice.elts if isinstance(note.slice, ast.Tuple) else [note.slice]
        for part in inside[:1] if kind == "Annotated" else inside:
            yield from _strings(part)
    elif isinstance(note, ast.BinOp):
        yield from _strings(note.left)
        yield from _strings(note.right)
    elif isinstance(note, ast.List):
        for part in note.elts:
            yield from _strings(part)


def _names(text: str, name: str) -> bool:
    """Say whether a quoted annotation names something, as a name and not within a string of its own."""
    try:
        tree = parse_tree(text, mode="eval", quiet=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if any(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in ast.walk(tree)):
        return False
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))


__all__ = ["in_annotations", "quoted"]

"""The signature that a docstring begins with (``sin(x, /, out=None)``): functions in C tell theirs so."""

from __future__ import annotations

import ast
import inspect
import re

from flodesk.flow.syntax import parse_tree

_HEAD = re.compile(r"^(?:[\w, ]+=\s*)?(?:\w+\.)*(?P<name>\w+)\((?P<inside>.*)\)\s*(?:->.*)?$")
_OPTIONAL = re.compile(r"\[\s*,([^\[\]]*)\]")


def split_signature(doc: str) -> tuple[ast.FunctionDef | None, str]:
    """Return the signature that a docstring begins with, as a definition, or None; and the docstring without it.

    A signature may be in several lines, and several may follow one another: the longest counts.
    """
    lines = inspect.cleandoc(doc).split("\n")
    best: ast.FunctionDef | None = None
    taken = 0
    while taken < len(lines):
        found = _at(lines, taken)
        if found is None:
            break
        node, taken = found
        if best is None or _count(node.args) > _count(best.args):
            best = node
        while taken < len(lines) and not lines[taken].strip():
            taken += 1
    return best, "\n".join(lines[taken:])


def _at(lines: list[str], start: int) -> tuple[ast.FunctionDef, int] | None:
    """Read a signature that begins in a line: its parameters, and the line after it."""
    text = ""
    for number, line in enumerate(lines[start : start + 6], start + 1):
        if not line.strip():
            return None
        text = f"{text} {line.strip()}".strip()
        if "(" not in text:
            return None
        if text.count("(") == text.count(")"):
            head = _HEAD.match(text)
            node = _parsed(head["inside"]) if head else None
            return (node, number) if node is not None else None
    return None


def _parsed(inside: str) -> ast.FunctionDef | None:
    while (plain := _OPTIONAL.sub(_with_defaults, inside)) != inside:
        inside = plain
    try:
        node = parse_tree(f"def f({inside}): pass", quiet=True).body[0]
    except (SyntaxError, ValueError):
        return None
    return node if isinstance(node, ast.FunctionDef) else None


def _with_defaults(found: re.Match[str]) -> str:
    """Write ``[, a, b=1]`` as ``, a=None, b=1``."""
    names = [part.strip() for part in found[1].split(",") if part.strip()]
    return "".join(f", {name if '=' in name or name.startswith(('*', '/')) else f'{name}=None'}" for name in names)


def _count(arguments: ast.arguments) -> int:
    return len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)


__all__ = ["split_signature"]

"""A name changed in Python text: only where it stands for the same variable before and after."""

from __future__ import annotations

import ast
import io
import tokenize
from functools import lru_cache

from flodesk.flow.script.names import own_nodes
from flodesk.flow.syntax import parse_tree

Scope = (
    ast.Lambda
    | ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.ClassDef
    | ast.ListComp
    | ast.SetComp
    | ast.DictComp
    | ast.GeneratorExp
)
_WORDS: dict[type[ast.AST], str] = {
    ast.Lambda: "the lambda",
    ast.FunctionDef: "the function",
    ast.AsyncFunctionDef: "the function",
    ast.ClassDef: "the class",
}


def in_code(text: str, old: str, new: str) -> str | None:
    """Return Python text with a variable renamed, or None where that is not safe.

    The result must parse to the same tree but for that name: what a hand wrote in an f-string shows as a difference.
    An inner function, class or comprehension that reads the variable must have no name of its own that is the old or
    the new one: either would be another variable there. What the text itself defines under the name is renamed.
    """
    renamed = _tokens(text, old, new)
    if renamed is None:
        return None
    try:
        before, after = parse_tree(text), parse_tree(renamed)
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(before):
        if isinstance(node, Scope) and _reads(node, old) and {old, new} & _names_inside(node):
            return None
    for node in own_nodes(before.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == old:
            node.name = new
    for node in ast.walk(before):
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
    return renamed if ast.dump(before) == ast.dump(after) else None


def read_in_code(text: str, old: str, new: str) -> str | None:
    """Return an assignment that reads another variable in the place of one that it may bind anew as well.

    None where the text is something else, or where that is not safe.
    """
    try:
        body = parse_tree(text).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    made = body[0] if len(body) == 1 else None
    if not isinstance(made, ast.Assign) or not all(isinstance(target, ast.Name) for target in made.targets):
        return None
    if any(isinstance(n, Scope | ast.JoinedStr | ast.NamedExpr) and _reads(n, old) for n in ast.walk(made.value)):
        return None
    hits = [node for node in ast.walk(made.value) if isinstance(node, ast.Name) and node.id == old]
    lines = text.encode().splitlines(keepends=True)
    for node in sorted(hits, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        line = lines[node.lineno - 1]
        end = node.col_offset + len(old.encode())
        if line[node.col_offset : end] != old.encode():
            return None
        lines[node.lineno - 1] = line[: node.col_offset] + new.encode() + line[end:]
        node.id = new
    changed = b"".join(lines).decode()
    return changed if ast.dump(parse_tree(changed)) == ast.dump(ast.Module(body, [])) else None


def capture(text: str, old: str, new: str) -> tuple[str, int] | None:
    """Return what has the new name for itself and reads the old one, in words, and its line in the text (from 1)."""
    try:
        tree = parse_tree(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, Scope) and _reads(node, old) and new in _own_names(node):
            return _WORDS.get(type(node), "the comprehension"), node.lineno
    return None


@lru_cache(maxsize=1024)
def inner_names(text: str) -> frozenset[str]:
    """Return the names that the inner functions, classes and comprehensions of a text have for themselves.

    A variable that is to be read anywhere in it must have another one.
    """
    try:
        tree = parse_tree(text)
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    return frozenset(name for node in ast.walk(tree) if isinstance(node, Scope) for name in _own_names(node))


def _reads(scope: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(scope))


def _names_inside(scope: ast.AST) -> set[str]:
    """Return the names that a function, class or comprehension has for itself; its own name is one of where it is."""
    return {name for part in ast.iter_child_nodes(scope) for name in _own_names(part)}


def _own_names(scope: ast.AST) -> set[str]:
    """Return the names that an inner function, class or comprehension may bind for itself, or declares as others'."""
    found: set[str] = set()
    for part in ast.walk(scope):
        match part:
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.alias(name=name, asname=alias):
                found.add(alias or name.partition(".")[0])
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case _ if type(part).__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple"):  # of Python 3.12
                found.add(getattr(part, "name", ""))
            case _:
                pass
    return found


def in_head(parameters: str, returns: str, old: str, new: str) -> tuple[str, str] | None:
    """Return the parameters and the return annotation of a function with a name changed that they read.

    None where that is not safe.
    """
    try:
        before = parse_tree(_head(parameters, returns))
        if not _reads(before, old):
            return parameters, returns
        given, back = (_tokens(f"({text}\n)", old, new) for text in (parameters, returns))
        if given is None or back is None:
            return None
        after = parse_tree(_head(given[1:-2], back[1:-2]))
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(before):
        if isinstance(node, Scope) and not isinstance(node, ast.FunctionDef) and {old, new} & _own_names(node):
            return None
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
    return (given[1:-2], back[1:-2]) if ast.dump(before) == ast.dump(after) else None


def _head(parameters: str, returns: str) -> str:
    return f"def f({parameters}\n) -> ({returns or None}\n): pass"


def renamed_text(text: str, old: str, new: str) -> str:
    """Return an expression with a variable renamed; one that is no Python stays as it is."""
    renamed = _tokens(text, old, new)
    return text if renamed is None else renamed


def in_raw(raw: str | None, old: str, new: str) -> str | None:
    """Return a statement's own text with a variable renamed, or None: it is rendered then."""
    return None if raw is None else _tokens(raw, old, new)


def _tokens(text: str, old: str, new: str) -> str | None:
    """Replace a name where it is a variable: not after a dot, not as the keyword of an argument."""
    lines = text.splitlines(keepends=True)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    skipped = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)
    tokens = [token for token in tokens if token.type not in skipped]
    depth = 0
    hits: list[tuple[int, int]] = []
    for number, token in enumerate(tokens):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        if token.type != tokenize.NAME or token.string != old:
            continue
        before = tokens[number - 1].string if number else ""
        after = tokens[number + 1].string if number + 1 < len(tokens) else ""
        if before != "." and not (depth and after == "=" and before in "(,"):
            hits.append(token.start)
    for row, column in reversed(hits):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[column + len(old) :]
    return "".join(lines)

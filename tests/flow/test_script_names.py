"""Which names code reads and binds: known answers, and Python's own symbol tables as a second opinion."""

from __future__ import annotations

import ast
import symtable
import sysconfig
import warnings
from pathlib import Path

import pytest

from flodesk.flow.script.names import free_names, parameter_names, usage

KNOWN = [
    # text, reads, binds
    ("x = a + b", "a b", "x"),
    ("x += a", "x a", "x"),
    ("x = x + 1", "x", "x"),
    ("x: int = a", "int a", "x"),
    ("x: int", "int", ""),
    ("a.b = c", "c a", ""),
    ("a[i] = c", "c a i", ""),
    ("del a", "a", ""),
    ("x, (y, *z) = a", "a", "x y z"),
    ("import a.b, c as d", "", "a d"),
    ("from a import b as c", "", "c"),
    ("from a import *", "", ""),
    ("for i in a:\n    t = i\n    s = t + s", "a s", "i t s"),
    ("for i in a:\n    pass\nelse:\n    x = i", "a i", "i x"),
    ("while a:\n    a = b\n    c = a", "a b", "a c"),
    ("if a:\n    x = 1\nelse:\n    x = 2\ny = x", "a", "x y"),
    ("if a:\n    x = 1\ny = x", "a x", "x y"),
    ("if a:\n    x = 1\nelif b:\n    x = 2\nelse:\n    x = 3\ny = x", "a b", "x y"),
    ("with a as x:\n    y = x", "a", "x y"),
    ("try:\n    x = a\nexcept E as e:\n    x = e\ny = x", "a E", "x e y"),
    ("try:\n    x = a\nexcept E:\n    pass\ny = x", "a E x", "x y"),
    ("try:\n    x = a\nfinally:\n    y = x", "a", "x y"),
    ("match a:\n    case {'k': v, **rest} if v > b:\n        x = v", "a b", "v rest x"),
    ("match a:\n    case [C(y), *z] | D() as y:\n        x = y", "a C D", "y z x"),
    ("def f(x, y=a):\n    return x + b + f", "a b", "f"),
    ("def f(x: A) -> B:\n    global g\n    g = x", "A B g", "f"),
    ("def f():\n    def g():\n        return x\n    x = 1", "", "f"),
    ("def f():\n    def g():\n        nonlocal x\n        x = y\n    x = 1", "y", "f"),
    ("@d(a)\nclass C(B, k=m):\n    x = n\n    def f(self):\n        return x, self", "d a B m n x", "C"),
    ("class C:\n    def f(self):\n        return super().f, C, __class__", "super", "C"),
    ("x = [i + a for i in b if i > c]", "b c a", "x"),
    ("x = {k: v for k, v in a for w in k}", "a", "x"),
    ("x = [y := i for i in a]", "a", "y x"),
    ("x = lambda i, j=a: i + j + b", "a b", "x"),
    ("print(y := a, y)", "print a", "y"),
    ("x = f'{a} {b!r:{c}}'", "a b c", "x"),
    ("async def f():\n    async with a as b:\n        await c(b)", "a c", "f"),
    ("global x\nx = a", "a", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reads", "binds"), KNOWN, ids=[text for text, _, _ in KNOWN])
def test_names(text: str, reads: str, binds: str) -> None:
    found = usage(ast.parse(text).body)
    assert (found.reads, found.binds) == (tuple(reads.split()), tuple(binds.split()))


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("return 1", True),
        ("x = yield", True),
        ("break", True),
        ("if a:\n    continue", True),
        ("for i in a:\n    break", False),
        ("for i in a:\n    pass\nelse:\n    break", True),
        ("while (yield):\n    pass", True),
        ("while a:\n    for b in c:\n        continue\n    return", True),
        ("def f():\n    return 1", False),
        ("f = lambda: (yield)", False),
        ("class C:\n    def f(self):\n        yield", False),
        ("with a:\n    try:\n        return\n    finally:\n        pass", True),
        ("x = 1", False),
    ],
)
def test_what_leaves_its_statement(text: str, leaves: bool) -> None:
    assert usage(ast.parse(text).body).leaves is leaves


def test_free_names_of_an_expression_come_in_the_order_of_the_text() -> None:
    assert free_names(ast.parse("b + f(a, k=c) + b", mode="eval").body) == ("b", "f", "a", "c")


def test_names_of_parameters() -> None:
    (function,) = ast.parse("def f(a, /, b, *c, d, **e): pass").body
    assert isinstance(function, ast.FunctionDef)
    assert set(parameter_names(function.args)) == set("abcde")


def test_a_sum_of_many_terms_is_no_deep_recursion() -> None:
    text = "x = " + " + ".join(f"a{n}" for n in range(2500))
    try:
        body = ast.parse(text).body
    except RecursionError:
        pytest.skip("this Python does not parse it")
    assert len(usage(body).reads) == 2500


def test_many_elifs_are_no_deep_recursion() -> None:
    text = "if a0:\n    x = 1\n" + "".join(f"elif a{n}:\n    x = {n}\n" for n in range(1, 700)) + "else:\n    x = 0\n"
    found = usage(ast.parse(text).body)
    assert (len(found.reads), found.binds) == (700, ("x",))


def _symbols(text: str) -> tuple[set[str], set[str]]:
    """Names that a text refers to from outside of its inner scopes, and names that it binds."""
    table = symtable.symtable(text, "test", "exec")
    binds = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    reads = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    stack = list(table.get_children())
    while stack:
        child = stack.pop()
        reads |= {s.get_name() for s in child.get_symbols() if s.is_global() and s.is_referenced()}
        # A walrus in a comprehension and a `global` bind outside.
        binds |= {s.get_name() for s in child.get_symbols() if s.is_global() and s.is_assigned()}
        stack += child.get_children()
    return reads, binds


def test_symbol_tables_agree() -> None:
    root = Path(sysconfig.get_path("stdlib"))
    compared = 0
    for path in sorted(root.glob("*.py"))[::6] + sorted(root.glob("asyncio/*.py"))[::4]:
        text = path.read_text("utf-8")
        lines = text.split("\n")
        for statement in ast.parse(text).body:
            first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
            piece = "\n".join(lines[first - 1 : statement.end_lineno])
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    reads, binds = _symbols(piece)
            except SyntaxError:
                continue
            found = usage([statement])
            inner = list(ast.walk(statement))
            outer = {name for node in inner if isinstance(node, ast.Global) for name in node.names}
            # From 3.12 on a comprehension is part of its surroundings, and so are its targets in the tables.
            loops = [node.target for node in inner if isinstance(node, ast.comprehension)]
            outer |= {n.id for target in loops for n in ast.walk(target) if isinstance(n, ast.Name)}
            gone = {
                n.id for node in inner if isinstance(node, ast.Delete) for n in node.targets if isinstance(n, ast.Name)
            }
            # Python's tables do not count the target of ``x += 1`` as read.
            more = {n.target.id for n in inner if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)}
            # ``a = a`` in the body of a class reads the outer name first; from 3.12 on the tables call it local.
            for scope in (n for n in inner if isinstance(n, ast.ClassDef)):
                more |= {n.id for part in scope.body for n in ast.walk(part) if isinstance(n, ast.Name)}
            own = set(found.binds)
            assert own - outer - gone == binds - outer - gone, (path, piece)
            # A name that is surely bound before it is read is no input; all others that are read are.
            assert set(found.reads) <= reads | outer | gone | more, (path, piece)
            # from 3.13 on ``super`` refers to a ``__class__`` also outside of a class, where there is none
            assert reads - binds - {"__class__"} <= set(found.reads), (path, piece)
            compared += 1
    assert compared > 700

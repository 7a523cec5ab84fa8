"""Code that leaves what it stands in: ``break``, ``continue`` and ``return`` in the body of a flow or subflow.

Such code runs as a function, as all code does. What would leave its loop or its flow returns a mark instead, and the
step raises it: it passes through the regions up to the loop or the function that it ends. Where nothing leaves,
nothing knows of it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from flodesk.engine.errors import Interruption
from flodesk.flow.jumps import Jump
from flodesk.flow.syntax import parse_tree

Run = Callable[[Any, Any], None]
"""Runs steps over slots."""


class Left(Interruption):
    """A node has left the turn, the loop or the function that it stands in, with the `value` that it returns."""

    def __init__(self, how: Jump, value: Any = None) -> None:
        super().__init__(how)
        self.how = how
        self.value = value


def marked(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the statements with ``return "break", None`` instead of a ``break`` that leaves them, and so on.

    However they end, all variables are in ``__kept__`` then, those that a ``finally`` has bound on the way out, too.
    """
    marks = _Marks()
    whole = parse_tree("try:\n    pass\nfinally:\n    __kept__.update(locals())").body[0]
    assert isinstance(whole, ast.Try)
    whole.body = [new for statement in body for new in _several(marks.visit(statement))]
    return [whole]


def passing(run: Run) -> Run:
    """Return what runs a turn that ``continue`` may end before its last step."""

    def turn(steps: Any, s: Any) -> None:
        try:
            run(steps, s)
        except Left as left:
            if left.how != "continue":
                raise

    return turn


def returning(run: Run, result: int) -> Run:
    """Return what runs the body of a subflow that may return before its last step; `result` is the slot for that."""

    def body(steps: Any, s: Any) -> None:
        try:
            run(steps, s)
        except Left as left:
            s[result] = left.value

    return body


class _Marks(ast.NodeTransformer):
    def __init__(self) -> None:
        self.loops = 0

    def _mark(self, how: Jump, node: ast.stmt, value: ast.expr | None = None) -> ast.stmt:
        mark = ast.Return(ast.Tuple([ast.Constant(how), value or ast.Constant(None)], ast.Load()))
        return ast.fix_missing_locations(ast.copy_location(mark, node))

    def visit_Break(self, node: ast.Break) -> ast.stmt:
        return node if self.loops else self._mark("break", node)

    def visit_Continue(self, node: ast.Continue) -> ast.stmt:
        return node if self.loops else self._mark("continue", node)

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        return self._mark("return", node, node.value)

    def _loop(self, node: Any) -> Any:
        self.loops += 1
        node.body = [part for statement in node.body for part in _several(self.visit(statement))]
        self.loops -= 1
        node.orelse = [part for statement in node.orelse for part in _several(self.visit(statement))]
        return node

    visit_For = visit_AsyncFor = visit_While = _loop

    def _apart(self, node: Any) -> Any:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _apart


def _several(found: Any) -> list[ast.stmt]:
    return found if isinstance(found, list) else [found]

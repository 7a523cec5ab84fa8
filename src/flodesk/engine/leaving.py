"""Code that leaves what it stands in: ``break``, ``continue`` and ``return`` in the body of a flow.

Such code runs as a function, as all code does. What would leave its loop or its flow returns a mark instead, and the
step raises it: it passes through the regions up to the loop that it ends. A loop that nobody leaves knows none of it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, Literal

from flodesk.engine.errors import Interruption
from flodesk.flow.model import Block, Code, Loop, Switch
from flodesk.flow.script.names import own_nodes

How = Literal["break", "continue", "return"]


class Left(Interruption):
    """A node has left the turn, the loop or the flow that it stands in."""

    def __init__(self, how: How) -> None:
        super().__init__(how)
        self.how = how


def yields(body: Sequence[ast.stmt]) -> bool:
    """Return whether some statements make what they stand in a generator."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(body))


def marked(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the statements with ``return "break"`` instead of a ``break`` that leaves them, and so on.

    However they end, all variables are in ``__kept__`` then, those that a ``finally`` has bound on the way out, too.
    """
    marks = _Marks()
    whole = ast.parse("try:\n    pass\nfinally:\n    __kept__.update(locals())").body[0]
    assert isinstance(whole, ast.Try)
    whole.body = [new for statement in body for new in _several(marks.visit(statement))]
    return [whole]


def is_left(block: Block) -> bool:
    """Return whether code in the body of a loop may leave it; code in a loop inside may mean that one alone."""
    for statement in block.statements:
        inner: tuple[Block, ...] = ()
        if isinstance(statement, Code) and statement.leaves:
            return True
        if isinstance(statement, Loop):
            inner = (statement.body,)
        elif isinstance(statement, Switch):
            inner = tuple(arm.body for arm in statement.arms)
        if any(map(is_left, inner)):
            return True
    return False


def passing(run: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return what runs a turn that ``continue`` may end before its last step."""

    def turn(steps: Any, s: Any) -> None:
        try:
            run(steps, s)
        except Left as left:
            if left.how != "continue":
                raise

    return turn


class _Marks(ast.NodeTransformer):
    def __init__(self) -> None:
        self.loops = 0

    def _mark(self, how: How, node: ast.stmt) -> ast.stmt:
        return ast.copy_location(ast.Return(ast.copy_location(ast.Constant(how), node)), node)

    def visit_Break(self, node: ast.Break) -> ast.stmt:
        return node if self.loops else self._mark("break", node)

    def visit_Continue(self, node: ast.Continue) -> ast.stmt:
        return node if self.loops else self._mark("continue", node)

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        before: list[ast.stmt] = [] if node.value is None else [ast.copy_location(ast.Expr(node.value), node)]
        return [*before, self._mark("return", node)]

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

"""Where a file that knows nothing of flodesk starts a function itself: that call gives way to ``flodesk.main``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flodesk.flow.model import Code, Flow, Function, Import, Main, Statement
from flodesk.flow.problem import quoted
from flodesk.flow.script.shapes import dotted, is_main_test
from flodesk.flow.script.text import Text
from flodesk.flow.script.writer import write
from flodesk.flow.syntax import parse_tree


@dataclass(frozen=True, slots=True)
class Start:
    """The one line that starts a function.

    Attributes
    ----------
    statement : Statement
        The statement of the module that the line is, or is in.
    text : str
        Of the block ``if __name__ == "__main__":`` that the line is in; empty if it stands alone.
    start, end : int
        Where the line stands in that text.
    """

    statement: Statement
    text: str = ""
    start: int = 0
    end: int = 0

    def handed(self, callee: str, name: str) -> str | None:
        """Return the block that runs the function by flodesk instead; None if there is no block to keep."""
        return f"{self.text[: self.start]}{callee}({name}){self.text[self.end :]}" if self.text else None


class Starts:
    """What the lines of a module run by themselves, of its functions."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        tree = _parsed(write(flow))
        body = tree.body if tree is not None else []
        self._body = body
        self._reads = {n.name: _read(n.body) for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
        self._lines: list[str] = []
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._lines += _read([node])

    def reached(self, name: str) -> bool:
        """Whether ``python FILE`` comes to a function as it stands: in a line of the module, or by another function."""
        seen: set[str] = set()
        left = list(self._lines)
        while left:
            here = left.pop()
            if here not in seen:
                seen.add(here)
                left += self._reads.get(here, ())
        return name in seen

    def only(self, name: str) -> Start | None:
        """Return the line that starts a function, if it is the only one that speaks of it."""
        others = {other for other in self._reads if other != name and self.reached(other)}
        if self._lines.count(name) != 1 or any(name in self._reads[other] for other in others):
            return None
        found = (start for s in self._flow.module.statements for start in _starts(s, name))
        return next(found, None)

    @property
    def handing(self) -> tuple[str, ...]:
        """The functions that a line of the module hands to ``flodesk.main`` in another way than flodesk writes it."""
        for node in self._body:
            for call in ast.walk(node) if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ():
                path = ".".join(dotted(call.func) or ()) if isinstance(call, ast.Call) else ""
                if isinstance(call, ast.Call) and path and self._flow.resolve(path) == "flodesk.main":
                    names = [name for argument in call.args for name in _read([ast.Expr(argument)])]
                    return tuple(name for name in names if name in self._reads)
        return ()

    @property
    def first(self) -> str:
        """The function that a line of the module speaks of, one of ``if __name__ ...`` before others; empty if none."""
        mains = _read([node for node in self._body if isinstance(node, ast.If) and is_main_test(node)])
        return next((name for name in (*mains, *self._lines) if name in self._reads), "")


def started(flow: Flow) -> tuple[str, ...]:
    """Return the functions that run first of a file: those of ``flodesk.main``, else the one that it starts itself.

    Else the first one, or none.
    """
    if flow.mains or not flow.functions:
        return flow.mains
    starts = Starts(flow)
    return starts.handing or (starts.first or next(iter(flow.functions)),)


def how_to_start(flow: Flow, name: str) -> str:
    """Say what hands a function to flodesk: another line where the file starts one itself, so that it runs once."""
    starts = Starts(flow)
    if starts.handing:
        there = "flodesk.main(" + ", ".join(starts.handing) + ")"
        return f'It calls {there} where that is not read as its start. Write if __name__ == "__main__": {there} instead'
    first = starts.first
    if not first:
        return f'Write at its end: if __name__ == "__main__": flodesk.main({name})'
    there = f'flodesk.main({first}) in the place of that call, in if __name__ == "__main__":'
    return f"It starts {quoted(first)} itself, which would run it twice. Write {there}"


def _read(body: Sequence[ast.stmt]) -> list[str]:
    found = (node for statement in body for node in ast.walk(statement))
    return [node.id for node in found if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]


def _parsed(text: str) -> ast.Module | None:
    try:
        return parse_tree(text, quiet=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _starts(statement: Statement, name: str) -> Iterator[Start]:
    """Give a statement of the module if it does nothing but start the function, or the line of its block that does."""
    if isinstance(statement, Function | Import | Main):
        return
    text = statement.text if isinstance(statement, Code) else statement.raw or ""
    tree = _parsed(text)
    if tree is None or len(tree.body) != 1:
        return
    (node,) = tree.body
    if _is_start(node, name):
        yield Start(statement)
    elif isinstance(node, ast.If) and isinstance(statement, Code) and is_main_test(node):
        places = Text(text)
        for line in node.body:
            if _is_start(line, name):
                yield Start(statement, text, places.start(line), places.end(line))


def _is_start(node: ast.stmt, name: str) -> bool:
    """Whether a line is ``flow()`` or ``asyncio.run(flow())``."""
    if not isinstance(node, ast.Expr) or not isinstance(call := node.value, ast.Call) or call.keywords:
        return False
    if dotted(call.func) == ("asyncio", "run") and len(call.args) == 1 and isinstance(call.args[0], ast.Call):
        call = call.args[0]
    return dotted(call.func) == (name,) and not call.args and not call.keywords

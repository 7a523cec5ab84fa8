"""The example in a node's help: as text to be shown, and as a small flow to be played with.

The example is what the docstring says under *Examples*, with prompts. Calls of nodes in it become nodes with a name of
their own, what is left of a line stays Python, and what the node gives is shown.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Mapping

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import SetView
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.packs import OURS
from flodesk.flow.script import ScriptError, read, write
from flodesk.flow.spec import NodeSpec
from flodesk.flow.types import PortType
from flodesk.flow.wiring.views import first_view

_HEADING = re.compile(r"^Examples\n-{8}\n(.*?)(?=^\S[^\n]*\n-{3,}\n|\Z)", re.M | re.S)
_VIEWS: dict[PortType, str] = {
    "signal": "line", "array": "line", "table": "table", "image": "image", "number": "number", "integer": "number",
    "text": "text", "truth": "lamp", "list": "table",
}  # fmt: skip
_IMPORTS = {"np": "import numpy as np", "pd": "import pandas as pd", "Waveform": "from flodesk import Waveform"}
_ELSEWHERE = frozenset({"file", "record", "visa", "sql", "web", "system", "mqtt", "queue"})
"""Shelves whose examples need files, devices or other programs, or loops beside them: they are for reading."""

_SHOWN = 4
"""So many outputs of a node are shown; others can be looked at on the canvas."""


def example_of(spec: NodeSpec) -> str:
    """Return the example in a node type's help, with its prompts and answers; empty if there is none."""
    found = _HEADING.search(f"{spec.help}\n")
    return found[1].strip() if found else ""


def can_be_tried(spec: NodeSpec) -> bool:
    """Say whether the example in a node type's help is one that can be run anywhere, without making a flow of it."""
    return spec.path.startswith(f"{OURS}.") and not _reaches_out(spec) and ">>> " in example_of(spec)


def _reaches_out(spec: NodeSpec) -> bool:
    """Say whether a node needs more than what it is given, as its shelf or a path among its fields tells."""
    return spec.category in _ELSEWHERE or any(parameter.type == "path" for parameter in spec.parameters)


def example_flow(spec: NodeSpec, catalog: Catalog) -> str:
    """Return a flow that does what the example in a node type's help does.

    Parameters
    ----------
    spec : NodeSpec
        One of ours.
    catalog : Catalog
        All node types that there are.

    Returns
    -------
    str
        The text of a flow; empty if there is no example, or none that could be run anywhere.
    """
    if not can_be_tried(spec):
        return ""
    source, answered = _source(example_of(spec))
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    lifting = _Lifting(spec, catalog.specs, tree, answered)
    lines = lifting.lines()
    if not lines or lifting.reaches_out:
        return ""
    imports = [text for name, text in _IMPORTS.items() if name in lifting.used]
    ours = f"from {OURS} import {', '.join(sorted(lifting.shelves))}"
    body = "\n".join(f"    {part}" for line in lines for part in line.splitlines())
    head = "\n".join(["import flodesk", *imports, ours])
    title = spec.summary.replace('"', "'").replace("\\", "/")
    text = (
        f'"""{spec.title}. {title}"""\n\n{head}\n\n\ndef flow():\n{body}\n\n\n'
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )
    try:
        return write(_with_views(read(text), catalog))
    except (ScriptError, ValueError):
        return ""


def _with_views(flow: Flow, catalog: Catalog) -> Flow:
    """Return the flow with what it shows on its control panel."""
    for node in picture(flow, catalog, "flow").nodes.values():
        view = first_view(flow, "flow", node.id, node.spec) if node.spec is not None else None
        if view is not None:
            flow = SetView("flow", view.id, view).apply(flow)[0]
    return flow


def _source(example: str) -> tuple[str, set[int]]:
    """Return the lines behind the prompts of an example, and the numbers of those that an answer follows."""
    lines: list[str] = []
    answered: set[int] = set()
    for line in example.splitlines():
        if line.startswith((">>>", "...")):
            lines.append(line[4:])
        elif line.strip():
            answered.add(len(lines))
    return "\n".join(lines), answered


class _Lifting(ast.NodeTransformer):
    """Gives each call of a node in an example a line and a name of its own."""

    def __init__(self, spec: NodeSpec, specs: Mapping[str, NodeSpec], tree: ast.Module, answered: set[int]) -> None:
        self._spec = spec
        self._specs = specs
        self._tree = tree
        self._answered = answered
        self.used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self.shelves: set[str] = set()
        self.reaches_out = False
        self._lines: list[str] = []
        self._last: tuple[str, NodeSpec] | None = None
        """The name of what the node in question gave last."""

    def lines(self) -> list[str]:
        """Return the lines of the flow's body; none if the example does not call the node."""
        called = [self._called(node) for node in ast.walk(self._tree)]
        self.shelves = {one.category for one in called if one is not None}
        self.reaches_out = any(_reaches_out(one) for one in called if one is not None)
        if self._spec not in called:
            return []
        if self._spec.role == "producer":
            return self._loop()
        for statement in self._tree.body:
            self._statement(statement)
        if self._last is not None:
            self._show(*self._last)
        return self._lines

    def _loop(self) -> list[str]:
        """Return a loop over what a producer gives: an example takes its values one by one, which a flow does not."""
        call = next(node for node in ast.walk(self._tree) if self._called(node) is self._spec)
        name, output = self._free("turn"), self._spec.outputs[0] if self._spec.outputs else None
        view = _VIEWS.get(output.type) if output is not None and not output.name else None
        if view is None:
            return [f"for {name} in {ast.unparse(call)}:", f"    print({name})"]
        self.shelves.add("show")
        return [f"for {name} in {ast.unparse(call)}:", f"    {self._free('shown')} = show.{view}({name})"]

    def _statement(self, statement: ast.stmt) -> None:
        whole = isinstance(statement, ast.Assign | ast.Expr) and self._called(statement.value)
        if isinstance(statement, ast.Assign) and whole and isinstance(statement.targets[0], ast.Name):
            assert isinstance(statement.value, ast.Call)
            self._inside(statement.value, whole)
            self._lines.append(ast.unparse(statement))
            self._remember(statement.targets[0].id, whole)
            return
        answered = statement.end_lineno in self._answered
        statement = self.visit(statement)
        if isinstance(statement, ast.Expr) and answered:
            if isinstance(statement.value, ast.Name):
                return  # all of it has become a line of its own
            name = self._free("result")
            self._lines.append(f"{name} = {ast.unparse(statement.value)}")
            self._lines.append(f"print({name})")
        else:
            self._lines.append(ast.unparse(statement))

    def _inside(self, call: ast.Call, spec: NodeSpec | None) -> None:
        """Lift what stands in the arguments of a call: all but names and literals have lines of their own."""
        names = [p.name for p in spec.parameters if p.method in ("", "__init__")] if spec is not None else []
        call.args = [
            self._argument(argument, names[place] if place < len(names) else "value", alone=spec is not None)
            for place, argument in enumerate(call.args)
        ]
        for argument in call.keywords:
            argument.value = self._argument(argument.value, argument.arg or "options", alone=spec is not None)

    def _argument(self, argument: ast.expr, name: str, *, alone: bool) -> ast.expr:
        argument = self.visit(argument)
        if not alone or isinstance(argument, ast.Name | ast.Starred) or _is_literal(argument):
            return argument
        name = self._free(name)
        self._lines.append(f"{name} = {ast.unparse(argument)}")
        return ast.Name(name, ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Put a call of a node in a line before this one."""
        spec = self._called(node)
        self._inside(node, spec)
        if spec is None:
            node.func = self.visit(node.func)
            return node
        name = self._free(spec.name.lower())
        self._lines.append(f"{name} = {ast.unparse(node)}")
        self._remember(name, spec)
        return ast.Name(name, ast.Load())

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Leave what is done later where it is."""
        return node

    def _first_only(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> ast.expr:
        """Lift what a comprehension goes through, which is there before it; all else is done for each of its items."""
        node.generators[0].iter = self.visit(node.generators[0].iter)
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _first_only

    def _remember(self, name: str, spec: NodeSpec) -> None:
        if spec is self._spec and spec.role == "function":
            self._last = name, spec

    def _show(self, name: str, spec: NodeSpec) -> None:
        """Show what the node gives, each of several outputs by itself."""
        if spec.shows:
            return
        drawn = [output for output in spec.outputs if output.type in _VIEWS and "complex" not in output.help.lower()]
        views = [(output, _VIEWS[output.type]) for output in drawn[:_SHOWN]]
        if not views:
            self._lines.append(f"print({name})")
        for output, view in views:
            self.shelves.add("show")
            value = f"{name}.{output.name}" if output.name else name
            self._lines.append(f"{self._free('shown')} = show.{view}({value})")

    def _called(self, node: ast.AST) -> NodeSpec | None:
        """Return the node type that a call makes a node of."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return None
        shelf = node.func.value
        return self._specs.get(f"{OURS}.{shelf.id}.{node.func.attr}") if isinstance(shelf, ast.Name) else None

    def _free(self, wanted: str) -> str:
        """Return a name that nothing has yet: no word of Python, no builtin, no shelf."""
        taken = self.used | self.shelves | {"flodesk", "flow"}
        name, number = wanted, 1
        while name in taken or keyword.iskeyword(name) or hasattr(builtins, name):
            name, number = f"{wanted}_{number}", number + 1
        self.used.add(name)
        return name


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True

"""The function of another file that a node calls, copied into the flow's own, where it can be changed."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from itertools import chain, count

from flodesk.flow.edit import AddNode, Edit, ReplaceStatement
from flodesk.flow.edit.in_text import in_code
from flodesk.flow.edit.rename import bound
from flodesk.flow.edit.tree import find
from flodesk.flow.graph import Graph
from flodesk.flow.model import Call, Docstring, Flow, Function, Import, Loop, Main, Region
from flodesk.flow.script import keep_text, read
from flodesk.flow.script.names import usage
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.naming import drop_imports, import_name, taken, used_names
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps


def copy_in(flow: Flow, graph: Graph, node: str, text: str, name: str, module: str, *, package: bool) -> Edit:
    """Define what a node calls in the flow's own file, and let this node call that; others stay as they are.

    What the definition needs of its module is imported: what the module imports itself from there, all else from it.

    Parameters
    ----------
    text, name, module : str
        The text of the file that defines it, what it is called there, and the module that the file is.
    package : bool
        The file is the ``__init__.py`` of the module.

    Raises
    ------
    Refused
        The definition is not found, or a name of it cannot be what it is there.
    """
    box = graph.nodes.get(node)
    tree = parse_tree(text, quiet=True)
    made = next((s for s in reversed(tree.body) if isinstance(s, _DEFINITIONS) and s.name == name), None)
    if box is None or made is None:
        raise Refused(f"“{name}” was not found in {module}.")
    steps = Steps(flow)
    first = min([made.lineno, *(mark.lineno for mark in made.decorator_list)])
    own = "\n".join(text.split("\n")[first - 1 : made.end_lineno])
    old_names = used_names(flow)
    around = _Module(tree, module, package=package)
    own = _absolute(own, made, first, around)
    taken_names = set(flow.imports) | set(flow.functions) | bound(flow.module)
    taken_names = taken_names.union(*(taken(flow, function) for function in flow.functions))
    for read_name in usage([made]).reads:
        if read_name == name or read_name not in around.binds:
            continue
        path = around.path_of(read_name)
        known = next((given for given, stands in steps.flow.imports.items() if stands == path), "")
        free = known or _free(read_name, taken_names, read_name)
        if not known:
            statement = read(around.import_of(read_name)).module.statements[0]
            assert isinstance(statement, Import)
            steps.do(import_name(steps.flow, statement, read_name, free))
        own = _renamed(own, read_name, free)
    new = _free(name, taken_names, f"my_{name}")
    own = _renamed(own, name, new) if name in usage([made]).reads else _called(own, new)
    statements = steps.flow.module.statements
    above = next((n for n, s in enumerate(statements) if isinstance(s, Function | Main)), len(statements))
    start = read(f"{own}\n").module.statements[-1]
    before = statements[above - 1] if above else None
    lead = "\n\n" if isinstance(before, Import | Docstring) or before is not None else ""
    steps.do(AddNode(Region(""), above, replace(start, lead=lead)))
    _call(steps, graph.function, box.statements, new)
    came = (box.type, box.type.rpartition(".")[0])
    gone = {unused for unused in old_names - used_names(steps.flow) if flow.imports.get(unused) in came}
    steps.do(drop_imports(steps.flow, gone) if gone else None)
    return steps.edit(f"Copy {name} into this flow")


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _call(steps: Steps, function: str, ids: tuple[str, ...], new: str) -> None:
    """Let the line that calls or makes a node do so by another name."""
    for number in ids[:1]:
        _, statement = find(steps.flow, function, number)
        if not isinstance(statement, Call | Loop):
            raise Refused("This node is no call of a function: its lines stand in the script.")
        changed = keep_text(statement, replace(statement, callee=new))
        steps.do(ReplaceStatement(function, statement.id, changed, f"Call {new}"))


def _free(wanted: str, names: set[str], otherwise: str) -> str:
    """Return a name that is free, and note it as taken."""
    candidates = chain((wanted, otherwise), (f"{otherwise}_{number}" for number in count(2)))
    name = next(each for each in candidates if each not in names)
    names.add(name)
    return name


def _renamed(text: str, old: str, new: str) -> str:
    if old == new:
        return text
    found = in_code(text, old, new)
    if found is None:
        raise Refused(f"“{old}” means something else in this file, and cannot be renamed in the source.")
    return found


def _absolute(text: str, made: ast.AST, first: int, around: _Module) -> str:
    """Return a definition, the text of which begins at a line of its file, with its relative imports as absolute ones.

    Raises
    ------
    Refused
        One leads out of the package, or is written so that it cannot be replaced.
    """
    lines = text.split("\n")
    for node in ast.walk(made):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        at = node.lineno - first
        before = lines[at].encode()[: node.col_offset].decode()
        written = rf"from\s*(?:\.\s*)+{re.escape(node.module)}\s" if node.module else r"from\s*(?:\.\s*)+(?=import\b)"
        start = around.start_of(node)
        after, number = re.subn(f"^{written}", f"from {start} ", lines[at][len(before) :], count=1)
        if not start or not number:
            raise Refused(f"“{ast.unparse(node)}” means a module beside the source: in another file it would fail.")
        lines[at] = before + after
    return "\n".join(lines)


def _called(text: str, new: str) -> str:
    """Give a definition that does not speak of itself another name."""
    return re.sub(r"(?m)^((?:async\s+)?def|class)(\s+)\w+", rf"\1\2{new}", text, count=1)


class _Module:
    """What the names at the top of a module stand for."""

    def __init__(self, tree: ast.Module, module: str, *, package: bool) -> None:
        self._module = module
        self._imports: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self._inside = module if package else module.rpartition(".")[0]
        for node in tree.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    given = alias.asname or alias.name.partition(".")[0]
                    self._imports[given] = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                    self._paths[given] = alias.name if alias.asname else given
            elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
                start = self.start_of(node)
                for alias in node.names:
                    given = alias.asname or alias.name
                    renamed = f" as {alias.asname}" if alias.asname else ""
                    self._imports[given] = f"from {start} import {alias.name}{renamed}"
                    self._paths[given] = f"{start}.{alias.name}"
        self.binds = {*self._imports, *usage(tree.body).binds}

    def start_of(self, node: ast.ImportFrom) -> str:
        """Return the module that an import takes from; empty if that leads out of the package."""
        parts = self._inside.split(".") if self._inside else []
        if node.level > len(parts):
            return ""
        above = parts[: len(parts) - node.level + 1] if node.level else []
        return ".".join([*above, *([node.module] if node.module else [])])

    def path_of(self, name: str) -> str:
        """Return the dotted path that a name stands for."""
        return self._paths.get(name, f"{self._module}.{name}")

    def import_of(self, name: str) -> str:
        """Return the line that imports it elsewhere."""
        return self._imports.get(name, f"from {self._module} import {name}") + "\n"


__all__ = ["copy_in"]

"""What a flow reads from outside of its functions: which names of the module can stand for another value tomorrow.

A name of an import, a function or a class is looked up once. What a node may change while the flow runs is looked up at
each call, as the script does: a name that a function declares ``global``, an attribute of an object of the file, an
attribute of a module beside it.
"""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

from flodesk.engine.load import Loaded
from flodesk.flow.syntax import parse_tree


def changes(loaded: Loaded, name: str) -> bool:
    """Return whether a dotted name of the module may stand for something else at the next call."""
    head, _, rest = name.partition(".")
    if head not in loaded.namespace:
        return False  # built in, or nothing at all
    if head in rebound(loaded):
        return True
    value = loaded.namespace[head]
    if not rest or isinstance(value, type):
        return False
    return not isinstance(value, ModuleType) or _is_beside(value, loaded)


def rebound(loaded: Loaded) -> frozenset[str]:
    """Return the names that some function of the file declares ``global``."""
    if "global " not in loaded.text:
        return frozenset()
    if loaded.rebound is None:
        nodes = ast.walk(parse_tree(loaded.text))
        loaded.rebound = frozenset(name for node in nodes if isinstance(node, ast.Global) for name in node.names)
    return loaded.rebound


def _is_beside(module: ModuleType, loaded: Loaded) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and Path(str(file)).resolve().parent == loaded.folder

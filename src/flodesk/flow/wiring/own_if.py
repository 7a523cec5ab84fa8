"""An `if` that is added by a hand: at a value that decides, with a typed test, or with one that is still open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flodesk.flow.graph import Graph
from flodesk.flow.spec import NodeSpec, Parameter
from flodesk.flow.types import WORDS, compatible
from flodesk.flow.wiring.naming import unique
from flodesk.flow.wiring.own_python import NEW_FUNCTION, checked
from flodesk.flow.wiring.refused import Refused

IF = replace(
    NEW_FUNCTION,
    path="if",  # a word of Python itself, as that of a function
    name="if",
    title="If",
    summary="Run nodes only where a test is true (if x > 3)",
    help="Wire what is true or false to its test, and its arms to the nodes that are to run there.",
    tags=("if", "else", "elif", "branch", "switch", "condition", "conditional", "case", "structure", "decide", "test"),
    parameters=(Parameter("test", "truth", True),),
    outputs=(),
)
"""Stands in searches for an `if`; ``if tick > 3`` is the path of one whose test is typed already."""


def is_own_if(path: str) -> bool:
    """Say whether a path stands for an `if`, with a test or without."""
    return path == IF.path or path.startswith(f"{IF.path} ")


def test_of(path: str) -> str:
    """Return the test that is typed in the path of an `if`; empty if none is."""
    return path.removeprefix(IF.path).strip().removesuffix(":").strip()


def if_spec(path: str, values: Collection[str] = ()) -> tuple[NodeSpec, bool]:
    """Return what is shown of an `if` whose test was typed (``if tick > 3``), and whether it is surely meant.

    One word that nothing in the flow gives may as well be a word that is searched for (``if condition``).

    Parameters
    ----------
    values : collection of str
        The variables that the nodes of the flow give.

    Raises
    ------
    Refused
        The test cannot be read, as far as it is typed.
    """
    typed = test_of(path)
    if not typed:
        return IF, True
    text = checked(typed)
    sure = not text.isidentifier() or text in values
    return replace(IF, path=f"{IF.path} {text}", title=f"If {text}", summary="Run nodes only where this is true"), sure


def if_text(graph: Graph | None, names: set[str], path: str, source: tuple[str, ...] | None) -> str:
    """Return the statement of a new `if` with two empty arms.

    Without a typed test what is read at the `source` decides: a number by being more than nothing. Without a source
    the test is open.

    Raises
    ------
    Refused
        What is given there is neither true nor false.
    """
    typed = test_of(path)
    test = checked(typed) if typed else _decides(graph, source) or unique("test", names)
    return f"if {test}:\n    pass\nelse:\n    pass"


def _decides(graph: Graph | None, source: tuple[str, ...] | None) -> str:
    """Return the test that a value is given to; empty if there is none."""
    node = graph.nodes.get(source[0]) if graph is not None and source is not None else None
    port = next((p for p in node.outputs if source is not None and p.name == source[1]), None) if node else None
    if node is None or port is None or node.kind == "switch":
        return ""
    if not compatible(port.type, "truth"):
        raise Refused(
            f"“{node.id}” gives {WORDS[port.type]} there: an if needs what is true or false. Compare it first."
        )
    if not port.variable:
        return ""
    return f"{port.variable} > 0" if port.type in ("number", "integer") else port.variable


__all__ = ["IF", "if_spec", "if_text", "is_own_if", "test_of"]

"""Sentences about the flow in the words of its cards: a statement that a name is made up for is read on no card."""

from __future__ import annotations

import re
from collections.abc import Callable

from flodesk.flow.graph import Graph, Node
from flodesk.ui.canvas.card import title_of

_NUMBERED = r"“([^“”]+)”|(?<![\w.])(?:(\w+)\.)?((?:code|if|bind|call|import)_\d+%s)(?!\w|\.\w)"
_NAMED = re.compile(_NUMBERED % "")
"""A name that is quoted, or a number of a kind of statement, perhaps with its function: these need no quotes."""
_IN_A_TITLE = re.compile(_NUMBERED % "|(?<!the )code")
"""The same, and what was pasted as code before there was any: no title says that word otherwise."""
_MOST = 40


def in_words_of_cards(
    text: str, graph: Graph, other: Callable[[str], Graph | None] = lambda _: None, *, is_title: bool = False
) -> str:
    """Return a sentence with what the cards are called in the place of the statements that it names.

    An expression is called by what it calculates, a line that feeds a merge by the merge. Names of values stay.
    `other` gives the picture of another function, of which a sentence may speak as ``function.statement``.
    One that `is_title` of an edit is a verb and names; it is in quotes itself where it is read.
    """

    def called(found: re.Match[str]) -> str:
        function, name = found[2], found[1] or found[3]
        where = other(function) if function and function != graph.function else graph
        title = card_title(name, where) if where is not None else ""
        if not title or title == name:
            return found[0]
        return title if is_title and not found[1] else f"“{title}”"

    return (_IN_A_TITLE if is_title else _NAMED).sub(called, text)


def may_name(text: str, *, is_title: bool = False) -> bool:
    """Say whether a sentence could name statements, before anything is looked up."""
    return (_IN_A_TITLE if is_title else _NAMED).search(text) is not None


def card_title(name: str, graph: Graph) -> str:
    """Return what is read on the card of a statement, in short; empty without one, or if it is the name of a value."""
    nodes = graph.nodes.values()
    if any(port.variable == name for node in nodes for port in node.outputs):
        return ""
    node = graph.nodes.get(name) or next((node for node in nodes if name in node.statements), None)
    return short_title(node) if node is not None else ""


def short_title(node: Node) -> str:
    """Return the first line that is read on a card, cut to what a sentence can hold."""
    title = " ".join(title_of(node).split())
    return title[: _MOST - 1] + "…" if len(title) > _MOST else title


def called(node: Node) -> str:
    """Return what a sentence calls a card: its name as it is, anything longer in quotes."""
    title = short_title(node)
    return title if title == node.id else f"“{title}”"


__all__ = ["called", "card_title", "in_words_of_cards", "may_name", "short_title"]

"""Sentences about the flow in the words of its cards: a statement that a name is made up for is read on no card."""

from __future__ import annotations

import re

from flodesk.flow.graph import Graph
from flodesk.ui.canvas.card import title_of

_QUOTED = re.compile("“([^“”]+)”")
_MOST = 40


def in_words_of_cards(text: str, graph: Graph) -> str:
    """Return a sentence with what the cards are called in the place of the statements that it quotes.

    An expression is quoted by what it calculates, a line that feeds a merge by the merge. Names of values stay.
    """
    if "“" not in text:
        return text
    values = {port.variable for node in graph.nodes.values() for port in node.outputs}
    titles = {name: title_of(node) for node in graph.nodes.values() for name in (*node.statements, node.id)}

    def called(found: re.Match[str]) -> str:
        name = found[1]
        title = titles.get(name, "") if name not in values else ""
        title = " ".join(title.split())
        return f"“{title[: _MOST - 1] + '…' if len(title) > _MOST else title}”" if title else found[0]

    return _QUOTED.sub(called, text)


__all__ = ["in_words_of_cards"]

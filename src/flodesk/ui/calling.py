"""What the cards of a flow are called, for who speaks of its statements: on every canvas, also one not opened yet."""

from __future__ import annotations

from collections.abc import Callable

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Address
from flodesk.ui.canvas.card_words import card_title, in_words_of_cards, may_name


class Calling:
    """Finds the words that are read on cards.

    Parameters
    ----------
    catalog, shown : callables
        Give the node types that are known, and the function that is shown.
    """

    def __init__(self, document: Document, catalog: Callable[[], Catalog], shown: Callable[[], str]) -> None:
        self._document = document
        self._catalog = catalog
        self._shown = shown

    def card_name(self, address: str) -> str:
        """Return ``function.card`` for a statement (``function.statement``): several lines may be one card."""
        found = Address.parse(address)
        graph = self._graph(found.function)
        nodes = graph.nodes if graph is not None else {}
        return next((f"{found.function}.{key}" for key, n in nodes.items() if found.id in n.statements), address)

    def called(self, address: str) -> str:
        """Return in short what the card of a statement (``function.statement``) is called."""
        found = Address.parse(self.card_name(address))
        graph = self._graph(found.function)
        title = card_title(found.id, graph) if graph is not None else ""
        return f"“{title}”" if title and title != found.id else found.id

    def place(self, address: str) -> str:
        """Return what a list says of where a statement is: ``function.card``, or in quotes what is read on its card."""
        return self.in_words(self.card_name(address)) if address else ""

    def in_words(self, text: str, function: str = "") -> str:
        """Return a sentence about a function, by default the one that is shown, in the words of its cards."""
        graph = self._graph(function or self._shown()) if may_name(text) else None
        return in_words_of_cards(text, graph, self._graph) if graph is not None else text

    def in_title(self, title: str) -> str:
        """Return the title of an edit in these words."""
        graph = self._graph(self._shown()) if may_name(title, is_title=True) else None
        return in_words_of_cards(title, graph, self._graph, is_title=True) if graph is not None else title

    def _graph(self, function: str) -> Graph | None:
        if function not in self._document.flow.functions:
            return None
        return picture(self._document.flow, self._catalog(), function)


__all__ = ["Calling"]

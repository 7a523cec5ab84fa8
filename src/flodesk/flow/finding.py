"""Finding words in a flow: names, types, values, comments, notes, and the text of code, in every function of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, Node, picture
from flodesk.flow.model import Code, Flow, Function
from flodesk.flow.pieces import pieces
from flodesk.flow.script.writer import statement_text

Kind = Literal["node", "note", "frame", "function", "top"]


@dataclass(frozen=True, slots=True)
class Place:
    """A text that can be found, and where it stands.

    Attributes
    ----------
    function : str
        The function on whose canvas it is; empty for the top of the file.
    kind : str
        What bears it: a node, a note, a frame, a function; ``top`` for a statement at the top of the file.
    id : str
        Its id in that function; of a function its name.
    where : str
        Which of its texts: ``name``, ``type``, the name of a field, ``comment``, ``line 2`` …
    line : int
        Of a statement at the top of the file: which of its lines, from 0.
    """

    function: str
    kind: Kind
    id: str
    where: str
    text: str
    line: int = 0

    @property
    def card(self) -> tuple[str, Kind, str]:
        """What is shown and selected: several places may be on one card."""
        return self.function, self.kind, self.id


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where it was found, and from which letter to which of its text."""

    place: Place
    start: int
    end: int


class Index:
    """The texts of a flow. What did not change from one flow to the next is not looked at again."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, tuple[Place, ...]]] = {}

    def places(
        self, flow: Flow, catalog: Catalog, drawn: Callable[[str], Graph | None] = lambda _: None
    ) -> Iterator[Place]:
        """Give all texts: function by function, those that run first; then the top of the file.

        `drawn` gives the picture of a function that somebody has drawn already.
        """
        around = tuple(s for s in flow.module.statements if not isinstance(s, Function))
        order = dict.fromkeys([*flow.mains, *flow.functions])
        self._known = {name: known for name, known in self._known.items() if name in order}
        for name in order:
            function = flow.functions[name]
            key, found = self._known.get(name, (None, ()))
            now = (function, around, catalog)
            if not (isinstance(key, tuple) and all(map(_same, key, now))):
                nodes = (drawn(name) or picture(flow, catalog, name)).nodes.values()
                found = tuple(place for node in nodes for place in _of_node(node))
                self._known[name] = (now, found)
            yield Place(name, "function", name, "function", f"{name}({function.parameters})")
            yield from found
            for (kind, key_), piece in pieces(flow, name).items():
                for line in piece.text.splitlines():
                    yield Place(name, kind, key_, kind, line)
        yield from _of_top(flow)


def _same(one: object, other: object) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
    return one is other


def _of_node(node: Node) -> Iterator[Place]:
    def place(where: str, text: str) -> Place:
        return Place(node.function, "node", node.id, where, text)

    if node.kind not in ("inputs", "return"):
        yield place("name", node.id)
    if node.type:
        yield place("type", node.type if node.title in ("", node.type) else f"{node.title} ({node.type})")
    for port in node.outputs:
        if port.variable and port.variable != node.id:
            yield place("output", port.variable)
    for field in node.fields:
        if field.given:
            yield place("input" if field.wired else "field", f"{field.name} = {field.text}")
    if node.note:
        yield place("comment", node.note)
    for number, line in enumerate(node.text.splitlines() if node.kind != "inputs" else (), 1):
        yield place(f"line {number}", line.strip())


def _of_top(flow: Flow) -> Iterator[Place]:
    for statement in flow.module.statements:
        if isinstance(statement, Function):
            continue
        text = statement.text if isinstance(statement, Code) else statement.raw or statement_text(statement)
        for number, line in enumerate(text.splitlines()):
            if line.strip():
                yield Place("", "top", statement.id, "top of the file", line.strip(), number)


def pattern(text: str, case: bool = False, regular: bool = False) -> re.Pattern[str]:
    """Return what is looked for.

    Raises
    ------
    re.error
        It is no regular expression.
    """
    return re.compile(text if regular else re.escape(text), 0 if case else re.IGNORECASE)


def find(places: Iterator[Place], wanted: re.Pattern[str]) -> list[Hit]:
    """Return the first hit in each of the places, in their order."""
    found = []
    for place in places:
        match = wanted.search(place.text)
        if match is not None and match.end() > match.start():
            found.append(Hit(place, *match.span()))
    return found

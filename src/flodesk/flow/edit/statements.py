"""Edits of whole statements: put in, take out, move, replace."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flodesk.flow.edit.base import Edit, EditError, Many
from flodesk.flow.edit.header import Move, SetHeader, forget, names
from flodesk.flow.edit.tree import (
    below,
    body,
    cut,
    find,
    ids,
    indentation,
    insert,
    region_at,
    settled,
    transplant,
    with_body,
    with_statement,
    without_statement,
)
from flodesk.flow.model import Bind, Block, Call, Code, Flow, Function, Loop, Region, Statement
from flodesk.flow.script import keep_text


@dataclass(frozen=True, slots=True)
class Restore:
    """Put a function's body back as it was: the inverse of what changes many statements at once."""

    function: str
    body: Block
    title: str

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Put it back.

        Raises
        ------
        EditError
            There is no such function.
        """
        old = body(flow, self.function)
        return with_body(flow, self.function, self.body), Restore(self.function, old, self.title)


@dataclass(frozen=True, slots=True)
class AddNode:
    """Insert a statement at `index` of a region and, if `place` is given, its box on the canvas."""

    region: Region
    index: int
    statement: Statement
    place: tuple[float, float] | None = None

    @property
    def title(self) -> str:
        """In words."""
        return f"Add {self.statement.id}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Insert it.

        Raises
        ------
        EditError
            There is no such region or place in it, or an id of the statement is taken.
        """
        function = self.region.function
        taken = ids(body(flow, function))
        for inner in below(self.statement):
            if inner.id in taken:
                raise EditError(f"“{inner.id}” exists already in {f'“{function}”' if function else 'this file'}.")
        new = insert(flow, self.region, self.index, self.statement)
        new, back = _settled(flow, new, RemoveNode(function, self.statement.id, keep_header=True), function)
        if self.place is None:
            return new, back
        new, unplace = Move(function, {self.statement.id: self.place}).apply(new)
        return new, Many((unplace, back), self.title)


@dataclass(frozen=True, slots=True)
class RemoveNode:
    """Take out one statement with its body, its place and its views. Wires to it stay, and read nothing: see `wiring`.

    With `keep_header` places and views stay: as the inverse of an edit that set none.
    """

    function: str
    id: str
    keep_header: bool = False

    @property
    def title(self) -> str:
        """In words."""
        return f"Remove {self.id}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Take it out.

        Raises
        ------
        EditError
            There is no such statement.
        """
        path, statement = find(flow, self.function, self.id)
        region = region_at(self.function, body(flow, self.function), path)
        new = without_statement(flow, self.function, path)
        new, back = _settled(flow, new, AddNode(region, path[-1], statement), self.function)
        if self.keep_header:
            return new, back
        forgotten = forget(new, self.function, {inner.id for inner in below(statement)})
        if isinstance(statement, Function):
            forgotten = forget(forgotten, statement.name, ids(statement.body))
        if forgotten is new:
            return new, back
        return forgotten, Many((back, SetHeader(flow.header, back.title)), self.title)


@dataclass(frozen=True, slots=True)
class RemoveNodes:
    """Take out several statements at once, with their bodies, places and views.

    What binds a name alone goes by it: taken out one by one, the others would change their ids on the way.
    """

    function: str
    ids: tuple[str, ...]

    @property
    def title(self) -> str:
        """In words."""
        return f"Remove {names(self.ids)}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Take them out.

        Raises
        ------
        EditError
            One of them does not exist.
        """
        old = body(flow, self.function)
        wanted = set(self.ids)
        if missing := wanted - ids(old):
            raise EditError(f"There is no “{min(missing)}” in “{self.function}”: it was removed or renamed.")
        if not wanted:
            return flow, self
        gone: set[str] = set()
        new = with_body(flow, self.function, cut(old, wanted, gone))
        forgotten = forget(new, self.function, gone)
        settled_flow, _ = _settled(flow, forgotten, self, self.function)
        back: Edit = Restore(self.function, old, self.title)
        if forgotten is not new:
            back = Many((back, SetHeader(flow.header, self.title)), self.title)
        return settled_flow, back


@dataclass(frozen=True, slots=True)
class MoveNode:
    """Put a statement somewhere else in the order, or into another region of its function.

    `index` counts without the statement itself. `exact` is what is to stand there, for an inverse: the statement's text
    may change with its indentation, and the way back must find the old one.
    """

    function: str
    id: str
    region: Region
    index: int
    exact: Statement | None = None

    @property
    def title(self) -> str:
        """In words."""
        return f"Move {self.id} in the order"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Move it.

        Raises
        ------
        EditError
            There is no such statement or region, or the region is its own.
        """
        path, statement = find(flow, self.function, self.id)
        if self.region.function != self.function:
            raise EditError(f"“{self.id}” belongs to “{self.function}” and cannot move to “{self.region.function}”.")
        if any(inner.id == self.region.owner for inner in below(statement)):
            raise EditError(f"“{self.id}” cannot stand in itself.")
        old = region_at(self.function, body(flow, self.function), path)
        moved = self.exact or transplant(statement, indentation(flow, old), indentation(flow, self.region))
        new = insert(without_statement(flow, self.function, path), self.region, self.index, moved)
        return _settled(flow, new, MoveNode(self.function, self.id, old, path[-1], statement), self.function)


@dataclass(frozen=True, slots=True)
class ReplaceStatement:
    """Put another statement in the place of one; the tables of the header stay as they are."""

    function: str
    id: str
    statement: Statement
    words: str = ""

    @property
    def title(self) -> str:
        """In words."""
        return self.words or f"Change {self.id}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Replace it.

        Raises
        ------
        EditError
            There is no such statement, or an id of the new one is taken by another.
        """
        path, old = find(flow, self.function, self.id)
        new_ids = {inner.id for inner in below(self.statement)} - {inner.id for inner in below(old)}
        if new_ids and (clash := new_ids & ids(body(flow, self.function))):
            raise EditError(
                f"“{min(clash)}” exists already in {f'“{self.function}”' if self.function else 'this file'}."
            )
        new = with_statement(flow, self.function, path, self.statement)
        return _settled(flow, new, ReplaceStatement(self.function, self.statement.id, old, self.title), self.function)


@dataclass(frozen=True, slots=True)
class SetNote:
    """Write the note of a node: the comment at the end of its line, without the ``#``. Empty takes it away."""

    function: str
    id: str
    note: str

    @property
    def title(self) -> str:
        """In words."""
        return f"Write the note of {self.id}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write it.

        Raises
        ------
        EditError
            There is no such statement, or its kind has no note.
        """
        _, statement = find(flow, self.function, self.id)
        if not isinstance(statement, Call | Bind | Loop):
            raise EditError(f"“{self.id}” cannot have a note: it is no node of one line.")
        note = " ".join(self.note.split())
        if note == statement.note:
            return flow, ReplaceStatement(self.function, self.id, statement, self.title)
        new = keep_text(statement, replace(statement, note=note))
        return ReplaceStatement(self.function, self.id, new, self.title).apply(flow)


@dataclass(frozen=True, slots=True)
class SetCode:
    """Write the text of a code node. `reads` and `binds` are what its text reads and binds: see `wiring.set_code`."""

    function: str
    id: str
    text: str
    reads: tuple[str, ...] = field(default=())
    binds: tuple[str, ...] = field(default=())
    leaves: bool = False

    @property
    def title(self) -> str:
        """In words."""
        return f"Change the code of {self.id}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write it.

        Raises
        ------
        EditError
            There is no such statement, or it is no code.
        """
        _, statement = find(flow, self.function, self.id)
        if not isinstance(statement, Code):
            raise EditError(f"“{self.id}” is no code node.")
        new = replace(statement, text=self.text, reads=self.reads, binds=self.binds, leaves=self.leaves, raw=None)
        return ReplaceStatement(self.function, self.id, new, self.title).apply(flow)


def _settled(before: Flow, after: Flow, back: Edit, function: str) -> tuple[Flow, Edit]:
    """Return the flow with the ids that its text says, and an inverse that finds the old ones again."""
    old, new = body(before, function), body(after, function)
    parameters = before.functions[function].parameters if function else ""
    named = settled(new, parameters)
    if named is new:
        return after, back
    return with_body(after, function, named), Restore(function, old, back.title)

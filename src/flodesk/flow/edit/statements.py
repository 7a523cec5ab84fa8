"""Edits of whole statements: put in, take out, move, replace."""

from __future__ import annotations

from dataclasses import dataclass

from flodesk.flow.edit.base import Edit, EditError, Many
from flodesk.flow.edit.header import Move, SetHeader, forget, names, without_function
from flodesk.flow.edit.tree import (
    below,
    body,
    cut,
    find,
    ids,
    indentation,
    insert,
    names_stay,
    region_at,
    settled,
    transplant,
    with_body,
    with_statement,
    without_statement,
)
from flodesk.flow.model import Block, Flow, Function, Region, Statement


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
        new, back = settle_ids(flow, new, RemoveNode(function, self.statement.id, keep_header=True), function)
        if self.place is None:
            return new, back
        new, unplace = Move(function, {self.statement.id: self.place}).apply(new)
        return new, Many((unplace, back), self.title)


@dataclass(frozen=True, slots=True)
class AddNodes:
    """Insert several statements in a row, without places."""

    region: Region
    index: int
    statements: tuple[Statement, ...]

    @property
    def title(self) -> str:
        """In words."""
        return f"Add {names([statement.id for statement in self.statements])}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Insert them.

        Raises
        ------
        EditError
            There is no such region or place in it, or an id is taken.
        """
        function = self.region.function
        old = body(flow, function)
        taken = ids(old)
        for statement in self.statements:
            for inner in below(statement):
                if inner.id in taken:
                    raise EditError(f"“{inner.id}” exists already in {f'“{function}”' if function else 'this file'}.")
                taken.add(inner.id)
        new = insert(flow, self.region, self.index, *self.statements)
        back = Restore(function, old, self.title)
        return settle_ids(flow, new, back, function)


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
        new, back = settle_ids(flow, new, AddNode(region, path[-1], statement), self.function)
        if self.keep_header:
            return new, back
        forgotten = forget(new, self.function, {inner.id for inner in below(statement)})
        if isinstance(statement, Function):
            forgotten = without_function(forget(forgotten, statement.name, ids(statement.body)), statement.name)
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
        settled_flow, _ = settle_ids(flow, forgotten, self, self.function)
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
        return settle_ids(flow, new, MoveNode(self.function, self.id, old, path[-1], statement), self.function)


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
        return settle_ids(flow, new, ReplaceStatement(self.function, self.statement.id, old, self.title), self.function)


def settle_ids(before: Flow, after: Flow, back: Edit, function: str) -> tuple[Flow, Edit]:
    """Return the flow with the ids that its text says, and an inverse that finds the old ones again."""
    old, new = body(before, function), body(after, function)
    if names_stay(old, new):
        return after, back
    parameters = before.functions[function].parameters if function else ""
    named = settled(new, parameters)
    if named is new:
        return after, back
    return with_body(after, function, named), Restore(function, old, back.title)

"""What the statements of a function drew, each for itself, and which of it is still right after an edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from flodesk.flow.boxes import Graph, Node, Wire
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit.tree import below
from flodesk.flow.model import Bind, Call, Flow, Loop, Ref, Statement, Switch
from flodesk.flow.names import Names, Standing, binds_of, head_of
from flodesk.flow.names_after import Difference, mentioned
from flodesk.flow.pen import bound_below
from flodesk.flow.sketch import Origin, Reading
from flodesk.flow.spec import NodeSpec


@dataclass(slots=True)
class Part:
    """What one statement drew; of an ``if`` all that stands in it, of a loop its head alone.

    Attributes
    ----------
    boxes : tuple of str
        Ids of the boxes that it began.
    wires : tuple of Wire
    late : tuple of Reading
        Inputs that read what is bound further down.
    origins : tuple of (name, Origin)
        Where the variables come from that it binds, for what stands below.
    ends : tuple of str
        Those that come from nowhere any more.
    doubtful, faulty : tuple of str
        Those boxes that may read what nothing gives, and those that have a port which cannot be.
    plain : bool
        Whether it has no block of its own, and takes no variable away from what stands below.
    """

    statement: Statement
    boxes: tuple[str, ...]
    wires: tuple[Wire, ...]
    late: tuple[Reading, ...]
    origins: tuple[tuple[str, Origin], ...]
    ends: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    faulty: tuple[str, ...] = ()
    plain: bool = field(init=False)

    def __post_init__(self) -> None:
        self.plain = not isinstance(self.statement, Loop) and not self.ends


@dataclass(frozen=True, slots=True)
class Outside:
    """What the statements of a function read from outside of it."""

    function: str
    parameters: str
    specs: Mapping[str, NodeSpec]
    imports: Mapping[str, str]
    shared: tuple[Call, ...]
    """What the module's own statements make: queues, and other things that functions share."""

    @classmethod
    def of(cls, flow: Flow, catalog: Catalog, function: str) -> Outside:
        """Return those of a function."""
        own = flow.functions.get(function)
        return cls(function, own.parameters if own is not None else "", catalog.specs, flow.imports, flow.shared)

    def fit(self, other: Outside) -> bool:
        """Say whether all is the same, but for what is imported."""
        return (
            (self.function, self.parameters) == (other.function, other.parameters)
            and len(self.shared) == len(other.shared)
            and all(a is b for a, b in zip(self.shared, other.shared, strict=True))
            and (self.specs is other.specs or self.specs == other.specs)
        )

    def other_imports(self, other: Outside) -> set[str]:
        """Return the names that stand for something else there."""
        if self.imports == other.imports:
            return set()
        names = self.imports.keys() | other.imports.keys()
        return {name for name in names if self.imports.get(name) != other.imports.get(name)}


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture of a function with all that it is made of, for the next one to be made from.

    Attributes
    ----------
    parts : dict of int to Part
        By the `id()` of their statement.
    origins : dict of name to Origin
        Where each variable comes from at the end of the text.
    nodes : dict of id to Node
        As the statements alone say; `graph` has what the header says of them as well.
    """

    outside: Outside
    names: Names
    parts: Mapping[int, Part]
    origins: Mapping[str, Origin]
    nodes: Mapping[str, Node]
    graph: Graph


@dataclass(slots=True)
class Left:
    """What of a picture an edit has left as it was.

    Attributes
    ----------
    again : set of int
        The statements that have to be drawn again, by their `id()`.
    watched : dict of int to set of names
        Those that stay as they are only if these variables come from where they came from.
    """

    before: Drawn
    again: set[int] = field(default_factory=set)
    watched: dict[int, set[str]] = field(default_factory=dict)

    def unmoved(self) -> dict[int, Part]:
        """Return what the statements drew that draw the same again whatever stands above them, by their `id()`."""
        found = dict(self.before.parts)
        for key in (*self.again, *self.watched):
            found.pop(key, None)
        return found

    def part(self, statement: Statement, origins: Mapping[str, Origin]) -> Part | None:
        """Return what a statement drew before, if it would draw the same again; `origins` are those above it."""
        key = id(statement)
        part = self.before.parts.get(key) if key not in self.again else None
        if part is None or key not in self.watched:
            return part
        names, was = self.watched[key], self.before.origins
        same = all(origins.get(name) == was.get(name) for name in names)
        return part if same and all(reading.ref.name not in names for reading in part.late) else None


def left(before: Drawn, now: Outside, names: Names, difference: Difference) -> Left | None:
    """Find what an edit has left as it was; None if it is not worth it, or cannot be told."""
    was = before.outside
    if not before.parts or not was.fit(now) or len(names.places) < len(names.standings):
        return None
    if names.rebound or before.names.rebound:  # the card that holds what code carries round is drawn by several
        return None
    found = _Spreading(before.names, names, Left(before))
    changed = [*difference.came, *difference.went]
    for head in was.other_imports(now):
        changed += names.callers.get(head, ())
    return found.left if found.spread(changed, difference.names) else None


class _Spreading:
    """Goes from the statements that are others now to all that may draw something else because of them."""

    def __init__(self, before: Names, names: Names, into: Left) -> None:
        self.before = before
        self.names = names
        self.left = into
        self.other: set[str] = set()
        """Names of which anything is different: all that mention them are drawn again."""
        self.moved: set[str] = set()
        """Names that may come from somewhere else: who reads them looks where from."""
        self.queue: list[str] = []

    @cached_property
    def _switches(self) -> dict[str, Standing]:
        return {s.statement.id: s for s in self.names.standings if isinstance(s.statement, Switch)}

    def spread(self, changed: list[Standing], other: frozenset[str]) -> bool:
        """Find them; return False if feedback is among them, whose types go round in circles."""
        for name in other:
            self._differs(name)
        for standing in changed:
            self._again(standing)
            for name in mentioned(standing.statement):
                if self._is_joined(name):
                    self._differs(name)
            for name in bound_below(standing.statement):
                self._moves(name)
        for name in self.other | self.moved:
            # whether its calls are one box with an object hangs on all of them
            for standing in self._callers(name):
                for result in binds_of(standing.statement):
                    self._moves(result)
        while self.queue:
            name = self.queue.pop()
            if name in self.names.carried or name in self.before.carried:
                return False
            for standing in (*self.names.bound.get(name, ()), *self.names.readers.get(name, ()), *self._callers(name)):
                self._reached(standing, name)
        return True

    def _is_joined(self, name: str) -> bool:
        """Say whether several statements draw what a name stands for: an object with its calls, a merge."""
        return any(
            name in names.uses or any(standing.arms for standing in names.bound.get(name, ()))
            for names in (self.before, self.names)
        )

    def _callers(self, name: str) -> Sequence[Standing]:
        """Return the calls of an object of this function; not those of what is imported, which would be very many."""
        is_bound = name in self.names.bound or name in self.before.bound
        return self.names.callers.get(name, ()) if is_bound else ()

    def _differs(self, name: str) -> None:
        if name not in self.other:
            self.other.add(name)
            self.queue.append(name)

    def _moves(self, name: str) -> None:
        if name not in self.moved and name not in self.other:
            self.moved.add(name)
            self.queue.append(name)

    def _again(self, standing: Standing) -> None:
        """Draw a statement again, or the switch that it stands in."""
        if standing.arms:
            outer = self._switches.get(standing.arms[0][0])
            if outer is None:  # it has gone, and so has what stood in it
                return
            standing = outer
        key = id(standing.statement)
        if key in self.left.again:
            return
        self.left.again.add(key)
        inside = below(standing.statement) if isinstance(standing.statement, Switch) else (standing.statement,)
        for inner in inside:
            for name in binds_of(inner):
                if name in self.names.uses or name in self.before.uses:
                    self._differs(name)  # its box gets what its calls need only as they are drawn
                elif inner is not standing.statement:
                    self._moves(name)
            if (head := head_of(inner)) in self.names.bound:
                self._differs(head)  # the box of an object shows what goes into its calls

    def _reached(self, standing: Standing, name: str) -> None:
        """Follow a name to a statement that binds, reads or calls it."""
        statement = standing.statement
        several = len(self.names.bound.get(name, ())) > 1
        is_used = any(made in self.names.uses for made in binds_of(statement))  # its box has what its calls need, too
        if name in self.other or several or is_used or standing.arms or isinstance(statement, Switch | Bind):
            self._again(standing)
        else:
            self.left.watched.setdefault(id(statement), set()).add(name)
        if isinstance(statement, Bind) and isinstance(statement.value, Ref):
            self._moves(statement.name)
        head = head_of(statement)
        if head != name and head in self.names.bound:
            self._differs(head)  # if what it reads comes from somewhere else, all of the object is drawn again

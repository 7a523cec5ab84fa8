"""Which statements of a flow's functions read from and write to what the functions share."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from flodesk.engine.load import Loaded
from flodesk.engine.names import everything
from flodesk.engine.shared import Use, ends_in, scope_of
from flodesk.flow.model import Address, Block
from flodesk.public import Shared


@dataclass(frozen=True, slots=True)
class Ends:
    """What a statement reads from and writes to, by the identity of the shared object."""

    reads: frozenset[int] = frozenset()
    writes: frozenset[int] = frozenset()


@dataclass
class Shares:
    """The ends that the statements of the functions of a flow have.

    Attributes
    ----------
    objects : dict
        What is shared, with the name that it goes by.
    ends : dict
        By function and id of the statement; what has none is left out.
    """

    objects: dict[int, tuple[Shared, str]] = field(default_factory=dict)
    ends: dict[str, dict[str, Ends]] = field(default_factory=dict)

    @classmethod
    def of(cls, loaded: Loaded) -> Shares:
        """Look through the statements of every function that runs."""
        made = cls()
        space = scope_of(loaded)
        if space is None:
            return made
        for function in loaded.flow.mains:
            own = loaded.flow.functions[function].body
            lines = sorted(
                (line, s.id) for s in everything(own) if (line := loaded.lines.get(Address(function, s.id), 0))
            )
            found = made.ends.setdefault(function, {})
            for node in _pieces(space.definitions[function]):
                at = [id for line, id in lines if line <= node.lineno]
                if not at:
                    continue
                for use in ends_in(space, function, node):
                    key, before = id(use.object), found.get(at[-1], Ends())
                    made.objects[key] = use.object, use.name
                    reads = before.reads | {key} if use.readers else before.reads
                    writes = before.writes | {key} if use.writers else before.writes
                    found[at[-1]] = Ends(reads, writes)
        return made

    def read_in(self, function: str, body: Block) -> frozenset[int]:
        """Return what the statements of a block read from."""
        own = self.ends.get(function, {})
        return frozenset().union(*(own[s.id].reads for s in everything(body) if s.id in own))

    def written_in(self, function: str, body: Block) -> frozenset[int]:
        """Return what the statements of a block write to."""
        own = self.ends.get(function, {})
        return frozenset().union(*(own[s.id].writes for s in everything(body) if s.id in own))

    def writers(self, function: str, wanted: Collection[int]) -> list[str]:
        """Return the ids of the statements of a function that write to one of some objects."""
        return [id for id, ends in self.ends.get(function, {}).items() if not ends.writes.isdisjoint(wanted)]

    def uses(self, bodies: Mapping[str, Block]) -> list[Use]:
        """Return who is at which end where only this is left of the functions."""
        made = []
        for key, (shared, name) in self.objects.items():
            readers = {f for f, body in bodies.items() if key in self.read_in(f, body)}
            writers = {f for f, body in bodies.items() if key in self.written_in(f, body)}
            made.append(Use(shared, name, writers, readers))
        return made


def _pieces(node: ast.stmt) -> Iterable[ast.stmt | ast.expr]:
    """Give the statements of a function, loops and branches by their heads alone."""
    for inner in getattr(node, "body", []):
        if isinstance(inner, ast.For | ast.AsyncFor):
            yield ast.copy_location(type(inner)(inner.target, inner.iter, [ast.Pass()], []), inner)
            yield from _pieces(inner)
        elif isinstance(inner, ast.If):
            yield inner.test
            yield from _pieces(inner)
            yield from _pieces(ast.Module(inner.orelse, []))  # type: ignore[arg-type]
        else:
            yield inner

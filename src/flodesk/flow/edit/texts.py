"""Edits of what a hand writes in words: notes, and the text of code nodes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flodesk.flow.edit.base import Edit, EditError
from flodesk.flow.edit.statements import ReplaceStatement
from flodesk.flow.edit.tree import find
from flodesk.flow.model import Bind, Call, Code, Flow, Loop
from flodesk.flow.script import keep_text


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

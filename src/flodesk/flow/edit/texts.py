"""Edits of what a hand writes in words: notes, and the text of code nodes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flodesk.flow.edit.base import Edit, EditError
from flodesk.flow.edit.statements import ReplaceStatement
from flodesk.flow.edit.tree import find
from flodesk.flow.model import Bind, Call, Code, Docstring, Flow, Loop, Return
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
        if not isinstance(statement, Call | Bind | Loop | Return):
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


@dataclass(frozen=True, slots=True)
class SetDocstring:
    """Write what the module's docstring says, the description of the flow; None takes it out.

    `lead` is the text in front of the statement below; None keeps the comments at the top of the file at the top.
    """

    docstring: Docstring | None
    lead: str | None = None
    title: str = "Describe the flow"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Put it in the place of the old one, or first of all."""
        statements = flow.module.statements
        old = next((s for s in statements if isinstance(s, Docstring)), None)
        rest = [s for s in statements if s is not old]
        made, below = self.docstring, rest[0].lead if rest else ""
        lead = below if self.lead is None else self.lead
        if self.lead is None and made is not None and old is not None:
            made = replace(made, lead=old.lead, ending=old.ending)
        elif self.lead is None and made is not None:
            made, lead = replace(made, lead=below), "\n"
        elif self.lead is None and old is not None:
            lead = old.lead + below.lstrip("\r\n")
        if rest and lead != below:
            rest[0] = replace(rest[0], lead=lead)
        new = tuple(rest) if made is None else (made, *rest)
        return replace(flow, module=replace(flow.module, statements=new)), SetDocstring(old, below, self.title)

"""Edits that are found one after the other, each on the flow that the ones before it leave."""

from __future__ import annotations

from dataclasses import dataclass, field

from flodesk.flow.edit import Edit, EditError, Many
from flodesk.flow.model import Flow
from flodesk.flow.wiring.refused import Refused


@dataclass(slots=True)
class Steps:
    """A flow in the making: `do` applies an edit and keeps it."""

    flow: Flow
    edits: list[Edit] = field(default_factory=list)

    def do(self, edit: Edit | None) -> None:
        """Apply an edit (or nothing).

        Raises
        ------
        Refused
            It does not fit.
        """
        if edit is None:
            return
        try:
            new, _ = edit.apply(self.flow)
        except EditError as error:
            raise Refused(str(error)) from error
        if new is not self.flow:
            self.flow = new
            self.edits.append(edit)

    def took(self, flow: Flow, edits: list[Edit]) -> None:
        """Note down edits that are applied already."""
        self.flow = flow
        self.edits += edits

    def took_all(self, found: tuple[Flow, list[Edit]]) -> None:
        """Note down what `settle` gives."""
        self.took(found[0], list(found[1]))

    def edit(self, title: str) -> Edit:
        """Return all of them as one edit with a title; a single one that bears it is that edit."""
        if len(self.edits) == 1 and self.edits[0].title == title:
            return self.edits[0]
        return Many(tuple(self.edits), title)

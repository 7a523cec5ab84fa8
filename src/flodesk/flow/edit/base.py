"""What an edit is, and several edits as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from flodesk.flow.model import Flow


class EditError(ValueError):
    """The edit does not fit the flow; the text says what is missing and where."""


class Edit(Protocol):
    """A change. `title` is what the undo menu says, as in "Undo Connect clean"."""

    @property
    def title(self) -> str:
        """In words, starting with a verb."""

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Return the changed flow, and the edit that turns it back to this one, text included.

        Raises
        ------
        EditError
            The flow has no such statement, region, parameter ...
        """


@dataclass(frozen=True, slots=True)
class Many:
    """Several edits that are one step for the hand that made them; all of them apply, or none does."""

    edits: tuple[Edit, ...]
    title: str

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Apply them one after the other; the inverse takes them back in the opposite order.

        Raises
        ------
        EditError
            One of them does not fit; then nothing is changed, because a flow never is.
        """
        back: list[Edit] = []
        for edit in self.edits:
            flow, inverse = edit.apply(flow)
            back.append(inverse)
        return flow, Many(tuple(reversed(back)), self.title)


def each_edit(edit: Edit) -> Iterator[Edit]:
    """Give what an edit is made of, in the order in which it is done."""
    if isinstance(edit, Many):
        for inner in edit.edits:
            yield from each_edit(inner)
    else:
        yield edit

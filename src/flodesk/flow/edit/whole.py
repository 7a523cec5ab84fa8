"""The whole text at once: a file that was changed outside is read again, as one step that undo takes back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flodesk.flow.edit.base import Edit, EditError
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, read, write


@dataclass(frozen=True, slots=True)
class SetText:
    """Replace everything by another text.

    Attributes
    ----------
    flow : Flow or None
        What the text reads as, with the ids that statements without a name had: the steps before this one name them.
        It is not written as JSON; without it the text is read.
    """

    text: str
    title: str
    encoding: str = "utf-8"
    flow: Flow | None = field(default=None, compare=False, repr=False, metadata={"json": False})

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Put the text in the place of the one that there is.

        Raises
        ------
        EditError
            It is no Python.
        """
        try:
            new = self.flow or replace(read(self.text), encoding=self.encoding)
        except ScriptError as error:
            raise EditError(f"The text cannot be read: {error}") from error
        return new, SetText(write(flow), self.title, flow.encoding, flow)

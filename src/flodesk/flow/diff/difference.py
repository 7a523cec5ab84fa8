"""One difference between two flows, as a value."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from flodesk.flow.model import Address

Kind = Literal[
    "added", "removed", "renamed", "type", "parameter", "wire", "home", "order", "arm", "code", "note",
    "docstring", "import", "signature", "main",
    "place", "view", "setting",
    "text",
]  # fmt: skip
WHOLE = ("await", "map")
"""Parts of a call that concern all of it: whether it is awaited, and what it is mapped over."""
_MIRROR: dict[Kind, Kind] = {"added": "removed", "removed": "added"}


@dataclass(frozen=True, slots=True)
class Difference:
    """What is otherwise in one place of a flow. `flodesk.flow.diff.words` says it in a sentence.

    Attributes
    ----------
    kind : Kind
        ``added``, ``removed``: a statement, by its line. ``renamed``: the variable that it binds. ``type``: what it
        calls, or what kind of line it is. ``parameter``: `part` is written out, and had another value or was left
        out. ``wire``: `part` is or was fed by a variable. ``home``: the loop or arm that it stands in. ``order``: the
        statement that it stands behind. ``arm``: the test of arm number `part` of a switch. ``code``: the text of a
        code node. ``note``: the comment at the end of its line. ``signature``: the head of a function, ``main``:
        which functions are run. ``place``: on the canvas; ``view``: on the panel; ``setting``: any other entry of the
        header, `part` is its path. ``text``: comments and layout alone, `part` says which.
    was, now : Address or None
        The statement in the old flow and in the new one; None where there is none. What is no statement's has an empty
        id; the module is the function ``""``.
    part : str
        Which part of it.
    old, new : str
        As text; empty where there is nothing.
    """

    kind: Kind
    was: Address | None
    now: Address | None
    part: str = ""
    old: str = ""
    new: str = ""

    @property
    def at(self) -> Address:
        """Where it is: in the new flow, or in the old one where the new has nothing."""
        found = self.now or self.was
        assert found is not None
        return found

    def mirrored(self) -> Difference:
        """Return the same difference, seen from the other flow."""
        return Difference(_MIRROR.get(self.kind, self.kind), self.now, self.was, self.part, self.new, self.old)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, addresses as ``function.id``."""
        where = {"was": str(self.was) if self.was else None, "now": str(self.now) if self.now else None}
        return {**asdict(self), **where}

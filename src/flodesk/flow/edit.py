"""Changes of a flow as values: applying one gives the new flow and the edit that takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from flodesk.flow.model import Flow, Literal, Ref, Region, Statement, View


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
class AddNode:
    """Insert a statement at `index` of a region and, if `place` is given, its box on the canvas."""

    region: Region
    index: int
    statement: Statement
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class RemoveNode:
    """Take out one statement (with its body), with its place and views. Wires to it stay as open inputs are: see `wiring`."""

    function: str
    id: str


@dataclass(frozen=True, slots=True)
class MoveNode:
    """Put a statement somewhere else in the order, or into another region of its function."""

    function: str
    id: str
    region: Region
    index: int


@dataclass(frozen=True, slots=True)
class Connect:
    """Let an argument read a variable. `parameter` is a keyword, or ``values[2]`` for the third of ``*values``."""

    function: str
    id: str
    parameter: str
    source: Ref


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Take a wired argument out."""

    function: str
    id: str
    parameter: str


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Write a literal for a parameter, or, with None, go back to its default."""

    function: str
    id: str
    parameter: str
    value: Literal | None


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a node another id everywhere: bindings, references, canvas and panel."""

    function: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Move:
    """Put boxes of one function somewhere else on the canvas; None takes the place out."""

    function: str
    places: Mapping[str, tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class SetView:
    """Put, change or (with None) remove a view of the control panel."""

    function: str
    id: str
    view: View | None


Scalar: TypeAlias = str | int | float | bool

"""The picture of a flow: which boxes the canvas shows, their ports, and the wires between them.

`picture(flow, catalog)` derives it from the tree of statements, afresh for each flow; it is never edited. Boxes:

========== ==================================================================== =========================
kind       statements                                                           id
========== ==================================================================== =========================
call       ``clean = dsp.butterworth(noisy)``                                   ``clean``
object     ``average = RunningMean()`` with the lines that call it              ``average``
producer   ``for tick in timing.every(0.05):`` / ``for value in jobs:``         ``tick`` / ``value``
switch     ``if high:``                                                         ``if_1``
merge      ``level = ...`` in every arm (also a call that binds it in each arm) ``level``
feedback   ``total = 0.0`` before a loop and ``total = longer`` in it           ``total``
constant   ``k = 5.0`` that no loop rebinds                                     ``k``
code       a code node                                                          ``code_1``
========== ==================================================================== =========================

An object that is called once is one box: its constructor's parameters, its method's inputs and outputs. One that is
called more often has a box of its own with an output port of the object, and a box for each call, wired to it.
A module-level object (a queue) has no box in a function; the boxes that use it name it in their title.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flodesk.flow.spec import NodeSpec
from flodesk.flow.types import PortType

NodeKind = Literal["call", "object", "producer", "switch", "merge", "feedback", "constant", "code"]


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a box.

    Attributes
    ----------
    name : str
        Of an input: the parameter (``cutoff``), for ``*values`` ``values[0]``, ``values[1]`` ... and one open ``values[n]``
        at the end; of an output: empty for the whole result, else the field.
    label : str
        What is written beside it: for an unnamed output the variable that it binds.
    variable : str
        Of an output: the text that reads it in the script (``clean``, ``parts.low``). Its value is watched as
        ``function.variable``.
    statement : str
        Id of the statement whose argument (input) or binding (output) it is.
    """

    name: str
    type: PortType
    label: str
    statement: str
    variable: str = ""
    required: bool = False
    unit: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a box as the inspector shows it.

    Attributes
    ----------
    text : str
        The value now, as Python text; the default's if it is not set; empty if required and open.
    given : bool
        Written in the script, so that "back to the default" makes sense.
    wired : bool
        A wire sets it: it is a port (too).
    statement : str
        Id of the statement that carries it.
    """

    name: str
    text: str
    given: bool
    wired: bool
    statement: str


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the canvas."""

    id: str
    function: str
    kind: NodeKind
    title: str
    type: str
    spec: NodeSpec | None
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    fields: tuple[Field, ...]
    statements: tuple[str, ...]
    loops: tuple[str, ...] = ()
    """Ids of the loops it stands in, outermost first; a producer stands in its own."""
    note: str = ""
    text: str = ""
    """Of a code node: its source."""

    @property
    def address(self) -> str:
        """``function.id``, the name under which the engine, the log and the panel speak of it."""
        return f"{self.function}.{self.id}"

    @property
    def role(self) -> str:
        """The role of its type: ``control``, ``indicator``, ``producer`` ...; its kind where the type is unknown."""
        return self.spec.role if self.spec else self.kind


@dataclass(frozen=True, slots=True)
class Wire:
    """From an output port to an input port, both as (node id, port name) in one function."""

    source: tuple[str, str]
    target: tuple[str, str]
    type: PortType
    feedback: bool = False
    problem: str = ""
    """Why it cannot work, if the types say so; it is kept and drawn as broken."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The boxes and wires of one function."""

    function: str
    nodes: Mapping[str, Node]
    wires: tuple[Wire, ...]

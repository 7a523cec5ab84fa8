"""What a node type is: its ports, parameters and help, as a value that needs no import of the code behind it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from flodesk.flow.model import Symbol
from flodesk.flow.types import PortType
from flodesk.public import Role

Passing = Literal["position", "either", "keyword", "many"]
"""How Python takes a parameter; ``many`` is ``*values``."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a callable: an input port if it is required, else a field of the inspector.

    Attributes
    ----------
    default : str
        The default as Python text; empty if required.
    choices : tuple
        The values to choose from (``Literal``, ``Enum``), as Python values.
    method : str
        For a node with state or a collector: the method that takes it; ``__init__`` for the constructor's.
    widget : str
        A hint for the editor (``"slider"``, ``"file"`` ...); empty to choose by type.
    """

    name: str
    type: PortType
    required: bool
    default: str = ""
    passing: Passing = "either"
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[Any, ...] = ()
    help: str = ""
    method: str = ""
    widget: str = ""
    optional: bool = False
    """True if ``None`` is a possible value."""
    after: str = ""
    """For the widget ``"choices"``: the field that the entries follow from."""
    endings: tuple[str, ...] = ()
    """For the widget ``"save"``: endings of the names that the file may have, the usual one first."""
    loose: bool = False
    """True if type, choices and limits are what a docstring tells in words: nothing is refused because of them."""

    @property
    def takes(self) -> PortType:
        """What a wire to it has to give."""
        return "any" if self.loose else self.type


@dataclass(frozen=True, slots=True)
class Output:
    """One output: a field of a named tuple or dataclass, or the whole result, then `name` is empty."""

    name: str
    type: PortType
    unit: str = ""
    help: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A node type. `path` is the dotted path of the callable (``flodesk.nodes.dsp.butterworth``) and identifies it.

    Attributes
    ----------
    category : str
        The library's shelf: for ours the module's name.
    summary, help : str
        First line of the docstring, and all of it.
    methods : tuple of str
        For a node with state ``("__call__",)``, for a collector ``("add", "result")`` (empty otherwise).
    pure : bool
        Same inputs, same result, no effect.
    line, file : int, str
        Where the source stands (of a class: its first method).
    """

    path: str
    name: str
    title: str
    category: str
    role: Role
    parameters: tuple[Parameter, ...] = ()
    outputs: tuple[Output, ...] = ()
    methods: tuple[str, ...] = ()
    summary: str = ""
    help: str = ""
    tags: tuple[str, ...] = ()
    pure: bool = True
    file: str = ""
    line: int = 0
    extra: bool = False
    """True if it takes keywords that are not listed (``**options``)."""
    awaits: tuple[str, ...] = ()
    """Methods (``""``: the function itself) that are called with ``await``, or with ``async for`` if a producer."""
    says_pure: bool = False
    """True if it says itself that it is pure: then its calls may run at the same time as others."""
    requires: tuple[str, ...] = ()
    """Third-party packages, by the name they are imported by, that it imports when it is called."""
    code: int = 0
    """Of a type that was read from a file beside the flow: another number where what it does is another."""

    @property
    def shows(self) -> bool:
        """Whether what it gives is something to look at: an indicator, also one with state."""
        kept = self.role in ("state", "collector") and bool(self.outputs)
        return self.role == "indicator" or (kept and all(output.type == "indicator" for output in self.outputs))

    @property
    def viewed(self) -> bool:
        """Whether it has a place on the control panel: a control, what shows something, or what tells of itself."""
        return self.role == "control" or self.shows or any(output.type == "indicator" for output in self.outputs)

    def parameter(self, name: str, method: str | None = None) -> Parameter | None:
        """Return the parameter of that name, or None."""
        for parameter in self.parameters:
            if parameter.name == name and (method is None or parameter.method == method):
                return parameter
        return None

    def inputs(self, method: str) -> tuple[Parameter, ...]:
        """Return the parameters of one method (``""`` for a function)."""
        return tuple(parameter for parameter in self.parameters if parameter.method == method)

    def results(self, method: str) -> tuple[Output, ...]:
        """Return the outputs of one method (``""`` for a function)."""
        return tuple(output for output in self.outputs if output.method == method)


def to_json(spec: NodeSpec) -> dict[str, Any]:
    """Return the description as plain JSON values, for a process that must not import the code behind it."""
    data = dataclasses.asdict(spec)
    for parameter, original in zip(data["parameters"], spec.parameters, strict=True):
        parameter["choices"] = [{"name": c.text} if isinstance(c, Symbol) else c for c in original.choices]
    return data


def from_json(data: dict[str, Any]) -> NodeSpec:
    """Make the description again.

    Raises
    ------
    KeyError, TypeError
        The data is no description of a node type.
    """
    data = dict(data)
    data["parameters"] = tuple(
        Parameter(
            **{
                **item,
                "choices": tuple(Symbol(c["name"]) if isinstance(c, dict) else c for c in choices),
                "endings": tuple(item.get("endings", ())),
            }
        )
        for item in data["parameters"]
        for choices in (item["choices"],)
    )
    data["outputs"] = tuple(Output(**item) for item in data["outputs"])
    for name in ("methods", "tags", "awaits", "requires"):
        data[name] = tuple(data[name])
    return NodeSpec(**data)

"""Converters: node types that turn a value of one type into another, for a wire between two that do not fit.

Most are found in the catalog by their types: one input that takes the one, an output that gives the other, and nothing
else that has to be known. That finds the functions of the open file and of other packages, too. What says nothing
about its types (``maths.mean`` takes *anything*) stands in a table, which also says which of several comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flodesk.flow.catalog import Catalog
from flodesk.flow.packs import OURS
from flodesk.flow.spec import NodeSpec, Parameter
from flodesk.flow.types import PortType, compatible

MOST = 5
"""Converters that are offered for a wire: more than a hand wants to choose from are no help."""

_KNOWN: dict[tuple[PortType, PortType], tuple[str, ...]] = {
    ("array", "number"): ("maths.mean", "dsp.rms", "maths.element"),
    ("signal", "number"): ("maths.mean", "dsp.rms", "maths.element"),
    ("number", "integer"): ("maths.whole",),
    ("image", "number"): ("maths.mean",),
    ("image", "integer"): ("image.count_objects",),
    ("image", "table"): ("image.regions",),
    ("list", "number"): ("maths.mean", "maths.element"),
    ("table", "array"): ("table.column",),
    ("table", "signal"): ("table.column",),
    ("table", "list"): ("table.column",),
    ("table", "number"): ("table.count_rows",),
    ("table", "integer"): ("table.count_rows",),
    ("number", "list"): ("collect.List",),
    ("integer", "list"): ("collect.List",),
    ("number", "array"): ("collect.List",),
    ("integer", "array"): ("collect.List",),
    ("number", "table"): ("collect.Table",),
    ("integer", "table"): ("collect.Table",),
    ("truth", "table"): ("collect.Table",),
    ("text", "table"): ("file.read_csv",),
    ("path", "table"): ("file.read_csv",),
    ("text", "array"): ("file.read_column",),
    ("path", "array"): ("file.read_column",),
    ("number", "text"): ("text.number",),
    ("integer", "text"): ("text.number",),
    ("truth", "text"): ("text.number",),
    ("text", "number"): ("text.to_number",),
    ("text", "list"): ("text.split",),
    ("list", "text"): ("text.join",),
}
"""Nodes of ours for a pair of types, the first the most likely to be meant."""
_AWAY: frozenset[PortType] = frozenset({"table", "text"})
"""What is no stop on the way to something else: a text would be a file's name, and a table the values of all turns."""


@dataclass(frozen=True, slots=True)
class Converter:
    """A node type for a wire between two types.

    Attributes
    ----------
    spec : NodeSpec
    output : str
        The output to go on from; empty for the whole result.
    """

    spec: NodeSpec
    output: str = ""

    @property
    def words(self) -> str:
        """As the script writes it: ``maths.mean``."""
        return self.spec.path.removeprefix(f"{OURS}.")


def known(source: PortType, target: PortType) -> tuple[str, ...]:
    """Return our own nodes for a pair of types (``maths.mean``), the likeliest first, whatever else there is."""
    return () if compatible(source, target) else _KNOWN.get((source, target), ())


def converters(catalog: Catalog, source: PortType, target: PortType) -> tuple[Converter, ...]:
    """Return what turns a value of one type into another, the likeliest first; none if it may go as it is.

    Where one or two of our nodes are known for it, no others of ours are offered: types of many fit, few are meant.
    """
    if compatible(source, target):
        return ()
    paths = [f"{OURS}.{name}" for name in known(source, target)]
    found = [_made(spec, target) for path in paths if (spec := catalog.find(path)) is not None]
    taken = set(paths)
    fitting = [made for made in _fitting(catalog, source, target) if made.spec.path not in taken]
    fitting.sort(key=lambda made: (made.spec.path.startswith(f"{OURS}."), made.spec.path))
    own = [made for made in fitting if "." not in made.spec.path]  # who has written one for the purpose wants that
    meant = bool(found or chains(catalog, source, target))
    others = [made for made in fitting if made not in own and not (meant and made.spec.path.startswith(f"{OURS}."))]
    found = own + found + others
    return tuple(found[:MOST])


def chains(catalog: Catalog, source: PortType, target: PortType) -> tuple[tuple[Converter, Converter], ...]:
    """Return two of our own nodes that turn a value of one type into another one after the other; for where none does.

    Only pairs that are known to be meant are put together: by their types alone nearly everything leads everywhere.
    """
    if compatible(source, target):
        return ()
    found = []
    for (first, middle), names in _KNOWN.items():
        onward = _KNOWN.get((middle, target), ())
        if first != source or not onward or middle in _AWAY:
            continue
        one, other = (catalog.find(f"{OURS}.{name}") for name in (names[0], onward[0]))
        if one is not None and other is not None and one.role == other.role == "function":
            found.append((_made(one, middle), _made(other, target)))
    return tuple({(one.words, other.words): (one, other) for one, other in found}.values())[:MOST]


def _made(spec: NodeSpec, target: PortType) -> Converter:
    return Converter(spec, next((o.name for o in spec.outputs if o.type == target), ""))


def _fitting(catalog: Catalog, source: PortType, target: PortType) -> Iterator[Converter]:
    """Give the types that take the one and give the other, both to the letter.

    What *may* be taken is no reason to offer a type: a sine takes a whole number, and is no way from that to a signal.
    """
    for spec in catalog.specs.values():
        if spec.role != "function" or spec.path.startswith(f"{OURS}.source."):
            continue
        takes = _only_input(spec.inputs(""))
        gives = next((output for output in spec.outputs if output.type == target), None)
        if takes is not None and gives is not None and takes.type == source:
            yield Converter(spec, gives.name)


def _only_input(parameters: tuple[Parameter, ...]) -> Parameter | None:
    """Return the one input that a call needs; None if it needs none, or more than one."""
    needed = [p for p in parameters if p.required and p.passing != "many"]
    return needed[0] if len(needed) == 1 else None


__all__ = ["Converter", "chains", "converters", "known"]

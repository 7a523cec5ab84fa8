"""The functions and classes of a module as node types: read from its files."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flodesk.flow.annotation import Fields
from flodesk.flow.declared import facts_of, holds_fields, method_of, value_of
from flodesk.flow.describe import Method, Text, assemble
from flodesk.flow.described_on_disk import Stamps, stamps_of
from flodesk.flow.packages.constraints import Constraint, constraints_of_class, constraints_of_function, narrowed
from flodesk.flow.packages.contents import Contents, Imported
from flodesk.flow.packages.finding import Finder
from flodesk.flow.packages.snippets import filled
from flodesk.flow.packages.tracing import Defined, Hidden, Tracer
from flodesk.flow.spec import NodeSpec

_NO_NODES = ("Warning", "Error", "Exception", "NamedTuple", "TypedDict", "Enum", "IntEnum", "StrEnum", "tuple")
"""Bases, by the ends of their names, of classes that nobody makes by hand on a canvas."""
_KEEPS_ALL = ("staticmethod", "overload", "wraps", "lru_cache", "cache", "deprecated", "set_module", "njit", "jit")
"""Decorators after which a function takes what its text says, by the last part of their names."""


_ATTRIBUTES = ("property", "setter", "deleter")
"""Decorators of what is read, and not called, by the ends of their names."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a module.

    Attributes
    ----------
    module : str
    specs : dict of path to NodeSpec
    hidden : dict of path to NodeSpec or None
        What the module offers and no text describes: it is compiled, or made by a call. With what a stub tells of it.
        ``module.*`` stands for names that no text tells.
    stamps : dict
        Of the files that were read.
    reason : str
        Why nothing could be read; empty if all went well.
    """

    module: str
    specs: Mapping[str, NodeSpec] = field(default_factory=dict)
    hidden: Mapping[str, NodeSpec | None] = field(default_factory=dict)
    stamps: Stamps = field(default_factory=dict)
    reason: str = ""


def read_module(module: str, finder: Finder | None = None) -> Reading:
    """Describe what a module offers.

    Parameters
    ----------
    module : str
        Its dotted name.
    finder : Finder, optional
        Where it is looked for, if not where an import looks.
    """
    tracer = Tracer(finder or Finder())
    place = tracer.finder.find(module)
    if place is None:
        return Reading(module, reason=_not_found(tracer.finder, module))
    if place.text is None and place.stub is None and not place.is_package:
        return Reading(module, hidden={f"{module}.*": None})
    specs: dict[str, NodeSpec] = {}
    hidden: dict[str, NodeSpec | None] = {}
    reader = _Reader(tracer)
    for name in tracer.public(module):
        path = f"{module}.{name}"
        found = tracer.trace(module, name)
        if isinstance(found, Defined):
            try:
                spec = reader.spec(found, path)
            except (RecursionError, TypeError, ValueError):  # one that lies, or goes in circles, hides no other
                hidden[path] = None
                continue
            if spec is None:
                continue
            if found.stub and not spec.help:
                hidden[path] = spec
            else:
                specs[path] = spec
        elif isinstance(found, Hidden) and not _is_constant(found):
            hidden[path] = None
    if tracer.untold:
        hidden[f"{module}.*"] = None
    return Reading(module, specs, hidden, stamps_of(sorted(tracer.files)))


def read_methods(path: str, finder: Finder | None = None) -> dict[str, NodeSpec]:
    """Describe the methods of a class of a package by their dotted paths; nothing where no text tells of it.

    Parameters
    ----------
    path : str
        The class, as a script reaches it: ``sklearn.cluster.KMeans``.
    """
    tracer = Tracer(finder or Finder())
    module, _, name = path.rpartition(".")
    if not module or tracer.finder.find(module) is None:
        return {}
    found = tracer.trace(module, name)
    return _Reader(tracer).methods(found, path) if isinstance(found, Defined) else {}


def _not_found(finder: Finder, module: str) -> str:
    parts = module.split(".")
    for number in range(1, len(parts)):
        if finder.find(".".join(parts[:number])) is None:
            module = ".".join(parts[:number])
            break
    return f"there is no module {module}"


def _is_constant(found: Hidden) -> bool:
    """Say whether it is surely nothing that can be called: a number, a text, a table of them."""
    if found.value is None:
        return False
    value, annotation = found.value.value, found.value.annotation
    if isinstance(value, ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.Set | ast.JoinedStr | ast.BinOp):
        return True
    if isinstance(value, ast.Call) and ast.unparse(value.func).endswith(("PytestTester", "TypeVar", "getLogger")):
        return True
    if value is None and annotation is not None:
        return ast.unparse(annotation).rpartition(".")[2].partition("[")[0] in ("float", "int", "str", "bool", "Final",
                                                                                "Literal", "L")  # fmt: skip
    return False


class _Reader:
    """Makes node types of definitions; classes of named values are read once."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._fields: dict[int, dict[str, Any]] = {}

    def spec(self, found: Defined, path: str) -> NodeSpec | None:
        """Return the node type of a function or class; None if it is none (an exception, a class of named values)."""
        node, home = found.node, found.home
        category = path.rpartition(".")[0]
        if isinstance(node, ast.ClassDef):
            return self._class(found, path, category)
        known = self._named_values(home)
        method = method_of("", node, self._scope(home), known)
        doc = filled(method.doc, node, home, self._tracer) or self._set_doc(home, node.name)
        limits = constraints_of_function(node, home, self._tracer)
        method = replace(method, doc=doc)
        spec = assemble(path, category, (method,), doc, facts_of(node, self._scope(home)), line=node.lineno)
        return self._finished(spec, found, limits, strange=_is_wrapped(node))

    def _set_doc(self, home: Contents, name: str) -> str:
        """Return the docstring that a function is given afterwards: a text, or that of another one."""
        match home.docs.get(name):
            case ast.Constant(value=str(text)):
                return text
            case ast.Attribute(value=ast.Name(id=other), attr="__doc__"):
                found = self._tracer.trace(home.place.name, other)
                return (ast.get_docstring(found.node) or "") if isinstance(found, Defined) else ""
            case _:
                return ""

    def _class(self, found: Defined, path: str, category: str) -> NodeSpec | None:
        assert isinstance(found.node, ast.ClassDef)
        lineage, unknown = self._tracer.lineage(found)
        if any(name.rpartition(".")[2].endswith(_NO_NODES) for name in {*unknown, found.node.name}):
            return None
        if any(ast.unparse(base).rpartition(".")[2].startswith("Protocol") for base in found.node.bases):
            return None
        methods = self._methods(lineage)
        if not methods[0].parameters and holds_fields(found.node, self._scope(found.home)):
            methods = (replace(methods[0], parameters=self._of_fields(lineage)), *methods[1:])
        doc = filled(ast.get_docstring(found.node) or "", found.node, found.home, self._tracer)
        if not doc and methods[0].doc:
            doc = methods[0].doc
        facts = facts_of(found.node, self._scope(found.home))
        spec = assemble(path, category, methods, doc, facts, line=found.node.lineno)
        untold = bool(unknown - {"object", "Generic"}) and not any("__init__" in _defined(one) for one in lineage)
        return self._finished(spec, found, constraints_of_class(lineage, self._tracer), strange=untold)

    def methods(self, found: Defined, path: str) -> dict[str, NodeSpec]:
        """Return the node types of the methods of a class that are called by their names, inherited ones, too."""
        specs: dict[str, NodeSpec] = {}
        if not isinstance(found.node, ast.ClassDef):
            return specs
        seen: set[str] = set()
        for one in self._tracer.lineage(found)[0]:
            for name, node in _defined(one).items():
                if name in seen or name.startswith("_"):
                    continue
                seen.add(name)
                if any(ast.unparse(d).rpartition(".")[2].endswith(_ATTRIBUTES) for d in node.decorator_list):
                    continue
                made = method_of(name, node, self._scope(one.home), self._named_values(one.home))
                made = replace(made, name="", doc=filled(made.doc, node, one.home, self._tracer))
                facts = facts_of(node, self._scope(one.home))
                spec = assemble(f"{path}.{name}", path, (made,), made.doc, facts, line=node.lineno)
                # what it does to its object is nowhere said
                specs[spec.path] = replace(self._finished(spec, one, {}, strange=_is_wrapped(node)), pure=False)
        return specs

    def _methods(self, lineage: list[Defined]) -> tuple[Method, ...]:
        """Give the constructor, and what makes of the class a node with state or a collector, inherited ones too."""

        def method(name: str) -> Method | None:
            for one in lineage:
                if name in (defined := _defined(one)):
                    made = method_of(name, defined[name], self._scope(one.home), self._named_values(one.home))
                    return replace(made, doc=filled(made.doc, defined[name], one.home, self._tracer))
            return None

        init = method("__init__") or Method("__init__", (), inspect.Signature.empty, False, "")
        for names in (("__call__",), ("add", "result")):
            found = [method(name) for name in names]
            if all(one is not None for one in found):
                return (init, *(one for one in found if one is not None))
        return (init,)

    def _of_fields(self, lineage: list[Defined]) -> tuple[inspect.Parameter, ...]:
        """Give the parameters that a dataclass makes of its fields, those of its bases first."""
        found: dict[str, inspect.Parameter] = {}
        for one in reversed(lineage):
            assert isinstance(one.node, ast.ClassDef)
            if not holds_fields(one.node, self._scope(one.home)):
                continue
            known = self._named_values(one.home)
            for entry in one.node.body:
                if not isinstance(entry, ast.AnnAssign) or not isinstance(entry.target, ast.Name):
                    continue
                if ast.unparse(entry.annotation).rpartition(".")[2].startswith("ClassVar"):
                    continue
                default = inspect.Parameter.empty if entry.value is None else Text(ast.unparse(entry.value))
                found[entry.target.id] = inspect.Parameter(
                    entry.target.id,
                    inspect.Parameter.POSITIONAL_OR_KEYWORD,
                    default=default,
                    annotation=value_of(entry.annotation, self._scope(one.home), known),
                )
        return tuple(found.values())

    def _finished(self, spec: NodeSpec, found: Defined, limits: Mapping[str, Constraint], *, strange: bool) -> NodeSpec:
        place = found.home.place
        file = place.stub if found.stub else place.text
        parameters = tuple(
            narrowed(p, limits[p.name]) if p.name in limits and p.method in ("", "__init__") else p
            for p in spec.parameters
        )
        return as_foreign(replace(spec, parameters=parameters, file=str(file or ""), extra=spec.extra or strange))

    def _scope(self, home: Contents) -> Mapping[str, str]:
        return home.aliases

    def _named_values(self, home: Contents) -> dict[str, Any]:
        """Return the classes of named values of a text, for annotations that speak of them; imported ones, too."""
        key = id(home)
        if key in self._fields:
            return self._fields[key]
        known: dict[str, Any] = {}
        self._fields[key] = known
        for name, bound in list(home.names.items()):
            if isinstance(bound, ast.ClassDef) and holds_fields(bound, home.aliases):
                known[name] = Fields(
                    tuple(
                        (s.target.id, value_of(s.annotation, home.aliases, known))
                        for s in bound.body
                        if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
                    )
                )
            elif isinstance(bound, Imported) and bound.name.endswith("Result"):
                found = self._tracer.trace(bound.module, bound.name)
                if isinstance(found, Defined) and (values := self._named_values(found.home).get(bound.name)):
                    known[bound.path] = values
        return known


def as_foreign(spec: NodeSpec) -> NodeSpec:
    """Return a node type of a package that was not written for flodesk: nothing is refused because of its types."""
    parameters = tuple(replace(p, loose=p.loose or p.type != "any") for p in spec.parameters)
    head = spec.path.partition(".")[0]
    return replace(spec, parameters=parameters, requires=() if head in sys.stdlib_module_names else (head,))


def _defined(one: Defined) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    assert isinstance(one.node, ast.ClassDef)
    return {s.name: s for s in one.node.body if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef)}


def _is_wrapped(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a decorator may give the function other parameters than its text says."""
    names: Iterable[str] = (
        ast.unparse(d.func if isinstance(d, ast.Call) else d).rpartition(".")[2] for d in node.decorator_list
    )
    return any(name not in _KEEPS_ALL for name in names)


__all__ = ["Reading", "as_foreign", "read_methods", "read_module"]

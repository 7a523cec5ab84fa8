"""Rules on calls: the node type must be there, and its arguments must fit its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flodesk.flow.catalog import Catalog
from flodesk.flow.facts import Finding, Lines
from flodesk.flow.model import Call, Flow, Literal, Loop, Statement, Symbol
from flodesk.flow.names import Names
from flodesk.flow.packs import OURS
from flodesk.flow.problem import NOTHING, About, Kind, Severity, near, quoted
from flodesk.flow.slots import Slot, slots
from flodesk.flow.spec import NodeSpec, Parameter
from flodesk.flow.template_rules import check_template
from flodesk.flow.types import WORDS, PortType, of_value

_LITERALS: dict[PortType, frozenset[PortType]] = {
    "number": frozenset({"number", "integer", "truth"}),
    "integer": frozenset({"integer", "truth"}),
    "truth": frozenset({"truth", "integer"}),
    "text": frozenset({"text"}),
    "path": frozenset({"text"}),
    "instrument": frozenset({"text"}),
    "list": frozenset({"list"}),
    "array": frozenset({"list", "number", "integer"}),
    "signal": frozenset({"list"}),
    "image": frozenset({"list"}),
    "table": frozenset(),
}
"""What may be written out for an input of a type."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Checks the calls of one function.

    Attributes
    ----------
    missing : mapping of package to severity
        Packages that the file imports and that are not there.
    boxes : mapping of int to str
        The box that a statement is drawn in, by the statement's `id()`: what a message calls it.
    lines : Lines
        What is known of its statements from before.
    lacks : callable
        Says whether a package is not installed.
    """

    flow: Flow
    catalog: Catalog
    names: Names
    missing: Mapping[str, Severity]
    boxes: Mapping[int, str]
    lines: Lines
    lacks: Callable[[str], bool]
    _found: list[Finding] = field(default_factory=list)
    _meant: dict[str, str] = field(default_factory=dict)

    def check(self, call: Call | Loop) -> Sequence[Finding]:
        """Return what is wrong with a call or with the producer of a loop."""
        head, _, method = call.callee.partition(".")
        if isinstance(call, Loop) and not call.called:
            return ()
        package = ""
        if head in self.names.bound:
            made = next((s.statement for s in self.names.bound[head] if isinstance(s.statement, Call)), None)
            spec = self.catalog.find(self.flow.resolve(made.callee)) if made is not None else None
            method = method or "__call__"
            if spec is None or method not in spec.methods:
                return ()
        else:
            path = self.flow.resolve(call.callee)
            spec = self.catalog.find(path)
            if spec is None:
                return self._collected(lambda: self._unknown(call, head, path))
            package = next((package for package in spec.requires if self.lacks(package)), "")
            method = ""
        around = (spec, method, package, self.boxes.get(id(call)))
        kept = self.lines.judged(call, around)
        if kept is None:
            kept = self._collected(lambda: self._judge(call, spec, method, package))
            self.lines.keep(call, around, kept)
        return kept

    def _judge(self, call: Call | Loop, spec: NodeSpec, method: str, package: str) -> None:
        """Check a call of a known type; `method` is empty where it makes an object, or is of none."""
        if package:
            start = f"{self._box(call)} needs {quoted(package)}, which"
            self._missing(call, start, self.catalog.missing_hint(package, or_beside=False), package)
        if not method and spec.role == "producer" and isinstance(call, Call):
            self.report(
                "producer-call", call,
                f"{self._box(call)} calls the producer {quoted(spec.name)} once: it gives its values to a loop only.",
                f"Write: for {call.name or 'value'} in {call.callee}(...):",
                "warning",
            )  # fmt: skip
        self._arguments(call, spec, method or ("__init__" if spec.methods or spec.inputs("__init__") else ""))

    def _collected(self, look: Callable[[], None]) -> tuple[Finding, ...]:
        self._found.clear()
        look()
        return tuple(self._found)

    def report(
        self,
        kind: Kind,
        at: Statement | None,
        message: str,
        hint: str,
        severity: Severity = "error",
        about: About = NOTHING,
    ) -> None:
        """Take a problem down."""
        self._found.append((kind, severity, at, message, hint, about))

    def _box(self, statement: Statement) -> str:
        return quoted(self.boxes.get(id(statement), statement.id))

    # -------------------------------------------------------------- unknown types
    def _unknown(self, call: Call | Loop, head: str, path: str) -> None:
        if head not in self.flow.imports:
            return  # a builtin, a class of the file, a parameter; a name that is nothing is found with the names
        module, _, name = path.rpartition(".")
        if pack := self.catalog.pack_of(path):
            reason = next((why for place, why in self.catalog.broken.items() if place in (path, module, pack)), "")
            if reason:
                self.report(
                    "broken-pack", call,
                    f"{self._box(call)} needs {quoted(path)}, which could not be loaded: {reason}",
                    "Repair or install what it names, then start again.",
                    about=About(name=reason),
                )  # fmt: skip
                return
        if pack == OURS:
            if path not in self._meant:
                self._meant[path] = self.catalog.suggest(path)
            meant = self._meant[path]
            what = f"{module} has no {quoted(name)}" if self.catalog.has_module(module) else f"there is no {module}"
            self.report(
                "unknown-node", call,
                f"{self._box(call)}: {what}.",
                f"Did you mean {meant.removeprefix(OURS + '.')}?" if meant else "Look for it in the library.",
                about=About(name=path, meant=meant),
            )  # fmt: skip
        elif (package := path.partition(".")[0]) in self.missing:
            start = f"{self._box(call)} calls {path}, but {quoted(package)}"
            self._missing(call, start, self.catalog.missing_hint(package), package, self.missing[package])

    def _missing(self, call: Statement, start: str, hint: str, package: str, severity: Severity = "error") -> None:
        about = About(name=package)
        self.report("missing-package", call, f"{start} is not installed.", hint, severity, about)

    # -------------------------------------------------------------- arguments
    def _arguments(self, call: Call | Loop, spec: NodeSpec, method: str) -> None:
        parameters = spec.inputs(method)
        known = {parameter.name for parameter in parameters}
        given = slots(call.arguments, parameters)
        for slot in given:
            if slot.parameter is None:
                if not spec.extra:
                    self._surplus(call, spec, slot, parameters, known)
            elif slot.argument is None:
                self._open(call, spec, slot, slot.parameter)
            elif isinstance(slot.argument.value, Literal) and slot.argument.each is None:
                literal = slot.argument.value
                if not check_template(call, self._box(call), slot, literal, spec, given, self.report):
                    self._literal(call, slot, slot.parameter, literal)
            elif slot.argument.each is not None and slot.argument.value == Literal("[]"):
                self.report(
                    "open-input", call,
                    f"{self._box(call)} runs for each item of {quoted(slot.name)}, and nothing comes there.",
                    f"Wire a list to {quoted(slot.name)}.", "warning", About(port=slot.name),
                )  # fmt: skip

    def _surplus(
        self, call: Call | Loop, spec: NodeSpec, slot: Slot, parameters: tuple[Parameter, ...], known: set[str]
    ) -> None:
        argument = slot.argument
        assert argument is not None
        if not argument.keyword:
            most = sum(parameter.passing != "keyword" for parameter in parameters)
            given = sum(not other.keyword for other in call.arguments)
            if slot.name == f"args[{most}]":
                self.report(
                    "too-many", call,
                    f"{self._box(call)} passes {given} values by position; {spec.name} takes {most or 'none'}.",
                    f"Take out {argument.value.text}, or pass it by name.",
                    about=About(port=slot.name),
                )  # fmt: skip
        elif argument.keyword in known:
            self.report(
                "twice", call,
                f"{self._box(call)} sets {quoted(argument.keyword)} twice, by position and by name.",
                f"Take out {argument.keyword}={argument.value.text}.",
                about=About(port=argument.keyword),
            )  # fmt: skip
        else:
            names = ", ".join(sorted(known)) or "nothing"
            meant = near(argument.keyword, known)
            self.report(
                "keyword", call,
                f"{self._box(call)}: {spec.name} has no parameter {quoted(argument.keyword)}.",
                f"Did you mean {quoted(meant)}?" if meant else f"It takes: {names}.",
                about=About(port=argument.keyword, meant=meant),
            )  # fmt: skip

    def _open(self, call: Call | Loop, spec: NodeSpec, slot: Slot, parameter: Parameter) -> None:
        many = parameter.passing == "many" and slot.name.endswith("[0]")
        if parameter.required or (many and not any(p.required for p in spec.inputs(parameter.method))):
            name, needs = parameter.name, WORDS[parameter.type]
            self.report(
                "open-input", call,
                f"The input {quoted(name)} of {self._box(call)} is open: {spec.name} needs {needs} there.",
                f"Wire a node to {quoted(name)}" + (", or write a value." if writable(parameter) else "."),
                about=About(port=slot.name),
            )  # fmt: skip

        elif many and spec.shows:
            self.report(
                "open-input", call,
                f"The input {quoted(parameter.name)} of {self._box(call)} is open: it shows nothing.",
                f"Wire {WORDS[parameter.type]} to {quoted(parameter.name)}.",
                "warning",
                About(port=slot.name),
            )  # fmt: skip

    def _literal(self, call: Call | Loop, slot: Slot, parameter: Parameter, literal: Literal) -> None:
        value = literal.value
        if isinstance(value, Symbol) or (value is None and (parameter.optional or parameter.type == "any")):
            return
        where = f"{quoted(slot.name)} of {self._box(call)}"
        if parameter.choices:
            if value not in parameter.choices:
                entries = ", ".join(_written(choice) for choice in parameter.choices)
                self.report(
                    "choice", call, f"{where} is {literal.text}, which is no choice.", f"Choose one of: {entries}.",
                    _weight(parameter),
                    About(port=slot.name),
                )  # fmt: skip
            return
        kind = of_value(value)
        if parameter.type not in ("any", kind) and kind not in _LITERALS.get(parameter.type, frozenset()):
            self.report(
                "literal", call,
                f"{where} is {literal.text}, {WORDS[kind]}; it takes {WORDS[parameter.type]}.",
                _example(parameter),
                _weight(parameter),
                About(port=slot.name),
            )  # fmt: skip
            return
        self._range(call, where, slot, parameter, literal.text, value)

    def _range(self, call: Call | Loop, where: str, slot: Slot, parameter: Parameter, text: str, value: Any) -> None:
        if not isinstance(value, int | float):
            return
        unit = f" {parameter.unit}" if parameter.unit else ""
        if parameter.minimum is not None and value < parameter.minimum:
            self.report(
                "range", call,
                f"{where} is {text}{unit}; the least it can be is {parameter.minimum:g}{unit}.",
                f"Write {parameter.minimum:g} or more.",
                _weight(parameter),
                About(port=slot.name),
            )  # fmt: skip
        elif parameter.maximum is not None and value > parameter.maximum:
            self.report(
                "range", call,
                f"{where} is {text}{unit}; the most it can be is {parameter.maximum:g}{unit}.",
                f"Write {parameter.maximum:g} or less.",
                _weight(parameter),
                About(port=slot.name),
            )  # fmt: skip


def writable(parameter: Parameter) -> bool:
    """Say whether a value for a parameter can be written out by hand."""
    return bool(_LITERALS.get(parameter.type)) and parameter.type not in ("signal", "image", "array")


def _weight(parameter: Parameter) -> Severity:
    """Say how heavy it weighs that a value does not suit: what a docstring lists is seldom all that is possible."""
    return "warning" if parameter.loose else "error"


def _written(choice: Any) -> str:
    return choice.text if isinstance(choice, Symbol) else repr(choice)


def _example(parameter: Parameter) -> str:
    if parameter.type in ("text", "path", "instrument"):
        return "Put it into quotation marks."
    if parameter.type == "integer":
        return "Write it without a decimal point."
    if writable(parameter):
        return f"Write {WORDS[parameter.type]}."
    return f"Wire {WORDS[parameter.type]} to it."

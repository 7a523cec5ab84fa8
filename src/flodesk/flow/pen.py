"""Draws the boxes and wires of one statement after the other (`flow.drawing` walks over a function with it)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from flodesk.flow.boxes import Field, NodeKind, Port
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit.tree import below
from flodesk.flow.ends import settings_of, shared_by
from flodesk.flow.formulas import kind_of_formula
from flodesk.flow.function_ends import draw_return
from flodesk.flow.jumps import TITLES, ends_elsewhere, jump_of
from flodesk.flow.mapping import items_given, outputs_of_items, spec_of_items
from flodesk.flow.model import (
    Address,
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Expression,
    Flow,
    Literal,
    Loop,
    Ref,
    Return,
    Statement,
    Switch,
)
from flodesk.flow.names import Arms, Names, arm_label, binds_of
from flodesk.flow.python_types import is_hidden, python_type
from flodesk.flow.sketch import Box, Origin, Reading, Sketch
from flodesk.flow.spec import NodeSpec, Output
from flodesk.flow.types import PortType, common, of_value

_ANY = (Output("", "any"),)


class Pen:
    """Draws statements into a sketch, one after the other, in the order of the text.

    Attributes
    ----------
    names : Names
        What each name of the function stands for.
    sketch : Sketch
        What is drawn so far.
    starts : dict of box to PortType
        What the first iteration gets of what feedback holds.
    carried : dict of box to PortType
        What any iteration gets, as far as that is known from a walk before.
    """

    def __init__(self, flow: Flow, catalog: Catalog, function: str, names: Names) -> None:
        self._flow = flow
        self._catalog = catalog
        self._function = function
        self.names = names
        self._python: dict[str, NodeSpec | None] = {}
        self.sketch = Sketch(names)
        self.starts: dict[str, PortType] = {}
        self.carried: dict[str, PortType] = {}

    def draw(self, statement: Statement, loops: tuple[str, ...], arms: Arms) -> None:
        """Draw a statement: of a loop its head only, of a switch all that stands in it."""
        match statement:
            case Call():
                self._call(statement, loops, arms)
            case Bind():
                self._bind(statement, loops, arms)
            case Loop():
                self._loop(statement, (*loops, statement.id), arms)
            case Switch():
                self._switch(statement, loops, arms)
            case Code():
                self._code(statement, loops, arms)
            case Return():
                draw_return(self.sketch, statement)
            case _:
                pass

    def _draw_block(self, block: Block, loops: tuple[str, ...], arms: Arms) -> None:
        for statement in block.statements:
            self.draw(statement, loops, arms)
            if isinstance(statement, Loop):
                self._draw_block(statement.body, (*loops, statement.id), arms)

    def _call(self, call: Call, loops: tuple[str, ...], arms: Arms) -> None:
        head, _, method = call.callee.partition(".")
        if head in self.names.bound and head in self.names.uses:
            self._method_call(call, head, method or "__call__", loops, arms)
            return
        end = self._catalog.find(call.callee) if self._function and head in self._shared else None
        if not self._function or head not in self._shared or end is not None:
            path = self._flow.resolve(call.callee)
            spec = end or self._catalog.find(path) or self._of_python(call.callee)
            makes = call.name in self.names.uses or (spec is not None and spec.methods)
            if makes and call.mapped is None:
                self._object(call, path, spec, loops, arms)
                return
            title = spec.title if spec else call.callee
            box = Box(call.id, "call", title, path, spec_of_items(call, spec), loops=loops, arms=arms)
            outputs: Iterable[Output] = spec.outputs if spec else _ANY
            method = "__init__" if makes and spec and spec.inputs("__init__") else ""
        else:
            # A queue, or another object that several functions share: it has no box here.
            path, spec = self._shared[head]
            method = method or "__call__"
            box = Box(call.id, "call", call.callee, f"{path}.{method}", spec, loops=loops, arms=arms)
            outputs = spec.results(method) if spec and method in spec.methods else _ANY
        self.sketch.add(box, call)
        self.sketch.arguments(box, call, spec, method)
        self._set_where_made(box, end)
        self.sketch.results(box, call.name, call.id, outputs_of_items(call, outputs), items_given(call, outputs))
        if call.name in self.names.carried:
            self._feedback(call.name, None, loops, arms)

    def _object(self, call: Call, path: str, spec: NodeSpec | None, loops: tuple[str, ...], arms: Arms) -> None:
        """Draw the line that makes an object; if it is one box with its calls they add to it later."""
        box = Box(call.id, "object", spec.title if spec else call.callee, path, spec, loops=loops, arms=arms)
        self.sketch.add(box, call)
        method = "__init__" if spec and (spec.methods or spec.inputs("__init__")) else ""
        self.sketch.arguments(box, call, spec, method, required=False)
        if not self.names.is_merged(call.name):
            self.sketch.results(box, call.name, call.id, _ANY)

    def _method_call(self, call: Call, head: str, method: str, loops: tuple[str, ...], arms: Arms) -> None:
        made = next((s.statement for s in self.names.bound[head] if isinstance(s.statement, Call)), None)
        path = self._flow.resolve(made.callee) if made else head
        spec = self._catalog.find(path) if made else None
        known = spec is not None and method in spec.methods
        own = None if known or not made else self._catalog.find(f"{path}.{method}")
        outputs: Iterable[Output] = own.outputs if own else spec.results(method) if spec and known else _ANY
        if made is not None and made.id in self.sketch.boxes and self.names.is_merged(head):
            box = self.sketch.opened(made.id)
            # It stands where its inputs do; the line that reads a collector does not move it out of the loop.
            if len(loops) >= len(box.loops):
                box.loops, box.arms = loops, arms
            box.statements.append(call.id)
            box.note = box.note or call.note
        else:
            title = spec.title if spec else head
            named = title if method == "__call__" else f"{title}: {method}"
            box = Box(call.id, "call", named, f"{path}.{method}" if method != "__call__" else path, own or spec)
            box.loops, box.arms = loops, arms
            self.sketch.add(box, call)
            box.inputs["object"] = Port("object", "any", head, call.id, required=True)
            self.sketch.read(Ref(head), box.id, "object", "any")
        self.sketch.arguments(box, call, own or (spec if known else None), "" if own else method)
        given = outputs_of_items(call, outputs) if call.name else ()
        self.sketch.results(box, call.name, call.id, given, items_given(call, outputs))

    def _bind(self, bind: Bind, loops: tuple[str, ...], arms: Arms) -> None:
        name, value = bind.name, bind.value
        carried = self.names.carried.get(name, ())
        if any(standing.statement is bind for standing in carried):
            self._next(bind)
        elif carried:
            self._feedback(name, bind, loops, arms)
        elif isinstance(value, Ref) or (arms and (len(self.names.bound[name]) > 1 or self._is_read_outside(name))):
            # In an arm it feeds a merge, which the switch draws. Elsewhere `b = a` is kept without a box.
            self._alias(bind)
        else:
            box = Box(bind.id, "constant", "Constant", loops=loops, arms=arms, statements=[bind.id], note=bind.note)
            self.sketch.put(box)
            box.fields.append(Field("value", value.text, True, False, bind.id))
            self.sketch.results(box, name, bind.id, (Output("", of_value(value.value)),))

    def _is_read_outside(self, name: str) -> bool:
        """Say whether a name is bound in an arm and read, or called, outside of it."""
        inside = {standing.arms for standing in self.names.bound.get(name, ()) if standing.arms}
        readers = (*self.names.readers.get(name, ()), *self.names.callers.get(name, ())) if inside else ()
        return any(standing.arms[: len(arms)] != arms for standing in readers for arms in inside)

    def _alias(self, bind: Bind) -> None:
        if isinstance(bind.value, Ref):
            origin = self.sketch.origins.get(bind.value.name)
            if origin is None:
                self.sketch.origins.pop(bind.name, None)
            elif bind.value.field:
                ports = {"": origin.ports.get(bind.value.field, "any")}
                self.sketch.origins[bind.name] = Origin(origin.node, ports, origin.port or bind.value.field)
            else:
                self.sketch.origins[bind.name] = origin
        else:
            self.sketch.origins.pop(bind.name, None)

    def _loop(self, loop: Loop, loops: tuple[str, ...], arms: Arms) -> None:
        head, _, method = loop.callee.partition(".")
        path = self._flow.resolve(loop.callee)
        variable = self.names.is_variable(head)
        end = None if loop.called or variable else self._catalog.find(loop.callee)
        spec = end
        if loop.called and not variable:
            spec = self._catalog.find(path) or self._of_python(loop.callee)
        box = Box(loop.id, "producer", spec.title if spec else loop.callee, path, spec, loops=loops, arms=arms)
        self.sketch.add(box, loop)
        if variable:
            kind: PortType = "any" if loop.called else "list"
            port = "object" if loop.called else "values"
            box.inputs[port] = Port(port, kind, loop.callee, loop.id, required=True)
            self.sketch.read(Ref(head, "" if loop.called else method), box.id, port, kind)
        self.sketch.arguments(box, loop, spec, "__init__" if spec and spec.inputs("__init__") else "")
        self._set_where_made(box, end)
        given = spec.outputs if spec else ()
        if len(loop.targets) == 1:
            self.sketch.results(box, loop.targets[0], loop.id, given or _ANY)
        else:
            for number, target in enumerate(loop.targets):
                kind = given[number].type if len(given) == len(loop.targets) else "any"
                unit = given[number].unit if len(given) == len(loop.targets) else ""
                box.outputs.append(Port(target, kind, target, loop.id, target, unit=unit))
                self.sketch.origins[target] = Origin(box.id, {"": kind}, target)
        for name in self.names.rebound_in(loop.id):
            self._carry(name, loop.id, loops[:-1], arms)

    def _carry(self, name: str, loop: str, loops: tuple[str, ...], arms: Arms) -> None:
        """Draw the box that holds what code in a loop binds anew, from one turn to the next."""
        box = Box(carried_id(name, loop), "feedback", "Feedback", loops=loops, arms=arms)
        code = [standing.statement.id for standing, owner in self.names.rebound[name] if owner == loop]
        origin = self.sketch.origins.get(name)
        kind = self.starts[box.id] = origin.ports.get("", "any") if origin is not None else "any"
        kind = self.carried.get(box.id, kind)
        box.inputs["start"] = Port("start", kind, "start", code[0], required=True)
        for number, statement in enumerate(code):
            port = f"next[{number}]" if number else "next"
            box.inputs[port] = Port(port, kind, "next", statement, required=True)
        if origin is not None:
            self.sketch.wire(origin, Reading(Ref(name), box.id, "start", kind))
        self.sketch.put(box)
        self.sketch.results(box, name, code[0], (Output("", kind),))

    def _hand_on(self, name: str, code: Code) -> None:
        """Wire what code binds anew to the box that holds it for the next turn."""
        owner = next((loop for standing, loop in self.names.rebound[name] if standing.statement is code), "")
        held = self.sketch.boxes.get(carried_id(name, owner)) if owner else None
        if isinstance(held, Box):
            port = next(p.name for p in held.inputs.values() if p.statement == code.id and p.name != "start")
            self.sketch.wire(self.sketch.origins[name], Reading(Ref(name), held.id, port, "any", feedback=True))

    def _code(self, code: Code, loops: tuple[str, ...], arms: Arms) -> None:
        first = next((line.strip() for line in code.text.split("\n") if line.strip()), "")
        jump = jump_of(code)
        kind: NodeKind = "code" if jump is None else "jump"
        title = first if jump is None else " · ".join([TITLES[jump], *self._way_to(arms)])
        box = Box(code.id, kind, title, loops=loops, arms=arms, statements=[code.id], text=code.text)
        self.sketch.put(box)
        for name in code.reads:
            if self.names.is_variable(name):
                box.inputs[name] = Port(name, "any", name, code.id, required=True)
                self.sketch.read(Ref(name), box.id, name, "any")
        kind_given: PortType = "any"
        if len(code.binds) == 1:
            origins = self.sketch.origins
            known = {name: origins[name].ports.get("", "any") for name in code.reads if name in origins}
            kind_given = kind_of_formula(code.text, known)
        for name in code.binds:
            box.outputs.append(Port(name, kind_given, name, code.id, name))
            self.sketch.origins[name] = Origin(box.id, {"": kind_given}, name)
            if name in self.names.rebound:
                self._hand_on(name, code)

    def _way_to(self, arms: Arms) -> list[str]:
        """Return the test of the innermost arm, if there is one."""
        if not arms:
            return []
        switch, number = arms[-1]
        found, _ = self._flow.index[Address(self._function, switch)]
        return [arm_label(found, number)] if isinstance(found, Switch) else []

    # -------------------------------------------------------------- switches, merges, feedback
    def _switch(self, switch: Switch, loops: tuple[str, ...], arms: Arms) -> None:
        box = Box(switch.id, "switch", "If", loops=loops, arms=arms, statements=[switch.id])
        self.sketch.put(box)
        first = switch.arms[0].test
        box.title = f"If {first.text}" if first is not None and len(switch.arms) < 3 else "If"
        box.text = "\n".join(arm.test.text for arm in switch.arms if arm.test is not None)
        for number, arm in enumerate(switch.arms):
            self._test(box, arm, number, arm_label(switch, number))
            box.outputs.append(Port(f"arm[{number}]", "truth", arm_label(switch, number), switch.id))
        before = dict(self.sketch.origins)
        after: list[dict[str, Origin]] = []
        for number, arm in enumerate(switch.arms):
            self.sketch.origins = dict(before)
            self._draw_block(arm.body, loops, (*arms, (switch.id, number)))
            after.append(self.sketch.origins)
        self.sketch.origins = dict(before)
        here = [(*arms, (switch.id, number)) for number in range(len(switch.arms))]
        for name in dict.fromkeys(bound_below(switch)):
            self._join(switch, name, before, after, here, loops, arms)

    def _test(self, box: Box, arm: Arm, number: int, label: str) -> None:
        match arm.test:
            case Ref() as ref:
                port = f"test[{number}]"
                box.inputs[port] = Port(port, "truth", label, box.id, required=True)
                box.fields.append(Field(port, ref.text, True, True, box.id))
                self.sketch.read(ref, box.id, port, "truth")
            case Expression(text=text, reads=reads):
                box.fields.append(Field(f"test[{number}]", text, True, False, box.id))
                for name in reads:
                    if self.names.is_variable(name) and name not in box.inputs:
                        box.inputs[name] = Port(name, "any", name, box.id, required=True)
                        self.sketch.read(Ref(name), box.id, name, "any")
            case None:
                pass

    def _join(
        self, switch: Switch, name: str, before: dict[str, Origin], after: list[dict[str, Origin]],
        here: list[Arms], loops: tuple[str, ...], arms: Arms,
    ) -> None:  # fmt: skip
        """Let a name that arms bind go on below: by a merge, or as it is if one arm alone has a node for it."""
        depth = len(here[0])
        inside = [s for s in self.names.bound[name] if s.arms[:depth] in here]
        if name in self.names.carried and any(s in self.names.carried[name] for s in inside):
            return
        binding = {s.arms[:depth] for s in inside}
        by_line = any(isinstance(s.statement, Bind) for s in inside)
        if not self._is_read_outside(name) and not (by_line and len(binding) > 1):
            return
        if not by_line and len(binding) == 1 and name not in before:
            self.sketch.origins.update((name, env[name]) for env in after if name in env)
            return
        nested = [env.get(name) for env in after]
        taken = self.sketch.boxes.get(name)
        nests = taken is not None and taken.kind == "merge" and taken.arms[:depth] in here
        own = name if taken is None or nests else f"{name}_{switch.id}"
        box = Box(own, "merge", "Merge", loops=loops, arms=arms)
        kinds: set[PortType] = set()
        for number, origin in enumerate(nested):
            port, label = f"arm[{number}]", arm_label(switch, number)
            part = next((s.statement for s in reversed(inside) if s.arms[:depth] == here[number]), None)
            if part is None and ends_elsewhere(switch.arms[number].body):
                continue  # what stands below is not reached from there: it owes no value
            inner = taken if nests and origin is not None and origin.node == own else None
            if isinstance(inner, Box) and inner.arms[:depth] == here[number]:
                self._take_in(box, inner, port)
                kinds.update(inner_port.type for inner_port in inner.outputs)
                continue
            box.inputs[port] = Port(port, "any", label, part.id if part else switch.id, required=True)
            if part is not None:
                box.statements.append(part.id)
            if isinstance(part, Bind) and isinstance(part.value, Literal):
                box.fields.append(Field(port, part.value.text, True, False, part.id))
                kinds.add(of_value(part.value.value))
                continue
            if isinstance(part, Bind):
                box.fields.append(Field(port, part.value.text, True, True, part.id))
            if origin is not None:
                kinds.add(origin.ports.get("", "any"))
                self.sketch.wire(origin, Reading(Ref(name), own, port, "any"))
        if len(switch.arms) == 1 or switch.arms[-1].test is not None:
            # Without an `else` the value from before goes on, if there is one.
            port = f"arm[{len(switch.arms)}]"
            box.inputs[port] = Port(port, "any", "else", switch.id, required=True)
            if name in before:
                kinds.add(before[name].ports.get("", "any"))
                self.sketch.wire(before[name], Reading(Ref(name), own, port, "any"))
        if nests:
            self.sketch.boxes.pop(own)
        self.sketch.put(box)
        at = box.statements[0] if box.statements else switch.id
        self.sketch.results(box, name, at, (Output("", common(kinds)),))

    def _take_in(self, box: Box, inner: Box, prefix: str) -> None:
        """Let a merge of an inner switch become part of that of the outer one: both are of one name."""
        for port in inner.inputs.values():
            box.inputs[f"{prefix}.{port.name}"] = replace(port, name=f"{prefix}.{port.name}")
        box.fields += [replace(entry, name=f"{prefix}.{entry.name}") for entry in inner.fields]
        box.statements += inner.statements
        self.sketch.wires = [
            replace(wire, target=(box.id, f"{prefix}.{wire.target[1]}")) if wire.target[0] == inner.id else wire
            for wire in self.sketch.wires
        ]

    def _feedback(self, name: str, start: Bind | None, loops: tuple[str, ...], arms: Arms) -> None:
        """Draw the box that holds a value from one iteration to the next."""
        carried = [s.statement for s in self.names.carried[name]]
        first = start.id if start else carried[0].id
        own = name if name not in self.sketch.boxes else first
        box = Box(own, "feedback", "Feedback", loops=loops, arms=arms)
        kind: PortType = "any"
        if start is not None:
            box.statements.append(start.id)
            box.note = start.note
            box.fields.append(Field("start", start.value.text, True, isinstance(start.value, Ref), start.id))
            if isinstance(start.value, Literal):
                kind = of_value(start.value.value)
                kind = "any" if kind == "none" else kind
        box.inputs["start"] = Port("start", kind, "start", first, required=True)
        source = start.value if start is not None and isinstance(start.value, Ref) else Ref(name)
        if start is None or isinstance(start.value, Ref):
            origin = self.sketch.origins.get(source.name)
            kind = origin.ports.get(source.field, "any") if origin else kind
            box.inputs["start"] = replace(box.inputs["start"], type=kind)
            if origin is not None:
                self.sketch.wire(origin, Reading(source, own, "start", kind))
        self.starts[own] = kind
        kind = self.carried.get(own, kind)
        for number, statement in enumerate(carried):
            port = "next" if number == 0 else f"next[{number}]"
            box.inputs[port] = Port(port, kind, "next", statement.id, required=True)
            box.statements.append(statement.id)
        self.sketch.put(box)
        self.sketch.results(box, name, first, (Output("", kind),))

    def kind_of_feedback(self, own: str) -> PortType:
        """Return what any iteration may get: a value of which nothing is known may be what the start is."""
        first = self.starts[own]
        later = [w.type for w in self.sketch.wires if w.target[0] == own and w.target[1] != "start"]
        later += [of_value(value) for value in self._literals_of(own)]
        if "any" in later:
            return "any" if first == "integer" else first
        return common([first, *later])

    def _literals_of(self, own: str) -> list[object]:
        ids = set(self.sketch.opened(own).statements)
        binds = [s.statement for found in self.names.carried.values() for s in found if s.statement.id in ids]
        return [b.value.value for b in binds if isinstance(b, Bind) and isinstance(b.value, Literal)]

    def _next(self, bind: Bind) -> None:
        """Wire what the next iteration gets."""
        held = self.sketch.origins.get(bind.name)
        known = self.sketch.boxes.get(held.node) if held else None
        if held is None or known is None or known.kind != "feedback":
            # The start value came from code or from outside of the function.
            self._feedback(bind.name, None, (), ())
            held = self.sketch.origins[bind.name]
        box = self.sketch.opened(held.node)
        port = next((p for p in box.inputs.values() if p.statement == bind.id and p.name != "start"), None)
        if port is None:
            return
        if isinstance(bind.value, Literal):
            box.fields.append(Field(port.name, bind.value.text, True, False, bind.id))
            return
        box.fields.append(Field(port.name, bind.value.text, True, True, bind.id))
        self.sketch.read(bind.value, box.id, port.name, "any", feedback=True)

    def _set_where_made(self, box: Box, end: NodeSpec | None) -> None:
        """Show at each end of a queue how it was made."""
        made = shared_by(self._flow, end)
        if made is not None and end is not None:
            box.fields += settings_of(made, end)

    def _of_python(self, callee: str) -> NodeSpec | None:
        """Return the type of what Python itself has, unless the function or the file means something else by it."""
        if callee not in self._python:
            known = None if self.names.is_variable(callee) else python_type(callee)
            self._python[callee] = None if known is None or is_hidden(self._flow, callee) else known
        return self._python[callee]

    # -------------------------------------------------------------- ports and wires
    @cached_property
    def _shared(self) -> dict[str, tuple[str, NodeSpec | None]]:
        """Objects of the module: the path of each one's type, and the type if it is known."""
        found = {}
        for statement in self._flow.shared:
            if statement.name:
                path = self._flow.resolve(statement.callee)
                found[statement.name] = (path, self._catalog.find(path))
        return found


def carried_id(name: str, loop: str) -> str:
    """Return the id of the box that holds what code in a loop binds anew; no statement has such a one."""
    return f"{name}~{loop}"


def bound_below(statement: Statement) -> Iterator[str]:
    """Give the names that a statement binds, and all that stand in it, in the order of the text."""
    for inner in below(statement):
        yield from binds_of(inner)

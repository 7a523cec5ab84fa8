"""Draws the boxes and wires of one function: a walk over its statements in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from flodesk.flow.boxes import Field, Graph, NodeKind, Port
from flodesk.flow.catalog import Catalog
from flodesk.flow.detached import beside_marked, branches
from flodesk.flow.ends import settings_of, shared_by
from flodesk.flow.function_ends import draw_inputs, draw_return, is_open_end
from flodesk.flow.jumps import TITLES, ends_elsewhere, jump_of
from flodesk.flow.lost import with_lost
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
    Switch,
)
from flodesk.flow.names import Arms, arm_label, block_of, names_of, names_read
from flodesk.flow.pins import with_pins
from flodesk.flow.place_rules import places
from flodesk.flow.sketch import Box, Origin, Reading, Sketch
from flodesk.flow.spec import NodeSpec, Output
from flodesk.flow.types import PortType, common, of_value

_ANY = (Output("", "any"),)
_WALKS = 3
"""How often at most a picture is drawn anew, as feedback hands on another type than its start has."""


class Drawing:
    """The walk; `graph` gives its result.

    Raises
    ------
    KeyError
        The file has no such function.
    """

    def __init__(self, flow: Flow, catalog: Catalog, function: str) -> None:
        self._flow = flow
        self._catalog = catalog
        self._function = function
        self._block, _, _ = block_of(flow, function)
        self.names = names_of(flow, function)
        """What each name stands for; the checker asks it too."""
        self._sketch = Sketch(self.names)
        self._starts: dict[str, PortType] = {}
        """What the first iteration gets of what feedback holds, by its box."""
        self._carried: dict[str, PortType] = {}
        """What any iteration gets, as far as that is known from the walk before."""

    def graph(self) -> Graph:
        """Draw."""
        self._walk()
        for _ in range(_WALKS):
            # what the next iteration gets stands further down than those that take it
            found = {box: self._kind_of_feedback(box) for box in self._starts if box in self._sketch.boxes}
            if found == {**self._starts, **self._carried}:
                break
            self._carried = found
            self._sketch = Sketch(self.names)
            self._walk()
        found_branches, _ = branches(self._flow, self._function)
        graph = with_pins(self._flow, with_lost(self._flow, self._sketch.finish(self._function), self.names))
        graph = beside_marked(graph, {name for one in found_branches for name in one.statements})
        if not (wanted := places(self._flow, self._function)):
            return graph
        nodes = {name: replace(node, place=str(wanted.get(name, ""))) for name, node in graph.nodes.items()}
        return replace(graph, nodes=nodes)

    def _walk(self) -> None:
        own = self._flow.functions.get(self._function)
        if own is not None:
            draw_inputs(self._sketch, own, self._catalog.find(own.name))
        self._draw(self._block, (), ())
        if own is not None and is_open_end(own, self._flow):
            draw_return(self._sketch, None)

    # -------------------------------------------------------------- statements
    def _draw(self, block: Block, loops: tuple[str, ...], arms: Arms) -> None:
        for statement in block.statements:
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
                    draw_return(self._sketch, statement)
                case _:
                    pass

    def _call(self, call: Call, loops: tuple[str, ...], arms: Arms) -> None:
        head, _, method = call.callee.partition(".")
        if head in self.names.bound and head in self.names.uses:
            self._method_call(call, head, method or "__call__", loops, arms)
            return
        end = self._catalog.find(call.callee) if self._function and head in self._shared else None
        if not self._function or head not in self._shared or end is not None:
            path = self._flow.resolve(call.callee)
            spec = end or self._catalog.find(path)
            if call.name in self.names.uses or (spec is not None and spec.methods):
                self._object(call, path, spec, loops, arms)
                return
            box = Box(call.id, "call", spec.title if spec else call.callee, path, spec, loops=loops, arms=arms)
            outputs: Iterable[Output] = spec.outputs if spec else _ANY
            method = ""
        else:
            # A queue, or another object that several functions share: it has no box here.
            path, spec = self._shared[head]
            method = method or "__call__"
            box = Box(call.id, "call", call.callee, f"{path}.{method}", spec, loops=loops, arms=arms)
            outputs = spec.results(method) if spec and method in spec.methods else _ANY
        self._sketch.add(box, call)
        self._sketch.arguments(box, call, spec, method)
        self._set_where_made(box, end)
        self._sketch.results(box, call.name, call.id, outputs)
        if call.name in self.names.carried:
            self._feedback(call.name, None, loops, arms)

    def _object(self, call: Call, path: str, spec: NodeSpec | None, loops: tuple[str, ...], arms: Arms) -> None:
        """Draw the line that makes an object; if it is one box with its calls they add to it later."""
        box = Box(call.id, "object", spec.title if spec else call.callee, path, spec, loops=loops, arms=arms)
        self._sketch.add(box, call)
        method = "__init__" if spec and (spec.methods or spec.inputs("__init__")) else ""
        self._sketch.arguments(box, call, spec, method, required=False)
        if not self.names.is_merged(call.name):
            self._sketch.results(box, call.name, call.id, _ANY)

    def _method_call(self, call: Call, head: str, method: str, loops: tuple[str, ...], arms: Arms) -> None:
        made = next((s.statement for s in self.names.bound[head] if isinstance(s.statement, Call)), None)
        path = self._flow.resolve(made.callee) if made else head
        spec = self._catalog.find(path) if made else None
        known = spec is not None and method in spec.methods
        outputs: Iterable[Output] = spec.results(method) if spec and known else _ANY
        if made is not None and made.id in self._sketch.boxes and self.names.is_merged(head):
            box = self._sketch.boxes[made.id]
            # It stands where its inputs do; the line that reads a collector does not move it out of the loop.
            if len(loops) >= len(box.loops):
                box.loops, box.arms = loops, arms
            box.statements.append(call.id)
            box.note = box.note or call.note
        else:
            title = spec.title if spec else head
            named = title if method == "__call__" else f"{title}: {method}"
            box = Box(call.id, "call", named, f"{path}.{method}" if method != "__call__" else path, spec)
            box.loops, box.arms = loops, arms
            self._sketch.add(box, call)
            box.inputs["object"] = Port("object", "any", head, call.id, required=True)
            self._sketch.read(Ref(head), box.id, "object", "any")
        self._sketch.arguments(box, call, spec if known else None, method)
        self._sketch.results(box, call.name, call.id, outputs if call.name else ())

    def _bind(self, bind: Bind, loops: tuple[str, ...], arms: Arms) -> None:
        name, value = bind.name, bind.value
        carried = self.names.carried.get(name, ())
        if any(standing.statement is bind for standing in carried):
            self._next(bind)
        elif carried:
            self._feedback(name, bind, loops, arms)
        elif isinstance(value, Ref) or (arms and (len(self.names.bound[name]) > 1 or name in self._merged)):
            # In an arm it feeds a merge, which the switch draws. Elsewhere `b = a` is kept without a box.
            self._alias(bind)
        else:
            box = Box(bind.id, "constant", "Constant", loops=loops, arms=arms, statements=[bind.id], note=bind.note)
            self._sketch.boxes[bind.id] = box
            box.fields.append(Field("value", value.text, True, False, bind.id))
            self._sketch.results(box, name, bind.id, (Output("", of_value(value.value)),))

    @cached_property
    def _merged(self) -> set[str]:
        """Names that are bound in an arm and read outside of it."""
        inside = {
            name: {standing.arms for standing in standings if standing.arms}
            for name, standings in self.names.bound.items()
        }
        return {
            name
            for standing in self.names.standings
            for name in names_read(standing.statement)
            if any(standing.arms[: len(arms)] != arms for arms in inside.get(name, ()))
        }

    def _alias(self, bind: Bind) -> None:
        if isinstance(bind.value, Ref):
            origin = self._sketch.origins.get(bind.value.name)
            if origin is None:
                self._sketch.origins.pop(bind.name, None)
            elif bind.value.field:
                ports = {"": origin.ports.get(bind.value.field, "any")}
                self._sketch.origins[bind.name] = Origin(origin.node, ports, origin.port or bind.value.field)
            else:
                self._sketch.origins[bind.name] = origin
        else:
            self._sketch.origins.pop(bind.name, None)

    def _loop(self, loop: Loop, loops: tuple[str, ...], arms: Arms) -> None:
        head, _, method = loop.callee.partition(".")
        path = self._flow.resolve(loop.callee)
        variable = self.names.is_variable(head)
        end = None if loop.called or variable else self._catalog.find(loop.callee)
        spec = self._catalog.find(path) if loop.called and not variable else end
        box = Box(loop.id, "producer", spec.title if spec else loop.callee, path, spec, loops=loops, arms=arms)
        self._sketch.add(box, loop)
        if variable:
            kind: PortType = "any" if loop.called else "list"
            port = "object" if loop.called else "values"
            box.inputs[port] = Port(port, kind, loop.callee, loop.id, required=True)
            self._sketch.read(Ref(head, "" if loop.called else method), box.id, port, kind)
        self._sketch.arguments(box, loop, spec, "__init__" if spec and spec.inputs("__init__") else "")
        self._set_where_made(box, end)
        given = spec.outputs if spec else ()
        if len(loop.targets) == 1:
            self._sketch.results(box, loop.targets[0], loop.id, given or _ANY)
        else:
            for number, target in enumerate(loop.targets):
                kind = given[number].type if len(given) == len(loop.targets) else "any"
                unit = given[number].unit if len(given) == len(loop.targets) else ""
                box.outputs.append(Port(target, kind, target, loop.id, target, unit=unit))
                self._sketch.origins[target] = Origin(box.id, {"": kind}, target)
        self._draw(loop.body, loops, arms)

    def _code(self, code: Code, loops: tuple[str, ...], arms: Arms) -> None:
        first = next((line.strip() for line in code.text.split("\n") if line.strip()), "")
        jump = jump_of(code)
        kind: NodeKind = "code" if jump is None else "jump"
        title = first if jump is None else " · ".join([TITLES[jump], *self._way_to(arms)])
        box = Box(code.id, kind, title, loops=loops, arms=arms, statements=[code.id], text=code.text)
        self._sketch.boxes[code.id] = box
        for name in code.reads:
            if self.names.is_variable(name):
                box.inputs[name] = Port(name, "any", name, code.id, required=True)
                self._sketch.read(Ref(name), box.id, name, "any")
        for name in code.binds:
            box.outputs.append(Port(name, "any", name, code.id, name))
            self._sketch.origins[name] = Origin(box.id, {"": "any"}, name)

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
        self._sketch.boxes[switch.id] = box
        first = switch.arms[0].test
        box.title = f"If {first.text}" if first is not None and len(switch.arms) < 3 else "If"
        box.text = "\n".join(arm.test.text for arm in switch.arms if arm.test is not None)
        for number, arm in enumerate(switch.arms):
            self._test(box, arm, number, arm_label(switch, number))
            box.outputs.append(Port(f"arm[{number}]", "truth", arm_label(switch, number), switch.id))
        before = dict(self._sketch.origins)
        after: list[dict[str, Origin]] = []
        for number, arm in enumerate(switch.arms):
            self._sketch.origins = dict(before)
            self._draw(arm.body, loops, (*arms, (switch.id, number)))
            after.append(self._sketch.origins)
        self._sketch.origins = dict(before)
        here = [(*arms, (switch.id, number)) for number in range(len(switch.arms))]
        for name in dict.fromkeys(name for arm in here for name in self._bound_in.get(arm, ())):
            self._join(switch, name, before, after, here, loops, arms)

    def _test(self, box: Box, arm: Arm, number: int, label: str) -> None:
        match arm.test:
            case Ref() as ref:
                port = f"test[{number}]"
                box.inputs[port] = Port(port, "truth", label, box.id, required=True)
                box.fields.append(Field(port, ref.text, True, True, box.id))
                self._sketch.read(ref, box.id, port, "truth")
            case Expression(text=text, reads=reads):
                box.fields.append(Field(f"test[{number}]", text, True, False, box.id))
                for name in reads:
                    if self.names.is_variable(name) and name not in box.inputs:
                        box.inputs[name] = Port(name, "any", name, box.id, required=True)
                        self._sketch.read(Ref(name), box.id, name, "any")
            case None:
                pass

    @cached_property
    def _bound_in(self) -> dict[Arms, dict[str, None]]:
        """The names that are bound in each arm and below, in the order of the text."""
        found: dict[Arms, dict[str, None]] = {}
        for name, standings in self.names.bound.items():
            for standing in standings:
                for depth in range(1, len(standing.arms) + 1):
                    found.setdefault(standing.arms[:depth], {})[name] = None
        return found

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
        if name not in self._merged and not (by_line and len(binding) > 1):
            return
        if not by_line and len(binding) == 1 and name not in before:
            self._sketch.origins.update((name, env[name]) for env in after if name in env)
            return
        nested = [env.get(name) for env in after]
        taken = self._sketch.boxes.get(name)
        nests = taken is not None and taken.kind == "merge" and taken.arms[:depth] in here
        own = name if taken is None or nests else f"{name}_{switch.id}"
        box = Box(own, "merge", "Merge", loops=loops, arms=arms)
        kinds: set[PortType] = set()
        for number, origin in enumerate(nested):
            port, label = f"arm[{number}]", arm_label(switch, number)
            part = next((s.statement for s in reversed(inside) if s.arms[:depth] == here[number]), None)
            if part is None and ends_elsewhere(switch.arms[number].body):
                continue  # what stands below is not reached from there: it owes no value
            inner = self._sketch.boxes.get(own) if origin is not None and origin.node == own else None
            if inner is not None and inner.arms[:depth] == here[number]:
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
                self._sketch.wire(origin, Reading(Ref(name), own, port, "any"))
        if len(switch.arms) == 1 or switch.arms[-1].test is not None:
            # Without an `else` the value from before goes on, if there is one.
            port = f"arm[{len(switch.arms)}]"
            box.inputs[port] = Port(port, "any", "else", switch.id, required=True)
            if name in before:
                kinds.add(before[name].ports.get("", "any"))
                self._sketch.wire(before[name], Reading(Ref(name), own, port, "any"))
        self._sketch.boxes.pop(own, None)
        self._sketch.boxes[own] = box
        at = box.statements[0] if box.statements else switch.id
        self._sketch.results(box, name, at, (Output("", common(kinds)),))

    def _take_in(self, box: Box, inner: Box, prefix: str) -> None:
        """Let a merge of an inner switch become part of that of the outer one: both are of one name."""
        for port in inner.inputs.values():
            box.inputs[f"{prefix}.{port.name}"] = replace(port, name=f"{prefix}.{port.name}")
        box.fields += [replace(entry, name=f"{prefix}.{entry.name}") for entry in inner.fields]
        box.statements += inner.statements
        self._sketch.wires = [
            replace(wire, target=(box.id, f"{prefix}.{wire.target[1]}")) if wire.target[0] == inner.id else wire
            for wire in self._sketch.wires
        ]

    def _feedback(self, name: str, start: Bind | None, loops: tuple[str, ...], arms: Arms) -> None:
        """Draw the box that holds a value from one iteration to the next."""
        carried = [s.statement for s in self.names.carried[name]]
        first = start.id if start else carried[0].id
        own = name if name not in self._sketch.boxes else first
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
            origin = self._sketch.origins.get(source.name)
            kind = origin.ports.get(source.field, "any") if origin else kind
            box.inputs["start"] = replace(box.inputs["start"], type=kind)
            if origin is not None:
                self._sketch.wire(origin, Reading(source, own, "start", kind))
        self._starts[own] = kind
        kind = self._carried.get(own, kind)
        for number, statement in enumerate(carried):
            port = "next" if number == 0 else f"next[{number}]"
            box.inputs[port] = Port(port, kind, "next", statement.id, required=True)
            box.statements.append(statement.id)
        self._sketch.boxes[own] = box
        self._sketch.results(box, name, first, (Output("", kind),))

    def _kind_of_feedback(self, own: str) -> PortType:
        """Return what any iteration may get: a value of which nothing is known may be what the start is."""
        first = self._starts[own]
        later = [w.type for w in self._sketch.wires if w.target[0] == own and w.target[1] != "start"]
        later += [of_value(value) for value in self._literals_of(own)]
        if "any" in later:
            return "any" if first == "integer" else first
        return common([first, *later])

    def _literals_of(self, own: str) -> list[object]:
        ids = set(self._sketch.boxes[own].statements)
        binds = [s.statement for found in self.names.carried.values() for s in found if s.statement.id in ids]
        return [b.value.value for b in binds if isinstance(b, Bind) and isinstance(b.value, Literal)]

    def _next(self, bind: Bind) -> None:
        """Wire what the next iteration gets."""
        held = self._sketch.origins.get(bind.name)
        box = self._sketch.boxes.get(held.node) if held else None
        if held is None or box is None or box.kind != "feedback":
            # The start value came from code or from outside of the function.
            self._feedback(bind.name, None, (), ())
            box = self._sketch.boxes[self._sketch.origins[bind.name].node]
        port = next((p for p in box.inputs.values() if p.statement == bind.id and p.name != "start"), None)
        if port is None:
            return
        if isinstance(bind.value, Literal):
            box.fields.append(Field(port.name, bind.value.text, True, False, bind.id))
            return
        box.fields.append(Field(port.name, bind.value.text, True, True, bind.id))
        self._sketch.read(bind.value, box.id, port.name, "any", feedback=True)

    def _set_where_made(self, box: Box, end: NodeSpec | None) -> None:
        """Show at each end of a queue how it was made."""
        made = shared_by(self._flow, end)
        if made is not None and end is not None:
            box.fields += settings_of(made, end)

    # -------------------------------------------------------------- ports and wires
    @cached_property
    def _shared(self) -> dict[str, tuple[str, NodeSpec | None]]:
        """Objects of the module: the path of each one's type, and the type if it is known."""
        found = {}
        for statement in self._flow.module.statements:
            if isinstance(statement, Call) and statement.name:
                path = self._flow.resolve(statement.callee)
                found[statement.name] = (path, self._catalog.find(path))
        return found

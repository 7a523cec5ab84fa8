"""From a function of a flow to its plan: blocks of steps over a list of slots.

Every variable gets a slot, and so does every literal: changing a parameter of the running flow is one store in a list.
Loops and switches are regions with blocks of their own. Nothing is run here.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from flodesk.engine.awaiting import awaiting, streaming
from flodesk.engine.bundles import bundle_up, is_free
from flodesk.engine.callees import Callee, NotCallableError, callee
from flodesk.engine.calls import (
    UNBOUND,
    Fetch,
    Given,
    How,
    call,
    call_of,
    calls_nothing,
    code,
    expression,
    fetch,
    gather,
    is_fresh,
    repeatable,
)
from flodesk.engine.errors import PlanError, one_line
from flodesk.engine.latches import latch_of, latched
from flodesk.engine.load import Loaded
from flodesk.engine.mapping import mapped
from flodesk.engine.outside import changes
from flodesk.engine.plan import Block, Item, LoopRegion, Plan, Subflow, SwitchRegion
from flodesk.engine.subflows import Home, Homes, bind_call, given_at_first
from flodesk.engine.table import CELLS
from flodesk.engine.templates import before, rendered
from flodesk.flow import model
from flodesk.flow.detached import Branch, branches
from flodesk.flow.jumps import may_leave, yields
from flodesk.flow.model import (
    Address,
    Argument,
    Bind,
    Call,
    Code,
    Docstring,
    Expression,
    Loop,
    Ref,
    Return,
    Statement,
    Switch,
)
from flodesk.flow.script.names import deleted_names, outer_names
from flodesk.flow.syntax import parse_tree
from flodesk.templating import TemplateError


def compile_plan(
    loaded: Loaded, function: str, part: model.Function | None = None, given: Mapping[str, Any] | None = None,
    *, folder: str | None = None,
) -> Plan:  # fmt: skip
    """Compile one function of a loaded flow.

    Parameters
    ----------
    part : Function, optional
        What is left of it, to run that alone.
    given : mapping
        The values of variables that the part reads and does not bind.
    folder : str, optional
        Where the files beside it are, as of `Homes`.

    Raises
    ------
    PlanError
        It holds something that the engine cannot run: the node and the reason are named.
    """
    nest = _Nest(Homes(loaded, folder))
    plan = nest.compiled(Home(loaded, part or loaded.flow.functions[function], function), given or {})
    plan.inner = nest.plans
    plan.cells = nest.cells = bundle_up(plan, nest.cells)
    return plan


@dataclass
class _Nest:
    """What the plans of one running function share: the plans of its subflows, and the cells."""

    homes: Homes
    plans: dict[str, Plan] = field(default_factory=dict)
    cells: int = 0
    way: list[str] = field(default_factory=list)
    """The functions that are being compiled: what calls one of them calls it as plain Python."""

    def compiled(self, home: Home, given: Mapping[str, Any] | None = None) -> Plan:
        self.way.append(home.name)
        try:
            plan = _Compiler(home, self, given or {}).plan()
        finally:
            self.way.pop()
        plan.beside = _beside(home, plan)
        for name in (name for branch in plan.beside for name in branch.statements):
            plan.notes[name] = self.cells
            self.cells += CELLS
        return plan

    def subflow(self, target: Any, givens: list[Given]) -> Subflow | None:
        """Return how a call goes through the steps of what it calls; None if that has none."""
        home = self.homes.of(target)
        groups = bind_call(target, givens) if home is not None and home.name not in self.way else None
        if home is None or groups is None:
            return None
        if home.name not in self.plans:
            try:
                self.plans[home.name] = self.compiled(home)
            except PlanError:
                return None  # plain Python says at the call what is wrong, as the script would
        plan = self.plans[home.name]
        if not groups.keys() <= plan.names.keys():
            return None  # a flow that was changed while it runs: its parameters are others now
        return Subflow(plan, tuple(plan.names[name] for name in groups), gather(list(groups.values())))


def _beside(home: Home, plan: Plan) -> tuple[Branch, ...]:
    """Return what of a function runs beside its loops; of a part of it, what is left of that."""
    loaded, function = home.loaded, home.statement.name
    found, faults = branches(loaded.flow, function)
    for fault in faults:
        line = loaded.lines.get(Address(function, fault.node), 0)
        raise PlanError(f"{plan.function}.{fault.node}", f"{fault.message} {fault.hint}", line)
    left = [replace(branch, statements=tuple(s for s in branch.statements if s in plan.items)) for branch in found]
    return tuple(branch for branch in left if branch.loop in plan.items and branch.statements)


class _Compiler:
    def __init__(self, home: Home, nest: _Nest, given: Mapping[str, Any]) -> None:
        self.loaded = home.loaded
        self.nest = nest
        self.nested = len(nest.way) > 1
        self.name = home.name
        self.function = home.statement.name
        self.statement = home.statement
        self.slots: list[Any] = []
        self.slot_of: dict[str, int] = {}
        self.items: dict[str, Item] = {}
        self.kept: set[int] = set()
        self.indicators: set[int] = set()
        self.callees: dict[str, Callee] = {}
        self.params = {**self._parameters(), **given}
        self.names = self.loaded.read.names(self.statement, tuple(self.params))

    def plan(self) -> Plan:
        for name in sorted(self.names.local):
            self.slot_of[name] = self._slot(self.params.get(name, UNBOUND))
        self.trash = self._slot(None)
        self.result = self._slot(None)
        self._slot(None)  # the objects of one call
        root = Block(self._cell(1))
        self._block(self.statement.body, root, set(self.params), tuple(self.params) if self.nested else ())
        return Plan(
            self.name,
            self.loaded,
            self.slots,
            self.slot_of,
            root,
            self.items,
            self.nest.cells,
            self.statement,
            frozenset(self.kept),
            frozenset(self.indicators),
        )

    # -------------------------------------------------------------- small things
    def _refuse(self, statement: Statement | None, message: str) -> PlanError:
        name = statement.id if statement is not None else ""
        line = self.loaded.lines.get(Address(self.function, name), 0)
        return PlanError(f"{self.name}.{name}" if name else "", message, line)

    def _slot(self, value: Any) -> int:
        self.slots.append(value)
        return len(self.slots) - 1

    def _cell(self, count: int) -> int:
        self.nest.cells += count
        return self.nest.cells - count

    def _parameters(self) -> dict[str, Any]:
        found = given_at_first(self.loaded.namespace[self.function]) if self.statement.parameters.strip() else {}
        for name, value in found.items():
            if value is UNBOUND and not self.nested:
                said = f"{self.function}() has a parameter {name!r} without a default: nobody gives it a value"
                raise self._refuse(None, said)
        return found

    # -------------------------------------------------------------- blocks
    def _block(self, source: model.Block, block: Block, sure: set[str], first: tuple[str, ...]) -> set[str]:
        """Compile the statements of a block; `sure` are the variables bound before it, the result those after it."""
        sure = set(sure)
        for statement, use in zip(source.statements, self.names.uses(source, first), strict=True):
            if isinstance(statement, Docstring):
                continue
            item = self._item(statement, block, sure)
            item.drops = [self.slot_of[name] for name in use.last if name in self.slot_of]
            item.head, item.reads, item.binds = use.head, use.reads, use.binds
            block.items.append(item)
            self.items[statement.id] = item
        return sure

    def _item(self, statement: Statement, block: Block, sure: set[str]) -> Item:
        item = Item(statement, "call", self._cell(CELLS), block, len(block.items))
        item.key = f"{self.name}.{item.id}" if self.nested else item.id
        item.line = self.loaded.lines.get(Address(self.function, statement.id), 0)
        if isinstance(statement, Call):
            self._call(statement, item, sure)
            if statement.name:
                sure.add(statement.name)
        elif isinstance(statement, Bind):
            item.kind = "start" if self._is_start(statement, block) else "bind"
            given = self._given(statement, Argument(statement.value), sure, item, "value")
            item.pure = given.how != "live"
            item.steps = [(fetch(given), -1, -1, self.slot_of[statement.name])]
            sure.add(statement.name)
        elif isinstance(statement, Code):
            self._code(statement, item, sure)
        elif isinstance(statement, Return):
            self._return(statement, item, sure)
        elif isinstance(statement, Loop):
            self._loop(statement, item, sure)
        elif isinstance(statement, Switch):
            self._switch(statement, item, sure)
        else:
            kind = type(statement).__name__.lower()
            raise self._refuse(statement, f"an {kind} cannot stand inside a flow: put it at the top of the file")
        return item

    def _is_start(self, statement: Bind, block: Block) -> bool:
        """Return whether it is feedback's start: then a loop that it does not stand in binds the name again."""
        if not isinstance(statement.value, model.Literal) or self.names.binds[statement.name] == 1:
            return False
        around = set()
        owner = block.owner
        while owner is not None:
            around.add(owner.id)
            owner = owner.block.owner
        return any(statement.name in names for loop, names in self.names.looped.items() if loop not in around)

    # -------------------------------------------------------------- calls
    def _call(self, statement: Call, item: Item, sure: set[str]) -> None:
        givens = self._arguments(statement, statement.arguments, sure, item)
        out = self.slot_of[statement.name] if statement.name else self.trash
        head, _, rest = statement.callee.partition(".")
        if head in self.names.local:
            item.kind, item.owner, item.pure = "use", head, False
            owner = Given(self.slot_of[head], "plain" if head in sure else "guarded", head)
            method = self._method(head, rest)
            if statement.mapped is not None:
                self._mapped(statement, method, item, givens, owner, rest)
                return
            givens = self._rendered(statement, method, givens, item)
            make = partial(call_of, owner, rest)
            item.latch = latch_of(method, givens) if method is not None and not statement.awaited else None
            step = make(givens) if item.latch is None else latched(item.latch, make, givens, self._slot(True))
            item.steps = [(awaiting(step) if statement.awaited else step, -1, -1, out)]
            return
        callee = self._callee(statement, statement.callee)
        item.target = target = callee.target
        anew = callee.anew
        if statement.mapped is not None:
            self._mapped(statement, target, item, givens, self._live(head) if anew else None, rest)
            return
        givens = self._rendered(statement, target, givens, item)
        item.pure = not anew and repeatable(target, givens)
        if callee.made:
            item.kind = "make"
        if callee.shows:
            self.indicators.add(out)
        if callee.kept or out in self.indicators:
            self.kept.add(out)
        if statement.awaited == callee.awaited and not anew:
            item.inner = self.nest.subflow(target, givens)
        if item.inner is not None:
            item.pure = item.pure and item.inner.plan.pure
        if anew:
            step = call_of(self._live(head), rest, givens)
            item.steps = [(awaiting(step) if statement.awaited else step, -1, -1, out)]
        elif statement.awaited:
            item.steps = [(awaiting(call(target, givens)), -1, -1, out)]
        elif item.inner is None and callee.pressed and (latch := latch_of(target, givens)) is not None:
            item.latch = latch
            item.steps = [(latched(latch, partial(call, target), givens, self._slot(True)), -1, -1, out)]
        elif 1 <= len(givens) <= 2 and all(given.simple and not given.keyword for given in givens):
            second = givens[1].slot if len(givens) == 2 else -1
            item.steps = [(target, givens[0].slot, second, out)]
        else:
            item.steps = [(call(target, givens), -1, -1, out)]
        item.free = is_free(item, statement)

    def _mapped(
        self, statement: Call, target: Any, item: Item, givens: list[Given], owner: Given | None, path: str
    ) -> None:
        """Compile a call that runs for each item of an argument. It is plain Python, also where it calls a subflow."""
        if self._rendered(statement, target, givens, item) is not givens:
            raise self._refuse(statement, "a template is filled in once a call: it cannot stand in one for each item")
        if owner is None:
            inner = _Nest(self.nest.homes, way=[*self.nest.way]).subflow(target, givens)  # nobody goes through it
            item.pure = repeatable(target, givens) and (inner is None or inner.plan.pure)
        else:
            item.pure = False
        step = mapped(statement, target, givens, owner, path, apart=is_free(item, statement))
        item.steps = [(step, -1, -1, self.slot_of[statement.name] if statement.name else self.trash)]

    def _rendered(self, statement: Call | Loop, target: Any, givens: list[Given], item: Item) -> list[Given]:
        """Let the templates among the arguments be filled in before the call."""
        try:
            givens, step = rendered(target, statement.arguments, givens, self.slots, self._slot)
        except TemplateError as error:
            raise self._refuse(statement, str(error)) from error
        if step is not None:
            item.before = [(step, -1, -1, self.trash)]
        return givens

    def _method(self, head: str, rest: str) -> Any:
        """Return the method that a call of an object means, as far as the object's class is known."""
        maker = self.items.get(head)
        made = maker.target if maker is not None and maker.kind == "make" else None
        method = getattr(made, rest or "__call__", None)
        return method.__get__(object()) if inspect.isfunction(method) else None

    def _callee(self, statement: Statement, name: str) -> Callee:
        found = self.callees.get(name)
        if found is None:
            try:
                found = self.callees[name] = callee(self.loaded, name)
            except NotCallableError as error:
                raise self._refuse(statement, f"{name} is no function: it is a {error}") from error
            except Exception as error:
                raise self._refuse(statement, f"{name} is not there: {one_line(error)}") from error
        return found

    def _arguments(
        self, statement: Statement, arguments: tuple[Argument, ...], sure: set[str], item: Item
    ) -> list[Given]:
        return [self._given(statement, a, sure, item, a.keyword or n) for n, a in enumerate(arguments)]

    def _given(self, statement: Statement, argument: Argument, sure: set[str], item: Item, key: str | int) -> Given:
        value = argument.value
        how: How = "plain"
        if isinstance(value, model.Literal):
            name, dot, path = value.text.partition(".")
            if name in self.names.local:
                value = Ref(name, path if dot else "")
        if isinstance(value, Ref):
            if value.name in self.slot_of:
                how = "plain" if value.name in sure else "guarded"
                return Given(self.slot_of[value.name], how, value.name, value.field, argument.keyword)
            value = model.Literal(value.text)
        try:
            constant = self.loaded.value(value)
        except Exception as error:
            raise self._refuse(statement, f"{value.text} is not there: {one_line(error)}") from error
        named = isinstance(value.value, model.Symbol)
        if named and changes(self.loaded, value.text):
            return self._live(value.text, argument.keyword)
        slot = self._slot(constant)
        item.literals[key] = slot
        return Given(slot, "fresh" if is_fresh(constant) and not named else "plain", keyword=argument.keyword)

    def _live(self, name: str, keyword: str = "") -> Given:
        """Read a name of the module at each call: a node may have given it another value."""
        head, _, rest = name.partition(".")
        return Given(self._slot(self.loaded.namespace), "live", head, rest, keyword)

    def _return(self, statement: Return, item: Item, sure: set[str]) -> None:
        item.kind = "return"
        givens: list[Given] = []
        for number, value in enumerate(statement.values):
            if isinstance(value, Expression):
                step = self._expression(statement, value, item)
                item.steps, item.pure = [(step, -1, -1, self.result)], calls_nothing(f"x = {value.text}")
                return
            key = "value" if len(statement.values) == 1 else f"value[{number}]"
            givens.append(self._given(statement, Argument(value), sure, item, key))
        if not givens:
            givens.append(Given(self._slot(None)))
        item.steps = [(fetch(givens[0]) if len(givens) == 1 else gather(givens), -1, -1, self.result)]

    # -------------------------------------------------------------- code
    def _reads(self, names: tuple[str, ...]) -> list[Given]:
        return [Given(self.slot_of[name], name=name) for name in dict.fromkeys(names) if name in self.slot_of]

    def _code(self, statement: Code, item: Item, sure: set[str]) -> None:
        body = parse_tree(statement.text).body
        if statement.leaves and yields(statement.text):
            raise self._refuse(statement, "yield cannot be run in a flow: put the code into a function")
        if outer_names(body):
            raise self._refuse(
                statement, "global and nonlocal cannot be run in a flow yet: put the code into a function"
            )
        deleted = deleted_names(body) & self.slot_of.keys()
        sure -= deleted
        item.kind, item.pure = "code", calls_nothing(statement.text) and not statement.leaves
        binds = [(name, self.slot_of[name]) for name in dict.fromkeys([*statement.binds, *sorted(deleted)])]
        try:
            step = code(
                statement.text,
                self._reads(statement.reads),
                binds,
                self.loaded.namespace,
                self.loaded.file,
                item.line,
                leaves=statement.leaves,
            )
        except SyntaxError as error:
            raise self._refuse(statement, f"this code cannot run inside a flow: {error.msg}") from error
        item.steps = [(step, -1, -1, self.trash)]

    # -------------------------------------------------------------- regions
    def _loop(self, statement: Loop, item: Item, sure: set[str]) -> None:
        item.kind, item.pure = "loop", False
        head, _, rest = statement.callee.partition(".")
        givens = self._arguments(statement, statement.arguments, sure, item)
        if head in self.names.local:
            item.owner = head
            how: How = "plain" if head in sure else "guarded"
            givens = self._rendered(statement, self._method(head, rest), givens, item)
            owner = Given(self.slot_of[head], how, head, "" if statement.called else rest)
            source = call_of(owner, rest, givens) if statement.called else fetch(owner)
        elif statement.called:
            item.target = self._callee(statement, statement.callee).target
            source = call(item.target, self._rendered(statement, item.target, givens, item))
        else:
            value = self._iterable(statement)
            live = changes(self.loaded, statement.callee)
            source = fetch(self._live(statement.callee) if live else Given(self._slot(value)))
        if item.before:
            source, item.before = before(item.before[0][0], source), []  # a producer that starts anew reads it again
        if statement.awaited:
            source = streaming(source)
        cell = self._cell(CELLS)
        body = Block(self._cell(1), item)
        targets = tuple(self.slot_of[name] for name in statement.targets)
        region = item.region = LoopRegion(source, targets, cell, body, left=may_leave(statement.body))
        self._block(statement.body, body, sure | set(statement.targets), statement.targets)
        region.carried = tuple(self.slot_of[name] for name in sorted(self.names.carried(statement)))

    def _iterable(self, statement: Loop) -> Any:
        try:
            value = self.loaded.resolve(statement.callee)
        except Exception as error:
            raise self._refuse(statement, f"{statement.callee} is not there: {one_line(error)}") from error
        if hasattr(value, "put") and not hasattr(value, "__iter__"):
            raise self._refuse(
                statement,
                f"{statement.callee} has an end to put into and none to loop over: between loops take a Queue of "
                "flodesk.nodes.queue",
            )
        return value

    def _switch(self, statement: Switch, item: Item, sure: set[str]) -> None:
        item.kind, item.pure = "switch", False
        arms: list[tuple[Fetch | None, Block]] = []
        after: list[set[str]] = []
        for arm in statement.arms:
            block = Block(self._cell(1), item)
            test = None if arm.test is None else self._test(statement, arm.test, sure, item)
            after.append(self._block(arm.body, block, sure, ()))
            arms.append((test, block))
        item.region = SwitchRegion(arms)
        item.pure = all(inner.pure for _, block in arms for inner in block.items)
        if statement.arms and statement.arms[-1].test is None:
            sure |= set.intersection(*after)

    def _test(self, statement: Statement, test: Ref | Expression, sure: set[str], item: Item) -> Fetch:
        if isinstance(test, Ref):
            if test.name not in self.slot_of:
                return self._test(statement, Expression(test.text, ()), sure, item)
            how: How = "plain" if test.name in sure else "guarded"
            return fetch(Given(self.slot_of[test.name], how, test.name, test.field))
        return self._expression(statement, test, item)

    def _expression(self, statement: Statement, value: Expression, item: Item) -> Fetch:
        try:
            return expression(value.text, self._reads(value.reads), self.loaded.namespace, self.loaded.file, item.line)
        except SyntaxError as error:
            raise self._refuse(statement, f"this expression cannot run inside a flow: {error.msg}") from error

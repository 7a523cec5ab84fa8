"""The statements of a function as they stand in the place of a call of it, under names that are free there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import replace

from flodesk.flow.edit import EditError, Rename
from flodesk.flow.edit.rename import bound, renamed_in
from flodesk.flow.edit.tree import ids, indentation, transplant, with_body
from flodesk.flow.model import (
    Address,
    Bind,
    Block,
    Call,
    Code,
    Docstring,
    Expression,
    Flow,
    Function,
    Literal,
    Loop,
    Ref,
    Region,
    Return,
    Statement,
    walk,
)
from flodesk.flow.names import binds_of, parameters_of
from flodesk.flow.script import write
from flodesk.flow.script.names import free_names, usage
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.closures import first_keeper, kept_by_scopes
from flodesk.flow.wiring.enclose import unique_id
from flodesk.flow.wiring.naming import taken, unique
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.result_parts import Parts, parts_of_result
from flodesk.flow.wiring.signature import is_constant
from flodesk.flow.wiring.uses import reads_of

_NUMBERED = re.compile(r"(if|code|call|bind)_\d+")


class Inlining:
    """What comes of one call.

    Attributes
    ----------
    whole : Flow
        The flow with the function's names as they will be.
    aliases : tuple of str
        Ids of the lines that gave a part of the result a name: the node itself has that name now.
    readers : tuple of Statement
        The statements that read a part of the result, as they read it now.
    kind : str
        The class of the values that the function returned, if no object of it is needed any more.
    """

    def __init__(self, flow: Flow, function: str, call: Call, called: Function, region: Region) -> None:
        self.flow = flow
        self.function = function
        self.call = call
        self.called = called
        self.region = region
        self.whole = flow
        self.aliases: tuple[str, ...] = ()
        self.readers: tuple[Statement, ...] = ()
        self.kind = ""
        block = called.body
        self._own = (ids(block) | bound(block)) - {"return", "__doc__"}
        self._host = taken(flow, function) | _names_in(flow, function)
        body = flow.functions[function].body
        self._here = ids(body) | bound(body) | parameters_of(flow.functions[function].parameters)
        numbers = {name for name in self._own - bound(block) if _NUMBERED.fullmatch(name)}
        self._clashes = sorted((self._own - numbers) & self._host | numbers & self._here)
        self._names = self._host | taken(flow, called.name) | self._own
        """What no new name may be."""
        self._kept = kept_by_scopes(block)

    def body(self) -> list[Statement]:
        """Return the statements that stand in the place of the call.

        Raises
        ------
        Refused
            They would mean something else there.
        """
        parameters = _parameters(self.called)
        self._may_be_kept(parameters)
        given = self._given(parameters)
        new: dict[str, str] = {}
        lines: list[Statement] = []
        parts = parts_of_result(self.flow, self.function, self.call, self.called, set(parameters))
        result = "" if parts is not None else self._result(parameters)
        for name in self._clashes:
            new[name] = self._free(name)
        if result:
            new[result] = self.call.name
        if parts is not None:
            self._named_after(parts, new)
        for name, value in given.items():
            if self._stands_for(name, value):
                assert isinstance(value, Ref)
                new[name] = value.name
                continue
            if name not in self._own and name in self._host:
                new[name] = self._free(name)
            lines.append(_line(new.get(name, name), value))
        self._rename({old: now for old, now in new.items() if old != now})
        block = self.whole.functions[self.called.name].body
        old, indent = indentation(self.whole, Region(self.called.name)), indentation(self.flow, self.region)
        statements = [s for s in block.statements if not isinstance(s, Docstring | Return)]
        moved = [*lines, *(transplant(s, old, indent) for s in statements)]
        if parts is not None:
            self.aliases, self.readers, self.kind = parts.gone, parts.changed(new), parts.kind
        elif not result:
            moved += self._given_back(block)
        # one of several arms that bind a name has another id than its name
        moved = [replace(s, id=self.call.id) if s.id == self.call.name else s for s in moved]
        lead = self.call.lead + self._comments(block, indent)
        return [replace(moved[0], lead=lead + moved[0].lead), *moved[1:]] if moved else []

    # -------------------------------------------------------------- what goes in
    def _given(self, parameters: dict[str, str | None]) -> dict[str, Ref | Literal]:
        """Return what each parameter gets."""
        found: dict[str, Ref | Literal] = {}
        positional = iter(parameters)
        for argument in self.call.arguments:
            name = argument.keyword or next(positional, "")
            if name not in parameters:
                raise Refused(f"“{self.call.id}” passes what “{self.called.name}” does not take: mend the call first.")
            found[name] = argument.value
        for name, default in parameters.items():
            if name in found:
                continue
            if default is None:
                raise Refused(f"“{name}” of “{self.call.id}” is open: connect it first.")
            if not is_constant(default):
                raise Refused(
                    f"“{name}” of “{self.called.name}” is {default} if nothing is given, made once for all calls:"
                    f" give “{self.call.id}” a value of its own for it first."
                )
            found[name] = Literal(default)
        return {name: found[name] for name in parameters}

    def _stands_for(self, name: str, value: Ref | Literal) -> bool:
        """Say whether the nodes can read what a parameter was given itself; else a line gives it a name."""
        if not isinstance(value, Ref) or value.field or name in self._own or value.name == self.call.name:
            return False
        return not (name in self._kept and self._changes(value.name)) and self._may_be(name, value.name)

    def _changes(self, name: str) -> bool:
        """Say whether a variable of the function around the call gets more than one value."""
        host = self.flow.functions[self.function]
        binders = [s for s, _ in walk(host.body, Region(self.function)) if name in binds_of(s)]
        return len(binders) + (name in parameters_of(host.parameters)) > 1

    def _may_be(self, old: str, new: str) -> bool:
        """Say whether something in the function may have another name: no inner scope hides that."""
        try:
            renamed_in(self.called.body, old, new)
        except EditError:
            return False
        return True

    def _may_be_kept(self, parameters: Iterable[str]) -> None:
        """Refuse what a function made in there would read later, when the next turn has changed it."""
        region = self.region
        while region.owner:
            owner, region = self.flow.index[Address(self.function, region.owner)]
            if not isinstance(owner, Loop):
                continue
            for name in sorted(self._kept & (self._own | set(parameters))):
                keeper = first_keeper(self.called.body, name)
                raise Refused(
                    f"“{keeper}” in “{self.called.name}” makes a function that reads “{name}” when it is called. Taken"
                    " apart in a loop, it would read that of a later turn: it stays a function."
                )

    # -------------------------------------------------------------- what comes out
    def _result(self, parameters: dict[str, str | None]) -> str:
        """Return the variable that the call can be named after; empty where a line of its own has to give its name."""
        values = _returned(self.called.body)
        if not self.call.name or len(values) != 1 or not isinstance(values[0], Ref) or values[0].field:
            return ""
        name = values[0].name
        usable = name not in parameters and name in bound(self.called.body) and self._may_be(name, self.call.name)
        return name if usable else ""

    def _named_after(self, parts: Parts, new: dict[str, str]) -> None:
        """Give the variables that are returned the names that their parts have where the function is called."""
        for variable, name in list(parts.names.items()):
            if self._may_be(variable, name):
                new[variable] = name
            else:
                parts.keep(name)

    def _given_back(self, block: Block) -> list[Statement]:
        name = self.call.name
        values = _returned(block)
        if not values:
            read = bool(name) and any(True for _ in reads_of(self.flow, self.function, name))
            return [Bind(id=name, name=name, value=Literal("None"))] if read else []
        if not name:
            texts = [value.text for value in values if isinstance(value, Expression)]
            free = self._free("code_1")
            return [Code(id=free, text=text, reads=free_names(_tree(text))) for text in texts]
        if len(values) == 1 and isinstance(values[0], Ref | Literal):
            return [Bind(id=name, name=name, value=values[0])]
        text = ", ".join(value.text for value in values)
        found = usage(parse_tree(f"{name} = {text}").body)
        return [Code(id=name, text=f"{name} = {text}", reads=found.reads, binds=found.binds)]

    def _comments(self, block: Block, indent: str) -> str:
        """Return what is said about the function, the call and the return as comments."""
        said = [s.value for s in block.statements if isinstance(s, Docstring)]
        last = next((s for s in block.statements if isinstance(s, Return)), Return())
        lines = [line for text in [*said, self.call.note, last.note] for line in text.strip().splitlines()]
        tail = [line.strip() for line in (last.lead + block.tail).splitlines() if line.strip()]
        return "".join(f"{indent}# {line}".rstrip() + "\n" for line in lines) + "".join(f"{indent}{t}\n" for t in tail)

    # -------------------------------------------------------------- names
    def _free(self, name: str) -> str:
        kind = _NUMBERED.fullmatch(name)
        return unique_id(kind[1], self._here | self._own) if kind else unique(name, self._names)

    def _rename(self, new: dict[str, str]) -> None:
        """Give all of these their new names at once: none is taken for another that was renamed before."""
        waiting = dict(new)
        while waiting:
            old = next((name for name, now in waiting.items() if now not in waiting), "")
            if not old:  # a circle: one goes out of the way
                old = next(iter(waiting))
                aside = unique(f"{old}_aside", self._names)
                waiting[aside] = waiting.pop(old)
                self._change(old, aside)
                continue
            self._change(old, waiting.pop(old))

    def _change(self, old: str, new: str) -> None:
        flow, function = self.whole, self.called.name
        block = flow.functions[function].body
        try:
            if old in ids(block) | bound(block):
                self.whole, _ = Rename(function, old, new).apply(flow)
            else:
                self.whole = with_body(flow, function, renamed_in(block, old, new))
        except EditError as error:
            raise Refused(str(error)) from error


def _line(name: str, value: Ref | Literal) -> Statement:
    """Return the line that gives a parameter its value; what is calculated is code."""
    if isinstance(value, Literal) and not isinstance(_tree(value.text), ast.Constant | ast.Name | ast.Attribute):
        found = usage(parse_tree(f"{name} = {value.text}").body)
        if found.reads:
            return Code(id=name, text=f"{name} = {value.text}", reads=found.reads, binds=found.binds)
    return Bind(id=name, name=name, value=value)


def _tree(text: str) -> ast.expr:
    return parse_tree(f"({text}\n)", mode="eval").body


def _returned(block: Block) -> tuple[Ref | Literal | Expression, ...]:
    return next((s.values for s in block.statements if isinstance(s, Return)), ())


def _names_in(flow: Flow, function: str) -> set[str]:
    """Return the names that the text of a function has as such."""
    tree = next(
        part
        for part in parse_tree(write(flow)).body
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.name == function
    )
    return {part.id for part in ast.walk(tree) if isinstance(part, ast.Name)}


def _parameters(function: Function) -> dict[str, str | None]:
    """Return the parameters of a function with the texts of their defaults.

    Raises
    ------
    Refused
        It takes any number of them.
    """
    tree = parse_tree(f"def f({function.parameters}\n): pass").body[0]
    assert isinstance(tree, ast.FunctionDef)
    args = tree.args
    if args.vararg or args.kwarg:
        raise Refused(f"“{function.name}” takes any number of values: it stays a function.")
    positional = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
    found = dict(zip(positional, [*defaults, *args.defaults], strict=True)) | dict(
        zip(args.kwonlyargs, args.kw_defaults, strict=True)
    )
    return {argument.arg: None if value is None else ast.unparse(value) for argument, value in found.items()}

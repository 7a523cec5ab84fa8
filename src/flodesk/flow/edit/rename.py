"""A node's new name: in what binds it, in all that read it, in code, on the canvas and on the panel."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flodesk.flow.edit.base import Edit, EditError, Many
from flodesk.flow.edit.header import SetHeader, renamed_header, renamed_queue, renamed_tables
from flodesk.flow.edit.in_text import capture, in_code, in_head, in_raw
from flodesk.flow.edit.quoted_names import in_annotations
from flodesk.flow.edit.statements import Restore
from flodesk.flow.edit.tree import body, ids, with_body
from flodesk.flow.model import (
    Argument,
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Expression,
    Flow,
    Function,
    Literal,
    Loop,
    Main,
    Ref,
    Region,
    Return,
    Statement,
    Switch,
    walk,
)
from flodesk.flow.names import binds_of, parameters_of
from flodesk.flow.script import keep_text
from flodesk.flow.script.ids import own_statements
from flodesk.flow.script.names import outer_names
from flodesk.flow.script.spans import Spans
from flodesk.flow.syntax import parse_tree

_NAMED = (Call, Bind)


class Captured(EditError):  # noqa: N818 - says what happened to the name
    """The new name is one of a lambda, a comprehension, an inner function or class that reads the old one."""

    def __init__(self, statement: str, new: str, scope: str, line: int) -> None:
        super().__init__(f"“{new}” is a name of {scope} in “{statement}”: choose another.")
        self.statement = statement
        self.new = new
        self.scope = scope
        self.line = line

    def at(self, flow: Flow, function: str) -> EditError:
        """Return the same with the line in the text of the flow."""
        spans = Spans(flow).of(function, self.statement)
        if not spans:
            return self
        line = spans[0].first + self.line
        return EditError(f"“{self.new}” is a name of {self.scope} in line {line}: choose another.")


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a node another id everywhere: bindings, references, canvas and panel.

    What a code node reads or binds is renamed in its text where that is safe (no inner function or comprehension that
    reads it has a variable of either name, no text inside an f-string that this Python cannot see into).
    """

    function: str
    old: str
    new: str

    @property
    def title(self) -> str:
        """In words."""
        return f"Rename {self.old} to {self.new}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Rename it.

        Raises
        ------
        EditError
            There is no such node, the new name is none or taken, or code reads it in a way that cannot be renamed.
        """
        if not self.function:
            raise EditError("Only what stands in a function can be renamed here.")
        if not is_name(self.new):
            raise EditError(f"“{self.new}” is no name: use letters, digits and _, and no word of Python itself.")
        whole = body(flow, self.function)
        taken = ids(whole) | bound(whole)
        if self.old not in taken:
            raise EditError(f"There is no “{self.old}” in “{self.function}”: it was removed or renamed.")
        if self.new == self.old:
            return flow, self
        if self.new in taken:
            raise EditError(f"“{self.new}” exists already in “{self.function}”.")
        with _named(flow, self.function):
            renamed = _block(whole, self.old, self.new)
        new = with_body(flow, self.function, renamed)
        back: list[Edit] = [Restore(self.function, whole, self.title)]
        new = renamed_header(new, self.function, self.old, self.new)
        header = flow.header
        if new.header is not header:
            back.insert(0, SetHeader(header))
        return new, Many(tuple(back), self.title)


@dataclass(frozen=True, slots=True)
class RenameShared:
    """Give what is made at the top of the file another name, there and in every function that uses it.

    That is an object (a queue), a class, or a function that is kept as code, as one with a decorator is.
    """

    old: str
    new: str

    @property
    def title(self) -> str:
        """In words."""
        return f"Rename {self.old} to {self.new}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Rename it.

        Raises
        ------
        EditError
            There is no such object, the new name is none or taken, or code reads it in a way that cannot be renamed.
        """
        if not any(self.old in binds_of(statement) for statement in flow.module.statements):
            raise EditError(f"There is no “{self.old}” at the top of the file: it was removed or renamed.")
        if self.new == self.old:
            return flow, self
        _check_free(flow, self.new)
        new, back = renamed_at_top(flow, self.old, self.new), Restore("", flow.module, self.title)
        named = renamed_queue(new, self.old, self.new)
        if named is new:
            return new, back
        return named, Many((SetHeader(flow.header), back), self.title)


@dataclass(frozen=True, slots=True)
class RenameFunction:
    """Give a function of the file another name: in its ``def``, where it is called, in ``main()``, in the header."""

    old: str
    new: str

    @property
    def title(self) -> str:
        """In words."""
        return f"Rename {self.old} to {self.new}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Rename it.

        Raises
        ------
        EditError
            There is no such function, the new name is none or taken, or code calls it in a way that cannot be renamed.
        """
        if self.old not in flow.functions:
            raise EditError(f"There is no function “{self.old}” in this file: it was removed or renamed.")
        if self.new == self.old:
            return flow, self
        _check_free(flow, self.new)
        renamed = (self._in(flow, statement) for statement in flow.module.statements)
        statements = tuple(in_annotations(statement, self.old, self.new) for statement in renamed)
        new = with_body(flow, "", replace(flow.module, statements=statements))
        new = renamed_tables(new, self.old, self.new)
        return new, Many((SetHeader(flow.header), Restore("", flow.module, self.title)), self.title)

    def _in(self, flow: Flow, statement: Statement) -> Statement:
        old, new = self.old, self.new
        if isinstance(statement, Function) and statement.name == old:
            head = None if statement.raw is None else re.sub(rf"\b{re.escape(old)}\b", new, statement.raw, count=1)
            statement = replace(statement, id=new, name=new, raw=head)
        return _of_the_file(flow, statement, old, new)


def renamed_at_top(flow: Flow, old: str, new: str) -> Flow:
    """Return a file with a name of its top changed wherever that is meant; imports stay as they are.

    Raises
    ------
    EditError
        Something uses it in a way that cannot be renamed.
    """
    renamed = (_of_the_file(flow, statement, old, new) for statement in flow.module.statements)
    statements = tuple(in_annotations(statement, old, new) for statement in renamed)
    return with_body(flow, "", replace(flow.module, statements=statements))


def _of_the_file(flow: Flow, statement: Statement, old: str, new: str) -> Statement:
    """Return a statement of the module with a name changed that belongs to the whole file."""
    if isinstance(statement, Main):
        functions = tuple(_name(name, old, new) for name in statement.functions)
        if functions == statement.functions:
            return statement
        return replace(statement, functions=functions, raw=in_raw(statement.raw, old, new))
    if not isinstance(statement, Function):
        with _named(flow, ""):
            return _statement(statement, old, new, "")
    name = statement.name
    for inner, _ in walk(statement.body, Region(name)):
        if isinstance(inner, Code) and old in outer_names(parse_tree(inner.text).body):
            raise EditError(f"“{inner.id}” in “{name}” gives “{old}” another value (global): rename it there by hand.")
    given = parameters_of(statement.parameters)
    head = in_head(statement.parameters, statement.returns, old, new)
    if head is None:
        raise EditError(f"“{old}” cannot be renamed in the first line of “{name}”: rename it there by hand first.")
    if head != (statement.parameters, statement.returns):
        raw = in_raw(statement.raw, old, new)
        statement = replace(statement, parameters=head[0], returns=head[1], raw=raw)
    if old in bound(statement.body) | given:
        return statement  # a variable of the function has that name: it means itself
    with _named(flow, name):
        return replace(statement, body=_block(statement.body, old, new))


@contextmanager
def _named(flow: Flow, function: str) -> Iterator[None]:
    """Let a refusal name the line."""
    try:
        yield
    except Captured as error:
        raise error.at(flow, function) from error


def _check_free(flow: Flow, name: str) -> None:
    """Refuse a name that is none, or that stands for something in the file: a variable would hide what is named so."""
    if not is_name(name):
        raise EditError(f"“{name}” is no name: use letters, digits and _, and no word of Python itself.")
    taken = ids(flow.module) | bound(flow.module) | set(flow.imports) | set(flow.functions)
    for function in flow.functions.values():
        taken |= bound(function.body) | parameters_of(function.parameters)
    if name in taken:
        raise EditError(f"“{name}” exists already in this file.")


def is_name(text: str) -> bool:
    """Say whether a text can be a variable's name: an identifier in its normal form (NFKC), no keyword."""
    return text.isidentifier() and not keyword.iskeyword(text) and unicodedata.normalize("NFKC", text) == text


def bound(block: Block) -> set[str]:
    """Return the names that the statements of a block and below bind."""
    return bound_by(own_statements(block))


def bound_by(statements: Iterable[Statement]) -> set[str]:
    """Return the names that statements bind themselves, not those of what stands inside them."""
    found: set[str] = set()
    for statement in statements:
        if isinstance(statement, _NAMED):
            found.add(statement.name)
        elif isinstance(statement, Loop):
            found.update(statement.targets)
        elif isinstance(statement, Code):
            found.update(statement.binds)
    return found - {""}


# ------------------------------------------------------------------ in the tree
def renamed_in(block: Block, old: str, new: str) -> Block:
    """Return the statements of a block with a name changed that none of them binds: a parameter.

    Raises
    ------
    EditError
        Code reads it in a way that cannot be renamed.
    """
    return _block(block, old, new)


def _block(block: Block, old: str, new: str) -> Block:
    statements = tuple(_statement(s, old, new, block.indent) for s in block.statements)
    if all(a is b for a, b in zip(statements, block.statements, strict=True)):
        return block
    return replace(block, statements=statements)


def _statement(statement: Statement, old: str, new: str, indent: str | None) -> Statement:
    """Return the statement with the name changed; the very same one if it does not occur."""
    match statement:
        case Call():
            head, dot, rest = statement.callee.partition(".")
            return _fresh(
                statement,
                old,
                new,
                id=_name(statement.id, old, new),
                name=_name(statement.name, old, new),
                callee=_name(head, old, new) + dot + rest,
                arguments=_arguments(statement.arguments, old, new),
            )
        case Bind():
            value = _value(statement.value, old, new)
            note = _kept(statement.note, statement.id, old, new)
            if note != statement.note:
                statement = replace(statement, note=note, raw=None)
            return _fresh(
                statement, old, new, id=_name(statement.id, old, new), name=_name(statement.name, old, new), value=value
            )
        case Loop():
            head, dot, rest = statement.callee.partition(".")
            return _fresh(
                statement,
                old,
                new,
                id=_name(statement.id, old, new),
                targets=tuple(_name(target, old, new) for target in statement.targets),
                callee=_name(head, old, new) + dot + rest,
                arguments=_arguments(statement.arguments, old, new),
                body=_block(statement.body, old, new),
            )
        case Switch():
            arms = tuple(_arm(arm, statement.id, old, new) for arm in statement.arms)
            if statement.id != old and all(a is b for a, b in zip(arms, statement.arms, strict=True)):
                return statement
            return replace(statement, id=_name(statement.id, old, new), arms=arms)
        case Code():
            return _code(statement, old, new, indent)
        case Return():
            return _return(statement, old, new)
        case _:
            return statement


def _fresh(statement: Call | Bind | Loop, old: str, new: str, **values: object) -> Statement:
    """Replace the fields that changed; the raw text follows if it can."""
    changed = {name: value for name, value in values.items() if getattr(statement, name) != value}
    if not changed:
        return statement
    if changed.keys() == {"body"}:
        return replace(statement, body=changed["body"])  # type: ignore[arg-type]
    if isinstance(statement, Call) and statement.mapped is not None:  # its text has a name of its own for an item
        return keep_text(statement, replace(statement, **changed))  # type: ignore[arg-type]
    return replace(statement, raw=in_raw(statement.raw, old, new), **changed)  # type: ignore[arg-type]


def _arm(arm: Arm, statement: str, old: str, new: str) -> Arm:
    test = arm.test
    if isinstance(test, Ref):
        test = replace(test, name=_name(test.name, old, new))
    elif isinstance(test, Expression):
        test = _expression(test, statement, old, new)
    inner = _block(arm.body, old, new)
    if test == arm.test and inner is arm.body:
        return arm
    raw = arm.raw if test == arm.test else in_raw(arm.raw, old, new)
    return replace(arm, test=test, body=inner, raw=raw)


def _return(statement: Return, old: str, new: str) -> Return:
    values: list[Ref | Literal | Expression] = []
    for value in statement.values:
        if isinstance(value, Expression):
            values.append(_expression(value, statement.id, old, new))
        else:
            values.append(_value(value, old, new))
    if tuple(values) == statement.values:
        return statement
    return replace(statement, values=tuple(values), raw=in_raw(statement.raw, old, new))


def _expression(expression: Expression, statement: str, old: str, new: str) -> Expression:
    if old not in expression.reads:
        return expression
    text = in_code(expression.text, old, new)
    if text is None:
        _refuse_captured(expression.text, statement, old, new)
        raise EditError(f"“{old}” cannot be renamed in “{expression.text}”: rename it there by hand first.")
    return Expression(text, tuple(_name(name, old, new) for name in expression.reads))


def _refuse_captured(text: str, statement: str, old: str, new: str) -> None:
    found = capture(text, old, new)
    if found is not None:
        raise Captured(statement, new, *found)


def _code(statement: Code, old: str, new: str, indent: str | None) -> Code:
    for mark in ("...  # off: ", "...  # off too: "):
        off, found, kept = statement.text.partition(mark)
        if found and not off and (renamed := _kept_code(kept, statement.id, old, new)) != kept:
            statement = replace(statement, text=f"{mark}{renamed}", raw=None)
    if old not in statement.reads and old not in statement.binds:
        return replace(statement, id=new) if statement.id == old else statement
    text = in_code(statement.text, old, new)
    if text is None:
        _refuse_captured(statement.text, statement.id, old, new)
        raise EditError(
            f"The code “{statement.id}” uses “{old}” in a way that cannot be renamed: rename it there by hand first."
        )
    raw = None
    if statement.raw == statement.text:  # as it is at the left margin
        raw = text
    elif statement.raw is not None and "\n" not in statement.raw:
        raw = in_raw(statement.raw, old, new)
    return replace(
        statement,
        id=_name(statement.id, old, new),
        text=text,
        raw=raw,
        reads=tuple(_name(name, old, new) for name in statement.reads),
        binds=tuple(_name(name, old, new) for name in statement.binds),
    )


def _kept(note: str, statement: str, old: str, new: str) -> str:
    """Return a note with the name changed in the call that it keeps, where it keeps one (see `flow.switched`)."""
    mark, colon, text = note.partition(": ")
    keeps = bool(colon) and mark in ("off", "off too", "bypass")
    return f"{mark}: {_kept_code(text, statement, old, new)}" if keeps else note


def _kept_code(text: str, statement: str, old: str, new: str) -> str:
    renamed = in_code(text, old, new)
    if renamed is None:
        _refuse_captured(text, statement, old, new)
    return text if renamed is None else renamed


def _arguments(arguments: tuple[Argument, ...], old: str, new: str) -> tuple[Argument, ...]:
    return tuple(replace(argument, value=_value(argument.value, old, new)) for argument in arguments)


def _value(value: Ref | Literal, old: str, new: str) -> Ref | Literal:
    if isinstance(value, Ref):
        return replace(value, name=_name(value.name, old, new))
    head, dot, rest = value.text.partition(".")
    return Literal(new + dot + rest) if head == old else value


def _name(name: str, old: str, new: str) -> str:
    return new if name == old else name

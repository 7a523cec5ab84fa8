"""A node's new name: in what binds it, in all that read it, in code, on the canvas and on the panel."""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
import unicodedata
from dataclasses import dataclass, replace

from flodesk.flow.edit.base import Edit, EditError, Many
from flodesk.flow.edit.header import SetHeader, renamed_header, renamed_tables
from flodesk.flow.edit.statements import Restore
from flodesk.flow.edit.tree import below, body, ids, with_body
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
    Return,
    Statement,
    Switch,
)
from flodesk.flow.syntax import parse_tree


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a node another id everywhere: bindings, references, canvas and panel.

    What a code node reads or binds is renamed in its text where that is safe (no inner function or comprehension has a
    variable of that name, no text inside an f-string that this Python cannot see into).
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
        new = with_body(flow, self.function, _block(whole, self.old, self.new))
        back: list[Edit] = [Restore(self.function, whole, self.title)]
        new = renamed_header(new, self.function, self.old, self.new)
        header = flow.header
        if new.header is not header:
            back.insert(0, SetHeader(header))
        return new, Many(tuple(back), self.title)


@dataclass(frozen=True, slots=True)
class RenameShared:
    """Give an object at the top of the file (a queue) another name, there and in every function that uses it."""

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
        if not any(isinstance(s, Call) and s.name == self.old for s in flow.module.statements):
            raise EditError(f"There is no “{self.old}” at the top of the file: it was removed or renamed.")
        if self.new == self.old:
            return flow, self
        _check_free(flow, self.new)
        statements = tuple(self._in(statement) for statement in flow.module.statements)
        new = with_body(flow, "", replace(flow.module, statements=statements))
        return new, Restore("", flow.module, self.title)

    def _in(self, statement: Statement) -> Statement:
        if not isinstance(statement, Function):
            return _statement(statement, self.old, self.new, "")
        own = bound(statement.body) | set(re.findall(r"\w+", statement.parameters))
        if self.old in own:
            return statement  # a variable of the function has that name: it means itself
        return replace(statement, body=_block(statement.body, self.old, self.new))


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
        statements = tuple(self._in(statement) for statement in flow.module.statements)
        new = with_body(flow, "", replace(flow.module, statements=statements))
        new = renamed_tables(new, self.old, self.new)
        return new, Many((SetHeader(flow.header), Restore("", flow.module, self.title)), self.title)

    def _in(self, statement: Statement) -> Statement:
        old, new = self.old, self.new
        if isinstance(statement, Main):
            functions = tuple(_name(name, old, new) for name in statement.functions)
            if functions == statement.functions:
                return statement
            return replace(statement, functions=functions, raw=_in_raw(statement.raw, old, new))
        if not isinstance(statement, Function):
            return _statement(statement, old, new, "")
        if statement.name == old:
            head = None if statement.raw is None else re.sub(rf"\b{re.escape(old)}\b", new, statement.raw, count=1)
            statement = replace(statement, id=new, name=new, raw=head)
        own = bound(statement.body) | set(re.findall(r"\w+", statement.parameters))
        if old in own:
            return statement  # a variable of the function has that name: it means itself
        return replace(statement, body=_block(statement.body, old, new))


def _check_free(flow: Flow, name: str) -> None:
    """Refuse a name that is none, or that stands for something in the file: a variable would hide what is named so."""
    if not is_name(name):
        raise EditError(f"“{name}” is no name: use letters, digits and _, and no word of Python itself.")
    taken = ids(flow.module) | bound(flow.module) | set(flow.imports) | set(flow.functions)
    for function in flow.functions.values():
        taken |= bound(function.body) | set(re.findall(r"\w+", function.parameters))
    if name in taken:
        raise EditError(f"“{name}” exists already in this file.")


def is_name(text: str) -> bool:
    """Say whether a text can be a variable's name: an identifier in its normal form (NFKC), no keyword."""
    return text.isidentifier() and not keyword.iskeyword(text) and unicodedata.normalize("NFKC", text) == text


def bound(block: Block) -> set[str]:
    """Return the names that the statements of a block and below bind."""
    found: set[str] = set()
    for statement in block.statements:
        for inner in below(statement):
            match inner:
                case Call() | Bind() if inner.name:
                    found.add(inner.name)
                case Loop():
                    found.update(inner.targets)
                case Code():
                    found.update(inner.binds)
                case _:
                    pass
    return found


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
            note = _kept(statement.note, old, new)
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
            arms = tuple(_arm(arm, old, new) for arm in statement.arms)
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
    return replace(statement, raw=_in_raw(statement.raw, old, new), **changed)  # type: ignore[arg-type]


def _arm(arm: Arm, old: str, new: str) -> Arm:
    test = arm.test
    if isinstance(test, Ref):
        test = replace(test, name=_name(test.name, old, new))
    elif isinstance(test, Expression):
        test = _expression(test, old, new)
    inner = _block(arm.body, old, new)
    if test == arm.test and inner is arm.body:
        return arm
    raw = arm.raw if test == arm.test else _in_raw(arm.raw, old, new)
    return replace(arm, test=test, body=inner, raw=raw)


def _return(statement: Return, old: str, new: str) -> Return:
    values: list[Ref | Literal | Expression] = []
    for value in statement.values:
        values.append(_expression(value, old, new) if isinstance(value, Expression) else _value(value, old, new))
    if tuple(values) == statement.values:
        return statement
    return replace(statement, values=tuple(values), raw=_in_raw(statement.raw, old, new))


def _expression(expression: Expression, old: str, new: str) -> Expression:
    if old not in expression.reads:
        return expression
    text = in_code(expression.text, old, new)
    if text is None:
        raise EditError(f"“{old}” cannot be renamed in “{expression.text}”: rename it there by hand first.")
    return Expression(text, tuple(_name(name, old, new) for name in expression.reads))


def _code(statement: Code, old: str, new: str, indent: str | None) -> Code:
    off, mark, kept = statement.text.partition("...  # off: ")
    if mark and not off and (renamed := in_code(kept, old, new)) not in (None, kept):
        statement = replace(statement, text=f"{mark}{renamed}", raw=None)
    if old not in statement.reads and old not in statement.binds:
        return replace(statement, id=new) if statement.id == old else statement
    text = in_code(statement.text, old, new)
    if text is None:
        raise EditError(
            f"The code “{statement.id}” uses “{old}” in a way that cannot be renamed: rename it there by hand first."
        )
    raw = None
    if statement.raw is not None and "\n" not in statement.raw:
        raw = _in_raw(statement.raw, old, new)
    return replace(
        statement,
        id=_name(statement.id, old, new),
        text=text,
        raw=raw,
        reads=tuple(_name(name, old, new) for name in statement.reads),
        binds=tuple(_name(name, old, new) for name in statement.binds),
    )


def _kept(note: str, old: str, new: str) -> str:
    """Return a note with the name changed in the call that it keeps, where it keeps one (see `flow.switched`)."""
    mark, colon, text = note.partition(": ")
    renamed = in_code(text, old, new) if colon and mark in ("off", "bypass") else None
    return note if renamed is None else f"{mark}: {renamed}"


def _arguments(arguments: tuple[Argument, ...], old: str, new: str) -> tuple[Argument, ...]:
    return tuple(replace(argument, value=_value(argument.value, old, new)) for argument in arguments)


def _value(value: Ref | Literal, old: str, new: str) -> Ref | Literal:
    if isinstance(value, Ref):
        return replace(value, name=_name(value.name, old, new))
    head, dot, rest = value.text.partition(".")
    return Literal(new + dot + rest) if head == old else value


def _name(name: str, old: str, new: str) -> str:
    return new if name == old else name


# ------------------------------------------------------------------ in text
def in_code(text: str, old: str, new: str) -> str | None:
    """Return Python text with a variable renamed, or None where that is not safe.

    The result must parse to the same tree but for that name: what a hand wrote in an f-string, or a parameter of an
    inner function that has the same name, shows as a difference.
    """
    renamed = _tokens(text, old, new)
    if renamed is None:
        return None
    try:
        before, after = parse_tree(text), parse_tree(renamed)
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(before):
        inner = isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.comprehension)
        if inner and old in _own_names(node):
            return None
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
    return renamed if ast.dump(before) == ast.dump(after) else None


def _own_names(node: ast.AST) -> set[str]:
    """Return the names that an inner function, class or comprehension may bind for itself."""
    found: set[str] = set()
    for part in ast.walk(node):
        match part:
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case _:
                pass
    return found


def renamed_text(text: str, old: str, new: str) -> str:
    """Return an expression with a variable renamed; one that is no Python stays as it is."""
    renamed = _tokens(text, old, new)
    return text if renamed is None else renamed


def _in_raw(raw: str | None, old: str, new: str) -> str | None:
    """Return a statement's own text with a variable renamed, or None: it is rendered then."""
    return None if raw is None else _tokens(raw, old, new)


def _tokens(text: str, old: str, new: str) -> str | None:
    """Replace a name where it is a variable: not after a dot, not as the keyword of an argument."""
    lines = text.splitlines(keepends=True)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    skipped = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)
    tokens = [token for token in tokens if token.type not in skipped]
    depth = 0
    hits: list[tuple[int, int]] = []
    for number, token in enumerate(tokens):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        if token.type != tokenize.NAME or token.string != old:
            continue
        before = tokens[number - 1].string if number else ""
        after = tokens[number + 1].string if number + 1 < len(tokens) else ""
        if before != "." and not (depth and after == "=" and before in "(,"):
            hits.append(token.start)
    for row, column in reversed(hits):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[column + len(old) :]
    return "".join(lines)

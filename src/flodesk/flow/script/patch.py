"""A statement's own text after an edit: only what changed in it is written anew, comments and layout stay."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from flodesk.flow.model import (
    Argument,
    Arm,
    Bind,
    Call,
    Code,
    Docstring,
    Expression,
    Function,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Return,
    Statement,
)
from flodesk.flow.script.mapped import item_names, parts_of
from flodesk.flow.script.text import Text
from flodesk.flow.script.writer import argument_text, called_text, items_text, of_items, value_text, values_text
from flodesk.flow.syntax import parse_tree

S = TypeVar("S", bound=Statement | Arm)
_REST = re.compile(r"(?:[ \t\f;]|\\(?:\r\n|\r|\n))*(#[^\r\n]*)?(?=[\r\n]*\Z)")
_COLON = re.compile(r"(?:[ \t\f\r\n\\)]|#[^\r\n]*)*:")
_DEF = re.compile(r"(async[ \t\f\\\r\n]+)?(def[ \t\f\\\r\n]+)")
_COMMENT = re.compile(r"#[^\r\n]*")


class _Unfit(Exception):  # noqa: N818 - it says "render the statement", nothing went wrong
    """The change cannot be made in the text as it is laid out."""


def keep_text(old: Statement | Arm, new: S) -> S:
    """Give an edited statement the text of the old one, changed only where the two differ.

    Parameters
    ----------
    old : Statement or Arm
        As it was, with its text.
    new : Statement or Arm
        As it shall be; its own `raw` plays no part.

    Returns
    -------
    Statement or Arm
        `new` with that text; with no text, so that the writer renders it, where the change does not fit in.
    """
    if old.raw is None:
        return new if new.raw is None else replace(new, raw=None)
    try:
        raw: str | None = _patched(old, new, old.raw)
    except (_Unfit, SyntaxError, ValueError, RecursionError, MemoryError):
        raw = None
    return replace(new, raw=raw)


def with_argument(statement: Call | Loop | Bind, place: int | str, value: Ref | Literal | None) -> Call | Loop | Bind:
    """Return a statement with one argument changed, added or taken out, in its own layout.

    Parameters
    ----------
    statement : Call, Loop or Bind
        Of a Bind it is the value that changes, whatever the place.
    place : int or str
        The place among all arguments, or the keyword; a new keyword is added at the end.
    value : Ref, Literal or None
        None takes it out.

    Raises
    ------
    LookupError
        There is no argument at that place, or nothing to take out.
    """
    if isinstance(statement, Bind):
        if value is None:
            raise LookupError(f"{statement.name} needs a value")
        return keep_text(statement, replace(statement, value=value))
    arguments = list(statement.arguments)
    if isinstance(place, str):
        index = next((n for n, argument in enumerate(arguments) if argument.keyword == place), len(arguments))
    else:
        index = place
    new = index == len(arguments)
    if (new and value is None) or not 0 <= index <= len(arguments):
        raise LookupError(f"{statement.id} has no argument {place!r}")
    if value is None:
        del arguments[index]
    elif new:
        arguments.append(Argument(value, place if isinstance(place, str) else ""))
    else:
        arguments[index] = replace(arguments[index], value=value)
    return keep_text(statement, replace(statement, arguments=tuple(arguments)))


# ------------------------------------------------------------------ the text of one statement
@dataclass(slots=True)
class _Patch:
    """A text with the changes to make in it."""

    source: Text
    changes: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.source.text

    def put(self, start: int, end: int, text: str) -> None:
        if self.text[start:end] != text:
            self.changes.append((start, end, text))

    def over(self, node: ast.expr, text: str) -> None:
        self.put(self.source.start(node), self.source.end(node), text)

    def result(self) -> str:
        text = self.text
        for start, end, new in sorted(self.changes, reverse=True):
            text = text[:start] + new + text[end:]
        return text


def _parse(text: str) -> ast.stmt:
    (node,) = parse_tree(text, quiet=True).body
    return node


def _patched(old: Statement | Arm, new: Statement | Arm, raw: str) -> str:
    """Change a statement's text.

    Raises
    ------
    _Unfit
        The change cannot be made in it.
    """
    match old, new:
        case Call() | Bind(), Call() | Bind() if type(old) is type(new):
            return _simple(old, new, raw)
        case Loop(), Loop():
            return _loop(old, new, raw)
        case Return(), Return():
            return _return(old, new, raw)
        case Arm(), Arm():
            return _arm(old, new, raw)
        case Function(), Function() if (old.parameters, old.returns) == (new.parameters, new.returns):
            start = _DEF.match(raw)
            if not start or not raw.startswith(old.name, start.end()):
                raise _Unfit
            head = start[0] if old.asynchronous == new.asynchronous else f"async {start[0]}"
            if old.asynchronous and not new.asynchronous:
                head = start[2]
            return head + new.name + raw[start.end() + len(old.name) :]
        case Code(), Code() if old.text == new.text:
            return raw
        case Docstring(), Docstring() if old.value == new.value:
            return raw
        case Import(), Import() if (old.module, old.names) == (new.module, new.names):
            return raw
        case Main(), Main():
            return _main(old, new, raw)
        case _:
            raise _Unfit


def _main(old: Main, new: Main, raw: str) -> str:
    """Hand other functions over; what else the block does stays."""
    if old.functions == new.functions:
        return raw
    patch, node = _Patch(Text(raw)), _parse(raw)
    calls = [line.value for line in node.body if isinstance(line, ast.Expr)] if isinstance(node, ast.If) else []
    for call in calls if new.functions else []:
        given = call.args if isinstance(call, ast.Call) else []
        if given and tuple(a.id for a in given if isinstance(a, ast.Name)) == old.functions:
            patch.put(patch.source.start(given[0]), patch.source.end(given[-1]), ", ".join(new.functions))
            return patch.result()
    raise _Unfit


def _simple(old: Call | Bind, new: Call | Bind, raw: str) -> str:
    patch = _Patch(Text(raw))
    node = _parse(raw)
    if bool(old.name) != bool(new.name):
        raise _Unfit
    match node:
        case ast.Assign(targets=[ast.Name() as target]):
            patch.over(target, new.name)
            value = node.value
        case ast.Expr():
            value = node.value
        case _:
            raise _Unfit
    if isinstance(new, Bind):
        patch.over(value, new.value.text)
    elif isinstance(old, Call) and isinstance(new, Call) and (old.mapped or new.mapped):
        _mapped(patch, value, old, new)
    elif isinstance(old, Call):
        _call(patch, _awaited(patch, value, old, new), old, new)
    _note(patch, patch.source.end(node), old.note, new.note)
    text = patch.result()
    changed = _parse(text)
    right = changed.value if isinstance(changed, ast.Assign | ast.Expr) else None
    if right is None:
        raise _Unfit
    _check(right, new.value.text if isinstance(new, Bind) else called_text(new))
    return text


def _return(old: Return, new: Return, raw: str) -> str:
    patch = _Patch(Text(raw))
    node = _parse(raw)
    if not isinstance(node, ast.Return) or not old.values or not new.values:
        raise _Unfit
    assert node.value is not None
    several = isinstance(node.value, ast.Tuple) and len(old.values) > 1
    if several and isinstance(node.value, ast.Tuple) and len(old.values) == len(new.values):
        for part, value in zip(node.value.elts, new.values, strict=True):
            patch.over(part, value.text if isinstance(value, Expression) else value_text(value))
    else:
        patch.over(node.value, values_text(new))
    _note(patch, patch.source.end(node), old.note, new.note)
    text = patch.result()
    changed = _parse(text)
    if not isinstance(changed, ast.Return) or changed.value is None:
        raise _Unfit
    _check(changed.value, values_text(new))
    return text


def _mapped(patch: _Patch, value: ast.expr, old: Call, new: Call) -> None:
    """Change a call that runs for each item of an argument, or make it one."""
    was, now = old.mapped, new.mapped
    if was is None and now is not None and not old.awaited and now.each is not None and now.each.on_error == "fail":
        _call(patch, value, old, replace(new, arguments=of_items(new)))
        patch.put(patch.source.start(value), patch.source.start(value), "[")
        patch.put(patch.source.end(value), patch.source.end(value), f" {items_text(new)}]")
        return
    found = parts_of(value)
    if was is None or now is None or found is None or was.each != now.each or item_names(new) != found.items:
        raise _Unfit
    if len(old.mapped_over) != len(found.items):
        raise _Unfit
    of_old = iter(found.items)
    arguments = tuple(a if a.each is None else Argument(Ref(next(of_old)), a.keyword) for a in old.arguments)
    _call(patch, found.call, replace(old, arguments=arguments), replace(new, arguments=of_items(new)))
    for source, argument in zip(found.sources, new.mapped_over, strict=True):
        patch.over(source, value_text(argument.value))


def _awaited(patch: _Patch, value: ast.expr, old: Call, new: Call) -> ast.expr:
    """Put ``await`` before a call or take it away, and return the call itself."""
    call = value.value if isinstance(value, ast.Await) else value
    start = patch.source.start(value)
    if new.awaited and not old.awaited:
        patch.put(start, start, "await ")
    elif old.awaited and not new.awaited:
        word = re.compile(r"await[ \t\f]*").match(patch.text, start)
        if word is None:
            raise _Unfit
        patch.put(start, word.end(), "")
    return call


def _loop(old: Loop, new: Loop, raw: str) -> str:
    if old.called != new.called or old.awaited != new.awaited or len(old.targets) != len(new.targets):
        raise _Unfit
    source, node, _ = _head(raw, "for")
    if not isinstance(node, ast.For | ast.AsyncFor):
        raise _Unfit
    patch = _Patch(source)
    targets = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
    for target, name in zip(targets, new.targets, strict=True):
        patch.over(target, name)
    if new.called:
        _call(patch, node.iter, old, new)
    else:
        patch.over(node.iter, new.callee)
    colon = _COLON.match(raw, source.end(node.iter))
    if old.note != new.note:
        if not colon:
            raise _Unfit
        _note(patch, colon.end(), old.note, new.note)
    text = patch.result()
    _, changed, _ = _head(text, "for")
    if not isinstance(changed, ast.For | ast.AsyncFor):
        raise _Unfit
    _check(changed.iter, _call_text(new) if new.called else new.callee)
    return text


def _arm(old: Arm, new: Arm, raw: str) -> str:
    if old.test is None or new.test is None:
        if old.test is new.test:
            return raw
        raise _Unfit
    source, node, cut = _head(raw, "if")
    if not isinstance(node, ast.If):
        raise _Unfit
    patch = _Patch(source)
    patch.over(node.test, new.test.text)
    text = patch.result()
    _, changed, _ = _head(text, "if")
    if not isinstance(changed, ast.If):
        raise _Unfit
    _check(changed.test, new.test.text)
    return raw[:cut] + text


def _head(raw: str, word: str) -> tuple[Text, ast.stmt, int]:
    """Parse the head of a compound statement; of ``elif`` from its ``if`` on, which begins at the third result."""
    cut = 2 if word == "if" and raw.startswith("elif") else 0
    raw = raw[cut:]
    try:
        return Text(raw), _parse(raw), cut
    except SyntaxError:
        return Text(raw), _parse(raw.rstrip("\r\n") + "\n    pass\n"), cut


def _call_text(call: Call | Loop) -> str:
    return f"{call.callee}({', '.join(map(argument_text, call.arguments))})"


def _check(node: ast.expr, text: str) -> None:
    """Make sure that a changed text says what it should."""
    if ast.dump(node) != ast.dump(parse_tree(text, mode="eval").body):
        raise _Unfit


def _note(patch: _Patch, end: int, old: str, new: str) -> None:
    """Change the comment behind a statement that ends at an offset."""
    if old == new:
        return
    found = _REST.match(patch.text, end)
    if not found:
        raise _Unfit
    if found[1] is None:
        stop = len(patch.text[: found.end()].rstrip())
        patch.put(stop, found.end(), f"  # {new}")
    elif new:
        patch.put(found.start(1), found.end(1), f"# {new}")
    else:
        patch.put(len(patch.text[: found.start(1)].rstrip()), found.end(1), "")


# ------------------------------------------------------------------ the arguments of a call
def _call(patch: _Patch, node: ast.expr, old: Call | Loop, new: Call | Loop) -> None:
    """Change callee and arguments: each old one is kept, changed or taken out, new ones go behind."""
    if not isinstance(node, ast.Call):
        raise _Unfit
    if old.callee != new.callee:
        patch.over(node.func, new.callee)
    if old.arguments == new.arguments:
        return
    parts: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    if len(parts) != len(old.arguments):
        raise _Unfit
    positional = [a for a in new.arguments if not a.keyword]
    named = {a.keyword: a for a in new.arguments if a.keyword}
    kept: list[int] = []
    for number, argument in enumerate(old.arguments):
        if argument.keyword:
            successor = named.pop(argument.keyword, None)
        else:
            successor = positional.pop(0) if positional else None
        if successor is None:
            continue
        kept.append(number)
        part = parts[number]
        if successor.value != argument.value:
            patch.over(part.value if isinstance(part, ast.keyword) else part, value_text(successor.value))
    added = [*positional, *named.values()]
    gone = [n for n in range(len(parts)) if n not in kept]
    closing = patch.source.end(node) - 1
    ends = [_outer_end(patch, part, following) for part, following in _pairs(patch, parts, closing)]
    if gone and added:
        positional = []
        _put_instead(patch, parts, ends, gone, added, old.arguments)
    if gone:
        _take_out(patch, parts, ends, gone, closing)
    elif added and positional and node.keywords:
        raise _Unfit
    elif added:
        _add(patch, parts, ends, added, closing)


def _pairs(
    patch: _Patch, parts: Sequence[ast.expr | ast.keyword], closing: int
) -> list[tuple[ast.expr | ast.keyword, int]]:
    """Give each argument with the offset at which the next one starts."""
    starts = [patch.source.start(part) for part in parts]
    return list(zip(parts, [*starts[1:], closing], strict=False))


def _outer_end(patch: _Patch, part: ast.expr | ast.keyword, following: int) -> int:
    """Offset behind an argument, brackets around it included."""
    end = patch.source.end(part)
    between = _COMMENT.sub(lambda found: " " * len(found[0]), patch.text[end:following])
    comma = between.find(",")
    return end + between.rfind(")", 0, comma if comma >= 0 else len(between)) + 1


def _put_instead(
    patch: _Patch,
    parts: Sequence[ast.expr | ast.keyword],
    ends: list[int],
    gone: list[int],
    added: list[Argument],
    old: Sequence[Argument],
) -> None:
    """Write new arguments in the place of some that go: of those with the same value, else in their order.

    What is left to be taken out stays in `gone`, what is left to be added in `added`.
    """
    for same in (True, False):
        for argument in list(added):
            number = next((n for n in gone if not same or old[n].value == argument.value), None)
            if number is not None:
                patch.put(patch.source.start(parts[number]), ends[number], argument_text(argument))
                gone.remove(number)
                added.remove(argument)


def _take_out(
    patch: _Patch, parts: Sequence[ast.expr | ast.keyword], ends: list[int], gone: list[int], closing: int
) -> None:
    """Take arguments out, each with the comma before it, the first ones with the comma behind."""
    kept = [n for n in range(len(parts)) if n not in gone]
    starts = [*(patch.source.start(part) for part in parts), closing]
    for number in gone:
        if not kept or number < kept[0]:
            before, span = starts[number], (starts[number], starts[number + 1])
        else:
            before, span = ends[number - 1], (ends[number - 1], ends[number])
        around = patch.text[before : starts[number]], patch.text[ends[number] : starts[number + 1]]
        if any(map(_COMMENT.search, around)):
            _take_off(patch, starts[number], ends[number], starts[number + 1])
        else:
            patch.put(*span, "")


def _take_off(patch: _Patch, start: int, end: int, following: int) -> None:
    """Take an argument and the comma behind it out of lines with comments: these stay where they are."""
    text = patch.text
    between = _COMMENT.sub(lambda found: " " * len(found[0]), text[end:following])
    end += between.find(",") + 1
    line, stop = patch.source.line_start(start), min(p for p in (text.find("\n", end), len(text)) if p >= 0)
    rest = text[end:stop].strip()
    if not text[line:start].strip() and line > 0:
        if rest:  # its comment gets the line
            patch.put(start, stop - len(text[end:stop].lstrip()), "")
        else:
            patch.put(line, stop + 1, "")
    else:
        patch.put(line + len(text[line:start].rstrip()), end, "")


def _add(
    patch: _Patch, parts: Sequence[ast.expr | ast.keyword], ends: list[int], added: list[Argument], closing: int
) -> None:
    """Put new arguments behind the last one, on lines of their own where that one is on its own."""
    texts = list(map(argument_text, added))
    if not parts:
        opening = patch.text.rfind("(", 0, closing)
        if patch.text[opening + 1 : closing].strip():
            raise _Unfit
        patch.put(opening + 1, closing, ", ".join(texts))
        return
    start = patch.source.start(parts[-1])
    line = patch.source.line_start(start)
    indent = patch.text[line:start]
    alone = line > 0 and not indent.strip()
    joint = f",\n{indent}" if alone else ", "
    comment = _COMMENT.search(patch.text, ends[-1], closing)
    if comment is None:
        patch.put(ends[-1], ends[-1], joint + joint.join(texts))
        return
    if not alone:
        raise _Unfit
    # The comment speaks of the argument that was last: it stays with it.
    comma = "," in patch.text[ends[-1] : comment.start()]
    if not comma:
        patch.put(ends[-1], ends[-1], ",")
    patch.put(comment.end(), comment.end(), f"\n{indent}" + joint.join(texts) + ("," if comma else ""))

"""What two statements that are one say differently."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from flodesk.flow.diff.difference import Kind
from flodesk.flow.diff.pairs import Pairs
from flodesk.flow.diff.side import Item
from flodesk.flow.edit.in_text import in_code
from flodesk.flow.model import (
    Arm,
    Bind,
    Call,
    Code,
    Docstring,
    Expression,
    Function,
    Literal,
    Loop,
    Main,
    Ref,
    Return,
    Statement,
    Switch,
)  # fmt: skip
from flodesk.flow.names import arm_label
from flodesk.flow.script.writer import statement_text
from flodesk.flow.slots import Slot
from flodesk.flow.switched import how

Found: TypeAlias = tuple[Kind, str, str, str]
"""Kind, part, old and new of a difference."""
Value: TypeAlias = Ref | Literal | Expression


def changes(pairs: Pairs, before: Item, after: Item) -> list[Found]:
    """Say what is different; what is inside of a loop, a switch or a function is not looked at."""
    if before.statement is after.statement and pairs.steady():
        return []
    found = list(_changes(pairs, before.statement, after.statement))
    return found + list(_texts(pairs, before.statement, after.statement, bool(found)))


def line_of(statement: Statement) -> str:
    """Write a statement in one plain line; of a compound one its head."""
    if isinstance(statement, Switch):
        return arm_label(statement, 0)
    return statement_text(statement).removesuffix(":")


def _changes(pairs: Pairs, before: Statement, after: Statement) -> Iterator[Found]:
    yield from _names(before, after)
    match before, after:
        case Call(), Call():
            yield from _calls(pairs, before, after)
        case Loop(), Loop():
            yield from _calls(pairs, before, after)
        case Bind(), Bind():
            yield from _value(pairs, "value", before.value, after.value)
        case Switch(), Switch():
            yield from _arms(pairs, before, after)
        case Code(), Code():
            for name in before.binds:
                if (now := pairs.names.get(name, name)) != name:
                    yield "renamed", "", name, now
            if _renamed(pairs, before.text, (*before.reads, *before.binds)) != after.text:
                yield "code", "", before.text, after.text
        case Return(), Return():
            yield from _values(pairs, before.values, after.values)
        case Docstring(), Docstring():
            if before.value != after.value:
                yield "docstring", "", before.value, after.value
        case Function(), Function():
            if _head(before) != _head(after):
                yield "signature", "", _head(before), _head(after)
        case Main(), Main():
            if tuple(pairs.name(name) for name in before.functions) != after.functions:
                yield "main", "", ", ".join(before.functions), ", ".join(after.functions)
        case _ if type(before) is not type(after):
            yield "type", "", line_of(before), line_of(after)
        case _:
            pass
    note, other = (getattr(statement, "note", "") for statement in (before, after))
    if note != other and (type(before) is type(after) or how(before) == how(after)):
        yield "note", "", note, other


def _names(before: Statement, after: Statement) -> Iterator[Found]:
    match before, after:
        case (Call() | Bind() | Function(), Call() | Bind() | Function()) if before.name != after.name:
            yield "renamed", "", before.name, after.name
        case Loop(), Loop() if before.targets != after.targets:
            yield "renamed", "", ", ".join(before.targets), ", ".join(after.targets)
        case _:
            pass


def _head(function: Function) -> str:
    returns = f" -> {function.returns}" if function.returns else ""
    return f"{'async ' if function.asynchronous else ''}({function.parameters}){returns}"


# ------------------------------------------------------------------ calls
def _calls(pairs: Pairs, before: Call | Loop, after: Call | Loop) -> Iterator[Found]:
    called = [(s.called if isinstance(s, Loop) else True) for s in (before, after)]
    other = pairs.callee(True, before.callee) != pairs.callee(False, after.callee) or called[0] != called[1]
    if other:
        mine, its = before.callee, after.callee
        if mine == its:
            mine, its = pairs.old.flow.resolve(mine), pairs.new.flow.resolve(its)
        if mine == its:  # the same name, for something that is called otherwise now
            mine = pairs.callee(True, before.callee).lstrip("·?")
        yield "type", "", mine, its
    if before.awaited != after.awaited:
        yield "parameter", "await", "await" if before.awaited else "", "await" if after.awaited else ""
    mapped = [_mapped_words(s) for s in (before, after)]
    if mapped[0] != mapped[1]:
        yield "parameter", "map", mapped[0], mapped[1]
    keys = [
        tuple((a.keyword, pairs.value(old, a.value), a.each) for a in s.arguments)
        for old, s in ((True, before), (False, after))
    ]
    if keys[0] == keys[1]:  # nearly always: which argument is which parameter need not be known
        return
    slots = pairs.old.slots(before), pairs.new.slots(after)
    if other:  # parameters have other names: what is passed by position is compared by position
        positions = [[s for s in row if s.argument is not None and not s.argument.keyword] for row in slots]
        for number in range(max(map(len, positions))):
            pair = [row[number] if number < len(row) else None for row in positions]
            name = next(slot.name for slot in reversed(pair) if slot is not None)
            yield from _value(pairs, name, _given(pair[0]), _given(pair[1]))
    named = [_by_name(row, keywords=other) for row in slots]
    for name in dict.fromkeys((*named[0], *named[1])):
        yield from _value(pairs, name, named[0].get(name), named[1].get(name))
    many = [_many(row) if not other else {} for row in slots]
    for name in dict.fromkeys((*many[0], *many[1])):
        yield from _rows(pairs, name, many[0].get(name, []), many[1].get(name, []))


def _mapped_words(statement: Call | Loop) -> str:
    """Say what a call is mapped over, and what an item does that fails."""
    found = statement.mapped if isinstance(statement, Call) else None
    if found is None or found.each is None:
        return ""
    assert isinstance(statement, Call)
    over = " and ".join(argument.value.text for argument in statement.mapped_over)
    return over if found.each.on_error == "fail" else f"{over} ({found.each.on_error})"


def _given(slot: Slot | None) -> Value | None:
    return slot.argument.value if slot is not None and slot.argument is not None else None


def _by_name(slots: Sequence[Slot], keywords: bool) -> dict[str, Value]:
    """Return the values of a call by their parameters, or of those alone that are passed by keyword."""
    return {
        slot.name: slot.argument.value
        for slot in slots
        if slot.argument is not None and not _is_many(slot) and (slot.argument.keyword or not keywords)
    }


def _is_many(slot: Slot) -> bool:
    return slot.parameter is not None and slot.parameter.passing == "many"


def _many(slots: Sequence[Slot]) -> dict[str, list[Value]]:
    """Return what goes into each ``*values``."""
    found: dict[str, list[Value]] = {}
    for slot in slots:
        if slot.parameter is not None and _is_many(slot) and slot.argument is not None:
            found.setdefault(slot.parameter.name, []).append(slot.argument.value)
    return found


def _rows(pairs: Pairs, name: str, mine: list[Value], its: list[Value]) -> Iterator[Found]:
    """Compare what goes into ``*values``: one taken out is one, and not a shift of all behind it."""
    keys = [[pairs.value(True, value) for value in mine], [pairs.value(False, value) for value in its]]
    if keys[0] == keys[1]:
        return
    for kind, a, b, c, d in difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for step in range(max(b - a, d - c)):
            old = mine[a + step] if a + step < b else None
            new = its[c + step] if c + step < d else None
            yield from _value(pairs, f"{name}[{(c if new is not None else a) + step}]", old, new)


def _value(pairs: Pairs, part: str, before: Value | None, after: Value | None) -> Iterator[Found]:
    mine = pairs.value(True, before) if before is not None else None
    its = pairs.value(False, after) if after is not None else None
    if mine == its:
        return
    if isinstance(before, Expression) and isinstance(after, Expression):
        if _renamed(pairs, before.text, before.reads) == after.text:
            return
    elif isinstance(before, Literal) and isinstance(after, Literal) and _same(before, after):
        return
    wired = isinstance(before, Ref) or isinstance(after, Ref)
    old, new = (value.text if value is not None else "" for value in (before, after))
    yield ("wire" if wired else "parameter"), part, old, new


def _same(before: Literal, after: Literal) -> bool:
    """Say whether two literals are one value written in two ways (``1_000`` and ``1000``)."""
    a, b = before.value, after.value
    return type(a) is type(b) and repr(a) == repr(b)


def _values(pairs: Pairs, mine: Sequence[Value], its: Sequence[Value]) -> Iterator[Found]:
    single = len(mine) < 2 and len(its) < 2
    for number in range(max(len(mine), len(its))):
        part = "value" if single else f"value[{number}]"
        before = mine[number] if number < len(mine) else None
        after = its[number] if number < len(its) else None
        yield from _value(pairs, part, before, after)


def _renamed(pairs: Pairs, text: str, names: Sequence[str]) -> str:
    """Write code with the names that its variables have now."""
    for name in dict.fromkeys(names):
        now = pairs.name(name)
        if now != name and not now.startswith("?"):
            text = in_code(text, name, now) or text
    return text


# ------------------------------------------------------------------ switches
def _arms(pairs: Pairs, before: Switch, after: Switch) -> Iterator[Found]:
    number = next(item.number for item in pairs.old.items if item.statement is before)
    left = set(range(len(after.arms)))
    for mine, arm in enumerate(before.arms):
        its = pairs.new_arm(number, mine)
        if its is None:
            yield "arm", str(mine), arm_label(before, mine), ""
            continue
        left.discard(its)
        other = after.arms[its]
        if pairs.test(True, arm) != pairs.test(False, other) and any(_value(pairs, "", arm.test, other.test)):
            yield "arm", str(its), arm_label(before, mine), arm_label(after, its)
    for its in sorted(left):
        yield "arm", str(its), "", arm_label(after, its)


# ------------------------------------------------------------------ comments and layout
def _texts(pairs: Pairs, before: Statement, after: Statement, told: bool) -> Iterator[Found]:
    """Compare the comments above, and where nothing else is different how the line is written."""
    mine, its = _lines(before), _lines(after)
    if _comments(mine) != _comments(its):
        yield "text", "comment", _comments(mine), _comments(its)
    elif not told and _layout(mine) != _layout(its) and (pairs.steady() or _plain(mine) == _plain(its)):
        yield "text", "layout", "", ""


def _lines(statement: Statement) -> list[Statement | Arm]:
    return [*statement.arms] if isinstance(statement, Switch) else [statement]


def _comments(lines: Sequence[Statement | Arm]) -> str:
    """Return the comments that stand on lines of their own, before a statement and after those inside of it."""
    texts = [line.lead for line in lines]
    texts += [line.body.tail for line in lines if isinstance(line, Loop | Function | Arm)]
    return "\n".join(row.strip() for text in texts for row in text.splitlines() if row.strip())


def _layout(lines: Sequence[Statement | Arm]) -> list[str]:
    """Return how lines are written."""
    return [line.raw if line.raw is not None else plain for line, plain in zip(lines, _plain(lines), strict=True)]


def _plain(lines: Sequence[Statement | Arm]) -> list[str]:
    """Return how flodesk would write them: where that is different a name is, and the layout cannot be compared."""
    return [statement_text(line, number == 0) for number, line in enumerate(lines)]

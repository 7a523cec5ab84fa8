"""A text that a hand has changed, read as a change of the flow: nodes that are still there keep id and place.

The text alone does not say that `gain = ...` is what `factor = ...` was, or that the second ``if`` of a function was
its first one before. Beside the flow as it was it can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import count

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit, EditError, Many, SetParameter, SetText
from flodesk.flow.edit.header import TABLES, renamed_header, renamed_tables, setting
from flodesk.flow.model import Block, Call, Flow, Function, Literal, Loop, Ref, Statement, Switch
from flodesk.flow.script import read, write
from flodesk.flow.script.header import header_span
from flodesk.flow.script.ids import kinds, own_statements, taken, with_ids
from flodesk.flow.script.writer import statement_text
from flodesk.flow.slots import parameters_of

TITLE = "Edit the script"
MOST_LITERALS = 8
"""Changed literals up to which a new text is told as changes of parameters."""

Pair = tuple[Statement, Statement]


def retyped(flow: Flow, text: str, catalog: Catalog | None = None, title: str = TITLE) -> Edit | None:
    """Return the edit that turns a flow into what a text says; None if it is the flow's own text.

    The text is written with line feeds alone, whatever ends the lines of the file.

    Parameters
    ----------
    catalog : Catalog, optional
        With it, a text in which nothing but literals differ is told as `SetParameter`: that is what a run takes live.

    Raises
    ------
    ScriptError
        The text is no Python, or its header is no TOML; `line` says where.
    """
    text = text if flow.newline == "\n" else text.replace("\n", flow.newline)
    if text == write(flow):
        return None
    new = read(text)
    if new.newline != flow.newline and "\n" not in text:
        new = replace(new, newline=flow.newline)  # no line has an end now: those to come are as before
    new = replace(kept(flow, new), encoding=flow.encoding)
    small = _literals(flow, new, catalog) if catalog is not None else None
    return small or SetText(write(new), title, flow.encoding, new)


def kept(old: Flow, new: Flow) -> Flow:
    """Return `new` with the ids and places that its nodes have in `old`; what is the same is shared.

    A header that a hand has changed stays as it was written.
    """
    pairs: list[Pair] = []
    as_before = _header_text(write(old)) == _header_text(write(new))
    new = replace(new, module=_shared(old.module, new.module, pairs))
    if not as_before:
        return new
    new = replace(new, header=old.header)
    return _with_ids(_with_places(old, new, pairs), pairs)


def _header_text(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = header_span(lines)
    return lines[slice(*found)] if found else []


# ------------------------------------------------------------------ which statement is which
def _shared(old: Block, new: Block, pairs: list[Pair]) -> Block:
    """Put the statements of `old` into `new` where they are the same, and note which goes on as which."""
    found: list[Statement] = list(new.statements)
    for was, now in _matched(old.statements, new.statements):
        before, after = old.statements[was], found[now]
        if before == after and _texts(before) == _texts(after):
            found[now] = before
            pairs += [(s, s) for s in own_statements(Block(statements=(before,)))]
            if isinstance(before, Function):
                pairs += [(s, s) for s in own_statements(before.body)]
            continue
        match before, after:
            case Function() | Loop(), Function() | Loop():
                after = replace(after, body=_shared(before.body, after.body, pairs))
            case (Switch(), Switch()):
                arms = list(after.arms)
                for number, (one, other) in enumerate(zip(before.arms, after.arms, strict=False)):
                    arms[number] = replace(other, body=_shared(one.body, other.body, pairs))
                after = replace(after, arms=tuple(arms))
            case _:
                pass
        found[now] = after
        pairs.append((before, after))
    return replace(new, statements=tuple(found))


def _matched(old: Sequence[Statement], new: Sequence[Statement]) -> Iterator[tuple[int, int]]:
    """Say which statement of a block goes on as which: those with the same head, and what stands between them alone."""
    before, after = [_head(s) for s in old], [_head(s) for s in new]
    top, shorter = 0, min(len(before), len(after))
    while top < shorter and before[top] == after[top]:
        yield top, top
        top += 1
    below = 0
    while below < shorter - top and before[-1 - below] == after[-1 - below]:
        below += 1
    end, new_end = len(before) - below, len(after) - below
    codes = SequenceMatcher(None, before[top:end], after[top:new_end], autojunk=False).get_opcodes()
    for tag, a, b, c, d in codes:
        if tag == "equal" or (tag == "replace" and b - a == d - c):
            yield from (
                (top + a + n, top + c + n) for n in range(b - a) if type(old[top + a + n]) is type(new[top + c + n])
            )
    yield from ((len(before) - n, len(after) - n) for n in range(below, 0, -1))


def _head(statement: Statement) -> tuple[str, str]:
    first = statement.arms[0] if isinstance(statement, Switch) else statement
    return type(statement).__name__, first.raw if first.raw is not None else statement_text(first)


def _texts(statement: Statement) -> list[object]:
    """Return all that `==` does not look at: the layout of a statement and of what is in it."""
    found: list[object] = [statement.lead, statement.raw, statement.ending]
    match statement:
        case Function() | Loop():
            found += _layout(statement.body)
        case Switch():
            for arm in statement.arms:
                found += [arm.lead, arm.raw, arm.ending, *_layout(arm.body)]
        case _:
            pass
    return found


def _layout(block: Block) -> list[object]:
    return [block.indent, block.tail, block.filler, *(text for s in block.statements for text in _texts(s))]


# ------------------------------------------------------------------ ids and places go on
def _with_ids(new: Flow, pairs: list[Pair]) -> Flow:
    """Let statements without a name keep the ids that they had, in functions where the header has a place for one."""
    was = {id(after): before.id for before, after in pairs}

    def renumbered(function: Function) -> Function:
        block = function.body
        own = list(own_statements(block))
        numbers = [s for s, kind in zip(own, kinds(block), strict=True) if kind]
        names = taken(block, function.parameters)
        wanted = [was.get(id(s), "") for s in numbers]
        wanted = [name if name not in names and wanted.count(name) == 1 else "" for name in wanted]
        if not _said_of(new, function.name) & set(wanted):
            return function
        used = names | set(wanted)
        for number, statement in enumerate(numbers):
            if not wanted[number]:
                kind = statement.id.rpartition("_")[0]
                wanted[number] = next(name for n in count(1) if (name := f"{kind}_{n}") not in used)
                used.add(wanted[number])
        if wanted == [s.id for s in numbers]:
            return function
        return replace(function, body=with_ids(block, wanted, function.parameters))

    statements = tuple(renumbered(s) if isinstance(s, Function) else s for s in new.module.statements)
    return replace(new, module=replace(new.module, statements=statements))


def _said_of(flow: Flow, function: str) -> set[str]:
    """Return the ids of a function that the header says something of."""
    header = flow.header
    shown = {view.shows.partition(".")[0] for view in header.panel.get(function, {}).values()}
    lines = (name for table in TABLES for name in setting(flow, table, function))
    return {*header.canvas.get(function, {}), *shown, *lines}


def _with_places(old: Flow, new: Flow, pairs: list[Pair]) -> Flow:
    """Let nodes and functions that go by another name now keep their places, views and settings."""
    was = {id(after): before for before, after in pairs}
    for now in new.functions.values():
        before = was.get(id(now))
        if before is None or before.id == now.id or before.id in new.functions or now.id in old.functions:
            continue
        new = renamed_tables(new, before.id, now.id)
    for name, now in new.functions.items():
        before = was.get(id(now))
        if before is now or not isinstance(before, Function):
            continue
        gone = _named(before.body) - (here := _named(now.body))
        for statement in own_statements(now.body):
            old_one = was.get(id(statement))
            if old_one is not None and old_one.id in gone and statement.id in here - _named(before.body):
                new = renamed_header(new, name, old_one.id, statement.id)
    return new


def _named(block: Block) -> set[str]:
    """Return the ids that are variables: those of statements that are not numbered."""
    return {s.id for s, kind in zip(own_statements(block), kinds(block), strict=True) if not kind}


# ------------------------------------------------------------------ nothing but literals
def _literals(old: Flow, new: Flow, catalog: Catalog) -> Edit | None:
    """Return the change of a few literals as what it is; None where more is different."""
    if new.header is not old.header or list(new.functions) != list(old.functions):
        return None
    edits: list[SetParameter] = []
    for name, function in new.functions.items():
        if old.functions[name] is function:
            continue
        before, after = list(own_statements(old.functions[name].body)), list(own_statements(function.body))
        if len(before) != len(after):
            return None
        for one, other in zip(before, after, strict=True):
            if one is not other and _head(one) != _head(other):
                found = _literals_of(old, name, one, other, catalog)
                if found is None or len(edits) + len(found) > MOST_LITERALS:
                    return None
                edits += found
    if not edits:
        return None
    edit: Edit = edits[0] if len(edits) == 1 else Many(tuple(edits), TITLE)
    try:
        done, _ = edit.apply(old)
    except EditError:
        return None
    return edit if write(done) == write(new) else None  # all else that differs (a comment, spacing) is in the text


def _literals_of(
    flow: Flow, function: str, old: Statement, new: Statement, catalog: Catalog
) -> list[SetParameter] | None:
    """Return which literals of one statement differ; None if anything else does."""
    if not isinstance(old, Call | Loop) or type(old) is not type(new):
        return None
    assert isinstance(new, Call | Loop)
    if (old.id, old.callee, len(old.arguments)) != (new.id, new.callee, len(new.arguments)):
        return None
    found = []
    for place, (one, other) in enumerate(zip(old.arguments, new.arguments, strict=True)):
        if one == other:
            continue
        if one.keyword != other.keyword or isinstance(one.value, Ref) or not isinstance(other.value, Literal):
            return None
        if one.keyword:
            found.append(SetParameter(function, old.id, one.keyword, other.value))
            continue
        parameters = parameters_of(flow, catalog.find(flow.resolve(old.callee)), old)
        if parameters is None or place >= len(parameters) or any(p.passing == "many" for p in parameters[: place + 1]):
            return None
        found.append(SetParameter(function, old.id, parameters[place].name, other.value, place))
    return found

"""Finding statements in the tree and putting others in their place: what every edit is made of.

A path is the way from a function's body to a statement: its index, then (below a loop) the index in the body, or (below
a switch) the arm and the index in it, and so on. `Flow.index` is not used here: it would be built anew for each flow,
which at 2,000 nodes costs more than the whole edit, and a slider's drag makes an edit for each step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

from flodesk.flow.apart import apart
from flodesk.flow.edit.base import EditError
from flodesk.flow.model import (
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Flow,
    Function,
    Loop,
    Region,
    Return,
    Statement,
    Switch,
)
from flodesk.flow.names import binds_of
from flodesk.flow.script.ids import kinds, own_statements, taken, with_ids

Path = tuple[int, ...]
STEP = "    "
_FEW = 50
"""So many statements that came or went are looked at one by one."""


def body(flow: Flow, function: str) -> Block:
    """Return a function's body; of ``""`` the module.

    Raises
    ------
    EditError
        There is no such function.
    """
    if not function:
        return flow.module
    return _function(flow, function)[1].body


def _function(flow: Flow, name: str) -> tuple[int, Function]:
    """Find a function of the file; the last one of that name, as Python would."""
    for number in range(len(flow.module.statements) - 1, -1, -1):
        statement = flow.module.statements[number]
        if isinstance(statement, Function) and statement.name == name:
            return number, statement
    raise EditError(f"There is no function “{name}” in this flow.")


def with_body(flow: Flow, function: str, new: Block) -> Flow:
    """Return the flow with another body of one function (of ``""``: another module)."""
    if not function:
        return replace(flow, module=new)
    number, old = _function(flow, function)
    module = replace(flow.module, statements=put(flow.module.statements, number, replace(old, body=new)))
    return replace(flow, module=module)


def put(statements: tuple[Statement, ...], index: int, *new: Statement) -> tuple[Statement, ...]:
    """Return the statements with the one at `index` replaced by none, one or several others."""
    return (*statements[:index], *new, *statements[index + 1 :])


def path_to(block: Block, name: str) -> Path | None:
    """Return the path of the statement with that id, or None."""
    for number, statement in enumerate(block.statements):
        if statement.id == name:
            return (number,)
        if isinstance(statement, Loop):
            if (rest := path_to(statement.body, name)) is not None:
                return (number, *rest)
        elif isinstance(statement, Switch):
            for arm, part in enumerate(statement.arms):
                if (rest := path_to(part.body, name)) is not None:
                    return (number, arm, *rest)
    return None


def find(flow: Flow, function: str, name: str) -> tuple[Path, Statement]:
    """Return a statement and its path.

    Raises
    ------
    EditError
        There is none with that id.
    """
    block = body(flow, function)
    path = path_to(block, name)
    if path is None:
        where = f"in “{function}”" if function else "at the module's level"
        raise EditError(f"There is no “{name}” {where}: it was removed or renamed.")
    return path, statement_at(block, path)


def statement_at(block: Block, path: Path) -> Statement:
    """Return the statement at a path."""
    while True:
        statement = block.statements[path[0]]
        if len(path) == 1:
            return statement
        block, path = _enter(statement, path)


def _enter(statement: Statement, path: Path) -> tuple[Block, Path]:
    """Return the block below a compound statement that a path goes into, and the rest of the path."""
    if isinstance(statement, Loop):
        return statement.body, path[1:]
    assert isinstance(statement, Switch)
    return statement.arms[path[1]].body, path[2:]


def region_at(function: str, block: Block, path: Path) -> Region:
    """Return the region of the statement at a path."""
    region = Region(function)
    while len(path) > 1:
        statement = block.statements[path[0]]
        region = Region(function, statement.id, path[1] if isinstance(statement, Switch) else 0)
        block, path = _enter(statement, path)
    return region


def change(block: Block, path: Path, make: Callable[[Block, int], Block]) -> Block:
    """Return the block with the one that a path ends in changed by ``make(block, index)``; all else is shared."""
    if len(path) == 1:
        return make(block, path[0])
    statement = block.statements[path[0]]
    inner, rest = _enter(statement, path)
    inner = change(inner, rest, make)
    new: Statement
    if isinstance(statement, Loop):
        new = replace(statement, body=inner)
    else:
        assert isinstance(statement, Switch)
        arms = list(statement.arms)
        arms[path[1]] = replace(arms[path[1]], body=inner)
        new = replace(statement, arms=tuple(arms))
    return replace(block, statements=put(block.statements, path[0], new))


def with_statement(flow: Flow, function: str, path: Path, new: Statement) -> Flow:
    """Return the flow with another statement at a path."""

    def make(block: Block, index: int) -> Block:
        return replace(block, statements=put(block.statements, index, new))

    return with_body(flow, function, change(body(flow, function), path, make))


def without_statement(flow: Flow, function: str, path: Path) -> Flow:
    """Return the flow without the statement at a path."""

    def make(block: Block, index: int) -> Block:
        return replace(block, statements=put(block.statements, index))

    return with_body(flow, function, change(body(flow, function), path, make))


def with_block(flow: Flow, region: Region, make: Callable[[Block], Block]) -> Flow:
    """Return the flow with the block of a region changed.

    Raises
    ------
    EditError
        There is no such region.
    """
    whole = body(flow, region.function)
    if not region.owner:
        return with_body(flow, region.function, make(whole))
    path, owner = find(flow, region.function, region.owner)
    if isinstance(owner, Loop):
        new: Statement = replace(owner, body=make(owner.body))
    elif isinstance(owner, Switch) and 0 <= region.arm < len(owner.arms):
        arms = list(owner.arms)
        arms[region.arm] = replace(arms[region.arm], body=make(arms[region.arm].body))
        new = replace(owner, arms=tuple(arms))
    else:
        raise EditError(f"“{region.owner}” has no place for statements.")
    return with_statement(flow, region.function, path, new)


def insert(flow: Flow, region: Region, index: int, *new: Statement) -> Flow:
    """Return the flow with statements put in before the `index`-th of a region.

    Raises
    ------
    EditError
        There is no such region, it has fewer statements, or what leaves the function would not be its last one.
    """
    last = region.function and not region.owner

    def make(block: Block) -> Block:
        behind = index == len(block.statements) and index and isinstance(block.statements[-1], Return)
        if behind or any(isinstance(s, Return) and not (last and index == len(block.statements)) for s in new):
            raise EditError("The return is the last statement of its function: nothing can stand behind it.")
        if not 0 <= index <= len(block.statements):
            owner = region.owner or region.function
            raise EditError(
                f"{', '.join(f'“{statement.id}”' for statement in new)} cannot go to that place of “{owner}”: there are"
                " fewer nodes there now. Nothing was changed; look at the canvas, and do it again."
            )
        return replace(block, statements=(*block.statements[:index], *new, *block.statements[index:]))

    return with_block(flow, region, make)


def below(statement: Statement) -> Iterator[Statement]:
    """Give a statement and all that stand in it, but for those of a function, which has names of its own."""
    yield statement
    if isinstance(statement, Loop):
        yield from own_statements(statement.body)
    elif isinstance(statement, Switch):
        for arm in statement.arms:
            yield from own_statements(arm.body)


def ids(block: Block) -> set[str]:
    """Return the ids of all statements of a function's body (of the module: without those of its functions)."""
    return {statement.id for statement in own_statements(block)}


def names_stay(before: Block, after: Block) -> bool:
    """Say whether an edit leaves the ids of all statements that it leaves alone as the text says them.

    Surely so where calls come and go of which each alone binds its name, and goes by it.
    """
    one, other = own_statements(before), own_statements(after)
    here, there = apart(list(map(id, one)), list(map(id, other)))
    went, came = one[here], other[there]
    if max(len(went), len(came)) > _FEW:
        return False
    names = {statement.id for statement in (*went, *came)}
    calls = all(isinstance(s, Call) and s.id == s.name for s in (*went, *came))
    if not calls or len({s.id for s in came}) < len(came):
        return False
    for statement in (*other[: there.start], *other[there.stop :]):
        if isinstance(statement, Call):
            clash = statement.name in names or statement.id in names
        else:
            clash = not names.isdisjoint((statement.id, *binds_of(statement)))
        if clash:
            return False
    return True


def settled(block: Block, parameters: str) -> Block:
    """Return a function's body with the ids that a reader would find; the very same block if it has them.

    What binds a name alone goes by it. The others keep the numbers that they have, so that the engine knows them again.
    """
    statements, numbers = own_statements(block), kinds(block)
    names = taken(block, parameters)
    used = {s.id for s, kind in zip(statements, numbers, strict=True) if kind} - names
    given: list[str] = []
    right = True
    for statement, kind in zip(statements, numbers, strict=True):
        match statement:
            case _ if kind:
                name = statement.id
                if name in names or name in given:
                    name = next(n for n in (f"{kind}_{c}" for c in count(1)) if n not in names and n not in used)
                    used.add(name)
                given.append(name)
            case Loop():
                name = statement.targets[0]
            case Call() | Bind() | Function():
                name = statement.name
            case _:
                name = statement.id
        right = right and name == statement.id
    return block if right else with_ids(block, given, parameters)


def cut(block: Block, wanted: set[str], gone: set[str]) -> Block:
    """Return a block without the statements of some ids; all that goes with them is noted down in `gone`."""
    kept: list[Statement] = []
    for statement in block.statements:
        if statement.id in wanted:
            gone.update(inner.id for inner in below(statement))
        elif isinstance(statement, Loop):
            inner = cut(statement.body, wanted, gone)
            kept.append(statement if inner is statement.body else replace(statement, body=inner))
        elif isinstance(statement, Switch):
            bodies = [cut(arm.body, wanted, gone) for arm in statement.arms]
            arms = tuple(replace(arm, body=new) for arm, new in zip(statement.arms, bodies, strict=True))
            same = all(new is arm.body for arm, new in zip(statement.arms, bodies, strict=True))
            kept.append(statement if same else replace(statement, arms=arms))
        else:
            kept.append(statement)
    if len(kept) == len(block.statements) and all(a is b for a, b in zip(kept, block.statements, strict=True)):
        return block
    return replace(block, statements=tuple(kept))


# ------------------------------------------------------------------ another indentation
def indentation(flow: Flow, region: Region) -> str:
    """Return the white space in front of the statements of a region.

    Raises
    ------
    EditError
        There is no such region.
    """
    block = body(flow, region.function)
    indent = block.indent if block.indent is not None else (STEP if region.function else "")
    if not region.owner:
        return indent
    path, _ = find(flow, region.function, region.owner)
    while len(path) > 1:
        block, path = _enter(block.statements[path[0]], path)
        indent = block.indent if block.indent is not None else indent + STEP
    owner = block.statements[path[0]]
    inner = (
        owner.arms[region.arm].body if isinstance(owner, Switch) else owner.body if isinstance(owner, Loop) else None
    )
    if inner is None:
        raise EditError(f"“{region.owner}” has no place for statements.")
    return inner.indent if inner.indent is not None else indent + STEP


def transplant(statement: Statement, old: str, new: str) -> Statement:
    """Return a statement as it is to stand at another indentation: its comments, its body and its code move along."""
    if old == new:
        return statement
    lead = _shift(statement.lead, old, new)
    if isinstance(statement, Loop):
        return replace(statement, lead=lead, body=_transplant_block(statement.body, old, new))
    if isinstance(statement, Switch):
        arms = tuple(_transplant_arm(arm, old, new) for arm in statement.arms)
        return replace(statement, lead=lead, arms=arms)
    if isinstance(statement, Code):
        # the lines of its text below the first carry the old indentation: it is written afresh
        return replace(statement, lead=lead, raw=statement.raw if statement.raw and "\n" not in statement.raw else None)
    return replace(statement, lead=lead)


def _transplant_arm(arm: Arm, old: str, new: str) -> Arm:
    return replace(arm, lead=_shift(arm.lead, old, new), body=_transplant_block(arm.body, old, new))


def _transplant_block(block: Block, old: str, new: str) -> Block:
    inner_old = block.indent if block.indent is not None else old + STEP
    inner_new = new + inner_old[len(old) :] if inner_old.startswith(old) else new + STEP
    statements = tuple(transplant(s, inner_old, inner_new) for s in block.statements)
    indent = None if block.indent is None else inner_new
    return replace(block, statements=statements, indent=indent, tail=_shift(block.tail, inner_old, inner_new))


def _shift(lines: str, old: str, new: str) -> str:
    """Move whole comment lines to another indentation; blank ones stay."""
    return "".join(
        new + line[len(old) :] if line.strip() and line.startswith(old) else line
        for line in lines.splitlines(keepends=True)
    )

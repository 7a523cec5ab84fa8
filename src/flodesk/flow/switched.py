"""Nodes that are switched off, and nodes that are bypassed: lines that bind another value and keep their call beside.

===================================================== =========================================================
``clean = noisy  # bypass: dsp.median(noisy, size=5)`` the value of its input goes on in the place of its own
``chart = None  # off: show.line(noisy)``              it does not run; what reads it gets None
``...  # off: rows.add(noisy)``                        the same for a line that binds nothing
``size = None  # off too: dsp.rms(clean)``             what it needs is off: it comes back with that
===================================================== =========================================================

So a script does without flodesk what the picture says, the engine knows nothing of it, and what was switched off stands
where it stood. The picture draws the call that the comment keeps. A comment that is no call is a note like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal as Word

from flodesk.flow.edit.rename import bound
from flodesk.flow.model import Bind, Block, Call, Code, Flow, Function, Loop, Statement, Switch
from flodesk.flow.names import block_of, parameters_of
from flodesk.flow.script import ScriptError, read
from flodesk.flow.script.names import usage
from flodesk.flow.syntax import parse_tree

How = Word["", "off", "bypass"]
LAYOUT = "layout"
"""The table of the header that keeps the text of such a line where that was one of several lines."""
_WORD = re.compile(r"\w+")
NOTHING, NOTHING_TOO = "...  # off: ", "...  # off too: "
"""What a line begins with that binds nothing and is switched off. (A `pass` may be all of a block: no statement.)"""


def how(statement: Statement) -> How:
    """Say what the text of a line looks like: switched off, bypassed, or neither."""
    if isinstance(statement, Code):
        return "off" if statement.text.startswith((NOTHING, NOTHING_TOO)) else ""
    if isinstance(statement, Bind):
        off = statement.note.startswith(("off: ", "off too: "))
        return "off" if off else "bypass" if statement.note.startswith("bypass: ") else ""
    return ""


def is_along(statement: Statement) -> bool:
    """Say whether a line is switched off because something that it needs is."""
    if isinstance(statement, Code):
        return statement.text.startswith(NOTHING_TOO)
    return isinstance(statement, Bind) and statement.note.startswith("off too: ")


def words(switched: str) -> str:
    """Return in words how a node is switched."""
    return {"off": "switched off", "bypass": "bypassed"}.get(switched, "on")


def kept_text(statement: Statement) -> str:
    """Return the text that a line keeps in its comment."""
    if isinstance(statement, Bind):
        return statement.note.partition(": ")[2]
    return statement.text.removeprefix(NOTHING).removeprefix(NOTHING_TOO) if isinstance(statement, Code) else ""


def kept_reads(statement: Statement) -> frozenset[str]:
    """Return the names that the call reads which a line keeps in its comment: it needs them when it is on again."""
    return _reads(kept_text(statement)) if how(statement) else frozenset()


@lru_cache(maxsize=512)
def _reads(text: str) -> frozenset[str]:
    try:
        return frozenset(usage(parse_tree(text).body).reads)
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()


def original(flow: Flow, function: str, statement: Statement) -> Call | Code | None:
    """Return the line that one stands for which is switched off or bypassed; None if it is neither."""
    if not how(statement):
        return None
    return _standing_for(flow, function, statement, _variables(flow, function))


def _standing_for(flow: Flow, function: str, statement: Statement, local: Set[str]) -> Call | Code | None:
    found = _as_there(flow, statement, kept_text(statement), local)
    return None if found is None else _at_place(_Same(found), statement.id, statement.lead, statement.ending)


@dataclass(frozen=True, slots=True)
class _Same:
    """A line; equal is the very same alone."""

    line: Call | Code

    def __hash__(self) -> int:
        return id(self.line)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.line is other.line


@lru_cache(maxsize=512)
def _at_place(found: _Same, name: str, lead: str, ending: str) -> Call | Code:
    """Return a line as it stands there: the very same one each time, so that it need not be drawn again."""
    return replace(found.line, id=name, lead=lead, ending=ending)


def laid_out(flow: Flow, function: str, statement: Statement, text: str) -> Call | Code | None:
    """Return the line that one stands for which is switched off, with a text of several lines.

    None where that is not what the comment keeps now: it may have been changed meanwhile.
    """
    line = original(flow, function, statement)
    sign = f"{statement.name} = " if isinstance(statement, Bind) else ""
    if line is None or not text.startswith(sign):
        return None
    found = _as_there(flow, statement, text.removeprefix(sign), _variables(flow, function))
    if found is None:
        return None
    same = replace(found, id=line.id, lead=line.lead, ending=line.ending, raw=line.raw)
    return replace(line, raw=text) if same == line else None


def _variables(flow: Flow, function: str) -> Set[str]:
    """Return the names that a function binds, or (with ``""``) the module."""
    block, _, parameters = block_of(flow, function)
    return bound(block) | parameters_of(parameters)


def _as_there(flow: Flow, statement: Statement, text: str, local: Set[str]) -> Call | Code | None:
    """Read a text as the line that a statement stands for; of the names that there are, those that it says matter."""
    name = statement.name if isinstance(statement, Bind) else ""
    said = frozenset(_WORD.findall(text))
    classes = {n for s in flow.module.statements if isinstance(s, Code) and _defines(s) for n in s.binds}
    fixed = said & (flow.imports.keys() | flow.functions.keys() | classes)
    top = (said & bound(flow.module)) - fixed - local
    return _read(text, name, (said & local) - {name}, top, fixed - local)


@lru_cache(maxsize=512)
def _read(
    text: str, name: str, local: frozenset[str], top: frozenset[str], fixed: frozenset[str]
) -> Call | Code | None:
    """Read a line as it would be read in a function with these names."""
    lines = [f"import {alias} as {alias}" for alias in sorted(fixed)] + [f"{other} = None" for other in sorted(top)]
    head = f"def function({', '.join(sorted(local))}):"
    whole = "\n".join([*lines, "", "", head, f"    {f'{name} = ' if name else ''}{text}", ""])
    try:
        made = next(s for s in read(whole).module.statements if isinstance(s, Function))
    except (ScriptError, StopIteration):
        return None
    found = made.body.statements
    if len(found) != 1 or not isinstance(found[0], Call | Code) or (name and name not in _binds(found[0])):
        return None
    return found[0]


def _defines(statement: Code) -> bool:
    return statement.text.lstrip().startswith(("def ", "class ", "@", "async def "))


def _binds(statement: Call | Code) -> tuple[str, ...]:
    return statement.binds if isinstance(statement, Code) else (statement.name,)


def switched_on(flow: Flow, function: str) -> tuple[Flow, dict[str, How]]:
    """Return the flow with every line of a function as its comment keeps it, and which lines that are, by their ids."""
    host = flow.functions.get(function)
    if host is None:
        return flow, {}
    found: dict[str, How] = {}
    if not _any(host.body):
        return flow, found
    local = _variables(flow, function)

    def on(statement: Statement) -> Statement:
        kept = _standing_for(flow, function, statement, local) if how(statement) else None
        if kept is None:
            return statement
        found[statement.id] = how(statement)
        return kept

    body = _mapped(host.body, on)
    if not found:
        return flow, {}
    statements = tuple(replace(host, body=body) if s is host else s for s in flow.module.statements)
    return replace(flow, module=replace(flow.module, statements=statements)), found


def _any(block: Block) -> bool:
    """Say whether any line looks switched."""
    for statement in block.statements:
        if isinstance(statement, Call):
            continue
        if isinstance(statement, Loop):
            blocks: Sequence[Block] = (statement.body,)
        else:
            blocks = [arm.body for arm in statement.arms] if isinstance(statement, Switch) else ()
        if how(statement) or any(map(_any, blocks)):
            return True
    return False


def of_lines(lines: Sequence[str], switched: Mapping[str, How]) -> How:
    """Return how a node of some lines is switched: only if all of them are."""
    found = [switched[line] for line in lines if line in switched]
    if not found or len(found) < len(lines):
        return ""
    return "bypass" if "bypass" in found else "off"


def _mapped(block: Block, make: Callable[[Statement], Statement]) -> Block:
    new = []
    for statement in block.statements:
        if isinstance(statement, Loop):
            inner = _mapped(statement.body, make)
            statement = statement if inner is statement.body else replace(statement, body=inner)
        elif isinstance(statement, Switch):
            bodies = [_mapped(arm.body, make) for arm in statement.arms]
            if any(body is not arm.body for body, arm in zip(bodies, statement.arms, strict=True)):
                arms = tuple(replace(arm, body=body) for body, arm in zip(bodies, statement.arms, strict=True))
                statement = replace(statement, arms=arms)
        else:
            statement = make(statement)
        new.append(statement)
    if all(a is b for a, b in zip(new, block.statements, strict=True)):
        return block
    return replace(block, statements=tuple(new))

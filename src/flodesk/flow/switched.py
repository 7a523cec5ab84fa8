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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal as Word

from flodesk.flow.edit.rename import bound
from flodesk.flow.model import Bind, Block, Call, Code, Flow, Function, Loop, Statement, Switch
from flodesk.flow.names import names_of
from flodesk.flow.script import ScriptError, read
from flodesk.flow.script.names import usage
from flodesk.flow.syntax import parse_tree

How = Word["", "off", "bypass"]
LAYOUT = "layout"
"""The table of the header that keeps the text of such a line where that was one of several lines."""
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
    found = _as_there(flow, function, statement, kept_text(statement))
    return None if found is None else replace(found, id=statement.id, lead=statement.lead, ending=statement.ending)


def laid_out(flow: Flow, function: str, statement: Statement, text: str) -> Call | Code | None:
    """Return the line that one stands for which is switched off, with a text of several lines.

    None where that is not what the comment keeps now: it may have been changed meanwhile.
    """
    line = original(flow, function, statement)
    sign = f"{statement.name} = " if isinstance(statement, Bind) else ""
    if line is None or not text.startswith(sign):
        return None
    found = _as_there(flow, function, statement, text.removeprefix(sign))
    if found is None:
        return None
    same = replace(found, id=line.id, lead=line.lead, ending=line.ending, raw=line.raw)
    return replace(line, raw=text) if same == line else None


def _as_there(flow: Flow, function: str, statement: Statement, text: str) -> Call | Code | None:
    """Read a text as the line that a statement stands for, with the names that there are."""
    name = statement.name if isinstance(statement, Bind) else ""
    names = names_of(flow, function)
    local = frozenset(names.bound) | names.parameters
    classes = {n for s in flow.module.statements if isinstance(s, Code) and _defines(s) for n in s.binds}
    fixed = frozenset(flow.imports) | frozenset(flow.functions) | classes
    top = frozenset(bound(flow.module)) - fixed - local
    return _read(text, name, local - {name}, top, fixed - local)


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

    def on(statement: Statement) -> Statement:
        kept = original(flow, function, statement)
        if kept is None:
            return statement
        found[statement.id] = how(statement)
        return kept

    body = _mapped(host.body, on)
    if not found:
        return flow, {}
    statements = tuple(replace(host, body=body) if s is host else s for s in flow.module.statements)
    return replace(flow, module=replace(flow.module, statements=statements)), found


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
            statement = replace(statement, body=_mapped(statement.body, make))
        elif isinstance(statement, Switch):
            arms = tuple(replace(arm, body=_mapped(arm.body, make)) for arm in statement.arms)
            statement = replace(statement, arms=arms)
        else:
            statement = make(statement)
        new.append(statement)
    return replace(block, statements=tuple(new))

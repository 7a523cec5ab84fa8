"""Any Python text as nodes to be: what of it becomes nodes, and what belongs at the top of a file.

Statements become nodes. Imports, functions and classes stay definitions; so do the lines whose names these read, for
what a function reads must stand at the top of its file. A text of definitions alone gets a node for each of them.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flodesk.flow.declared import own_specs
from flodesk.flow.edit.tree import STEP, transplant
from flodesk.flow.model import Block, Code, Docstring, Flow, Function, Header, Import, Main, Statement
from flodesk.flow.names import binds_of
from flodesk.flow.script import ScriptError, read, write
from flodesk.flow.script.names import usage
from flodesk.flow.script.writer import whole_text
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.add import new_lines
from flodesk.flow.wiring.refused import Refused

NAME = "copied"
"""The function that copied nodes stand in."""
CLIPBOARD = "what is on the clipboard"
"""What a text is called in messages that was pasted."""
MOST = 6
"""Of so many definitions alone each gets a node; of more the shelf *This file* offers them."""
_PROMPT = re.compile(r"^\s*(>>>|\.\.\.)(?: |$)")
_GUARD = re.compile(r"if\s+__name__\s*==\s*(['\"])__main__\1\s*:")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text as a file: what its functions `bodies` hold becomes nodes, all else belongs at the top."""

    flow: Flow
    bodies: tuple[str, ...]


def understood(text: str, origin: str = CLIPBOARD) -> Snippet:
    """Read a text as nodes to be.

    Raises
    ------
    Refused
        It is no Python (the message says where), or nothing in it is a node.
    """
    given = _read(text, origin)
    if NAME in given.functions:
        return Snippet(given, (NAME,))
    if given.mains:
        needed = top_for(given, given.mains)
        kept = tuple(s for s in given.module.statements if s in needed or isinstance(s, Import | Main))
        return Snippet(replace(given, module=replace(given.module, statements=kept)), given.mains)
    return _split(given, origin)


def _read(text: str, origin: str) -> Flow:
    """Read a text; one that was cut out of a function, or of an interactive session, is put right first."""
    text = text.replace("\r\n", "\n").replace("\xa0", " ")
    first, _, rest = text.partition("\n")
    tries = [text, textwrap.dedent(text), f"{first.strip()}\n{textwrap.dedent(rest)}"]
    if any(_PROMPT.match(line) for line in text.splitlines()):
        tries.insert(0, _typed(text))
    problem: ScriptError | None = None
    for candidate in dict.fromkeys(tries):
        try:
            return read(candidate)
        except ScriptError as error:
            problem = problem or error
    assert problem is not None
    words = text.strip().splitlines()
    line = text.splitlines()[problem.line - 1].strip() if 0 < problem.line <= len(text.splitlines()) else words[0]
    shown = line if len(line) <= 60 else line[:59] + "…"
    place = f"line {problem.line}, “{shown}”" if len(words) > 1 and problem.line else f"“{shown}”"
    what = problem.message.removeprefix("this is not Python: ")
    raise Refused(f"{origin[0].upper()}{origin[1:]} is no Python ({place}): {what}. Nothing was added.") from problem


def _typed(text: str) -> str:
    """Return what was typed at the prompts of an interactive session, without what it answered."""
    return "\n".join(_PROMPT.sub("", line) for line in text.splitlines() if _PROMPT.match(line)) + "\n"


# ------------------------------------------------------------------ what stays at the top
def _split(given: Flow, origin: str) -> Snippet:
    plain: list[Statement] = []
    top: list[Statement] = []
    for statement in given.module.statements:
        if isinstance(statement, Docstring | Main):
            continue
        if isinstance(statement, Import | Function) or is_definition(statement):
            top.append(statement)
        elif isinstance(statement, Code) and _GUARD.match(statement.text):
            plain += read(textwrap.dedent(statement.text.partition("\n")[2])).module.statements
        else:
            plain.append(statement)
    top = [s for s in top if not _is_replaced(s, top)]
    needed = top_closed([s for s in top if not isinstance(s, Import)], plain)
    order = {id(s): n for n, s in enumerate(given.module.statements)}
    top = sorted([*top, *needed], key=lambda s: order.get(id(s), 0))
    kept = [s for s in plain if not any(s is other for other in needed) and not _says_nothing(s)]
    lines = [_named(s) for s in _with_comments_of_imports(given, kept)]
    if not lines:
        lines = _calls(given)
    if not lines and not any(not isinstance(s, Import) for s in top):
        raise Refused(f"There is no node in {origin}: Python statements and functions become nodes.")
    return Snippet(_as_file(given.header, top, lines), (NAME,) if lines else ())


def _with_comments_of_imports(given: Flow, lines: list[Statement]) -> list[Statement]:
    """Let what is said above imports stand above the next line: they find their place elsewhere."""
    leads: dict[int, str] = {}
    waiting, gap = "", True
    for statement in given.module.statements:
        if isinstance(statement, Import):
            waiting += "".join(line for line in statement.lead.splitlines(keepends=True) if line.strip())
        if any(statement is line for line in lines):
            leads[id(statement)] = waiting + (statement.lead.lstrip("\n") if gap else statement.lead)
            waiting, gap = "", False
        else:
            gap = True
    return [replace(line, lead=leads.get(id(line), line.lead)) for line in lines]


def _is_replaced(statement: Statement, top: Sequence[Statement]) -> bool:
    """Say whether a later definition takes the place of one, as when a cell was written twice."""
    names = names_at_top(statement)
    last = next((s for s in reversed(top) if not isinstance(s, Import) and names_at_top(s) == names), statement)
    return bool(names) and last is not statement


def is_definition(statement: Statement) -> bool:
    """Say whether a statement of a module defines something, or can stand nowhere else."""
    if not isinstance(statement, Code):
        return False
    text = statement.text.lstrip()
    return (
        text.startswith(("def ", "class ", "@", "async def "))
        or re.match(r"from\s+\S+\s+import\s+\*", text) is not None
    )


def top_for(flow: Flow, functions: Iterable[str]) -> list[Statement]:
    """Return the statements at the top of a file that some of its functions need, by what they read; no imports."""
    wanted = set(functions)
    start = [s for s in flow.module.statements if isinstance(s, Function) and s.name in wanted]
    others = [s for s in flow.module.statements if s not in start and not isinstance(s, Import | Docstring | Main)]
    return [*start, *top_closed(start, others)]


def top_closed(start: Sequence[Statement], others: Sequence[Statement]) -> list[Statement]:
    """Return those of the other statements of a module that bind what the first ones read, and what these read."""
    found: list[Statement] = []
    waiting = list(start)
    while waiting:
        reads = set(reads_at_top(waiting.pop()))
        for statement in others:
            if not any(statement is known for known in found) and not reads.isdisjoint(names_at_top(statement)):
                found.append(statement)
                waiting.append(statement)
    return found


def names_at_top(statement: Statement) -> tuple[str, ...]:
    """Return the names that a statement of a module binds there."""
    return (statement.name,) if isinstance(statement, Function) else binds_of(statement)


def reads_at_top(statement: Statement) -> tuple[str, ...]:
    """Return the names that a statement of a module reads, now or when it is called."""
    return usage(parse_tree(whole_text(statement)).body).reads


# ------------------------------------------------------------------ what becomes nodes
def _as_file(header: Header, top: Sequence[Statement], lines: Sequence[Statement]) -> Flow:
    """Put lines into a function, below what belongs at the top; ids and names are found anew."""
    made: list[Statement] = list(top)
    if lines:
        first, *others = [transplant(line, "", STEP) for line in lines]
        first = replace(first, lead=first.lead.lstrip("\n"))
        made.append(Function(id=NAME, name=NAME, body=Block(statements=(first, *others)), lead="\n\n"))
    return read(write(Flow(header=header, module=Block(statements=tuple(made)))))


def _named(statement: Statement) -> Statement:
    """Give an expression that stands alone a name: what nothing can read is of no use on a canvas."""
    expression = _expression(statement)
    if expression is None or isinstance(expression, ast.Call | ast.Await | ast.Yield | ast.YieldFrom):
        return statement
    assert isinstance(statement, Code)
    text = f"value = {statement.text}" if "\n" not in statement.text else f"value = (\n{statement.text}\n)"
    return replace(statement, id="value", text=text, raw=text if "\n" not in text else None, binds=("value",))


def _says_nothing(statement: Statement) -> bool:
    """Say whether it is a name or a text that stands alone, as the last line of a notebook's cell does."""
    expression = _expression(statement)
    return isinstance(expression, ast.Name) or (
        isinstance(expression, ast.Constant) and isinstance(expression.value, str)
    )


def _expression(statement: Statement) -> ast.expr | None:
    if not isinstance(statement, Code):
        return None
    body = parse_tree(statement.text).body
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None


def _calls(given: Flow) -> list[Statement]:
    """Return a node for each function and class of a text that holds nothing else; none if there are too many."""
    specs = own_specs(given)
    names = set(given.functions) | set(given.imports) | set(specs)
    if len(specs) > MOST:
        return []
    return [line for name, spec in specs.items() for line in new_lines(spec, name, names).statements]

"""Flow → text: every statement as it was read, those that were edited or made here in one plain style."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from flodesk.flow.model import (
    Argument,
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Docstring,
    Expression,
    Flow,
    Function,
    Header,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Return,
    Statement,
    Switch,
)
from flodesk.flow.script.header import CLOSING, OPENING
from flodesk.flow.script.header_writer import header_lines
from flodesk.flow.script.ids import anonymous, fits, numbered
from flodesk.flow.script.mapped import EACH, ON_ERROR, ZIP, item_names
from flodesk.flow.script.text import reindent
from flodesk.flow.script.unread import MODULE
from flodesk.flow.syntax import parse_tree

_STEP = "    "
_PREFIX = re.compile(r"(?:#![^\n]*\n)?(?:[ \t\f]*#[^\n]*?coding[:=][^\n]*\n)?")


def write(flow: Flow) -> str:
    """Write a flow as the text of its script.

    Raises
    ------
    TypeError
        A setting in the header is of a kind that TOML does not have.
    """
    header = _header(flow)
    module = flow.module
    if flow.header.lines is not None:
        module, header = _replace_late(module, header)
    body = _Lines().block(module, "", True)
    prefix = flow.prefix
    if header and not prefix and flow.header.lines is None:
        found = _PREFIX.match(body)
        prefix = found[0] if found else ""
        body = body[len(prefix) :]
    text = prefix + "".join(line if line[-1] in "\r\n" else f"{line}\n" for line in header) + body
    if not flow.final_newline and text.endswith("\n"):
        text = text[:-1]
    return text if flow.newline == "\n" else text.replace("\n", flow.newline)


def statement_lines(flow: Flow, text: str | None = None) -> dict[int, int]:
    """Return the line on which each statement begins in the text that `write` gives, by the statement's `id()`.

    A switch goes by its first arm; arms are in it too. `text` is what `write` gives, where that is known.
    """
    lines = _Lines()
    text = write(flow) if text is None else text
    module = flow.module if flow.header.lines is None else _replace_late(flow.module, _header(flow))[0]
    body = lines.block(module, "", True)
    # What stands before the module's text is written last: count from the end.
    line = _breaks(text) + (not flow.final_newline) - _breaks(body) + 1
    found: dict[int, int] = {}
    part = 0
    for statement, start in lines.starts:
        while part < start:
            line += _breaks(lines.parts[part])
            part += 1
        found[id(statement)] = line
    for own, written in zip(flow.module.statements, module.statements, strict=True):
        if own is not written:  # the header stands among the comments before it
            found[id(own)] = found.pop(id(written))
    return found


def _breaks(text: str) -> int:
    """Count the ends of lines, of whatever kind."""
    return text.count("\n") + (text.count("\r") - text.count("\r\n") if "\r" in text else 0)


def whole_text(statement: Statement) -> str:
    """Return a statement of the module, with all that is below it, as its file has it; no comments before it.

    Lines end as in the tree: in line feeds, but for those that end in another way than most of the file.
    """
    return _Lines().block(Block(statements=(replace(statement, lead=""),)), "", True)


def lines_of(statement: Statement) -> list[str]:
    """Return the lines of a statement's own text: of a compound one its head, of a switch those of its arms."""
    heads: Sequence[Statement | Arm] = statement.arms if isinstance(statement, Switch) else (statement,)
    texts = [_text_of(head, number == 0) for number, head in enumerate(heads)]
    return [line for text in texts for line in text.splitlines()]


def _text_of(head: Statement | Arm, first: bool) -> str:
    raw = None if isinstance(head, Switch) else head.raw
    return statement_text(head, first) if raw is None else raw


def _header(flow: Flow) -> list[str]:
    """Lines of the header; none if the flow needs none."""
    ids: dict[str, Sequence[str]] = {}
    for name, body, parameters in scopes(flow.module):
        given, rule = anonymous(body), numbered(body, parameters)
        # What a hand wrote there without effect stays, as long as it has none.
        left = flow.header.settings.get("ids", {}).get(name or MODULE)
        if given != rule:
            ids[name] = given
        elif left is not None and (left == rule or not fits(body, left, parameters)):
            ids[name] = left
    if not flow.header.present and not ids and flow.header == Header():
        return []
    return header_lines(flow.header, ids, {name for name, _, _ in scopes(flow.module)})


def scopes(module: Block) -> list[tuple[str, Block, str]]:
    """Name, body and parameters of the module (named "") and of each of its functions."""
    inner = [(s.name, s.body, s.parameters) for s in module.statements if isinstance(s, Function)]
    return [("", module, ""), *inner]


def _replace_late(module: Block, header: list[str]) -> tuple[Block, list[str]]:
    """Put a header that stands below the first statement back into its place there."""
    for number, statement in enumerate(module.statements):
        lead = _in_comments(statement.lead, header)
        if lead is not None:
            statements = list(module.statements)
            statements[number] = replace(statement, lead=lead)
            return replace(module, statements=tuple(statements)), []
    tail = _in_comments(module.tail, header)
    return (replace(module, tail=tail), []) if tail is not None else (module, header)


def _in_comments(text: str, header: list[str]) -> str | None:
    """Replace the header among comments; None if there is none."""
    if OPENING not in text:
        return None
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if OPENING not in lines:
        return None
    start = lines.index(OPENING)
    run = start + 1
    closing = 0
    while run < len(lines) and (lines[run] == "#" or lines[run].startswith("# ")):
        if lines[run] == CLOSING:
            closing = run
        run += 1
    if not closing:
        return None
    lines = text.split("\n")
    return "\n".join([*lines[:start], *(line.removesuffix("\n") for line in header), *lines[closing + 1 :]])


# ------------------------------------------------------------------ statements
def argument_text(argument: Argument) -> str:
    """Write an argument."""
    text = value_text(argument.value)
    return f"{argument.keyword}={text}" if argument.keyword else text


def value_text(value: Ref | Literal) -> str:
    """Write the value of an argument; ``1, 2`` without brackets would be two of them."""
    text = value.text
    if "," not in text or isinstance(value, Ref):
        return text
    try:
        call = parse_tree(f"f({text})", mode="eval").body
    except SyntaxError:
        return text
    return f"({text})" if isinstance(call, ast.Call) and len(call.args) > 1 else text


def values_text(statement: Return) -> str:
    """Write what a function returns."""
    if len(statement.values) == 1:
        return statement.values[0].text
    return ", ".join(v.text if isinstance(v, Expression) else value_text(v) for v in statement.values)


def call_text(callee: str, arguments: Sequence[Argument]) -> str:
    """Write a call; what is passed by position goes first."""
    ordered = sorted(arguments, key=lambda argument: bool(argument.keyword))
    return f"{callee}({', '.join(map(argument_text, ordered))})"


def called_text(call: Call) -> str:
    """Write what a node binds: a call, awaited or not, or one for each item of an argument."""
    found = call.mapped
    if found is None or found.each is None:
        return ("await " if call.awaited else "") + call_text(call.callee, call.arguments)
    inner, each = call_text(call.callee, of_items(call)), found.each
    if each.on_error == "fail":
        return f"[{inner} {items_text(call)}]"
    sources = ", ".join(value_text(a.value) for a in call.mapped_over)
    return f"{each.by or EACH}(lambda {', '.join(item_names(call))}: {inner}, {sources}, {ON_ERROR}={each.on_error!r})"


def of_items(call: Call) -> tuple[Argument, ...]:
    """Return the arguments of a mapped call as it is made for one item."""
    mapped = [n for n, a in enumerate(call.arguments) if a.each is not None]
    mapped.sort(key=lambda n: bool(call.arguments[n].keyword))
    names = dict(zip(mapped, item_names(call), strict=True))
    return tuple(Argument(Ref(names[n]), a.keyword) if n in names else a for n, a in enumerate(call.arguments))


def items_text(call: Call) -> str:
    """Write over what a comprehension goes: ``for x in xs``, or side by side over several."""
    sources = [value_text(a.value) for a in call.mapped_over]
    over = sources[0] if len(sources) == 1 else f"{ZIP}({', '.join(sources)}, strict=True)"
    return f"for {', '.join(item_names(call))} in {over}"


def docstring_text(value: str) -> str:
    """Write a docstring, in triple quotes where these can hold it."""
    plain = all(c.isprintable() or c == "\n" for c in value)
    if plain and value and "\\" not in value and '"""' not in value and not value.endswith('"'):
        return f'"""{value}"""'
    return repr(value)


def import_text(module: str, names: Sequence[tuple[str, str]]) -> str:
    """Write an import."""
    parts = []
    for name, path in names:
        own = path
        if module:
            own = path.removeprefix(module)
            own = own if module.endswith(".") else own.removeprefix(".")
        parts.append(own if own == name else f"{own} as {name}")
    return f"from {module} import {', '.join(parts)}" if module else f"import {', '.join(parts)}"


def statement_text(statement: Statement | Arm, first: bool = True) -> str:
    """Write a statement that has no text of its own; of a compound one its head.

    Parameters
    ----------
    first : bool
        For an arm: whether it is the first one.
    """
    match statement:
        case Call():
            text = called_text(statement)
            return _noted(f"{statement.name} = {text}" if statement.name else text, statement.note)
        case Bind():
            return _noted(f"{statement.name} = {statement.value.text}", statement.note)
        case Loop():
            source = call_text(statement.callee, statement.arguments) if statement.called else statement.callee
            start = "async for" if statement.awaited else "for"
            return _noted(f"{start} {', '.join(statement.targets)} in {source}:", statement.note)
        case Arm():
            if statement.test is None:
                return "else:"
            return f"{'if' if first else 'elif'} {statement.test.text}:"
        case Code():
            return statement.text
        case Return():
            return _noted(f"return {values_text(statement)}".rstrip(), statement.note)
        case Docstring():
            return docstring_text(statement.value)
        case Import():
            return import_text(statement.module, statement.names)
        case Function():
            returns = f" -> {statement.returns}" if statement.returns else ""
            start = "async def" if statement.asynchronous else "def"
            return f"{start} {statement.name}({statement.parameters}){returns}:"
        case Main():
            return f'if __name__ == "__main__":\n{_STEP}flodesk.main({", ".join(statement.functions)})'
        case Switch():
            return ""


def _noted(text: str, note: str) -> str:
    return f"{text}  # {note}" if note else text


class _Lines:
    """Collects the text of blocks."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[tuple[Statement | Arm, int]] = []
        """Each statement and arm with the number of parts before its own text."""

    def block(self, block: Block, parent: str, module: bool = False) -> str:
        """Write a block and what is below it."""
        self.statements(block, "" if module else parent)
        self.parts.append(block.tail)
        return "".join(self.parts)

    def statements(self, block: Block, indent: str) -> None:
        before: Statement | None = None
        for statement in block.statements:
            self.parts.append(statement.lead or self.gap(before, statement, indent))
            self.statement(statement, indent)
            before = statement

    @staticmethod
    def gap(before: Statement | None, statement: Statement, indent: str) -> str:
        """Blank lines before a statement of the module that was made here, or that stands behind one."""
        if indent or before is None:
            return ""
        if isinstance(statement, Switch):
            fresh = statement.arms[0].raw is None
        else:
            fresh = statement.raw is None
        if not fresh and not (isinstance(before, Function) and before.raw is None):
            return ""
        if isinstance(statement, Function | Main) or isinstance(before, Function):
            return "\n\n"
        return "\n" if isinstance(before, Import) and not isinstance(statement, Import) else ""

    def statement(self, statement: Statement, indent: str) -> None:
        match statement:
            case Switch():
                self.starts.append((statement, len(self.parts)))
                for number, arm in enumerate(statement.arms):
                    self.parts.append(arm.lead)
                    self.compound(arm, arm.body, indent, number == 0)
            case Loop() | Function():
                self.compound(statement, statement.body, indent)
            case _:
                self.line(statement, statement.raw, indent)

    def line(self, statement: Statement | Arm, raw: str | None, indent: str, first: bool = True) -> None:
        if raw is None:
            # Only code has lines of its own; those of a literal stand in brackets or quotes and are part of its text.
            raw = statement_text(statement, first)
            raw = reindent(raw, indent) if isinstance(statement, Code) else raw
        self.starts.append((statement, len(self.parts)))
        self.parts += (indent, raw, statement.ending or "\n")

    def compound(self, head: Loop | Function | Arm, body: Block, indent: str, first: bool = True) -> None:
        """Write a head and its body. A body on the head's own line (its filler is "") goes with the head's text."""
        raw = head.raw
        bare = body.filler == "" and raw is not None
        if bare and body.statements:
            raw, bare = None, False
        self.line(head, raw, indent, first)
        inner = indent + _STEP if body.indent is None else body.indent
        if body.statements:
            self.statements(body, inner)
        elif not bare:
            self.parts.append(body.filler or f"{inner}pass\n")
        self.parts.append(body.tail)

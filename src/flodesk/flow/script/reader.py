"""Text → flow. Nothing of the file is imported or run, and nothing of it is lost: what is not understood is code."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flodesk.flow.model import Block, Code, Flow, Header
from flodesk.flow.script.errors import ScriptError
from flodesk.flow.script.header import find_header, parse_header
from flodesk.flow.script.ids import fits, numbered, with_all_ids
from flodesk.flow.script.names import usage
from flodesk.flow.script.parsing import DEEP, parse
from flodesk.flow.script.statements import StatementReader
from flodesk.flow.script.text import Opaque, Text
from flodesk.flow.script.unread import function_of
from flodesk.flow.script.writer import scopes, write


def read(text: str) -> Flow:
    """Read a script as a flow, without running any of it.

    Parameters
    ----------
    text : str
        A Python file of any kind, with any ends of lines.

    Returns
    -------
    Flow
        ``write(read(text)) == text``, whatever the text.

    Raises
    ------
    ScriptError
        The text is not Python, or its header is not TOML; `line` says where.
    """
    newline = _newline(text)
    plain = text.replace(newline, "\n")
    final = not plain or plain[-1] in "\r\n"
    if not final:
        plain += "\n"
    tree = parse(plain)
    source = Text(plain)
    spans = [(s.lineno, s.end_lineno or s.lineno) for s in tree.body]
    found = find_header(source.lines, spans)
    header, ids = parse_header(found.lines, found.line) if found else (Header(present=False), {})
    start = 0
    prefix = ""
    if found and found.first:
        prefix = plain[: source.starts[found.line - 1]]
        start = source.starts[found.line - 1 + len(found.lines)]
    common: dict[str, Any] = {"newline": newline, "final_newline": final}
    try:
        module = with_all_ids(StatementReader(source, tree).module(start), ids)
        header = _without_used_ids(header, module, ids)
        flow = Flow(header=header, prefix=prefix, module=module, **common)
        if write(flow) == text:
            return flow
    except Opaque:
        pass
    except RecursionError as error:
        raise ScriptError(DEEP) from error
    # Layouts that no tree of statements holds (tabs and blanks that only look alike): one code node, to the letter.
    flow = Flow(header=header, prefix=prefix, module=_whole(tree, plain[start:]), **common)
    if write(flow) == text:
        return flow
    return Flow(header=Header(present=False), module=_whole(tree, plain), **common)


def _without_used_ids(header: Header, module: Block, ids: Mapping[str, Sequence[str]]) -> Header:
    """Leave those ids in the settings that have no effect: of no function, not fitting, or just those of the rule."""
    if "ids" not in header.settings:
        return header
    used = {
        name
        for name, body, parameters in scopes(module)
        if name in ids and fits(body, ids[name], parameters) and ids[name] != numbered(body, parameters)
    }
    settings = {name: item for name, item in header.settings.items() if name != "ids"}
    if left := {f: item for f, item in header.settings["ids"].items() if function_of(f) not in used}:
        settings["ids"] = left
    return replace(header, settings=settings)


def _newline(text: str) -> str:
    """Find the one way in which all lines of a text end; a line feed where they end in several."""
    double, carriage, feed = text.count("\r\n"), text.count("\r"), text.count("\n")
    if carriage and feed == 0:
        return "\r"
    return "\r\n" if double and double == carriage == feed else "\n"


def _whole(tree: ast.Module, text: str) -> Block:
    """Keep a module as one code node."""
    if not text:
        return Block()
    ending = next(end for end in ("\r\n", "\r", "\n") if text.endswith(end))
    raw = text.removesuffix(ending)
    found = usage(tree.body)
    code = Code(
        id="code_1",
        text=raw,
        reads=found.reads,
        binds=found.binds,
        raw=raw,
        ending=ending.removesuffix("\n") and ending,
    )
    return Block(statements=(code,))

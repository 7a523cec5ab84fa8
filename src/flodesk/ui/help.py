"""Node types in words: tooltips and the help pane, made from what their signature and docstring say."""

from __future__ import annotations

import re
from html import escape

from flodesk.flow.example_flow import example_of
from flodesk.flow.spec import NodeSpec, Output, Parameter
from flodesk.flow.types import PortType
from flodesk.ui.theme import theme

_TYPES = {"truth": "on/off"}


def limits(parameter: Parameter) -> str:
    """Say the limits of a parameter: ``1 to 200``, ``at least 0``, or nothing."""
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    if low is not None:
        return f"at least {low:g}"
    return f"at most {high:g}" if high is not None else ""


def facts(parameter: Parameter) -> str:
    """Say type, unit, limits and default of a parameter in a line."""
    kind = type_words(parameter.type, parameter.unit)
    default = "required" if parameter.required else f"default {shown(parameter.default)}" if parameter.default else ""
    return ", ".join(part for part in (kind, limits(parameter), default) if part)


def type_words(kind: PortType, unit: str = "") -> str:
    """Name a type and its unit for people: ``number in Hz``, ``on/off``."""
    return _TYPES.get(kind, kind) + (f" in {unit}" if unit else "")


def shown(text: str) -> str:
    """Say a default as the fields show it: ``none``, ``on``, ``off``, else as it is written."""
    return {"None": "none", "True": "on", "False": "off", "''": "empty", '""': "empty"}.get(text, text)


def rich(words: str) -> str:
    """Return words of a docstring as HTML: backticks and roles (``:func:`x` ``) become code, emphasis bold."""
    html = escape(words)
    html = re.sub(r":(?:[a-z]+:)?[a-z]+:`~?([^`]+)`", r"`\1`", html)
    html = re.sub(r"(?s)(``|`)(.+?)\1_{0,2}", r"<code>\2</code>", html)
    html = re.sub(r"\*\*(\w[^*\n]*)\*\*", r"<b>\1</b>", html)
    return re.sub(_EMPHASIS, r"<i>\1</i>", html)


_EMPHASIS = r"(?<![^\s(])\*(\w(?:[^*\n]*\w)?…?)\*(?=[\s.,;:)!?]|$)"


def without_signs(words: str) -> str:
    """Return words of a docstring without the signs for code and emphasis, for a line that shows plain text."""
    words = re.sub(r":(?:[a-z]+:)?[a-z]+:`~?([^`]+)`", r"\1", words)
    return re.sub(_EMPHASIS, r"\1", re.sub(r"\*\*(\w[^*\n]*)\*\*", r"\1", words.replace("`", "")))


def prose(help_text: str) -> str:
    """Return the docstring's words without its lists of parameters and results, as HTML paragraphs."""
    body = re.split(
        r"^\s*(?:Parameters|Returns|Yields|Raises|Attributes|Examples|Notes|Args)\s*:?\s*\n",
        help_text,
        maxsplit=1,
        flags=re.M,
    )[0]
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n\s*\n", body) if p.strip()]
    return "".join(f"<p>{rich(p)}</p>" for p in paragraphs)


def parameter_tip(parameter: Parameter) -> str:
    """Return the tooltip of a parameter."""
    kind = f"<span style='color:{theme().muted}'>{escape(facts(parameter))}</span>"
    return f"<qt><b>{escape(parameter.name)}</b> {kind}<br>{rich(parameter.help)}</qt>"


def spec_tip(spec: NodeSpec) -> str:
    """Return the tooltip of a node type: what it is for, and what goes in and out."""
    ports = [p for p in spec.parameters if p.required]
    takes = ", ".join(f"{p.name} ({type_words(p.type)})" for p in ports) or "nothing"
    gives = ", ".join(_output(o) for o in spec.outputs) or "nothing"
    muted = f"style='color:{theme().muted}'"
    return (
        f"<qt><b>{escape(spec.title)}</b><br>{rich(spec.summary)}<br>"
        f"<span {muted}>takes</span> {escape(takes)}<br><span {muted}>gives</span> {escape(gives)}</qt>"
    )


def help_html(spec: NodeSpec) -> str:
    """Return all that is known about a node type, as rich text."""
    colors = theme()
    parts = [
        f"<div style='font-size:14px; font-weight:600'>{escape(spec.title)}</div>",
        f"<div style='color:{colors.muted}; font-family:monospace; font-size:11px'>{escape(spec.path)}</div>",
        prose(spec.help or spec.summary) or f"<p style='color:{colors.muted}'>It has no docstring.</p>",
    ]
    return "".join(parts) + ports_html(spec) + example_html(spec)


def example_html(spec: NodeSpec) -> str:
    """Return the example of a node type's help, the answers in a quieter color; empty if there is none."""
    example = example_of(spec)
    if not example:
        return ""
    answer = f"<span style='color:{theme().muted}'>{{}}</span>".format
    lines = (escape(line) for line in example.splitlines())
    text = "\n".join(line if line.startswith(("&gt;&gt;&gt;", "...")) else answer(line) for line in lines)
    return f"<p style='{_heading()}'>EXAMPLE</p><pre style='font-size:11px; white-space:pre-wrap'>{text}</pre>"


def _heading() -> str:
    return f"color:{theme().muted}; margin-top:10px; margin-bottom:2px; font-size:11px"


def ports_html(spec: NodeSpec, result: str = "") -> str:
    """Return inputs, fields and outputs of a node type, each under its heading, as rich text.

    `result` is what the card of a node calls the output that has no name of its own.
    """
    style = _heading()
    groups = {
        "INPUTS": [_row(p.name, facts(p), p.help) for p in spec.parameters if p.required or p.passing == "many"],
        "FIELDS": [_row(p.name, facts(p), p.help) for p in spec.parameters if not p.required and p.passing != "many"],
        "OUTPUTS": [_row(o.name or result or "result", type_words(o.type, o.unit), o.help) for o in spec.outputs],
    }
    return "".join(
        f"<p style='{style}'>{title}</p><table cellspacing=0 cellpadding=2>{''.join(rows)}</table>"
        for title, rows in groups.items()
        if rows
    )


def _row(name: str, kind: str, words: str) -> str:
    words = f"<br>{rich(words)}" if words else ""
    head = f"<b>{escape(name)}</b>&nbsp; <span style='color:{theme().muted}'>{escape(kind)}</span>"
    return f"<tr><td>{head}{words}</td></tr>"


def _output(output: Output) -> str:
    return f"{output.name} ({type_words(output.type)})" if output.name else type_words(output.type)

"""Node types in words: tooltips and the help pane, made from what their signature and docstring say."""

from __future__ import annotations

import re
from html import escape

from flodesk.flow.spec import NodeSpec, Output, Parameter
from flodesk.ui.theme import theme


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
    kind = str(parameter.type) + (f" in {parameter.unit}" if parameter.unit else "")
    default = "required" if parameter.required else f"default {parameter.default}"
    return ", ".join(part for part in (kind, limits(parameter), default) if part)


def prose(help_text: str) -> str:
    """Return the docstring's words without its lists of parameters and results, as HTML paragraphs."""
    body = re.split(
        r"^\s*(?:Parameters|Returns|Yields|Raises|Attributes|Examples|Notes|Args)\s*:?\s*\n",
        help_text,
        maxsplit=1,
        flags=re.M,
    )[0]
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n\s*\n", body) if p.strip()]
    return "".join(f"<p>{_code(escape(p))}</p>" for p in paragraphs)


def parameter_tip(parameter: Parameter) -> str:
    """Return the tooltip of a parameter."""
    kind = f"<span style='color:{theme().muted}'>{escape(facts(parameter))}</span>"
    return f"<qt><b>{escape(parameter.name)}</b> {kind}<br>{_code(escape(parameter.help))}</qt>"


def spec_tip(spec: NodeSpec) -> str:
    """Return the tooltip of a node type: what it is for, and what goes in and out."""
    ports = [p for p in spec.parameters if p.required]
    takes = ", ".join(f"{p.name} ({p.type})" for p in ports) or "nothing"
    gives = ", ".join(_output(o) for o in spec.outputs) or "nothing"
    muted = f"style='color:{theme().muted}'"
    return (
        f"<qt><b>{escape(spec.title)}</b><br>{_code(escape(spec.summary))}<br>"
        f"<span {muted}>takes</span> {escape(takes)}<br><span {muted}>gives</span> {escape(gives)}</qt>"
    )


def help_html(spec: NodeSpec) -> str:
    """Return all that is known about a node type, as rich text."""
    colors = theme()
    rows = "".join(_row(p.name, facts(p), p.help) for p in spec.parameters)
    results = "".join(
        _row(o.name or "result", f"{o.type}{' in ' + o.unit if o.unit else ''}", o.help) for o in spec.outputs
    )
    style = f"color:{colors.muted}; margin-top:10px; margin-bottom:2px; font-size:11px"
    parts = [
        f"<div style='font-size:14px; font-weight:600'>{escape(spec.title)}</div>",
        f"<div style='color:{colors.muted}; font-family:monospace; font-size:11px'>{escape(spec.path)}</div>",
        prose(spec.help or spec.summary) or f"<p style='color:{colors.muted}'>It has no docstring.</p>",
        f"<p style='{style}'>INPUTS AND FIELDS</p><table cellspacing=0 cellpadding=2>{rows}</table>" if rows else "",
        f"<p style='{style}'>GIVES</p><table cellspacing=0 cellpadding=2>{results}</table>" if results else "",
    ]
    return "".join(parts)


def _row(name: str, kind: str, words: str) -> str:
    words = f"<br>{_code(escape(words))}" if words else ""
    head = f"<b>{escape(name)}</b>&nbsp; <span style='color:{theme().muted}'>{escape(kind)}</span>"
    return f"<tr><td>{head}{words}</td></tr>"


def _output(output: Output) -> str:
    return f"{output.name} ({output.type})" if output.name else str(output.type)


def _code(text: str) -> str:
    return re.sub(r"``?([^`]+)``?", r"<code>\1</code>", text)

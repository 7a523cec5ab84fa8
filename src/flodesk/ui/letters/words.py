"""A dead letter in words: as a page for the window, and as plain text for the clipboard and files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from html import escape
from pathlib import Path

from flodesk.engine.events import Failure
from flodesk.engine.letters import Head, Letter
from flodesk.ui.theme import theme
from flodesk.ui.theme.style import code_font

AROUND = 3
"""Lines of the source that are shown before and after the one that failed."""
_LONGEST = 40
"""Lines of a payload that are shown."""


def when(at: float) -> str:
    """Say when something was: today the time alone."""
    then, now = time.localtime(at), time.localtime()
    if then[:3] == now[:3]:
        return time.strftime("%H:%M:%S", then)
    return time.strftime("%m-%d %H:%M" if then[0] == now[0] else "%Y-%m-%d", then)


def flow_name(path: str) -> str:
    """Say which flow a letter is of."""
    return Path(path).stem if path else "unsaved flow"


def number(count: int) -> str:
    """Say how many letters."""
    return f"{count:,} letter{'' if count == 1 else 's'}".replace(",", "\u202f")


def excerpt(failure: Failure) -> tuple[tuple[int, str], ...]:
    """Return the lines around the one that failed, with their numbers, where the file still has it there."""
    if not failure.line or not failure.file:
        return ()
    try:
        lines = Path(failure.file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError):
        return ()
    at = failure.line - 1
    if at >= len(lines) or lines[at].strip() != failure.code.strip():
        return ()  # it was changed since
    first = max(0, at - AROUND)
    return tuple((n + 1, lines[n]) for n in range(first, min(len(lines), at + AROUND + 1)))


def page(letter: Letter, source: Sequence[tuple[int, str]], here: bool) -> str:
    """Write down all that is known of a letter; its node and its line are links where it is of the flow that is open.

    The links are ``node:function.node`` and ``line:function.node``, or ``flow:PATH``.
    """
    failure, muted = letter.failure, theme().muted
    times = "" if letter.count == 1 else f" for the {_ordinal(letter.count)} time"
    node = _link(f"node:{failure.node}", failure.node) if here else escape(failure.node)
    parts = [
        f"<p style='margin:0 0 4px 0'><b>{node}</b> failed{times}<br>"
        f"<span style='color:{theme().error}'>{escape(failure.type)}: {escape(failure.message)}</span></p>"
    ]
    facts = [
        ("Flow", escape(letter.path or "never saved") if here else _flow_link(letter.path)),
        ("When", time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(letter.time))),
        ("Turn", f"{letter.iteration:,} of {escape(letter.loop)}".replace(",", "\u202f")),
        ("Run", escape(letter.run)),
        ("From", escape(f"a worker on {letter.host}") if letter.host else ""),
    ]
    rows = "".join(
        f"<tr><td style='color:{muted}'>{name}&nbsp;&nbsp;</td><td>{value}</td></tr>" for name, value in facts if value
    )
    parts.append(f"<table cellspacing=0 cellpadding=1>{rows}</table>")
    if letter.why_not:
        parts.append(_note(f"It cannot be put back: {letter.why_not}", theme().warning))
    for kept in letter.payload:
        parts.append(_title(f"{kept.name} gave {kept.summary}"))
        if kept.text and kept.text != kept.summary:
            parts.append(_code("\n".join(kept.text.splitlines()[:_LONGEST]), theme().text))
    if failure.inputs:
        parts.append(_title("The node was given"))
        given = "".join(
            f"<tr><td style='color:{muted}'>{escape(name)}&nbsp;&nbsp;</td><td>{escape(summary)}</td></tr>"
            for name, summary in failure.inputs
        )
        parts.append(f"<table cellspacing=0 cellpadding=1>{given}</table>")
    if failure.line:
        where = f"{Path(failure.file).name or 'the flow'}, line {failure.line}"
        link = _link(f"line:{failure.node}", where) if here and failure.node else escape(where)
        parts.append(f"<p style='margin:8px 0 2px 0; color:{muted}'>{link}</p>")
        parts.append(_source(source or ((failure.line, failure.code.strip()),), failure.line))
    if failure.traceback:
        parts.append(_title("Traceback"))
        parts.append(_code(failure.traceback.rstrip(), theme().text))
    return "".join(parts)


def plain(letter: Letter) -> str:
    """Write a letter as plain text."""
    failure = letter.failure
    times = "" if letter.count == 1 else f", {letter.count} times by now"
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(letter.time))
    lines = [
        f"Letter {letter.id}: {failure.node} failed{times}, {stamp}",
        f"{failure.type}: {failure.message}",
        f"  flow  {letter.path or '(not saved)'}",
        f"  run   {letter.run}, turn {letter.iteration} of {letter.loop}",
    ]
    lines += [f"  from  a worker on {letter.host}"] * bool(letter.host)
    lines += [f"  {failure.file}, line {failure.line}: {failure.code.strip()}"] * bool(failure.line)
    for kept in letter.payload:
        lines.append(f"  {kept.name} gave {kept.summary}")
        lines += [f"    {line}" for line in kept.text.splitlines()[:_LONGEST]]
    lines += [f"  {name} was {summary}" for name, summary in failure.inputs]
    lines += [f"  It cannot be put back: {letter.why_not}"] * bool(letter.why_not)
    lines += [f"  {line}" for line in failure.traceback.rstrip().splitlines()]
    return "\n".join(lines)


def tip(head: Head) -> str:
    """Say in a tooltip what the list has no room for."""
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(head.time))
    where = f"\nrejected by a worker on {head.host}" if head.host else ""
    return f"Letter {head.id}, {stamp}\n{head.path or 'a flow that was never saved'}\n{head.error}{where}"


# ------------------------------------------------------------------ pieces
def _link(to: str, words: str) -> str:
    return f"<a style='color:{theme().accent}' href='{escape(to)}'>{escape(words)}</a>"


def _flow_link(path: str) -> str:
    return f"{escape(path)} ({_link(f'flow:{path}', 'open it')})" if path else "never saved"


def _title(words: str) -> str:
    return f"<p style='margin:8px 0 2px 0; color:{theme().muted}'>{escape(words)}</p>"


def _note(words: str, colour: str) -> str:
    return f"<p style='margin:6px 0 2px 0; color:{colour}'>{escape(words)}</p>"


def _source(lines: Sequence[tuple[int, str]], failed: int) -> str:
    width = len(str(lines[-1][0]))
    least = min((len(text) - len(text.lstrip()) for _, text in lines if text.strip()), default=0)
    rows = []
    for at, text in lines:
        colour = theme().error if at == failed else theme().muted
        mark = "▸" if at == failed else " "
        rows.append(f"<span style='color:{colour}'>{mark} {at:>{width}}  {escape(text[least:])}</span>")
    return _pre("\n".join(rows), theme().text)


def _code(text: str, colour: str) -> str:
    return _pre(escape(text), colour)


def _pre(inside: str, colour: str) -> str:
    family = code_font().family()
    style = f'color:{colour}; font-family:"{family}"; white-space:pre-wrap; margin:2px 0 2px 0'
    return f"<pre style='{style}'>{inside}</pre>"


def _ordinal(count: int) -> str:
    return {2: "second", 3: "third"}.get(count, f"{count}th")

"""Tooltips of the canvas: what a node is for and how it fares. Ports and wires have a card of their own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtWidgets import QGraphicsItem

from flodesk.flow.graph import Node
from flodesk.ui.canvas.card import Live, title_of, unknown
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.place_words import place_words
from flodesk.ui.theme import theme

_STATES = {
    "idle": "",
    "queued": "queued: waits for its turn",
    "running": "runs",
    "paused": "the run is held here",
    "waiting": "waits to start anew",
    "cached": "not run again: its result is that of before",
    "done": "done",
    "failed": "failed",
}


_SWITCHED = {
    "": "",
    "off": "switched off: it does not run, and neither does what needs it",
    "along": "off as well: what it needs is switched off, and it comes back with that",
    "bypass": "bypassed: the value of its input goes on in its place",
}


def tip(item: QGraphicsItem) -> str:
    """Return the tooltip of an item of the scene as rich text; empty if it has none."""
    if not isinstance(item, NodeItem):
        return ""
    return node_tip(item.node, item.told, item.breakpoint, item.heat.words if item.heat is not None else "")


def with_differences(text: str, words: Sequence[str]) -> str:
    """Add to a tooltip what is different from the version that the flow is compared with."""
    if not text or not words:
        return text
    color = theme().warning
    told = "".join(f"<br><span style='color:{color}'>{escape(sentence)}</span>" for sentence in words)
    return text.replace("</qt>", f"{told}</qt>")


def with_line(text: str, words: str) -> str:
    """Add a line to a tooltip."""
    return text.replace("</qt>", f"<br>{_muted(words)}</qt>") if text and words else text


def with_fixes(text: str, titles: Sequence[str]) -> str:
    """Add to a tooltip what can be done about the problems that it names."""
    if not text or not titles:
        return text
    told = "".join(f"<br>{_muted('Fix: ' + title)}" for title in titles[:2])
    more = f" {_muted(f'and {len(titles) - 2} more')}" if len(titles) > 2 else ""
    return text.replace("</qt>", f"{told}{more}<br>{_muted('Right click, or Alt+Enter, does it')}</qt>")


def _lines(*lines: str) -> str:
    return "<qt>" + "<br>".join(line for line in lines if line) + "</qt>"


def _muted(text: str) -> str:
    return f"<span style='color:{theme().muted}'>{escape(text)}</span>" if text else ""


def _red(text: str) -> str:
    return f"<span style='color:{theme().error}'>{escape(text)}</span>" if text else ""


def _age(live: Live, port: str) -> str:
    """Say of a value that it is not of the newest run; empty if it is, or if there is none."""
    mark = live.earlier.get(port) if port in live.previews else None
    return f"<i>{_muted(mark.words)}</i>" if mark is not None else ""


def duration(seconds: float) -> str:
    """Write a time with a unit that suits it."""
    for limit, factor, unit in ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def breakpoint_words(condition: str | None) -> str:
    """Say what holds a run here; empty where nothing does."""
    if condition is None:
        return ""
    return f"Breakpoint, when {condition}" if condition else "Breakpoint"


def _beside_words(behind: int) -> str:
    """Say that a node runs beside its loop, and how many turns of it are on their way."""
    many = {-1: "", 0: "; it has caught up", 1: "; one turn is on its way"}.get(
        behind, f"; {behind} turns are on their way"
    )
    return f"runs beside its loop{many}"


def _items_words(node: Node, live: Live) -> str:
    """Say that a node runs once for each item of an input, and how that went."""
    if not node.mapped:
        return ""
    lost = live.of - live.items if live.state == "done" else 0
    over = " and ".join(f"“{name}”" for name in node.mapped)
    beside = " side by side" if len(node.mapped) > 1 else ""
    return f"runs once for each item of {over}{beside}" + (
        f"; {lost} of {live.of} failed and were left out" if lost else ""
    )


def node_tip(node: Node, live: Live, breakpoint: str | None = None, heat: str = "") -> str:
    """Return the tooltip of a card."""
    kind = node.type or node.title
    summary = node.spec.summary if node.spec else ""
    if unknown(node):
        summary = "flodesk does not know this type. The call is kept as it is."
    last = f", last in {duration(live.seconds)}" if live.state != "waiting" else ""
    ran = f"ran {'once' if live.count == 1 else f'{live.count:,} times'}{last}" if live.count else ""
    state = ", ".join(part for part in (_STATES[live.state], ran) if part)
    return _lines(
        f"<b>{escape(title_of(node))}</b> {_muted(kind)}",
        escape(summary),
        escape(node.note),
        escape(f"runs elsewhere: {place_words(node.place)} ({node.place})" if node.place else ""),
        escape(_beside_words(live.behind) if node.beside else ""),
        escape(_items_words(node, live)),
        escape(_SWITCHED["along" if node.along else node.switched]),
        _muted(state),
        escape(heat),
        _muted("the run is held, and has not come here again")
        if live.ahead and live.state in ("done", "cached")
        else "",
        next((_age(live, port.name) for port in node.outputs if port.name in live.earlier), ""),
        _red(breakpoint_words(breakpoint)),
        _red(live.failure) if live.state == "failed" else "",
        _red(live.problem),
        f"<span style='color:{theme().warning}'>{escape(live.doubt)}</span>" if live.doubt else "",
    )

"""The card of a node: what stands on it and where, measured once for each change of the node. Painting is next door."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

from flodesk.engine.client import State
from flodesk.engine.preview import Preview
from flodesk.flow.boxes import is_carried_by_code
from flodesk.flow.graph import Field, Node, Port
from flodesk.ui.canvas.painting import Fonts, fonts
from flodesk.ui.earlier import Mark
from flodesk.ui.place_words import card_words

HEADER, ROW, CHIP, STRIP, PAD = 38.0, 21.0, 18.0, 34.0, 7.0
"""Heights in scene pixels: the header, a row of ports, a parameter, the sparkline, the space at the bottom."""
MOST_CHIPS = 6
_NUMBERED = re.compile(r"(code|call)(_\d+)?")
"""Ids that nobody has chosen."""
SIGN = 15.0
"""Width that the sign before the words of a warning takes."""
_CODE_LINES = 6
_LINE = 14.0
_WITH_STRIP = frozenset({"array", "signal", "image", "indicator"})
_VALUE_WIDTH = 56.0
_LOOP_WORDS = 124.0
EACH = "for each"
"""What a node says that runs once for each item of an input."""
BEHIND = "{} behind"
"""What a side branch says of the turns that are on their way."""
_PORT_WORDS = {"any": "value", "indicator": "view", "none": "done"}


@dataclass(slots=True)
class Live:
    """What a run, the checker and the hand change about a card, without changing the node.

    Attributes
    ----------
    previews : by the name of the output port
    earlier : by the name of the output port, what is said of a preview that the newest run has not made
    problem : what is wrong with the node, in a sentence; empty if nothing is
    warning : what is probably not meant; an error is said instead
    failure : what was raised when it failed last; said as long as its state is that
    ahead : the run is held, and has not come to the node again: what it tells is of before
    anew : of a producer that has failed, that it starts anew; until it has given a value again
    behind : how many turns of a side branch that begins here are on their way; -1 where none begins
    items, of : how many items of how many are done, by a node that runs for each; once it is over the others failed
    """

    state: State = "idle"
    count: int = 0
    progress: float | None = None
    seconds: float = 0.0
    problem: str = ""
    warning: str = ""
    failure: str = ""
    ahead: bool = False
    anew: str = ""
    behind: int = -1
    items: int = 0
    of: int = 0
    previews: dict[str, Preview] = field(default_factory=dict)
    earlier: dict[str, Mark] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        """Whether the node has an error, or has failed."""
        return bool(self.problem) or self.state == "failed"

    @property
    def doubtful(self) -> bool:
        """Whether there is nothing worse than a warning."""
        return bool(self.doubt) and not self.wrong

    @property
    def doubt(self) -> str:
        """What is said of it that is no error: that it starts anew, or what the checker is in doubt about."""
        return ": ".join(filter(None, (self.anew, self.failure))) if self.anew else self.warning


@dataclass(frozen=True, slots=True)
class Row:
    """A port of a card: the height of its middle, and the text beside it."""

    port: Port
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A parameter of a card."""

    label: str
    value: str
    y: float
    pinned: bool = False
    given: bool = True
    """The script sets it; else it is the default."""


@dataclass(frozen=True, slots=True)
class Card:
    """Where everything stands, in the card's own coordinates; (0, 0) is its upper left corner."""

    width: float
    height: float
    title: str
    subtitle: str
    inputs: tuple[Row, ...]
    outputs: tuple[Row, ...]
    chips: tuple[Chip, ...]
    more: float | None
    """Height of the line that says how many parameters are not shown; None if all are."""
    hidden: int
    strip: float | None
    code: tuple[str, ...]
    code_top: float
    trouble: tuple[str, ...]
    trouble_top: float


def chip_box(card: Card, chip: Chip) -> QRectF:
    """Return the rectangle of a parameter, in the card's coordinates."""
    return QRectF(9, chip.y, card.width - 18, CHIP - 2)


def category(node: Node) -> str:
    """Return the shelf whose colour and sign the card wears."""
    if node.kind == "code":
        return "code"
    return node.spec.category if node.spec else ""


def unknown(node: Node) -> bool:
    """Return whether the node calls something that flodesk does not know."""
    return node.spec is None and node.kind in ("call", "object", "producer")


def spark_port(node: Node) -> Port | None:
    """Return the output whose values the card draws as a sparkline.

    Of arrays in a row it is the last: where a result is a curve its horizontal axis comes first (a spectrum's
    frequencies, the middles of a histogram's bins).
    """
    drawn = [port for port in node.outputs if port.type in _WITH_STRIP]
    arrays = [port for port in drawn if port.type == "array"]
    return arrays[-1] if arrays and arrays == drawn else next(iter(drawn), None)


def has_value_text(port: Port) -> bool:
    """Return whether the newest value stands beside the port, as text (others are drawn, or not shown)."""
    return port.type not in _WITH_STRIP and port.type != "none"


def _first_line(node: Node) -> str:
    """Return the title of code: its first line, but a name where a hand has given it one that is no variable."""
    chosen = len(node.outputs) != 1 and not _NUMBERED.fullmatch(node.id)
    return node.id if chosen else node.title or node.id


def title_of(node: Node) -> str:
    """Return what a card is called: the first line that is read on it."""
    return _titles(node)[0]


def _titles(node: Node) -> tuple[str, str]:
    words = {"merge": "merge", "feedback": "feedback", "constant": "constant", "code": "Python"}
    if node.kind in ("inputs", "return"):
        return node.title, f"of {node.function}"
    if node.kind == "switch":
        return node.title or node.id, "switch"
    if node.kind == "jump":
        title, _, arm = node.title.partition(" · ")
        return title, ": ".join(filter(None, [arm, " ".join(node.text.split())]))
    if is_carried_by_code(node):
        return node.outputs[0].label, words[node.kind]
    if node.kind in words:
        return _first_line(node) if node.kind == "code" else node.id, words[node.kind]
    subtitle = node.title if node.title != node.id else node.role
    if node.beside:
        subtitle = f"{subtitle} · beside the loop"
    if node.switched:
        off = "off too" if node.along else "off"
        subtitle = f"{off if node.switched == 'off' else 'bypassed'} · {subtitle}"
    return node.id, f"unknown: {node.type or node.title}" if unknown(node) else subtitle


def _value(node: Node, part: Field) -> str:
    text = part.text
    if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]:
        text = text[1:-1] or "''"
    parameter = node.spec.parameter(part.name) if node.spec else None
    return f"{text} {parameter.unit}" if parameter and parameter.unit and text else text


def output_label(node: Node, port: Port) -> str:
    """Return what stands beside an output: its field or variable; its type where that alone would repeat the title."""
    repeats = port.label == node.id and len(node.outputs) == 1
    return port.label if port.label and not repeats else _PORT_WORDS.get(port.type, port.type)


def _input_labels(node: Node) -> list[str]:
    """Return what stands beside each input; of ``*values`` the first has the name, the open one at the end a plus."""
    labels: list[str] = []
    numbers = [re.fullmatch(r"(\w+)\[(\d+)\]", port.label) for port in node.inputs]
    for place, (port, number) in enumerate(zip(node.inputs, numbers, strict=True)):
        if port.each:
            labels.append(f"each of {port.label}")
            continue
        if number is None or node.spec is None:
            labels.append(port.label)
            continue
        after = numbers[place + 1] if place + 1 < len(numbers) else None
        last = after is None or after[1] != number[1]
        labels.append(number[1] if number[2] == "0" else "+" if last else str(int(number[2]) + 1))
    return labels


def _wrapped(text: str, width: float, kinds: Fonts) -> tuple[str, ...]:
    """Break a message into at most two lines."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if kinds.kind.width(longer) > width and line:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])]
    return tuple(kinds.kind.elided(line, width) for line in lines)


def _width(node: Node, title: str, subtitle: str, chips: list[tuple[str, str]], code: tuple[str, ...]) -> float:
    kinds = fonts()
    below = kinds.kind.width(subtitle)
    for chip in filter(
        None, (card_words(node.place), BEHIND.format(0) if node.beside else "", "999 of 999" if node.mapped else "")
    ):
        below += kinds.kind.width(chip) + 16
    head = max(kinds.title.width(title), below) + (96 if node.kind == "jump" else 70)
    if node.kind == "producer":  # above it there is room for what its loop says
        head = max(head, _LOOP_WORDS)
    left = [kinds.label.width(label) for label in _input_labels(node)]
    right = [
        kinds.label.width(output_label(node, port)) + (_VALUE_WIDTH if has_value_text(port) else 0)
        for port in node.outputs
    ]
    rows = max(left, default=0.0) + max(right, default=0.0) + 46
    pairs = max((kinds.label.width(a) + min(kinds.value.width(b), 120) for a, b in chips), default=0.0) + 46
    lines = max((kinds.code.width(line) for line in code), default=0.0) + 34
    least = 112 if node.kind in ("merge", "feedback", "constant", "jump") else 150
    return float(math.ceil(min(280.0, max(least, head, rows, pairs, lines)) / 2) * 2)


def _shown(node: Node) -> list[Field]:
    """Return the fields that stand on the card: those that are pinned, then those that the script sets."""
    free = {part.name: part for part in node.fields if not part.wired}
    pinned = [free[name] for name in node.pins if name in free]
    given = [part for part in free.values() if part.given]
    if node.spec is not None and node.spec.viewed:  # the others are for the control panel, and seen there
        return [*given[:1], *(part for part in pinned if part not in given[:1])]
    return [*pinned, *(part for part in given if part not in pinned)]


def measure(node: Node, problem: str = "", failure: str = "", warning: str = "") -> Card:
    """Lay out the card of a node; it shows the first of three texts that says something."""
    kinds = fonts()
    title, subtitle = _titles(node)
    shown = _shown(node)
    most = max(MOST_CHIPS, len(node.pins))
    code = tuple(node.text.rstrip().splitlines()) if node.kind == "code" else ()
    if len(code) > _CODE_LINES:
        code = (*code[: _CODE_LINES - 1], f"… {len(code) - _CODE_LINES + 1} lines more")
    pairs = [(part.name, _value(node, part)) for part in shown]
    width = _width(node, title, subtitle, pairs, code)
    bare = node.kind == "jump" and not (node.inputs or node.outputs)  # its header says it all
    top = HEADER if bare else HEADER + PAD - 1
    labels = _input_labels(node)
    inputs = tuple(Row(p, top + ROW * (k + 0.5), labels[k]) for k, p in enumerate(node.inputs))
    outputs = tuple(Row(p, top + ROW * (k + 0.5), output_label(node, p)) for k, p in enumerate(node.outputs))
    y = top + ROW * max(len(inputs), len(outputs))
    chips = tuple(
        Chip(part.name, pairs[k][1], y + 2 + CHIP * k, part.name in node.pins, part.given)
        for k, part in enumerate(shown[:most])
    )
    y += CHIP * len(chips) + (4 if chips else 0)
    hidden = len(shown) - len(chips)
    more = y if hidden else None
    y += CHIP - 4 if hidden else 0
    strip = y + 2 if spark_port(node) is not None else None
    y += STRIP + 4 if strip is not None else 0
    code_top = y + 2
    y += _LINE * len(code) + 14 if code else 0
    y += PAD if y > HEADER else 2
    text = problem or failure or warning
    trouble = _wrapped(text, width - (36 if problem or failure else 36 + SIGN), kinds) if text else ()
    height = y + (_LINE * len(trouble) + 10 if trouble else 0)
    return Card(width, height, title, subtitle, inputs, outputs, chips, more, hidden, strip, code, code_top, trouble, y)


def spark_of(live: Live, node: Node) -> Preview | None:
    """Return the preview that the sparkline shows."""
    port = spark_port(node)
    return live.previews.get(port.name) if port else None


def sizes(nodes: Mapping[str, Node]) -> dict[str, tuple[float, float]]:
    """Return width and height of every card, as the automatic placing needs them."""
    return {key: (card.width, card.height) for key, card in ((key, measure(node)) for key, node in nodes.items())}

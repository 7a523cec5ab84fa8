"""Notes and frames: what stands on a canvas and is no node. They live in the header, one line each.

A frame holds no list of what it carries: that is whatever lies on its ground, so that nothing in the header has to
follow a rename, a deletion, or a card that was dropped in or out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from flodesk.flow.edit.header import setting
from flodesk.flow.finite import is_number
from flodesk.flow.model import Flow
from flodesk.flow.problem import did_you_mean, quoted
from flodesk.flow.script import toml

PieceKind = Literal["note", "frame"]
Key: TypeAlias = tuple[PieceKind, str]
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width and height, in pixels at 100 %."""

TABLES: dict[PieceKind, str] = {"note": "notes", "frame": "frames"}
WORDS: dict[PieceKind, str] = {"note": "text", "frame": "title"}
"""Under which key the words of each kind stand."""
COLORS = ("blue", "green", "yellow", "orange", "red", "violet", "grey")
LEAST = (96.0, 48.0)
"""Width and height that a note or a frame has at least."""
_MOST = 1e6


@dataclass(frozen=True, slots=True)
class Piece:
    """A note, whose text is Markdown, or a frame, whose text is its title.

    Attributes
    ----------
    box : tuple
        Left, top, width and height.
    color : str
        One of `COLORS`; empty for the usual one of its kind.
    """

    kind: PieceKind
    id: str
    box: Box
    text: str = ""
    color: str = ""

    @property
    def key(self) -> Key:
        """Kind and id: unique on a canvas."""
        return self.kind, self.id

    @property
    def name(self) -> str:
        """What it is called in a sentence: a frame by its title."""
        return f"{self.kind} “{self.text}”" if self.kind == "frame" and self.text else f"the {self.kind}"


def pieces(flow: Flow, function: str) -> dict[Key, Piece]:
    """Return the notes and frames of a canvas; lines that are none are left out (`check_pieces` names them)."""
    found: dict[Key, Piece] = {}
    for kind, table in TABLES.items():
        for name, line in setting(flow, table, function).items():
            box = box_of(line)
            if box is not None:
                text, color = line.get(WORDS[kind], ""), line.get("color", "")
                made = Piece(kind, name, box, text if isinstance(text, str) else "", color if color in COLORS else "")
                found[kind, name] = made
    return found


def box_of(line: Any) -> Box | None:
    """Return where a line of the header says that something stands; None if it does not say so."""
    at = line.get("at") if isinstance(line, Mapping) else None
    if not isinstance(at, list | tuple) or len(at) != 4:
        return None
    if not all(map(is_number, at)):
        return None
    x, y, width, height = (max(-_MOST, min(_MOST, float(part))) for part in at)
    return x, y, max(LEAST[0], width), max(LEAST[1], height)


def line_of(piece: Piece, before: Any = None) -> dict[str, Any]:
    """Return the line of a piece; of the one before it, what flodesk does not know is kept."""
    line: dict[str, Any] = {"at": [_whole(part) for part in piece.box]}
    known = ("at", WORDS[piece.kind], "color")
    if piece.text:
        line[WORDS[piece.kind]] = piece.text
    if piece.color:
        line["color"] = piece.color
    if isinstance(before, Mapping):
        line |= {name: value for name, value in before.items() if name not in known}
    return line


def _whole(number: float) -> int | float:
    return int(number) if float(number).is_integer() else round(float(number), 1)


def lies_in(inner: Box, frame: Box) -> bool:
    """Say whether a frame carries what stands in a box: its middle is on the frame's ground, and it is smaller."""
    x, y = inner[0] + inner[2] / 2, inner[1] + inner[3] / 2
    on_it = frame[0] <= x <= frame[0] + frame[2] and frame[1] <= y <= frame[1] + frame[3]
    return on_it and inner[2] * inner[3] < frame[2] * frame[3]


def check_pieces(flow: Flow) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Find lines that are no note and no frame; gives (message, hint, path of the line) of each."""
    for kind, table in TABLES.items():
        tables = flow.header.settings.get(table, {})
        if not isinstance(tables, Mapping):
            yield (
                f"The header says {table} = …, which flodesk cannot show.",
                f"Write a table [tool.flodesk.{table}.flow].",
                (table,),
            )
            continue
        for function, lines in tables.items():
            for name, line in lines.items() if isinstance(lines, Mapping) else ():
                of, entry = f"The {kind} {quoted(name)} of {quoted(function)}", (table, function, name)
                if box_of(line) is None:
                    hint = f"Write {name} = {{ at = [left, top, width, height], {WORDS[kind]} = … }}."
                    yield f"{of} has no place, so it is not shown.", hint, entry
                elif (color := line.get("color", "")) and color not in COLORS:
                    hint = did_you_mean(toml.said(color), COLORS) or f"Use {', '.join(COLORS)}."
                    yield f"{of} has no known colour.", hint, entry

"""Notes and frames, as a hand makes, moves, writes and removes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from flodesk.flow.edit import Edit, SetDrawn
from flodesk.flow.edit.header import setting
from flodesk.flow.model import Flow
from flodesk.flow.pieces import TABLES, Box, Key, Piece, PieceKind, line_of, pieces


def set_piece(flow: Flow, function: str, piece: Piece, title: str = "") -> Edit:
    """Write a note or a frame, a new one or one that is there already."""
    table = TABLES[piece.kind]
    before = setting(flow, table, function).get(piece.id)
    verb = "Change" if before is not None else "Add"
    return SetDrawn(table, function, piece.id, line_of(piece, before), title or f"{verb} {piece.name}")


def new_piece(
    flow: Flow, function: str, kind: PieceKind, box: Box, text: str = "", color: str = ""
) -> tuple[Edit, Piece]:
    """Put a note or a frame on a canvas; return it, too."""
    name = _free(f"{kind}_1", setting(flow, TABLES[kind], function))
    piece = Piece(kind, name, box, text, color)
    return set_piece(flow, function, piece, f"Add a {kind}"), piece


def put_pieces(flow: Flow, function: str, boxes: Mapping[Key, Box]) -> list[Edit]:
    """Put notes and frames somewhere else, or make them larger or smaller."""
    known = pieces(flow, function)
    return [
        set_piece(flow, function, replace(known[key], box=box), f"Move {known[key].name}")
        for key, box in boxes.items()
        if key in known and known[key].box != box
    ]


def remove_pieces(flow: Flow, function: str, keys: Iterable[Key]) -> list[Edit]:
    """Take notes and frames off a canvas; what a frame carried stays."""
    known = pieces(flow, function)
    return [
        SetDrawn(TABLES[key[0]], function, key[1], None, f"Delete {known[key].name}") for key in keys if key in known
    ]


def drawn_along(
    source: Flow, of: str, target: Flow, function: str, step: tuple[float, float], keys: Collection[Key] | None = None
) -> Iterator[Edit]:
    """Give the edits that put the notes and frames of a canvas (or those in `keys`) onto another, moved by a step."""
    taken = {kind: set(setting(target, table, function)) for kind, table in TABLES.items()}
    for key, piece in pieces(source, of).items():
        if keys is not None and key not in keys:
            continue
        x, y, width, height = piece.box
        name = _free(piece.id, taken[piece.kind])
        taken[piece.kind].add(name)
        there = replace(piece, id=name, box=(x + step[0], y + step[1], width, height))
        before = setting(source, TABLES[piece.kind], of)[piece.id]
        yield SetDrawn(TABLES[piece.kind], function, name, line_of(there, before), f"Add {there.name}")


def _free(wanted: str, names: Collection[str]) -> str:
    """Return an id that is not among the names: the wanted one, or with another number."""
    base, _, number = wanted.rpartition("_")
    base = base if number.isdigit() and base else wanted
    numbered = (f"{base}_{n}" for n in range(1, len(names) + 2))
    return next(name for name in (wanted, *numbered) if name not in names)

"""Tidy: all cards, or some of them, laid out anew; what lies in a frame stays together in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from flodesk.flow.graph import Graph
from flodesk.flow.pieces import Box, Key, Piece, lies_in
from flodesk.ui.canvas.layers import layered
from flodesk.ui.canvas.pieces.frame_item import BAND
from flodesk.ui.canvas.placing import Place, free_place, links_of, with_air
from flodesk.ui.canvas.regions import airs

AIR = 28.0
"""Between a frame and what lies in it."""


@dataclass
class _Ground:
    """A frame (or, without one, the canvas) and what is laid out on it: ids of cards, and frames in it."""

    frame: Piece | None
    cards: list[str] = field(default_factory=list)
    inner: list[_Ground] = field(default_factory=list)

    @property
    def name(self) -> str:
        """How it stands among cards: no id of a card has a blank in it."""
        return f"frame {self.frame.id}" if self.frame else ""


def tidied(
    graph: Graph, boxes: Mapping[str, Box], pieces: Mapping[Key, Piece], only: Collection[str] = ()
) -> tuple[dict[str, Place], dict[Key, Box]]:
    """Return new places for cards, and new boxes for the frames and notes among them.

    Parameters
    ----------
    boxes : the box of each card now
    only : ids
        The cards that are laid out; all if empty. They stay where they were as a whole, and frames that carry others,
        too, do not move.
    """
    cards = [key for key in graph.nodes if not only or key in only]
    if not cards:
        return {}, {}
    frames = [piece for piece in pieces.values() if piece.kind == "frame"]
    if only:
        frames = [f for f in frames if _carries(f, boxes) and _carries(f, boxes) <= set(only)]
    root = _grounds(cards, boxes, frames)
    sizes, air = {key: boxes[key][2:] for key in cards}, airs(graph)
    places: dict[str, Place] = {}
    moved: dict[Key, Box] = {}
    _lay_out(root, links_of(graph), with_air(sizes, air), places, moved)
    places = {key: (x, y + (air[key][0] if key in air else 0.0)) for key, (x, y) in places.items()}
    old = [boxes[key] for key in cards] + [frame.box for frame in frames]
    new = [(*places[key], *sizes[key]) for key in cards] + list(moved.values())
    step = min(b[0] for b in old) - min(b[0] for b in new), min(b[1] for b in old) - min(b[1] for b in new)
    places = {key: (round(x + step[0]) + 0.0, round(y + step[1]) + 0.0) for key, (x, y) in places.items()}
    moved = {key: (round(x + step[0]) + 0.0, round(y + step[1]) + 0.0, w, h) for key, (x, y, w, h) in moved.items()}
    moved |= _notes(pieces, boxes, places, moved)
    return places, moved


def _carries(frame: Piece, boxes: Mapping[str, Box]) -> set[str]:
    return {key for key, box in boxes.items() if lies_in(box, frame.box)}


def _grounds(cards: list[str], boxes: Mapping[str, Box], frames: list[Piece]) -> _Ground:
    """Put every card and every frame onto the smallest frame that it lies on. Frames without cards stay as they are."""
    root = _Ground(None)
    full = [frame for frame in frames if any(lies_in(boxes[key], frame.box) for key in cards)]
    known = {frame.id: _Ground(frame) for frame in sorted(full, key=lambda f: f.box[2] * f.box[3])}

    def home(box: Box, within: Iterable[_Ground]) -> _Ground:
        return next((g for g in within if g.frame and (g.frame.box == box or lies_in(box, g.frame.box))), root)

    for key in cards:
        home(boxes[key], known.values()).cards.append(key)
    grounds = list(known.values())
    for number, ground in enumerate(grounds):  # of two that lie on one another exactly the second holds the first
        if ground.frame is not None:
            home(ground.frame.box, grounds[number + 1 :]).inner.append(ground)
    _without_empty(root)
    return root


def _without_empty(ground: _Ground) -> bool:
    """Take out frames whose cards all lie on smaller ones that lie beside; say whether anything is on the ground."""
    ground.inner = [inner for inner in ground.inner if _without_empty(inner)]
    return bool(ground.cards or ground.inner)


def _lay_out(
    ground: _Ground,
    links: Mapping[str, list[str]],
    sizes: Mapping[str, tuple[float, float]],
    places: dict[str, Place],
    moved: dict[Key, Box],
) -> tuple[set[str], tuple[float, float]]:
    """Lay out what lies on a ground, the frames on it first, as cards of their own. Return the cards, and the size."""
    within: dict[str, set[str]] = {key: {key} for key in ground.cards}
    here = {key: sizes[key] for key in ground.cards}
    for inner in ground.inner:
        within[inner.name], here[inner.name] = _lay_out(inner, links, sizes, places, moved)
    owner = {card: name for name, held in within.items() for card in held}
    sources: dict[str, list[str]] = defaultdict(list)
    for card, name in owner.items():
        for source in links.get(card, ()):
            if source in owner and owner[source] != name:
                sources[name].append(owner[source])
    found = layered(list(within), sources, here)
    left, top = min(x for x, _ in found.values()), min(y for _, y in found.values())
    air, above = (AIR, AIR + BAND) if ground.frame else (0.0, 0.0)
    for name, (x, y) in found.items():
        step = x - left + air, y - top + above
        if name in sizes and name in ground.cards:
            places[name] = step
            continue
        _shift(next(inner for inner in ground.inner if inner.name == name), step, places, moved)
    width = max(x - left + here[name][0] for name, (x, _) in found.items()) + 2 * air
    height = max(y - top + here[name][1] for name, (_, y) in found.items()) + above + air
    if ground.frame is not None:
        moved[ground.frame.key] = (0.0, 0.0, float(round(width)), float(round(height)))
    return {card for held in within.values() for card in held}, (width, height)


def _shift(ground: _Ground, step: Place, places: dict[str, Place], moved: dict[Key, Box]) -> None:
    """Move a frame with all that lies on it."""
    for key in ground.cards:
        places[key] = (places[key][0] + step[0], places[key][1] + step[1])
    if ground.frame is not None:
        x, y, width, height = moved[ground.frame.key]
        moved[ground.frame.key] = (x + step[0], y + step[1], width, height)
    for inner in ground.inner:
        _shift(inner, step, places, moved)


def _notes(
    pieces: Mapping[Key, Piece], boxes: Mapping[str, Box], places: Mapping[str, Place], moved: Mapping[Key, Box]
) -> dict[Key, Box]:
    """Take each note along with the card that it stands nearest to, to where it covers nothing."""
    found: dict[Key, Box] = {}
    taken = [(*places.get(card, box[:2]), *box[2:]) for card, box in boxes.items()]
    for key, piece in pieces.items():
        near = min(boxes, key=lambda card: _apart(piece.box, boxes[card]), default=None)
        if piece.kind == "note" and near is not None and near in places:
            x, y = places[near][0] - boxes[near][0], places[near][1] - boxes[near][1]
            others = [moved.get(k, p.box) for k, p in pieces.items() if k != key and not lies_in(piece.box, p.box)]
            size = piece.box[2:]
            corner = free_place((piece.box[0] + x, piece.box[1] + y), size, [*taken, *others, *found.values()])
            found[key] = (*corner, *size)
    return found


def _apart(a: Box, b: Box) -> float:
    across = max(a[0] - b[0] - b[2], b[0] - a[0] - a[2], 0.0)
    down = max(a[1] - b[1] - b[3], b[1] - a[1] - a[3], 0.0)
    return across + down

"""In which order the nodes of a function run: numbers that a reader of the picture can follow, without a run.

The script decides. A statement of a function has a number; what is in the body of a loop has that of the loop in front
(``3.1``), what is in an arm of a switch the switch's and a letter (``4a.1``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from flodesk.flow.boxes import Graph, Node
from flodesk.flow.model import Block, Call, Flow, Loop, Statement, Switch
from flodesk.flow.names import arm_label, binds_of, names_read
from flodesk.flow.problem import quoted


@dataclass(frozen=True, slots=True)
class Turn:
    """When a node runs.

    Attributes
    ----------
    number : str
        As it stands on the card; of a node with several lines those of each, ``1, 4.2``.
    words : str
        The same in a sentence.
    loop : bool
        It gives a loop its turns.
    beside : tuple of str
        Nodes that may run at the same time.
    place : str
        Where it runs, if that is not the engine; ``beside`` for what runs beside its loop.
    """

    number: str
    words: str
    loop: bool = False
    beside: tuple[str, ...] = ()
    place: str = ""


def turns(flow: Flow, graph: Graph) -> dict[str, Turn]:
    """Return when each node of a function runs, by its id; nodes that are no lines of it have none."""
    function = flow.functions.get(graph.function)
    if function is None:
        return {}
    walk = _Walk(graph)
    walk.block(function.body, "", "")
    found: dict[str, Turn] = {}
    for node in graph.nodes.values():
        lines = [name for name in node.statements if name in walk.numbers]
        if lines:
            found[node.id] = _turn(node, lines, walk)
    return found


def _turn(node: Node, lines: Sequence[str], walk: _Walk) -> Turn:
    numbers = list(dict.fromkeys(walk.numbers[name] for name in lines))
    beside = tuple(dict.fromkeys(other for name in lines for other in walk.beside.get(name, ())))
    where = walk.where[lines[-1]]
    first = f"Runs as number {numbers[0]}{where}"
    if node.kind == "producer":
        first = f"Number {numbers[0]}{where}: gives a loop its turns, and runs before each"
    elif len(numbers) > 1:
        first = f"Runs as number {' and as '.join(numbers[:3])}{where}"
    parts = [first]
    if node.switched:
        parts.append("and is switched off" if node.switched == "off" else "and hands its input on")
    if beside:
        parts.append(f"at the same time as {' and '.join(map(quoted, beside[:3]))} where that pays")
    if node.beside:
        parts.append("beside its loop, in a thread of its own")
    if node.place:
        parts.append(f"in the place {quoted(node.place)}")
    shown = ", ".join(numbers[:3]) + (" …" if len(numbers) > 3 else "")
    return Turn(shown, f"{', '.join(parts)}.", node.kind == "producer", beside, "beside" if node.beside else node.place)


class _Walk:
    """Numbers the statements that have a box, in the order of the text."""

    def __init__(self, graph: Graph) -> None:
        self._box = {name: node for node in graph.nodes.values() for name in node.statements}
        self.numbers: dict[str, str] = {}
        self.where: dict[str, str] = {}
        self.beside: dict[str, tuple[str, ...]] = {}

    def block(self, block: Block, prefix: str, where: str) -> None:
        """Give the statements of a block their numbers; `prefix` is what stands in front."""
        count = 0
        for statement in block.statements:
            if statement.id not in self._box:
                continue
            count += 1
            number = f"{prefix}{count}"
            self.numbers[statement.id] = number
            self.where[statement.id] = where
            if isinstance(statement, Loop):
                self.block(statement.body, f"{number}.", f" in each turn of the loop of {quoted(statement.id)}")
            elif isinstance(statement, Switch):
                for arm, branch in enumerate(statement.arms):
                    letter = ascii_lowercase[arm] if arm < len(ascii_lowercase) else f"[{arm}]"
                    label = quoted(arm_label(statement, arm))
                    said = f" in the arm {label} of {quoted(statement.id)}, where that is taken"
                    self.block(branch.body, f"{number}{letter}.", said)
        for run in self._runs(block):
            self._side_by_side(run)

    def _runs(self, block: Block) -> Iterator[list[Call]]:
        """Give the rows of neighbours that all say they are pure, as the engine looks for them."""
        run: list[Call] = []
        for statement in (*block.statements, None):
            if statement is not None and isinstance(statement, Call) and self._is_free(statement):
                run.append(statement)
                continue
            if len(run) > 1:
                yield run
            run = []

    def _is_free(self, call: Call) -> bool:
        node = self._box.get(call.id)
        spec = node.spec if node is not None else None
        if node is None or spec is None or call.awaited or node.beside or node.place not in ("", "local"):
            return False
        return spec.says_pure and not spec.methods and call.mapped is None  # its own items are side by side

    def _side_by_side(self, run: Sequence[Call]) -> None:
        """Note of each call which others of a row neither need it nor are needed by it."""
        needs = _needs(run)
        for number, call in enumerate(run):
            others = [
                self._box[other.id].id
                for n, other in enumerate(run)
                if n != number and n not in needs[number] and number not in needs[n]
            ]
            if others:
                self.beside[call.id] = tuple(others)


def _needs(run: Sequence[Statement]) -> list[frozenset[int]]:
    """Return for each statement of a row which of those before it have to be done first, by any way."""
    found: list[frozenset[int]] = []
    bound: dict[str, int] = {}
    for number, statement in enumerate(run):
        direct = {bound[name] for name in names_read(statement) if name in bound}
        found.append(frozenset(direct).union(*(found[n] for n in direct)))
        bound.update(dict.fromkeys(binds_of(statement), number))
    return found


def legend(found: Mapping[str, Turn]) -> str:
    """Say what the numbers mean, as far as these have it."""
    numbers = [turn.number for turn in found.values()]
    parts = ["The numbers say in which order the nodes run"]
    outer = [turn.number for turn in found.values() if turn.loop]
    inner = next((f"{loop}.1" for loop in outer if f"{loop}.1" in numbers), "")
    if inner:
        parts.append(f"{inner} is in the loop of {inner.removesuffix('.1')}")
    if any("a." in number for number in numbers):
        parts.append("4a.1 in the first arm of 4")
    if any(turn.beside for turn in found.values()):
        parts.append("∥ may run at the same time as others")
    return "; ".join(parts)


__all__ = ["Turn", "legend", "turns"]

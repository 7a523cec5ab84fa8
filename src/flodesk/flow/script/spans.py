"""Which lines of the text each statement of a flow stands on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from flodesk.flow.model import Arm, Flow, Region, Statement, Switch, walk
from flodesk.flow.script.writer import statement_lines, statement_text


@dataclass(frozen=True, slots=True)
class Span:
    """The lines of a statement (from 0, the last one included); of a compound one those of its head, or of an arm."""

    first: int
    last: int
    function: str
    id: str


class Spans:
    """The statements of a flow by their lines, and the other way round."""

    def __init__(self, flow: Flow, text: str | None = None) -> None:
        lines = statement_lines(flow, text)
        found: list[Span] = []
        for statement, region in walk(flow.module, Region("")):
            parts: tuple[Statement | Arm, ...] = statement.arms if isinstance(statement, Switch) else (statement,)
            for number, part in enumerate(parts):
                line = lines.get(id(part))
                if line is not None:
                    raw = part.raw if part.raw is not None else statement_text(part, number == 0)
                    found.append(Span(line - 1, line - 1 + raw.count("\n"), region.function, statement.id))
        self._spans = sorted(found, key=lambda span: span.first)
        self._firsts = [span.first for span in self._spans]
        self._by_id: dict[tuple[str, str], list[Span]] = {}
        for span in self._spans:
            self._by_id.setdefault((span.function, span.id), []).append(span)

    def of(self, function: str, name: str) -> list[Span]:
        """Return the lines of a statement; of a switch those of each arm."""
        return self._by_id.get((function, name), [])

    def at(self, line: int) -> Span | None:
        """Return the statement that a line belongs to; None for a blank line or a comment."""
        number = bisect_right(self._firsts, line) - 1
        if number < 0 or line > self._spans[number].last:
            return None
        return self._spans[number]

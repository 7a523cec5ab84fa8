"""Problems that no file knows of: a breakpoint's condition, a text that is typed and cannot be read yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flodesk.flow.document import Document
from flodesk.flow.fixes import Fix
from flodesk.flow.problem import About, Problem, quoted
from flodesk.ui.debug.breakpoints import ARROW, Breakpoints, wire_words
from flodesk.ui.debug.condition import known_at, wrong
from flodesk.ui.script import ScriptPane


class Others:
    """Finds them, and does what can be done about them. They keep no flow from running."""

    def __init__(
        self, document: Document, breakpoints: Breakpoints, script: ScriptPane, ask: Callable[[str], object]
    ) -> None:
        self._document = document
        self._breakpoints = breakpoints
        self._script = script
        self._ask = ask
        """Asks for the condition of the breakpoint at a place."""

    def problems(self) -> Iterator[Problem]:
        """Give the problems that there are now."""
        yield from self._unread()
        for place, condition in self._breakpoints.here().items():
            function, _, rest = place.partition(".")
            reason = wrong(condition, known_at(self._document.flow, function)) if condition else ""
            if reason:
                node = rest.partition(ARROW)[2].partition(".")[0] if ARROW in rest else rest
                message, _, hint = reason.partition(". ")
                at = quoted(wire_words(place))
                said = f"The breakpoint at {at} holds when {condition}: {message[0].lower()}{message[1:]}"
                about = About(function=function, name=place)
                yield Problem(
                    "warning", f"{said.removesuffix('.')}.", hint, f"{function}.{node}", 0, "condition", about
                )

    def _unread(self) -> Iterator[Problem]:
        unread = self._script.in_step.unread
        if unread is not None:
            message = f"The script cannot be read as it is typed: {self._script.reason()}"
            hint = "The canvas shows the flow as it was before; go on typing, or take the text back."
            yield Problem("warning", message, hint, "", unread.line + 1, "unread", About(name="script"))

    def fixes(self, problem: Problem) -> tuple[Fix, ...] | None:
        """Return what can be done about one of these problems; None if it is none of them."""
        if problem.kind == "unread":
            return (Fix("remove", "Take the text back to the last one that could be read"),)
        if problem.kind == "condition":
            place = problem.about.name.partition(".")[2]
            return (
                Fix("ask", f"Change the condition of the breakpoint at {quoted(place)}…"),
                Fix("write", f"Let the breakpoint at {quoted(place)} hold every time"),
                Fix("remove", f"Remove the breakpoint at {quoted(place)}"),
            )
        return None

    def do(self, problem: Problem, fix: Fix) -> None:
        """Do it."""
        deeds: dict[str, Callable[[], object]] = {
            "ask": lambda: self._ask(problem.about.name),
            "write": lambda: self._breakpoints.put(problem.about.name, ""),
            "remove": lambda: self._breakpoints.toggle([problem.about.name]),
        }
        if problem.kind == "unread":
            self._script.in_step.take_back()
        else:
            deeds[fix.kind]()

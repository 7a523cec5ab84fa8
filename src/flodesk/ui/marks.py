"""What is marked on the canvases of a window: problems, probes, breakpoints, and where a run is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flodesk.ui.canvas import FlowCanvas


class Marks:
    """The marks of all canvases; one that is opened later gets them, too.

    Parameters
    ----------
    pages : mapping
        The canvases that there are, by function; others may come and go.
    """

    def __init__(self, pages: Mapping[str, FlowCanvas]) -> None:
        self._pages = pages
        self._problems: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
        self._probed: tuple[str, ...] = ()
        self._breakpoints: tuple[Mapping[str, str], str] = ({}, "")
        self._ahead: frozenset[str] = frozenset()

    def mark(self, page: FlowCanvas) -> None:
        """Mark a canvas that is new."""
        page.show_problems(*self._problems)
        page.board.show_marks(*self._breakpoints)
        page.board.show_ahead(self._ahead)
        page.probes.show(self._probed)

    def show_problems(self, errors: Mapping[str, str], warnings: Mapping[str, str]) -> None:
        """Show problems, in words by ``function.node``."""
        self._problems = errors, warnings
        for page in self._pages.values():
            page.show_problems(errors, warnings)

    def show_probes(self, names: Iterable[str]) -> None:
        """Mark the ports of these values (``function.variable``) as probed."""
        self._probed = tuple(names)
        for page in self._pages.values():
            page.probes.show(self._probed)

    def show_breakpoints(self, breakpoints: Mapping[str, str], held: str) -> None:
        """Show breakpoints, and the place (``function.node``, or that of a wire) where the run is held."""
        self._breakpoints = breakpoints, held
        for page in self._pages.values():
            page.board.show_marks(breakpoints, held)

    def show_ahead(self, statements: frozenset[str]) -> None:
        """Show what a run that is held has not reached again (``function.statement``) as of before."""
        self._ahead = statements
        for page in self._pages.values():
            page.board.show_ahead(statements)

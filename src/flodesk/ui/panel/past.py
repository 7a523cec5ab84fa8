"""The panel as it was: its views at a moment of the past, which the bar of time has chosen."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from typing import Any

from flodesk.engine.client import Sample
from flodesk.ui.earlier import Mark
from flodesk.ui.panel.bar import Bar
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.soon import soon

_NOT_HELD = Mark("not held", "Nothing is held of that moment; what is shown is newer.")


class Past:
    """Shows values of the past on the cards, and later the newest again.

    Attributes
    ----------
    on : bool
        The past is shown; what comes meanwhile is not.
    """

    def __init__(self, board: Board, bar: Bar, show_newest: Callable[[], object]) -> None:
        self.on = False
        self._board = board
        self._bar = bar
        self._show_newest = weakref.WeakMethod(show_newest)  # of the panel, which owns this
        self._told: tuple[Mapping[str, tuple[int, Any]], str, Mapping[str, str] | None] = ({}, "", None)
        self._before: dict[Card, tuple[Sample | None, Mark | None]] = {}

    def show(self, values: Mapping[str, tuple[int, Any]], words: str, gone: Mapping[str, str] | None = None) -> None:
        """Show these values, each with its number, by ``function.variable``; `words` say which moment it is.

        `gone` tells of others why they are not held.
        """
        self.on = True
        self._told = values, words, gone
        self._bar.show_past(words)
        for card in self._board.cards.values():
            if not card.variable or card.freezing.on:
                continue  # what stands still does so also while the others look back
            self._before.setdefault(card, (card.seen, card.mark))
            found = values.get(card.variable)
            if found is not None:
                try:
                    card.show_sample(Sample(-found[0], found[1]))
                except Exception as error:  # noqa: BLE001 - one view that fails must not stop the others
                    card.show_failure(error)
            why = (gone or {}).get(card.variable)
            mark = _NOT_HELD if why is None else Mark("not held", f"This value of the past is not held: {why}.")
            card.show_mark(None if found is not None else mark)

    def name(self, words: str) -> None:
        """Say which moment is shown next, while its values are on their way: no two places tell different turns."""
        if self.on:
            self._bar.show_past(words)

    def freeze(self, on: bool) -> None:
        """Show the past also on a view that stood still, and goes on now."""
        if self.on and not on:
            soon(self._board, self._show_again)

    def _show_again(self) -> None:
        if self.on:
            self.show(*self._told)

    def leave(self) -> None:
        """Show the newest values again; where none has come, what was shown before."""
        if not self.on:
            return
        self.on = False
        self._bar.show_past("")
        before, self._before = self._before, {}
        cards = [card for card in self._board.cards.values() if card in before and not card.freezing.on]
        for card in cards:
            card.seen = None
            card.show_mark(None)
        if show_newest := self._show_newest():
            show_newest()
        for card in cards:
            sample, mark = before[card]
            if card.seen is None and sample is not None:
                card.show_sample(sample)
                card.show_mark(mark)

"""What was typed as the source of nodes and is in no flow yet: it waits until it can be read, and is never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from flodesk.flow import wiring
from flodesk.flow.document import Change, Document
from flodesk.flow.graph import Graph
from flodesk.ui.inspector.sheet import Sheet
from flodesk.ui.renames import Place, Renames


@dataclass(frozen=True, slots=True)
class _Typed:
    """A text, the source in the flow that it was typed over, and the one that the flow had last."""

    text: str
    over: str
    seen: str


class TypedSource(QObject):
    """Keeps such texts by their nodes; who comes back to one goes on with it.

    A text is of the node that it was typed for: it goes along with a new name, and sleeps while that is not in the
    flow. Where the flow has another source by then a hand is asked which it is to be.

    `changed` says that there is another node of which something was typed, or one less.

    Parameters
    ----------
    graph : callable
        Gives the picture of a function; one without nodes for a function that is not there.
    """

    changed = Signal()

    def __init__(self, document: Document, graph: Callable[[str], Graph]) -> None:
        super().__init__()
        self._document, self._graph = document, graph
        self._texts: dict[Place, _Typed] = {}
        self._asleep: dict[tuple[Place, str], _Typed] = {}
        """Of nodes that are not in the flow, by what they were typed over, too: another node can have the name."""
        self._renames = Renames()

    def go_on(self, sheet: Sheet) -> None:
        """Put what was typed for a node on its sheet, and keep from now on what is typed there."""
        if sheet.code is None:
            return
        place = sheet.function, sheet.node
        sheet.code.typed.connect(partial(self._keep, place))
        typed = self._texts.get(place)
        if typed is not None:
            sheet.code.go_on(typed.text, typed.over)

    def _keep(self, place: Place, text: str | None, before: str) -> None:
        known = self._texts.get(place)
        if text is None:
            self._texts.pop(place, None)
        else:
            self._texts[place] = _Typed(text, known.over if known is not None else before, before)
        if (known is None) != (text is None):
            self.changed.emit()

    def follow(self, change: Change) -> None:
        """Go along with new names; forget all when another file is open."""
        if change.kind == "open" and not change.again:
            self._texts.clear()
            self._asleep.clear()
            self._renames.forget()
            return
        now = self._renames.take(change)
        self._texts = {now(place): typed for place, typed in self._texts.items()}
        self._asleep = {(now(place), over): typed for (place, over), typed in self._asleep.items()}

    def settle(self) -> None:
        """Find the nodes again after a change: those that have gone sleep, those that are back go on."""
        if not self._texts and not self._asleep:
            return
        for place, typed in list(self._texts.items()):
            if source := self._source(place):
                self._texts[place] = replace(typed, seen=source)
            else:
                del self._texts[place]
                self._asleep[place, typed.over] = typed
        for (place, over), typed in list(self._asleep.items()):
            found = place if self._is(typed, place) else self._renames.back(place, partial(self._is, typed))
            if found is not None and found not in self._texts:
                del self._asleep[place, over]
                self._texts[found] = typed

    def _source(self, place: Place) -> str:
        function, node = place
        shown = self._graph(function).nodes.get(node)
        return wiring.source_of(self._document.flow, shown) if shown is not None else ""

    def _is(self, typed: _Typed, place: Place) -> bool:
        """Say whether a node that is back is the one that had gone, and not another of its name."""
        return self._source(place) in (typed.over, typed.seen)

    def reason(self) -> str:
        """Say of which nodes there is such text; empty if of none."""
        unread: list[str] = []
        changed: list[str] = []
        for place, typed in self._texts.items():
            source = self._source(place)
            if source and source != typed.text:
                (unread if source == typed.over else changed).append(f"“{place[1]}”")
        said = [f"The source of {' and '.join(unread)} cannot be read as it was typed."] if unread else []
        if changed:
            said.append(
                f"The source of {' and '.join(changed)} was changed after yours was typed: say which it is to be."
            )
        return " ".join(said)


__all__ = ["TypedSource"]

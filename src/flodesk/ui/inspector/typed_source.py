"""What was typed as the source of nodes and is in no flow yet: it waits until it can be read, and is never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from flodesk.flow import wiring
from flodesk.flow.document import Change, Document
from flodesk.flow.graph import Graph
from flodesk.flow.script.ids import own_statements
from flodesk.ui.canvas.card_words import short_title
from flodesk.ui.inspector.same_code import CODE, Nodes, followed, nodes_of
from flodesk.ui.inspector.sheet import Sheet
from flodesk.ui.renames import Place, Renames


@dataclass(frozen=True, slots=True)
class _Typed:
    """A text, the source in the flow that it was typed over, and the one that the flow had last."""

    text: str
    over: str
    seen: str
    lost: bool = False
    """Its node is not found, and was not just removed: it was changed into something else."""


class TypedSource(QObject):
    """Keeps such texts by their nodes; who comes back to one goes on with it.

    A text is of the node that it was typed for: it goes along with a new name, or with another number of its line of
    code, and sleeps while that is not in the flow. Where the flow has another source by then a hand is asked which it
    is to be.

    `changed` says that there is another node of which something was typed, or one less. `left` gives a sentence on a
    text that has gone with its node.

    Parameters
    ----------
    graph : callable
        Gives the picture of a function; one without nodes for a function that is not there.
    """

    changed = Signal()
    left = Signal(str)

    def __init__(self, document: Document, graph: Callable[[str], Graph]) -> None:
        super().__init__()
        self._document, self._graph = document, graph
        self._texts: dict[Place, _Typed] = {}
        self._asleep: list[tuple[Place, _Typed]] = []
        """Of nodes that are not in the flow: several can have had one name, and the very same source."""
        self._renames = Renames()
        self._known: dict[str, Nodes] = {}
        """The nodes of the functions that something was typed in, as they were last."""

    def go_on(self, sheet: Sheet) -> None:
        """Put what was typed for a node on its sheet, and keep from now on what is typed there."""
        if sheet.code is None:
            return
        place = sheet.function, sheet.node
        sheet.code.typed.connect(partial(self.keep, place))
        typed = self._texts.get(place)
        if typed is not None:
            sheet.code.go_on(typed.text, typed.over)
        elif other := self._other_card(place):
            sheet.code.say_elsewhere(
                f"Another text for this was typed at “{other}”, which cannot be read yet: select that card to go on."
            )

    def _other_card(self, place: Place) -> str:
        """Return another node that calls what this one calls, and for which a text waits; empty without one."""
        node = self._graph(place[0]).nodes.get(place[1])
        for function, name in self._texts:
            other = self._graph(function).nodes.get(name)
            if node is None or other is None or (function, name) == place or "code" in (node.kind, other.kind):
                continue
            if other.type and other.type == node.type:
                return short_title(other)
        return ""

    def text_of(self, place: Place) -> str:
        """Return what was typed for a node and waits there; empty if nothing."""
        typed = self._texts.get(place)
        return typed.text if typed is not None else ""

    def keep(self, place: Place, text: str | None, before: str) -> None:
        """Keep what is typed for a node, over the source that it has in the flow; None if there is nothing any more."""
        known = self._texts.get(place)
        if text is None:
            self._texts.pop(place, None)
        else:
            self._texts[place] = _Typed(text, known.over if known is not None else before, before)
            self._known.setdefault(place[0], self._nodes(place[0]))
        if (known is None) != (text is None):
            self.changed.emit()

    def follow(self, change: Change) -> None:
        """Go along with new names; forget all when another file is open."""
        if change.kind == "open" and not change.again:
            self._texts.clear()
            self._asleep.clear()
            self._renames.forget()
            self._known.clear()
            return
        now = self._renames.take(change)
        self._put([(now(place), typed) for place, typed in self._texts.items()])
        self._asleep = [(now(place), typed) for place, typed in self._asleep]
        self._known = {now((name, ""))[0]: known for name, known in self._known.items()}

    def _put(self, texts: Iterable[tuple[Place, _Typed]]) -> None:
        """Keep these texts, and no others; of two that would be of one node the second one sleeps."""
        self._texts = {}
        for place, typed in texts:
            if place in self._texts:
                self._asleep.append((place, typed))
            else:
                self._texts[place] = typed

    def settle(self) -> None:
        """Find the nodes again after a change: those that have gone sleep, those that are back go on."""
        if not self._texts and not self._asleep:
            self._known.clear()
            return
        waited = list(self._asleep)
        fresh = {function: self._follow_nodes(function) for function in list(self._known)}
        for place, typed in list(self._texts.items()):
            if source := self._source(place):
                self._texts[place] = replace(typed, seen=source)
                continue
            del self._texts[place]
            new = fresh.get(place[0], {})
            same = ((place[0], name) for name, source in new.items() if source == typed.seen)
            if (found := next((at for at in same if at not in self._texts), None)) is not None:
                self._texts[found] = typed  # written anew under another name
            else:
                self._asleep.append((place, replace(typed, lost=bool(new))))
        for at, (place, typed) in reversed(list(enumerate(self._asleep))):  # what went last comes back first
            found = self._back(place, typed, fresh.get(place[0], {}))
            if found is not None:
                del self._asleep[at]
                self._texts[found] = replace(typed, lost=False)
        for function, _ in self._texts:
            self._known.setdefault(function, self._nodes(function))
        for place, typed in self._asleep:
            if not typed.lost and (place, typed) not in waited:
                self.left.emit(f"What was typed as the source of “{_line(typed)}” went with it: undo brings both back")

    def _follow_nodes(self, function: str) -> dict[str, str]:
        """Go along with the numbers of the code nodes of a function; return the nodes that are new, with their sources.

        A text whose node has gone sleeps at once: what has its number now is another one. Where there is a new node
        that may be what it has become, that is said.
        """
        was, now = self._known[function], self._nodes(function)
        self._known[function] = now
        if was == now:
            return {}
        ids = followed(was, now)
        fresh = {node.id: node.source for node in now.codes if node.id not in ids.values()}
        fresh |= {name: self._source((function, name)) for name in now.others - was.others}
        known = {node.id for node in was.codes}
        left: list[tuple[Place, _Typed]] = []
        for place, typed in self._texts.items():
            name = place[1]
            if place[0] != function or name not in known:
                left.append((place, typed))
            elif name in ids:
                left.insert(0, ((function, ids[name]), typed))
            else:
                self._asleep.append((place, replace(typed, lost=bool(fresh))))
        self._put(left)
        return fresh

    def _nodes(self, function: str) -> Nodes:
        found = self._document.flow.functions.get(function)
        return nodes_of(self._graph(function), own_statements(found.body) if found is not None else ())

    def _back(self, place: Place, typed: _Typed, fresh: Mapping[str, str]) -> Place | None:
        """Return the node that was away and is back; a code node only if it came with this change."""
        function, node = place
        nodes = self._graph(function).nodes
        shown = nodes.get(node)
        if shown is None or shown.kind not in CODE:
            if self._is(typed, place):
                return place
            if (found := self._renames.back(place, partial(self._is, typed))) is not None:
                return found
        sources = (typed.over, typed.seen)
        codes = ((function, name) for name, source in fresh.items() if source in sources and nodes[name].kind in CODE)
        return next((found for found in codes if found not in self._texts), None)

    def _source(self, place: Place) -> str:
        function, node = place
        shown = self._graph(function).nodes.get(node)
        return wiring.source_of(self._document.flow, shown) if shown is not None else ""

    def _is(self, typed: _Typed, place: Place) -> bool:
        """Say whether a node that is back is the one that had gone, and not another of its name."""
        return place not in self._texts and self._source(place) in (typed.over, typed.seen)

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
        said += [
            f"What was typed as the source of “{_line(typed)}” waits: that is not in the flow any more."
            " Undo brings it back."
            for _, typed in self._asleep
            if typed.lost
        ]
        return " ".join(said)


def _line(typed: _Typed) -> str:
    """Return the first line of the source that a text was typed over."""
    return next((part.strip() for part in typed.seen.split("\n") if part.strip()), "")


__all__ = ["TypedSource"]

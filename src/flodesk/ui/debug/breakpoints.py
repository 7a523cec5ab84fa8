"""The breakpoints of the open flow. They belong to the session: no file and no undo knows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QObject, Signal

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import Rename, RenameFunction, each_edit
from flodesk.flow.edit.in_text import renamed_text
from flodesk.flow.edit.rename import bound
from flodesk.flow.graph import Graph, Node, picture
from flodesk.flow.value_names import in_words, renamed_value

ARROW = " -> "


class Breakpoints(QObject):
    """Conditions by place: ``function.node``, or ``function.variable -> node.port`` for a wire; empty: always.

    They follow their node through a rename and its undo. Those of a node that was removed sleep until it is back.
    """

    changed = Signal()

    def __init__(self, document: Document, catalog: Callable[[], Catalog]) -> None:
        super().__init__()
        self._document = document
        self._catalog = catalog
        self._conditions: dict[str, str] = {}
        self._names: list[tuple[str, str, str]] = []
        """What was renamed: (function, old, new); a function itself: ("", old, new)."""
        self._functions = frozenset(document.flow.functions)
        """Those that there were before the newest change."""
        self._before: dict[str, str] = {}
        """Under their names before a rename: a run goes on with those until it has the new flow."""
        self._known: dict[str, str] = {}

    # -------------------------------------------------------------- what there is
    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self._conditions)

    def here(self) -> Mapping[str, str]:
        """Return those whose node or wire is in the flow now."""
        graphs = self._graphs(key for key in self._conditions)
        return {key: text for key, text in self._conditions.items() if _exists(key, graphs)}

    @property
    def at(self) -> Mapping[str, str]:
        """The statements (``function.statement``) and wires at which a run is held, as the engine was told."""
        return self._known

    def condition(self, key: str) -> str | None:
        """Return the condition of a place; None if there is no breakpoint."""
        return self._conditions.get(key)

    def for_engine(self) -> dict[str, str]:
        """Return them by the statements that the engine knows."""
        found: dict[str, str] = {}
        here = self.here()
        graphs = self._graphs(here)
        for key, condition in here.items():
            function, _, name = key.partition(".")
            if ARROW in key:
                found[key] = condition
            else:
                found |= {f"{function}.{s}": condition for s in _statements(graphs[function].nodes[name])}
        self._known = found
        return {**self._before, **found}

    # -------------------------------------------------------------- what a hand does
    def toggle(self, keys: list[str]) -> None:
        """Set a breakpoint at each of these places; take them away where all have one."""
        if all(key in self._conditions for key in keys):
            for key in keys:
                del self._conditions[key]
        else:
            for key in keys:
                self._conditions.setdefault(key, "")
        self.changed.emit()

    def put(self, key: str, condition: str) -> None:
        """Set a breakpoint with a condition."""
        self._conditions[key] = condition.strip()
        self.changed.emit()

    def clear(self) -> None:
        """Take all away."""
        self._conditions.clear()
        self._before.clear()
        self.changed.emit()

    # -------------------------------------------------------------- the document
    def follow(self, change: Change) -> None:
        """Go along with a change of the flow."""
        if change.kind == "open" and not change.again:
            if self._conditions:
                self.clear()
            self._names.clear()
            self._functions = frozenset(self._document.flow.functions)
            return
        if change.kind == "save" or not self._conditions:
            self._functions = frozenset(self._document.flow.functions)
            return
        if change.edit is not None:
            for edit in each_edit(change.edit):
                if isinstance(edit, Rename | RenameFunction):
                    owner = edit.function if isinstance(edit, Rename) else ""
                    self._names.append((owner, edit.old, edit.new))
        now = {}
        for key, text in self._conditions.items():
            there = self._renamed(key)
            now[there] = self._in_words_of(there.partition(".")[0], text)
        self._functions = frozenset(self._document.flow.functions)
        if now != self._conditions:
            self._before |= self._known
            self._conditions = now
        self.changed.emit()

    def settle(self) -> None:
        """Forget the names before renames: a run begins with the flow as it is."""
        self._before.clear()

    def _renamed(self, key: str) -> str:
        for function, old, new in reversed(self._names):
            graphs = self._graphs([key])
            if _exists(key, graphs):
                return key
            for one, other in ((old, new), (new, old)):
                there = _with_name(key, function, one, other)
                if there != key and _exists(there, graphs if function else self._graphs([there])):
                    return there
        return self._moved(key)

    def _in_words_of(self, function: str, condition: str) -> str:
        """Return a condition with the names that its variables have now."""
        found = self._document.flow.functions.get(function)
        there = bound(found.body) if condition and found is not None else set()
        for owner, old, new in self._names if there else ():
            if owner == function and (old in there) != (new in there):
                condition = renamed_text(condition, *((new, old) if old in there else (old, new)))
        return condition

    def _moved(self, key: str) -> str:
        """Return where a node is that has become part of a subflow, or came out of one; else the key as it is."""
        functions = self._document.flow.functions
        function, _, rest = key.partition(".")
        if function in functions and _exists(key, self._graphs([key])):
            return key
        others = functions.keys() - self._functions if function in functions else functions
        there = [f"{other}.{rest}" for other in others]
        return next((one for one in there if _exists(one, self._graphs([one]))), key)

    def _graphs(self, keys: Iterator[str] | Mapping[str, str] | list[str]) -> dict[str, Graph]:
        flow = self._document.flow
        functions = {key.partition(".")[0] for key in keys}
        return {f: picture(flow, self._catalog(), f) for f in functions if f in flow.functions}


def _statements(node: Node) -> tuple[str, ...]:
    """Return the statements at which a node is held: of an object its calls, and not the line that makes it."""
    return node.statements[1:] if node.kind == "object" and len(node.statements) > 1 else node.statements


def wire_words(key: str) -> str:
    """Write ``function.variable -> node.port`` of a wire for a reader, without the function."""
    source, arrow, target = key.partition(".")[2].partition(ARROW)
    return f"{in_words(source)}{arrow}{target}"


def _exists(key: str, graphs: Mapping[str, Graph]) -> bool:
    source, arrow, target = key.partition(ARROW)
    function, _, name = source.partition(".")
    graph = graphs.get(function)
    if graph is None:
        return False
    if not arrow:
        return name in graph.nodes
    node, _, port = target.partition(".")
    ends = {(n.id, p.name) for n in graph.nodes.values() for p in n.outputs if graph.value(n.id, p) == source}
    return any(wire.source in ends and wire.target == (node, port) for wire in graph.wires)


def _with_name(key: str, function: str, old: str, new: str) -> str:
    source, arrow, target = key.partition(ARROW)
    owner, _, name = source.partition(".")
    if not function and owner == old:
        return f"{new}.{key.partition('.')[2]}"
    if owner != function:
        return key
    node, point, port = target.partition(".")
    return f"{owner}.{renamed_value(name, old, new)}{arrow}{new if node == old else node}{point}{port}"

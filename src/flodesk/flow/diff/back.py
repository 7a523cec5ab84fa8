"""Taking a difference back: the edit that makes one thing as it was, and leaves all else as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.diff.back_arguments import with_old_argument
from flodesk.flow.diff.comparing import Became, Comparison
from flodesk.flow.diff.difference import WHOLE, Difference
from flodesk.flow.edit import (
    AddNode,
    Edit,
    EditError,
    Many,
    Move,
    MoveNode,
    RemoveNode,
    Rename,
    RenameFunction,
    RenameShared,
    ReplaceStatement,
    SetDrawn,
    SetHeader,
    SetNote,
    SetOption,
    SetText,
    SetView,
)
from flodesk.flow.edit.header import DRAWN
from flodesk.flow.edit.rename import renamed_in
from flodesk.flow.graph import picture
from flodesk.flow.model import (
    Address,
    Arm,
    Block,
    Call,
    Docstring,
    Flow,
    Function,
    Loop,
    Region,
    Statement,
    Switch,
)
from flodesk.flow.script import ScriptError, keep_text, read, write
from flodesk.flow.wiring.naming import callee_of
from flodesk.flow.wiring.switching import lost_layouts

IN_TEXT = "Take it back in the script: as a whole it is not one edit."


def take_back(difference: Difference, old: Flow, new: Flow, comparison: Comparison, catalog: Catalog) -> Edit:
    """Return the edit of the new flow that takes a difference from the old one back.

    Raises
    ------
    Refused, EditError
        It cannot be taken back alone; the text says why.
    """
    back = _Back(difference, old, new, comparison, catalog)
    title = f"Take back {difference.at.id or difference.part}".rstrip()
    edit = Many((back.edit(),), title)
    made, _ = edit.apply(new)
    if forgotten := tuple(lost_layouts(made)):
        edit = Many((edit, *forgotten), title)
        made, _ = edit.apply(new)
    text = write(made)
    try:
        read_again = replace(read(text), encoding=made.encoding)
    except ScriptError as error:
        raise wiring.Refused(f"{IN_TEXT} ({error})") from error
    # A node that comes back may be read by who has missed it: what was a mere name there is a wire again.
    return edit if read_again == made else SetText(text, title, made.encoding, read_again)


class _Back:
    def __init__(self, difference: Difference, old: Flow, new: Flow, comparison: Comparison, catalog: Catalog) -> None:
        self._d, self._old, self._new, self._catalog = difference, old, new, catalog
        was = difference.was.function if difference.was is not None else ""
        self._function = next((new for new, b in comparison.became.items() if b.function == was), was)
        if difference.now is not None:
            self._function = difference.now.function
        self._became = comparison.became.get(self._function, Became(was, {}, {}))
        module = comparison.became.get("", self._became)
        self._outer = dict(module.names)
        """What the module's names are called now, but for those that the function uses for something of its own."""

    def edit(self) -> Edit:
        match self._d.kind:
            case "added":
                return self._without()
            case "removed":
                return self._with_again()
            case "renamed":
                return self._renamed()
            case "home" | "order":
                return MoveNode(self._function, self._now.id, *self._spot(self._was, itself=True))
            case "place":
                place = self._old.header.canvas.get(self._was.function, {}).get(self._was.id)
                return Move(self._function, {self._now.id: place})
            case "view":
                return self._view()
            case "setting":
                return self._setting()
            case "note":
                return SetNote(self._function, self._now.id, self._d.old)
            case "signature" | "main" | "text" | "import":
                raise wiring.Refused(IN_TEXT)
            case _:
                return self._statement()

    @property
    def _was(self) -> Address:
        assert self._d.was is not None
        return self._d.was

    @property
    def _now(self) -> Address:
        assert self._d.now is not None
        return self._d.now

    # -------------------------------------------------------------- statements
    def _find(self, flow: Flow, address: Address) -> tuple[Statement, Region]:
        found = flow.index.get(address)
        if found is None:
            raise wiring.Refused(f"There is no “{address.id}” any more.")
        return found

    def _mapped(self, statement: Statement) -> Statement:
        """Return a statement of the old flow with the names that variables have now."""
        block = Block(statements=(statement,))
        for name, now in (self._outer | dict(self._became.names)).items():
            if name != now:
                block = renamed_in(block, name, now)
        return block.statements[0]

    def _statement(self) -> Edit:
        """Put the old value of one part, or of the whole line, into the statement."""
        before, after = self._find(self._old, self._was)[0], self._find(self._new, self._now)[0]
        mapped = self._mapped(before)
        if self._d.kind in ("parameter", "wire") and isinstance(after, Call | Loop) and self._d.part not in WHOLE:
            if not isinstance(mapped, Call | Loop):
                raise wiring.Refused(IN_TEXT)
            made: Statement = with_old_argument(
                mapped, after, self._d.part, (self._old, self._was.function), (self._new, self._function), self._catalog
            )
            if made == after:
                raise wiring.Refused(IN_TEXT)
        elif isinstance(mapped, Switch) and isinstance(after, Switch):
            made = self._arms(mapped, after)
        elif isinstance(mapped, Function | Loop) and isinstance(after, Function | Loop):
            made = replace(mapped, id=after.id, body=after.body, lead=after.lead)
        elif isinstance(mapped, Switch | Function | Loop) or isinstance(after, Switch | Function | Loop):
            raise wiring.Refused(IN_TEXT)
        else:
            made = replace(mapped, id=after.id, lead=after.lead)
        made, edits = self._imported(made) if self._d.kind == "type" else (made, [])
        edits.append(ReplaceStatement(self._function, after.id, made))
        return edits[0] if len(edits) == 1 else Many(tuple(edits), "Take back")

    def _arms(self, before: Switch, after: Switch) -> Switch:
        if len(before.arms) != len(after.arms):
            raise wiring.Refused("An arm was added or taken out with what stands in it. " + IN_TEXT)
        number = int(self._d.part) if self._d.part.isdecimal() else 0
        arms: list[Arm] = list(after.arms)
        arms[number] = keep_text(arms[number], replace(arms[number], test=before.arms[number].test))
        return replace(after, arms=tuple(arms))

    def _without(self) -> Edit:
        statement, _ = self._find(self._new, self._now)
        if isinstance(statement, Function) or not self._function:
            return RemoveNode(self._function, self._now.id)
        graph = picture(self._new, self._catalog, self._function)
        card = next((n for n in graph.nodes.values() if n.id == self._now.id and n.statements == (n.id,)), None)
        return wiring.remove(self._new, graph, [card.id]) if card else RemoveNode(self._function, self._now.id)

    def _with_again(self) -> Edit:
        statement, _ = self._find(self._old, self._was)
        made = _only(self._mapped(statement), self._became.ids)
        made, edits = self._imported(made)
        region, index = self._spot(self._was)
        first = self._new.block(region).statements[:1]
        if index == 0 and first and isinstance(first[0], Docstring) and not isinstance(made, Docstring):
            index = 1
        made = self._numbered(made)
        place = self._old.header.canvas.get(self._was.function, {}).get(self._was.id)
        edits.append(AddNode(region, index, made, place))
        there = self._new.header.panel.get(self._function, {})
        for view in self._old.header.panel.get(self._was.function, {}).values():
            if view.shows.partition(".")[0] == self._was.id and view.id not in there:
                edits.append(SetView(self._function, view.id, view))
        return edits[0] if len(edits) == 1 else Many(tuple(edits), "Take back")

    def _imported(self, made: Statement) -> tuple[Statement, list[Edit]]:
        """Let a statement call what it called: where that is not imported any more, it is imported first."""
        if not isinstance(made, Call | Loop) or made.callee.partition(".")[0] not in self._old.imports:
            return made, []
        path = self._old.resolve(made.callee)
        if self._new.resolve(made.callee) == path:
            return made, []
        callee, imported = callee_of(self._new, self._function, path)
        made = replace(made, callee=callee, raw=None)
        if imported is None:
            return made, []
        self._new = imported.apply(self._new)[0]
        return made, [imported]

    def _numbered(self, made: Statement) -> Statement:
        """Give a statement that goes by a number of its kind one that is free."""
        name = made.id
        if not re.fullmatch(r"(if|code|call|bind|import)_\d+", name):
            return made
        while Address(self._function, name) in self._new.index:
            name += "_"
        return made if name == made.id else replace(made, id=name)

    def _spot(self, was: Address, *, itself: bool = False) -> tuple[Region, int]:
        """Return where an old statement stood, in the new flow: behind what stood above it and is still there."""
        statement, old_region = self._find(self._old, was)
        region = Region(self._function if old_region.function else "")
        if old_region.owner:
            owner = self._became.ids.get(old_region.owner)
            if owner is None:
                raise wiring.Refused(f"It stood in “{old_region.owner}”, which is gone: take that back first.")
            region = Region(self._function, owner, old_region.arm)
        try:
            there = self._new.block(region).statements
        except (KeyError, IndexError) as gone:
            raise wiring.Refused("The arm that it stood in is gone: take that back first.") from gone
        ids = [s.id for s in there if not (itself and s.id == self._now.id)]
        above = self._old.block(old_region).statements
        above = above[: next(n for n, s in enumerate(above) if s is statement)]
        for other in reversed(above):
            now = self._became.ids.get(other.id)
            if now in ids:
                return region, ids.index(now) + 1
        return region, 0

    def _renamed(self) -> Edit:
        old, new = self._d.old, self._d.new
        if not old or not new or "," in old + new:
            raise wiring.Refused(IN_TEXT)
        statement, _ = self._find(self._new, self._now)
        if isinstance(statement, Function):
            return RenameFunction(new, old)
        return Rename(self._function, new, old) if self._function else RenameShared(new, old)

    # -------------------------------------------------------------- the header
    def _view(self) -> Edit:
        if self._d.was is None:
            return SetView(self._function, self._now.id, None)
        view = self._old.header.panel[self._was.function][self._was.id]
        node, dot, port = view.shows.partition(".")
        name = self._now.id if self._d.now is not None else view.id
        shows = f"{self._became.ids.get(node, self._became.names.get(node, node))}{dot}{port}"
        return SetView(self._function, name, replace(view, id=name, shows=shows))

    def _setting(self) -> Edit:
        header, title = self._new.header, f"Take back {self._d.part}"
        if self._d.part == "requires-python":
            return SetHeader(replace(header, requires_python=self._d.old), title)
        if self._d.part == "dependencies":
            kept = tuple(p for p in header.dependencies if p != self._d.new)
            return SetHeader(replace(header, dependencies=(*kept, self._d.old) if self._d.old else kept), title)
        path = self._d.part.split(".")
        if self._d.now is not None and self._d.now.id:
            path = [path[0], self._now.function, self._now.id]
            value = _at(self._old.header.settings, (path[0], self._was.function, self._was.id))
            if path[0] in (*DRAWN, "pins"):
                return SetDrawn(path[0], path[1], path[2], value, title)
        else:
            value = _at(self._old.header.settings, path)
        if len(path) == 1:
            return SetOption(path[0], value)
        return SetHeader(replace(header, settings=_with(header.settings, path, value)), title)


def _only(statement: Statement, there: Mapping[str, str]) -> Statement:
    """Leave out of a statement's body what is still in the flow, elsewhere."""
    if isinstance(statement, Loop):
        return replace(statement, body=_block(statement.body, there))
    if isinstance(statement, Switch):
        return replace(statement, arms=tuple(replace(arm, body=_block(arm.body, there)) for arm in statement.arms))
    return statement


def _block(block: Block, there: Mapping[str, str]) -> Block:
    return replace(block, statements=tuple(_only(s, there) for s in block.statements if s.id not in there))


def _at(table: Mapping[str, Any], path: Sequence[str]) -> Any:
    found: Any = table
    for name in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _with(table: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """Return a table with the value at a path; None takes it out, and tables that are empty then."""
    made = dict(table)
    name, *rest = path
    inner = made.get(name)
    if rest:
        value = _with(inner if isinstance(inner, Mapping) else {}, rest, value) or None
    if value is None:
        made.pop(name, None)
    else:
        made[name] = value
    return made


__all__ = ["EditError", "take_back"]

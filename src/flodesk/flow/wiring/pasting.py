"""Pasting: the statements of any Python text become nodes, wired to what is there, under names that are free."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flodesk.flow.boxes import is_carried_by_code
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import (
    AddNode,
    AddNodes,
    Edit,
    EditError,
    Move,
    MoveNode,
    RenameFunction,
    SetDrawn,
    SetText,
    SetView,
)
from flodesk.flow.edit.header import setting
from flodesk.flow.edit.imports import imports_of
from flodesk.flow.edit.rename import Rename, bound, renamed_at_top
from flodesk.flow.edit.tree import below
from flodesk.flow.edit.tree import ids as ids_of
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import (
    Argument,
    Block,
    Call,
    Code,
    Docstring,
    Flow,
    Function,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Region,
    Return,
    Statement,
    Switch,
    walk,
)  # fmt: skip
from flodesk.flow.names import binds_of, reads_of
from flodesk.flow.packs import OURS
from flodesk.flow.pieces import pieces
from flodesk.flow.routes import shifted
from flodesk.flow.script import read, write
from flodesk.flow.script.names import parameter_names
from flodesk.flow.script.writer import whole_text
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.add import Place, has_loop, new_function, place_in
from flodesk.flow.wiring.asynchronous import make_async
from flodesk.flow.wiring.lines import Lines, begins, leaves_loop
from flodesk.flow.wiring.naming import callee_of, dotted_names, import_name, inner_of, taken, unique, used_names
from flodesk.flow.wiring.pieces import drawn_along
from flodesk.flow.wiring.rebound import read_before_bound, with_names_of_their_own
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.settle import settle
from flodesk.flow.wiring.snippet import CLIPBOARD, names_at_top, reads_at_top, understood
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.views import first_view

_ENDING = frozenset(("enumerate", "filter", "map", "range", "reversed", "sorted", "zip"))
Lay = Callable[[Graph, Sequence[str]], Mapping[str, Place]]
"""Finds places for boxes to which the text gives none, by the picture and their ids."""


def paste(
    flow: Flow,
    catalog: Catalog,
    function: str,
    text: str,
    place: Place,
    lay: Lay | None = None,
    origin: str = "",
) -> tuple[Edit, tuple[str, ...]]:
    """Put the nodes of a Python text on the canvas, with names that are free.

    Where the text reads a name that it does not bind and this flow does, that becomes a wire. What it imports is
    imported here, what it defines is defined at the top of the file, once. With a loop in it that may never end, reads
    nothing from here, and one here, it becomes a flow of its own: the other would wait for it, or it for the other.

    Parameters
    ----------
    text : str
        What `copy` gave, or any Python.
    place : tuple
        Upper left corner of all on the canvas.
    lay : callable, optional
        Finds places where the text gives none; without it they stand in a row.
    origin : str
        The name of the file that the text comes from, for what is said about it; empty if it was pasted.

    Returns
    -------
    edit, nodes
        The ids of the new boxes; with their function before them (``flow_2.tick``) where that is a new one. None if
        the text has definitions alone, and many of them.

    Raises
    ------
    Refused
        The text is no Python, or nothing in it is a node.
    """
    snippet = understood(text, origin or CLIPBOARD)
    if function not in flow.functions:
        raise Refused(f"There is no flow “{function}” to put it on.")
    pasting = _Pasting(
        Steps(flow), catalog, function, snippet.flow, set(snippet.bodies), place, lay, "Add" if origin else "Paste"
    )
    return pasting.run(snippet.bodies)


@dataclass(slots=True)
class _Pasting:
    """One text on its way into a flow; `given` is what is left of it, under the names that it is to have."""

    steps: Steps
    catalog: Catalog
    function: str
    given: Flow
    sources: set[str]
    place: Place
    lay: Lay | None
    verb: str

    def run(self, bodies: Sequence[str]) -> tuple[Edit, tuple[str, ...]]:
        """Do all of it."""
        flow = self.steps.flow
        self.free_names()
        self.imports()
        defined = self.definitions()
        self.define(defined)
        found: list[str] = []
        for number, source in enumerate(bodies):
            found += self.body(source, first=number == 0)
        self.as_read()
        names = [name for statement in defined for name in names_at_top(statement)]
        if self.steps.flow is flow:
            raise Refused("What this text defines is here already, and nothing else in it is a node.")
        what = found or names or ["notes"]
        title = f"{self.verb} {what[0] if len(what) == 1 else f'{len(what)} nodes' if found else ', '.join(what[:3])}"
        return self.steps.edit(title), tuple(found)

    def as_read(self) -> None:
        """Let every statement be what a reader finds there: what was code without its import may be a node with it."""
        flow = self.steps.flow
        text = write(flow)
        again = replace(read(text), encoding=flow.encoding)
        if again != flow:
            self.steps.do(SetText(text, "Paste", flow.encoding, again))

    # -------------------------------------------------------------- the top of the file
    def free_names(self) -> None:
        """Give what the text defines another name where its own means something else here."""
        flow, host = self.steps.flow, self.steps.flow.functions[self.function]
        names = set(flow.imports) | set(flow.functions) | ids_of(flow.module) | bound(flow.module)
        names |= bound(host.body) | set(_parameters(host)) | (used_names(flow) & set(dir(builtins)))
        new = {name for statement in self.definitions() for name in names_at_top(statement)}
        inside = set(self.given.functions) | bound(self.given.module) | inner_of(self.given.module)
        for function in self.given.functions.values():
            inside |= bound(function.body) | set(_parameters(function))
        for old in sorted(new & names):
            self.rename_at_top(old, unique(old, names | inside))

    def definitions(self) -> list[Statement]:
        """Return what is to be defined at the top: all but what stands there to the letter already."""
        known = {(names_at_top(s), whole_text(s)) for s in self.steps.flow.module.statements if names_at_top(s)}
        here = [s for s in self.given.module.statements if self._is_top(s)]
        return [s for s in here if (names_at_top(s), whole_text(s)) not in known]

    def _is_top(self, statement: Statement) -> bool:
        if isinstance(statement, Function):
            return statement.name not in self.sources
        return not isinstance(statement, Import | Docstring | Main)

    def rename_at_top(self, old: str, new: str) -> None:
        """Give what the text defines another name, wherever the text uses it."""
        try:
            if old in self.given.functions:
                self.given, _ = RenameFunction(old, new).apply(self.given)
            else:
                self.given = renamed_at_top(self.given, old, new)
        except EditError as error:
            raise Refused(f"“{old}” is something else here, and cannot get another name: {error}") from error

    def imports(self) -> None:
        """Import what the text uses by its name; what it calls as a node finds its import where the node is added."""
        used: set[str] = set()
        for statement in self.definitions():
            used.update(reads_at_top(statement))
        for source in self.sources:
            for statement, _ in walk(self.given.functions[source].body, Region(source)):
                used.update(_uses(statement))
                if isinstance(statement, Call | Loop) and self._is_new(statement.callee.partition(".")[0]):
                    used.add(statement.callee.partition(".")[0])
        for name, path in self.given.imports.items():
            if name not in used or path.startswith("__future__."):
                continue
            statement = next(
                s for s in self.given.module.statements if isinstance(s, Import) and (name, path) in s.names
            )
            here = {pair for _, known in imports_of(self.steps.flow) for pair in dotted_names(known)}
            if here.issuperset(pair for pair in dotted_names(statement) if pair[0].partition(".")[0] == name):
                continue
            names = taken(self.steps.flow, self.function) - _unbound(self.steps.flow, self.function)
            here_already = self.steps.flow.imports.get(name) == path
            inside = inner_of(self.given.module)
            free = name if here_already or name not in names else unique(name, names | inside)
            if free != name:
                self.rename_at_top(name, free)
            self.steps.do(import_name(self.steps.flow, statement, name, free))

    def _is_new(self, name: str) -> bool:
        """Say whether what a name stands for in the text is not imported here yet, and is none of ours."""
        path = self.given.imports.get(name, OURS)
        known = {there for _, statement in imports_of(self.steps.flow) for _, there in dotted_names(statement)}
        return not (path + ".").startswith(f"{OURS}.") and path not in known

    def define(self, defined: Sequence[Statement]) -> None:
        """Put definitions before the first function of the file, in their order."""
        at: int | None = None
        for statement in defined:
            before = self.steps.flow.module.statements
            index = (
                at
                if at is not None
                else next((n for n, s in enumerate(before) if isinstance(s, Function | Main)), len(before))
            )
            at = index + 1
            comments = "".join(x for x in statement.lead.splitlines(keepends=True) if x.strip())
            is_block = isinstance(statement, Function) or "\n" in (statement.raw or "")
            above = before[index - 1] if index else None
            blank = "\n\n" if is_block else "\n" if isinstance(above, Import | Docstring | Function) else ""
            statement = replace(statement, lead=blank + comments if index else comments)
            known = ids_of(self.steps.flow.module)
            if statement.id in known:
                free = next(f"code_{n}" for n in range(1, len(known) + 2) if f"code_{n}" not in known)
                statement = replace(statement, id=free)
            self.steps.do(AddNode(Region(""), index, statement))
            places = self.given.header.canvas.get(statement.id, {})
            if isinstance(statement, Function) and places:
                self.steps.do(Move(statement.name, dict(places)))

    # -------------------------------------------------------------- nodes
    def body(self, source: str, first: bool) -> list[str]:
        """Put the statements of a function into the one here, or into one of their own; return their boxes."""
        statements = _lines(self.given, source)
        if not statements and pieces(self.given, source):
            _put(self.steps, self.function, self.given, source, {}, self.place)
            return []
        if not statements:
            raise Refused(f"“{source}” holds no node.")
        host = self.steps.flow.functions[self.function]
        here = bound(host.body) | set(_parameters(host))
        waits = any(isinstance(s, Loop) and not self.ends(s) for s in statements)
        loops = waits and has_loop(host.body.statements) and self.function in self.steps.flow.mains
        # a name that the text does not bind reads as a literal in it
        free = {name for s, _ in walk(Block(statements=tuple(statements)), Region("")) for name in _literal_heads(s)}
        reads = bool(free & here) or any(read_before_bound(statements, name) for name in here)
        home = self.function if first and not (loops and not reads) else new_function(self.steps, self.function)
        boxes = self.insert(home, source)
        return [name if home == self.function else f"{home}.{name}" for name in boxes]

    def ends(self, loop: Loop) -> bool:
        """Say whether a loop is over after what it is given, as those of plain Python are; a producer may go on."""
        return loop.callee in _ENDING and loop.callee not in self.given.functions | self.given.imports

    def insert(self, function: str, source: str) -> list[str]:
        """Put the statements of a function into another one."""
        steps = self.steps
        before = picture(steps.flow, self.catalog, function).nodes
        known = bound(steps.flow.functions[function].body)
        names = taken(steps.flow, function)
        self.given = with_names_of_their_own(self.given, source, known, names)
        self.given, fresh = _with_free_names(steps.flow, function, self.given, source)
        given = self.given
        statements = _lines(given, source)
        callees = {}
        for callee in sorted({s.callee for s in _calls(statements)}):
            head = callee.partition(".")[0]
            if head in given.imports and steps.flow.imports.get(head) != given.imports[head]:
                callees[callee], imported = callee_of(steps.flow, function, given.resolve(callee))
                steps.do(imported)
        region, index = place_in(steps.flow, function)
        made = [_adapted(s, callees, known) for s in statements]
        steps.do(AddNodes(region, index, tuple(made)))
        make_async(steps, function, made)
        for statement in made if any(isinstance(s, Loop | Switch) for s in made) else ():
            _into_its_loop(steps, function, statement)
        for statement in made:
            for inner in below(statement):
                if any(ref.name in known for ref in reads_of(inner)):
                    moved, edits = settle(steps.flow, function, inner.id)
                    steps.took(moved, list(edits))
        for old, name in fresh.items():
            _into_the_turn(steps, function, old, name)
        self.as_read()
        new = picture(steps.flow, self.catalog, function)
        # feedback that code has now comes with what reads it, and is nothing that was pasted
        boxes = [name for name, box in new.nodes.items() if name not in before and not is_carried_by_code(box)]
        places = {fresh.get(name, name): at for name, at in given.header.canvas.get(source, {}).items()}
        places = {name: at for name, at in places.items() if name in boxes}
        if self.lay is not None and not places:
            places = dict(self.lay(new, boxes))
        for number, name in enumerate(boxes):
            places.setdefault(name, (230.0 * number, 0.0))
        _put(steps, function, given, source, {name: places[name] for name in boxes}, self.place)
        for name in boxes:
            spec = new.nodes[name].spec
            view = first_view(steps.flow, function, name, spec) if spec else None
            steps.do(SetView(function, view.id, view, proposed=True) if view else None)
        return boxes


def _into_its_loop(steps: Steps, function: str, made: Statement) -> None:
    """Put a statement, a loop or a switch as a whole, into the loop in which all is known that anything in it reads."""
    lines = Lines(steps.flow, function)
    whole = lines.by_id.get(made.id)
    if whole is None:
        return
    own = {name for inner in lines.inside(whole) for name in binds_of(inner.statement)}
    names = {name for inner in lines.inside(whole) for name in inner.reads - own}
    homes = [home for name in sorted(names) if (home := lines.home(name, whole)) is not None]
    deepest = max((chain for chain, _ in homes), key=len, default=whole.chain)
    if begins(whole.chain, deepest) or not all(begins(deepest, chain) for chain, _ in homes):
        return  # of values that never meet the wires tell
    above = [line for _, other in homes if (line := lines.ancestor(other, deepest[-1])) is not None]
    steps.do(MoveNode(function, whole.id, deepest[-1], max((line.index + 1 for line in above), default=0)))


def _into_the_turn(steps: Steps, function: str, old: str, new: str) -> None:
    """Put a copy that reads what a loop carries round beside what it is a copy of: before the loop it is another value.

    What reads the copy goes after it.
    """
    lines = Lines(steps.flow, function)
    first, copy = lines.by_id.get(old), lines.by_id.get(new)
    if first is None or copy is None or not leaves_loop(first.chain, copy.chain, lines):
        return
    binders = [binder for name in copy.reads & first.reads for binder in lines.bound.get(name, ())]
    if any(lines.carries(binder) and leaves_loop(binder.chain, copy.chain, lines) for binder in binders):
        steps.do(MoveNode(function, new, first.region, first.index + 1))
        for reader in Lines(steps.flow, function).readers({new}):
            moved, edits = settle(steps.flow, function, reader.id)
            steps.took(moved, list(edits))


def _lines(flow: Flow, function: str) -> list[Statement]:
    return [s for s in flow.functions[function].body.statements if not isinstance(s, Docstring | Return)]


def _parameters(function: Function) -> tuple[str, ...]:
    tree = parse_tree(f"def f({function.parameters}): pass").body[0]
    assert isinstance(tree, ast.FunctionDef)
    return parameter_names(tree.args)


def _uses(statement: Statement) -> set[str]:
    """Return the names that a statement reads otherwise than by calling them."""
    return {ref.name for ref in reads_of(statement)} | _literal_heads(statement)


def _literal_heads(statement: Statement) -> set[str]:
    """Return the names that what is written out in a statement begins with."""
    found: set[str] = set()
    if isinstance(statement, Call | Loop):
        found |= {a.value.text.partition(".")[0] for a in statement.arguments if isinstance(a.value, Literal)}
    value = getattr(statement, "value", None)
    if isinstance(value, Literal):
        found.add(value.text.partition(".")[0])
    return found


def _unbound(flow: Flow, function: str) -> set[str]:
    """Return the names that code of a function reads and that nothing gives a meaning yet."""
    host = flow.functions[function].body
    given = set(flow.imports) | set(flow.functions) | bound(flow.module) | bound(host)
    return {name for s, _ in walk(host, Region(function)) if isinstance(s, Code) for name in s.reads} - given


def _with_free_names(flow: Flow, function: str, given: Flow, source: str) -> tuple[Flow, dict[str, str]]:
    """Rename what the target has already; also return the new name of each old one."""
    names = taken(flow, function)
    body = given.functions[source].body
    own = bound(body) | ids_of(body)
    fresh = {name: name for name in own if name not in names}
    names |= own | inner_of(body)
    for name in sorted(own - set(fresh)):
        base, _, number = name.rpartition("_")
        fresh[name] = unique(base if base and number.isdigit() else name, names)
        try:
            given, _ = Rename(source, name, fresh[name]).apply(given)
        except EditError as error:
            raise Refused(str(error)) from error
    return given, fresh


def _calls(statements: Sequence[Statement]) -> list[Call | Loop]:
    return [s for s, _ in walk(Block(statements=tuple(statements)), Region("")) if isinstance(s, Call | Loop)]


def _adapted(statement: Statement, callees: dict[str, str], known: set[str]) -> Statement:
    """Return a statement as it is to stand here: its imports under their names here, its free names as wires."""

    def value(argument: Argument) -> Argument:
        if isinstance(argument.value, Literal):
            head, _, rest = argument.value.text.partition(".")
            if head in known:
                return replace(argument, value=Ref(head, rest))
        return argument

    def block(inner: Block) -> Block:
        return replace(inner, statements=tuple(_adapted(s, callees, known) for s in inner.statements), indent=None)

    match statement:
        case Call():
            callee = callees.get(statement.callee, statement.callee)
            return _fresh(statement, callee=callee, arguments=tuple(map(value, statement.arguments)))
        case Loop():
            callee = callees.get(statement.callee, statement.callee)
            arguments = tuple(map(value, statement.arguments))
            return _fresh(statement, callee=callee, arguments=arguments, body=block(statement.body))
        case Switch():
            return replace(statement, arms=tuple(replace(arm, body=block(arm.body)) for arm in statement.arms))
        case Code():
            return replace(statement, raw=None if "\n" in (statement.raw or "") else statement.raw)
        case _:
            return statement


def _fresh(statement: Call | Loop, **values: object) -> Statement:
    same = all(getattr(statement, name) == value for name, value in values.items())
    if same and isinstance(statement, Call):
        return statement
    return replace(statement, raw=None, **values)  # type: ignore[arg-type]


def _put(
    steps: Steps, function: str, given: Flow, source: str, known: Mapping[str, Place], place: Place
) -> None:  # fmt: skip
    """Put boxes, notes and frames beside each other as they stood, their upper left corner at the place."""
    corners = [*known.values(), *(piece.box[:2] for piece in pieces(given, source).values())]
    left = min((x for x, _ in corners), default=0.0)
    top = min((y for _, y in corners), default=0.0)
    step = place[0] - left, place[1] - top
    places: dict[str, tuple[float, float] | None] = {n: (x + step[0], y + step[1]) for n, (x, y) in known.items()}
    if places:
        steps.do(Move(function, places))
    for edit in drawn_along(given, source, steps.flow, function, step):
        steps.do(edit)
    for name, line in setting(given, "wires", source).items():
        steps.do(SetDrawn("wires", function, name, shifted(line, step), "Paste"))
    for name, line in setting(given, "pins", source).items():
        steps.do(SetDrawn("pins", function, name, line, "Paste"))

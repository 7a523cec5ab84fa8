"""A node in a wire hands on the value that its reader would get at that moment, and no other line moves for it.

A wire of the picture stands for a name, and a name in a loop may have another value a few lines below, or in the next
turn. So it is not enough that the wires are drawn as asked: between the new line and its reader nothing may give the
name a value, on no way through the text.
"""

from __future__ import annotations

from flodesk.flow.model import Code, Flow, Loop, Statement, Switch
from flodesk.flow.names import binds_of
from flodesk.flow.wiring.lines import Line, Lines
from flodesk.flow.wiring.meaning import downstream
from flodesk.flow.wiring.refused import Refused


def hold_still(before: Flow, after: Flow, function: str, node: str) -> None:
    """Refuse a flow in which lines that were there stand in another order, or in another loop or arm.

    Raises
    ------
    Refused
        One was moved.
    """
    was = {line.id: line for line in Lines(before, function).all}
    now = [line for line in Lines(after, function).all if line.id in was]
    order = {name: number for number, name in enumerate(was)}
    late = -1
    for line in now:
        if line.chain != was[line.id].chain:
            raise Refused(
                f"“{line.id}” would run in another loop or arm with “{node}”: add “{node}” on its own and wire it then."
            )
        if order[line.id] < late:
            raise Refused(
                f"“{line.id}” would run later than it does, or something else earlier, with “{node}”: add “{node}” on"
                " its own and wire it then."
            )
        late = order[line.id]


def hold_in_step(after: Flow, function: str, statements: tuple[str, ...], name: str, reader: str) -> None:
    """Refuse a flow in which a new node in a wire hands on another value than the wire did.

    Parameters
    ----------
    statements : tuple of str
        The lines of the node.
    name : str
        What the reader of the wire read, and the node reads now.
    reader : str
        The statement at the end of the wire.

    Raises
    ------
    Refused
        Something gives the name a value after the node has read it, and before the reader runs.
    """
    lines = Lines(after, function)
    end = lines.by_id.get(reader)
    if end is None:
        return
    for made in (lines.by_id[statement] for statement in statements if statement in lines.by_id):
        given = set(binds_of(made.statement)) & end.reads
        if name in made.reads and given and not _Way(lines, made, end, {name, *given}).holds():
            raise Refused(
                f"“{reader}” would not get the value that “{name}” has when it runs, but an earlier one: put the node"
                f" right before “{reader}”."
            )


class _Way:
    """Follows a function from its first line to a reader, and knows whether what was read above is still so."""

    def __init__(self, lines: Lines, made: Line, end: Line, names: set[str]) -> None:
        self.lines = lines
        self.made = made
        self.end = end
        self.names = names
        self.met = True

    def holds(self) -> bool:
        """Say whether on each way to the reader the new line ran, and nothing after it has bound one of the names."""
        top = [line.statement for line in self.lines.all if len(line.chain) == 1]
        self._through(top, False)
        return self.met

    def _through(self, statements: list[Statement] | tuple[Statement, ...], fresh: bool) -> bool:
        for statement in statements:
            fresh = self._past(statement, fresh)
        return fresh

    def _past(self, statement: Statement, fresh: bool) -> bool:
        if statement.id == self.end.id:
            self.met = self.met and fresh
        match statement:
            case Loop():
                fresh = fresh and not self._binds_inside(self.lines.by_id[statement.id])
                self._through(statement.body.statements, fresh)
                return fresh
            case Switch():
                ends = [self._through(arm.body.statements, fresh) for arm in statement.arms]
                return all(ends) and (fresh or statement.arms[-1].test is None)
            case _ if statement.id == self.made.id:
                return True
            case _:
                return fresh and not self.names & set(binds_of(statement))

    def _binds_inside(self, loop: Line) -> bool:
        return any(self.names & set(binds_of(line.statement)) for line in self.lines.inside(loop))


def hold_lifted(lines: Lines, lifted: list[Line], unit: Line, asked: str) -> None:
    """Refuse to move lines to above another one, if a name would mean something else there, or to others.

    Parameters
    ----------
    lifted : list of Line
        What is to move, in the region of the `unit`.
    unit : Line
        The statement that it is to stand right before.
    asked : str
        The statement that is to read what moves: a hand wired that.

    Raises
    ------
    Refused
        A line that moves would read another value, or change what another one reads.
    """
    for line in lifted:
        between = [
            other for other in lines.all[unit.order : line.order] if not any(moving.holds(other) for moving in lifted)
        ]
        moving = lines.inside(line)
        reads = {name for inner in moving for name in inner.reads}
        binds = {name for inner in moving for name in binds_of(inner.statement)}
        for other in between:
            if changed := reads & set(binds_of(other.statement)):
                raise Refused(
                    f"“{line.id}” reads “{min(changed)}”, which has another value above “{unit.id}”, where “{line.id}”"
                    " would have to stand to be read there. To carry a value to the next turn, use feedback: a start"
                    " value before the loop, and the value for the next turn."
                )
            taken = {name for name in binds & other.reads if any(o.order < line.order for o in lines.bound[name])}
            if taken and other.id != asked:
                raise Refused(
                    f"“{line.id}” gives “{min(taken)}” a value, and “{other.id}” reads another one of that name: above"
                    f" “{unit.id}” it would read this one. Rename one of them in the script."
                )


def hold_to_turns(before: Flow, function: str, code: str, name: str, giver: str) -> None:
    """Refuse to give another value to code that reads a name as it left it in the turn before.

    It would begin anew in each turn: what it adds up would be gone. A value that is made of that name in the same turn
    goes, too.

    Parameters
    ----------
    code : str
        The statement that reads the name, and binds it.
    giver : str
        The statement that gives what it is to read in its place.

    Raises
    ------
    Refused
        The code carries the name from turn to turn.
    """
    lines = Lines(before, function)
    line = lines.by_id[code]
    loops = [region for region in line.chain if lines.is_loop(region)]
    if not loops or not isinstance(line.statement, Code) or name not in line.statement.binds:
        return
    own = lines.by_id[loops[-1].owner]
    first = [other for other in lines.bound[name] if own.holds(other) and other.order < line.order]
    if any(other.region == loops[-1] for other in first) or name in binds_of(own.statement):
        return  # it has a value of this turn before the code runs
    readers = [other for other in lines.readers({name}) if own.holds(other) and other.order < line.order]
    if giver in downstream(lines, *readers):
        return
    raise Refused(
        f"“{code}” reads “{name}” as it left it in the turn before: with another value there it would begin anew in"
        f" each turn. Wire that to what “{name}” starts with, or change the text of “{code}”."
    )

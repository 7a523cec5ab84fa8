"""The text of a flow with all that follows from it alone: found out once, however often it is played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import CodeType

from flodesk.engine.names import Names
from flodesk.flow.function_ends import has_steps
from flodesk.flow.in_place import FileInPlace
from flodesk.flow.model import Address, Block, Flow, Function, Loop, Source, Switch

Literals = tuple[tuple[str, str, str], ...]
"""(statement, argument, value as it is written) of the literals of a function."""


class FlowText:
    """A text that was read.

    Parameters
    ----------
    flow : Flow
        The text, as it was read.
    file : str
        What tracebacks name.
    folder : Path, optional
        Where the files beside it are, if it was saved; also an attribute.
    travelled : bool
        They are not where the file is: they have come along with the text; also an attribute.
    """

    def __init__(self, text: str, flow: Flow, file: str, folder: Path | None, *, travelled: bool = False) -> None:
        self.text = text
        self.flow = flow
        self.file = file
        self.folder, self.travelled = folder, travelled
        self._names: dict[tuple[int, tuple[str, ...]], tuple[Block, Names]] = {}
        self._steps: dict[str, bool] = {}
        self._stamps: dict[str, tuple[Function, Literals, Mapping[str, int], dict[str, int]]] = {}

    def again(self) -> FlowText:
        """Return it for another run: without what was found in files beside it, which may be others by now."""
        if "in_place" in self.__dict__ and not self.in_place.alone:
            return FlowText(self.text, self.flow, self.file, self.folder, travelled=self.travelled)
        return self

    @cached_property
    def code(self) -> CodeType:
        """What Python makes of it."""
        return compile(self.text, self.file, "exec", dont_inherit=True)

    @cached_property
    def lines(self) -> dict[Address, int]:
        """Line of each statement, from 1."""
        found: dict[Address, int] = {}
        for address, line in _lines(self.flow, self.text):
            found.setdefault(address, line)  # a switch goes by its first arm
        return found

    @cached_property
    def in_place(self) -> FileInPlace:
        """What its functions do to the values that they are given."""
        return FileInPlace(self.flow, self.folder)

    def names(self, function: Function, parameters: tuple[str, ...]) -> Names:
        """Return the variables of a function, or of a part of one."""
        if not self._whole(function):
            return Names.of(function.body, parameters)
        key = id(function.body), parameters
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = function.body, Names.of(function.body, parameters)
        return found[1]

    def has_steps(self, name: str) -> bool:
        """Return whether a function of the file is a subflow."""
        found = self._steps.get(name)
        if found is None:
            found = self._steps[name] = has_steps(self.flow.functions[name])
        return found

    def stamps(self, function: Function, literals: Literals, given: Mapping[str, int]) -> dict[str, int] | None:
        """Return what `note_stamps` was told last of a function, if its literals are the same."""
        noted = self._stamps.get(function.name)
        same = noted is not None and noted[0] is function and noted[1] == literals and noted[2] == given
        return noted[3] if same and noted is not None else None

    def note_stamps(
        self, function: Function, literals: Literals, given: Mapping[str, int], found: dict[str, int]
    ) -> None:
        """Note the stamps of a function's values, as they are with these literals."""
        if self._whole(function):
            self._stamps[function.name] = function, literals, given, found

    def _whole(self, function: Function) -> bool:
        """Return whether it is a function as it stands in the text, and not a part of one."""
        return self.flow.functions.get(function.name) is function


# ------------------------------------------------------------------ lines
def _lines(flow: Flow, text: str) -> Iterator[tuple[Address, int]]:
    """Give the line of each statement, by looking its own text up in the file from where the last one ended."""
    place = 0
    line = 1
    for owner, address in _sources(flow.module, ""):
        if not owner.raw:
            continue
        found = text.find(owner.raw, place + len(owner.lead))
        if found < 0:
            found = text.find(owner.raw, place)
        if found < 0:
            continue
        line += text.count("\n", place, found)
        place = found + len(owner.raw)
        yield address, line
        line += owner.raw.count("\n")


def _sources(block: Block, function: str) -> Iterator[tuple[Source, Address]]:
    for statement in block.statements:
        address = Address(function, statement.id)
        if isinstance(statement, Switch):
            for arm in statement.arms:
                yield arm, address
                yield from _sources(arm.body, function)
        elif isinstance(statement, Loop):
            yield statement, address
            yield from _sources(statement.body, function)
        elif isinstance(statement, Function):
            yield statement, address
            yield from _sources(statement.body, statement.name)
        else:
            yield statement, address

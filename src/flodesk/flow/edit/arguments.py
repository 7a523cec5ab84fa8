"""Edits of one argument: wires and parameters.

An argument that is passed by keyword goes by its name alone. One that is passed by position also needs `position`, its
place among the arguments: the script does not say which name that place has, the type of the node does.
`flodesk.flow.wiring` looks both up; whoever builds these edits by hand must know.

Statements that are no calls take arguments too: a `Bind` its value (any name), a `Switch` the test of arm `position`,
a `Return` its value, or ``value[1]`` for the second of several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flodesk.flow.edit.base import Edit, EditError
from flodesk.flow.edit.statements import ReplaceStatement
from flodesk.flow.edit.tree import find, with_statement
from flodesk.flow.model import Argument, Bind, Call, Expression, Flow, Literal, Loop, Ref, Return, Statement, Switch
from flodesk.flow.script import keep_text

Value = Ref | Literal


@dataclass(frozen=True, slots=True)
class Connect:
    """Let an argument read a variable. `parameter` is a keyword, or ``values[2]`` for the third of ``*values``."""

    function: str
    id: str
    parameter: str
    source: Ref
    position: int | None = None

    @property
    def title(self) -> str:
        """In words."""
        return f"Connect {self.source.text} to {self.id}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write the variable as the argument, in the place of what was there.

        Raises
        ------
        EditError
            There is no such statement, it takes no arguments, or arguments before that one are missing.
        """
        path, statement = find(flow, self.function, self.id)
        new = with_value(statement, place_of(self.parameter, self.position), self.source)
        back = ReplaceStatement(self.function, self.id, statement, self.title)
        return (flow if new is statement else with_statement(flow, self.function, path, new)), back


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Take a wired argument out. Of several by position only the last can go: `wiring.disconnect` does the rest."""

    function: str
    id: str
    parameter: str
    position: int | None = None

    @property
    def title(self) -> str:
        """In words."""
        return f"Disconnect {self.parameter or 'an input'} of {self.id}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Take it out.

        Raises
        ------
        EditError
            There is no such statement, or it has no such wired argument.
        """
        path, statement = find(flow, self.function, self.id)
        place = place_of(self.parameter, self.position)
        if not isinstance(value_at(statement, place), Ref):
            raise EditError(f"“{self.parameter}” of “{self.id}” is not wired.")
        back = ReplaceStatement(self.function, self.id, statement, self.title)
        return with_statement(flow, self.function, path, without_value(statement, place)), back


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Write a literal for a parameter, or, with None, go back to its default.

    `exact` is the statement that is to stand there, for an inverse: the way back finds the text as it was.
    """

    function: str
    id: str
    parameter: str
    value: Literal | None
    position: int | None = None
    exact: Statement | None = None

    @property
    def title(self) -> str:
        """In words."""
        return f"Change {self.parameter} of {self.id}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write it.

        Raises
        ------
        EditError
            There is no such statement, it takes no arguments, arguments before that one are missing, or it is wired.
        """
        path, statement = find(flow, self.function, self.id)
        place = place_of(self.parameter, self.position)
        old = value_at(statement, place)
        if isinstance(old, Ref):
            raise EditError(
                f"“{self.parameter}” of “{self.id}” is set by a wire from “{old.text}”: take that out first."
            )
        if self.exact is not None:
            new = self.exact
        elif self.value is not None:
            new = with_value(statement, place, self.value)
        else:
            new = statement if old is None else without_value(statement, place)
        before = old if isinstance(old, Literal) else None
        back = SetParameter(self.function, self.id, self.parameter, before, self.position, statement)
        return (flow if new is statement else with_statement(flow, self.function, path, new)), back


@dataclass(frozen=True, slots=True)
class SetArguments:
    """Write all arguments of a call afresh: where taking one out changes how the others are passed."""

    function: str
    id: str
    arguments: tuple[Argument, ...]
    words: str = ""

    @property
    def title(self) -> str:
        """In words."""
        return self.words or f"Change the arguments of {self.id}"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write them.

        Raises
        ------
        EditError
            There is no such statement, or it is no call.
        """
        path, statement = find(flow, self.function, self.id)
        if not isinstance(statement, Call | Loop):
            raise EditError(f"“{self.id}” is no call: it has no arguments.")
        back = ReplaceStatement(self.function, self.id, statement, self.title)
        if self.arguments == statement.arguments:
            return flow, back
        return with_statement(flow, self.function, path, _with(statement, self.arguments)), back


# ------------------------------------------------------------------ one argument of a statement
def place_of(parameter: str, position: int | None) -> int | str:
    """Return the key of an argument: its place, or its keyword. ``values[2]`` alone is the third place."""
    if position is not None:
        return position
    many = re.fullmatch(r"\w*\[(\d+)\]", parameter)
    return int(many[1]) if many else parameter


def index_of(statement: Call | Loop, place: int | str) -> int | None:
    """Return where an argument stands among all of a call, or None if it is not given."""
    if isinstance(place, str):
        return next((n for n, argument in enumerate(statement.arguments) if argument.keyword == place), None)
    return place if place < positional(statement) else None


def positional(statement: Call | Loop) -> int:
    """Return how many arguments are passed by position; they come first."""
    return next((n for n, argument in enumerate(statement.arguments) if argument.keyword), len(statement.arguments))


def value_at(statement: Statement, place: int | str) -> Ref | Literal | Expression | None:
    """Return what an argument is now, None if it is not given.

    Raises
    ------
    EditError
        The statement is of a kind without arguments.
    """
    match statement:
        case Call() | Loop(called=True):
            index = index_of(statement, place)
            return None if index is None else statement.arguments[index].value
        case Bind():
            return statement.value
        case Switch():
            return statement.arms[_arm(statement, place)].test
        case Return():
            return statement.values[_part(statement, place)] if statement.values else None
        case _:
            raise EditError(f"“{statement.id}” takes no arguments.")


def with_value(statement: Statement, place: int | str, value: Value) -> Statement:
    """Return the statement with an argument written, in the place of the one that was there or as a new one.

    Raises
    ------
    EditError
        The statement takes no arguments, or arguments before that place are missing.
    """
    match statement:
        case Call() | Loop(called=True):
            index = index_of(statement, place)
            if index is not None:
                if statement.arguments[index].value == value:
                    return statement
                changed = replace(statement.arguments[index], value=value)
                return _with(statement, (*statement.arguments[:index], changed, *statement.arguments[index + 1 :]))
            if isinstance(place, str):
                return _with(statement, (*statement.arguments, Argument(value, place)))
            end = positional(statement)
            if place > end:
                raise EditError(f"Argument {place + 1} of “{statement.id}” cannot be given before argument {end + 1}.")
            return _with(statement, (*statement.arguments[:end], Argument(value), *statement.arguments[end:]))
        case Bind():
            return statement if statement.value == value else keep_text(statement, replace(statement, value=value))
        case Switch():
            number = _arm(statement, place)
            if isinstance(value, Literal):
                test: Ref | Expression = Expression(value.text, ())
            else:
                test = value
            old = statement.arms[number]
            arm = keep_text(old, replace(old, test=test))
            return replace(statement, arms=(*statement.arms[:number], arm, *statement.arms[number + 1 :]))
        case Return():
            number = _part(statement, place)
            values = (*statement.values[:number], value, *statement.values[number + 1 :])
            return statement if statement.values == values else keep_text(statement, replace(statement, values=values))
        case _:
            raise EditError(f"“{statement.id}” takes no arguments.")


def without_value(statement: Statement, place: int | str) -> Statement:
    """Return the statement without an argument.

    Raises
    ------
    EditError
        It has no such argument, cannot be without, or others by position come after.
    """
    if isinstance(statement, Return):
        if len(statement.values) > 1:
            return with_value(statement, place, Literal("None"))
        return keep_text(statement, replace(statement, values=()))
    if not isinstance(statement, Call | Loop):
        raise EditError(f"“{statement.id}” cannot be without a value.")
    index = index_of(statement, place)
    if index is None:
        raise EditError(f"“{statement.id}” has no argument {place!r}.")
    if isinstance(place, int) and index < positional(statement) - 1:
        raise EditError(f"Argument {index + 1} of “{statement.id}” cannot be left out before the next one.")
    return _with(statement, (*statement.arguments[:index], *statement.arguments[index + 1 :]))


def _with(statement: Call | Loop, arguments: tuple[Argument, ...]) -> Call | Loop:
    """Return the call with other arguments, in its own layout."""
    return keep_text(statement, replace(statement, arguments=arguments))


def _part(statement: Return, place: int | str) -> int:
    number = place if isinstance(place, int) else 0
    if not 0 <= number < max(1, len(statement.values)):
        raise EditError(f"“{statement.id}” gives no value number {number + 1}.")
    return number


def _arm(statement: Switch, place: int | str) -> int:
    number = place if isinstance(place, int) else 0
    if not 0 <= number < len(statement.arms) or statement.arms[number].test is None:
        raise EditError(f"“{statement.id}” has no test number {number + 1}.")
    return number

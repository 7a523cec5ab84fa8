"""Whether what a function returns may change: who calls it, and what they do with what they get."""

from __future__ import annotations

import ast
import re

from flodesk.flow.jumps import yields
from flodesk.flow.model import Address, Code, Flow, Function, Loop, Region, Return, Switch, walk
from flodesk.flow.script.names import own_nodes
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.uses import Use, calls_of, reads_of, uses_of


def check_may_give_more(flow: Flow, function: Function, variable: str) -> None:
    """Refuse where a function cannot return one more variable at its end.

    Raises
    ------
    Refused
        It returns before its end, or yields; a loop goes through what it returns; or the variable is bound in some
        arms only.
    """
    last = function.body.statements[-1] if function.body.statements else None
    gives = isinstance(last, Return) and bool(last.values)
    for statement, region in walk(function.body, Region(function.name)):
        if not isinstance(statement, Code):
            continue
        where = Use(region.function, statement.id).words(flow)
        if yields(statement.text):
            raise Refused(f"{where} yields: “{function.name}” is for loops, and returns nothing.")
        returns = [n for n in own_nodes(parse_tree(statement.text).body) if isinstance(n, ast.Return)]
        if any(gives or node.value is not None for node in returns):
            raise Refused(
                f"{where} returns before the end of “{function.name}”: there it would give another number of values."
                " Let it return at its end only, or change it in the script."
            )
    for home, call in calls_of(flow, function.name):
        if isinstance(call, Loop):
            raise Refused(f"“{call.id}” in “{home}” goes through what “{function.name}” returns: that stays one value.")
    check_bound(flow, function, variable)


def check_bound(flow: Flow, function: Function, variable: str) -> None:
    """Refuse a variable that gets its value in the arms of a switch only: some do not run.

    Raises
    ------
    Refused
        It does.
    """
    binders = [
        region
        for statement, region in walk(function.body, Region(function.name))
        if variable == getattr(statement, "name", "")
        or variable in getattr(statement, "targets", ())
        or variable in getattr(statement, "binds", ())
    ]
    if binders and all(_in_arm(flow, region) for region in binders):
        raise Refused("An arm of a switch cannot return: join its value with those of the other arms, and wire that.")


def _in_arm(flow: Flow, region: Region) -> bool:
    while region.owner:
        owner, region = flow.index[Address(region.function, region.owner)]
        if isinstance(owner, Switch):
            return True
    return False


def check_not_read_whole(flow: Flow, function: str, field: str = "") -> None:
    """Refuse where a caller reads all that a function returns at once, or (if given) one field of it.

    Raises
    ------
    Refused
        One does.
    """
    for home, call in calls_of(flow, function):
        if isinstance(call, Loop):
            raise Refused(f"“{call.id}” in “{home}” goes through what “{function}” returns: change that in the script.")
        for use in reads_of(flow, home, call.name) if call.name else ():
            if field and use.field == field:
                raise Refused(f"“{field}” of “{call.id}” is read by {use.words(flow)}: take that off first.")
            if not use.field:
                raise Refused(
                    f"All that “{function}” returns is read by {use.words(flow)} at once: how many values that are"
                    " stays. Let it read them one by one first."
                )


def check_own_class(flow: Flow, function: Function, code: Code) -> None:
    """Refuse to change a class of named values that anything but the end of the function uses.

    Raises
    ------
    Refused
        Something does.
    """
    kind = code.binds[0]
    own = {("", code.id), (function.name, "return")}
    word = re.compile(rf"\b{re.escape(kind)}\b")
    if function.returns.strip("\"'") == kind and not word.search(function.parameters):
        own.add(("", function.id))
    last = function.body.statements[-1]
    if isinstance(last, Return) and len(word.findall(" ".join(value.text for value in last.values))) > 1:
        own.discard((function.name, "return"))
    for use in uses_of(flow, kind, frozenset(own)):
        raise Refused(
            f"“{kind}”, of which “{function.name}” returns a value, is used by {use.words(flow)}, too: change it in the"
            " script, or let the function return a class of its own."
        )
    for home, call in calls_of(flow, kind):
        raise Refused(
            f"“{kind}”, of which “{function.name}” returns a value, is made by “{call.id}” in “{home}”, too: change it"
            " in the script, or let the function return a class of its own."
        )

"""One argument of a call as it was."""

from __future__ import annotations

from dataclasses import replace

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.diff.side import Side
from flodesk.flow.model import Argument, Call, Flow, Loop
from flodesk.flow.script import keep_text
from flodesk.flow.slots import Slot


def with_old_argument(
    before: Call | Loop,
    after: Call | Loop,
    part: str,
    old: tuple[Flow, str],
    new: tuple[Flow, str],
    catalog: Catalog,
) -> Call | Loop:
    """Return a call with one argument as it was; `part` names it, as differences do.

    Parameters
    ----------
    before, after : Call or Loop
        As it was, with the names that variables have now, and as it is.
    old, new : (flow, function)
        Where they stand.

    Raises
    ------
    Refused
        It cannot be put back alone.
    """
    name, many = part.partition("[")[0], part.endswith("]")
    mine = _of(_slots(before, *old, catalog), part, name, many)
    its = _of(_slots(after, *new, catalog), part, name, many)
    arguments = list(after.arguments)
    if many and len(mine) != len(its):  # of a row all are put back: single ones have no name of their own
        places = [n for n, argument in enumerate(arguments) if any(slot.argument is argument for slot in its)]
        at = min(places, default=sum(not a.keyword for a in arguments))
        arguments = [a for number, a in enumerate(arguments) if number not in places]
        arguments[at:at] = [slot.argument for slot in mine if slot.argument is not None]
    else:
        number = int(part[len(name) + 1 : -1]) if many and len(mine) > 1 else 0
        was = mine[number].argument if number < len(mine) else None
        now = its[number].argument if number < len(its) else None
        if was is not None and now is not None:
            place = next(n for n, argument in enumerate(arguments) if argument is now)
            arguments[place] = replace(was, keyword=now.keyword)
        elif now is not None:
            place = next(n for n, argument in enumerate(arguments) if argument is now)
            if not now.keyword and any(not a.keyword for a in arguments[place + 1 :]):
                raise wiring.Refused(f"“{part}” stands before other arguments: it cannot be left out alone.")
            del arguments[place]
        elif was is not None:
            _put_back(arguments, was, mine[number], before)
    made = replace(after, arguments=tuple(arguments))
    return keep_text(after, made)


def _put_back(arguments: list[Argument], was: Argument, slot: Slot, before: Call | Loop) -> None:
    """Add an argument where it was: by position if as many stand before it, else by its name."""
    if was.keyword:
        arguments.append(was)
        return
    wanted = next(n for n, argument in enumerate(before.arguments) if argument is was)
    given = sum(not argument.keyword for argument in arguments)
    if wanted <= given:
        arguments.insert(wanted, was)
    elif slot.parameter is not None and slot.parameter.passing == "either":
        arguments.append(replace(was, keyword=slot.name))
    else:
        raise wiring.Refused(f"“{slot.name}” stood behind arguments that are gone: take those back first.")


def _slots(statement: Call | Loop, flow: Flow, function: str, catalog: Catalog) -> list[Slot]:
    return Side(flow, function, catalog.with_flow(flow)).slots(statement)


def _of(slots: list[Slot], part: str, name: str, many: bool) -> list[Slot]:
    """Return the slots that a part is about: of a row all that are given."""
    rows = [s for s in slots if s.argument is not None and s.parameter is not None and s.parameter.passing == "many"]
    if many and any(s.parameter is not None and s.parameter.name == name for s in rows):
        return [s for s in rows if s.parameter is not None and s.parameter.name == name]
    return [s for s in slots if s.name == part]

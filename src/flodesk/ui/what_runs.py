"""What a run elsewhere has set, and a file has not: whether the flow of one is that of the other but for that."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from flodesk.engine.places.session.left_there import all_left
from flodesk.engine.places.session.run_on import Account, RunOn, digest
from flodesk.flow.app import APP
from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import Difference, diff
from flodesk.flow.edit import Edit, EditError
from flodesk.flow.edit.header import DRAWN, PRESETS
from flodesk.flow.edit.pages import PAGES
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, read, write
from flodesk.flow.wiring import Refused, set_field

Change = tuple[str, str, str]
"""A node (``function.node``), its parameter, and the text that was set; no text is its default."""
_LOOKS = frozenset({"place", "view", "note", "docstring", "text"})
"""Kinds of differences of which no run has to know."""
_LOOKING = frozenset({*DRAWN, PAGES, PRESETS, APP, "layout"})
"""The same of the header's other entries."""


@dataclass(frozen=True, slots=True)
class Found:
    """A run of the server at `url`, and what was told of it.

    Attributes
    ----------
    flow : Flow
        That with which it was compared.
    changes : tuple of Change, or None
        What was set over there and does not stand in that; None if they are not the same flow.
    known : bool
        Whether the run was left from here (a fact of this data folder), and the flow says to the letter what was run
        there, as it began or as it was set since.
    """

    run: RunOn
    account: Account
    url: str
    flow: Flow
    changes: tuple[Change, ...] | None
    known: bool = False


def found(run: RunOn, account: Account, url: str, flow: Flow, catalog: Catalog) -> Found:
    """Compare what runs with a flow."""
    known = any(left.run == run.run and run.is_of(left.path) for left in all_left())
    known = known and _says_what_runs(run, account, flow, catalog)
    return Found(run, account, url, flow, _missing(run, account, flow, catalog), known)


def edit_of(flow: Flow, catalog: Catalog, change: Change) -> Edit | None:
    """Return the edit that sets a parameter; None if there is none, or if it says that already."""
    address, parameter, text = change
    function, _, node = address.rpartition(".")
    try:
        edit = set_field(flow, picture(flow, catalog, function), node, parameter, text)
        return edit if write(edit.apply(flow)[0]) != write(flow) else None
    except (Refused, EditError, KeyError):
        return None


def said_of(changes: tuple[Change, ...], flow: Flow, catalog: Catalog) -> str:
    """Say what is set in a flow that comes to a run: what that has, as the flow is now still without it."""
    real = [change for change in changes if edit_of(flow, catalog, change) is not None]
    if not real:
        return ""
    (address, parameter, text), *more = real
    node = address.rpartition(".")[2]
    value = f" = {text}" if 0 < len(text) <= 40 else ""
    first = f"“{parameter}” of {node}{value}"
    rest = "" if not more else " and one more" if len(more) == 1 else f" and {len(more)} more"
    return f"Set here as it is in the run: {first}{rest}. Undo sets what the file says, there too."


# ------------------------------------------------------------------ inside
def _missing(run: RunOn, account: Account, flow: Flow, catalog: Catalog) -> tuple[Change, ...] | None:
    text = write(flow)
    if not account.text:
        return () if digest(text) == run.text else None
    if text == account.text:
        return account.changes
    with contextlib.suppress(ScriptError):
        there = _changed(read(account.text), catalog, account.changes)
        return _values_alone(flow, there, catalog)
    return None


def _says_what_runs(run: RunOn, account: Account, flow: Flow, catalog: Catalog) -> bool:
    text = write(flow)
    if not account.text:
        return digest(text) == run.text
    with contextlib.suppress(ScriptError):
        return text in (account.text, write(_changed(read(account.text), catalog, account.changes)))
    return False


def _values_alone(here: Flow, there: Flow, catalog: Catalog) -> tuple[Change, ...] | None:
    """Return the values that stand in one flow and not in the other; None if something else is different, too."""
    changes = []
    for one in _deeds(here, there, catalog):
        if one.kind != "parameter" or one.was != one.now:
            return None
        changes.append((str(one.at), one.part, one.new))
    return tuple(changes) if not _deeds(_changed(here, catalog, tuple(changes)), there, catalog) else None


def _deeds(here: Flow, there: Flow, catalog: Catalog) -> list[Difference]:
    """Return the differences that a run has to do with."""
    return [one for one in diff(here, there, catalog) if one.kind not in _LOOKS and not _looks(one)]


def _looks(one: Difference) -> bool:
    return one.kind == "setting" and one.part.partition(".")[0] in _LOOKING


def _changed(flow: Flow, catalog: Catalog, changes: tuple[Change, ...]) -> Flow:
    for change in changes:
        edit = edit_of(flow, catalog, change)
        if edit is not None:
            flow, _ = edit.apply(flow)
    return flow

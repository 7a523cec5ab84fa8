"""From the text of a flow, and what was set beside it, to the plans of its functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flodesk.engine.ahead import import_here, modules
from flodesk.engine.compiling import compile_plan
from flodesk.engine.errors import PlanError
from flodesk.engine.flow_text import FlowText
from flodesk.engine.inputs import set_literal, with_parameters
from flodesk.engine.live import SwapError
from flodesk.engine.load import Loaded, load, read_text
from flodesk.engine.places.known import check_places
from flodesk.engine.plan import Plan
from flodesk.engine.reloading import note
from flodesk.engine.workfolder import folder_of

Plans = dict[str, Plan]
Say = Callable[[str, str, str], None]
Overrides = Mapping[tuple[str, str], str]
"""Texts of values by (node, parameter)."""

_NOTHING = (
    "nothing to run: the file hands no function of its own to flodesk.main(). "
    'At its end write: if __name__ == "__main__": flodesk.main(flow)'
)


def prepare(text: str, path: str, overrides: Overrides, read: FlowText | None = None) -> tuple[Loaded, Plans]:
    """Load a flow and compile the functions that it runs, with other values for some parameters.

    Raises
    ------
    LoadError, PlanError
        What is wrong with the file, with a node, or with one of those values.
    """
    loaded = load(text, path, read=read)
    note(folder_of(path))
    if not loaded.flow.mains:
        raise PlanError("", _NOTHING)
    return with_overrides(loaded, path, _compiled(loaded), overrides)


def with_overrides(loaded: Loaded, path: str, plans: Plans, overrides: Overrides) -> tuple[Loaded, Plans]:
    """Give parameters of a flow that was loaded other values: all that differ from its text.

    Raises
    ------
    LoadError, PlanError
        What is wrong with one of them.
    """
    unset = {key: value for key, value in overrides.items() if not override(plans, key, value)}
    if unset:
        # parameters that the script leaves at their defaults: they are written into it
        text, flow = with_parameters(loaded.flow, plans, unset)
        folder = str(loaded.folder or "") if loaded.read.travelled else None
        loaded = load(text, path, read=read_text(text, path, flow, folder), kept=loaded)
        plans = _compiled(loaded)
        for key in overrides.keys() - unset.keys():
            override(plans, key, overrides[key])
    return loaded, plans


def prepare_change(text: str, path: str, kept: Loaded | None, say: Say) -> tuple[Loaded, Plans]:
    """Load a changed flow beside the one that runs, and compile it.

    `say` (node, level, text) is told which objects at the top of the file are made anew with what has changed.

    Raises
    ------
    LoadError, PlanError
        What is wrong with it.
    SwapError
        It runs other functions: one cannot go on from the other.
    """
    import_here(modules(text))  # by this thread: at its first call a node would hold up the loop for it
    loaded = load(text, path, kept=kept)
    if kept is None or loaded.flow.mains != kept.flow.mains:
        raise SwapError("the functions that run are others")
    plans = _compiled(loaded)
    if loaded.anew:
        *some, last = loaded.anew[:6] if len(loaded.anew) <= 6 else (*loaded.anew[:5], f"{len(loaded.anew) - 5} more")
        names = f"{', '.join(some)} and {last}" if some else last
        why = "what they hang on, or share, has changed" if some else "what it hangs on, or shares, has changed"
        say("", "info", f"Made anew at the top of the file: {names}, for {why}")
    return loaded, plans


def override(plans: Plans, key: tuple[str, str], text: str) -> bool:
    """Store another value for a literal; returns False where the script has none there.

    Raises
    ------
    PlanError
        The text is no value.
    """
    node, parameter = key
    function, _, statement = node.rpartition(".")
    try:
        nested = [inner for plan in plans.values() for inner in plan.plans_of(function)]
        done = [set_literal(plan, statement, parameter, text) for plan in nested]
        return any(done)
    except ValueError as error:
        raise PlanError(node, str(error)) from error


def _compiled(loaded: Loaded) -> Plans:
    plans = {function: compile_plan(loaded, function) for function in loaded.flow.mains}
    for plan in plans.values():
        check_places(plan)
    return plans


def override_all(plans: Plans, overrides: Overrides, say: Say) -> None:
    """Store what was set since a text was written; `say` (node, level, text) is told what is no value."""
    for key, value in overrides.items():
        try:
            override(plans, key, value)
        except PlanError as error:
            say(error.node, "error", str(error))

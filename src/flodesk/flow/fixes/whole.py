"""Fixes for what is no line of a flow: the header, the panel, what is run, what is missing beside the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from flodesk.flow.edit import AddNode, Edit, Many, ReplaceStatement, SetOption, SetSetting, SetView
from flodesk.flow.fixes.fix import Broken, Fix
from flodesk.flow.model import Block, Function, Main, Region
from flodesk.flow.own_start import Start, Starts
from flodesk.flow.problem import quoted
from flodesk.flow.requires import requirement
from flodesk.flow.script import keep_text
from flodesk.flow.wiring.naming import callee_of
from flodesk.flow.wiring.step import Steps

_MODULE = re.compile(r"No module named '([\w.]+)'")


def missing_package(broken: Broken) -> Iterator[Fix]:
    """Install it; what that means is shown before."""
    name = broken.about.name
    yield Fix("install", f"Install {requirement(name)}…", package=name)


def broken_pack(broken: Broken) -> Iterator[Fix]:
    """Install the package for want of which a shelf could not be loaded."""
    found = _MODULE.search(broken.about.name)
    if found is not None:
        package = found[1].partition(".")[0]
        yield Fix("install", f"Install {requirement(package)}…", package=package)


# ------------------------------------------------------------------ what is run
def no_flow(broken: Broken) -> Iterator[Fix]:
    """Hand a function of the file to ``flodesk.main``, or begin with one.

    Where the file starts it itself, that line gives way: else ``python FILE`` would run it twice.
    """
    starts = Starts(broken.flow)
    if starts.handing:
        return  # a second call of it would run what it runs again: the hint says what to do
    functions = [f for f in broken.flow.functions.values() if not f.parameters.strip()]
    found = [(function.name, starts.only(function.name)) for function in functions[-2:][::-1]]
    for name, start in sorted(found, key=lambda pair: pair[1] is None):
        if start is None and starts.reached(name):
            continue  # which of its calls is to go cannot be told: the hint says what to do
        where = f"instead of {name}()" if start is not None else "at the end of the file"
        title = f"Run {quoted(name)}: flodesk.main({name}) {where}"
        yield from broken.step("write", title, partial(_handed, broken, name, start))
    if not broken.flow.functions:
        title = "Add an empty function “flow” and run it"
        yield from broken.step("write", title, lambda: _handed(broken, "flow", None, new=True))


def _handed(broken: Broken, name: str, start: Start | None, *, new: bool = False) -> Edit:
    steps = Steps(broken.flow)
    callee, imported = callee_of(broken.flow, "", "flodesk.main")
    steps.do(imported)
    if start is not None:
        old = start.statement
        block = Main(functions=(name,), lead=old.lead, raw=start.handed(callee, name), ending=old.ending)
        steps.do(ReplaceStatement("", old.id, block))
        return steps.edit(f"Run {name}")
    main = next((s for s in steps.flow.module.statements if isinstance(s, Main)), None)
    end = len(steps.flow.module.statements) - (main is not None)
    if new:
        steps.do(AddNode(Region(""), end, Function(id=name, name=name, body=Block(), lead="\n\n")))
    if main is not None:
        steps.do(ReplaceStatement("", main.id, keep_text(main, replace(main, functions=(*main.functions, name)))))
    else:
        end = len(steps.flow.module.statements)
        steps.do(AddNode(Region(""), end, Main(functions=(name,), lead="\n\n")))
    return steps.edit(f"Run {name}")


def handed_over(broken: Broken) -> Iterator[Fix]:
    """Hand over the function that was probably meant, or take what is none out."""
    main = next((s for s in broken.flow.module.statements if isinstance(s, Main)), None)
    name, meant = broken.about.name, broken.about.meant
    if main is None or name not in main.functions:
        return
    if meant and meant not in main.functions:
        given = tuple(meant if other == name else other for other in main.functions)
        title = f"Run {quoted(meant)} instead of {quoted(name)}"
        yield from broken.step("rename", title, lambda: _mains(main, given))
    if len(main.functions) > 1:
        left = tuple(other for other in main.functions if other != name)
        title = f"Take {quoted(name)} out of flodesk.main()"
        yield from broken.step("remove", title, lambda: _mains(main, left))


def _mains(main: Main, functions: tuple[str, ...]) -> Edit:
    return ReplaceStatement("", main.id, keep_text(main, replace(main, functions=functions)))


# ------------------------------------------------------------------ the header
def view(broken: Broken) -> Iterator[Fix]:
    """Show what was probably meant, or take the view off the panel."""
    function, key = broken.function, broken.about.port
    if not key:
        yield from _views_of_nothing(broken)
        return
    found = broken.flow.header.panel.get(function, {}).get(key)
    if found is None:
        return
    meant, (head, _, rest) = broken.about.meant, found.shows.partition(".")
    if meant:
        shows = f"{head}.{meant}" if "." in broken.about.name else f"{meant}.{rest}" if rest else meant
        free = meant if key == broken.about.name and meant not in broken.flow.header.panel[function] else key
        title = f"Show {quoted(shows)} on the panel instead of {quoted(found.shows)}"
        new = replace(found, id=free, shows=shows)
        edits: tuple[Edit, ...] = (SetView(function, free, new),)
        if free != key:
            edits = (SetView(function, key, None), *edits)
        yield from broken.step("rename", title, lambda: Many(edits, title))
    title = f"Take the view of {quoted(found.shows)} off the panel"
    yield from broken.step("remove", title, lambda: SetView(function, key, None))


def form(broken: Broken) -> Iterator[Fix]:
    """Write the form that was probably meant, or take out what makes no sense."""
    function, key, option = broken.function, broken.about.port, broken.about.name
    found = broken.flow.header.panel.get(function, {}).get(key)
    if found is None:
        return
    if meant := broken.about.meant:
        said = tuple((name, meant if name == option else value) for name, value in found.options)
        title = f"Show {quoted(key)} as {meant}"
        yield from broken.step("rename", title, lambda: SetView(function, key, replace(found, options=said)))
    left = tuple((name, value) for name, value in found.options if name != option)
    title = f"Take {option} out of the view {quoted(key)}"
    yield from broken.step("remove", title, lambda: SetView(function, key, replace(found, options=left)))


def _views_of_nothing(broken: Broken) -> Iterator[Fix]:
    """Take the views of a function off the panel that is not there."""
    views = broken.flow.header.panel.get(broken.about.name, {})
    title = f"Take the views of {quoted(broken.about.name)} off the panel"
    edits = tuple(SetView(broken.about.name, key, None) for key in views)
    yield from broken.step("remove", title, lambda: Many(edits, title))


def header(broken: Broken) -> Iterator[Fix]:
    """Write the value that was probably meant, or take the line out of the header."""
    line, meant = broken.about.name, broken.about.meant
    if not line:
        return
    if meant:
        title = f'Write {line} = "{meant}" in the header'
        yield from broken.step("write", title, lambda: SetOption(line, meant))
    title = f"Take {line} out of the header"
    yield from broken.step("remove", title, lambda: SetOption(line, None))


def place(broken: Broken) -> Iterator[Fix]:
    """Let a node run where the flow runs."""
    name = broken.about.name
    title = f"Let {quoted(name)} run in the engine again"
    yield from broken.step("remove", title, lambda: SetSetting("places", broken.function, name, None, title))


def detached(broken: Broken) -> Iterator[Fix]:
    """Let a node run in its loop."""
    name = broken.about.name
    if name:
        title = f"Let {quoted(name)} run in its loop again"
        yield from broken.step("remove", title, lambda: SetSetting("detached", broken.function, name, None, title))

"""A flow that is a test is run, and the first node that differs is named, in the order of the script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flodesk.engine.errors import way_of
from flodesk.engine.expected.comparing import compare, words
from flodesk.engine.expected.files import Expected, ExpectedError, beside, read_expected
from flodesk.engine.expected.forms import NoFormError, form_of
from flodesk.engine.expected.taking import variables_of
from flodesk.engine.headless import Result, run
from flodesk.engine.limits import Limits
from flodesk.flow.model import Flow
from flodesk.flow.script import ScriptError, load, write


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a test went.

    Attributes
    ----------
    flow : str
        Its file.
    passed : bool
    node : str
        The first node (``function.variable``) that differs, or the one that raised; empty if it is no node's fault.
    message : str
        What is wrong, in one sentence or some lines; empty if nothing is.
    compared : int
        Of how many nodes the values are as expected.
    differing : tuple of str
        All nodes that differ, in the order of the script.
    """

    flow: str
    passed: bool
    node: str = ""
    message: str = ""
    compared: int = 0
    differing: tuple[str, ...] = ()


def judge(file: Path) -> Verdict:
    """Run a flow in this process, and compare what it gives with what is expected of it."""
    named = str(file)
    try:
        expected = read_expected(beside(file))
        flow = load(file)
    except ExpectedError as error:
        return Verdict(named, False, message=str(error))
    except ScriptError as error:
        return Verdict(named, False, message=f"it is no flow: line {error.line}: {error.message}")
    except OSError as error:
        return Verdict(named, False, message=f"it cannot be read: {error.strerror or error}")
    place = (file.parent / expected.folder).resolve() / file.name
    limits = Limits(expected.iterations, 0.0, expected.timeout)
    settings = dict(expected.settings)
    result = run(write(flow), str(place), limits=limits, settings=settings, keep_events=False, keep_values=True)
    if result.reason != "succeeded":
        return _failed(named, result)
    return _compared(named, flow, expected, result.values, place.parent)


def _failed(file: str, result: Result) -> Verdict:
    if not result.failures:
        return Verdict(file, False, message=f"the run {result.reason}: {result.message}")
    failure = result.failures[0].failure
    lines = [f"{way_of(failure) or 'the flow'} raised {failure.type}: {failure.message}"]
    if failure.line:
        lines.append(f"    line {failure.line}: {failure.code}")
    lines += [f"    {name} was {summary}" for name, summary in failure.inputs]
    return Verdict(file, False, failure.node, "\n".join(lines))


def _compared(file: str, flow: Flow, expected: Expected, values: Mapping[str, Any], folder: Path) -> Verdict:
    lines = dict(variables_of(flow))
    order = [*(name for name in lines if name in expected.nodes), *(n for n in expected.nodes if n not in lines)]
    differing = _Differing()
    for name in order:
        wanted, where = expected.nodes[name], f"{name} (line {lines[name]})" if name in lines else name
        if name not in values:
            gone = "gave no value" if name in lines else "is not in the flow any more"
            differing.add(name, f"{where} {gone}\n    expected: {words(wanted)}")
            continue
        try:
            came = form_of(values[name], folder, wanted)
        except NoFormError as error:
            differing.add(name, f"{where} cannot be compared: {error}\n    expected: {words(wanted)}")
            continue
        found = compare(wanted, came, expected.tolerance)
        if found is not None:
            part = f" in {found.where}" if found.where else ""
            differing.add(name, f"{where} differs{part}\n    expected: {found.expected}\n    came: {found.came}")
    names = differing.names
    if names:
        more = f"\n    and {len(names) - 1} more: {', '.join(names[1:8])}{'…' if len(names) > 8 else ''}"
        return Verdict(
            file, False, names[0], differing.message + (more if len(names) > 1 else ""), len(order) - len(names),
            tuple(names),
        )  # fmt: skip
    return Verdict(file, True, compared=len(order))


@dataclass(slots=True)
class _Differing:
    """Which nodes differ, and what there is to say of the first."""

    names: list[str] = field(default_factory=list)
    message: str = ""

    def add(self, name: str, message: str) -> None:
        self.message = self.message or message
        self.names.append(name)


__all__ = ["Verdict", "judge"]

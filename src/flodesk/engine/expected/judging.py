"""A flow that is a test is run, and the first node that differs is named, in the order of the script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flodesk.engine.errors import way_of
from flodesk.engine.expected.comparing import compare, words
from flodesk.engine.expected.files import Expected, ExpectedError, beside, read_expected
from flodesk.engine.expected.forms import NoFormError, form_of
from flodesk.engine.expected.steady import left_out
from flodesk.engine.headless import Result, run
from flodesk.engine.limits import Limits
from flodesk.flow.catalog import Catalog
from flodesk.flow.model import Call, Flow, Region, walk
from flodesk.flow.names import binds_of
from flodesk.flow.script import ScriptError, load, write
from flodesk.flow.script.writer import statement_lines


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


def expected_of(
    flow: Flow, result: Result, path: Path, *, folder: str, iterations: int, settings: Mapping[str, str]
) -> Expected:
    """Take what a run has given as what is expected from now on.

    Parameters
    ----------
    result : Result
        Of a run that kept its values.
    path : Path
        Where the flow stands that has run.
    folder : str
        Where that is, seen from the folder of the test.
    """
    catalog = Catalog.installed().with_flow(flow, path.parent)
    changing, objects = left_out(flow, catalog), _objects(flow, catalog)
    nodes, out = {}, {}
    for name, _ in _names(flow):
        if name not in result.values or name in objects:
            continue
        if name in changing:
            out[name] = changing[name]
            continue
        try:
            nodes[name] = form_of(result.values[name], path.parent)
        except NoFormError as error:
            out[name] = f"it cannot be written down: {error}"
    return Expected(nodes, out, folder, iterations, settings=dict(settings))


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
    lines = dict(_names(flow))
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


def _objects(flow: Flow, catalog: Catalog) -> set[str]:
    """Return the variables that hold a node with state: what its calls give is compared, and no more."""
    found = set()
    for statement, region in walk(flow.module, Region("")):
        spec = catalog.specs.get(flow.resolve(statement.callee)) if isinstance(statement, Call) else None
        if spec is not None and spec.role in ("state", "collector", "shared"):
            found.add(f"{region.function}.{statement.id}")
    return found


def _names(flow: Flow) -> Iterator[tuple[str, int]]:
    """Give each variable of the functions that run (``function.variable``) with its first line, in their order."""
    lines, seen = statement_lines(flow), set()
    for statement, region in walk(flow.module, Region("")):
        for variable in binds_of(statement) if region.function in flow.mains else ():
            name = f"{region.function}.{variable}"
            if name not in seen:
                seen.add(name)
                yield name, lines.get(id(statement), 0)


__all__ = ["Verdict", "expected_of", "judge"]

"""What the commands share: a file is read and checked, and what is wrong with it is said on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

from flodesk.cli.exits import Exit
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.fixes import Fix, fixes_of
from flodesk.flow.model import Flow
from flodesk.flow.problem import Problem
from flodesk.flow.script import ScriptError, load


class CommandError(Exception):
    """The command ends here; what is wrong was said, and `exit` is its code."""

    def __init__(self, exit: Exit) -> None:
        super().__init__(exit)
        self.exit = exit


def read_flow(file: str) -> Flow:
    """Read a flow.

    Raises
    ------
    CommandError
        The file is missing, cannot be read or is no Python.
    """
    try:
        return load(Path(file))
    except ScriptError as error:
        where = f", line {error.line}" if error.line else ""
        print(f"flodesk: {file}{where}: {error.message}", file=sys.stderr)
        raise CommandError(Exit.BROKEN) from error
    except OSError as error:
        print(f"flodesk: {file} cannot be read: {error.strerror or error}", file=sys.stderr)
        if not Path(file).exists() and (near := import_module("flodesk.cli.examples").hint(file)):
            print(f"    {near}", file=sys.stderr)
        raise CommandError(Exit.MISSING) from error


def catalog_for(flow: Flow, file: str) -> Catalog:
    """Return the node types that a flow can have: those that are installed, its own, and those beside it."""
    return Catalog.installed().with_flow(flow, Path(file).resolve().parent)


def problems_of(flow: Flow, file: str) -> tuple[Problem, ...]:
    """Check a flow against the node types that are there."""
    return check(flow, Catalog.installed(), Path(file).resolve().parent)


def fixes(flow: Flow, problems: Iterable[Problem], file: str) -> list[tuple[Fix, ...]]:
    """Return what can be done about each problem."""
    catalog = catalog_for(flow, file)
    return [fixes_of(flow, catalog, problem) for problem in problems]


def tell(problems: Sequence[Problem], file: str, mends: Sequence[Sequence[Fix]] = ()) -> None:
    """Write each problem as ``file:line: severity: message`` with the hint and its fixes below it, as compilers do."""
    for number, problem in enumerate(problems):
        where = f"{file}:{problem.line}" if problem.line else file
        print(f"{where}: {problem.severity}: {problem.message}", file=sys.stderr)
        if problem.hint:
            print(f"    {problem.hint}", file=sys.stderr)
        for fix in mends[number] if mends else ():
            print(f"    fix: {fix.title.removesuffix('…')}", file=sys.stderr)

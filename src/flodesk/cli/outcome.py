"""What came of a run, on the command line: what it shows, why it failed, and the exit code for it."""

from __future__ import annotations

import argparse
import contextlib
import sys

from flodesk.cli.eventlines import STANDARD
from flodesk.cli.exits import Exit
from flodesk.cli.reading import catalog_for
from flodesk.cli.values import plain, said_of
from flodesk.engine.errors import way_of
from flodesk.engine.events import Rejected
from flodesk.engine.headless import Result
from flodesk.engine.writable import json_of
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow


def indicators_of(flow: Flow, file: str) -> list[str]:
    """Name what the flow shows: ``function.variable`` of each indicator's output."""
    catalog = catalog_for(flow, file)
    found = []
    for function in flow.mains:
        for node in picture(flow, catalog, function).nodes.values():
            found += [f"{function}.{p.variable}" for p in node.outputs if p.type == "indicator"]
    return found


def spoken(options: argparse.Namespace) -> contextlib.AbstractContextManager[object]:
    """Let what nodes print go to standard error, where standard output is for a program to read."""
    alone = options.json or options.events == STANDARD
    return contextlib.redirect_stdout(sys.stderr) if alone else contextlib.nullcontext()


def print_result(result: Result, options: argparse.Namespace, asked: str) -> None:
    """Say what came out; of a part of a flow also the value of the node that was `asked` for (``function.node``)."""
    if options.json:
        shown = {name: indicator.summary() for name, indicator in result.indicators.items()}
        values = {name: plain(value) for name, value in result.values.items()}
        print(
            json_of(
                {"run": result.run, "reason": result.reason, "message": result.message}
                | {"seconds": round(result.seconds, 3), "limited": result.limited, "unreached": result.unreached}
                | {"shown": shown, "values": values}
            )
        )
    else:
        out = sys.stderr if options.events == STANDARD else sys.stdout
        for line in result.summary(lost=False):  # what was lost is a warning, on standard error
            print(line, file=out)
        for line in result.why if options.why else ():
            print(line, file=out)
        if asked in result.values and asked not in result.indicators:
            for line in said_of(asked, result.values[asked]):
                print(line, file=out)
        elif not (result.indicators or result.unreached or options.why) and result.reason == "succeeded":
            print("It ran to its end; it has no indicator that would show something.", file=out)
    for failed in result.failures:
        failure = failed.failure
        often = result.causes.times(failed)
        if failure.unreached:
            print(f"flodesk: {failure.message}", file=sys.stderr)
            continue
        print(f"{way_of(failure) or options.file} failed: {failure.type}: {failure.message}{often}", file=sys.stderr)
        if failure.line:
            print(f"    {failure.file}, line {failure.line}: {failure.code}", file=sys.stderr)
        for name, summary in failure.inputs:
            print(f"    {name} was {summary}", file=sys.stderr)
    for line in result.causes.more():
        print(line, file=sys.stderr)
    if any(isinstance(failed, Rejected) or failed.goes_on for failed in result.failures):
        print(f"flodesk: {result.message}", file=sys.stderr)
    if any(isinstance(failed, Rejected) for failed in result.failures):
        print(f"    What was rejected is kept: flodesk letters list {options.file}", file=sys.stderr)
    if not result.failures and result.reason not in ("succeeded", "stopped"):
        how = "was ended" if result.reason == "killed" else result.reason
        print(f"flodesk: the run {how}: {result.message}", file=sys.stderr)


def exit_of(result: Result) -> Exit:
    """Say why the run failed: for want of a package or a server, by what was found before its first step, in a node."""
    kinds = {(one.failure.type, bool(one.failure.node)) for one in result.failures}
    unreached = any(one.failure.unreached for one in result.failures)
    if unreached or ("ModuleNotFoundError", False) in kinds or ("MissingInputError", True) in kinds:
        return Exit.MISSING
    return Exit.USAGE if any(kind == "PlanError" for kind, _ in kinds) else Exit.FAILED

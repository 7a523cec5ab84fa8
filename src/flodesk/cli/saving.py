"""``flodesk run --save-as-test``: what a run has given becomes what is expected of the flow from then on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError
from flodesk.engine.expected.files import beside
from flodesk.engine.expected.forms import forms_of
from flodesk.engine.expected.saving import Given, save_test, taken_by_other
from flodesk.engine.expected.taking import taken
from flodesk.engine.headless import Result
from flodesk.flow.catalog import Catalog
from flodesk.flow.model import Flow


def refuse(options: argparse.Namespace) -> None:
    """Say so if the options do not go with a test.

    Raises
    ------
    CommandError
        They do not; it was said on stderr.
    """
    wrong = ""
    if options.seconds:
        wrong = "--for ends each run somewhere else: use --max-iterations, so that each run is the same"
    elif options.node or options.to or options.onwards:
        wrong = "a test is of the whole flow, not of a part"
    elif options.on != "local":
        wrong = "a test is of a run on this machine"
    else:
        target = _target(options)
        if taken_by_other(target, Path(options.file)):
            wrong = f"there is a file {target} that is no test: give another folder"
    if wrong:
        print(f"flodesk run: --save-as-test: {wrong}", file=sys.stderr)
        raise CommandError(Exit.USAGE)


def save(flow: Flow, result: Result, options: argparse.Namespace, settings: Mapping[tuple[str, str], str]) -> Exit:
    """Write the flow's copy and what is expected of it, and try that out: what differs already is left out.

    Returns
    -------
    Exit
        OK if there is a test now.
    """
    if result.reason != "succeeded" or result.interrupted:
        advice = "" if result.failures else " If it does not end by itself, give --max-iterations N."
        print(f"flodesk run: nothing was saved as a test, as the run has not ended well.{advice}", file=sys.stderr)
        return Exit.FAILED
    source, target = Path(options.file).resolve(), _target(options)
    named = {f"{node}.{parameter}": value for (node, parameter), value in settings.items()}
    try:
        catalog = Catalog.installed().with_flow(flow, source.parent)
        given = Given(*taken(flow, *forms_of(result.values, source.parent), catalog), options.iterations, named)
        saved = save_test(flow, given, source, target)
    except (OSError, ValueError) as error:
        print(f"flodesk run: it could not be saved as a test: {error}", file=sys.stderr)
        return Exit.FAILED
    if saved.fails:
        print(f"flodesk run: the test was saved, and fails: {saved.fails}", file=sys.stderr)
        return Exit.FAILED
    expected = saved.expected
    out = sys.stderr if options.json or options.events else sys.stdout
    print(
        f"Saved as a test: {target}, with the values of {len(expected.nodes)} nodes in {beside(target).name}", file=out
    )
    for name, why in expected.left_out.items():
        print(f"    left out: {name}: {why}", file=out)
    if not expected.nodes:
        print("    No value is the same in each run: this test sees only whether the flow runs.", file=out)
    return Exit.OK


def _target(options: argparse.Namespace) -> Path:
    return Path(options.test_folder) / Path(options.file).name


__all__ = ["refuse", "save"]

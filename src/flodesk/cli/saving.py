"""``flodesk run --save-as-test``: what a run has given becomes what is expected of the flow from then on."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError
from flodesk.cli.trial import try_flow
from flodesk.engine.expected.files import beside, write_expected
from flodesk.engine.expected.judging import expected_of
from flodesk.engine.headless import Result
from flodesk.flow.model import Flow
from flodesk.flow.script import write


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
    elif options.on == "rq":
        wrong = "a test is of a run on this machine"
    else:
        target = _target(options)
        if target.exists() and not beside(target).exists() and not _same(target, Path(options.file)):
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
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(os.path.relpath(source.parent, target.parent.resolve())).as_posix()
        named = {f"{node}.{parameter}": value for (node, parameter), value in settings.items()}
        expected = expected_of(flow, result, source, folder=folder, iterations=options.iterations, settings=named)
        if not _same(target, source):
            target.write_text(write(flow), encoding=flow.encoding, newline="")
        write_expected(beside(target), expected)
        trial = try_flow(target)
        if not trial.passed and trial.differing:
            again = "it came out differently in a second run"
            expected = replace(
                expected,
                nodes={name: form for name, form in expected.nodes.items() if name not in trial.differing},
                left_out={**expected.left_out, **dict.fromkeys(trial.differing, again)},
            )
            write_expected(beside(target), expected)
        elif not trial.passed:
            print(f"flodesk run: the test was saved, and fails: {trial.message}", file=sys.stderr)
            return Exit.FAILED
    except (OSError, ValueError) as error:
        print(f"flodesk run: it could not be saved as a test: {error}", file=sys.stderr)
        return Exit.FAILED
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


def _same(first: Path, second: Path) -> bool:
    return first.exists() and second.exists() and first.samefile(second)


__all__ = ["refuse", "save"]

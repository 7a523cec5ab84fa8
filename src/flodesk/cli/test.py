"""``flodesk test``: run the flows that are tests, each in its own process, and name the first node that differs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from flodesk.cli import environment
from flodesk.cli.exits import Exit
from flodesk.engine.expected.files import ENDING, beside, flow_of, tests_in
from flodesk.engine.expected.trial import Trial, try_flow


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "path", nargs="*", help="flows, or folders with flows, that are tests (default: the folder tests)"
    )
    environment.add(parser)
    parser.add_argument("--json", action="store_true", help="print how each test went as JSON, one list")


def main(options: argparse.Namespace) -> int:
    """Run the tests and tell how they went."""
    paths = [Path(path) for path in options.path or ["tests"]]
    flows: list[Path] = []
    for path in paths:
        if not path.exists():
            print(f"flodesk test: there is no {path}", file=sys.stderr)
            return Exit.USAGE
        found = list(_flows(path))
        if not found:
            print(
                f"flodesk test: {path} holds no flow that is a test. "
                "Save one with: flodesk run FLOW --save-as-test FOLDER",
                file=sys.stderr,
            )
            return Exit.USAGE
        flows += [flow for flow in found if flow not in flows]
    trials = []
    for flow in flows:
        python = environment.python_of(options.environment, str(flow), "test")
        trials.append(trial := try_flow(flow, python=python))
        if not options.json:
            _tell(trial)
    failed = [trial for trial in trials if not trial.passed]
    if options.json:
        print(json.dumps([asdict(trial) for trial in trials], indent=1))
    else:
        print(f"{len(trials) - len(failed)} passed, {len(failed)} failed" if failed else f"{len(trials)} passed")
    return Exit.FAILED if failed else Exit.OK


def _flows(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from tests_in(path)
    elif path.name.endswith(ENDING):
        yield flow_of(path)
    elif beside(path).exists():
        yield path


def _tell(trial: Trial) -> None:
    if trial.passed:
        nodes = "1 node" if trial.compared == 1 else f"{trial.compared} nodes"
        print(f"passed: {trial.flow} ({nodes})", flush=True)
    else:
        print(f"FAILED: {trial.flow}: {trial.message}", flush=True)

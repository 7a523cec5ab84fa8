"""``flodesk check``: say what is wrong with a flow, without running it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from flodesk.cli.exits import Exit, exit_for
from flodesk.cli.reading import CommandError, problems_of, read_flow, tell


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", nargs="+", help="the flow")
    parser.add_argument("--json", action="store_true", help="print the problems as JSON, one list for all files")


def main(options: argparse.Namespace) -> int:
    """Check each file; the worst of them decides the exit code."""
    worst = Exit.OK
    listed = []
    for file in options.file:
        try:
            problems = problems_of(read_flow(file), file)
        except CommandError as refused:
            worst = max(worst, refused.exit)
            listed.append({"file": file, "severity": "error", "message": "cannot be read", "exit": int(refused.exit)})
            continue
        listed += [{"file": file, **asdict(problem)} for problem in problems]
        if not options.json:
            tell(problems, file)
            print(f"{file}: {_count(len(problems))}")
        worst = max(worst, exit_for(problems))
    if options.json:
        print(json.dumps(listed, indent=1))
    return worst


def _count(number: int) -> str:
    return "no problems" if number == 0 else "1 problem" if number == 1 else f"{number} problems"

"""``flodesk check``: say what is wrong with a flow, without running it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from flodesk.cli import environment
from flodesk.cli.exits import Exit, exit_for
from flodesk.cli.reading import CommandError, fixes, problems_of, read_flow, tell
from flodesk.flow.edit import to_json
from flodesk.flow.fixes import Fix
from flodesk.flow.problem import Problem


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    environment.add(parser)
    parser.add_argument("file", nargs="+", help="the flow")
    parser.add_argument("--json", action="store_true", help="print the problems as JSON, one list for all files")


def main(options: argparse.Namespace) -> int:
    """Check each file; the worst of them decides the exit code."""
    worst = Exit.OK
    listed = []
    for file in options.file:
        try:
            flow = read_flow(file)
            problems = problems_of(flow, file)
        except CommandError as refused:
            worst = max(worst, refused.exit)
            listed.append({"file": file, "severity": "error", "message": "cannot be read", "exit": int(refused.exit)})
            continue
        found = fixes(flow, problems, file)
        if options.json:
            listed += [_plain(file, problem, mends) for problem, mends in zip(problems, found, strict=True)]
        else:
            tell(problems, file, found)
            print(f"{file}: {_count(len(problems))}")
        worst = max(worst, exit_for(problems))
    if options.json:
        print(json.dumps(listed, indent=1))
    return worst


def _plain(file: str, problem: Problem, mends: Sequence[Fix]) -> dict[str, Any]:
    """Return a problem and its fixes as JSON; an edit is what `flodesk.flow.edit.from_json` reads."""
    said = {field: getattr(problem, field) for field in ("severity", "message", "hint", "node", "line", "kind")}
    made = [
        {"kind": fix.kind, "title": fix.title, "edit": to_json(fix.edit) if fix.edit is not None else None}
        for fix in mends
    ]
    return {"file": file, **said, "fixes": made}


def _count(number: int) -> str:
    return "no problems" if number == 0 else "1 problem" if number == 1 else f"{number} problems"

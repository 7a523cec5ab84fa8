"""The file beside a flow that says what the flow is expected to give: ``flow.py`` and ``flow.expected.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flodesk.engine.expected.comparing import RTOL, Tolerance
from flodesk.engine.expected.forms import Form
from flodesk.engine.writable import json_of

ENDING = ".expected.json"
TIMEOUT = 120.0
"""Seconds that a test may take unless its file says otherwise."""


class ExpectedError(ValueError):
    """A file does not say what is expected; the text says why."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a flow is expected to give, and how it is run for that.

    Attributes
    ----------
    nodes : mapping
        The written value (`flodesk.engine.expected.forms`) of each ``function.variable``, in the order of the script.
    left_out : mapping
        Of those that are not compared: why.
    folder : str
        Where the flow's relative files count from, beside this file: ``.`` or ``..``.
    iterations : int
        Each outermost loop ends after so many turns; 0 is no limit.
    timeout : float
        Seconds after which the test has failed.
    settings : mapping
        Parameters that are set before the run: ``function.node.parameter`` to the text of a value.
    """

    nodes: Mapping[str, Form]
    left_out: Mapping[str, str] = field(default_factory=dict)
    folder: str = "."
    iterations: int = 0
    timeout: float = TIMEOUT
    tolerance: Tolerance = field(default_factory=Tolerance)
    settings: Mapping[str, str] = field(default_factory=dict)


def beside(flow: Path) -> Path:
    """Return the file that says what a flow is expected to give."""
    return flow.with_name(flow.stem + ENDING)


def flow_of(expected: Path) -> Path:
    """Return the flow that such a file stands beside."""
    return expected.with_name(expected.name.removesuffix(ENDING) + ".py")


def tests_in(folder: Path) -> Iterator[Path]:
    """Give the flows below a folder beside which stands what is expected of them, by name."""
    hidden = {"__pycache__", ".git", ".venv", "node_modules"}
    for file in sorted(folder.rglob(f"*{ENDING}")):
        if not hidden & set(file.relative_to(folder).parts):
            yield flow_of(file)


def expected_text(file: Path, expected: Expected) -> str:
    """Return what stands in the file."""
    data: dict[str, Any] = {
        "about": f"What {flow_of(file).name} is expected to give. Run it with: flodesk test. Save it anew with: "
        f"flodesk run FLOW --save-as-test {file.parent.name or '.'}",
        "version": 1,
        "folder": expected.folder,
        "iterations": expected.iterations,
        "timeout": expected.timeout,
        "rtol": expected.tolerance.rtol,
        "atol": expected.tolerance.atol,
        "settings": dict(expected.settings),
    }
    lines = [f" {json.dumps(key)}: {json_of(value)}" for key, value in data.items()]
    for key, rows in (("nodes", expected.nodes), ("left_out", expected.left_out)):
        inner = ",\n".join(f"  {json.dumps(name)}: {json_of(value)}" for name, value in rows.items())
        lines.append(f' "{key}": {{\n{inner}\n }}' if rows else f' "{key}": {{}}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_expected(file: Path) -> Expected:
    """Read it.

    Raises
    ------
    ExpectedError
        It is not there, or cannot be understood.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["version"] != 1:
            raise ExpectedError(f"{file} is of version {data['version']}, which this flodesk does not know: update it")
        tolerance = Tolerance(float(data.get("rtol", RTOL)), float(data.get("atol", 0.0)))
        return Expected(
            dict(data["nodes"]),
            dict(data.get("left_out", {})),
            str(data.get("folder", ".")),
            int(data.get("iterations", 0)),
            float(data.get("timeout", TIMEOUT)),
            tolerance,
            {str(name): str(value) for name, value in data.get("settings", {}).items()},
        )
    except ExpectedError:
        raise
    except OSError as error:
        raise ExpectedError(f"{file} cannot be read: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise ExpectedError(f"{file} does not say what is expected: {what}. Save the run as a test anew") from error


__all__ = [
    "ENDING",
    "TIMEOUT",
    "Expected",
    "ExpectedError",
    "beside",
    "expected_text",
    "flow_of",
    "read_expected",
    "tests_in",
]

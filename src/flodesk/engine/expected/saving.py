"""A run is saved as a test: a copy of the flow, what it gave, and a second run to see what chance changes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flodesk.engine.expected.files import Expected, beside, expected_text
from flodesk.engine.expected.forms import Form
from flodesk.engine.expected.replaced import Replaced
from flodesk.engine.expected.trial import Giving, try_flow
from flodesk.flow.model import Flow
from flodesk.flow.script import write

CHANCE = "it came out differently in a second run"
"""Why a node is left out whose type does not say that it is random."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a run has given, and how it was run.

    Attributes
    ----------
    nodes, left_out : mapping
        As `flodesk.engine.expected.taking` takes them.
    iterations : int
        After so many turns each outermost loop was ended; 0 is no limit.
    settings : mapping
        What was set before it: ``function.node.parameter`` to the text of a value.
    """

    nodes: Mapping[str, Form]
    left_out: Mapping[str, str]
    iterations: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """How it went.

    Attributes
    ----------
    target : Path
        The copy of the flow, which is a test now.
    expected : Expected
        What is expected of it.
    fails : str
        Why the second run did not end as the first; empty if it did.
    given_up : bool
        It was given up: the files are as they were before, but for what somebody else has changed meanwhile.
    """

    target: Path
    expected: Expected
    fails: str = ""
    given_up: bool = False


def save_test(
    flow: Flow, given: Given, source: Path, target: Path, giving: Giving | None = None, python: str = ""
) -> Saved:
    """Write the flow's copy and what is expected of it, and try that out: what differs already is left out.

    Parameters
    ----------
    source : Path
        Where the flow stands that has run: its relative files count from there.
    target : Path
        The copy. What stands there is written over, unless it is the flow itself.
    giving : Giving, optional
        By which the second run can be given up.
    python : str
        The interpreter of the environment that the second run is in; empty is this one.

    Raises
    ------
    OSError, ValueError
        It cannot be written: the files are as they were before.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(os.path.relpath(source.resolve().parent, target.parent.resolve())).as_posix()
    expected = Expected(given.nodes, given.left_out, folder, given.iterations, settings=given.settings)
    contents = {beside(target): expected_text(beside(target), expected).encode()}
    if not same_file(target, source):  # else it is left alone: whoever works on the flow may save it meanwhile
        contents[target] = write(flow).encode(flow.encoding)
    files = Replaced()
    try:
        files.put(contents)
        trial = try_flow(target, giving=giving, python=python)
        if giving is not None and giving.up:
            files.take_back()
            return Saved(target, expected, given_up=True)
        if trial.passed:
            return Saved(target, expected)
        if not trial.differing:
            return Saved(target, expected, trial.message)
        expected = replace(
            expected,
            nodes={name: form for name, form in expected.nodes.items() if name not in trial.differing},
            left_out={**expected.left_out, **dict.fromkeys(trial.differing, CHANCE)},
        )
        files.put({beside(target): expected_text(beside(target), expected).encode()})
    except BaseException:
        files.take_back()
        raise
    return Saved(target, expected)


def taken_by_other(target: Path, source: Path) -> bool:
    """Say whether a file of that name is there that is no test, nor the flow itself: it is not written over."""
    return target.exists() and not beside(target).exists() and not same_file(target, source)


def same_file(first: Path, second: Path) -> bool:
    """Say whether two names are of one file that is there."""
    return first.exists() and second.exists() and first.samefile(second)


__all__ = ["CHANCE", "Given", "Saved", "same_file", "save_test", "taken_by_other"]

"""A failure is told with its line as the open flow has it, and finding that out writes no whole flow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from flodesk.engine.events import Failure
from flodesk.engine.load import UNSAVED
from flodesk.flow.document import Document
from flodesk.flow.edit import SetParameter
from flodesk.flow.model import Literal
from flodesk.flow.script import read, write
from flodesk.ui.failing_line import line_now, unsaved

TEXT = """\
import flodesk
from flodesk.nodes import maths, timing


def part(x: float):
    inner = maths.scale(x, factor=2.0)
    return inner


def flow():
    a = maths.scale(1.0, factor=2.0)
    b = maths.scale(
        a,
        factor=3.0,
    )  # in lines
    for k in timing.count(3):
        c = part(k)
    if a > 1:
        d = b
    elif b > 7:
        d = a
    rows = []; rows.append(a); rows.append(b)
    e, f = divmod(
        7, 2)
"""


def document(text: str) -> Document:
    made = Document()
    made.flow = read(text)
    return made


def failure(node: str, code: str, file: str = UNSAVED) -> Failure:
    return Failure(node, "ValueError", "no", file, 1, code)


@pytest.mark.parametrize(
    ("node", "told", "now"),
    [
        ("flow.a", "    a = maths.scale(1.0, factor=1.0)", "a = maths.scale(1.0, factor=2.0)"),
        ("flow.b", "    b = maths.scale(", "b = maths.scale("),
        ("flow.b", "        factor=9.0,", ""),
        ("flow.k", "    for k in timing.count(9):", "for k in timing.count(3):"),
        ("part.inner", "    inner = maths.scale(x, factor=9.0)", "inner = maths.scale(x, factor=2.0)"),
        ("flow.if_1", "    elif b > 7:", "elif b > 7:"),
        ("flow.a", "    a = maths.other(1.0)", ""),
        ("flow.gone", "    gone = maths.scale(1.0)", ""),
        ("", "import nowhere", ""),
        ("flow.a", "", ""),
    ],
)
def test_the_line_is_that_of_the_open_flow_if_it_is_the_same_statement(node: str, told: str, now: str) -> None:
    assert line_now(document(TEXT), failure(node, told)) == now


def test_a_line_of_another_file_is_left_as_it_was_told() -> None:
    told = failure("flow.a", "    a = maths.scale(1.0, factor=1.0)", "/somewhere/else.py")
    assert line_now(document(TEXT), told) == ""


def test_an_edited_literal_is_in_the_line() -> None:
    opened = document(TEXT)
    opened.do(SetParameter("flow", "a", "factor", Literal("-1.5"), None))
    told = failure("flow.a", "    a = maths.scale(1.0, factor=2.0)")
    assert line_now(opened, told) == "a = maths.scale(1.0, factor=-1.5)"


def test_a_number_of_a_line_counts_in_the_text_that_ran(tmp_path: Path) -> None:
    opened = document(TEXT)
    own = failure("flow.a", "    a = maths.scale(1.0, factor=2.0)", str(tmp_path / "own.py"))
    assert not unsaved(opened, own), "it has no file yet"
    opened.save(tmp_path / "own.py")
    assert not unsaved(opened, own)
    opened.do(SetParameter("flow", "a", "factor", Literal("-1.5"), None))
    assert unsaved(opened, own)
    assert not unsaved(opened, failure("flow.a", "x", str(tmp_path / "other.py")))
    opened.save()
    assert not unsaved(opened, own)


def calls_of(do: Callable[[], Any]) -> int:
    """Count the calls of Python functions: the same on every machine."""
    count = 0

    def note(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(None)
    return count


def test_two_hundred_failures_cost_less_than_writing_the_flow_once() -> None:
    body = "".join(f"    n{k} = maths.scale({k}.0, factor=2.0)\n" for k in range(2_000))
    opened = document(f"from flodesk.nodes import maths\n\n\ndef flow():\n{body}")
    opened.do(SetParameter("flow", "n7", "factor", Literal("3.0"), None))
    told = failure("flow.n7", "    n7 = maths.scale(7.0, factor=2.0)")
    assert line_now(opened, told) == "n7 = maths.scale(7.0, factor=3.0)"  # and the index of the flow is made
    writing = calls_of(lambda: write(opened.flow))
    telling = calls_of(lambda: [line_now(opened, told) for _ in range(200)])
    assert telling < writing

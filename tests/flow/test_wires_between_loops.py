"""A wire from one loop to another moves nothing out of its own loop: it is refused, or the flow gives what it gave."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
HEAD = """\
import flodesk
from flodesk.nodes import maths, timing

OUT = []


def keep(v):
    OUT.append(float(v))
    return v


def sub(p: float, q: float = 1.0) -> float:
    return p - q


def flow():
"""
FIRST = "    for t in timing.count(2):\n        v5 = sub(t)\n"
FEEDBACK = (
    "    total = 0.0\n"
    "    for u in timing.count(3):\n"
    "        v8 = maths.add(total, 1.0)\n"
    "        total = v8\n"
    "    keep(total)\n"
)


def flow_of(body: str) -> Flow:
    return read(f'{HEAD}{body}\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n')


def connect(flow: Flow, source: tuple[str, str], target: tuple[str, str]) -> Flow:
    edit = wiring.connect(flow, picture(flow, CATALOG.with_flow(flow), "flow"), source, target)
    made, back = edit.apply(flow)
    assert read(write(made)) == made
    assert write(back.apply(made)[0]) == write(flow)
    return made


def given(flow: Flow) -> list[float]:
    """Run the script as Python; return what was kept."""
    space: dict[str, Any] = {"__name__": "run"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(write(flow), "run", "exec"), space)
        space["flow"]()
    found: list[float] = space["OUT"]
    return found


@pytest.mark.parametrize(
    ("body", "target", "words"),
    [
        pytest.param(FIRST + FEEDBACK, "values[0]", "“v8” is in the loop of “u”", id="start-between"),
        pytest.param(FIRST + FEEDBACK, "values[1]", "“v8” is in the loop of “u”", id="beside-the-feedback"),
        pytest.param(
            "    total = 0.0\n" + FIRST + FEEDBACK.partition("\n")[2], "values[0]", "“v8” is in", id="start-above"
        ),
        pytest.param(FEEDBACK + FIRST, "values[0]", "“v8” is in the loop of “u”", id="source-below"),
        pytest.param(
            FIRST + "    for u in timing.count(3):\n        v8 = maths.add(u, 1.0)\n        keep(v8)\n    keep(5)\n",
            "values[0]", "“v8” is in the loop of “u”", id="what-acts",
        ),
        pytest.param(
            FEEDBACK.replace("    keep(total)\n", "") + "        for t in timing.count(2):\n            v5 = sub(t)\n",
            "values[0]", "The next value of “total” is given in the loop of “u”", id="loop-inside",
        ),
        pytest.param(
            FIRST + "    v8 = maths.add(1.0)\n    total = 0.0\n    for u in timing.count(3):\n        total = v8\n",
            "values[0]", "The next value of “total” is given in the loop of “u”", id="comes-along",
        ),
        pytest.param(
            FIRST + "    v8 = maths.add(1.0)\n    for u in timing.count(3):\n        keep(v8)\n",
            "values[0]", "is in the loop of “u”", id="acts-and-comes-along",
        ),
    ],
)  # fmt: skip
def test_nothing_leaves_its_own_loop(body: str, target: str, words: str) -> None:
    with pytest.raises(wiring.Refused, match=f"{words}.*collector into the loop of “t”"):
        connect(flow_of(body), ("v5", ""), ("v8", target))


def test_a_loop_with_feedback_does_not_go_where_its_start_is_not_made_anew() -> None:
    with pytest.raises(wiring.Refused, match=r"next value of “total”.*start value that stays"):
        connect(flow_of(FIRST.replace("sub(t)", "int(t)") + FEEDBACK), ("t", ""), ("u", "number"))


def test_an_arm_takes_nothing_out_of_its_loop() -> None:
    arm = "    if OUT:\n        v5 = sub(1.0)\n"
    flow = flow_of(arm + FEEDBACK)
    for source in (("v5", ""), ("if_1", "arm[0]")):
        with pytest.raises(wiring.Refused, match=r"“v8” is in the loop of “u”.*those of the other arms"):
            connect(flow, source, ("v8", "values[0]"))


def test_the_same_loop_and_what_is_around_it_may_be_read() -> None:
    flow = flow_of("    one = sub(3.0)\n" + FEEDBACK.replace("        total", "        w = sub(u)\n        total"))
    for source in (("one", ""), ("w", "")):
        made = connect(flow, source, ("v8", "values[1]"))
        assert given(flow) == [3.0]
        assert given(made) == [6.0 if source[0] == "one" else 0.0]


def test_what_stands_in_no_loop_moves_into_that_of_its_source_and_feedback_beside_it_stays() -> None:
    flow = flow_of(FIRST + FEEDBACK + "    last = sub(1.0)\n    keep(last)\n")
    assert given(flow) == [3.0, 0.0]
    assert given(connect(flow, ("v5", ""), ("last", "p"))) == [-2.0, -1.0, 3.0]


def test_a_next_value_may_be_wired_from_a_loop_further_in() -> None:
    body = FEEDBACK.replace("    keep(total)\n", "        for t in timing.count(2):\n            v5 = sub(t, -5.0)\n")
    made = connect(flow_of(body + "    keep(total)\n"), ("v5", ""), ("total", "next"))
    assert given(made) == [6.0]


TURN = (
    "    total = 0.0\n    for t in timing.count(3):\n        v8 = maths.add(total, 1.0)\n        x = maths.add(total)\n"
    "        total = v8\n        y = keep(total)\n        w = sub(t, -1.0)\n"
)


def test_what_reads_feedback_reads_that_of_its_turn_when_its_lines_move() -> None:
    flow = flow_of(TURN)
    assert given(flow) == [1.0, 2.0, 3.0]
    made = connect(flow, ("w", ""), ("v8", "values[1]"))
    assert given(made) == [1.0, 3.0, 6.0], "y still reads what v8 gave in this turn"
    kept = flow_of(TURN + "        keep(x)\n")
    assert given(kept) == [1.0, 0.0, 2.0, 1.0, 3.0, 2.0]
    after = connect(kept, ("w", ""), ("x", "values[1]"))
    assert given(after) == [1.0, 1.0, 2.0, 3.0, 3.0, 5.0], "x still reads what total was before"


def test_a_ring_within_one_turn_is_refused_by_way_of_feedback_too() -> None:
    with pytest.raises(wiring.Refused, match="circle"):
        connect(flow_of(TURN), ("y", ""), ("v8", "values[1]"))

"""Changes that meet a loop in an awkward moment: inside another loop, or taken before its producer noticed."""

from __future__ import annotations

import sys

import pytest

from flodesk.engine.control import Control
from flodesk.engine.errors import Renew
from flodesk.engine.headless import run
from flodesk.engine.load import MODULE_NAME

NESTED = """
import flodesk
from flodesk.nodes import maths, timing


def twice():
    yield 1
    yield 2


def flow():
    for outer in twice():
        for tick in timing.every(0.01):
            a = maths.add(tick, 1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_changed_flow_that_has_to_wait_for_the_outer_loop_says_so(here) -> None:
    here.engine.watch({"flow.a"}, set())
    here.start(NESTED)
    here.until(lambda: here.value("flow.a"))
    here.engine.swap(NESTED.replace("maths.add(tick, 1)", "maths.add(tick, 1, 1)"))
    here.until(here.lines)
    before = here.value("flow.a")
    here.until(lambda: here.value("flow.a") > before + 5)
    here.stop()
    assert [(line.node, line.level) for line in here.lines()] == [("flow.outer", "info")]
    assert "at the next turn of this loop" in here.lines()[0].text


def test_a_producer_starts_anew_once_for_a_change() -> None:
    control = Control()
    control.change("a", lambda: True)
    assert control.take() == ({"a"}, None)
    control.waiting = "loop"
    control.check()
    control.change("a", lambda: True)
    with pytest.raises(Renew):
        control.check()


def test_a_parameter_that_a_node_with_open_inputs_does_not_have_is_refused() -> None:
    text = NESTED.replace("timing.every(0.01)", "timing.count(2)")
    result = run(text, settings={"a.nonsense": "3"})
    assert result.reason == "failed"
    assert "flow.a has no parameter “nonsense”" in result.message


MENDED = """
import flodesk
from flodesk.nodes import maths, timing
{above}

def half(value):
    if value > {limit}:
        raise ValueError("too big")
    return value / 2


class Meter:
    def __call__(self, value):
        return half(value)


def flow():
    limit = 1.0
    meter = Meter()
    for tick in timing.every(0.01):
        shown = meter(tick)
        a = maths.add(tick, {added})


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_after_a_change_a_failure_names_the_lines_and_the_file_of_now(here, tmp_path) -> None:
    """What stands at module level lives on, but lines have come above it, and the file has moved."""
    here.engine.watch({"flow.a"}, set())
    here.start(MENDED.format(above="", limit=60, added=1), str(tmp_path / "old.py"))
    here.until(lambda: here.value("flow.a"))
    text = MENDED.format(above="# a line\n# and one more\n\n", limit=60, added=1000)
    here.engine.swap(text, str(tmp_path / "new.py"))
    here.until(lambda: here.value("flow.a") > 1000)
    here.until(lambda: not here.engine.running)
    failure = here.failures[0]
    assert (failure.node, failure.code) == ("flow.shown", 'raise ValueError("too big")')
    assert failure.line == next(n for n, line in enumerate(text.splitlines(), 1) if "raise ValueError" in line)
    assert failure.file == str(tmp_path / "new.py")
    assert "old.py" not in failure.traceback


def test_a_flow_that_is_saved_elsewhere_reads_files_from_there(here, tmp_path) -> None:
    text = NESTED.replace("maths.add(tick, 1)", 'where("data.csv")').replace(
        "def flow", "def where(name):\n    return str(flodesk.context().path(name))\n\n\ndef flow"
    )
    here.engine.watch({"flow.a"}, set())
    here.start(text, str(tmp_path / "one" / "flow.py"))
    here.until(lambda: here.value("flow.a") == str(tmp_path / "one" / "data.csv"))
    here.engine.swap(text, str(tmp_path / "two" / "flow.py"))
    here.until(lambda: here.value("flow.a") == str(tmp_path / "two" / "data.csv"))
    here.stop()


MADE_IN_A_TURN = """
import flodesk


class Sum:
    def __init__(self, start=0):
        self.sum = start

    def __call__(self, x):
        self.sum += x
        return self.sum


seen = []


def told(x):
    return x


def flow():
    for k in range(3):
        now = told(k)
        m = Sum(start=1)
        a = m(10)
        for i in range(2):
            b = m(i)
        c = seen.append(b)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_an_object_that_was_made_after_the_change_is_not_made_anew_at_the_turn_of_a_loop_below_it(here) -> None:
    here.engine.set_breaks({"flow.now": "k == 1"})
    here.start(MADE_IN_A_TURN)
    here.until(lambda: here.engine.held)
    here.engine.set_parameter("flow.m", "start", "100")
    here.engine.resume()
    assert here.wait().reason == "succeeded"
    assert sys.modules[MODULE_NAME].__dict__["seen"] == [12, 111, 111]
    assert not here.lines(), "nothing was made anew"

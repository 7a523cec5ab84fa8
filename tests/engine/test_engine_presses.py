"""A press of a button is read by exactly one call of its node, at any rate, held or not, above a loop and in it."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.engine.events import Paused, Released

FLOW = """
import flodesk
from flodesk.nodes import control, timing


class Tally:
    def __init__(self):
        self.turns = []

    def __call__(self, pressed, n):
        self.turns += [n] if pressed else []
        return list(self.turns)


def turns(period):
    n = 0
    for _ in timing.every(period):
        yield n
        n += 1


def flow():
{above}    tally = Tally()
    for n in turns({period}):
{inside}        seen = tally(fire, n)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def flow(period: float, *, above: str = "", inside: str = "fire = control.button()") -> str:
    shown = "".join(f"    {line}\n" for line in above.splitlines())
    body = "".join(f"        {line}\n" for line in inside.splitlines())
    return FLOW.format(period=period, above=shown, inside=body)


def released(placed: Any) -> list[Released]:
    return [event for event in placed.events if isinstance(event, Released)]


def count(placed: Any) -> int:
    state = placed.engine.states().get("flow.seen")
    return state.count if state is not None else 0


def begin(placed: Any, text: str) -> None:
    placed.engine.watch({"flow.seen"}, set())
    placed.start(text)
    placed.until(lambda: count(placed) > 1)


def press_and_wait(placed: Any, times: int, *, turns: int = 3) -> list[int]:
    """Press so many times, each after the one before was read, and return the turns that read True."""
    for number in range(times):
        placed.engine.press("flow.fire", "pressed")
        placed.until(lambda n=number: len(released(placed)) > n)
    return newest(placed, turns)


def newest(placed: Any, turns: int = 3) -> list[int]:
    """Return which turns read True, some turns later."""
    then = count(placed)
    placed.until(lambda: count(placed) > then + turns)
    # the sample after the next one was looked at after these turns
    for _ in range(2):
        sample = placed.until(lambda: placed.engine.values().get("flow.seen"))
        placed.until(lambda s=sample: placed.engine.values()["flow.seen"].sequence > s.sequence)
    return placed.value("flow.seen")


@pytest.mark.parametrize(("period", "times"), [(0.001, 20), (0.01, 8), pytest.param(1.0, 2, marks=pytest.mark.long)])
def test_each_press_is_read_in_exactly_one_turn(placed: Any, period: float, times: int) -> None:
    begin(placed, flow(period))
    seen = press_and_wait(placed, times, turns=3 if period < 1 else 1)
    assert len(seen) == len(set(seen)) == times
    assert {(e.node, e.parameter, e.stays) for e in released(placed)} == {("flow.fire", "pressed", False)}
    assert placed.stop().reason == "stopped"


@pytest.mark.parametrize(
    "button",
    ["control.button(False)", "control.button(pressed=False)", 'control.button(False, "latch")',
     'control.button(action="latch", label="Fire")'],
)  # fmt: skip
def test_however_the_call_is_written(here: Any, button: str) -> None:
    begin(here, flow(0.002, inside=f"fire = {button}"))
    assert len(press_and_wait(here, 3)) == 3


def test_a_button_above_the_loop_holds_for_one_turn(placed: Any) -> None:
    begin(placed, flow(0.005, above="fire = control.button()", inside=""))
    seen = press_and_wait(placed, 5)
    assert len(seen) == len(set(seen)) == 5


def test_what_is_computed_from_it_above_the_loop_holds_for_one_turn_too(here: Any) -> None:
    text = flow(0.005, above="once = control.button()\nfire = bool(once)", inside="")
    begin(here, text)
    here.engine.press("flow.once", "pressed")
    here.until(lambda: released(here))
    assert len(newest(here)) == 1


def test_a_press_across_a_pause_is_read_once_after_it(placed: Any) -> None:
    begin(placed, flow(0.005))
    placed.engine.pause()
    placed.until(lambda: placed.engine.held)
    before = count(placed)
    placed.engine.press("flow.fire", "pressed")
    placed.engine.press("flow.fire", "pressed")
    assert not released(placed)
    assert count(placed) == before
    placed.engine.resume()
    placed.until(lambda: released(placed))
    assert len(newest(placed)) == 1
    assert len(released(placed)) == 1, "who presses a button that is down presses nothing"


def test_a_press_at_a_breakpoint_before_it_is_read_in_that_turn(placed: Any) -> None:
    begin(placed, flow(0.005))
    placed.engine.set_breaks({"flow.fire": ""})
    held: Paused = placed.until(lambda: placed.engine.held.get("flow"))
    placed.engine.press("flow.fire", "pressed")
    placed.engine.set_breaks({})
    placed.engine.resume()
    placed.until(lambda: released(placed))
    assert newest(placed) == [held.iteration - 1]


def test_a_press_waits_for_an_arm_that_is_not_taken_and_ends_with_the_run(placed: Any) -> None:
    inside = "fire = False\nif n < 0:\n    once = control.button()\n    fire = bool(once)"
    begin(placed, flow(0.002, inside=inside))
    placed.engine.press("flow.once", "pressed")
    assert newest(placed) == []
    assert not released(placed)
    placed.stop()
    assert [e.node for e in released(placed)] == ["flow.once"]


def test_a_button_in_a_subflow_is_read_by_one_of_its_calls(here: Any) -> None:
    text = flow(0.002, inside="fire = inner(n)").replace(
        "def flow():",
        "def inner(n):\n    fire = control.button()\n    out = bool(fire)\n    return out\n\n\ndef flow():",
    )
    begin(here, text)
    for number in range(3):
        here.engine.press("inner.fire", "pressed")
        here.until(lambda n=number: len(released(here)) > n)
    assert len(newest(here)) == 3


def test_a_press_survives_a_change_of_the_flow(here: Any) -> None:
    inside = "fire = False\nif n > 20:\n    once = control.button()\n    fire = bool(once)"
    begin(here, flow(0.01, inside=inside))
    here.engine.press("flow.once", "pressed")
    here.engine.swap(flow(0.01, inside=f"{inside}\nmore = n"))
    here.until(lambda: released(here))
    assert len(newest(here)) == 1


def test_without_a_loop_it_is_set_and_stays_until_it_is_taken_back(placed: Any) -> None:
    text = "import flodesk\nfrom flodesk.nodes import control\n\n\ndef flow():\n    fire = control.button()\n"
    text += '    out = int(fire)\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
    placed.engine.watch({"flow.out"}, set())
    placed.run(text)
    assert placed.until(lambda: placed.engine.values().get("flow.out")).value == 0
    placed.engine.press("flow.fire", "pressed")
    placed.until(lambda: placed.value("flow.out") == 1)
    placed.until(lambda: released(placed))  # the value may be there first
    assert [event.stays for event in released(placed)] == [True]
    placed.engine.set_parameter("flow.fire", "pressed", "False")
    placed.until(lambda: placed.value("flow.out") == 0)


def test_where_nothing_runs_a_press_is_over_at_once(placed: Any) -> None:
    placed.engine.open(flow(0.01))
    placed.engine.press("flow.fire", "pressed")
    placed.until(lambda: released(placed))
    assert [(event.node, event.stays) for event in released(placed)] == [("flow.fire", False)]
    begin(placed, flow(0.01))
    assert placed.until(lambda: placed.engine.values().get("flow.seen")).value == []


def test_a_press_that_comes_while_the_flow_is_loaded_is_read(here: Any) -> None:
    here.engine.watch({"flow.seen"}, set())
    here.engine.open(flow(0.002))
    here.engine.start()
    here.engine.press("flow.fire", "pressed")
    here.until(lambda: released(here))
    assert len(newest(here)) == 1


MARKED = """
import flodesk
from typing import Annotated
from flodesk import Press
from flodesk.nodes import timing


class Tape:
    def __init__(self):
        self.cuts = []

    def __call__(self, *values, cut: Annotated[bool, Press()] = False, gain=1.0):
        self.cuts += [values] if cut else []
        return list(self.cuts)


def split(number, cut: Annotated[bool, Press()] = False, more=0):
    return (number, more) if cut else None


def flow():
    tape = Tape()
    for n in timing.every(0.002):
        seen = tape(n, n, gain=2.0)
        cut = split(n, False, 7)
        kept = tape(cut)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_any_parameter_that_is_marked_is_pressed_for_one_call_also_of_an_object(placed: Any) -> None:
    begin(placed, MARKED)
    for number in range(3):
        placed.engine.press("flow.seen", "cut")
        placed.until(lambda n=number: len(released(placed)) > n)
    cuts = newest(placed)
    assert len(cuts) == 3
    assert all(a == b for a, b in cuts), "all other arguments stay as they are"
    assert [(event.node, event.parameter) for event in released(placed)] == [("flow.seen", "cut")] * 3
    assert not any(event.stays for event in released(placed))
    placed.engine.watch({"flow.cut"}, set())
    placed.engine.press("flow.cut", "cut")
    placed.until(lambda: len(released(placed)) == 4)
    placed.engine.press("flow.seen", "gain")
    placed.until(lambda: len(released(placed)) == 5)
    assert released(placed)[-1].stays, "what is not marked is nothing to press"
    placed.stop()

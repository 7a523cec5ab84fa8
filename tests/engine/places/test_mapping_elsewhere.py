"""A call for each item in the place `process`: on all workers, with values, order and errors of the script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from flodesk.engine.events import LogLine, NodeFailed
from flodesk.engine.places.known import Places
from flodesk.engine.places.spread import IN_ORDER, SHARES
from flodesk.engine.run import Run
from flodesk.engine.table import Table, items_of

TEXT = """# /// script
# [tool.flodesk]
# version = 1
# [tool.flodesk.places.flow]
# a = "process"
# [tool.flodesk.process]
# cpus = 2
# ///
import os
import time
import flodesk
import numpy

SEEN = []
FACTORS = [2.0]


def pid(x, seconds=0.01):
    time.sleep(seconds)
    return os.getpid()


def scaled(x):
    time.sleep(0.01)
    return os.getpid(), x * FACTORS[0]


def halved(x, pids):
    time.sleep(0.01)
    return os.getpid(), str(type(x)), float(numpy.sum(x)) / 2


@flodesk.node(pure=False)
def shouted(x):
    return pid(x)


def root(x, seconds=0.0):
    time.sleep(seconds)
    if x < 0:
        raise ValueError(f"{x} has no root")
    return x**0.5


def listed(n):
    return list(range(n))


def tell(value):
    SEEN.append(value)


def turns(n):
    yield from range(n)


def flow():
BODY

if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def places() -> Iterator[Places]:
    made = Places()
    yield made
    made.close()


class Made:
    """A run that is over."""

    def __init__(self, places: Places, *lines: str, header: str = '# a = "process"', place: str = "local") -> None:
        body = "\n".join(f"    {line}" for line in lines)
        self.text = TEXT.replace("BODY", body).replace('# a = "process"', header)
        self.events: list[Any] = []
        table = Table(memoryview(bytearray(1 << 16)))
        self.run = Run("run", self.text, "", emit=self.events.append, table=table, places=places, place=place)
        self.run.start()
        assert self.run.join(60)
        self.report = self.run.report

    @property
    def seen(self) -> list[Any]:
        assert self.report.reason == "succeeded", self.report.message
        assert self.run.loaded is not None
        found: list[Any] = self.run.loaded.namespace["SEEN"]
        return found

    def plain(self) -> list[Any]:
        space: dict[str, Any] = {"__name__": "plain"}
        exec(compile(self.text, "plain", "exec"), space)
        space["flow"]()
        found: list[Any] = space["SEEN"]
        return found

    def told(self) -> tuple[int, int]:
        runner = self.run.runners["flow"]
        return items_of(runner.cells[runner.plan.items["a"].cell + 2])

    def in_order(self) -> list[tuple[str, str, str]]:
        lines = [event for event in self.events if isinstance(event, LogLine) and event.text.startswith(IN_ORDER)]
        return [(line.node, line.level, line.text.removeprefix(f"{IN_ORDER}: ")) for line in lines]


def each(call: str, how: str) -> str:
    return f"a = flodesk.each(lambda x: {call}, r, on_item_error={how!r})"


def test_all_workers_take_part_and_values_come_in_the_order_of_the_items(places: Places) -> None:
    made = Made(places, f"r = list({(*range(40),)})", "a = [pid(x) for x in r]", "tell(a)")
    (found,) = made.seen
    assert len(found) == 40
    assert len(set(found)) == 2, "two processes"
    assert made.told() == (40, 40)
    for count in (0, 1, 2, SHARES, 3 * SHARES + 1):
        made = Made(places, f"r = list({(*range(count),)})", "a = [root(x) for x in r]", "tell(a)")
        assert made.seen == made.plain() == [[k**0.5 for k in range(count)]]
    made = Made(places, "for k in turns(4):", "    r = list((k, k + 1))", "    a = [root(x) for x in r]", "    tell(a)")
    assert made.seen == made.plain()
    made = Made(places, "r = dict([(1, 2), (4, 5)])", "a = [root(x) for x in r]", "tell(a)")
    assert made.seen == [[1.0, 2.0]], "what cannot be cut goes as a whole"


@pytest.mark.parametrize(
    ("made", "given"),
    [
        ("r = numpy.linspace(0.0, 1.0, 40)", "r"),
        ("r = numpy.ones((40, 3))", "r"),
        ("r = range(40)", "r"),
        ("", str([*range(40)])),
        ("", str((*range(40),))),
    ],
)
def test_arrays_ranges_and_typed_lists_go_to_all_workers(places: Places, made: str, given: str) -> None:
    lines = [*([made] if made else []), f"a = [halved(x, pids=0) for x in {given}]", "tell(a)"]
    there = Made(places, *lines)
    (found,), (plain,) = there.seen, there.plain()
    assert len({pid for pid, _, _ in found}) == 2, "two processes"
    assert [value[1:] for value in found] == [value[1:] for value in plain]
    assert not there.in_order()


def test_a_typed_list_is_whole_again_where_it_is_cheap_and_where_it_changes(places: Places) -> None:
    typed = str([*range(40)])
    made = Made(places, "for k in turns(4):", f"    a = [root(x, seconds=0.0) for x in {typed}]", "    tell(a)")
    assert made.seen == made.plain()
    made = Made(places, f"a = [halved(x, pids=y) for x, y in zip({typed}, range(40), strict=True)]", "tell(a)")
    assert [value[1:] for value in made.seen[0]] == [value[1:] for value in made.plain()[0]]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a = [shouted(x) for x in r]", "it says that it is not pure"),
        ("a = [scaled(x) for x in r]", "it reads “FACTORS” at the top of the flow's file, which can change (hand"),
        ("a = [halved(x, pids=r) for x in r]", "what it is mapped over is a part of a value, or is given to it whole,"),
    ],
)
def test_items_that_stay_in_order_say_once_why(places: Places, line: str, why: str) -> None:
    made = Made(places, f"r = list({(*range(8),)})", "for k in turns(3):", f"    {line}")
    ((node, level, said),) = made.in_order()
    assert (node, level) == ("flow.a", "info")
    assert said.startswith(why)
    one = Made(places, "r = list((1,))", "a = [shouted(x) for x in r]")
    assert not one.in_order(), "one item has no order"


@pytest.mark.parametrize(("given", "kind"), [("dict([(1, 2), (4, 5)])", "dict"), ("frozenset((1, 4))", "frozenset")])
def test_what_is_no_list_goes_whole_and_the_log_says_so(places: Places, given: str, kind: str) -> None:
    made = Made(places, f"r = {given}", "a = [root(x) for x in r]", "tell(a)")
    assert made.seen == [[1.0, 2.0]]
    assert made.in_order() == [("flow.a", "info", f"what it is mapped over is of the type {kind}, and not a list")]


def test_an_array_without_items_is_the_scripts_error(places: Places) -> None:
    made = Made(places, "r = numpy.array(4.0)", "a = [root(x) for x in r]")
    (failed,) = [event.failure for event in made.events if isinstance(event, NodeFailed)]
    assert (failed.node, failed.type) == ("flow.a", "TypeError")


def test_a_mapped_call_among_others_that_were_sent_there_by_name_says_so(places: Places) -> None:
    lines = (f"r = list({(*range(8),)})", "a = [pid(x) for x in r]", "b = pid(a)")
    made = Made(places, *lines, header='# a = "process"\n# b = "process"')
    ((node, _, said),) = made.in_order()
    assert node == "flow.a"
    assert said == "it goes to its place together with its neighbours; let these run elsewhere (flow.b)"


def test_a_mapped_call_is_spread_among_others_where_all_that_can_run_there(places: Places) -> None:
    lines = ("r = listed(40)", "a = [pid(x) for x in r]", "b = listed(len(a))", "tell(a)")
    made = Made(places, *lines, header="#", place="process")
    (found,) = made.seen
    assert len(found) == 40
    assert len(set(found)) == 2, "two processes"
    assert not made.in_order()


def test_items_that_fail_keep_their_numbers_and_the_first_error_is_the_scripts(places: Places) -> None:
    items = [k if k % 9 else -k - 1 for k in range(50)]
    text = "6 of 50 items failed and were left out: 1, 10, 19, 28, 37, 46 (item 1: ValueError: -1 has no root)"
    for how in ("skip", "collect"):
        made = Made(places, f"r = list({tuple(items)})", each("root(x, seconds=0.001)", how), "tell(a)")
        assert made.seen == made.plain()
        assert [e.text for e in made.events if isinstance(e, LogLine) and "failed" in e.text] == [text]
        assert made.told() == (44, 50)
    items = [4] * 60
    items[37], items[58] = -2, -1
    made = Made(places, f"r = list({tuple(items)})", "a = [root(x, seconds=0.002) for x in r]")
    (failed,) = [event.failure for event in made.events if isinstance(event, NodeFailed)]
    assert (failed.node, failed.type, failed.message) == ("flow.a", "ValueError", "item 38 of 60: -2 has no root")
    assert [name for name, _ in failed.inputs] == ["x", "seconds"]
    assert "60" in failed.inputs[0][1], "of what it was given it says the list, and not the share"

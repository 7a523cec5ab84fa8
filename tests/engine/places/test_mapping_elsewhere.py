"""A call for each item in the place `process`: on all workers, with values, order and errors of the script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from flodesk.engine.events import LogLine, NodeFailed
from flodesk.engine.places.known import Places
from flodesk.engine.places.spread import SHARES
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

SEEN = []


def pid(x, seconds=0.01):
    time.sleep(seconds)
    return os.getpid()


def root(x, seconds=0.0):
    time.sleep(seconds)
    if x < 0:
        raise ValueError(f"{x} has no root")
    return x**0.5


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

    def __init__(self, places: Places, *lines: str) -> None:
        self.text = TEXT.replace("BODY", "\n".join(f"    {line}" for line in lines))
        self.events: list[Any] = []
        table = Table(memoryview(bytearray(1 << 16)))
        self.run = Run("run", self.text, "", emit=self.events.append, table=table, places=places)
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

"""Which values are of an earlier run, or of the flow before a change; and when a run began, from its name."""

from __future__ import annotations

import time

import pytest

from flodesk.engine.client import NodeState
from flodesk.engine.ids import begun, new_part, new_run
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, picture
from flodesk.flow.script import read
from flodesk.ui.earlier import GLANCE, Earlier, delivered, when
from flodesk.ui.signatures import Signatures

CATALOG = Catalog.builtin()
TEXT = """\
from flodesk.nodes import maths, show


def flow():
    a = maths.add(1.0, 2.0)
    b = maths.scale(a, factor=2.0)  # a note
    c = maths.scale(b, factor=3.0)
    d = maths.add(4.0, 5.0)
    shown = show.number(c)
"""


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def graph(text: str = TEXT) -> Graph:
    return picture(read(text), CATALOG, "flow")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ages(clock: Clock) -> Earlier:
    """All values of the flow are shown, of one run."""
    made = Earlier(clock)
    made.follow(lambda: (graph(),))
    made.look_back(new_run())
    for number, name in enumerate("abcd", 1):
        made.show(f"flow.{name}", number)
    clock.now += 1
    assert made.look_back(made.run) == set()
    return made


def names(ages: Earlier) -> str:
    return "".join(sorted(name.partition(".")[2] for name in ages.marks))


def test_a_new_run_marks_what_it_has_not_made_but_not_at_once(ages: Earlier, clock: Clock) -> None:
    run = new_run()
    assert ages.look_back(run) == set()
    ages.show("flow.a", 11)
    clock.now += 0.9 * GLANCE
    assert ages.look_back(run) == set()
    clock.now += 0.2 * GLANCE
    assert ages.look_back(run) == {"flow.b", "flow.c", "flow.d"}
    assert {mark.hint for mark in ages.marks.values()} == {"earlier run"}
    assert ages.show("flow.b", 12)
    assert not ages.show("flow.a", 11), "fetched again"
    assert names(ages) == "cd"
    third = new_run()
    ages.look_back(third)
    clock.now += 1
    assert ages.look_back(third) == {"flow.a", "flow.b"}
    assert names(ages) == "abcd"


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("factor=2.0", "factor=2.5", "bc"),
        ("4.0, 5.0", "4.0, 5.5", "d"),
        ("maths.scale(b", "maths.scale(d", "c"),
        ("  # a note", "", ""),
        ("    d = ", "    e = maths.add(1.0, 1.0)\n    d = ", ""),
        ("    c = maths.scale(b, factor=3.0)", "    for k in range(3):\n        c = maths.scale(b, factor=3.0)", "c"),
    ],
)
def test_a_change_marks_what_hangs_on_it_until_it_is_taken_back(
    ages: Earlier, clock: Clock, old: str, new: str, stale: str
) -> None:
    changed = TEXT.replace(old, new)
    assert changed != TEXT
    ages.follow(lambda: (graph(changed),))
    assert ages.look_back(ages.run) == set()
    clock.now += 2 * GLANCE
    ages.look_back(ages.run)
    assert names(ages) == stale
    ages.follow(lambda: (graph(),))
    clock.now += 2 * GLANCE
    ages.look_back(ages.run)
    assert names(ages) == ""


def test_a_name_alone_changes_no_value(ages: Earlier, clock: Clock) -> None:
    renamed = TEXT.replace("    a = ", "    first = ").replace("(a,", "(first,")
    ages.follow(lambda: (graph(renamed),))
    clock.now += 2 * GLANCE
    ages.look_back(ages.run)
    assert names(ages) == ""


def test_pictures_are_asked_for_when_changes_come_to_rest(ages: Earlier, clock: Clock) -> None:
    asked: list[int] = []

    def pictures(number: int) -> tuple[Graph, ...]:
        asked.append(number)
        return (graph(TEXT.replace("2.0)", f"{number}.5)")),)

    for number in range(20):
        ages.follow(lambda n=number: pictures(n))  # type: ignore[misc]
        clock.now += 0.05
        ages.look_back(ages.run)
    assert asked == []
    clock.now += GLANCE
    ages.look_back(ages.run)
    assert asked == [19]


def test_nodes_that_have_not_delivered_keep_what_is_of_before(ages: Earlier, clock: Clock) -> None:
    part = new_part(ages.run)
    ages.look_back(part)
    ages.show_states({"flow.a": NodeState("done", 1), "flow.b": NodeState("running"), "flow.c": NodeState("idle")})
    assert ages.look_back(part) == set()
    clock.now += 2 * GLANCE
    ages.look_back(part)
    assert names(ages) == "bc"
    assert {mark.hint for mark in ages.marks.values()} == {"of before"}
    ages.show_states({"flow.b": NodeState("done", 1), "flow.c": NodeState("done", 1)})
    assert names(ages) == "bc", "until the value itself is there"
    assert not ages.show("flow.b", -1), "what comes of a node that failed is no newer"
    assert ages.show("flow.b", 5)
    assert names(ages) == "c"


def test_states_that_are_older_than_a_value_of_the_run_mark_it_for_no_longer_than_they_are(
    ages: Earlier, clock: Clock
) -> None:
    run = new_run()
    ages.look_back(run)
    for number, name in enumerate("abcd", 11):
        ages.show(f"flow.{name}", number)
    ages.show_states({f"flow.{name}": NodeState("waiting") for name in "abcd"})
    ages.look_back(run)
    clock.now += 2 * GLANCE
    ages.look_back(run)
    assert names(ages) == "abcd", "a node that is to run again has its value of before"
    ages.show_states({f"flow.{name}": NodeState("done", 1) for name in "abc"} | {"flow.d": NodeState("waiting")})
    assert ages.look_back(run) == {"flow.a", "flow.b", "flow.c"}
    assert names(ages) == "d"


def test_a_value_made_before_a_change_that_comes_after_it_stays_of_before(ages: Earlier, clock: Clock) -> None:
    changed = TEXT.replace("factor=2.0", "factor=2.5")
    ages.follow(lambda: (graph(changed),))
    assert not ages.show("flow.b", 12), "it seems to be newer: the engine had not heard of the change"
    assert not ages.show("flow.c", 13, frozenset({"flow.b"}))
    clock.now += 2 * GLANCE
    ages.look_back(ages.run)
    assert names(ages) == "c"
    assert not ages.show("flow.b", 14, frozenset({"flow.b"}))
    assert not ages.show("flow.d", 15, frozenset({"flow.b"})), "it does not hang on that"
    clock.now += 2 * GLANCE
    ages.look_back(ages.run)
    assert names(ages) == "bc"
    assert ages.show("flow.b", 16)
    assert ages.show("flow.c", 17)
    clock.now += 2 * GLANCE
    ages.look_back(ages.run)
    assert names(ages) == ""


def test_a_value_whose_node_has_failed_since_is_of_before(ages: Earlier, clock: Clock) -> None:
    run = ages.run
    ages.show("flow.a", 11)
    ages.look_back(run)
    assert not ages.show("flow.a", -1), "its node has failed since"
    ages.look_back(run)
    assert names(ages) == "", "not at once: the next turn may make it anew"
    clock.now += 1
    assert ages.look_back(run) == {"flow.a"}
    assert ages.marks["flow.a"].hint == "of before"
    assert ages.show("flow.a", 12)
    assert names(ages) == ""


def test_a_merge_has_delivered_when_one_of_its_arms_has() -> None:
    text = TEXT + "    if c > 3:\n        level = a\n    else:\n        level = d\n"
    makers = Signatures(lambda: (graph(text),)).makers
    assert len(makers["flow.level"]) >= 2
    assert makers["flow.a"] == ("flow.a",)


def test_a_state_tells_whether_a_value_came() -> None:
    assert not delivered(NodeState("idle"))
    assert not delivered(NodeState("running", 0))
    assert not delivered(NodeState("failed", 1))
    assert delivered(NodeState("failed", 5))
    assert delivered(NodeState("running", 1))


def test_a_run_tells_when_it_began() -> None:
    before = time.time()
    run = new_run()
    assert before - 0.002 <= begun(run) <= time.time() + 0.01
    assert begun(f"{run}+3") == begun(run)
    assert begun("") == begun("r1") == begun("run-of-somebody!") == 0.0
    noon = time.mktime((2026, 11, 21, 12, 31, 5, 0, 0, -1))
    assert when(noon, noon + 60) == "the run of 12:31:05"
    assert when(noon, noon + 86_400) == "the run of 2026-11-21 12:31:05"


AROUND = """\
from flodesk.nodes import maths

GAIN = 2.0
OTHER = 1.0


def inner(x):
    y = maths.scale(x, factor=3.0)
    return y


def scaled(x):
    return x * GAIN


def flow():
    a = maths.add(1.0, 2.0)
    b = inner(a)
    c = scaled(a)
    d = maths.add(b, 1.0)
"""


@pytest.mark.parametrize(
    ("old", "new", "behind"),
    [
        ("factor=3.0", "factor=4.0", {"flow.b", "flow.d"}),
        ("GAIN = 2.0", "GAIN = 5.0", {"flow.c"}),
        ("return x * GAIN", "return x + GAIN", {"flow.c"}),
        ("OTHER = 1.0", "OTHER = 2.0", set()),
        ("def inner", "# a note\ndef inner", set()),
        ("import maths", "import maths, show", set()),
    ],
)
def test_what_a_node_calls_and_names_of_the_file_counts(old: str, new: str, behind: set[str]) -> None:
    def signatures(text: str) -> Signatures:
        flow = read(text)
        return Signatures(lambda: (picture(flow, CATALOG.with_flow(flow), "flow"),), flow)

    assert old in AROUND
    assert signatures(AROUND.replace(old, new)).changed_since(signatures(AROUND)) == behind

"""A whole run with its nodes on a Dask cluster: what can travel does, and values are the script's."""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.engine.client import Host
from flodesk.engine.codec import CodecError, digest
from flodesk.engine.compiling import compile_plan
from flodesk.engine.events import Event, LogLine, RunFinished, RunStarted
from flodesk.engine.limits import Limits
from flodesk.engine.load import load
from flodesk.engine.places.anywhere import Anywhere
from flodesk.engine.places.elsewhere import places_of
from flodesk.engine.places.known import Places
from flodesk.engine.run import Run
from flodesk.engine.table import Table

EXAMPLES = Path(__file__).resolve().parents[3] / "resources" / "examples"
MAIN = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
TOP = """
import os
import flodesk
import numpy
from flodesk.nodes import control, maths, show, statistics, timing

SEEN = []
LIMIT = 3.0
FIXED = numpy.array([1.0, 2.0])
FIXED.flags.writeable = False
BUFFER = numpy.array([1.0, 2.0])
KINDS = {"a": 1}


class Total:
    def __init__(self, start=0.0):
        self.value = start

    def __call__(self, x):
        self.value += float(numpy.sum(x))
        return self.value


def turns(n):
    yield from range(n)


def wide(x, n=9000):
    return numpy.full(n, float(numpy.sum(x)) % 1000.0)


def add(x, y):
    return x + y


def scale(x, factor=2.0):
    return x * factor


def below(x, limit=500.0):
    return bool(numpy.mean(x) % 1000.0 < limit)


def two(x):
    u = scale(x, factor=0.5)
    v = add(u, 1.0)
    return v


def tell(name, value):
    SEEN.append((name, type(value).__name__, numpy.asarray(value).tolist()))


def capped(x):
    return min(x, LIMIT)


def fixed(x):
    return x + FIXED[0]


def buffered(x):
    return x + BUFFER[0]


def by_kind(x):
    return KINDS["a"] + x


def calls_one_that_tells(x):
    return tell("x", x)


def generator(x):
    return (n for n in range(int(x)))


def used(g):
    return sum(g)


@flodesk.node(pure=False)
def effect(x):
    return x


def where(x):
    return os.getpid()
"""


def text_of(body: str, header: str = "") -> str:
    return f"{header}{TOP}\n\ndef flow():\n{body}\n{MAIN}"


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    made = Places()
    by_engine(text_of("    a = add(1, 2)"), made)  # the cluster stands, with its threads
    yield made
    made.close()


def by_engine(text: str, places: Places, place: str = "dask") -> tuple[Any, list[Event]]:
    events: list[Event] = []
    memory = Table(memoryview(bytearray(1 << 16)))
    run = Run("run", text, "", emit=events.append, table=memory, places=places, place=place, keep=True)
    run.start()
    assert run.join(90)
    assert run.report.reason == "succeeded", run.report.message
    return run, events


def test_what_has_effects_a_state_or_is_seen_stays_and_the_rest_travels() -> None:
    body = """\
    gain = control.number(2.0)
    mean = statistics.RunningMean(window=2)
    for i in turns(3):
        a = add(i, gain)
        b = capped(a)
        c = by_kind(b)
        d = calls_one_that_tells(c)
        e = effect(b)
        m = mean(b)
        t = two(m)
        k = t * 2 + 1
        high = k > 3
        if high:
            n = scale(k)
            v = n
        else:
            v = b
        s = show.number(v)
        h = add(v, 1)
        f = fixed(h)
        g = buffered(f)"""
    plan = compile_plan(load(text_of(body), ""), "flow")
    assert set(places_of(plan, default="dask")) == {"a", "b", "t", "code_1", "code_2", "n", "h", "f"}
    header = '# /// script\n# [tool.flodesk]\n# version = 1\n# [tool.flodesk.places.flow]\n# a = "local"\n# ///\n'
    plan = compile_plan(load(text_of(body, header), ""), "flow")
    assert set(places_of(plan, default="dask")) == {"b", "t", "code_1", "code_2", "n", "h", "f"}


def test_what_is_changed_in_place_stays_with_all_that_has_to_do_with_it() -> None:
    body = "    a = [1]\n    b = add(a, [2])\n    b.append(3)\n    c = len(b)\n    d = add(1, 2)\n"
    plan = compile_plan(load(text_of(body), ""), "flow")
    assert "d" in places_of(plan, default="dask")
    assert not {"b", "c"} & set(places_of(plan, default="dask"))


def test_a_value_that_cannot_travel_keeps_its_node_here(places: Places) -> None:
    body = """\
    for i in turns(3):
        g = generator(4)
        x = effect(i)
        u = used(g)
        w = where(u)"""
    run, _ = by_engine(text_of(body), places)
    plan = run.runners["flow"].plan
    assert plan.slots[plan.names["u"]] == 6
    assert plan.slots[plan.names["w"]] == os.getpid()  # it was one stretch with what could not be given anything


def build(seed: int, size: int) -> str:
    draw = random.Random(seed)
    lines = ["    total = 0.0", "    sums = Total(1.0)", f"    for i in turns({draw.randint(1, 3)}):"]
    names = ["i", "total"]

    def call() -> str:
        a, b = draw.choice(names), draw.choice(names)
        kinds = [f"wide({a})", f"add({a}, {b})", f"scale({a}, factor={draw.choice([0.5, 3.0])})", f"two({a})"]
        return draw.choice([*kinds, f"sums({a})", f"{a} * 0.25 + 1"])

    for n in range(size):
        if draw.random() < 0.2:
            lines += [
                f"        c{n} = below({draw.choice(names)})",
                f"        if c{n}:",
                f"            a{n} = {call()}",
            ]
            lines += [
                f"            n{n} = a{n}",
                "        else:",
                f"            b{n} = {call()}",
                f"            n{n} = b{n}",
            ]
        else:
            lines.append(f"        n{n} = {call()}")
        names.append(f"n{n}")
    lines += [f"        t{n} = tell('{name}', {name})" for n, name in enumerate(names)]
    carried = draw.choice(names[2:])
    return "\n".join(
        [*lines, f"        r = add({carried}, 0.0)", "        s = numpy.sum(r) % 977.0", "        total = s"]
    )


def plainly(text: str) -> list[Any]:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    space["flow"]()
    seen: list[Any] = space["SEEN"]
    return seen


def same(seed: int, size: int, places: Places) -> None:
    text = text_of(build(seed, size))
    run, _ = by_engine(text, places)
    assert run.loaded.namespace["SEEN"] == plainly(text)


def test_random_flows_on_a_cluster_give_what_the_script_gives(places: Places) -> None:
    @settings(max_examples=6, deadline=None, database=None, derandomize=True)
    @given(st.integers(0, 1 << 30), st.integers(1, 7))
    def check(seed: int, size: int) -> None:
        same(seed, size, places)

    check()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_very_many_random_flows_on_a_cluster(places: Places) -> None:
    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 1 << 30), st.integers(1, 12))
    def check(seed: int, size: int) -> None:
        same(seed, size, places)

    check()


# ------------------------------------------------------------------ the examples
SHORT = ("sunspots", "predator_prey", "tuning_forks")


def ends_of(path: Path, places: Places, place: str) -> dict[str, str]:
    """Run an example for two turns of each loop; returns the hash of each variable that has a value at the end."""
    text = path.read_text(encoding="utf-8")
    memory = Table(memoryview(bytearray(1 << 18)))
    limits = Limits(iterations=2)
    run = Run(
        "run", text, str(path), emit=lambda event: None, table=memory, places=places, place=place, keep=True,
        limits=limits,
    )  # fmt: skip
    run.start()
    assert run.join(110)
    assert run.report.reason in ("succeeded", "stopped"), run.report.message
    found = {}
    for function, runner in run.runners.items():
        for name, slot in runner.plan.names.items():
            with contextlib.suppress(CodecError):
                found[f"{function}.{name}"] = digest(runner.plan.slots[slot])
    return found


def alike(name: str, places: Places) -> None:
    path = EXAMPLES / f"{name}.py"
    here, again, there = (ends_of(path, places, place) for place in ("local", "local", "dask"))
    steady = {name for name in here.keys() & again.keys() if here[name] == again[name]}  # not noise, nor the time
    assert {name: there.get(name) for name in steady} == {name: here[name] for name in steady}
    assert steady


@pytest.mark.parametrize("name", SHORT)
def test_examples_on_a_cluster_give_the_values_of_this_machine(name: str, places: Places) -> None:
    alike(name, places)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted({path.stem for path in EXAMPLES.glob("*.py")} - set(SHORT)))
def test_every_example_on_a_cluster_gives_the_values_of_this_machine(name: str, places: Places) -> None:
    alike(name, places)


# ------------------------------------------------------------------ from the window
def test_the_window_s_engine_runs_a_flow_with_its_nodes_on_a_cluster() -> None:
    events: list[Event] = []
    engine = Anywhere(Host(warm=()))
    engine.listener = events.append
    try:
        engine.open(text_of("    a = where(1)\n    s = show.number(a)"))
        engine.watch({"flow.a"}, set())
        run = engine.start(place="dask")
        end = time.monotonic() + 90
        while not any(isinstance(event, RunFinished) for event in events):
            assert time.monotonic() < end, events
            time.sleep(0.01)
        assert [(e.run, e.place) for e in events if isinstance(e, RunStarted)] == [(run, "dask")]
        assert [(e.reason, e.message) for e in events if isinstance(e, RunFinished)] == [("succeeded", "")]
        assert any("No Dask cluster is named" in e.text for e in events if isinstance(e, LogLine))
        while "flow.a" not in engine.values():
            assert time.monotonic() < end
            time.sleep(0.01)
        assert engine.values()["flow.a"].value != os.getpid()
    finally:
        engine.close()

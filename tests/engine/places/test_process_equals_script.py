"""Random flows with random places: what comes out is what the plain script gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.engine.places.known import Places
from flodesk.engine.places.server.broker import LocalServer
from flodesk.engine.run import Run
from flodesk.engine.table import Table

TOP = """
import flodesk
import numpy


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
"""
END = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def build(seed: int, size: int) -> tuple[str, dict[str, str]]:
    """Return the body of a flow, and a place for some of its nodes."""
    draw = random.Random(seed)
    lines = ["    total = 0.0", "    sums = Total(1.0)", f"    for i in turns({draw.randint(1, 3)}):"]
    names = ["i", "total"]
    places = {}

    def call(name: str, sources: list[str]) -> str:
        a, b = draw.choice(sources), draw.choice(sources)
        kind = draw.randrange(6)
        if kind == 0:
            return f"{name} = wide({a})"
        if kind == 1:
            return f"{name} = add({a}, {b})"
        if kind == 2:
            return f"{name} = scale({a}, factor={draw.choice([0.5, 3.0])})"
        if kind == 3:
            return f"{name} = two({a})"
        if kind == 4:
            return f"{name} = sums({a})"
        return f"{name} = {a} * 0.25 + 1"

    for n in range(size):
        name = f"n{n}"
        if draw.random() < 0.2:
            lines += [f"        c{n} = below({draw.choice(names)})", f"        if c{n}:"]
            lines += [f"            a{n} = {call('', names)[3:]}", f"            {name} = a{n}", "        else:"]
            lines += [f"            b{n} = {call('', names)[3:]}", f"            {name} = b{n}"]
            inside = [f"a{n}", f"b{n}"]
        else:
            lines.append(f"        {call(name, names)}")
            inside = [name]
        for node in inside:
            text = next(line for line in lines if line.strip().startswith(f"{node} = "))
            if draw.random() < 0.6 and " * 0.25" not in text:
                places[node] = "process"
        names.append(name)
    places = {
        node: place
        for node, place in places.items()
        if "= sums(" not in next(line for line in lines if line.strip().startswith(f"{node} = "))
    }
    if draw.random() < 0.5:
        places["sums"] = "process"
    lines += [f"        t{n} = tell('{name}', {name})" for n, name in enumerate(names)]
    carried = draw.choice(names[2:])
    lines += [f"        r = add({carried}, 0.0)", "        s = numpy.sum(r) % 977.0", "        total = s"]
    return "\n".join(lines), places


def text_of(body: str, places: dict[str, str], cpus: int) -> str:
    table = [f'# {node} = "{place}"' for node, place in places.items()]
    head = ["# /// script", "# [tool.flodesk]", "# version = 1", "# [tool.flodesk.places.flow]", *table]
    head += ["# [tool.flodesk.process]", f"# cpus = {cpus}", "# ///", "SEEN = []"]
    return "\n".join(head) + TOP + f"\n\ndef flow():\n{body}\n{END}"


def plainly(text: str) -> list[Any]:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    space["flow"]()
    seen: list[Any] = space["SEEN"]
    return seen


def by_engine(text: str, places: Places) -> list[Any]:
    run = Run("run", text, "", emit=lambda event: None, table=Table(memoryview(bytearray(1 << 16))), places=places)
    run.start()
    assert run.join(60)
    assert run.report.reason == "succeeded", run.report.message
    assert run.loaded is not None
    seen: list[Any] = run.loaded.namespace["SEEN"]
    return seen


def same(seed: int, size: int, cpus: int, places: Places) -> None:
    body, wanted = build(seed, size)
    text = text_of(body, wanted, cpus)
    assert by_engine(text, places) == plainly(text)


@pytest.fixture
def places() -> Any:
    made = Places()
    yield made
    made.close()


def test_random_flows_with_random_places_give_what_the_script_gives(places: Places) -> None:
    @settings(max_examples=25, deadline=None, database=None, derandomize=True)
    @given(st.integers(0, 1 << 30), st.integers(1, 9))
    def check(seed: int, size: int) -> None:
        same(seed, size, 2, places)

    check()


def test_random_flows_with_random_places_and_queues_give_what_the_script_gives(
    places: Places, server: LocalServer, start_worker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLODESK_REDIS_URL", server.url)
    start_worker(server.url)
    start_worker(server.url, "--queue", "second")

    @settings(max_examples=8, deadline=None, database=None, derandomize=True)
    @given(st.integers(0, 1 << 30), st.integers(2, 9))
    def check(seed: int, size: int) -> None:
        body, wanted = build(seed, size)
        draw = random.Random(seed)
        text = text_of(body, {node: draw.choice(["rq", "rq", "process"]) for node in wanted}, 2)
        queues = [f'# {node} = "second"' for node in wanted if draw.random() < 0.3]
        table = "\n".join(["# [tool.flodesk.rq.queues.flow]", *queues, "# ///\nSEEN"])
        text = text.replace("# ///\nSEEN", table)
        assert by_engine(text, places) == plainly(text)

    check()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_very_many_random_flows_with_random_places(places: Places) -> None:
    @settings(max_examples=1500, deadline=None)
    @given(st.integers(0, 1 << 30), st.integers(1, 14))
    def check(seed: int, size: int) -> None:
        same(seed, size, 2, places)

    check()

"""``await`` in a flow: the values are those of `asyncio.run`, a stop cancels at once, errors name the user's line."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine.headless import run
from flodesk.engine.limits import Limits
from flodesk.engine.load import MODULE_NAME
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.script import read

HEAD = """
import asyncio
import flodesk

log = []


def note(name, *values):
    log.append((name, values))
    return len(log)


async def fetch(x, pause=0.0):
    log.append(("fetch", x))
    await asyncio.sleep(pause)
    log.append(("fetched", x))
    return x * 2 if x < 50 else x % 7


async def boom(x):
    await asyncio.sleep(0)
    raise RuntimeError("no " + str(x))


async def ticks(n, start=0):
    try:
        for k in range(start, start + n % 4):
            await asyncio.sleep(0)
            yield k
    finally:
        log.append(("ticks ended", n))


def begin(x):
    return asyncio.create_task(fetch(x))


async def twice(x):
    first = await fetch(x)
    m = Mean()
    mean = await m(first)
    second = await fetch(mean)
    return await fetch(second)


class Mean:
    def __init__(self):
        self.seen = []

    async def __call__(self, x):
        await asyncio.sleep(0)
        self.seen.append(x)
        return sum(self.seen)

"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'

CASES = """
# one after the other
a = await fetch(3)
b = note('b', a)
c = await fetch(b)
await fetch(c)
note('end', c)

# an asynchronous producer
async for k in ticks(3):
    a = await fetch(k)
    b = note('b', a)
note('end')

# an asynchronous producer within a plain one
for i in range(3):
    async for k in ticks(i, start=i):
        a = await fetch(k)
        b = note('b', i, a)
note('end')

# tasks that go on while something else is awaited
t = begin(4)
u = begin(5)
a = note('before')
b = await fetch(6)
c = await asyncio.gather(t, u)
note('c', c, b)

# what is not awaited here is awaited there
a = fetch(1)
b = fetch(2)
c = await asyncio.gather(a, b)
note('c', c)

# a node with state
m = Mean()
for i in range(4):
    a = await m(i)
    note('a', a)

# a subflow
for i in range(3):
    a = await twice(i)
    b = note('b', a)
c = await twice(3)

# a subflow that is not awaited here
a = twice(3)
b = twice(4)
c = await asyncio.gather(a, b)
note('c', c)

# code that awaits
a = (await fetch(1)) + (await fetch(2))
b = [await fetch(k) for k in range(3)]
c = [k async for k in ticks(3)]
async with asyncio.timeout(5):
    d = await fetch(7)
note('end', a, b, c, d)

# tests that await
for i in range(3):
    if await fetch(i):
        a = note('yes', i)
    else:
        a = note('no', i)
    note('a', a)

# feedback
total = 0
async for k in ticks(3):
    more = await fetch(total)
    total = more
note('total', total)

# a coroutine that raises
a = note('a')
b = await boom(a)
c = note('c', b)

# a task that raises, caught
try:
    a = await boom(1)
except RuntimeError as error:
    a = str(error)
note('a', a)

# a time limit of the flow's own
try:
    async with asyncio.timeout(0.01):
        await asyncio.sleep(60)
except TimeoutError:
    a = note('late')

# nothing to await
a = note('a')
b = await note('b', a)

# no asynchronous producer
async for k in note('a'):
    b = note('b', k)

# a thread
a = await asyncio.to_thread(note, 'a', 3)
note('b', a)
"""
TEXTS = {t.partition("\n")[0].strip("# "): t.partition("\n")[2].rstrip() for t in CASES.strip().split("\n\n")}


def flow(body: str) -> str:
    return HEAD + "\nasync def flow():\n" + "\n".join(f"    {line}" for line in body.split("\n")) + TAIL


def plainly(text: str) -> tuple[list[Any], str]:
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "plain", "exec"), space)
    raised = ""
    try:
        asyncio.run(space["flow"]())
    except Exception as error:  # noqa: BLE001 - whatever the script raises is compared
        raised = type(error).__name__
    return list(space["log"]), raised


def assert_same(text: str) -> None:
    plain, raised = plainly(text)
    result = run(text)
    failed = result.failures[0].failure.type if result.failures else ""
    assert (list(sys.modules[MODULE_NAME].log), failed) == (plain, raised), result.message


@pytest.mark.parametrize("name", TEXTS)
def test_engine_and_asyncio_give_the_same(name: str) -> None:
    assert_same(flow(TEXTS[name]))


STEPS = [
    "{new} = await fetch({old})",
    "{new} = note('{new}', {old})",
    "{new} = begin({old})\n{new}_done = await {new}",
    "for {new} in range({old} % 3):\n    {new}_a = await fetch({new})",
    "async for {new} in ticks(3):\n    {new}_a = note('{new}', {new}, {old})\n    {new}_b = await fetch({new})",
    "if await fetch({old}):\n    {new} = await fetch(1)\nelse:\n    {new} = note('else')",
    "await fetch({old})",
    "{new} = fetch({old})\n{new}_all = await asyncio.gather({new}, fetch(2))",
]


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """A random asynchronous flow: each step reads a number that an earlier one has bound."""
    lines, numbers = ["n0 = note('start')"], ["n0"]
    for number in range(1, draw(st.integers(2, 7))):
        step = draw(st.sampled_from(STEPS))
        lines.append(step.format(new=f"n{number}", old=draw(st.sampled_from(numbers))))
        if step.startswith("{new} = ") and "begin" not in step and "= fetch" not in step:
            numbers.append(f"n{number}")
    lines.append(f"note('end', {', '.join(numbers)})")
    return "\n".join(lines)


@given(body=bodies())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_asynchronous_flows(body: str) -> None:
    assert_same(flow(body))


@pytest.mark.long
@pytest.mark.timeout(900)
@given(body=bodies())
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
def test_many_random_asynchronous_flows(body: str) -> None:
    assert_same(flow(body))


def test_the_nodes_of_an_asynchronous_subflow_are_nodes_of_the_run(here) -> None:
    here.run(flow(TEXTS["a subflow"]))
    assert here.engine.states()["twice.first"].count == 4


# ------------------------------------------------------------------ stop, limits, errors
ENDLESS = """
import asyncio
import flodesk

ended = []


async def forever(x):
    print("began")
    try:
        await asyncio.sleep(3600)
    finally:
        print("forever ended")


async def flow():
    a = await forever(1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_stop_cancels_what_is_awaited_at_once(placed) -> None:
    placed.start(ENDLESS)
    placed.until(lambda: any("began" in line.text for line in placed.lines()))
    end = placed.stop()
    assert end.reason == "stopped"
    assert any("forever ended" in line.text for line in placed.lines())
    assert end.seconds < 10


STUBBORN = ENDLESS.replace(
    '        await asyncio.sleep(3600)\n    finally:\n        print("forever ended")',
    "        await asyncio.sleep(3600)\n    except asyncio.CancelledError:\n"
    '        print("once more")\n        await asyncio.sleep(3600)',
)


def test_a_node_that_swallows_its_cancellation_is_ended_all_the_same(placed) -> None:
    placed.start(STUBBORN)
    placed.until(lambda: any("began" in line.text for line in placed.lines()))
    assert placed.stop().reason == "stopped"
    assert any("once more" in line.text for line in placed.lines())


def test_a_time_limit_ends_an_await() -> None:
    result = run(ENDLESS.replace("await forever(1)", "await forever(1)\n    b = 1"), limits=Limits(seconds=0.05))
    assert (result.reason, result.limited) == ("stopped", True)


def test_an_error_names_the_users_own_line_and_no_frame_of_asyncio() -> None:
    result = run(flow("a = note('a')\nb = await boom(a)"), "/nowhere/own.py")
    failed = result.failures[0].failure
    assert (failed.node, failed.type, failed.message) == ("flow.b", "RuntimeError", "no 1")
    assert 'raise RuntimeError("no "' in failed.code
    assert "asyncio" not in failed.traceback.replace("await asyncio", "")
    assert "b = await boom(a)" in failed.traceback


def test_a_changed_producer_starts_anew_while_it_is_awaited(here) -> None:
    text = """
import asyncio
import flodesk


async def ticks(pause):
    number = 0
    while True:
        await asyncio.sleep(pause)
        number += 1
        yield number


async def flow():
    async for k in ticks(3600.0):
        a = abs(k)


if __name__ == "__main__":
    flodesk.main(flow)
"""
    here.start(text)
    here.engine.watch({"flow.a"}, set())
    here.until(lambda: here.engine.states().get("flow.k"))
    here.engine.set_parameter("flow.k", "pause", "0.001")
    here.until(lambda: (here.value("flow.a") or 0) > 2)
    assert here.stop().reason == "stopped"


def test_objects_are_closed_by_a_coroutine_and_tasks_left_behind_are_ended() -> None:
    result = run(
        flow("r = Room()\na = await r(1)\nt = begin(3, 3600)").replace(
            "class Mean:",
            "class Room:\n    async def __call__(self, x):\n        return x\n\n    async def close(self):\n"
            "        await asyncio.sleep(0)\n        log.append('closed')\n\n\nclass Mean:",
        ).replace("def begin(x):\n    return asyncio.create_task(fetch(x))",
                  "def begin(x, pause):\n    return asyncio.create_task(fetch(x, pause))")
    )  # fmt: skip
    assert result.reason == "succeeded", result.message
    assert sys.modules[MODULE_NAME].log[-1] == "closed"


# ------------------------------------------------------------------ the checker
CATALOG = Catalog.builtin()
WRONG = [
    ("a = fetch(3)\nb = note('b', a)", "“a” calls the asynchronous function “fetch” without await", "a = await fetch"),
    ("fetch(3)", "without await", "Write: await fetch"),
    ("a = await maths.add(1.0, 2.0)", "“a” awaits “maths.add”, which is no asynchronous function", "Take the await"),
    ("for k in ticks(3):\n    a = note('a', k)", "gives its values asynchronously", "async for k in ticks"),
    ("async for k in timing.count(3):\n    a = note('a', k)", "no asynchronous function", "Write for instead"),
    ("m = Mean()\na = m(3)", "without await", "a = await m"),
]


@pytest.mark.parametrize(("body", "message", "hint"), WRONG)
def test_the_checker_knows_what_is_awaited(body: str, message: str, hint: str) -> None:
    text = flow(body).replace("import flodesk\n", "import flodesk\nfrom flodesk.nodes import maths, timing\n")
    (found,) = check(read(text), CATALOG)
    assert (found.kind, found.severity) == ("await", "error")
    assert message in found.message
    assert hint in found.hint


def test_an_await_in_a_plain_function_is_a_problem_in_words() -> None:
    bodies = ["a = await fetch(1)", "a = (await fetch(1)) + 1", "if await fetch(1):\n    a = note('a')"]
    for body in bodies:
        found = check(read(flow(body).replace("async def flow", "def flow")), CATALOG)
        assert [problem.kind for problem in found] == ["await"], found
        assert "is a plain function" in found[0].message
        assert "async def flow" in found[0].hint


@pytest.mark.parametrize("name", [n for n in TEXTS if n not in ("nothing to await", "no asynchronous producer")])
def test_the_checker_has_nothing_against_flows_that_run(name: str) -> None:
    assert not [p for p in check(read(flow(TEXTS[name])), CATALOG) if p.severity == "error"]

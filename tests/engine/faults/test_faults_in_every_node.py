"""Each node of each example goes wrong in each way there is: the run ends as it should, and the engine goes on."""

from __future__ import annotations

import dataclasses
import random
import re
import shutil
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.events import LoopFinished, Rejected, RunFinished
from flodesk.engine.limits import Limits
from flodesk.flow.model import Block, Call, Flow, Loop, Region, Statement, Switch
from flodesk.flow.script import read, write
from flodesk.flow.subflow_rules import reachable

EXAMPLES = sorted((Path(__file__).parents[3] / "resources" / "examples").glob("*.py"))

GOOD = """
import flodesk


def twice(x):
    return 2 * x


def flow():
    for k in range(3):
        y = twice(k)


if __name__ == "__main__":
    flodesk.main(flow)
"""

FAULTS = {
    "raises": 'raise RuntimeError("a fault of the test")',
    "hangs": 'print("now")\nwhile True: pass',
    "sleeps for ever": 'import time; print("now"); time.sleep(1e6)',
    "leaves": "import os; os._exit(3)",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "gives the wrong thing": "return Odd()",
    "takes 2 GB": """
        import resource
        pages = int(open("/proc/self/statm").read().split()[0])
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        # never set lower than it is: with it the machine is safe from what is asked for here
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (1 << 30), hard))
        try:
            kept = []
            for n in range(32):
                kept.append(bytearray(64 << 20))
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    """,
    "prints without end": 'while True: print("and on")',
}
ENDLESS = ("hangs", "sleeps for ever", "prints without end")
DEADLY = {"leaves": "exit code 3", "crashes": "SIGSEGV"}
TURNS = 2
"""Calls of a node in a loop that go well before one goes wrong."""


# ------------------------------------------------------------------ nodes of the examples, and how they go wrong
@dataclass(frozen=True)
class Site:
    """A node of an example."""

    example: Path
    function: str
    main: str
    id: str
    loops: bool
    away: bool
    rejects: bool

    def __str__(self) -> str:
        return f"{self.example.stem}: {self.function}.{self.id}"

    @property
    def node(self) -> str:
        return f"{self.function}.{self.id}"


def sites(example: Path) -> Iterator[Site]:
    """Find the nodes of an example, those of its subflows among them."""
    flow = read(example.read_text(encoding="utf-8"))
    inner = [name for name in reachable(flow) if name not in flow.mains]
    for address, (statement, region) in flow.index.items():
        if isinstance(statement, Call | Loop) and address.function in (*flow.mains, *inner):
            function = address.function
            main = function if function in flow.mains else flow.mains[0]
            away = statement.id in flow.header.settings.get("places", {}).get(function, {})
            rejects = flow.header.settings.get("on_error") == "reject"
            yield Site(example, function, main, statement.id, _in_loop(flow, region, inner), away, rejects)


def _in_loop(flow: Flow, region: Region, inner: list[str]) -> bool:
    while region.owner:
        owner, around = flow.index[next(a for a in flow.index if (a.function, a.id) == (region.function, region.owner))]
        if isinstance(owner, Loop):
            return True
        region = around
    return region.function in inner


ALL = [site for example in EXAMPLES for site in sites(example)]


def with_fault(site: Site, fault: str) -> str:
    """Write the example anew, with a function of its own in place of what the node calls."""
    flow = read(site.example.read_text(encoding="utf-8"))
    found: list[Call | Loop] = []

    def changed(statement: Call | Loop) -> Call | Loop:
        found.append(statement)
        if isinstance(statement, Loop):
            return dataclasses.replace(statement, callee="faulty", called=True, raw=None)
        return dataclasses.replace(statement, callee="faulty", raw=None)

    function = flow.functions[site.function]
    body = _exchanged(function.body, site.id, changed)
    others = [dataclasses.replace(s, body=body) if s is function else s for s in flow.module.statements]
    text = write(dataclasses.replace(flow, module=dataclasses.replace(flow.module, statements=tuple(others))))
    (statement,) = found
    faulty = "\n\n\n" + _faulty(flow, statement, fault) + "\n\n"
    return re.sub(r"\n\n\n(?=(?:async )?def )", lambda _: faulty, text, count=1)


def _exchanged(block: Block, id: str, change: Callable[[Any], Statement]) -> Block:
    def of(statement: Statement) -> Statement:
        if statement.id == id:
            return change(statement)
        if isinstance(statement, Loop):
            return dataclasses.replace(statement, body=_exchanged(statement.body, id, change))
        if isinstance(statement, Switch):
            arms = tuple(dataclasses.replace(a, body=_exchanged(a.body, id, change)) for a in statement.arms)
            return dataclasses.replace(statement, arms=arms)
        return statement

    return dataclasses.replace(block, statements=tuple(map(of, block.statements)))


def _faulty(flow: Flow, statement: Call | Loop, fault: str) -> str:
    """Write the function that goes wrong: at the first call of an object, at a later one of a function."""
    head = statement.callee.partition(".")[0]
    shared = [s.name for s in flow.module.statements if isinstance(s, Call)]
    known = head in flow.imports or head in flow.functions or head in shared
    body = textwrap.dedent(FAULTS[fault]).strip()
    odd = "class Odd:\n    pass\n\n\n"
    if fault == "gives the wrong thing" or not (known or isinstance(statement, Loop)):
        start = "async def" if statement.awaited else "def"
        text = f"{start} faulty(*args, **kwargs):\n{textwrap.indent(body, '    ')}\n"
    elif isinstance(statement, Loop):
        given = f"{statement.callee}(*args, **kwargs)" if statement.called else statement.callee
        how = "async " if statement.awaited else ""
        text = f"{how}def faulty(*args, **kwargs):\n    n = -1\n"
        text += f"    {how}for value in {given}:\n        n += 1\n        if n == {TURNS}:\n"
        text += f"{textwrap.indent(body, '            ')}\n        yield value\n"
    else:
        start, wait = ("async def", "await ") if statement.awaited else ("def", "")
        text = f"calls = []\n\n\n{start} faulty(*args, **kwargs):\n    calls.append(1)\n"
        text += f"    if len(calls) <= TURNS:\n        return {wait}{statement.callee}(*args, **kwargs)\n"
        text += f"{textwrap.indent(body, '    ')}\n"
    return odd + text


# ------------------------------------------------------------------ one of them
def run_one(host: Any, site: Site, fault: str, folder: Path) -> list[str]:
    """Run an example with a fault, then a good flow; returns what was not as it should be."""
    text = with_fault(site, fault).replace("TURNS", str(TURNS if site.loops else 0))
    said = []
    host.events.clear()
    host.finished.clear()
    host.engine.open(text, str(folder / site.example.name))
    endless = fault in ENDLESS
    # what goes wrong in no way that the engine could see goes on for as long as the example does
    host.engine.start(limits=Limits(iterations=4 if fault == "gives the wrong thing" else 0, timeout=90.0))
    if endless:
        host.until(lambda: host.finished.is_set() or any(line.node == site.node for line in host.lines()), 60.0)
        began = time.monotonic()
        host.engine.stop()
        end = host.wait(60.0)
        if (took := time.monotonic() - began) > 15.0:
            said.append(f"it took {took:.1f} s to stop")
    else:
        end = host.wait(100.0)
    said += judged(host, site, fault, end)
    good = host.run(GOOD, seconds=60.0)
    if good.reason != "succeeded":
        said.append(f"the next run: {good}")
    return [f"{site}, {fault}: {line}" for line in said]


def judged(host: Any, site: Site, fault: str, end: RunFinished) -> list[str]:
    """Say what is wrong about the end of a run."""
    said = []
    rejected = [event.failure for event in host.events if isinstance(event, Rejected)]
    failures = [*host.failures, *rejected]
    loops = {event.loop: event.reason for event in host.events if isinstance(event, LoopFinished)}
    states = host.engine.states()

    def should(true: object, what: str) -> None:
        if not true:
            said.append(f"{what}: {end}, {[(f.node, f.type, f.message) for f in failures]}, {loops}")

    should(not host.engine.running, "it is not running any more")
    if fault == "gives the wrong thing":
        should(end.reason in ("succeeded", "failed"), "nothing else can come of it")
        should((end.reason == "failed") == bool(failures), "a failure is told")
        strange = ("AssertionError",) if site.rejects else ("AssertionError", "KeyError")
        should(all(f.node and f.type not in strange for f in failures), "a node is named")
        return said
    should(site.main in loops, "its loop is told to have ended")
    if fault in ENDLESS:
        reasons = ("stopped",) if fault != "sleeps for ever" or site.away else ("killed",)
        # what was rejected before makes it a failed one
        right = end.reason in reasons or (rejected and end.message.startswith("stopped; "))
        should(right or (end.reason == "killed" and site.node in end.message), "it was stopped")
        should(loops.get(site.main) == end.reason, "so was its loop")
        should(any(line.node == site.node for line in host.lines()), "its lines are told under its name")
        should(len(host.lines()) < 10_000, "not all of its lines are shown")
    elif fault in DEADLY and not site.away:
        should(end.reason == "crashed", "the process has crashed")
        should(f"“{site.node}”" in end.message and DEADLY[fault] in end.message, "the node and how")
        should(states.get(site.node) and states[site.node].state == "failed", "the node is shown as failed")
        should(loops.get(site.main) == "crashed", "its loop has crashed")
    else:
        wanted = {"raises": "RuntimeError", "takes 2 GB": "MemoryError"}.get(fault, "")
        should(end.reason == "failed" and loops.get(site.main) == "failed", "the run and its loop have failed")
        inside = (site.function, site.main)
        others = [f for f in failures if f.node.partition(".")[0] not in inside]
        own = [f for f in failures if f not in others and (f.node == site.node or not site.rejects)]
        should({f.node for f in own} == {site.node}, "the node is named, and only it")
        should(site.node in end.message or (rejected and "rejected" in end.message), "the message names it")
        should(not wanted or {f.type for f in own} == {wanted}, f"it was a {wanted}")
        if fault in DEADLY:
            should(DEADLY[fault] in end.message, "how the worker ended")
        # what the queue between them brings is too little for a mean, then
        failed = {f.node.partition(".")[0] for f in others}
        beside = {loop: reason for loop, reason in loops.items() if loop != site.main}
        right = all(reason == ("failed" if loop in failed else "succeeded") for loop, reason in beside.items())
        should(right, "other loops go on")
    return said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in EXAMPLES[0].parent.iterdir():
        if file.is_file():
            shutil.copy(file, tmp_path)
    return tmp_path


def test_the_nodes_of_every_example_are_found_and_go_wrong_only_where_they_should() -> None:
    assert {site.example for site in ALL} == set(EXAMPLES)
    assert any(site.away for site in ALL)
    assert any(site.function not in ("flow", "report") for site in ALL), "nodes of subflows are among them"
    for site in ALL:
        text = with_fault(site, "raises")
        assert text.count("faulty(") == 2, site
        compile(text, str(site), "exec")
        kept = read(text).index
        assert any(f"{a.function}.{a.id}" == site.node for a in kept), f"{site} goes by its name"


def test_some_nodes_go_wrong_in_every_way(host: Any, traces: Any, folder: Path) -> None:
    chance = random.Random(11)
    said = []
    for fault in FAULTS:
        # here those whose libraries are quick to load: each crash loads them anew
        quick = [site for site in ALL if site.example.stem in ("loud_blocks", "temperatures", "voltmeter")]
        said += run_one(host, chance.choice(quick), fault, folder)
    assert not said, "\n".join(said)


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_node_goes_wrong(host: Any, traces: Any, folder: Path, example: Path, fault: str) -> None:
    said = []
    assert host.run(GOOD, seconds=60.0).reason == "succeeded"
    for site in [site for site in ALL if site.example == example]:
        said += run_one(host, site, fault, folder)
        # the engine, its spare, two workers, the tracker of their memory; what the engine itself reads and writes
        left = traces.settled(processes=5, threads=5, handles=14, segments=2)
        said += [f"{site}, {fault}: left {line}" for line in left]
    assert not said, "\n".join(said)

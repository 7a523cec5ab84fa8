"""What the header says of queues that do not lie in memory, checked, and under another name."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import RenameShared
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
HEAD = "# /// script\n# [tool.flodesk]\n# version = 1\n# {line}\n# ///\n"
FLOW = """import flodesk
from flodesk.nodes import queue, timing

jobs = queue.Queue(size=10)


def one():
    for n in timing.count(3):
        sent = jobs.put(n)


def two():
    for value in jobs:
        x = value


if __name__ == "__main__":
    flodesk.main(one, two)
"""


def problems(line: str, text: str = FLOW) -> list[tuple[str, str, str]]:
    found = check(read(HEAD.format(line=line) + text), CATALOG)
    return [(p.severity, p.message, p.hint) for p in found if p.kind in ("header", "queue")]


@pytest.mark.parametrize(
    "said",
    [
        '{ on = "redis" }',
        '{ on = "redis", name = "lab", capacity = 5, timeout = 1.0, connection = "plant", open = true }',
    ],
)
def test_what_may_stand_there(said):
    assert problems(f"queues.jobs = {said}") == []


@pytest.mark.parametrize(
    ("line", "says", "hint"),
    [
        ("queues = 3", "queues = 3, which is no table", 'jobs = { on = "redis"'),
        ("queues.jobs = 3", "of the queue “jobs” 3, which is no table", 'jobs = { on = "redis"'),
        ("queues.jobs = { capacity = 5 }", "not where it lives", 'on = "redis"'),
        ('queues.jobs = { on = "disk" }', "on = ", 'on = "redis"'),
        ('queues.jobs = { on = "redis", name = "" }', "which is no name", "Write a text."),
        ('queues.jobs = { on = "redis", capacity = 0 }', "capacity = 0", "1 or more"),
        ('queues.jobs = { on = "redis", capacity = 1.5 }', "capacity = 1.5", "1 or more"),
        ('queues.jobs = { on = "redis", timeout = 0.2 }', "timeout = 0.2", "1 or more"),
        ('queues.jobs = { on = "redis", open = 1 }', "open = 1", "Write true"),
        ('queues.jobs = { on = "redis", timout = 5 }', "timout", "Did you mean timeout?"),
    ],
)
def test_what_makes_no_sense_is_told(line, says, hint):
    [(severity, message, advice)] = problems(line)
    assert (severity, says in message, hint in advice) == ("error", True, True), (message, advice)


def test_a_line_without_its_queue_is_told():
    [(severity, message, _)] = problems('queues.jbos = { on = "redis" }')
    assert (severity, "“jbos”" in message) == ("warning", True)


def test_the_other_end_may_be_in_another_flow():
    alone = FLOW.replace("def two():\n    for value in jobs:\n        x = value\n\n\n", "").replace("one, two", "one")
    assert len(problems('title = "x"', alone)) == 1
    assert problems('queues.jobs = { on = "redis" }', alone) == []


def test_a_rename_takes_the_line_along_and_comes_back():
    text = HEAD.format(line='queues.jobs = { on = "redis", name = "lab" }') + FLOW
    flow = read(text)
    renamed, back = RenameShared("jobs", "readings").apply(flow)
    assert list(renamed.header.settings["queues"]) == ["readings"]
    assert read(write(renamed)).header.settings["queues"] == {"readings": {"on": "redis", "name": "lab"}}
    assert write(back.apply(renamed)[0]) == text

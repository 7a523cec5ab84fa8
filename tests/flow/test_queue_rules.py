"""What the checker says of queues: both ends are there, and in different functions."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import Problem, check
from flodesk.flow.script import read

CATALOG = Catalog.builtin()
WRITE = "def one():\n    for n in timing.count(3):\n        sent = jobs.put(n)\n"
READ = "def two():\n    for value in jobs:\n        more = maths.add(value, 1)\n"


def problems(*parts: str, mains: str = "one, two", made: str = "jobs = queue.Queue()") -> tuple[Problem, ...]:
    head = f"import flodesk\nfrom flodesk.nodes import maths, queue, show, timing\n\n{made}\n\n\n"
    tail = f'\n\nif __name__ == "__main__":\n    flodesk.main({mains})\n'
    return check(read(head + "\n\n".join(parts) + tail), CATALOG)


def test_a_queue_with_both_ends_is_fine():
    assert problems(WRITE, READ) == ()


def test_a_latest_value_with_both_ends_is_fine():
    write, read_ = WRITE.replace("sent = jobs.put(n)", "jobs.put(n)"), "def two():\n    now = jobs.get()\n"
    assert problems(write, read_, made="jobs = queue.Latest(0)") == ()


@pytest.mark.parametrize(
    ("parts", "mains", "made", "node", "words"),
    [
        ((WRITE,), "one", "queue.Queue()", "one.sent", ("Nobody reads “jobs”", "dropped", "for value in jobs:")),
        (
            (READ,), "two", "queue.Queue()", "two.value",
            ("Nobody puts anything into “jobs”", "ends at once", "jobs.put("),
        ),
        ((WRITE,), "one", "queue.Latest(0)", "one.sent", ("Nobody reads “jobs”", "of no use", "now = jobs.get()")),
        (
            ("def two():\n    now = jobs.get()\n",), "two", "queue.Latest(0)", "two.now",
            ("Nobody puts anything into “jobs”", "keeps its start value", "jobs.put("),
        ),
        (
            ("def one():\n    for value in jobs:\n        sent = jobs.put(value)\n",), "one", "queue.Queue()",
            "one.value",
            ("“one” reads “jobs” and puts into it", "waits for itself", "another queue"),
        ),
    ],
)  # fmt: skip
def test_an_open_end_is_said(parts, mains, made, node, words):
    (found,) = problems(*parts, mains=mains, made=f"jobs = {made}")
    assert (found.severity, found.node, found.kind) == ("warning", node, "queue")
    for word in words:
        assert word in found.message + " " + found.hint


def test_who_uses_it_in_code_or_is_handed_it_is_trusted():
    helper = "def fill(target, x):\n    target.put(x)\n    return x\n"
    assert problems(READ, helper, "def one():\n    sent = fill(jobs, 3)\n") == ()
    assert problems(WRITE, "def two():\n    found = [v for v in jobs]\n") == ()
    assert problems(WRITE, "class Reader:\n    def read(self):\n        return list(jobs)\n", mains="one") == ()


def test_a_function_that_writes_for_others_counts():
    assert problems(READ, "def send(x):\n    sent = jobs.put(x)\n", "def one():\n    s = send(3)\n") == ()


def test_a_name_of_its_own_hides_the_queue():
    hidden = "def two():\n    jobs = [1, 2]\n    for value in jobs:\n        more = maths.add(value, 1)\n"
    assert [p.message for p in problems(WRITE, hidden) if p.kind == "queue"] == [
        "Nobody reads “jobs”: what is put into it is counted and dropped."
    ]


def test_a_queue_inside_a_function_reaches_nobody():
    found = problems("def one():\n    mine = queue.Queue()\n", mains="one", made="a = 1")
    assert [(p.severity, p.node) for p in found] == [("warning", "one.mine")]
    assert "mine = queue.Queue(...)" in found[0].hint


def test_a_queue_of_python_is_told_from_ours():
    head = "import queue\nimport flodesk\nfrom flodesk.nodes import timing\n\njobs = queue.Queue()\n\n\n"
    text = head + WRITE + "\n\ndef two():\n    for value in jobs:\n        x = value\n"
    found = check(read(text + '\n\nif __name__ == "__main__":\n    flodesk.main(one, two)\n'), CATALOG)
    assert [(p.severity, p.node) for p in found] == [("error", "two.value")]
    assert "flodesk.nodes.queue" in found[0].hint


def test_the_input_of_a_put_must_be_wired():
    found = problems("def one():\n    sent = jobs.put()\n", READ)
    assert [(p.kind, p.node) for p in found] == [("open-input", "one.sent")]

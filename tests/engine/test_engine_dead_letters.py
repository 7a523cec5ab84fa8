"""Dead letters: what is kept outlives a kill, and is put back into the turn that it was lost from."""

from __future__ import annotations

import datetime
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.engine.codec import CodecError
from flodesk.engine.events import Failure
from flodesk.engine.headless import Result, run
from flodesk.engine.letters import Letter, Letters, LettersError, keep_inputs, keep_payload
from flodesk.engine.limits import Limits
from flodesk.engine.load import MODULE_NAME

FAILURE = Failure("flow.a", "ValueError", "no", "f.py", 3, "a = b(c)", (("c", "7"),), "Traceback ...")


def letter(*values: object, path: str = "/f.py") -> Letter:
    return Letter("run1", path, "abc", "flow", "flow.k", 3, FAILURE, (keep_payload("flow.k", values),))


# ------------------------------------------------------------------ the store
def test_a_letter_comes_back_as_it_was() -> None:
    store = Letters()
    values = (1, "two", numpy.arange(1e5).reshape(4, -1), {"when": datetime.date(2026, 1, 2), (1, 2): {3.5}})
    given = keep_inputs([("x", numpy.float32(2.5)), ("y", object()), ("big", numpy.zeros(10**6))])
    written = store.write(replace(letter(*values), inputs=given))
    store.close()
    store = Letters()
    found = store.get(written.id)
    assert found is not None
    assert found == written
    back = found.payload[0].value()
    assert back[:2] == values[:2]
    assert numpy.array_equal(back[2], values[2])
    assert back[3] == values[3]
    x, y, big = found.inputs
    assert (x.value(), type(x.value())) == (2.5, numpy.float32)
    assert "object" in y.why
    assert big.summary == "array of 1000000 float64, 0 to 0"
    assert "too large" in big.why
    with pytest.raises(CodecError, match="too large"):
        big.value()
    assert found.returnable
    store.close()


def test_letters_are_found_counted_and_dropped() -> None:
    store = Letters()
    ids = [store.write(letter(n, path=f"/{n % 2}.py")).id for n in range(6)]
    assert [found.id for found in store.find()] == ids
    assert [found.payload[0].summary for found in store.find("/1.py")] == ["1", "3", "5"]
    assert [found.id for found in store.find(ids=[ids[4], ids[1], 99])] == [ids[1], ids[4]]
    assert (store.count(), store.count(["/0.py"]), store.get(99)) == (6, 3, None)
    assert store.drop([ids[0], ids[0], 99]) == 1
    assert store.count() == 5
    store.failed_again(ids[1], "run2", replace(FAILURE, message="still no"))
    again = store.get(ids[1])
    assert again is not None
    assert (again.count, again.run, again.failure.message) == (2, "run2", "still no")
    store.drop(ids)
    assert store.write(letter(1)).id > ids[-1]  # a number is never given twice
    store.close()


def test_a_folder_that_cannot_be_used_is_said_in_words(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "file" / "under"))
    with pytest.raises(LettersError, match="cannot be kept"):
        Letters()


def test_two_programs_write_at_the_same_time() -> None:
    code = "from flodesk.engine.letters import *\nfrom flodesk.engine.events import Failure\n"
    code += "s = Letters()\nfor n in range(40):\n    s.write(Letter('r', '/f', 'h', 'flow', 'flow.k', n, "
    code += "Failure('flow.a', 'E', 'm'), (keep_payload('flow.k', (n,)),)))\ns.close()\n"
    both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    store = Letters()
    assert store.count() == 80
    store.close()


KILLED = """
import sys
from flodesk.engine.headless import run
text = '''# /// script
# [tool.flodesk]
# on_error = "reject"
# ///
import sys
import flodesk
import numpy


def numbers():
    k = 0
    while True:
        yield k, numpy.full(5000, k)
        k += 1


def fail(k, block):
    sys.__stdout__.write(f"{k}\\\\n")
    sys.__stdout__.flush()
    raise ValueError(k)


def flow():
    for k, block in numbers():
        a = fail(k, block)


if __name__ == "__main__":
    flodesk.main(flow)
'''
run(text)
"""


def kill_in_the_middle(turns: int, after: float) -> int:
    """Kill a run that only rejects, a time after some turns; returns how many letters it has left."""
    process = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(turns):
        process.stdout.readline()
    time.sleep(after)  # the moment of the kill is the point
    os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    said = [turns - 1, *(int(line) for line in process.stdout.read().split())]
    process.stdout.close()
    process.wait(20)
    store = Letters()
    found = [store.get(one.id) for one in store.find()]
    store.drop([one.id for one in found if one is not None])
    store.close()
    values = [one.payload[0].value() for one in found if one is not None]
    assert [k for k, _ in values] == list(range(len(values)))
    assert all((block == k).all() and block.shape == (5000,) for k, block in values)
    # a letter is written before the next turn begins: at most the last one that was begun is missing
    assert len(values) >= max(said)
    return len(values)


def test_letters_outlive_a_kill() -> None:
    assert kill_in_the_middle(5, 0.02) > 3


@pytest.mark.long
def test_letters_outlive_kills_at_any_moment() -> None:
    chance = random.Random(7)
    assert sum(kill_in_the_middle(chance.randint(1, 9), chance.uniform(0.0, 0.3)) for _ in range(40)) > 0


# ------------------------------------------------------------------ put back
HEAD = """# /// script
# [tool.flodesk]
# version = 1
# on_error = "reject"
# backoff = 0.001
# ///
import flodesk
from flodesk.nodes import queue

log = []
BAD = {bad}
jobs = queue.Queue()


def note(name, *values):
    log.append((name, *values))
    return len(log)


def picky(x):
    if x in BAD:
        raise ValueError(f"{{x}} is bad")
    log.append(("good", x))
    return x


def upto(n):
    log.append(("upto", n))
    yield from range(n)


def pairs():
    log.append(("pairs",))
    yield from [(1, "a"), (2, "b"), (3, "c")]


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main({mains})\n'


def flow(*lines: str, bad: object = (1, 4), extra: str = "", mains: str = "flow", head: str = HEAD) -> str:
    body = "def flow():\n" + "\n".join(f"    {line}" for line in lines)
    return head.format(bad=set(bad)) + extra + body + TAIL.format(mains=mains)  # type: ignore[call-overload]


def logged() -> list:
    return list(sys.modules[MODULE_NAME].log)


def ids() -> list[int]:
    store = Letters()
    found = [one.id for one in store.find()]
    store.close()
    return found


def counts() -> list[int]:
    store = Letters()
    found = [one.count for one in store.find()]
    store.close()
    return found


def put_back(text: str, numbers: list[int] | None = None) -> Result:
    return run(text, put_back=ids() if numbers is None else numbers)


LINES = ("for k in upto(6):", "    a = picky(k)")


def test_what_passes_vanishes_and_what_fails_again_stays() -> None:
    run(flow(*LINES, bad=(1, 3, 4)))
    assert len(ids()) == 3
    result = put_back(flow(*LINES, bad=(3,)))
    assert logged() == [("good", 1), ("good", 4)]  # the producer is not asked, and nothing else runs
    assert result.message == "finished; 1 of 3 turns of flow.k was rejected"
    assert counts() == [2]
    put_back(flow(*LINES, bad=(3,)))
    assert counts() == [3]
    assert put_back(flow(*LINES, bad=())).reason == "succeeded"
    assert ids() == []


def test_only_those_that_are_named_are_put_back() -> None:
    run(flow(*LINES, bad=(1, 3, 4)))
    first, second, third = ids()
    assert put_back(flow(*LINES, bad=()), [second]).reason == "succeeded"
    assert logged() == [("good", 3)]
    assert ids() == [first, third]


def test_a_letter_is_put_back_in_the_mode_stop_too() -> None:
    run(flow(*LINES, bad=(1, 3)))
    text = flow(*LINES, bad=(1,)).replace('"reject"', '"stop"')
    assert put_back(text).reason == "failed"
    assert logged() == [("good", 3)]
    assert counts() == [2]


def test_several_targets_are_put_back_together() -> None:
    lines = ("for k, name in pairs():", "    a = picky(k)", "    b = note(name, a)")
    run(flow(*lines, bad=(2,)))
    put_back(flow(*lines, bad=()))
    assert logged() == [("good", 2), ("b", 2)]
    assert ids() == []


def test_a_turn_of_an_inner_loop_is_put_back_within_the_turn_around_it() -> None:
    lines = ("for i in upto(3):", "    n = note('outer', i)", "    for j in upto(3):", "        a = picky(10 * i + j)",
             "    for m in upto(2):", "        b = note('other', m)", "    c = note('end', i)")  # fmt: skip
    lines = tuple(line.replace("picky(10 * i + j)", "both(i, j)") for line in lines)
    extra = "def both(i, j):\n    return picky(10 * i + j)\n\n\n"
    run(flow(*lines, bad=(11,), extra=extra))
    result = put_back(flow(*lines, bad=(), extra=extra))
    assert logged() == [("outer", 1), ("good", 11), ("end", 1)]
    assert (result.reason, ids()) == ("succeeded", [])


def test_a_turn_around_an_inner_loop_is_put_back_whole() -> None:
    lines = ("for i in upto(3):", "    for j in upto(2):", "        b = note('inner', i, j)", "    a = picky(i)")
    run(flow(*lines, bad=(1,)))
    put_back(flow(*lines, bad=()))
    assert logged() == [("upto", 2), ("inner", 1, 0), ("inner", 1, 1), ("good", 1)]
    assert ids() == []


def test_a_loop_in_a_subflow_is_put_back_where_it_was() -> None:
    extra = "def part(i):\n    for j in upto(2):\n        a = both(i, j)\n    return i\n\n\n"
    extra += "def both(i, j):\n    return picky(10 * i + j)\n\n\n"
    lines = ("for i in upto(3):", "    b = part(i)", "    c = note('end', b)")
    result = run(flow(*lines, bad=(11,), extra=extra))
    assert result.message == "finished; 1 of 6 turns of part.j was rejected"
    put_back(flow(*lines, bad=(), extra=extra))
    assert logged() == [("good", 11), ("end", 1)]
    assert ids() == []


def test_from_a_queue_and_into_one() -> None:
    def text(bad: str, unread: str) -> str:
        extra = f"def choosy(x):\n    if x in {unread}:\n        raise KeyError(x)\n    return note('read', x)\n\n\n"
        extra += "def report():\n    for value in jobs:\n        b = choosy(value)\n\n\n"
        lines = ("for k in upto(6):", "    a = picky(k)", "    jobs.put(a)")
        return flow(*lines, extra=extra, mains="flow, report").replace("BAD = {1, 4}", f"BAD = {bad}")

    run(text("[4]", "[2]"))
    store = Letters()
    assert sorted(one.function for one in store.find()) == ["flow", "report"]
    store.close()
    result = put_back(text("[]", "[]"))
    assert result.reason == "succeeded", result.message
    # the reader's own letter, and what the other one has put into the queue
    assert sorted(entry for entry in logged() if entry[0] == "read") == [("read", 2), ("read", 4)]
    assert ids() == []


def test_a_function_without_letters_does_not_run() -> None:
    extra = "def other():\n    for k in upto(3):\n        b = note('other', k)\n\n\n"
    run(flow(*LINES, bad=(1,), extra=extra, mains="flow, other"))
    put_back(flow(*LINES, bad=(), extra=extra, mains="flow, other"))
    assert logged() == [("good", 1)]


def test_what_cannot_be_put_back_is_said_before_anything_runs() -> None:
    run(flow(*LINES, bad=(1,)))
    number = ids()[0]
    gone = put_back(flow("for z in upto(6):", "    a = picky(z)"))
    assert f"letter {number} cannot be put back: there is no loop flow.k any more" in gone.message
    assert logged() == []
    assert "there is no dead letter 77" in put_back(flow(*LINES), [77]).message
    renamed = flow(*LINES).replace("def flow", "def stream").replace("main(flow)", "main(stream)")
    assert "the flow runs no function 'flow' any more" in put_back(renamed).message
    twice = flow("for k, z in pairs():", "    a = picky(k)", bad=())
    assert put_back(twice).message == "finished; 1 letter was not put back"
    assert counts() == [1]
    odd = "class Odd:\n    pass\n\n\ndef odd():\n    yield Odd()\n\n\n"
    run(flow("for k in odd():", "    a = picky(note, k)", extra=odd))
    assert "a value of type flodesk_flow.Odd" in put_back(flow("for k in odd():", "    a = note(k)", extra=odd)).message
    assert counts() == [1, 1]


def test_a_stop_in_the_middle_leaves_the_letter_whose_turn_it_was() -> None:
    extra = "from flodesk.public import context\n\n\ndef slow(k):\n    if k == 3:\n        context().sleep(60)\n\n\n"
    lines = (*LINES, "    b = slow(k)")
    run(flow(*LINES, bad=(1, 3, 4)))
    before = ids()
    result = run(flow(*lines, bad=(), extra=extra), put_back=before, limits=Limits(seconds=0.3))
    assert result.reason == "stopped"
    assert ids() == before[1:]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=4), st.integers(1, 10))
def test_letters_that_are_put_back_again_and_again_come_to_what_one_run_would(
    rounds: list[set[int]], many: int
) -> None:
    Letters().drop(ids())
    lines = (f"for k in upto({many}):", "    a = picky(k)")
    good = []
    wanted = list(range(many))
    run(flow(*lines, bad=rounds[0]).replace("set()", "{}"))
    good += [value for name, value in logged() if name == "good"]
    left = [k for k in wanted if k in rounds[0]]
    for bad in rounds[1:]:
        if left:
            put_back(flow(*lines, bad=bad).replace("set()", "{}"))
            assert [value for name, value in logged() if name == "good"] == [k for k in left if k not in bad]
            good += [k for k in left if k not in bad]
            left = [k for k in left if k in bad]
    assert sorted(good + left) == wanted
    assert len(ids()) == len(left)


def test_the_engine_puts_letters_back_in_every_placement(placed) -> None:
    placed.run(flow(*LINES, bad=(1, 3)))
    first, second = ids()
    placed.engine.open(flow(*LINES, bad=()))
    placed.finished.clear()
    placed.engine.start(letters=[second])
    assert placed.wait().reason == "succeeded"
    assert ids() == [first]
    placed.finished.clear()
    placed.engine.start()
    assert placed.wait().reason == "succeeded"
    assert ids() == [first]


def test_what_fails_beside_the_loop_belongs_to_the_letter_that_it_comes_from() -> None:
    extra = "import time\n\n\ndef slow(x):\n    time.sleep(0.02)\n    return picky(x + 100)\n\n\n"
    head = HEAD.replace("# ///\nimport", "# [tool.flodesk.detached.flow]\n# b = 3\n# ///\nimport")
    lines = ("for k in upto(4):", "    a = picky(k)", "    b = slow(a)")
    run(flow(*lines, bad=(0, 1, 2, 3), extra=extra, head=head))
    assert len(ids()) == 4
    result = put_back(flow(*lines, bad=(2, 101), extra=extra, head=head))
    assert result.reason == "failed"
    store = Letters()
    left = {one.payload[0].value()[0]: (one.failure.node, one.count) for one in map(store.get, ids()) if one}
    store.close()
    # put back, the branch runs in its turn: both stay, each with the node that it failed at now
    assert left == {2: ("flow.a", 2), 1: ("flow.b", 2)}
    assert result.message == "finished; 2 of 4 turns of flow.k were rejected"

"""A flow that is played again is not read again: all that follows from its text alone stays, and nothing else does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.flow_text import FlowText
from flodesk.engine.session import Session
from flodesk.engine.table import Table
from flodesk.engine.workfolder import forget_modules_in, leave

SECONDS = 60.0
HEAD = "import flodesk\nfrom flodesk.nodes import maths\n"
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
MADE = "    made.append(1)\n    count = len(made)\n    sum = maths.add(count, 1.0)\n"
COUNTED = HEAD + "\nmade = []\n\n\ndef flow():\n" + MADE + TAIL


class Played:
    """A session, and what its runs have left."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.reason = ""
        self.session = Session(self._take, Table(memoryview(bytearray(1 << 16))))

    def _take(self, head: dict[str, Any], buffers: Any) -> None:
        if head.get("event") == "RunFinished":
            self.reason = head["reason"]
            self.over.set()

    def play(self, text: str, path: str = "", *, part: dict[str, Any] | None = None, turned: str = "") -> FlowText:
        self.over.clear()
        self.session.receive({"c": "open", "text": text, "path": path, "again": True})
        if turned:
            self.session.receive({"c": "set", "node": "flow.a", "parameter": "factor", "text": turned})
        self.session.receive({"c": "start", "run": "r", "part": part} if part else {"c": "start", "run": "r"})
        assert self.over.wait(SECONDS)
        run = self.session._run
        assert run is not None
        assert run.join(SECONDS)
        assert run.loaded is not None, self.reason
        return run.loaded.read

    def value(self, name: str) -> Any:
        run = self.session._run
        assert run is not None
        plan = run.runners["flow"].plan
        return plan.slots[plan.names[name]]


@pytest.fixture
def played() -> Iterator[Played]:
    made = Played()
    yield made
    made.session.close()


def test_the_same_text_is_read_and_compiled_once_and_run_from_its_top_each_time(played: Played) -> None:
    first = played.play(COUNTED)
    code, inside = first.code, first.in_place.of(first.flow.functions["flow"])
    assert played.value("sum") == 2.0
    again = played.play(COUNTED)
    assert again is first
    assert again.code is code
    assert again.in_place.of(again.flow.functions["flow"]) is inside
    assert played.value("sum") == 2.0  # `made` is a new list: the script would begin with one, too


@pytest.mark.parametrize(("old", "new", "sum"), [("1.0", "2.0", 3.0), ("count = len(made)", "count = 7", 8.0)])
def test_another_text_is_read(played: Played, old: str, new: str, sum: float) -> None:
    first = played.play(COUNTED)
    assert played.play(COUNTED.replace(old, new)) is not first
    assert played.value("sum") == sum


def test_a_file_beside_it_that_has_changed_meanwhile_is_looked_into_again(played: Played, tmp_path: Path) -> None:
    beside = tmp_path / "tools.py"
    beside.write_text("def touch(values):\n    return len(values)\n")
    flow = HEAD + "import tools\n\n\ndef flow():\n    values = [1]\n    seen = tools.touch(values)\n" + TAIL
    path = str(tmp_path / "flow.py")
    first = played.play(flow, path)
    assert not first.in_place.of(first.flow.functions["flow"]).changes("seen")
    beside.write_text("def touch(values):\n    values.append(1)\n    return len(values)\n# longer\n")
    second = played.play(flow, path)
    assert second.flow is first.flow
    assert second.in_place.of(second.flow.functions["flow"]).changes("seen")


def test_what_it_calls_is_looked_at_anew_in_each_run(played: Played, tmp_path: Path) -> None:
    """What is remembered of a text says nothing of the functions that its names stand for."""
    beside = tmp_path / "stages_beside.py"
    flow = HEAD + "import stages_beside\n\n\ndef flow():\n    x = maths.add(1.0, 1.0)\n    y = stages_beside.stage(x)\n"
    flow += "    z = stages_beside.stage(y)\n" + TAIL
    path = str(tmp_path / "flow.py")
    nodes = "from flodesk.nodes import maths\n\n\ndef stage(x):\n    a = maths.add(x, 10.0)\n    return a\n"
    read = []
    try:
        for code, value, inside, kind in (
            ("def stage(x):\n    return x + 1.0\n", 4.0, set(), "call"),
            (nodes, 22.0, {"stages_beside.stage"}, "call"),
            ("class stage(float):\n    pass\n", 2.0, set(), "make"),
        ):
            beside.write_text(code)
            read.append(played.play(flow, path).flow)
            plan = played.session._run.runners["flow"].plan  # type: ignore[union-attr]
            assert played.value("z") == value
            assert plan.inner.keys() == inside
            assert {plan.items["y"].kind, plan.items["z"].kind} == {kind}
            forget_modules_in(str(tmp_path))
        assert read[0] is read[1] is read[2]
    finally:
        leave(str(tmp_path))


def test_where_it_stands_is_a_part_of_what_is_read(played: Played, tmp_path: Path) -> None:
    first = played.play(COUNTED)
    moved = played.play(COUNTED, str(tmp_path / "moved.py"))
    assert moved.file.endswith("moved.py")
    assert first.file == "<flow>"


def test_a_value_that_was_made_with_another_parameter_is_known_as_old_after_many_runs(played: Played) -> None:
    """What a literal was set to is a part of where a value is from, also where the text was read before."""
    said: list[str] = []
    take = played.session._send

    def listen(head: dict[str, Any], buffers: Any) -> None:
        if head.get("event") == "LogLine":
            said.append(head["text"])
        take(head, buffers)

    played.session._send = listen
    text = HEAD + "\n\ndef flow():\n    a = maths.scale(1.0, factor=2.0)\n    b = maths.add(a, 1.0)\n" + TAIL
    only = {"which": "node", "node": "flow.b"}
    for _ in range(2):
        played.play(text)
    played.play(text, part=only)
    assert not said
    played.play(text, part=only, turned="5.0")
    assert any("from before a change" in line for line in said), said

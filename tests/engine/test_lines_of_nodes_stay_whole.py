"""Two nodes that print side by side share no line, however they write it."""

from __future__ import annotations

import io
import sys
import threading
from collections import Counter

import pytest

from flodesk.engine import loop
from flodesk.engine.headless import run
from flodesk.engine.lines import WholeLines

TALK = """
import sys
import threading
import flodesk

both = threading.Barrier(2)


@flodesk.node(pure=True)
def talk(name, stream="stdout", n=30):
    for k in range(n):
        both.wait(60)
        for part in (name, " says ", str(k)):
            print(part, end="", file=getattr(sys, stream))
            both.wait(60)
        print(file=getattr(sys, stream))
    print("and", name, end="")
    return n


def flow():
    a = talk("anna", stream="STREAM")
    b = talk("bert", stream="STREAM")


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_nodes_side_by_side_print_whole_lines(
    stream: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "cores", lambda: 2)
    before = sys.stdout, sys.stderr
    result = run(TALK.replace("STREAM", stream))
    assert result.reason == "succeeded", result.message
    assert (sys.stdout, sys.stderr) == before
    printed = getattr(capsys.readouterr(), "err" if stream == "stderr" else "out")
    wanted = Counter(f"{name} says {k}" for name in ("anna", "bert") for k in range(30))
    assert Counter(line for line in printed.splitlines() if "and" not in line) == wanted


def test_functions_side_by_side_are_log_lines_of_their_own_in_the_window(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "cores", lambda: 2)
    assert here.run(TALK.replace("STREAM", "stdout")).reason == "succeeded"
    said = {
        name: [e.text for e in here.lines() if e.node == f"flow.{name[0]}" and "and" not in e.text]
        for name in ("anna", "bert")
    }
    assert said == {name: [f"{name} says {k}" for k in range(30)] for name in ("anna", "bert")}


def test_what_a_line_is() -> None:
    stream = io.StringIO()
    lines = WholeLines(stream)
    assert lines.write("a\nb") == 3
    assert stream.getvalue() == "a\n"
    other = threading.Thread(target=lambda: lines.writelines(["x", "y\n", "z"]))
    other.start()
    other.join()
    assert stream.getvalue() == "a\nxy\n"
    lines.write(" 50 %\r")
    assert stream.getvalue() == "a\nxy\nb 50 %\r", "a line that is written over is seen"
    lines.write("and")
    lines.flush()
    assert stream.getvalue().endswith("\rand"), "what is flushed is seen"
    lines.write("o" * 10_000)
    assert stream.getvalue().endswith("o" * 10_000), "nothing is kept back without end"
    lines.end()
    assert stream.getvalue().endswith("z")
    assert lines.getvalue() == stream.getvalue(), "all else is the stream's own"

"""A failure names the node, the user's own line, and what it was given; the engine's frames are not shown."""

from __future__ import annotations

import asyncio

import pytest

from flodesk.engine.errors import failure, frames_of
from flodesk.engine.events import Failure
from flodesk.engine.headless import Result, run

HEAD = """import flodesk
import numpy as np
from flodesk.nodes import dsp, maths, show, timing


def inner(x):
    raise ValueError("too small")


def outer(x, limit=3, *more, word="w"):
    return inner(x)


def rows(n):
    yield 1
    raise OSError("no more")


class Meter:
    def __init__(self, scale):
        self.scale = scale

    def __call__(self, x):
        return x / self.scale

    def close(self):
        if self.scale == 7:
            raise OSError("cannot close")


"""
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def fail(*lines: str, path: str = "", text: str = "") -> Result:
    body = "def flow():\n" + "\n".join(f"    {line}" for line in lines)
    result = run(text or HEAD + body + TAIL, path)
    assert result.reason == "failed"
    return result


def line_of(fragment: str, *lines: str) -> int:
    text = HEAD + "def flow():\n" + "\n".join(f"    {line}" for line in lines)
    return next(n for n, line in enumerate(text.splitlines(), 1) if fragment in line)


def test_an_error_in_the_users_own_function_names_its_innermost_line() -> None:
    result = fail("a = np.arange(4.0)", "b = outer(a, 5, 'x', word='long')")
    failure = result.failures[0].failure
    assert (failure.node, failure.type, failure.message) == ("flow.b", "ValueError", "too small")
    assert failure.line == line_of("raise ValueError")
    assert failure.code == 'raise ValueError("too small")'
    given = dict(failure.inputs)
    assert list(given) == ["x", "limit", "more[0]", "word"]
    assert "4 float64, 0 to 3" in given["x"]
    assert given["limit"] == "5"
    assert failure.traceback.count("File") == 3
    assert "b = outer(a, 5, 'x', word='long')" in failure.traceback
    assert "flodesk/engine" not in failure.traceback.replace("\\", "/")
    assert result.message == f"flow.b failed: ValueError: too small (<flow>, line {failure.line})"


def test_an_error_in_a_node_of_ours_names_the_line_that_calls_it() -> None:
    lines = ["for t in timing.count(3):", "    a = timing.every(-1.0)", "    b = maths.add(t, 'x')"]
    failure = fail(*lines).failures[0].failure
    assert failure.node == "flow.b"
    assert failure.line == line_of("b = maths.add", *lines)
    assert failure.code == "b = maths.add(t, 'x')"


def test_a_producer_that_raises_is_named() -> None:
    lines = ["for r in rows(3):", "    a = abs(r)"]
    failure = fail(*lines).failures[0].failure
    assert (failure.node, failure.message, failure.line) == ("flow.r", "no more", line_of("raise OSError"))
    assert failure.inputs == (("n", "3"),)


def test_an_object_names_the_method_and_its_inputs() -> None:
    lines = ["meter = Meter(0)", "volts = abs(-3)", "read = meter(volts)"]
    failure = fail(*lines).failures[0].failure
    assert (failure.node, failure.type) == ("flow.read", "ZeroDivisionError")
    assert failure.inputs == (("x", "3"),)
    assert failure.line == line_of("return x / self.scale")


def test_a_switch_and_a_code_node_name_their_line() -> None:
    lines = ["a = abs(3)", "if a / 0:", "    b = abs(1)"]
    failure = fail(*lines).failures[0].failure
    assert (failure.node, failure.line) == ("flow.if_1", line_of("if a / 0", *lines))
    assert failure.inputs == (("a", "3"),)
    lines = ["a = abs(3)", "b = [", "    a,", "    a / 0,", "]"]
    failure = fail(*lines).failures[0].failure
    assert failure.node.startswith("flow.")
    assert failure.line == line_of("a / 0,", *lines)
    assert failure.inputs == (("a", "3"),)


def test_closing_that_fails_is_a_failure_too() -> None:
    result = fail("meter = Meter(7)", "read = meter(14)")
    assert result.failures[0].failure.node == "flow.meter"
    assert "cannot close" in result.message


def test_an_error_that_cannot_be_printed() -> None:
    text = HEAD.replace('ValueError("too small")', "Odd()").replace(
        "def inner", "class Odd(Exception):\n    def __str__(self):\n        return 1 / 0\n\n\ndef inner"
    )
    failure = fail(text=text + "def flow():\n    b = outer(1)\n" + TAIL).failures[0].failure
    assert failure.message == "Odd"


def test_a_missing_key_is_said_in_words() -> None:
    assert "there is no 'speed'" in fail("b = dict.__getitem__({}, 'speed')").message


def test_a_module_beside_the_flow_is_the_users_own(tmp_path) -> None:
    (tmp_path / "my_things_for_a_test.py").write_text("def half(x):\n    y = x // 0\n    return y\n")
    path = tmp_path / "flow.py"
    text = "import flodesk\nimport my_things_for_a_test as mine\n\n\ndef flow():\n    a = mine.half(3)\n" + TAIL
    path.write_text(text)
    failure = run(text, str(path)).failures[0].failure
    assert failure.file == str(tmp_path / "my_things_for_a_test.py")
    assert (failure.line, failure.code) == (2, "y = x // 0")


@pytest.mark.parametrize(
    ("lines", "words", "node"),
    [
        (["a = maths.ad(1, 2)"], "maths.ad is not there: the module flodesk.nodes.maths has no 'ad'", "flow.a"),
        (["a = nothing(1)"], "nothing is not there: name 'nothing' is not defined", "flow.a"),
        (["a = np.pi(1)"], "np.pi is no function: it is a float", "flow.a"),
        (["a = abs(np.nothing)"], "np.nothing is not there", "flow.a"),
        (
            ["if abs(1):", "    a = 1; yield 3"],
            "yield cannot be run in a flow",
            "flow.code_1",
        ),
    ],
)
def test_what_cannot_run_is_refused_at_its_node(lines: list[str], words: str, node: str) -> None:
    result = fail(*lines)
    assert words in result.message
    assert result.failures[0].failure.node.startswith(node)
    assert result.failures[0].failure.line == line_of(lines[-1].strip(), *lines)


def test_what_else_cannot_run_is_refused_in_words() -> None:
    queue = "import queue\nimport flodesk\n\njobs = queue.Queue()\n\n\n"
    queue += "def flow():\n    for job in jobs:\n        a = abs(job)\n"
    assert "between loops take a Queue of flodesk.nodes.queue" in fail(text=queue + TAIL).message
    parameter = "import flodesk\n\n\ndef flow(n):\n    a = abs(n)\n"
    assert "a parameter 'n' without a default" in fail(text=parameter + TAIL).message
    assert "nothing to run" in fail(text="import flodesk\n\nflodesk.main(abs)\n\n\ndef flow():\n    pass\n").message


def test_a_module_that_raises_names_its_line() -> None:
    result = fail(text="import flodesk\n\nx = 1 / 0\n\n\ndef flow():\n    pass\n" + TAIL)
    assert result.message == "The flow's file failed to load: ZeroDivisionError: division by zero (<flow>, line 3)"
    assert result.failures[0].failure.node == ""


def test_a_file_that_starts_itself_whatever_its_name_does_so_once() -> None:
    result = fail(text="import flodesk\n\n\ndef flow():\n    a = abs(3)\n\n\nflodesk.main(flow)\n")
    assert 'if __name__ == "__main__": flodesk.main(flow)' in result.message
    assert "flow's file failed to load" in fail(text="raise SystemExit(3)\n").message


def test_a_flow_function_with_defaults_runs_with_them() -> None:
    result = run("import flodesk\n\n\ndef flow(n=-4, *rest, **named):\n    a = abs(n)\n" + TAIL)
    assert result.values["flow.a"] == 4


def test_frames_of_what_carries_a_node_are_cut_and_those_that_it_calls_stay() -> None:
    text = HEAD + "import asyncio\n\n\nasync def work():\n    await asyncio.sleep(0)\n    inner(1)\n\n\n"
    text += "def go(x):\n    return asyncio.run(work())\n\n\ndef flow():\n    a = go(1)\n" + TAIL
    failure = fail(text=text).failures[0].failure
    # the node itself has called asyncio: its frames stay, and the line is the user's innermost
    assert "asyncio" in failure.traceback
    assert failure.code == 'raise ValueError("too small")'
    space: dict = {"asyncio": asyncio, "inner": lambda x: 1 / x}
    exec(compile("async def work():\n    inner(0)\n", "<flow work>", "exec"), space)
    try:
        asyncio.run(space["work"]())
    except ZeroDivisionError as error:
        names = [frame.f_code.co_filename for frame, _ in frames_of(error.__traceback__.tb_next)]
    assert names == ["<flow work>", __file__]


def test_a_failure_that_was_told_by_another_process_keeps_its_words_and_its_line() -> None:
    told = Failure("", "OSError", "no disk", "/there/mine.py", 7, "open(x)", (), "Traceback (there):\n  x\nOSError")
    error = RuntimeError("whatever")
    error.__flodesk_failure__ = told  # type: ignore[attr-defined]
    found = failure("flow.a", error, file="f.py", line=3, inputs=(("x", "7"),))
    assert (found.node, found.type, found.file, found.line) == ("flow.a", "OSError", "/there/mine.py", 7)
    assert found.inputs == (("x", "7"),)
    assert found.traceback.splitlines()[:2] == ["Traceback (there):", '  File "f.py", line 3, in flow']


def test_text_that_is_no_python_names_its_line_once() -> None:
    message = fail(text="import flodesk\n\n\ndef flow():\n    a = = 3\n").message
    assert message == "The flow's file failed to load: ScriptError: this is not Python: invalid syntax (<flow>, line 5)"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("dsp.rms(None)", "signal is None: there is nothing to measure"),
        ("dsp.rms('abc')", "signal is str and cannot be read as numbers"),
        ("dsp.peak([], [])", "there are no points to search: x and y are empty"),
        ("dsp.peak([1, 2], [1, 2], lower=5.0)", "no point of the 2 is above 5 and has a finite height: widen"),
        ("dsp.peak([1, 2], [1, 2], upper=0.0)", "no point of the 2 is below 0"),
    ],
)
def test_nodes_say_in_words_what_they_cannot_measure(call: str, words: str) -> None:
    assert words in fail(f"a = {call}").message

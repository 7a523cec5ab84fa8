"""A place of another package: found by its entry point, chosen in the header, run by the protocol."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from flodesk.engine.errors import PlanError
from flodesk.engine.headless import run
from flodesk.engine.places.bench import Bench
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.script import read

PACKAGE = '''
"""A place that does its work in this very process, but sends every value through the codec."""
import json

from flodesk.engine.codec import decode, encode
from flodesk.engine.places.bench import Bench
from flodesk.engine.places.protocol import Answer

made = []


def travel(value):
    head, buffers = encode(value)
    return decode(json.loads(json.dumps(head)), [bytes(part) for part in buffers])


class Seat:
    def __init__(self, opened):
        self.bench = Bench(opened.say)
        self.opened = opened
        self.reopen(opened)

    def reopen(self, opened):
        self.cells = memoryview(bytearray(8 * opened.cells)).cast("q")
        self.bench.open("key", opened.run, opened.text, opened.path, opened.function, self.cells)

    def start(self, job):
        values = {}
        given = {name: travel(value) for name, value in job.given.items()}
        literals = [(node, key, travel(value)) for node, key, value in job.literals]
        answer = self.bench.call(
            "key", job.function, job.items, given, literals, job.wanted,
            lambda name, value: values.update({name: travel(value)}),
        )
        ended = answer.failed is not None or answer.stopped
        self.done = answer if ended else Answer(values)

    def answer(self):
        done, self.done = self.done, None
        return done

    def interrupt(self, hard):
        self.bench.control.stop()

    def end(self):
        pass

    def close(self):
        return self.bench.close("key")


class Echo:
    def __init__(self, settings, folder):
        made.append((self, dict(settings), folder))
        self.closed = False

    def seat(self, opened):
        return Seat(opened)

    def extra(self, opened):
        return None

    def wait(self, seats, seconds):
        pass

    def close(self):
        self.closed = True
'''

FLOW = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.places.flow]
# mean = "echo"
# b = "echo"
#
# [tool.flodesk.echo]
# speed = 3
# ///
import flodesk
from flodesk.nodes import maths, statistics, timing


def flow():
    mean = statistics.RunningMean(window=2)
    for i in timing.count(4):
        a = maths.add(i, 1)
        smooth = mean(a)
        b = maths.scale(smooth, factor=FACTOR)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    (tmp_path / "flodesk_echo.py").write_text(PACKAGE)
    info = tmp_path / "flodesk_echo-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: flodesk-echo\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[flodesk.places]\necho = flodesk_echo:Echo\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("flodesk_echo")
    sys.modules.pop("flodesk_echo", None)


def test_a_place_of_another_package_runs_segments(echo: object) -> None:
    text = FLOW.replace("FACTOR", "10.0")
    assert check(read(text), Catalog.builtin()) == ()
    away = run(text, "", keep_values=True)
    here = run(text.replace('"echo"', '"local"'), "", keep_values=True)
    assert (away.reason, away.message) == ("succeeded", "")
    assert away.values["flow.b"] == here.values["flow.b"] == 35.0
    [(place, settings, _)] = echo.made  # type: ignore[attr-defined]
    assert settings == {"speed": 3}
    assert place.closed


def test_a_failure_there_is_told_as_everywhere(echo: object) -> None:
    away = run(FLOW.replace("FACTOR", "'x'"), "", keep_values=True)
    here = run(FLOW.replace("FACTOR", "'x'").replace('"echo"', '"local"'), "")
    told, plain = away.failures[0].failure, here.failures[0].failure
    assert (told.node, told.type, told.message, told.inputs) == (plain.node, plain.type, plain.message, plain.inputs)
    assert (told.line, told.code) == (plain.line, plain.code)


def test_without_the_package_the_checker_and_the_run_say_so() -> None:
    text = FLOW.replace("FACTOR", "10.0")
    found = check(read(text), Catalog.builtin())
    assert {problem.node for problem in found} == {"flow.mean", "flow.b"}
    assert all("there is no such place" in problem.message for problem in found)
    result = run(text)
    assert result.reason == "failed"
    assert "there is no place “echo”; there are local, process, dask" in result.message


# ------------------------------------------------------------------ the one in the guide, and broken ones
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "elsewhere.md"


def installed(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (folder / f"my_{name}.py").write_text(code)
    info = folder / f"my_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: my-{name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[flodesk.places]\n{name} = my_{name}:Pool\n")
    monkeypatch.syspath_prepend(str(folder))


def test_the_place_of_the_guide_runs_nodes_and_whole_flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = GUIDE.read_text(encoding="utf-8").split("## Places of your own")[1].split("```python\n")[1].split("```")[0]
    installed(tmp_path, code, monkeypatch, "pool")
    text = FLOW.replace("FACTOR", "10.0").replace('"echo"', '"pool"').replace("speed = 3", "threads = 2")
    away = run(text, "", keep_values=True)
    assert (away.reason, away.message) == ("succeeded", "")
    assert away.values["flow.b"] == 35.0
    body = "    a = maths.add(1, 2)\n    t = thread(a)\n"
    top = "import flodesk\nimport threading\nfrom flodesk.nodes import maths\n\n\n"
    top += "def thread(x):\n    return threading.current_thread().name\n"
    text = f'{top}\n\ndef flow():\n{body}\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
    whole = run(text, "", keep_values=True, place="pool")
    assert (whole.reason, whole.message) == ("succeeded", "")
    assert whole.values["flow.t"].startswith("pool_")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nothing_of_that_name\n", "No module named 'nothing_of_that_name'"),
        ("class Pool:\n    def __init__(self, settings, folder):\n        raise OSError('no cable')\n", "no cable"),
        ("class Pool:\n    def __init__(self, *a):\n        pass\n    def close(self):\n        pass\n", "seat"),
    ],
)
def test_a_broken_place_is_told(code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"broken{len(code)}"
    installed(tmp_path, code, monkeypatch, name)
    text = FLOW.replace("FACTOR", "10.0").replace('"echo"', f'"{name}"').replace("flodesk.echo", f"flodesk.{name}")
    result = run(text, "")
    assert result.reason == "failed"
    assert said in f"{result.message} {[f.failure.message for f in result.failures]}"


def test_a_function_that_has_other_nodes_there_is_refused_in_words() -> None:
    bench = Bench(lambda node, level, text: None)
    text = "def flow():\n    a = abs(-1)\n    b = abs(a)\n"
    cells = memoryview(bytearray(8 * 3)).cast("q")
    with pytest.raises(PlanError, match="it has other nodes where it shall run than here"):
        bench.open("key", "run", text, "", "flow", cells)

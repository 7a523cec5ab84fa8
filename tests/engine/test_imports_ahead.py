"""What a flow will import is imported before it runs: what its nodes name, and nothing that the library has besides."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from flodesk.engine.ahead import modules
from flodesk.resource import resource


def heavy(text: str) -> set[str]:
    return {name.partition(".")[0] for name in modules(text)} & {"scipy", "pandas", "statsmodels"}


def test_only_what_the_nodes_of_a_flow_import_is_found() -> None:
    assert heavy(resource("examples/noisy_sine.py").read_text("utf-8")) == {"scipy"}
    assert heavy("from flodesk.nodes import source\n\n\ndef flow():\n    x = source.sine(0.0)\n") == set()
    assert heavy("from flodesk.nodes.table import totals as sums\n") == {"pandas"}
    assert heavy("import flodesk.nodes.dsp\n\n\ndef flow(x):\n    y = flodesk.nodes.dsp.spectrum(x)\n") == {"scipy"}


def test_nothing_is_imported_for_what_is_not_the_librarys_or_cannot_be_read() -> None:
    assert not list(modules("import scipy.signal\nimport pandas\n"))
    assert not list(modules("from flodesk.nodes import nothing\nx = nothing.at_all\n"))
    assert not list(modules("def flow(:\n"))


@pytest.mark.parametrize(
    "line",
    [
        "x = a" + ".b" * 2000,
        "x = a" + ".b()" * 600,
        "x = " + "+".join(["a.b"] * 5000),
        "x = " + "(" * 150 + "1" + ")" * 150,
    ],
)
def test_a_line_that_is_nested_deeply_ends_no_search(line: str) -> None:
    list(modules(f"from flodesk.nodes import dsp\n{line}\n"))
    assert heavy(f"from flodesk.nodes import dsp\nx = a{'.b' * 900}\ny = dsp.butterworth(1)\n") == {"scipy"}


FLOW = """
import sys
import flodesk
from flodesk.nodes import {module}, timing


def ahead() -> list:
    return [name for name in ("scipy.signal", "pandas") if name in sys.modules]


def flow():
    for tick in timing.every(0.01):
        there = ahead()
        if tick < 0:
            unused = {call}


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize(
    ("module", "call", "there"),
    [
        ("dsp", "dsp.butterworth(tick)", ["scipy.signal"]),
        ("table", 'table.totals(tick, value="a", by="b")', ["pandas"]),
    ],
)
def test_the_engine_has_what_the_flow_needs_and_no_more(eager: Any, module: str, call: str, there: list[str]) -> None:
    eager.engine.watch({"flow.there"}, set())
    eager.start(FLOW.format(module=module, call=call))
    eager.until(lambda: eager.value("flow.there") == there)


def test_pyside_reads_no_sources() -> None:
    code = (
        "import linecache, flodesk.engine.host\n"
        "import flodesk.nodes.table\n"
        "print(sum(name.endswith('picking.py') for name in linecache.cache))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


LIVE = """
import sys
import flodesk
from flodesk.nodes import {modules}


def there(tick: int) -> bool:
    return "scipy.signal" in sys.modules


def flow():
    for tick in timing.every(0.01):
        before = there(tick)
        wave = source.sine(tick)
{new}        after = there(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_what_a_node_needs_that_comes_into_a_running_loop_is_imported_before_it_does(host: Any) -> None:
    host.engine.watch({"flow.before", "flow.first"}, set())
    host.start(LIVE.format(modules="source, timing", new=""))
    host.until(lambda: host.value("flow.before") is not None)
    assert host.value("flow.before") is False, "a process that imports nothing ahead"
    new = "        clean = dsp.butterworth(wave)\n        first = collected(before)\n"
    text = LIVE.format(modules="dsp, source, timing", new=new)
    kept = "KEPT = []\n\n\ndef collected(before: bool) -> bool:\n    KEPT.append(before)\n    return KEPT[0]\n\n\n"
    host.engine.swap(text.replace("def flow()", f"{kept}def flow()", 1))
    host.until(lambda: host.value("flow.first") is not None)
    assert host.value("flow.first") is True, "in the first turn with the new node it was there"
    host.stop()

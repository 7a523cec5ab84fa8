"""The example in a node's help becomes a flow without a problem, which runs as plain Python and shows what it gives."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from flodesk.flow.catalog import OURS, Catalog
from flodesk.flow.check import check
from flodesk.flow.example_flow import _ELSEWHERE, example_flow, example_of
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
FLOWS = {path: text for path, spec in CATALOG.specs.items() if (text := example_flow(spec, CATALOG))}


def body(name: str) -> str:
    return FLOWS[f"{OURS}.{name}"].partition("def flow():\n")[2].partition("\n\n\nif ")[0]


def run(text: str) -> str:
    """Run a flow as a script, and return what it prints."""
    names: dict[str, object] = {}
    said = StringIO()
    with redirect_stdout(said):
        exec(compile(text, "<flow>", "exec"), names)
        names["flow"]()  # type: ignore[operator]
    return said.getvalue()


def test_every_node_has_one_that_needs_no_files_devices_or_loops_beside_it() -> None:
    without = {
        path
        for path, spec in CATALOG.specs.items()
        if path not in FLOWS and example_of(spec) and "path" not in {parameter.type for parameter in spec.parameters}
    }
    assert {path.split(".")[2] for path in without} <= _ELSEWHERE, without


@pytest.mark.parametrize("path", FLOWS)
def test_it_has_the_node_and_no_problem(path: str) -> None:
    flow = read(FLOWS[path])
    assert write(flow) == FLOWS[path]
    assert [problem.message for problem in check(flow, CATALOG) if problem.severity == "error"] == []
    assert path in {node.type for node in picture(flow, CATALOG, "flow").nodes.values()}


def test_calls_of_nodes_are_nodes_and_what_they_give_is_shown() -> None:
    assert body("dsp.butterworth") == (
        "    noisy = Waveform(np.array([1.0, 3.0] * 200), dt=0.001)\n"
        "    butterworth = dsp.butterworth(noisy, cutoff=20.0)\n"
        "    result = butterworth.y[200:204].round(3)\n"
        "    print(result)\n"
        "    shown = show.line(butterworth)"
    )
    assert body("timing.every") == "    for turn in timing.every(0.01):\n        shown = show.number(turn)"
    assert "    rows.add(0.0, 1.5)\n" in body("collect.Table"), "what says nothing is not printed"
    assert body("maths.round").endswith("    print(round_1)"), "round is Python's own word"


def _runs(path: str) -> bool:
    return CATALOG.specs[path].role != "producer"


@pytest.mark.parametrize("path", [path for path in FLOWS if _runs(path) and path.split(".")[2] in ("maths", "text")])
def test_it_runs_as_plain_python(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(FLOWS[path])
    assert list(tmp_path.iterdir()) == [], "a try leaves nothing behind"


@pytest.mark.long
@pytest.mark.parametrize("path", [path for path in FLOWS if _runs(path)])
@pytest.mark.filterwarnings("ignore")
def test_all_run_as_plain_python(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(FLOWS[path])
    assert list(tmp_path.iterdir()) == []


def test_one_that_needs_more_than_itself_is_for_reading_only() -> None:
    for name in ("file.read_csv", "record.Csv", "visa.poll", "queue.Queue"):
        assert f"{OURS}.{name}" not in FLOWS
    assert example_of(CATALOG.specs[f"{OURS}.visa.poll"])


def test_a_node_without_an_example_or_from_elsewhere_has_none() -> None:
    spec = CATALOG.specs[f"{OURS}.maths.add"]
    assert example_of(spec)
    assert example_of(replace(spec, help=spec.summary)) == ""
    for other in (
        replace(spec, help=spec.summary),
        replace(spec, help=f"{spec.summary}\n\nExamples\n--------\n>>> maths.add(1,"),
        replace(spec, help=f"{spec.summary}\n\nExamples\n--------\n>>> 1 + 1\n2"),
        replace(spec, path="scipy.signal.medfilt"),
    ):
        assert example_flow(other, CATALOG) == ""

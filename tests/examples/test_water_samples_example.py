"""The water samples: two that compete share the work, and nobody can say how; together they do each sample once."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
from typing import Any

import pytest

from flodesk.engine.headless import run


def nitrate(sample: int) -> float:
    """10 mg/l and half of it up and down, once in 24 samples: 0.46 of absorbance are 10 mg/l."""
    return 10.0 + 5.0 * math.sin(math.tau * sample / 24)


def check(rows: list[tuple[int, str, float]]) -> None:
    assert sorted(sample for sample, _, _ in rows) == list(range(1, 25)), "each sample is measured once"
    assert {who for _, who, _ in rows} <= {"old", "new"}
    assert [value for *_, value in rows] == pytest.approx([nitrate(sample) for sample, _, _ in rows])
    assert sum(value for *_, value in rows) / 24 == pytest.approx(10.0), "of whole turns of a sine"


@pytest.fixture
def text(examples) -> str:
    return (examples / "water_samples.py").read_text(encoding="utf-8")


def test_each_sample_is_measured_once_whoever_does_it(text):
    result = run(text, keep_values=True)
    assert result.reason == "succeeded", result.message
    table = result.values["report.ordered"]
    assert list(table["sample"]) == list(range(1, 25))
    check(list(table.itertuples(index=False, name=None)))
    tally = dict(result.values["report.tally"].itertuples(index=False, name=None))
    assert sum(tally.values()) == 24
    assert result.indicators["report.number"].value == 24
    assert result.indicators["report.mean"].value == pytest.approx(10.0)
    assert result.summary()[:2] == ["samples: 24 put in, 24 read", "results: 24 put in, 24 read"]


def test_who_fails_leaves_the_rest_to_the_other(text):
    broken = text.replace(
        "    absorbance =", '    assert photometer == "new" or sample < 0, "the lamp is dark"\n    absorbance ='
    )
    result = run(broken, keep_values=True)
    assert result.reason == "failed"
    assert [event.failure.node for event in result.failures] == ["old.reading"]
    table = result.values["report.ordered"]
    assert set(table["by"]) == {"new"}
    assert len(table) == 23, "the one that it had in hand is lost, and the run has failed"


def test_plain_threads_do_the_same(text):
    space: dict[str, Any] = {"__name__": "plain"}
    exec(compile(text, "water_samples.py", "exec"), space)
    rows: list[tuple[int, str, float]] = []
    rest = [threading.Thread(target=space[name]) for name in ("arrive", "old", "new")]
    report = threading.Thread(target=lambda: rows.extend(space["results"]))
    for thread in (report, *rest):
        thread.start()
    rest[0].join(20)
    space["samples"].close()  # in a run the engine does it
    for thread in rest[1:]:
        thread.join(60)
    space["results"].close()
    report.join(20)
    assert not any(thread.is_alive() for thread in (report, *rest))
    check(rows)


def test_python_and_flodesk_say_the_same(examples):
    path = str(examples / "water_samples.py")
    said = [
        subprocess.run([sys.executable, *how, path], capture_output=True, text=True, check=True, timeout=60).stdout
        for how in ([], ["-m", "flodesk", "run"])
    ]
    # which sample a photometer has had last is the one thing that nobody knows before
    plain = [[line for line in one.splitlines() if ".busy" not in line] for one in said]
    assert plain[0] == plain[1]
    assert "report.mean (Mean): 10 mg/l" in plain[0]

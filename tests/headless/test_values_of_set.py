"""``--set`` with a name that there is not, or beyond the limits of a control: said, and nothing is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from flodesk.cli import main

FLOW = """\
import flodesk
from flodesk.nodes import control, maths, show


def flow():
    cutoff = control.slider(20.0, minimum=1.0, maximum=200.0, unit="Hz")
    open_one = control.number(3.0)
    total = maths.scale(cutoff, factor=2.0)
    meter = show.number(total)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("cutoff.valu=3", "cutoff has no parameter “valu”; it has value, minimum, maximum"),
        ("cutoff.value=999", "cutoff.value = 999 is beyond what the control allows, 1 to 200"),
        ("cutoff.value=0.5", "cutoff.value = 0.5 is beyond what the control allows, 1 to 200"),
        ("total.faktor=2", "total has no parameter “faktor”; it has "),
        ("nothing.value=2", "there is no node “nothing”"),
    ],
)
def test_what_cannot_be_set_is_said_and_nothing_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], setting: str, said: str
) -> None:
    path = tmp_path / "flow.py"
    path.write_text(FLOW, encoding="utf-8")
    assert main(["run", str(path), "--set", setting]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "meter" not in printed.out


@pytest.mark.parametrize("setting", ["cutoff.value=1", "cutoff.value=200", "open_one.value=1e9", "total.factor=-4"])
def test_what_is_within_the_limits_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str], setting: str) -> None:
    path = tmp_path / "flow.py"
    path.write_text(FLOW, encoding="utf-8")
    assert main(["run", str(path), "--set", setting]) == 0
    assert "meter" in capsys.readouterr().out


def test_limits_that_are_set_too_count(tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_text(FLOW, encoding="utf-8")
    assert main(["run", str(path), "--set", "cutoff.maximum=1000", "--set", "cutoff.value=999"]) == 0

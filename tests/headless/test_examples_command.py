"""The examples and the commands as somebody finds them who has a terminal and knows no path."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flodesk.cli import COMMANDS, GROUPS, afar
from flodesk.cli.worker import USUAL
from flodesk.resource import resource


def flodesk(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flodesk", *arguments],
        env={**os.environ, "COLUMNS": "100", **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path))
    return tmp_path / "examples"


def test_every_command_has_a_line_of_its_own_in_the_help() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(COMMANDS)
    lines = [line.split()[0] for line in flodesk("--help").stdout.splitlines() if line.startswith("  ")]
    assert [name for name in lines if name in COMMANDS] == grouped


def test_each_example_is_listed_and_one_that_is_named_is_copied_and_runs(copies: Path) -> None:
    listed = flodesk("examples").stdout
    for path in resource("examples").glob("*.py"):
        assert f"\n  {path.stem} " in listed
    done = flodesk("examples", "sunspots")
    assert done.stdout.strip() == str(copies / "sunspots.py")
    assert flodesk("run", done.stdout.strip(), "--no-history").returncode == 0
    wrong = flodesk("examples", "sunspotz")
    assert wrong.returncode == 3
    assert "Did you mean: flodesk examples sunspots?" in wrong.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "sunspots"), "An example is called sunspots: "),
        (("check", "sunspot.py"), "The example of the nearest name is sunspots: "),
        (("sunspots.py",), "An example is called sunspots: "),
        (("sunspots",), "An example is called sunspots: "),
    ],
)
def test_a_name_where_a_path_is_meant_is_told_the_command_and_nothing_is_copied(
    copies: Path, words: tuple[str, ...], told: str
) -> None:
    assert f"{told}flodesk examples sunspots copies it" in flodesk(*words).stderr
    assert not copies.exists()


def test_a_copy_that_was_changed_stays_and_the_next_is_another(copies: Path) -> None:
    first = Path(flodesk("examples", "orders").stdout.strip())
    again = flodesk("examples", "orders")
    assert (Path(again.stdout.strip()), again.stderr) == (first, "")
    mine = first.read_text(encoding="utf-8") + "# my own change\n"
    first.write_text(mine, encoding="utf-8")
    done = flodesk("examples", "orders")
    second = Path(done.stdout.strip())
    assert f"{copies} has what was changed" in done.stderr
    assert flodesk("run", str(second), "--no-history").returncode == 0
    assert flodesk("examples", "orders").stdout == done.stdout
    (second.parent / "orders.csv").write_text("mine", encoding="utf-8")
    third = Path(flodesk("examples", "orders").stdout.strip())
    assert [path.parent for path in (first, second, third)] == [copies, copies / "2", copies / "3"]
    assert first.read_text(encoding="utf-8") == mine
    assert (second.parent / "orders.csv").read_text(encoding="utf-8") == "mine", "the data that it reads, too"


def test_a_name_of_nothing_is_told_where_the_examples_are(copies: Path) -> None:
    assert "flodesk examples lists the flows" in flodesk("run", "xyzzy").stderr
    assert "examples" not in flodesk("run", "there/xyzzy.py").stderr
    assert not copies.exists()


def test_no_server_is_told_with_what_to_do(copies: Path) -> None:
    done = flodesk("queues", "--redis", "redis://127.0.0.1:1/0")
    assert done.returncode == 3
    assert "redis://127.0.0.1:1/0: " in done.stderr
    assert "Error 111" not in done.stderr
    assert "Is it running there" in done.stderr


def test_who_has_named_no_server_is_told_how_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(afar, "local_place", lambda: "")
    afar.hint_at_server("queues", USUAL)
    assert "no server was named" in capsys.readouterr().err
    afar.hint_at_server("queues", "redis://elsewhere:6379/0")
    assert capsys.readouterr().err == ""

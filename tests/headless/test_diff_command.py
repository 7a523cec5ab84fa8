"""``flodesk diff``: two files, or one and what git has of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flodesk.cli import main
from flodesk.engine.committed import NotCommittedError, committed

FLOW = """\
import flodesk
from flodesk.nodes import maths, show, source


def flow():
    signal = source.sine(frequency=5.0)
    louder = maths.scale(signal, factor=2.0)
    chart = show.line(louder)


if __name__ == "__main__":
    flodesk.main(flow)
"""
OTHER = FLOW.replace("factor=2.0", "factor=3.0").replace("    chart = show.line(louder)\n", "")
SAME, DIFFERENT, TROUBLE = 0, 1, 2


def git(folder: Path, *arguments: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = clean | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.autocrlf=false")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit of ``flow.py``; the file is as it was committed."""
    git(tmp_path, "init", "-q")
    (tmp_path / "flow.py").write_text(FLOW, encoding="utf-8")
    git(tmp_path, "add", "flow.py")
    git(tmp_path, "commit", "-q", "-m", "a flow")
    return tmp_path


def two(folder: Path, old: str = FLOW, new: str = OTHER) -> list[str]:
    for name, text in (("old.py", old), ("new.py", new)):
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / "old.py"), str(folder / "new.py")]


def test_two_files_are_compared_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = two(tmp_path)
    assert main(["diff", *files]) == DIFFERENT
    assert capsys.readouterr().out.splitlines() == [
        f"{files[0]} → {files[1]}: 1 removed, 1 changed",
        "",
        "In flow",
        "  ~ “louder”: factor 2.0 → 3.0",
        "  - “chart” was removed: chart = show.line(louder)",
    ]


def test_the_same_flow_is_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *two(tmp_path, FLOW, FLOW)]) == SAME
    assert "no differences" in capsys.readouterr().out


def test_json_names_each_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = two(tmp_path)
    assert main(["diff", "--json", *files]) == DIFFERENT
    told = json.loads(capsys.readouterr().out)
    assert [told["old"], told["new"]] == files
    assert told["differences"][0] == {
        "kind": "parameter", "was": "flow.louder", "now": "flow.louder", "part": "factor", "old": "2.0", "new": "3.0",
        "words": "“louder”: factor 2.0 → 3.0",
    }  # fmt: skip
    assert told["differences"][1]["now"] is None


def test_the_logic_alone(tmp_path: Path) -> None:
    moved = "# /// script\n# dependencies = []\n#\n# [tool.flodesk.canvas.flow]\n# chart = [0, 0]\n# ///\n"
    assert main(["diff", *two(tmp_path, moved + FLOW, moved.replace("0, 0", "9, 9") + FLOW)]) == DIFFERENT
    assert main(["diff", "--logic", *two(tmp_path, moved + FLOW, moved.replace("0, 0", "9, 9") + FLOW)]) == SAME
    noted = moved.replace("# ///\n", '# [tool.flodesk.notes.flow]\n# n = { at = [0, 0, 9, 9], text = "Why" }\n# ///\n')
    assert main(["diff", "--logic", *two(tmp_path, moved + FLOW, noted + FLOW)]) == SAME
    assert main(["diff", *two(tmp_path, moved + FLOW, noted + FLOW)]) == DIFFERENT
    assert main(["diff", "--logic", *two(tmp_path)]) == DIFFERENT


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "there is no file"),
        (b"def f(:\n", "new.py, line 1 is no Python script"),
        (b"\x89PNG\r\n\x1a\n\0\0", "new.py is no script: it holds bytes that no text has"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, data: bytes | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = two(tmp_path)
    if data is None:
        (tmp_path / "new.py").unlink()
    else:
        (tmp_path / "new.py").write_bytes(data)
    assert main(["diff", *files]) == TROUBLE
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out


def test_a_folder_and_three_files_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = two(tmp_path)
    assert main(["diff", files[0], str(tmp_path)]) == TROUBLE
    assert "is a folder" in capsys.readouterr().err
    assert main(["diff", *files, files[0]]) == TROUBLE
    assert main(["diff", *files, "--rev", "HEAD"]) == TROUBLE


# ------------------------------------------------------------------ git
def test_one_file_is_compared_with_what_is_committed(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = repository / "flow.py"
    assert main(["diff", str(file)]) == SAME
    file.write_text(OTHER, encoding="utf-8")
    assert main(["diff", str(file)]) == DIFFERENT
    assert "“louder”: factor 2.0 → 3.0" in capsys.readouterr().out
    git(repository, "commit", "-q", "-a", "-m", "louder")
    assert main(["diff", str(file)]) == SAME
    assert main(["diff", str(file), "--rev", "HEAD~1"]) == DIFFERENT


def test_line_ends_that_git_keeps_otherwise_are_no_difference(repository: Path) -> None:
    (repository / "flow.py").write_bytes(FLOW.replace("\n", "\r\n").encode())
    assert main(["diff", str(repository / "flow.py")]) == SAME


def test_a_file_in_a_folder_of_the_repository_and_by_a_link(repository: Path) -> None:
    inner = repository / "flows"
    inner.mkdir()
    (inner / "two.py").write_text(OTHER, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "two")
    assert committed(inner / "two.py") == OTHER.encode()
    (repository / "link.py").symlink_to(inner / "two.py")
    assert committed(repository / "link.py") == OTHER.encode()


def test_why_git_has_no_such_version(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "flow.py").write_text(FLOW, encoding="utf-8")
    with pytest.raises(NotCommittedError, match=r"flow\.py is in no git repository"):
        committed(outside / "flow.py")
    git(outside, "init", "-q")
    with pytest.raises(NotCommittedError, match="has no commit yet"):
        committed(outside / "flow.py")
    (repository / "new.py").write_text(FLOW, encoding="utf-8")
    with pytest.raises(NotCommittedError, match=r"new\.py is not in HEAD"):
        committed(repository / "new.py")
    with pytest.raises(NotCommittedError, match="no revision “nonsense”"):
        committed(repository / "flow.py", "nonsense")
    with pytest.raises(NotCommittedError, match="did not answer within"):
        committed(repository / "flow.py", deadline=1e-9)


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert main(["diff", str(repository / "flow.py")]) == TROUBLE


def test_a_repository_names_no_program_that_is_run(repository: Path) -> None:
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {repository / 'sprung'}\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    (repository / ".gitattributes").write_text("*.py filter=trap diff=trap\n", encoding="utf-8")
    for name in ("filter.trap.smudge", "filter.trap.clean", "diff.trap.textconv", "core.fsmonitor", "core.pager"):
        git(repository, "config", name, str(trap))
    assert committed(repository / "flow.py") == FLOW.encode()
    assert not (repository / "sprung").exists()


def test_git_calls_it_for_its_own_differences(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.py diff=flodesk\n", encoding="utf-8")
    git(repository, "config", "diff.flodesk.command", f'"{sys.executable}" -m flodesk diff --git')
    (repository / "flow.py").write_text(OTHER, encoding="utf-8")
    (repository / "new.py").write_text(FLOW, encoding="utf-8")
    git(repository, "add", "new.py")
    told = git(repository, "diff", "HEAD")
    assert "a/flow.py → b/flow.py: 1 removed, 1 changed" in told
    assert "a/new.py → b/new.py: " in told
    assert "+ “flow” was added" in told

"""What was not saved comes back after a crash: on the same text, step by step, and on no other."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow.document import Document
from flodesk.flow.edit import Rename, SetParameter
from flodesk.flow.journal import Journal, fits, load_journal, replay
from flodesk.flow.model import Literal
from flodesk.flow.script import write

TEXT = """\
import flodesk
from flodesk.nodes import control, maths


def flow():
    cutoff = control.slider(20.0)
    twice = maths.scale(cutoff, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow.py"
    path.write_text(TEXT)
    return path


def opened(file: Path) -> Document:
    document = Document()
    document.open(file)
    return document


def turn(value: float) -> SetParameter:
    return SetParameter("flow", "cutoff", "value", Literal.of(value), 0)


def test_a_crash_loses_nothing(file: Path, tmp_path: Path) -> None:
    """The editor is killed for real, without a chance to close anything."""
    path = tmp_path / "kept" / "journal.jsonl"
    code = f"""
import os
from pathlib import Path
from flodesk.flow.document import Document
from flodesk.flow.edit import Rename, SetParameter
from flodesk.flow.journal import Journal
from flodesk.flow.model import Literal
document = Document()
document.open({str(file)!r})
journal = Journal(document, Path({str(path)!r}))
for value in range(30, 40):
    document.do(SetParameter("flow", "cutoff", "value", Literal(str(float(value))), 0), merge="drag")
document.seal()
document.do(Rename("flow", "twice", "double"))
os.kill(os.getpid(), 9)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode != 0
    recovery = load_journal(path)
    assert recovery is not None
    assert recovery.file == file
    document = opened(file)
    assert replay(document, recovery) == 11
    assert write(document.flow) == TEXT.replace("20.0", "39.0").replace("twice", "double")
    document.undo()
    assert write(document.flow) == TEXT.replace("20.0", "39.0")
    document.undo()
    assert write(document.flow) == TEXT, "the drag is one step again"


def test_there_is_a_file_only_while_there_is_something_in_it(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    document = opened(file)
    journal = Journal(document, path)
    assert not path.exists()
    document.do(turn(30.0))
    assert path.exists()
    document.save()
    assert not path.exists()
    document.do(turn(31.0), merge="drag")
    document.do(turn(32.0), merge="drag")
    recovery = load_journal(path)
    assert recovery is not None
    assert len(recovery.entries) == 2
    again = opened(file)
    replay(again, recovery)
    assert again.steps == 1, "the drag after the save is one step, and starts from what was saved"
    again.undo()
    assert write(again.flow) == file.read_text()
    document.new()
    assert not path.exists()
    journal.close()
    document.open(file)
    document.do(turn(32.0))
    assert not path.exists(), "a closed journal hears nothing"


def test_it_is_replayed_on_its_own_text_alone(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    document = opened(file)
    journal = Journal(document, path)
    document.do(turn(30.0))
    recovery = load_journal(path)
    assert recovery is not None
    file.write_text(TEXT.replace("20.0", "25.0"))
    other = opened(file)
    with pytest.raises(ValueError, match="has changed since"):
        replay(other, recovery)
    assert not other.dirty
    journal.close()


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_cut_off_is_the_end(file: Path, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal.jsonl"
    document = opened(file)
    journal = Journal(document, path)
    document.do(turn(30.0))
    document.do(turn(31.0))
    text = path.read_text()
    journal.close()
    path.write_text(text[:-cut])
    recovery = load_journal(path)
    assert recovery is not None
    again = opened(file)
    assert replay(again, recovery) == (2 if cut == 1 else 1)
    assert write(again.flow) == TEXT.replace("20.0", "31.0" if cut == 1 else "30.0")


@pytest.mark.parametrize(
    "text", ["", "nonsense", "{}", '{"journal": 99, "file": "", "hash": ""}\n{"kind": "undo"}\n', "[]\n"]
)
def test_what_is_no_journal_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journal.jsonl"
    assert load_journal(path) is None
    path.write_text(text)
    assert load_journal(path) is None


def test_an_entry_that_does_not_fit_ends_the_replay(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "journal.jsonl"
    document = opened(file)
    journal = Journal(document, path)
    document.do(turn(30.0))
    text = path.read_text()
    journal.close()
    path.write_text(text + json.dumps({"kind": "edit", "edit": {"is": "Unheard"}}) + "\n")
    recovery = load_journal(path)
    assert recovery is not None
    again = opened(file)
    with caplog.at_level(logging.WARNING):
        assert replay(again, recovery) == 1
    assert "does not fit" in caplog.text


def test_a_journal_that_cannot_be_written_disturbs_nobody(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "in the way").write_text("a file")
    document = opened(file)
    journal = Journal(document, tmp_path / "in the way" / "journal.jsonl")
    with caplog.at_level(logging.WARNING):
        document.do(turn(30.0))
        document.do(turn(31.0))
    assert "31.0" in write(document.flow)
    assert caplog.text.count("not kept for the case of a crash") == 1
    journal.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    actions=st.lists(st.sampled_from(["turn a", "turn b", "plain", "seal", "undo", "redo"]), min_size=1, max_size=25)
)
def test_any_history_comes_back_step_by_step(file: Path, tmp_path: Path, actions: list[str]) -> None:
    path = tmp_path / "journal.jsonl"
    document = opened(file)
    journal = Journal(document, path)
    for number, action in enumerate(actions):
        match action.split():
            case ["turn", key]:
                document.do(turn(100.0 + number), merge=key)
            case ["plain"]:
                document.do(turn(200.0 + number))
            case ["seal"]:
                document.seal()
            case ["undo"]:
                document.undo()
            case _:
                document.redo()
    recovery = load_journal(path)
    again = opened(file)
    if recovery is not None:
        assert replay(again, recovery) == len(recovery.entries)
    assert again.steps == document.steps
    while document.steps:
        assert write(again.flow) == write(document.flow)
        document.undo()
        again.undo()
    while document.redo_title:
        document.redo()
        again.redo()
        assert write(again.flow) == write(document.flow)
    journal.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(st.sampled_from(["drag", "plain", "undo", "undo", "redo", "save"]), min_size=1, max_size=25))
def test_undo_behind_the_last_save_comes_back_too(file: Path, tmp_path: Path, actions: list[str]) -> None:
    """A save begins the journal anew, but undo still goes to before it."""
    path = tmp_path / "journal.jsonl"
    file.write_text(TEXT)
    document = opened(file)
    journal = Journal(document, path)
    for number, action in enumerate(actions):
        match action:
            case "drag":
                document.do(turn(100.0 + number), merge="drag")
            case "plain":
                document.do(turn(200.0 + number))
            case "save":
                document.save()
            case "undo":
                document.undo()
            case _:
                document.redo()
    recovery = load_journal(path)
    again = opened(file)
    if recovery is not None:
        assert replay(again, recovery) == len(recovery.entries)
    assert write(again.flow) == write(document.flow)
    journal.close()


def test_of_a_drag_only_the_end_is_done_again(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    document = opened(file)
    journal = Journal(document, path)
    document.do(turn(21.0))
    for number in range(500):
        document.do(turn(30.0 + number), merge="drag")
    recovery = load_journal(path)
    assert recovery is not None
    again = opened(file)
    heard: list[str] = []
    again.listeners.append(lambda change: heard.append(change.kind))
    assert replay(again, recovery) == 501
    assert heard == ["edit", "edit"]
    again.undo()
    assert write(again.flow) == TEXT.replace("20.0", "21.0")
    journal.close()


def test_a_flow_that_lost_its_file_is_journalled_without_one(file: Path, tmp_path: Path) -> None:
    """As the copy of an example is: read from a file that is not its own."""
    path = tmp_path / "journal.jsonl"
    document = opened(file)
    journal = Journal(document, path)
    document.path = None
    document.do(turn(30.0))
    recovery = load_journal(path)
    assert recovery is not None
    assert recovery.file is None
    assert fits(opened(file), recovery)
    journal.close(keep=True)
    assert path.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_it_holds_the_text_that_it_starts_from(file: Path, tmp_path: Path, encoding: str) -> None:
    line = "# -*- coding: latin-1 -*-\r\n" if encoding == "latin-1" else ""
    file.write_bytes((line + TEXT.replace("cutoff", "größe")).encode(encoding))
    document = opened(file)
    journal = Journal(document, tmp_path / "journal.jsonl")
    document.do(Rename("flow", "twice", "double"))
    file.unlink()
    recovery = load_journal(tmp_path / "journal.jsonl")
    assert recovery is not None
    assert recovery.start is not None
    again = Document()
    again.open_copy(recovery.start, file)
    assert replay(again, recovery) == 1
    assert write(again.flow) == write(document.flow)
    assert again.flow.encoding == document.flow.encoding
    again.save(file)
    document.save(tmp_path / "other.py")
    assert file.read_bytes() == (tmp_path / "other.py").read_bytes()
    journal.close()


@pytest.mark.parametrize("text", [None, "", "no base 64", "bm8gemxpYg=="])
def test_a_text_in_it_that_cannot_be_read_leaves_the_edits(file: Path, tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "journal.jsonl"
    document = opened(file)
    journal = Journal(document, path)
    document.do(turn(30.0))
    first, _, rest = path.read_text().partition("\n")
    path.write_text(json.dumps(json.loads(first) | {"text": text}) + "\n" + rest)
    recovery = load_journal(path)
    assert recovery is not None
    assert recovery.start is None
    assert replay(opened(file), recovery) == 1
    journal.close()


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def kept_wholly(file: Path, path: Path, document: Document) -> None:
    """See that all edits come back."""
    recovery = load_journal(path)
    assert recovery is not None
    again = opened(file)
    assert replay(again, recovery) == len(recovery.entries)
    assert write(again.flow) == write(document.flow)


def test_a_disk_that_is_full_for_a_while_loses_nothing_of_before_and_after(file: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "journal.jsonl"
    said: list[tuple[str, str]] = []
    document = opened(file)
    journal = Journal(document, path, lambda sentence, level: said.append((level, sentence)))
    document.do(turn(30.0))
    before = lines_of(path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, hard))  # 20 bytes of the next line fit
    try:
        document.do(turn(31.0))
        document.do(turn(32.0))
        assert lines_of(path) == before, "no half of a line, and nothing of before is lost"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [level for level, _ in said] == ["warning"]
    assert "each change tries again" in said[0][1]
    document.do(turn(33.0))
    assert [level for level, _ in said] == ["warning", "info"]
    kept_wholly(file, path, document)
    journal.close()
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_folder_that_is_removed_is_made_again_with_all_that_was_in_it(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept" / "journal.jsonl"
    document = opened(file)
    journal = Journal(document, path)
    document.do(turn(30.0))
    document.do(turn(31.0))
    path.unlink()
    path.parent.rmdir()
    document.do(turn(32.0))
    kept_wholly(file, path, document)
    journal.close()


def test_what_was_in_the_way_is_tried_again(file: Path, tmp_path: Path) -> None:
    way = tmp_path / "kept"
    way.write_text("a file")
    document = opened(file)
    journal = Journal(document, way / "journal.jsonl")
    document.do(turn(30.0))
    way.unlink()
    document.do(turn(31.0))
    kept_wholly(file, way / "journal.jsonl", document)
    journal.close()

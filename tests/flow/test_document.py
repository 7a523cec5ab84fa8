"""The open flow: history, merged edits, dirtiness, files and listeners."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from flodesk.flow.document import NEW, Change, Document
from flodesk.flow.edit import EditError, Move, RemoveNode, Rename, SetParameter
from flodesk.flow.model import Flow, Literal
from flodesk.flow.script import ChangedOutsideError, SaveError, ScriptError, read, write

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
def document(tmp_path: Path) -> Document:
    path = tmp_path / "flow.py"
    path.write_text(TEXT)
    document = Document()
    document.open(path)
    return document


def turn(value: float) -> SetParameter:
    return SetParameter("flow", "cutoff", "value", Literal.of(value), 0)


def test_a_new_flow_is_empty_and_clean() -> None:
    document = Document()
    assert write(document.flow) == NEW
    assert document.flow.mains == ("flow",)
    assert not document.dirty
    assert document.path is None
    assert (document.undo_title, document.redo_title) == ("", "")
    document.undo()
    document.redo()
    assert write(document.flow) == NEW
    with pytest.raises(ValueError, match="choose a name"):
        document.save()


def test_undo_and_redo_name_what_they_do(document: Document) -> None:
    document.do(turn(30.0))
    document.do(Rename("flow", "twice", "double"))
    assert document.undo_title == "Rename twice to double"
    document.undo()
    assert (document.undo_title, document.redo_title) == ("Change value of cutoff", "Rename twice to double")
    document.undo()
    assert write(document.flow) == TEXT
    assert not document.dirty
    document.redo()
    document.redo()
    assert write(document.flow) == TEXT.replace("20.0", "30.0").replace("twice", "double")
    assert document.redo_title == ""


def test_a_new_edit_ends_what_could_be_redone(document: Document) -> None:
    document.do(turn(30.0))
    document.undo()
    document.do(turn(40.0))
    assert document.redo_title == ""
    document.redo()
    assert "40.0" in write(document.flow)


def test_a_drag_is_one_step_until_it_is_sealed(document: Document) -> None:
    for value in range(21, 221):
        document.do(turn(float(value)), merge="drag cutoff")
    document.seal()
    document.do(turn(5.0), merge="drag cutoff")
    document.undo()
    assert "slider(220.0)" in write(document.flow)
    document.undo()
    assert write(document.flow) == TEXT
    document.redo()
    assert "slider(220.0)" in write(document.flow)
    document.undo()
    assert write(document.flow) == TEXT


def test_the_step_of_a_drag_is_one_parameter_both_ways(document: Document) -> None:
    """The engine is told of an undo as it is of a turn: by the parameter's value."""
    heard: list[Change] = []
    document.listeners.append(heard.append)
    document.do(turn(30.0), merge="drag")
    document.do(turn(31.0), merge="drag")
    document.undo()
    assert heard[-1].kind == "undo"
    assert isinstance(heard[-1].edit, SetParameter)
    assert heard[-1].edit.value == Literal("20.0")
    document.redo()
    assert isinstance(heard[-1].edit, SetParameter)
    assert heard[-1].edit.value == Literal("31.0")


def test_different_edits_merge_too(document: Document) -> None:
    document.do(Move("flow", {"cutoff": (1.0, 2.0)}), merge="hand")
    document.do(Move("flow", {"twice": (3.0, 4.0)}), merge="hand")
    document.do(turn(30.0), merge="hand")
    moved = write(document.flow)
    document.undo()
    assert write(document.flow) == TEXT
    document.redo()
    assert write(document.flow) == moved
    assert document.undo_title == "Move cutoff"


def test_another_key_or_none_is_another_step(document: Document) -> None:
    document.do(turn(30.0), merge="a")
    document.do(turn(31.0), merge="b")
    document.do(turn(32.0))
    document.do(turn(33.0))
    for value in ("32.0", "31.0", "30.0", "20.0"):
        document.undo()
        assert f"slider({value})" in write(document.flow)


def test_nothing_merges_across_an_undo(document: Document) -> None:
    document.do(turn(30.0), merge="a")
    document.do(turn(31.0), merge="b")
    document.undo()
    document.do(turn(32.0), merge="a")
    document.undo()
    assert "slider(30.0)" in write(document.flow)
    document.redo()
    document.do(turn(33.0), merge="a")
    document.undo()
    assert "slider(32.0)" in write(document.flow)


def test_an_edit_that_changes_nothing_is_no_step(document: Document) -> None:
    document.do(turn(20.0))
    assert document.undo_title == ""
    assert not document.dirty


def test_an_edit_that_does_not_fit_changes_nothing(document: Document) -> None:
    with pytest.raises(EditError):
        document.do(RemoveNode("flow", "nobody"))
    assert write(document.flow) == TEXT
    assert document.undo_title == ""


def test_dirty_follows_the_file(document: Document) -> None:
    document.do(turn(30.0))
    assert document.dirty
    document.save()
    assert not document.dirty
    assert document.path is not None
    assert document.path.read_text() == TEXT.replace("20.0", "30.0")
    document.undo()
    assert document.dirty
    document.redo()
    assert not document.dirty
    document.undo()
    document.do(turn(50.0))  # the saved state can no longer be reached, although there is one step again
    assert document.dirty
    document.undo()
    assert document.dirty


def test_a_drag_across_a_save_stays_dirty(document: Document) -> None:
    document.do(turn(30.0), merge="drag")
    document.save()
    document.do(turn(31.0), merge="drag")
    assert document.dirty
    document.undo()
    assert not document.dirty


def test_save_as_takes_the_new_path(document: Document, tmp_path: Path) -> None:
    document.save(tmp_path / "other.py")
    assert document.path == tmp_path / "other.py"
    assert document.path.read_text() == TEXT


@pytest.mark.parametrize("what", ["missing", "folder", "broken"])
def test_a_failed_open_leaves_the_open_flow(document: Document, tmp_path: Path, what: str) -> None:
    document.do(turn(30.0))
    before = document.flow, document.path, document.undo_title
    path = tmp_path / "other.py"
    if what == "folder":
        path.mkdir()
    elif what == "broken":
        path.write_text("def flow(:\n")
    with pytest.raises((OSError, ScriptError)):
        document.open(path)
    assert (document.flow, document.path, document.undo_title) == before
    assert document.dirty


def test_a_failed_save_leaves_all_as_it_was(document: Document, tmp_path: Path) -> None:
    document.do(turn(30.0))
    path = document.path
    heard: list[Change] = []
    document.listeners.append(heard.append)
    with pytest.raises(SaveError):
        document.save(tmp_path / "no folder" / "flow.py")
    assert document.path == path
    assert document.dirty
    assert heard == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["flow.py"]
    assert (tmp_path / "flow.py").read_text() == TEXT


def test_open_and_new_forget_the_history(document: Document) -> None:
    document.do(turn(30.0))
    document.new()
    assert document.undo_title == ""
    assert not document.dirty
    assert document.path is None


def test_listeners_hear_everything_and_a_failing_one_disturbs_nobody(
    document: Document, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    heard: list[tuple[str, Flow]] = []

    def fail(change: Change) -> None:
        raise RuntimeError("a view is broken")

    document.listeners.append(fail)
    document.listeners.append(lambda change: heard.append((change.kind, document.flow)))
    with caplog.at_level(logging.ERROR):
        document.do(turn(30.0))
        document.undo()
        document.redo()
        document.save()
        document.new()
    assert [kind for kind, _ in heard] == ["edit", "undo", "redo", "save", "open"]
    assert "slider(30.0)" in write(heard[0][1])
    assert "a view is broken" in caplog.text
    assert "Change value of cutoff" in caplog.text


def test_undo_leaves_no_trace_in_the_file(document: Document) -> None:
    document.do(Move("flow", {"cutoff": (1.0, 2.0)}))
    document.undo()
    document.save()
    assert document.path is not None
    assert document.path.read_bytes() == TEXT.encode()
    assert document.flow == read(TEXT)


# ------------------------------------------------------------------ a file that others write, too
OTHER = TEXT.replace("2.0", "3.0")


def test_a_file_that_changed_outside_is_not_overwritten_unasked(document: Document) -> None:
    assert document.path is not None
    document.do(turn(30.0))
    document.path.write_text(OTHER)
    with pytest.raises(ChangedOutsideError, match=r"flow\.py was changed outside"):
        document.save()
    assert document.path.read_text() == OTHER
    assert document.dirty
    document.save(overwrite=True)
    assert "slider(30.0)" in document.path.read_text()
    assert document.look() == "same"


def test_saving_as_its_own_file_by_another_name_is_refused_too(document: Document) -> None:
    assert document.path is not None
    document.path.write_text(OTHER)
    link = document.path.with_name("link.py")
    link.symlink_to(document.path)
    with pytest.raises(ChangedOutsideError):
        document.save(link)
    assert document.path.read_text() == OTHER


def test_look_tells_same_changed_and_gone(document: Document) -> None:
    path = document.path
    assert path is not None
    path.write_text(TEXT)  # another time, the same content
    assert document.look() == "same"
    path.write_text(OTHER)
    assert document.look() == "changed"
    assert (document.dirty, document.edited) == (True, False)
    path.unlink()
    assert document.look() == "gone"
    document.save()
    assert path.read_text() == TEXT
    assert not document.dirty
    path.write_text(OTHER)
    heard: list[Change] = []
    document.listeners.append(heard.append)
    document.open(path)
    assert heard == [Change("open", again=True)]
    assert document.look() == "same"


def test_a_copy_has_no_file_but_a_folder(document: Document, tmp_path: Path) -> None:
    document.open(tmp_path / "flow.py", copy=True)
    assert document.path is None
    assert document.folder == tmp_path
    with pytest.raises(ValueError, match="no file yet"):
        document.save()
    (tmp_path / "sub").mkdir()
    document.save(tmp_path / "sub" / "mine.py")
    assert (document.folder, document.origin) == (tmp_path / "sub", None)

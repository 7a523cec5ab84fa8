"""Scripts that nobody wrote for flodesk: the standard library, opened without running a line of it."""

from __future__ import annotations

import builtins
import hashlib
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest

from flodesk.flow.model import Argument, Block, Call, Flow, Function, Literal, Loop, Region, Statement, Switch, walk
from flodesk.flow.script import read, with_argument, write
from flodesk.flow.script.file import decode

COUNT = 200


def scripts() -> list[Path]:
    """Files of the standard library that hold a literal to edit, in an order that is random but always the same."""
    root = Path(sysconfig.get_path("stdlib"))
    left_out = {"site-packages", "test", "tests", "__pycache__", "lib2to3"}
    files = [p for p in root.rglob("*.py") if not left_out & set(p.relative_to(root).parts)]
    files.sort(key=lambda p: hashlib.sha256(p.relative_to(root).as_posix().encode()).digest())
    return files


def editable(flow: Flow) -> list[tuple[Region, Statement, int]]:
    """Every argument that is written out on one line, with the statement that holds it."""
    return [
        (region, statement, number)
        for statement, region in walk(flow.module, Region(""))
        if isinstance(statement, Call | Loop)
        for number, argument in enumerate(statement.arguments)
        if isinstance(argument.value, Literal) and "\n" not in argument.value.text
    ]


def other(argument: Argument) -> Literal:
    """A literal that differs from the one there."""
    assert isinstance(argument.value, Literal)
    assert argument.value.text != "12345"
    return Literal("12345")


def with_statement(block: Block, old: Statement, new: Statement) -> Block:
    """Put one statement in the place of another, wherever it is."""
    found = []
    for statement in block.statements:
        if statement is old:
            found.append(new)
        elif isinstance(statement, Function | Loop):
            found.append(replace(statement, body=with_statement(statement.body, old, new)))
        elif isinstance(statement, Switch):
            arms = [replace(arm, body=with_statement(arm.body, old, new)) for arm in statement.arms]
            found.append(replace(statement, arms=tuple(arms)))
        else:
            found.append(statement)
    return replace(block, statements=tuple(found))


def changed_lines(old: str, new: str) -> list[str]:
    before, after = old.split("\n"), new.split("\n")
    # difflib takes the blank lines of a long text for junk and may call them changed
    assert len(before) == len(after)
    return [line for a, b in zip(before, after, strict=True) if a != b for line in (f"-{a}", f"+{b}")]


def open_and_edit(count: int) -> None:
    done = 0
    for path in scripts():
        text, _ = decode(path.read_bytes())
        flow = read(text)
        assert write(flow) == text, path
        places = editable(flow)
        if not places:
            continue
        # Not always the first: one that the text's own hash picks.
        _, statement, number = places[int(hashlib.sha256(text.encode()).hexdigest(), 16) % len(places)]
        assert isinstance(statement, Call | Loop)
        edited = with_argument(statement, number, other(statement.arguments[number]))
        assert isinstance(edited, Call | Loop)
        assert edited.raw is not None, (path, statement.raw)
        new = write(replace(flow, module=with_statement(flow.module, statement, edited)))
        lines = changed_lines(text, new)
        assert [line[0] for line in lines] == ["-", "+"], (path, lines)
        assert "12345" in lines[1], path
        assert len(editable(read(new))) == len(places), path
        done += 1
        if done == count:
            return
    pytest.fail(f"only {done} of {count} scripts hold a literal to edit")


def test_scripts_of_the_standard_library_open_and_change_by_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = set(sys.modules)
    ran: list[object] = []
    for name in ("exec", "eval"):
        monkeypatch.setattr(builtins, name, lambda *given, **named: ran.append(given))
    open_and_edit(COUNT)
    assert not ran
    # What flodesk itself needs may load late (codecs of the files); none of the scripts may.
    new = {name for name in set(sys.modules) - loaded if not name.startswith("encodings")}
    assert not new


def test_reading_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    text = f"import pathlib\npathlib.Path({str(mark)!r}).touch()\nimport no_such_thing_at_all\n"
    flow = read(text)
    assert write(flow) == text
    assert not mark.exists()
    assert "no_such_thing_at_all" not in sys.modules

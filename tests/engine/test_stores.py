"""Both stores of the data folder: what goes wrong with a file is said, nothing is lost, the program goes on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine import database
from flodesk.engine.database import Database, Form, StoreError
from flodesk.engine.events import Failure
from flodesk.engine.history import store as history_store
from flodesk.engine.history.past import history
from flodesk.engine.history.schema import FORM as HISTORY
from flodesk.engine.letters import Letter, Letters, LettersError, Room, keep_payload
from flodesk.engine.letters.schema import FORM as LETTERS
from flodesk.engine.settings import section

FORMS = pytest.mark.parametrize("form", [HISTORY, LETTERS], ids=lambda form: form.file)
BROKEN = [b"this is no database at all" * 100, b"SQLite format 3\x00" + b"\x07" * 5000]
FAILURE = Failure("flow.a", "ValueError", "no", "f.py", 3, "a = b(c)", (("c", "7"),), "Traceback ...")


def letter(value: object, path: str = "/f.py") -> Letter:
    return Letter("run1", path, "abc", "flow", "flow.k", 3, FAILURE, (keep_payload("flow.k", (value,)),))


def put(opened: Database, name: str) -> None:
    with opened.writing() as connection:
        connection.exec_driver_sql("create table if not exists of_test (name text)")
        connection.exec_driver_sql("insert into of_test values (?)", (name,))


def names(opened: Database) -> list[str]:
    with opened.reading() as connection:
        return [row[0] for row in connection.exec_driver_sql("select name from of_test")]


# ------------------------------------------------------------------ the file
@FORMS
@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_file_is_moved_aside(tmp_path: Path, form: Form, content: bytes) -> None:
    for round in (1, 2):
        (tmp_path / form.file).write_bytes(content)
        said: list[str] = []
        opened = Database(form, tmp_path, said.append)
        put(opened, "new")
        assert names(opened) == ["new"]
        opened.close()
        (sentence,) = said
        assert sentence.startswith(f"The file of {form.words} was broken: it was moved to ")
        aside = list(tmp_path.glob(f"{Path(form.file).stem}-broken-*.db"))
        assert [file.read_bytes() for file in aside] == [content] * round, "nothing of it is lost"


@FORMS
def test_a_file_that_breaks_while_it_is_used_is_moved_aside_once_for_all(tmp_path: Path, form: Form) -> None:
    said: list[str] = []
    opened = Database(form, tmp_path, said.append)
    put(opened, "old")
    raw = sqlite3.connect(opened.file)
    raw.execute("pragma wal_checkpoint(truncate)")
    raw.close()
    with opened.file.open("r+b") as file:
        file.write(b"\x99" * opened.file.stat().st_size)
    opened._engine.dispose()  # what has its pages in memory does not see it
    with pytest.raises(form.error, match="moved aside") as told:
        put(opened, "lost")
    assert told.value.broken
    put(opened, "new")
    assert names(opened) == ["new"]
    assert len(said) == 1
    opened.close()


@FORMS
def test_a_newer_file_is_left_alone(tmp_path: Path, form: Form) -> None:
    Database(form, tmp_path).close()
    with sqlite3.connect(tmp_path / form.file) as raw:
        raw.execute("update alembic_version set version_num = '9999'")
    raw.close()
    before = (tmp_path / form.file).read_bytes()
    with pytest.raises(form.error, match=r"newer flodesk.*Update flodesk"):
        Database(form, tmp_path)
    assert (tmp_path / form.file).read_bytes() == before


@FORMS
def test_who_reads_waits_for_nobody_and_who_writes_says_who_is_in_the_way(
    tmp_path: Path, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    opened = Database(form, tmp_path)
    put(opened, "one")
    other = sqlite3.connect(opened.file, isolation_level=None)
    other.execute("begin immediate")
    second = Database(form, tmp_path)  # to open an up-to-date file takes no lock
    assert names(second) == ["one"]
    with pytest.raises(form.error, match=r"locked; another program keeps it open for writing"):
        put(second, "two")
    other.execute("rollback")
    other.close()
    put(second, "three")
    assert names(opened) == ["one", "three"]
    opened.close()
    second.close()


@FORMS
def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path, form: Form) -> None:
    (tmp_path / form.file).mkdir()
    with pytest.raises(form.error, match=r"unable to open database file; see that the file can be read"):
        Database(form, tmp_path)


NOBODY = 65534
READ_ONLY = f"""
import os, sys
from pathlib import Path
import sqlalchemy.dialects.sqlite
from flodesk.engine.database import Database, StoreError
from flodesk.engine.history.schema import FORM as HISTORY
from flodesk.engine.letters.schema import FORM as LETTERS
if os.getuid() == 0:
    Database(HISTORY).close()  # what has to be imported is, before nobody may read it
    os.setuid({NOBODY})
try:
    form = HISTORY if sys.argv[1] == "h" else LETTERS
    with Database(form, Path(sys.argv[2])).writing() as connection:
        connection.exec_driver_sql("create table t (x)")
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions are other ones there")
@FORMS
def test_a_file_that_must_not_be_written_is_said(form: Form) -> None:
    # not below pytest's own folder, which nobody else may enter
    made = Path(f"/tmp/flodesk of test {os.getpid()} {form.file}")
    made.mkdir()
    try:
        Database(form, made).close()
        for path in (made / form.file, made):
            path.chmod(0o555 if path == made else 0o444)
        arguments: list[Any] = [sys.executable, "-c", READ_ONLY, form.file[0], made]
        told = subprocess.run(arguments, capture_output=True, text=True, check=False)
        assert "cannot be used" in told.stdout, told.stderr
        assert "can be" in told.stdout
        assert "written" in told.stdout
    finally:
        made.chmod(0o755)
        for path in made.iterdir():
            path.unlink()
        made.rmdir()


FULL = """
import resource, sys
from flodesk.engine.headless import run
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.letters import Letters
text = '''# /// script
# [tool.flodesk]
# on_error = "reject"
# ///
import flodesk


def fail(k):
    raise ValueError("x" * 3000)


def flow():
    for k in range(2000):
        a = fail(k)


if __name__ == "__main__":
    flodesk.main(flow)
'''
said = []
recorder = Recorder(said.append)
Letters().close()
run(text.replace("2000", "1"), recorder=recorder)
recorder.flush()
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
result = run(text, recorder=recorder)
recorder.close()
log = [event.text for event in result.events if type(event).__name__ == "LogLine"]
print(result.reason, [line for line in log if "cannot be kept" in line])
print(said)
store = Letters()
rejected = [event for event in result.events if type(event).__name__ == "Rejected"]
print(store.count(), 1 + len(rejected))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of file sizes are other ones there")
def test_a_full_disk_is_said_and_what_was_kept_stays() -> None:
    told = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    first, _, third = told.stdout.splitlines()
    assert first.startswith("failed ['The loop stops, because its turn cannot be kept: The dead letters (")
    assert "disk" in first
    assert "make room" in first
    kept, told_of = map(int, third.split())
    assert kept == told_of > 3


# ------------------------------------------------------------------ letters of before
OLD = """
CREATE TABLE letters (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, time FLOAT NOT NULL, run TEXT NOT NULL, path TEXT NOT NULL,
    flow TEXT NOT NULL, function TEXT NOT NULL, loop TEXT NOT NULL, node TEXT NOT NULL, failure TEXT NOT NULL,
    iteration INTEGER NOT NULL, count INTEGER NOT NULL);
CREATE INDEX letters_of_flow ON letters (path);
CREATE TABLE letter_parts (
    id INTEGER NOT NULL, letter INTEGER NOT NULL, kind TEXT NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL,
    summary TEXT NOT NULL, text TEXT NOT NULL, why TEXT NOT NULL, head TEXT, PRIMARY KEY (id),
    FOREIGN KEY(letter) REFERENCES letters (id) ON DELETE CASCADE);
CREATE INDEX letter_parts_of_letter ON letter_parts (letter);
CREATE TABLE letter_buffers (
    id INTEGER NOT NULL, letter INTEGER NOT NULL, kind TEXT NOT NULL, place INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(letter) REFERENCES letters (id) ON DELETE CASCADE);
CREATE INDEX letter_buffers_of_letter ON letter_buffers (letter);
CREATE TABLE letters_version (number INTEGER NOT NULL, PRIMARY KEY (number));
INSERT INTO letters_version VALUES (1);
INSERT INTO letters VALUES (7, 1000.5, 'r', '/f.py', 'abc', 'flow', 'flow.k', 'flow.a',
    '{"node": "flow.a", "type": "E", "message": "no", "inputs": []}', 3, 2);
INSERT INTO letter_parts VALUES (1, 7, 'payload', 0, 'flow.k', '41', '41', '', '[41]');
INSERT INTO letter_buffers VALUES (1, 7, 'payload', 0, x'010203');
"""


VERY_OLD = OLD.replace(" function TEXT NOT NULL,", "").replace("'abc', 'flow', 'flow.k'", "'abc', 'flow.k'")


@pytest.mark.parametrize("before", [OLD, VERY_OLD], ids=["old", "very old"])
def test_letters_that_were_kept_before_migrations_were_counted_are_there(data_of_its_own: Path, before: str) -> None:
    raw = sqlite3.connect(data_of_its_own / "letters.db")
    raw.executescript(before)
    raw.close()
    store = Letters()
    (head,) = store.heads()
    assert (head.id, head.error, head.count, head.iteration, head.host) == (7, "E: no", 2, 3, "")
    assert head.function == "flow"
    assert head.size == len('{"node": "flow.a", "type": "E", "message": "no", "inputs": []}') + 2 + 4 + 3
    assert store.write(letter(1)).id == 8
    assert store.stock().letters == 2
    store.close()


# ------------------------------------------------------------------ room
def test_the_oldest_letters_go_first_and_that_is_said_and_counted() -> None:
    said: list[str] = []
    store = Letters(said=said.append, room=Room(keep_letters=40, keep_megabytes=0))
    ids = [store.write(letter(n)).id for n in range(100)]
    left = [found.id for found in store.find()]
    assert left == ids[-len(left) :]
    assert 38 <= len(left) <= 40
    stock = store.stock()
    assert (stock.letters, stock.dropped) == (len(left), 100 - len(left))
    assert stock.since > 0
    assert all("oldest dead letters were dropped: no more than 40 letters are kept" in sentence for sentence in said)
    store.close()
    again = Letters(room=Room(keep_letters=10, keep_megabytes=0))
    again.write(letter(0))
    assert again.count() <= 10
    assert again.stock().dropped == 101 - again.count()
    again.close()


def test_bytes_are_limited_too_but_the_newest_stays() -> None:
    store = Letters(room=Room(keep_letters=0, keep_megabytes=0.1))
    for n in range(30):
        store.write(letter(bytes([n]) * 10_000))
    assert 5 <= store.count() <= 10
    assert store.stock().size <= 1e5
    big = store.write(letter(b"x" * 200_000))
    assert [found.id for found in store.find()] == [big.id]
    store.close()


def test_others_that_write_are_counted() -> None:
    room = Room(keep_letters=300, keep_megabytes=0)
    one, two = Letters(room=room), Letters(room=room)
    for n in range(400):
        one.write(letter(n))
        two.write(letter(n))
    assert one.count() <= 300 + 200
    one.close()
    two.close()


def test_what_is_dropped_by_hand_can_come_back() -> None:
    store = Letters(room=Room(keep_letters=4, keep_megabytes=0))
    first, second, third = (store.write(letter(n)).id for n in range(3))
    assert store.hide([first, third]) == 2
    assert [head.id for head in store.heads()] == [second]
    assert (store.count(), store.get(first), store.find(ids=[third]), store.stock().letters) == (1, None, [], 1)
    assert store.hide([third], hidden=False) == 1
    assert [head.id for head in store.heads()] == [third, second]
    for n in range(2):
        store.write(letter(n))
    assert second in [head.id for head in store.heads()], "what was dropped by hand makes room first"
    assert store.hide([first], hidden=False) == 0
    store.close()


def test_settings_say_how_many_are_kept(data_of_its_own: Path) -> None:
    (data_of_its_own / "settings.toml").write_text("[letters]\nkeep_letters = 2\nkeep_megabytes = -1\n")
    said: list[str] = []
    store = Letters(said=said.append)
    assert store.room == Room(2, 1000.0)
    assert "[letters] has no setting keep_megabytes = -1" in said[0]
    for n in range(5):
        store.write(letter(n))
    assert store.count() <= 2
    store.close()


@pytest.mark.parametrize(
    ("text", "what"), [("[letters\n", "cannot be read"), ("letters = 3\n", ""), ("[other]\na = 1\n", "")]
)
def test_a_file_of_settings_that_is_none_leaves_the_usual(data_of_its_own: Path, text: str, what: str) -> None:
    (data_of_its_own / "settings.toml").write_text(text)
    said: list[str] = []
    assert section("letters", Room(), said.append) == Room()
    assert (what in said[0]) if what else not said


def test_the_list_is_the_newest_first_and_a_flow_without_a_file_is_a_flow() -> None:
    store = Letters()
    ids = [store.write(letter(n, path="" if n % 2 else "/f.py")).id for n in range(6)]
    assert [head.id for head in store.heads()] == ids[::-1]
    assert [head.id for head in store.heads([""])] == ids[5::-2]
    assert [head.id for head in store.heads(["/f.py"], last=2)] == [ids[4], ids[2]]
    assert store.heads()[0].error == "ValueError: no"
    assert store.heads()[0].size > 0
    store.close()


def test_a_store_has_a_name_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one, again, other = Letters(), Letters(), Letters(tmp_path / "other")
    assert one.name() == again.name() != other.name()
    for store in (one, again, other):
        store.close()


def test_letters_are_written_again_where_the_file_breaks_meanwhile(data_of_its_own: Path) -> None:
    said: list[str] = []
    store = Letters(said=said.append)
    store.write(letter(1))
    raw = sqlite3.connect(store.file)
    raw.execute("pragma wal_checkpoint(truncate)")
    raw.close()
    with store.file.open("r+b") as file:
        file.write(b"\x99" * store.file.stat().st_size)
    store._database._engine.dispose()
    written = store.write(letter(2))
    assert [found.id for found in store.find()] == [written.id]
    assert "was moved to" in said[0]
    store.close()


# ------------------------------------------------------------------ both have the same errors
def test_errors_are_of_one_family() -> None:
    assert issubclass(LettersError, StoreError)
    assert issubclass(HISTORY.error, StoreError)
    made: Callable[..., Form] = replace
    assert made(HISTORY, error=StoreError).error is StoreError
    with history() as connection:
        assert history_store.count(connection) == 0

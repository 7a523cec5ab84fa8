"""The file of the history: made, brought up to date, moved aside where it is broken, shared by processes."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from flodesk.engine import database
from flodesk.engine.database import Database, Form, bring_up_to_date, migrate, version_of
from flodesk.engine.events import RunFinished, RunStarted
from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.process import alive, began, own
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.records import About
from flodesk.engine.history.schema import FORM as HISTORY
from flodesk.engine.history.schema import HistoryError
from flodesk.engine.letters.schema import FORM as LETTERS

FILE = HISTORY.file


def scripts(form: Form) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(database.ENVIRONMENT))
    config.set_main_option("version_locations", str(form.migrations))
    config.set_main_option("path_separator", "newline")
    return ScriptDirectory.from_config(config)


FORMS = pytest.mark.parametrize("form", [HISTORY, LETTERS], ids=lambda form: form.file)
OLDER = [(form, script.revision) for form in (HISTORY, LETTERS) for script in scripts(form).walk_revisions()]


def tables_of(file: Path) -> dict[str, list[tuple[object, ...]]]:
    raw = sqlite3.connect(file)
    names = [name for (name,) in raw.execute("select name from sqlite_master where type = 'table' order by name")]
    found: dict[str, list[tuple[object, ...]]] = {}
    for name in names:
        found[name] = list(raw.execute(f"pragma table_info({name})"))
        found[f"{name} indexes"] = sorted(row[1] for row in raw.execute(f"pragma index_list({name})"))
        found[f"{name} keys"] = [row[2:] for row in raw.execute(f"pragma foreign_key_list({name})")]
    raw.close()
    return found


def empty(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / FILE)


@FORMS
def test_the_newest_migration_is_the_one_that_is_named(form: Form) -> None:
    assert scripts(form).get_heads() == [form.head]


@FORMS
def test_tables_made_at_once_and_by_migrations_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    (tmp_path / "at once").mkdir()
    (tmp_path / "step by step").mkdir()
    Database(form, tmp_path / "at once").close()
    monkeypatch.setattr(database, "bring_up_to_date", migrate)
    store = Database(form, tmp_path / "step by step")
    with store.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), form.metadata())
    store.close()
    assert differences == []
    made, migrated = (tables_of(tmp_path / name / form.file) for name in ("at once", "step by step"))
    assert made == migrated


@pytest.mark.parametrize(("form", "revision"), OLDER)
def test_every_older_form_becomes_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form, revision: str
) -> None:
    monkeypatch.setattr(database, "bring_up_to_date", lambda connection, form: migrate(connection, form, revision))
    Database(form, tmp_path).close()
    monkeypatch.undo()
    store = Database(form, tmp_path)
    with store.reading() as connection:
        assert version_of(connection, form) == form.head
        assert compare_metadata(MigrationContext.configure(connection), form.metadata()) == []
    store.close()


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "0002"


def upgrade():
    with op.batch_alter_table("runs") as table:
        table.add_column(sa.Column("note", sa.String(50), nullable=False, server_default="none"))
"""


def test_a_migration_keeps_what_is_there_and_a_newer_form_is_left_alone(tmp_path: Path) -> None:
    """The next one, whatever it will be: SQLite changes a table by copying it."""
    folder = tmp_path / "data"
    folder.mkdir()
    recorder = Recorder(folder=folder)
    recorder.begin("a", About("x = 1"))
    recorder.take(RunFinished("a", "succeeded"))
    recorder.close()
    newer = tmp_path / "migrations 100%"
    shutil.copytree(HISTORY.migrations, newer)
    (newer / "m_next.py").write_text(NEXT)
    coming = replace(HISTORY, head="next", migrations=newer)
    Database(coming, folder).close()
    raw = empty(folder)
    assert raw.execute("select id, state, note from runs").fetchall() == [("a", "succeeded", "none")]
    raw.close()
    with pytest.raises(HistoryError, match="newer flodesk"):
        Database(HISTORY, folder)
    said: list[str] = []
    recorder = Recorder(said.append, folder=folder)
    recorder.begin("b", About("x = 1"))
    recorder.close()
    assert "newer flodesk" in said[0]
    raw = empty(folder)
    assert raw.execute("select count(*) from runs").fetchone() == (1,)
    raw.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    Database(HISTORY, tmp_path).close()
    before = tables_of(tmp_path / FILE)
    bad = tmp_path / "migrations"
    shutil.copytree(HISTORY.migrations, bad)
    (bad / "m_next.py").write_text(NEXT + "    raise RuntimeError('half way')\n")
    store = Database(HISTORY, tmp_path)
    with pytest.raises(RuntimeError, match="half way"), store.writing() as connection:
        bring_up_to_date(connection, replace(HISTORY, head="next", migrations=bad))
    store.close()
    assert tables_of(tmp_path / FILE) == before


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, b"SQLite format 3\x00" + b"\x07" * 5000])
def test_a_broken_file_is_moved_aside_and_the_run_is_written(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    said: list[str] = []
    recorder = Recorder(said.append, folder=tmp_path)
    recorder.begin("a", About("x = 1"))
    recorder.take(RunFinished("a", "succeeded"))
    recorder.close()
    (sentence,) = said
    assert "was moved to" in sentence
    (aside,) = tmp_path.glob("history-broken-*.db")
    assert aside.read_bytes() == content, "nothing of it is lost"
    with history(folder=tmp_path) as connection:
        assert [r.id for r in store.listed(connection)] == ["a"]


def test_a_file_that_breaks_while_a_run_is_on_is_moved_aside_too(tmp_path: Path) -> None:
    said: list[str] = []
    recorder = Recorder(said.append, folder=tmp_path)
    recorder.begin("a", About("x = 1"))
    recorder.take(RunStarted("a", 0.0))
    recorder.flush()
    raw = empty(tmp_path)
    raw.execute("pragma wal_checkpoint(truncate)")
    raw.close()
    size = (tmp_path / FILE).stat().st_size
    with (tmp_path / FILE).open("r+b") as file:
        file.write(b"\x99" * size)
    raw = empty(tmp_path)  # whoever writes next makes the others look at the file anew
    with contextlib.suppress(sqlite3.DatabaseError):
        raw.execute("create table t (x)")
    raw.close()
    recorder.take(RunFinished("a", "succeeded"))
    recorder.close()
    assert any("was moved to" in sentence for sentence in said)
    with history(folder=tmp_path) as connection:
        assert [(r.id, r.state) for r in store.listed(connection)] == [("a", "succeeded")]


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from flodesk.engine import database
from flodesk.engine.database import Database, Form, bring_up_to_date, migrate, version_of
from flodesk.engine.events import RunFinished, RunStarted
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.records import About
recorder = Recorder(folder=Path(sys.argv[1]))
sys.stdin.readline()
for n in range(40):
    id = f"{sys.argv[2]}{n}"
    recorder.begin(id, About(f"x = {n}"))
    recorder.take(RunStarted(id, 0.0))
    recorder.take(RunFinished(id, "succeeded"))
    if n % 5 == 0:
        recorder.flush()
recorder.close()
"""


def test_processes_that_begin_it_together_and_write_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in "abc"
    ]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        out, err = writer.communicate(timeout=60)
        assert (writer.returncode, out, err) == (0, "", "")
    with history(folder=tmp_path) as connection:
        runs = store.listed(connection, last=1000)
    assert sorted(r.id for r in runs) == sorted(f"{name}{n}" for name in "abc" for n in range(40))
    assert {r.state for r in runs} == {"succeeded"}


def test_a_process_is_known_by_its_number_and_its_beginning() -> None:
    pid, since = own()
    assert since
    assert alive(pid, since)
    assert not alive(pid, since + "x"), "another process has got the number"
    assert not alive(pid, "")
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    mark = began(child.pid)
    assert alive(child.pid, mark)
    assert mark != since
    child.kill()
    child.wait()
    child.stdin.close()
    assert not alive(child.pid, mark)


def test_a_process_that_nobody_has_waited_for_is_dead_all_the_same() -> None:
    if sys.platform != "linux":
        pytest.skip("zombies are looked for on Linux")
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    mark = began(child.pid)
    deadline = __import__("time").monotonic() + 60
    while alive(child.pid, mark):
        assert __import__("time").monotonic() < deadline
    child.wait()

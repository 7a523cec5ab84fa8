"""Versions of files: kept once each, found again, dropped by the settings, and broken by nothing."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from pathlib import Path

import pytest

from flodesk.cli import main
from flodesk.engine.versions import Keeping, Versions, VersionsError
from flodesk.engine.versions.telling import words_between
from flodesk.flow.catalog import Catalog

TEXT = "import flodesk\nfrom flodesk.nodes import maths\n\n\ndef flow():\n    a = maths.scale(1.0, factor=2.0)\n"
DAY = 86400.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.py"


def texts(store: Versions, file: Path) -> list[bytes]:
    return [store.text(version) for version in store.of(file)]


def test_what_was_kept_is_found_again_newest_first(file: Path) -> None:
    store = Versions()
    assert store.keep(file, b"one", "opened")
    assert store.keep(file, b"two", "saved", ("1 changed", "~ a"))
    assert not store.keep(file, b"two", "saved")
    assert store.keep(file, b"one", "saved")
    assert texts(Versions(), file) == [b"one", b"two", b"one"]
    assert [version.why for version in store.of(file)] == ["saved", "saved", "opened"]
    assert store.of(file)[1].words == ("1 changed", "~ a")
    assert store.of(file.with_name("other.py")) == []
    assert len(list(store.folder.glob("texts/*/*.z"))) == 2


def test_a_clock_that_was_put_back_keeps_their_order(file: Path) -> None:
    store = Versions()
    store.keep(file, b"one", "saved", when=5000.0)
    store.keep(file, b"two", "saved", when=10.0)
    assert texts(store, file) == [b"two", b"one"]


def test_the_settings_say_how_many_are_kept(file: Path) -> None:
    store = Versions()
    now = time.time()
    for number in range(10):
        store.keep(file, bytes([number]) * 10, "saved", when=now - (10 - number) * DAY)
    assert store.prune(Keeping(keep_versions=0, keep_days=0, keep_megabytes=0), now) == 0
    assert store.prune(Keeping(keep_versions=7), now) == 3
    assert store.prune(Keeping(keep_days=4.5), now) == 3
    assert len(store.of(file)) == 4
    assert len(list(store.folder.glob("texts/*/*"))) == 4
    assert store.prune(Keeping(keep_days=0.001), now) == 3
    assert texts(store, file) == [bytes([9]) * 10]  # the newest stays, however old


def test_the_oldest_of_all_files_give_way_where_there_is_no_room(file: Path) -> None:
    store = Versions()
    other = file.with_name("other.py")
    for number in range(4):
        store.keep(file, os.urandom(100_000), "saved", when=1000.0 + number)
        store.keep(other, os.urandom(100_000), "saved", when=2000.0 + number)
    store.prune(Keeping(keep_versions=0, keep_days=0, keep_megabytes=0.45))
    assert (len(store.of(file)), len(store.of(other))) == (1, 3)
    assert sum(path.stat().st_size for path in store.folder.glob("texts/*/*")) < 450_000


def test_a_text_that_another_file_has_stays(file: Path) -> None:
    store = Versions()
    other = file.with_name("other.py")
    store.keep(file, b"same", "saved")
    store.keep(other, b"same", "saved")
    store.keep(file, b"new", "saved")
    gone = store.of(file)[1]
    store.picture(gone, "dark").touch()
    assert store.drop(file, [gone.id, "nowhere"]) == 1
    assert texts(store, other) == [b"same"]
    assert store.drop(other, [store.of(other)[0].id]) == 1
    assert [path.name for path in store.folder.glob("texts/*/*")] == [f"{store.of(file)[0].text}.z"]


def test_a_cut_off_line_and_a_broken_text_cost_themselves_alone(file: Path) -> None:
    store = Versions()
    store.keep(file, b"one", "saved")
    store.keep(file, b"two", "saved")
    listed = next(store.folder.glob("lists/*.jsonl"))
    with listed.open("ab") as lines:
        lines.write(b'{"id": "half\xff\n7\n{"id": 1}\n')
    newest = store.of(file)[0]
    next(store.folder.glob(f"texts/*/{newest.text}.z")).write_bytes(b"no zlib")
    assert len(store.of(file)) == 2
    with pytest.raises(VersionsError, match="cannot be read"):
        store.text(newest)
    assert store.text(store.of(file)[1]) == b"one"


@pytest.mark.skipif(os.name == "nt", reason="a fork")
def test_several_programs_keep_versions_of_one_file(file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_keep, args=(Versions().folder, file, n)) for n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert {worker.exitcode for worker in workers} == {0}
    assert sorted(texts(Versions(), file)) == sorted(f"{w} {n}".encode() for w in range(2) for n in range(20))
    for worker in workers:
        worker.close()


def _keep(folder: Path, file: Path, worker: int) -> None:
    store = Versions(folder)
    for number in range(20):
        store.keep(file, f"{worker} {number}".encode(), "saved")


def test_it_says_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLODESK_DATA", "/proc/nowhere")
    with pytest.raises(VersionsError, match="cannot be kept"):
        Versions()


def test_words_tell_what_is_different() -> None:
    catalog = Catalog.builtin()
    after = TEXT.replace("2.0", "3.0") + "    b = maths.scale(a, factor=4.0)\n"
    words = words_between(TEXT.encode(), after.encode(), catalog)
    assert words[0] == "1 added, 1 changed"
    assert any(word.startswith("+ ") and "b" in word for word in words[1:])
    assert words_between(None, after.encode(), catalog) == ()
    assert words_between(b"def (", after.encode(), catalog) == ()
    many = TEXT + "".join(f"    n{k} = maths.scale(a)\n" for k in range(40))
    assert words_between(TEXT.encode(), many.encode(), catalog)[-1] == "… and 28 more"


def test_the_command_lists_prints_and_restores(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Versions()
    store.keep(file, b"one\n", "opened")
    store.keep(file, b"two\n", "saved", ("1 changed", "~ a.factor: 2.0 -> 3.0"))
    assert main(["versions", str(file)]) == 0
    said = capsys.readouterr().out
    assert "saved" in said
    assert "~ a.factor: 2.0 -> 3.0" in said
    assert main(["versions", str(file), "--json"]) == 0
    assert [one["why"] for one in json.loads(capsys.readouterr().out)] == ["saved", "opened"]
    assert main(["versions", str(file), "show", "2"]) == 0
    assert capsys.readouterr().out == "one\n"
    assert main(["versions", str(file), "show", store.of(file)[0].id]) == 0
    assert capsys.readouterr().out == "two\n"
    new = file.with_name("back.py")
    assert main(["versions", str(file), "restore", "2", str(new)]) == 0
    assert new.read_bytes() == b"one\n"
    assert main(["versions", str(file), "restore", "1", str(new)]) == 2
    assert new.read_bytes() == b"one\n"
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["show"], 2, "Say which"),
        (["show", "9"], 3, "There is no version 9"),
        (["restore", "1"], 2, "Name the file"),
        (["restore", "1", "no/such/folder/x.py"], 3, "could not be written"),
    ],
)
def test_the_command_says_what_is_missing(
    file: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    Versions().keep(file, b"one\n", "saved")
    assert main(["versions", str(file), *words]) == code
    assert said in capsys.readouterr().err

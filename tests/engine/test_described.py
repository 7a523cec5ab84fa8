"""Modules are described from their text, or by a process of its own: real modules and processes."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from flodesk.engine.described import Describer, describe, may_import


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that imports are found in, here and in processes that are started."""
    monkeypatch.setenv("FLODESK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).resolve().parents[2] / 'src'}")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


HIDES = "import functools\n{}\n__all__ = ['plain', 'made']\ndef plain(x): 'Do it.'\nmade = functools.wraps(plain)({})\n"


def module(folder: Path, name: str, first: str = "", made: str = "lambda y: y") -> str:
    (folder / f"{name}.py").write_text(HIDES.format(first, made), encoding="utf-8")
    return name


def test_what_no_text_tells_is_told_by_an_import_elsewhere(folder):
    name = module(folder, "told_elsewhere", "print('noise')")
    told = describe(name)
    assert (set(told.specs), told.untold) == ({f"{name}.plain"}, (f"{name}.made",))
    told = describe(name, imports=True)
    assert (set(told.specs), told.untold, told.reason) == ({f"{name}.plain", f"{name}.made"}, (), "")
    assert told.specs[f"{name}.made"].summary == "Do it."
    assert name not in sys.modules


def test_it_is_kept_and_nothing_is_imported_again(folder):
    name = module(folder, "told_once", f"open({str(folder / 'imports')!r}, 'a').write('x')")
    first, again = (describe(name, imports=True) for _ in range(2))
    apart = Describer().describe(name, imports=True)
    assert first.specs == again.specs == apart.specs
    assert (folder / "imports").read_text() == "x"


@pytest.mark.parametrize(
    ("first", "seconds", "words"),
    [
        ("import time; time.sleep(60)", 1.0, "took more than 1 s"),
        ("raise ValueError('no license')", 60.0, "cannot be imported: ValueError: no license"),
        ("import os; os._exit(7)", 60.0, "ended its process (7)"),
        ("raise SystemExit", 60.0, "cannot be imported: SystemExit"),
    ],
)
def test_an_import_that_fails_is_told_and_the_rest_stays(folder, first, seconds, words):
    name = module(folder, "told_badly", first)
    told = describe(name, imports=True, seconds=seconds)
    assert words in told.reason
    assert set(told.specs) == {f"{name}.plain"}
    assert told.untold == (f"{name}.made",)


def test_a_module_in_c_is_told_by_its_own_signatures(folder):
    told = Describer().describe("math", imports=True)
    power = told.specs["math.pow"]
    assert [(p.name, p.required) for p in power.parameters] == [("x", True), ("y", True)]
    assert power.summary


def test_what_a_flow_imports_is_imported_only_where_that_is_harmless():
    assert [may_import(m) for m in ("numpy.linalg", "scipy.special", "math")] == [True, True, True]
    assert [may_import(m) for m in ("antigravity", "sqlite3", "skimage.filters", "mine")] == [False] * 4


def test_a_describer_is_stopped_while_it_waits_and_leaves_no_process(folder):
    first = f"import os, time; open({str(folder / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    name = module(folder, "told_never", first)
    describer = Describer()
    found = []
    thread = threading.Thread(target=lambda: found.append(describer.describe(name, imports=True, seconds=500)))
    thread.start()
    while not (folder / "pid").exists() or not (folder / "pid").read_text():
        time.sleep(0.01)
    describer.stop()
    thread.join()
    assert set(found[0].specs) == {f"{name}.plain"}
    assert found[0].reason
    while is_there(int((folder / "pid").read_text())):
        time.sleep(0.01)


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True

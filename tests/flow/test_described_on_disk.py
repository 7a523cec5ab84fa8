"""Descriptions on disk: the second start imports no node; what has changed, or is damaged, is described anew."""

from __future__ import annotations

import dis
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType

import pytest

from flodesk.flow import described_on_disk, requires
from flodesk.flow.catalog import Catalog, of_package
from flodesk.flow.described_on_disk import Described, files_in, keep, kept, stamps_of

LISTS = """
import sys
from flodesk.flow.catalog import Catalog
from flodesk.flow.packs import OURS
catalog = Catalog.builtin()
print(len(catalog.specs), len([name for name in sys.modules if name.startswith(OURS)]))
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("FLODESK_CACHE", str(folder))
    return folder


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Iterator[Path]:
    folder = tmp_path / "packs" / "flo_kept_pack"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "good.py").write_text("def twice(x: float) -> float: ...\n")
    monkeypatch.syspath_prepend(folder.parent)
    yield folder
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def described(pack: Path) -> Catalog:
    """As another process would see it."""
    of_package.cache_clear()
    for name in [name for name in sys.modules if name.startswith(f"{pack.name}.")]:
        del sys.modules[name]
    return of_package(pack.name)


def test_the_second_start_imports_no_node(cache: Path) -> None:
    def start() -> list[int]:
        done = subprocess.run([sys.executable, "-c", LISTS], capture_output=True, text=True, check=True)
        assert not done.stderr
        return [int(word) for word in done.stdout.split()]

    first, second = start(), start()
    assert first[0] == second[0] == len(Catalog.builtin().specs)
    assert first[1] > 20
    assert second[1] == 0


def test_what_was_kept_is_what_was_described(cache: Path) -> None:
    ours = Catalog.builtin()
    keep("ours", {}, Described(ours.specs, {"one": "why"}))
    again = kept("ours", {})
    assert again is not None
    assert (list(again.specs.items()), again.broken) == (list(ours.specs.items()), {"one": "why"})


def test_a_file_that_has_changed_come_or_gone_is_described_anew(pack: Path) -> None:
    assert list(described(pack).specs) == ["flo_kept_pack.good.twice"]
    assert "flo_kept_pack.good" in sys.modules
    assert list(described(pack).specs) == ["flo_kept_pack.good.twice"]
    assert "flo_kept_pack.good" not in sys.modules
    (pack / "good.py").write_text("def three_times(x: float) -> float: ...\n")
    assert list(described(pack).specs) == ["flo_kept_pack.good.three_times"]
    (pack / "more.py").write_text("def half(x: float) -> float: ...\n")
    assert list(described(pack).specs) == ["flo_kept_pack.good.three_times", "flo_kept_pack.more.half"]
    (pack / "good.py").unlink()
    assert list(described(pack).specs) == ["flo_kept_pack.more.half"]


def test_what_fails_to_import_is_tried_again(pack: Path) -> None:
    (pack / "bad.py").write_text("import flo_comes_after_this\ndef half(x: float) -> float: ...\n")
    assert list(described(pack).broken) == ["flo_kept_pack.bad"]
    (pack.parent / "flo_comes_after_this.py").write_text("")
    assert described(pack).broken == {}


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("twice", "twist"),
        lambda text: "[]\n" + text,
        lambda text: "{}\n{}",
        lambda text: "\x00\xff" * 50,
    ],
)
def test_a_damaged_file_is_made_anew(pack: Path, cache: Path, damage: Callable[[str], str]) -> None:
    described(pack)
    (file,) = cache.rglob("*.json")
    whole = file.read_text(encoding="utf-8")
    file.write_text(damage(whole), encoding="latin-1")
    assert list(described(pack).specs) == ["flo_kept_pack.good.twice"]
    assert file.read_text(encoding="utf-8") == whole


def test_where_nothing_can_be_kept_all_goes_on(pack: Path, cache: Path) -> None:
    cache.write_text("a file where a folder should be")
    for _ in range(2):
        assert list(described(pack).specs) == ["flo_kept_pack.good.twice"]
        assert "flo_kept_pack.good" in sys.modules


def test_nothing_is_left_of_what_could_not_be_written(pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    described(pack)
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_another_flodesk_describes_anew(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    described(pack)
    described(pack)
    assert "flo_kept_pack.good" not in sys.modules
    monkeypatch.setattr("flodesk.__version__", "99.0")
    described_on_disk._maker.cache_clear()
    described(pack)
    described_on_disk._maker.cache_clear()
    assert "flo_kept_pack.good" in sys.modules


def test_who_learns_the_files_while_reading_is_told_when_they_change(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "read.py"
    file.write_text("x = 1\n")
    keep("package", stamps_of([file, tmp_path / "missing.py"]), Described({}, {"package.x": "no function"}))
    again = kept("package")
    assert again is not None
    assert again.broken == {"package.x": "no function"}
    (tmp_path / "missing.py").write_text("")
    assert kept("package") is None
    (tmp_path / "missing.py").unlink()
    assert kept("package") is not None
    file.write_text("x = 12\n")
    assert kept("package") is None
    assert kept("another package") is None


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.py", "a/c.py", "a/d.pyi", "__pycache__/e.py", "x.egg-info/f.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert files_in(tmp_path) == [tmp_path / "a" / "c.py", tmp_path / "b.py"]
    assert files_in(tmp_path / "not there") == []


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def test_imports_are_read_from_bare_instructions_as_python_disassembles_them() -> None:
    many = "\n".join(f"x{n} = y{n}" for n in range(300)) + "\nimport late.one\nfrom later import two\n"
    sources = [
        many,
        *(path.read_text(encoding="utf-8") for path in files_in(Path(requires.__file__).parents[1] / "nodes")),
    ]
    found = []
    for source in sources:
        code = compile(source, "<test>", "exec")
        want = [
            str(step.argval).partition(".")[0]
            for inner in _codes(code)
            for step in dis.get_instructions(inner)
            if step.opname == "IMPORT_NAME"
        ]
        assert sorted(requires._imports(code)) == sorted(want)
        found += want
    assert {"late", "later", "numpy", "scipy", "pandas"} <= set(found)

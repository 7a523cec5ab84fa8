"""Flows as files: encodings, ends of lines, rights, and a disk that is full."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from flodesk.flow.model import Flow, Header
from flodesk.flow.script import SaveError, ScriptError, load, read, save, write
from flodesk.flow.script.file import LIMIT

TEXT = '"""Größe."""\nx = f("μ")\n'
posix = pytest.mark.skipif(os.name != "posix", reason="rights and mounts of POSIX")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system with 64 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if not mount or os.geteuid() != 0:
        pytest.skip("only the superuser can mount a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """A folder that a plain user may reach and owns, whoever runs the tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.name == "posix" and os.geteuid() == 0:
            os.chown(folder, 65534, 65534)
        yield folder


@contextmanager
def plain_user() -> Iterator[None]:
    """Lay down the superuser's rights for a while: to him nothing is forbidden."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def big(flow: Flow) -> Flow:
    """The same with a header of some 200 KB, so that it needs room."""
    places = {f"node_{n}": (n * 1.5, n) for n in range(8000)}
    return replace(flow, header=replace(flow.header, canvas={"flow": places}))


# ------------------------------------------------------------------ there and back
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x = 1",
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TEXT.replace("\n", "\r").encode(),
        b"# -*- coding: latin-1 -*-\n" + TEXT.replace("μ", "µ").encode("latin-1"),
        b"#!/usr/bin/python\r\n# vim: set fileencoding=utf-8 :\r\nx = 1\r\n",
        b"#!/bin/sh\n# coding: shift_jis\n# /// script\n# dependencies = []\n# ///\nx = '"
        + "日本".encode("shift_jis")
        + b"'\n",
    ],
)
def test_a_file_that_is_saved_unchanged_stays_the_same_byte_for_byte(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "flow.py"
    path.write_bytes(data)
    flow = load(path)
    save(flow, path)
    assert path.read_bytes() == data
    assert [p.name for p in tmp_path.iterdir()] == ["flow.py"]


def test_a_flow_knows_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_bytes(b"\xef\xbb\xbfx = f()\n")
    flow = load(path)
    assert flow.encoding == "utf-8-sig"
    assert write(flow) == "x = f()\n"
    save(replace(flow, header=Header(present=False, canvas={"": {"x": (1, 2)}})), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf# /// script\n")
    assert load(path).header.canvas == {"": {"x": (1, 2)}}


def test_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "new flow.py"
    save(read(TEXT), str(path))
    assert path.read_text("utf-8") == TEXT


# ------------------------------------------------------------------ what cannot be loaded
def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        load(tmp_path / "none.py")
    assert "there is no file" in str(caught.value)
    assert "none.py" in str(caught.value)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="is a folder"):
        load(tmp_path)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.py"
    with path.open("wb") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(ScriptError, match="is larger than 32 MB"):
        load(path)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"x = 1\ny = '\xff'\n", 2, "byte 0xff is not utf-8; save it as UTF-8, or name its encoding"),
        (b"# coding: ascii\nx = '\xc3\xa4'\n", 2, "is not ascii"),
        (b"# coding: klingon\nx = 1\n", 1, "unknown encoding"),
        (b"#!/x\n# coding: klingon\nx = 1\n", 2, "unknown encoding"),
        (b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", 1, "encoding problem"),
        ("x = 1\n".encode("utf-16"), 1, "UTF-16"),
        (b"x = 1\n\x00\x00\n", 2, "null byte"),
        (b"\x7fELF\x02\x01\x01\x00\xff", 1, "not utf-8"),
        (b"# coding: rot13\nk = 1\n", 1, "encoding"),
    ],
)
def test_bytes_that_are_no_script(tmp_path: Path, data: bytes, line: int, words: str) -> None:
    path = tmp_path / "flow.py"
    path.write_bytes(data)
    with pytest.raises(ScriptError) as caught:
        load(path)
    assert caught.value.line == line
    assert words in caught.value.message


@posix
def test_a_file_that_may_not_be_read(own_folder: Path) -> None:
    path = own_folder / "flow.py"
    path.write_text("x = 1\n")
    path.chmod(0)
    with plain_user(), pytest.raises(PermissionError, match="may not be read by you"):
        load(path)


# ------------------------------------------------------------------ saved whole or not at all
@posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o640])
def test_rights_stay(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "flow.py"
    path.write_text("x = 1\n")
    path.chmod(mode)
    save(read("x = 2\n"), path)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.read_text() == "x = 2\n"


@posix
def test_a_new_file_gets_the_usual_rights(tmp_path: Path) -> None:
    save(read("x = 1\n"), tmp_path / "flow.py")
    (tmp_path / "other").touch()
    assert (tmp_path / "flow.py").stat().st_mode == (tmp_path / "other").stat().st_mode


@posix
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "flow.py"
    target.write_text("x = 1\n")
    link = tmp_path / "link.py"
    link.symlink_to(Path("real") / "flow.py")
    save(read("x = 2\n"), link)
    assert link.is_symlink()
    assert target.read_text() == "x = 2\n"


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    flows = [read(f"x = {n}\n" + f"y = f({n})\n" + "# end\n" * 20_000) for n in range(2)]
    texts = {write(flow).encode() for flow in flows}
    save(flows[0], path)
    seen: set[bytes] = set()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            seen.add(path.read_bytes())

    thread = threading.Thread(target=look)
    thread.start()
    for n in range(60):
        save(flows[n % 2], path)
    over.set()
    thread.join()
    assert seen <= texts


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    path = small_disk / "flow.py"
    flow = read(TEXT)
    save(flow, path)
    with pytest.raises(SaveError) as caught:
        save(big(flow), path)
    assert "there is no room left" in str(caught.value)
    assert "Make room on the disk or save elsewhere. What was saved before is still there" in str(caught.value)
    assert path.read_text("utf-8") == TEXT
    assert [p.name for p in small_disk.iterdir()] == ["flow.py"]
    # With room again, it is saved.
    save(flow, path)


@posix
def test_a_file_that_may_not_grow_loses_nothing(tmp_path: Path) -> None:
    """The same by a limit of the process, for those who may not mount a disk."""
    path = tmp_path / "flow.py"
    save(read(TEXT), path)
    code = (
        "import resource, sys\n"
        "from flodesk.flow.script import SaveError, read, save\n"
        "flow = read('# ' + 'x' * 300_000 + '\\n')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY))\n"
        "try:\n    save(flow, sys.argv[1])\nexcept SaveError as error:\n    print(error.strerror)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert "there is no room left" in done.stdout
    assert path.read_text("utf-8") == TEXT
    assert [p.name for p in tmp_path.iterdir()] == ["flow.py"]


def test_a_disk_that_cannot_be_written_to(small_disk: Path) -> None:
    path = small_disk / "flow.py"
    save(read(TEXT), path)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(SaveError, match="is on a disk that cannot be written to"):
        save(read("x = 1\n"), path)
    assert path.read_text("utf-8") == TEXT


@posix
def test_a_file_that_may_not_be_written_is_not_replaced(own_folder: Path) -> None:
    path = own_folder / "flow.py"
    save(read(TEXT), path)
    path.chmod(0o444)
    with plain_user(), pytest.raises(SaveError, match="may not be written by you"):
        save(read("x = 1\n"), path)
    assert path.read_text("utf-8") == TEXT
    assert [p.name for p in own_folder.iterdir()] == ["flow.py"]


@posix
def test_a_folder_that_may_not_be_written_to(own_folder: Path) -> None:
    path = own_folder / "flow.py"
    save(read(TEXT), path)
    path.chmod(0o666)
    own_folder.chmod(0o555)
    with plain_user(), pytest.raises(SaveError, match="may not be written by you"):
        save(read("x = 1\n"), path)
    own_folder.chmod(0o755)
    assert path.read_text("utf-8") == TEXT


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none/flow.py", "there is no folder"),
        (".", "is a folder. Give the file a name of its own"),
        ("x" * 300 + ".py", "is too long"),
    ],
)
def test_places_that_cannot_be_saved_to(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(SaveError) as caught:
        save(read(TEXT), tmp_path / name)
    assert words in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_character_that_the_encoding_does_not_have(tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_bytes(b"# coding: latin-1\nx = 1\n")
    flow = load(path)
    other = replace(read("# coding: latin-1\nx = 1\ny = '\u65e5'\n"), encoding=flow.encoding)
    with pytest.raises(SaveError, match=r"line 3 holds '\\u65e5', which iso-8859-1 does not have"):
        save(other, path)
    assert path.read_bytes() == b"# coding: latin-1\nx = 1\n"

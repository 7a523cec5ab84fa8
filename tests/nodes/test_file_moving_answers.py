"""Files copied, moved, deleted and packed, with real disks and with archives that mean harm."""

from __future__ import annotations

import errno
import os
import stat
import zipfile
from pathlib import Path

import pytest

from flodesk.nodes import file


@pytest.fixture
def volts(tmp_path):
    place = tmp_path / "volts.csv"
    place.write_text("4.9")
    return place


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


# ------------------------------------------------------------------ copy, move, delete
@pytest.mark.node("file.copy", "file.move")
def test_files_go_where_they_are_sent(volts, tmp_path):
    (tmp_path / "done").mkdir()
    os.utime(volts, (1e9, 1e9))
    assert file.copy(volts, tmp_path / "again.csv") == tmp_path / "again.csv"
    assert file.copy(volts, tmp_path / "done") == tmp_path / "done" / "volts.csv"
    assert (tmp_path / "again.csv").stat().st_mtime == 1e9
    volts.write_text("5.1")
    assert file.move(volts, tmp_path / "done", existing="replace") == tmp_path / "done" / "volts.csv"
    assert tree(tmp_path) == {"again.csv": "4.9", "done/volts.csv": "5.1"}


@pytest.mark.node("file.copy", "file.move")
def test_nothing_is_lost_where_they_cannot_go(volts, tmp_path):
    (tmp_path / "taken.csv").write_text("kept")
    (tmp_path / "done" / "volts.csv").mkdir(parents=True)
    for node in (file.copy, file.move):
        with pytest.raises(FileExistsError, match=r"there is a file .*taken\.csv already: choose another name"):
            node(volts, tmp_path / "taken.csv")
        with pytest.raises(FileExistsError, match="is the file itself"):
            node(volts, tmp_path, existing="replace")
        with pytest.raises(IsADirectoryError, match=r"volts\.csv is a folder: choose another name"):
            node(volts, tmp_path / "done", existing="replace")
        with pytest.raises(FileNotFoundError, match="there is no folder"):
            node(volts, tmp_path / "none" / "a.csv")
        with pytest.raises(FileNotFoundError, match=r"there is no file .*none\.csv"):
            node(tmp_path / "none.csv", tmp_path / "a.csv")
        with pytest.raises(IsADirectoryError, match="is a folder"):
            node(tmp_path / "done", tmp_path / "other")
    assert tree(tmp_path) == {"volts.csv": "4.9", "taken.csv": "kept"}


@pytest.mark.node("file.move")
def test_a_file_moves_to_another_disk(volts, tmp_path, monkeypatch):
    replace = Path.replace

    def other_disk(self, target):
        if self == volts:
            raise OSError(errno.EXDEV, "another disk")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", other_disk)
    assert file.move(volts, tmp_path / "there.csv").read_text() == "4.9"
    assert tree(tmp_path) == {"there.csv": "4.9"}


@pytest.mark.node("file.delete")
def test_files_are_deleted_and_nothing_else(volts, tmp_path):
    for folder, words in (
        (tmp_path, "is a folder, and only files"),
        ("/", "/ is a folder of the disk, and only files"),
    ):
        with pytest.raises(IsADirectoryError, match=words):
            file.delete(folder)
    with pytest.raises(IsADirectoryError):
        file.delete("")
    (tmp_path / "link").symlink_to(tmp_path)
    assert file.delete(tmp_path / "link")
    assert file.delete(volts)
    assert not file.delete(volts, needed=False)
    with pytest.raises(FileNotFoundError, match=r"there is no file .*volts\.csv"):
        file.delete(volts)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="needs devices that are files")
@pytest.mark.node("file.delete")
def test_devices_are_left_alone():
    with pytest.raises(OSError, match="/dev/null is a device or the like"):
        file.delete("/dev/null")
    assert Path("/dev/null").exists()


@pytest.mark.node("file.checksum")
def test_checksums_are_those_of_the_standards(tmp_path):
    # FIPS 180-4 and RFC 1321 for abc; the check value of CRC-32 is that of 123456789
    place = file.write_text("abc", tmp_path / "abc")
    assert file.checksum(place) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file.checksum(place, "sha1") == "a9993e364706816aba3e25717850c26c9cd0d89d"
    assert file.checksum(place, "md5") == "900150983cd24fb0d6963f7d28e17f72"
    assert file.checksum(place, "sha512").startswith("ddaf35a193617abacc417349ae204131")
    assert file.checksum(place, "blake2b").startswith("ba80a53f981c4d0d6a2797b69f12f6e9")
    assert file.checksum(file.write_text("123456789", place), "crc32") == "cbf43926"
    place.write_bytes(b"a" * 1_000_000)
    assert file.checksum(place) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    with pytest.raises(IsADirectoryError, match="is a folder"):
        file.checksum(tmp_path)


# ------------------------------------------------------------------ archives
@pytest.mark.node("file.zip_files", "file.unzip")
def test_files_and_folders_are_packed_and_come_back(volts, tmp_path):
    (tmp_path / "day" / "raw").mkdir(parents=True)
    (tmp_path / "day" / "raw" / "Ω.txt").write_text("10")
    (tmp_path / "day" / "old.zip").write_text("of before")
    archive = file.zip_files([volts, tmp_path / "day"], tmp_path / "day" / "old.zip")
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        assert sorted(opened.namelist()) == ["day/raw/Ω.txt", "volts.csv"]
    written = file.unzip(archive, tmp_path / "back")
    assert written == [tmp_path / "back" / "volts.csv", tmp_path / "back" / "day" / "raw" / "Ω.txt"]
    assert tree(tmp_path / "back") == {"volts.csv": "4.9", "day/raw/Ω.txt": "10"}
    with zipfile.ZipFile(file.zip_files([volts], archive, base=str(tmp_path.parent))) as opened:
        assert opened.namelist() == [f"{tmp_path.name}/volts.csv"]


@pytest.mark.node("file.zip_files")
def test_what_cannot_be_packed_is_said(volts, tmp_path):
    (tmp_path / "day").mkdir()
    (tmp_path / "day" / "volts.csv").touch()
    archive = tmp_path / "a.zip"
    with pytest.raises(ValueError, match="would have one name in the archive: set a base"):
        file.zip_files([volts, tmp_path / "day" / "volts.csv"], archive)
    with pytest.raises(ValueError, match=r"is not in the folder .*day: choose another base"):
        file.zip_files([volts], archive, base=str(tmp_path / "day"))
    with pytest.raises(ValueError, match="there are no files to pack"):
        file.zip_files([], archive)
    with pytest.raises(FileNotFoundError, match=r"there is no file .*none\.csv"):
        file.zip_files([tmp_path / "none.csv"], archive)
    assert not archive.exists()


def packed(place, *names, mode=0):
    with zipfile.ZipFile(place, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.external_attr = mode << 16
            archive.writestr(info, "evil")
    return place


@pytest.mark.node("file.unzip")
@pytest.mark.parametrize(
    "name", ["../evil", "/evil", "a/../../evil", "..\\evil", "C:\\evil", "c:evil", "\\\\host\\evil"]
)
def test_an_archive_whose_names_lead_out_of_the_folder_is_refused_as_a_whole(tmp_path, name):
    archive = packed(tmp_path / "a.zip", "good.txt", name)
    (tmp_path / "in").mkdir()
    with pytest.raises(ValueError, match="leads out of the folder: nothing was unpacked"):
        file.unzip(archive, tmp_path / "in" / "to")
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "a.zip"] or not tree(tmp_path / "in")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "in"]


@pytest.mark.node("file.unzip")
def test_links_lead_nowhere(tmp_path):
    (tmp_path / "to").mkdir()
    (tmp_path / "outside").mkdir()
    with pytest.raises(ValueError, match="'link' in the archive leads out"):
        file.unzip(packed(tmp_path / "a.zip", "link", mode=stat.S_IFLNK | 0o777), tmp_path / "to")
    (tmp_path / "to" / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(ValueError, match="'link/evil' in the archive leads out"):
        file.unzip(packed(tmp_path / "a.zip", "link/evil"), tmp_path / "to")
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.node("file.unzip")
@pytest.mark.parametrize("names", [("one", "a", "a/b"), ("one", "a/b/c", "a")])
def test_an_archive_with_a_file_that_is_a_folder_too_is_refused_as_a_whole(tmp_path, names):
    archive = packed(tmp_path / "a.zip", *names)
    with pytest.raises(ValueError, match=r"a in the archive is a file, and the folder of a/b.*: make it anew"):
        file.unzip(archive, tmp_path / "to")
    assert not (tmp_path / "to").exists()


@pytest.mark.node("file.unzip")
def test_a_file_where_a_folder_would_be_is_refused_before_anything_is_written(tmp_path):
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "a").write_text("kept")
    with pytest.raises(NotADirectoryError, match=r"a is a file, and a/b/c goes into it: choose another folder"):
        file.unzip(packed(tmp_path / "a.zip", "one", "a/b/c"), tmp_path / "to", existing="replace")
    assert tree(tmp_path / "to") == {"a": "kept"}


@pytest.mark.node("file.unzip")
def test_archives_that_are_no_good_are_refused(volts, tmp_path):
    archive = file.zip_files([volts], tmp_path / "a.zip")
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "volts.csv").write_text("kept")
    with pytest.raises(FileExistsError, match=r"volts\.csv is there already: choose another folder"):
        file.unzip(archive, tmp_path / "to")
    with pytest.raises(ValueError, match="unpacks to 3 B, more than 2 B"):
        file.unzip(archive, tmp_path / "to", limit=2.0)
    whole = archive.read_bytes()
    start = whole.index(b"volts.csv") + 9
    archive.write_bytes(whole[:start] + b"\xff\xff" + whole[start + 2 :])
    with pytest.raises(ValueError, match=r"a\.zip cannot be unpacked"):
        file.unzip(archive, tmp_path / "to", existing="replace")
    archive.write_bytes(whole[:6] + b"\1" + whole[7:].replace(whole[4:8], whole[4:6] + b"\1\0", 1))
    with pytest.raises(ValueError, match="is locked by a password"):
        file.unzip(archive, tmp_path / "to", existing="replace")
    archive.write_text("no archive")
    with pytest.raises(ValueError, match=r"cannot be unpacked .*: make the archive anew"):
        file.unzip(archive, tmp_path / "to")
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed(archive, "a", "a")
    with pytest.raises(ValueError, match="is in the archive twice"):
        file.unzip(archive, tmp_path / "to")
    with pytest.raises(NotADirectoryError, match=r"volts\.csv is a file: choose a folder"):
        file.unzip(archive, volts)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        file.unzip(archive, tmp_path / "none" / "to")
    assert tree(tmp_path / "to") == {"volts.csv": "kept"}
    archive.write_bytes(whole)
    assert file.unzip(archive, tmp_path / "to", existing="replace")[0].read_text() == "4.9"

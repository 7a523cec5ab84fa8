"""Arrays, sounds, pictures and lines in files, against what other programs write and read."""

from __future__ import annotations

import math
import pickle
import struct
import wave

import numpy as np
import pytest
from PIL import Image

from flodesk.nodes import file
from flodesk.public import PlainContext, Waveform, context, enter_context

TONE = Waveform(np.array([[0.0, 0.5, -1.0, 1.0], [0.25, -0.25, 0.0, 0.125]]), 1 / 8000, unit="V")


# ------------------------------------------------------------------ lines
@pytest.mark.node("file.read_jsonl", "file.write_jsonl")
def test_json_lines(tmp_path):
    place = tmp_path / "log.jsonl"
    place.write_bytes(b'\xef\xbb\xbf{"volt": 4.9}\r\n\n[1, null]\n"\xce\xa9"')
    assert file.read_jsonl(place) == [{"volt": 4.9}, [1, None], "Ω"]
    assert file.write_jsonl([True], place, append=True) == place
    assert file.read_jsonl(place)[-2:] == ["Ω", True], "the last line had no end"
    file.write_jsonl([{"n": np.int64(1)}, "a\nb"], place)
    assert place.read_bytes() == b'{"n": 1}\n"a\\nb"\n'
    file.write_jsonl([2], tmp_path / "new.jsonl", append=True)
    assert (tmp_path / "new.jsonl").read_text() == "2\n"


@pytest.mark.node("file.read_jsonl", "file.write_jsonl")
def test_json_lines_that_make_no_sense_are_named_and_nothing_is_written(tmp_path):
    place = tmp_path / "log.jsonl"
    place.write_bytes(b"1\n{\n")
    with pytest.raises(ValueError, match=r"log\.jsonl, line 2: this is no JSON"):
        file.read_jsonl(place)
    for append in (False, True):
        with pytest.raises(ValueError, match="value 2: this cannot be written as JSON"):
            file.write_jsonl([1, math.nan], place, append=append)
    assert place.read_bytes() == b"1\n{\n"
    place.write_bytes(b"1\n\xff\n")
    with pytest.raises(ValueError, match=r"log\.jsonl, line 2: this is not UTF-8"):
        file.read_jsonl(place)
    with pytest.raises(TypeError, match="a list of values is needed, and dict came"):
        file.write_jsonl({}, place)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        file.write_jsonl([1], tmp_path / "none" / "log.jsonl", append=True)


# ------------------------------------------------------------------ arrays
@pytest.mark.node("file.read_npy", "file.write_npy")
def test_arrays_go_both_ways_between_numpy_and_us(tmp_path):
    for number, made in enumerate(
        (np.arange(6.0).reshape(2, 3).T, np.array(3 + 4j), np.array(["a", "Ω"]), np.array(["2024-02-29"], "M8[D]"))
    ):
        place = file.write_npy(made, tmp_path / f"{number}.npy")
        np.testing.assert_array_equal(np.load(place), made)
        np.save(place, made)
        np.testing.assert_array_equal(file.read_npy(place), made, strict=True)
    assert np.load(file.write_npy(TONE, tmp_path / "tone.data")).shape == (2, 4)


@pytest.mark.node("file.read_npz", "file.write_npz")
def test_archives_go_both_ways_between_numpy_and_us(tmp_path):
    place = file.write_npz(tmp_path / "a.npz", file=np.arange(3), volt=[[1.5]])
    with np.load(place) as there:
        assert there["file"].tolist() == [0, 1, 2]
        assert there["volt"].tolist() == [[1.5]]
    np.savez_compressed(place, first=np.ones(2), second=np.zeros(3))
    assert file.read_npz(place).tolist() == [1.0, 1.0]
    assert file.read_npz(place, "second").tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="no array 'third': it has first, second"):
        file.read_npz(place, "third")
    with pytest.raises(ValueError, match="there is no array to write"):
        file.write_npz(place)


class Runs:
    """What runs when it is unpickled."""

    def __reduce__(self):
        return print, ("this must not be run",)


@pytest.mark.node("file.read_npy", "file.read_npz", "file.write_npy")
def test_pickles_are_neither_read_nor_written(tmp_path, capsys):
    evil = np.array([Runs()], dtype=object)
    np.save(tmp_path / "a.npy", evil)
    np.savez(tmp_path / "a.npz", evil)
    (tmp_path / "b.npy").write_bytes(pickle.dumps(Runs()))
    for read, name in ((file.read_npy, "a.npy"), (file.read_npz, "a.npz")):
        with pytest.raises(ValueError, match=rf"{name} holds pickled objects, which are not read"):
            read(tmp_path / name)
    with pytest.raises(ValueError, match=r"b\.npy cannot be read as arrays"):
        file.read_npy(tmp_path / "b.npy")
    with pytest.raises(ValueError, match=r"a\.npy cannot be read as arrays"):
        file.read_npz(tmp_path / "a.npy")
    with pytest.raises(ValueError, match="holds objects"):
        file.write_npy(evil, tmp_path / "c.npy")
    with pytest.raises(ValueError, match="make rows of one length"):
        file.write_npy([[1], [1, 2]], tmp_path / "c.npy")
    assert not (tmp_path / "c.npy").exists()
    assert capsys.readouterr().out == ""


def test_a_file_of_numpy_that_was_cut_off_is_refused(tmp_path):
    for made in (file.write_npy(np.arange(1000), tmp_path / "a.npy"), file.write_npz(tmp_path / "a.npz", a=[1.0] * 99)):
        made.write_bytes(made.read_bytes()[:-100])
        with pytest.raises(ValueError, match="cannot be read as arrays of NumPy"):
            (file.read_npy if made.suffix == ".npy" else file.read_npz)(made)


# ------------------------------------------------------------------ sounds
@pytest.mark.node("file.read_wav")
@pytest.mark.parametrize(
    ("width", "frames", "values"),
    [
        (1, bytes([128, 0, 255]), [0.0, -1.0, 127 / 128]),
        (2, struct.pack("<3h", 0, -32768, 16384), [0.0, -1.0, 0.5]),
        (3, b"\0\0\0\0\0\x80\0\0\x40", [0.0, -1.0, 0.5]),
        (4, struct.pack("<3i", 0, -(2**31), 2**30), [0.0, -1.0, 0.5]),
    ],
)
def test_sounds_of_the_wave_module_are_read(tmp_path, width, frames, values):
    with wave.open(str(tmp_path / "a.wav"), "wb") as made:
        made.setparams((1, width, 44100, 0, "NONE", ""))
        made.writeframes(frames)
    heard = file.read_wav(tmp_path / "a.wav", full_scale=10.0, unit="Pa")
    assert heard.y.tolist() == [10.0 * value for value in values]
    assert (heard.rate, heard.unit, heard.t0) == (44100.0, "Pa", 0.0)


@pytest.mark.node("file.write_wav", "file.read_wav")
def test_sounds_come_back_and_the_wave_module_reads_them(tmp_path):
    place = file.write_wav(TONE, tmp_path / "a.wav")
    with wave.open(str(place)) as there:
        assert there.getparams()[:4] == (2, 2, 8000, 4)
        assert struct.unpack("<8h", there.readframes(4)) == (0, 8192, 16384, -8192, -32768, 0, 32767, 4096)
    for numbers, step in (("16 bit", 2**-15), ("32 bit", 2**-31), ("float", 0.0)):
        back = file.read_wav(file.write_wav(TONE, place, numbers=numbers), unit="V")
        assert np.abs(back.y - TONE.y).max() <= step
        assert (back.dt, back.unit) == (TONE.dt, "V")
    loud = file.read_wav(file.write_wav(TONE * 8.0, place, full_scale=10.0), full_scale=10.0)
    np.testing.assert_allclose(loud.y, TONE.y * 8.0, atol=10 * 2**-15)
    assert file.read_wav(file.write_wav(TONE * 8.0, place, numbers="float")).y.max() == 8.0


@pytest.mark.node("file.write_wav")
@pytest.mark.parametrize(
    ("signal", "error", "words"),
    [
        (np.zeros(3), TypeError, "ndarray has no sample rate"),
        (TONE * 2.0, ValueError, "the signal goes to 2, beyond the full scale of 1: set full_scale higher"),
        (Waveform(np.zeros(3), 1 / 44.5), ValueError, "the rate is 44.5 Hz: resample"),
        (Waveform(np.zeros(3), 10.0), ValueError, "the rate is 0.1 Hz"),
        (Waveform(np.array([math.nan]), 1.0), ValueError, "missing or infinite"),
        (Waveform(np.zeros(0), 1.0), ValueError, "are no sound"),
    ],
)
def test_what_a_sound_file_cannot_hold_is_refused(tmp_path, signal, error, words):
    with pytest.raises(error, match=words):
        file.write_wav(signal, tmp_path / "a.wav")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.node("file.read_wav")
def test_sounds_with_parts_of_other_programs_and_those_that_end_early(tmp_path):
    place = file.write_wav(TONE, tmp_path / "a.wav")
    whole = place.read_bytes()
    place.write_bytes(whole + b"mark" + struct.pack("<I", 4) + b"\0\0\0\0")
    assert file.read_wav(place).y.shape == (2, 4)

    class Told(PlainContext):
        def log(self, text, level="info"):
            lines.append((text, level))

    lines, before = [], context()
    enter_context(Told())
    try:
        place.write_bytes(whole[:-4])
        assert file.read_wav(place).y.shape == (2, 3)
    finally:
        enter_context(before)
    assert lines == [(f"{place} ends early: some samples are missing", "warning")]
    place.write_text("no sound")
    with pytest.raises(ValueError, match=r"a\.wav is no WAV that can be read"):
        file.read_wav(place)


# ------------------------------------------------------------------ pictures
@pytest.mark.node("file.write_image")
@pytest.mark.parametrize("ending", ["png", "tif", "bmp", "webp", "jpg", "gif"])
def test_pictures_are_what_other_programs_read(tmp_path, ending):
    points = np.zeros((16, 16, 3), np.uint8)
    points[:8] = (255, 0, 0)
    with Image.open(file.write_image(points, tmp_path / f"a.{ending}", quality=100)) as there:
        assert there.size == (16, 16)
        off = np.abs(np.asarray(there.convert("RGB")).astype(int) - points)
    if ending in ("jpg", "webp"):  # they share colors between neighbours
        assert off.mean() < 5.0
    else:
        assert off.max() == 0


@pytest.mark.node("file.write_image")
def test_pictures_of_any_numbers_come_back(tmp_path):
    place = tmp_path / "a.png"
    for made, there in (
        ([[0.0, 0.5, 1.0]], [[0, 128, 255]]),
        ([[True, False]], [[255, 0]]),
        ([[0, 7]], [[0, 7]]),
        ([[0, 60000]], [[0, 60000]]),
        (np.array([[0, 200]], np.uint16), [[0, 200]]),
        ([[[1, 2, 3, 0]]], [[[1, 2, 3, 0]]]),
    ):
        assert file.read_image(file.write_image(np.array(made), place)).tolist() == there
    heights = np.array([[-3.5, 1e6]], np.float32)
    assert file.read_image(file.write_image(heights, tmp_path / "a.tif")).tolist() == heights.tolist()


@pytest.mark.node("file.write_image")
@pytest.mark.parametrize(
    ("picture", "name", "words"),
    [
        (np.zeros((2, 2)), "a.doc", r"a\.doc has no ending of a picture: use one of \.png"),
        (np.zeros(5), "a.png", r"shape \(5,\) is no picture"),
        (np.zeros((2, 2, 2)), "a.png", "is no picture"),
        (np.array([[0.0, 3.0]]), "a.png", "go from 0 to 3: bring them to 0 to 1"),
        (np.array([[0.0, math.nan]]), "a.png", "go from nan to nan"),
        (np.array([[-1, 3]]), "a.png", "go from -1 to 3: bring them to 0 to 255"),
        (np.full((1, 1, 3), 300), "a.png", "a color goes from 0 to 255, and 300 came"),
        (np.array([["a"]]), "a.png", "is made of numbers"),
        (np.zeros((1, 1, 4), np.uint8), "a.jpg", "JPEG has no transparency"),
        (np.array([[60000]]), "a.jpg", "JPEG holds numbers from 0 to 255"),
    ],
)
def test_what_a_picture_cannot_hold_is_refused(tmp_path, picture, name, words):
    with pytest.raises(ValueError, match=words):
        file.write_image(picture, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_files_that_cannot_be_read_are_named(tmp_path):
    for read in (file.read_npy, file.read_npz, file.read_wav, file.read_jsonl, file.read_image):
        with pytest.raises(FileNotFoundError, match=r"there is no file .*none: check"):
            read(tmp_path / "none")
        with pytest.raises(IsADirectoryError, match="is a folder: choose a file in it"):
            read(tmp_path)


def test_names_of_an_archive_are_offered(tmp_path):
    from flodesk.nodes.file.arrays import _names

    assert _names(str(file.write_npz(tmp_path / "a.npz", volt=[1.0], amp=[2.0]))) == ["volt", "amp"]

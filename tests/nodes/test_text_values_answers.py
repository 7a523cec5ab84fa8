"""Numbers with units, dates, JSON and codes in texts, against answers of standards and tables."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pandas as pd
import pytest

from flodesk.nodes import file, text
from flodesk.nodes._units import coherent


@pytest.mark.node("text.parse_number")
@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("4.7 kΩ", 4700.0, "Ω"),
        ("4.7k\u2126", 4700.0, "Ω"),  # the sign of the ohm
        ("-20mV", -0.02, "V"),
        ("\u22121e3 Hz", -1000.0, "Hz"),
        ("90 km/h", 25.0, "m/s"),
        ("20 °C", 293.15, "K"),
        ("5 %", 0.05, ""),
        ("2.5 kVA", 2500.0, "VA"),
        ("1 bar", 1e5, "Pa"),
        ("2 L", 0.002, "m³"),
        ("3 W/(m²·K)", 3.0, "kg/(s³·K)"),
        ("1 kN·km", 1e6, "kg·m²/s²"),
        ("10 1/min", 1 / 6, "1/s"),
        ("100 g", 0.1, "kg"),
        ("7", 7.0, ""),
        (".5M", 500000.0, ""),
        ("4.7 n", 4.7e-9, ""),
        ("5 m", 5.0, "m"),
    ],
)
def test_a_number_with_a_unit(written, value, unit):
    read = text.parse_number(f" {written}\n")
    assert read.value == pytest.approx(value, rel=1e-15)
    assert read.unit == unit
    assert coherent(unit or "1") == unit, "what comes out is in that unit already"


@pytest.mark.node("text.parse_number")
def test_a_number_in_the_unit_that_is_asked_for():
    assert text.parse_number("0,25 in", to="mm", comma=True) == (6.35, "mm")
    assert text.parse_number("1 MB", to="B") == (1e6, "B")
    with pytest.raises(ValueError, match="V and Hz measure different things"):
        text.parse_number("3 V", to="Hz")
    with pytest.raises(ValueError, match="'3' has no unit: leave `to` empty"):
        text.parse_number("3", to="Hz")
    with pytest.raises(ValueError, match=r"'vlt'.*is no unit"):
        text.parse_number("3 vlt")
    for wrong in ("", "volt", "1,5 V", "4 7 k"):
        with pytest.raises(ValueError, match=r"is no (number with a unit|unit)"):
            text.parse_number(wrong)


@pytest.mark.node("text.parse_date", "text.format_date")
def test_dates_are_read_and_written():
    moment = datetime.datetime(2024, 2, 29, 13, 5, 6)
    assert text.parse_date(" 2024-02-29T13:05:06\n") == moment
    assert text.parse_date("29/02/24 01:05:06 PM", "%d/%m/%y %I:%M:%S %p") == moment
    assert text.parse_date("2024-02-29") == datetime.datetime(2024, 2, 29)
    assert text.format_date(moment) == "2024-02-29 13:05:06"
    assert text.format_date(pd.Timestamp(moment), "%j") == "060"
    assert text.format_date(datetime.time(7, 5), "%H.%M") == "07.05"
    assert text.format_date(1_000_000_000, utc=True) == "2001-09-09 01:46:40"  # as Unix tells it
    assert text.format_date(np.float64(1e9), utc=True) == "2001-09-09 01:46:40"
    assert text.format_date("2024-02-29T13:05:06+01:00", "%H:%M", utc=True) == "12:05"
    assert text.format_date("2024-02-29T13:05:06+01:00", "%H:%M%z") == "13:05+0100"
    with pytest.raises(ValueError, match=r"'29\.2\.2024' is no date such as .*: for any other say its form"):
        text.parse_date("29.2.2024")
    with pytest.raises(ValueError, match="'2023-02-29' is no date of the form '%Y-%m-%d'"):
        text.parse_date("2023-02-29", "%Y-%m-%d")
    with pytest.raises(ValueError, match="no date that a calendar has"):
        text.format_date(1e30)
    with pytest.raises(TypeError, match="a date is needed, and list came"):
        text.format_date([1])


@pytest.mark.node("text.parse_json", "text.to_json")
def test_json(tmp_path):
    value = {"a": [1, 2.5, None, True], "Ω": {"b": ""}}
    assert text.parse_json(text.to_json(value)) == value
    assert text.to_json(value) == '{"a": [1, 2.5, null, true], "Ω": {"b": ""}}'
    assert text.to_json([1], indent="2") == "[\n  1\n]"
    numbers = {"one": np.int64(1), "row": np.arange(3), "truth": np.bool_(True)}
    assert text.to_json(numbers) == '{"one": 1, "row": [0, 1, 2], "truth": true}'
    assert file.read_json(file.write_json(numbers, tmp_path / "a.json")) == {"one": 1, "row": [0, 1, 2], "truth": True}
    for wrong in (math.nan, np.array([math.inf]), pd.DataFrame({"a": [1]}), pd.Series([1]), {1j}):
        with pytest.raises(ValueError, match=r"cannot be written as JSON .*: make plain numbers"):
            text.to_json({"a": wrong})
    with pytest.raises(ValueError, match="line 2, sign 7: this is no JSON"):
        text.parse_json('{"a": 1,\n "b": }')


@pytest.mark.node("text.to_base64", "text.from_base64")
def test_base64_as_the_standard_has_it():
    vectors = {"": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "foobar": "Zm9vYmFy"}  # RFC 4648
    for plain, coded in vectors.items():
        assert text.to_base64(plain) == coded
        assert text.from_base64(coded) == plain
    assert text.to_base64(b"\xfb\xff") == "+/8="
    assert text.to_base64(b"\xfb\xff", for_addresses=True) == "-_8="
    assert text.from_base64(" -_8\n", "bytes") == b"\xfb\xff"
    with pytest.raises(ValueError, match="these are 2 bytes and no text: set gives to bytes"):
        text.from_base64("+/8=")
    for wrong in ("Zg!=", "Z", "=Zg"):
        with pytest.raises(ValueError, match="this is no Base64"):
            text.from_base64(wrong)
    with pytest.raises(TypeError, match="a text or bytes are needed, and float came"):
        text.to_base64(1.0)


@pytest.mark.node("text.hash")
def test_hashes_as_their_standards_have_them():
    assert text.hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180
    assert text.hash(b"abc", "sha1") == "a9993e364706816aba3e25717850c26c9cd0d89d"
    assert text.hash("", "md5") == "d41d8cd98f00b204e9800998ecf8427e"  # RFC 1321
    assert text.hash("abc", "sha512").startswith("ddaf35a193617abacc417349ae204131")
    assert text.hash("abc", "blake2b").startswith("ba80a53f981c4d0d6a2797b69f12f6e9")  # RFC 7693, appendix A
    assert text.hash("123456789", "crc32") == "cbf43926"  # the check value of its catalogue
    with pytest.raises(TypeError, match="a text or bytes are needed, and NoneType came"):
        text.hash(None)

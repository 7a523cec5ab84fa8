"""Files that are written come back as they were, and what cannot be written leaves what was there."""

from __future__ import annotations

import pandas as pd
import pytest

from flodesk.nodes import file

POWER = pd.DataFrame({"part": ["R1", "Ω"], "volt": [4.9, None], "day": pd.to_datetime(["2024-02-29", "2024-03-01"])})


@pytest.mark.node("file.write_text", "file.write_json")
def test_texts_and_json_come_back(tmp_path):
    place = file.write_text("a\nΩ", tmp_path / "a.txt")
    assert place.read_bytes() == b"a\n\xce\xa9"
    with pytest.raises(ValueError, match="latin-1 has no 'Ω'"):
        file.write_text("Ω", place, "latin-1")
    assert file.read_text(place) == "a\nΩ"
    kept = file.write_json({"a": [1, None, True]}, tmp_path / "a.json")
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        file.write_json({"a": float("nan")}, kept)
    assert file.read_json(kept) == {"a": [1, None, True]}
    with pytest.raises(FileNotFoundError, match="no folder"):
        file.write_json(1, tmp_path / "none" / "a.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.txt"]


@pytest.mark.node("file.read_excel", "file.write_excel")
def test_excel(tmp_path):
    place = file.write_excel(POWER, tmp_path / "a.xlsx", "Power")
    pd.testing.assert_frame_equal(file.read_excel(place, "Power"), POWER, check_dtype=False)
    with pytest.raises(ValueError, match="no sheet 'Other': it has Power"):
        file.read_excel(place, "Other")
    with pytest.raises(ValueError, match=r"does not end in \.xlsx"):
        file.write_excel(POWER, tmp_path / "a.csv")
    place.write_text("no book")
    with pytest.raises(ValueError, match="is no Excel file"):
        file.read_excel(place)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        file.read_excel(tmp_path / "none.xlsx")


@pytest.mark.node("file.read_parquet", "file.write_parquet")
def test_parquet(tmp_path):
    place = file.write_parquet(POWER, tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(file.read_parquet(place), POWER, check_dtype=False)
    assert list(file.read_parquet(place, ["volt"]).columns) == ["volt"]
    with pytest.raises(ValueError, match="no column 'amp': it has part, volt, day"):
        file.read_parquet(place, ["amp"])
    with pytest.raises(ValueError, match="cannot be written as Parquet"):
        file.write_parquet(pd.DataFrame({"x": [1, "a"]}), place)
    assert len(file.read_parquet(place)) == 2
    place.write_text("nothing of the kind")
    with pytest.raises(ValueError, match="is no Parquet file"):
        file.read_parquet(place)

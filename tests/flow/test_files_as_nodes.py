"""What files become, read and never run: tables, images, Python, notebooks, and those that become nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.incoming import Untaken, becomes, take_in
from flodesk.flow.script import read, write
from flodesk.nodes import record

CATALOG = Catalog.builtin()
EMPTY = 'import flodesk\n\n\ndef flow():\n    pass\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
LIBRARY = '''\
import math

K = 2


def area(r: float) -> float:
    """Area of a circle."""
    return math.pi * r**2 * K


class Sum:
    def __init__(self, start: float = 0.0) -> None:
        self.total = start

    def __call__(self, x: float) -> float:
        self.total += x
        return self.total


def _hidden() -> None:
    raise SystemExit("it was run")


print("it was run")
'''


def line_of(path: Path, folder: Path | None = None) -> str:
    return take_in(path, folder).text.rstrip().rpartition("\n")[2]


def pasted(text: str) -> str:
    flow = read(EMPTY)
    edit, _ = wiring.paste(flow, CATALOG, "flow", text, (0.0, 0.0), origin="file")
    new = edit.apply(flow)[0]
    assert read(write(new)) == new
    return write(new)


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("Orders (2).csv", b"a,b\n1,2\n", 'orders_2 = file.read_csv("Orders (2).csv")'),
        ("2024.csv", b"a;b\n1;2\n", 'data_2024 = file.read_csv("2024.csv", separator=";")'),
        ("t.tsv", b"a\n1\n", 't = file.read_csv("t.tsv", separator="\\t")'),
        ("größe.csv", "größe,b\n1,2\n".encode("cp1252"), 'größe = file.read_csv("größe.csv", encoding="cp1252")'),
        ("bom.csv", b"\xef\xbb\xbfa|b\n", 'bom = file.read_csv("bom.csv", separator="|", encoding="utf-8-sig")'),
        ("class.png", b"\x89PNG", 'class_1 = file.read_image("class.png")'),
        ("photo.JPG", b"x", 'photo = file.read_image("photo.JPG")'),
        ("notes.txt", b"hello", 'notes = file.read_text("notes.txt")'),
        ("a.json", b"{}", 'a = file.read_json("a.json")'),
        ("a.parquet", b"PAR1", 'a = pandas.read_parquet("a.parquet")'),
    ],
)
def test_data_becomes_a_node_that_reads_it(tmp_path: Path, name: str, data: bytes, line: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert line_of(path, tmp_path) == line
    assert line in pasted(take_in(path, tmp_path).text)
    assert becomes(path)


def test_a_recording_becomes_a_player_with_a_name_for_each_column(tmp_path: Path) -> None:
    log = record.Arrow(tmp_path / "log.arrows", columns=["Bath (°C)", "class", "Bath °C"])
    log(1.0, 2, "x")
    log.close()
    line = 'for bath_c, class_1, bath_c_2 in record.play("log.arrows"):'
    text = take_in(tmp_path / "log.arrows", tmp_path).text
    assert line in text
    assert line in pasted(text)
    assert becomes(tmp_path / "log.arrows") == "a player"
    (tmp_path / "other.arrows").write_bytes(b'\xff\xff\xff\xff no recorder has written this {"columns": 3}')
    assert 'for other in record.play("other.arrows"):' in take_in(tmp_path / "other.arrows", tmp_path).text


@pytest.mark.parametrize("ending", ["tdms", "h5", "hdf5", "sqlite"])
def test_a_recording_of_another_format_becomes_a_player_of_all_its_columns(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"bath.{ending}"
    path.write_bytes(b"x")
    assert f'for bath in record.play("bath.{ending}"):' in pasted(take_in(path, tmp_path).text)


def test_a_csv_file_that_a_recorder_has_written_is_a_table_or_played(tmp_path: Path) -> None:
    log = record.Csv(tmp_path / "log.csv", columns=["volt", "ok"])
    log(1.0, True)
    log.close()
    taken = take_in(tmp_path / "log.csv", tmp_path)
    assert list(taken.ways) == list(taken.about) == ["Table", "Player"]
    assert taken.text == taken.ways["Table"]
    assert 'log = file.read_csv("log.csv")' in taken.text
    assert 'for volt, ok in record.play("log.csv"):' in pasted(taken.ways["Player"])
    many = [f"c{n}" for n in range(20)]
    (tmp_path / "wide.csv").write_text(",".join(["time", *many]) + "\n")
    assert 'for wide in record.play("wide.csv"):' in take_in(tmp_path / "wide.csv", tmp_path).ways["Player"]
    (tmp_path / "no.csv").write_text("a,time\n1,2\n")
    assert not take_in(tmp_path / "no.csv", tmp_path).ways


def test_a_file_is_named_by_its_way_from_the_flow(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "a.csv"
    path.write_text("a,b\n")
    assert line_of(path, tmp_path) == 'a = file.read_csv("data/a.csv")'
    assert line_of(path, tmp_path / "elsewhere") == f'a = file.read_csv("{path}")'
    assert line_of(path) == f'a = file.read_csv("{path}")'


def test_functions_of_a_file_beside_the_flow_are_imported(tmp_path: Path) -> None:
    path = tmp_path / "lib.py"
    path.write_text(LIBRARY)
    taken = take_in(path, tmp_path)
    assert list(taken.functions) == ["area", "Sum"]
    assert not taken.opens
    text = pasted("\n\n".join(taken.functions.values()))
    assert "from lib import Sum, area\n" in text or "from lib import area, Sum\n" in text
    assert "    area_1 = area()\n" in text
    assert "    sum_2 = Sum()\n    sum_2_out = sum_2()\n" in text


def test_functions_of_a_file_elsewhere_are_copied_with_what_they_need(tmp_path: Path) -> None:
    path = tmp_path / "lib.py"
    path.write_text(LIBRARY)
    taken = take_in(path, None)
    assert "not beside" in taken.remark
    text = pasted(taken.functions["area"])
    assert "import math\n" in text
    assert "K = 2\n" in text
    assert "def area(r: float) -> float:" in text
    assert "class Sum" not in text


def test_a_flow_or_a_script_without_functions_is_to_be_opened(tmp_path: Path) -> None:
    for text in (EMPTY, "x = 1\nprint(x)\n"):
        path = tmp_path / "flow.py"
        path.write_text(text)
        assert take_in(path, tmp_path).opens


def notebook(*cells: tuple[str, Any], language: str = "python") -> bytes:
    made = [{"cell_type": kind, "source": source} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {"kernelspec": {"language": language}}, "nbformat": 4}).encode()


def test_the_cells_of_a_notebook_become_nodes(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(
        notebook(
            ("markdown", ["# Orders\n", "of a year"]),
            ("code", ["import pandas as pd\n", "%matplotlib inline\n", "df = pd.read_csv('x.csv')\n", "df"]),
            ("code", "!ls\nfiles = !ls"),
            ("code", "%%time\ndef clean(table):\n    return table.dropna()\n\ndf = clean(df)\ndf?"),
            ("code", ""),
        )
    )
    taken = take_in(path, tmp_path)
    assert "a cell is no Python" in taken.remark
    text = pasted(taken.text)
    assert "import pandas as pd\n" in text
    assert "    # # Orders\n    # of a year\n" in text
    assert "    df = pd.read_csv('x.csv')\n" in text
    assert "    df_2 = clean(df)\n" in text
    assert "# files = !ls" in text
    assert "def clean(table):\n    return table.dropna()\n" in text


def test_an_old_notebook_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\n", "y = x"]}]}]}))
    assert take_in(path, None).text == "x = 1\ny = x\n"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xyz", b"x", "No node reads a.xyz"),
        ("a.csv", b"", "a.csv is empty"),
        ("a.csv", b"a\0b", "a.csv is no text"),
        ("a.py", b"def (", r"a\.py cannot be read: line 1"),
        ("a.ipynb", b"{", "a.ipynb is no Jupyter notebook"),
        ("a.ipynb", b"[1]", "a.ipynb is no Jupyter notebook"),
        ("a.ipynb", notebook(("markdown", "# words")), "has no code"),
        ("a.ipynb", notebook(("code", "x <- 1"), language="R"), "a notebook in r"),
    ],
)
def test_what_becomes_nothing_says_why(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Untaken, match=words):
        take_in(path, tmp_path)


def test_no_files_at_all_say_why(tmp_path: Path) -> None:
    with pytest.raises(Untaken, match="is a folder"):
        take_in(tmp_path, tmp_path)
    with pytest.raises(Untaken, match="not there any more"):
        take_in(tmp_path / "gone.csv", tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
        with pytest.raises(Untaken, match="is no file"):
            take_in(tmp_path / "pipe.csv", tmp_path)

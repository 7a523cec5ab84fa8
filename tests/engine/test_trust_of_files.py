"""What is trusted: a text at a place, and all of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from flodesk.engine.trust import _MOST, Trust

ONE, TWO = "1" * 64, "2" * 64


def test_a_file_is_known_by_its_place_and_its_text(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    Trust().keep(file, ONE)
    other = Trust()
    assert other.standing(file, ONE) == "trusted"
    assert other.standing(file, TWO) == "changed"
    assert other.standing(tmp_path / "y.py", ONE) == "new"
    other.keep(file, TWO)
    assert Trust().standing(file, TWO) == "trusted"
    assert Trust().standing(file, ONE) == "changed"  # the newest counts: an old text may be one with a known fault


def test_a_link_is_the_file_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    file = tmp_path / "real" / "x.py"
    file.touch()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real", target_is_directory=True)
    Trust().keep_folder(link)
    assert Trust().standing(file, ONE) == "trusted"
    assert Trust().standing(tmp_path / "real2" / "x.py", ONE) == "new"
    outside = tmp_path / "outside.py"
    outside.touch()
    (tmp_path / "real" / "out.py").symlink_to(outside)
    assert Trust().standing(tmp_path / "real" / "out.py", ONE) == "new"


def test_a_line_that_was_cut_off_costs_that_line_alone(tmp_path: Path, data_of_its_own: Path) -> None:
    Trust().keep(tmp_path / "x.py", ONE)
    with (data_of_its_own / "trusted.jsonl").open("ab") as file:
        file.write(b'{"file": "/y.py", "te\xff\n[]\n3\n')
    Trust().keep(tmp_path / "z.py", TWO)
    assert Trust().standing(tmp_path / "x.py", ONE) == "trusted"
    assert Trust().standing(tmp_path / "z.py", TWO) == "trusted"


def test_it_does_not_grow_without_end(tmp_path: Path) -> None:
    trust = Trust(tmp_path)
    trust.keep_folder(tmp_path / "mine")
    with (tmp_path / "trusted.jsonl").open("a") as file:
        file.writelines(f'{{"file": "/f{n}", "text": "{n}"}}\n' for n in range(_MOST))
    trust.keep(tmp_path / "x.py", ONE)
    lines = (tmp_path / "trusted.jsonl").read_text().splitlines()
    assert len(lines) == _MOST // 2 + 1
    assert trust.standing(tmp_path / "x.py", ONE) == "trusted"
    assert trust.standing(tmp_path / "mine" / "y.py", ONE) == "trusted"
    assert trust.standing(Path(f"/f{_MOST - 1}"), str(_MOST - 1)) == "trusted"


def test_without_a_data_folder_it_holds_for_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLODESK_DATA", "/proc/nowhere")
    trust = Trust()
    trust.keep(tmp_path / "x.py", ONE)
    trust.keep(tmp_path / "x.py", TWO)
    assert trust.standing(tmp_path / "x.py", TWO) == "trusted"
    assert Trust().standing(tmp_path / "x.py", TWO) == "new"

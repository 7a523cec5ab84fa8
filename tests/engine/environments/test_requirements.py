"""What is typed as requirements, taken apart: names and versions, addresses, and files of packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from flodesk.engine.environments.environment import InstallationError
from flodesk.engine.environments.requirements import in_full, requirements_in, rows_of, told_by


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("numpy", ["numpy"]),
        ("numpy >= 2, <3  lab[a]@ git+https://x.org/lab  ./here x==1",
         ["numpy >= 2, <3", "lab[a]@ git+https://x.org/lab", "./here", "x==1"]),
        ("numpy @ file:///w/numpy-2.4.0-py3-none-any.whl", ["numpy @ file:///w/numpy-2.4.0-py3-none-any.whl"]),
        ("lab @ file:///my wheels/lab-1.0-py3-none-any.whl", ["lab @ file:///my%20wheels/lab-1.0-py3-none-any.whl"]),
        ("scipy lab @ file:///w/lab.whl numpy>1", ["scipy", "lab @ file:///w/lab.whl", "numpy>1"]),
        ("numpy,scipy >=1,\npandas[excel, sql] ~= 2.0", ["numpy", "scipy >=1", "pandas[excel, sql] ~= 2.0"]),
        ("tomli; python_version < '3.11' or os_name == \"a,b\", numpy",
         ["tomli; python_version < '3.11' or os_name == \"a,b\"", "numpy"]),
        ("tomli ; python_version>'3' numpy", ["tomli ; python_version>'3'", "numpy"]),
        ("-e ./lab --pre numpy", ["-e", "./lab", "--pre", "numpy"]),
        (" , \n", []),
    ],
)  # fmt: skip
def test_a_line_is_taken_apart_where_nothing_is_cut_in_two(typed: str, meant: list[str]) -> None:
    assert list(requirements_in(typed)) == meant


def test_a_file_is_found_from_the_folder_of_the_project_and_by_spaces_and_quotes(tmp_path: Path) -> None:
    folder = tmp_path / "my wheels"
    folder.mkdir()
    wheel, bare = folder / "lab-1.0-py3-none-any.whl", tmp_path / "lab-2.0-py3-none-any.whl"
    wheel.touch()
    bare.touch()
    for typed in (str(wheel), f'"{wheel}"', f"./{folder.name}/{wheel.name}", f"'./{folder.name}/{wheel.name}'"):
        assert requirements_in(f"numpy {typed} scipy", tmp_path) == ("numpy", str(wheel), "scipy")
    assert requirements_in(bare.name, tmp_path) == (str(bare),), "a name of a file that is there is no package"
    assert in_full(str(wheel)) == f"lab @ {wheel.as_uri()}"
    assert in_full("numpy") == "numpy"
    with pytest.raises(InstallationError, match=r"There is no file lab-3\.0"):
        in_full("lab-3.0-py3-none-any.whl")


def test_the_name_of_a_file_tells_what_it_brings_and_that_is_not_held_to_another_version() -> None:
    assert told_by("file:///my%20w/Flo_Tiny-2.0-py3-none-any.whl") == ("flo-tiny", "2.0")
    assert told_by("https://x.org/flo_src-1.0.tar.gz?x=1") == ("flo-src", "1.0")
    assert told_by("git+https://x.org/lab") == ("", "")
    has = {"lab": "1.0", "numpy": "2.4.6", "scipy": "1.9", "flo-src": "3.0"}
    wanted = ["lab @ file:///w/lab-2.0-py3-none-any.whl", "numpy>=2", "scipy>2", "/w/flo_src-1.0.tar.gz"]
    assert rows_of(has, wanted) == ["numpy==2.4.6"]

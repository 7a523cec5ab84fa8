"""What a file would import and could do, read from its text alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from flodesk.flow.foreign import look_over


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import subprocess", "starts other programs"),
        ("import os\nos.system('ls')", "starts other programs"),
        ("import os as o\no.execvp('ls', [])", "starts other programs"),
        ("from urllib import request", "uses the network"),
        ("import urllib.request as web", "uses the network"),
        ("import shutil\nshutil.rmtree('x')", "deletes or moves files"),
        ("from os import remove", "deletes or moves files"),
        ("from pathlib import Path\nPath('x').unlink()", "deletes or moves files"),
        ("open('x', 'w')", "writes files"),
        ("open('x', mode=how)", "writes files"),
        ("eval('1')", "runs text as code"),
        ("getattr(1, 'x')\n__import__('os')", "runs text as code"),
        ("import pickle", "reads pickles, which can run code"),
        ("import os\nos.environ['TOKEN']", "reads the environment"),
        ("from flodesk.nodes import system\nsystem.command('ls')", "starts other programs"),
        ("from flodesk.nodes import web", "uses the network"),
        ("from flodesk.nodes import system\nsystem.send_email('a@b.c', 'x')", "uses the network"),
        ("from flodesk.nodes import system\nsystem.mqtt_subscribe('plant')", "uses the network"),
        ("from flodesk.nodes import system\nsystem.environment_variable('TOKEN')", "reads the environment"),
    ],
)
def test_what_it_does_is_named_with_its_line(line: str, words: str) -> None:
    found = look_over(line, "x.py", None)
    where = {deed.words: deed.where for deed in found.deeds}
    assert words in where
    assert where[words][-1] == f"x.py:{len(line.splitlines())}"


@pytest.mark.parametrize(
    "line",
    [
        "open('x')",
        "open('x', 'rb')",
        "import os\nos.getcwd()",
        "import shutil",
        "re.compile('x')",
        "from flodesk.nodes import system\nsystem.computer()",
    ],
)
def test_what_is_harmless_is_not_named(line: str) -> None:
    assert look_over(line, "x.py", None).deeds == ()


def test_files_beside_it_are_read_on_and_each_once(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("import two\nimport socket\n")
    (tmp_path / "two.py").write_text("import one\n")
    (tmp_path / "numpy.py").write_text("def x(): (\n")
    found = look_over(
        "import one\nimport numpy\nfrom two import x\nimport json, nowhere_to_be_found\n", "x.py", tmp_path
    )
    origins = {one.name: one.origin for one in found.imports}
    assert origins == {
        "one": "beside", "two": "beside", "numpy": "beside", "nowhere_to_be_found": "missing", "json": "python",
        "socket": "python",
    }  # fmt: skip
    assert [deed.where for deed in found.deeds] == [("one.py:2",)]
    assert [why.partition(":")[0] for why in found.unread] == ["numpy.py"]


HARMLESS = "def f(a: int) -> int:\n    return a\n"
HARMFUL = "import subprocess\n"


@pytest.mark.parametrize(
    ("files", "text", "where"),
    [
        (
            {"nodes/a/x.py": HARMLESS, "nodes/b/x.py": HARMFUL},
            "from nodes.a import x\nfrom nodes.b import x as y\n",
            "nodes/b/x.py:1",
        ),
        ({"nodes/a/flow.py": HARMFUL}, "from nodes.a import flow\n", "nodes/a/flow.py:1"),
        ({"nodes/__init__.py": HARMFUL, "nodes/a/x.py": HARMLESS}, "import nodes.a.x\n", "nodes/__init__.py:1"),
        ({"nodes/a/__init__.py": HARMFUL}, "from nodes.a import x\n", "nodes/a/__init__.py:1"),
        ({"nodes/a/x.py": "from . import y\n", "nodes/a/y.py": HARMFUL}, "from nodes.a import x\n", "nodes/a/y.py:1"),
        (
            {"nodes/a/x.py": "from ..b.y import f\n", "nodes/b/y.py": HARMFUL},
            "from nodes.a import x\n",
            "nodes/b/y.py:1",
        ),
        ({"pack/__init__.py": "from .deep import *\n", "pack/deep/z.py": HARMFUL}, "import pack\n", "pack/deep/z.py:1"),
        ({"nodes/a/x.py": "from .round import x\nimport subprocess\n"}, "from nodes.a import x\n", "nodes/a/x.py:2"),
    ],
)
def test_what_folders_beside_it_do_is_named_with_the_folder(
    tmp_path: Path, files: dict[str, str], text: str, where: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
        link = (tmp_path / name).with_name("round")
        if not link.is_symlink():
            link.symlink_to(link.parent, target_is_directory=True)
    found = look_over(text, "flow.py", tmp_path)
    assert [(deed.words, deed.where) for deed in found.deeds] == [("starts other programs", (where,))]
    assert "nodes" not in {one.name for one in found.imports if one.origin == "missing"}
    assert not found.unread


def test_what_is_compiled_is_said_to_be_unread_and_names_without_end_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "quick.pyc").write_bytes(b"\0")
    long = "a" * 300
    found = look_over(f"import quick, {long}\nimport {'a.' * 5000}a\n", "x.py", tmp_path)
    assert {one.name: one.origin for one in found.imports} == {"quick": "beside", long: "missing", "a": "missing"}
    assert [why.partition(":")[0] for why in found.unread] == ["quick.pyc"]

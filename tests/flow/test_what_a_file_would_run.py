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

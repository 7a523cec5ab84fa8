"""What the header says of the app: one line each, written exactly, taken back exactly; and its password."""

from __future__ import annotations

import pytest

from flodesk.flow.app import App, app_of
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import EditError, SetApp, from_json, to_json
from flodesk.flow.password import hashed, matches
from flodesk.flow.script import read, write

TEXT = """# /// script
# requires-python = ">=3.11"
#
# [tool.flodesk]
# version = 1
# ///
import flodesk


def flow():
    pass


if __name__ == "__main__":
    flodesk.main(flow)
"""


def with_table(lines: str) -> str:
    return TEXT.replace("# version = 1\n", f"# version = 1\n#\n# [tool.flodesk.app]\n{lines}")


def test_settings_are_one_line_each_and_undone_to_the_letter() -> None:
    flow = read(TEXT)
    assert app_of(flow) == App() == App("", False, False, False, True, "")
    edit = SetApp({"title": "Oven 3", "touch": True})
    new, back = from_json(to_json(edit)).apply(flow)
    assert '# [tool.flodesk.app]\n# title = "Oven 3"\n# touch = true\n# ///' in write(new)
    assert app_of(read(write(new))) == App(title="Oven 3", touch=True)
    assert write(back.apply(new)[0]) == TEXT
    other, back = SetApp({"touch": None, "start": True}).apply(read(write(new)))
    assert '# [tool.flodesk.app]\n# title = "Oven 3"\n# start = true\n# ///' in write(other)
    assert write(back.apply(other)[0]) == write(new)
    assert write(SetApp({"title": None, "start": None}).apply(other)[0]) == TEXT


def test_what_a_newer_flodesk_says_stays_and_what_makes_no_sense_is_told() -> None:
    text = with_table('# titel = "Oven"\n# start = "yes"\n')
    flow = read(text)
    assert app_of(flow) == App()
    told = {problem.message: problem for problem in check(flow, Catalog.builtin()) if problem.kind == "header"}
    first, second = told
    assert "“titel”" in first
    assert told[first].hint == "Did you mean “title”?"
    assert '“start” of the app should be true or false, not "yes"' in second
    assert {problem.severity for problem in told.values()} == {"warning"}
    lines = text.splitlines()
    assert [lines[told[one].line - 1] for one in (first, second)] == ['# titel = "Oven"', '# start = "yes"']
    new, _ = SetApp({"touch": True}).apply(flow)
    assert write(new) == with_table('# titel = "Oven"\n# start = "yes"\n# touch = true\n')
    odd = read(TEXT.replace("# version = 1\n", "# version = 1\n# app = 3\n"))
    assert app_of(odd) == App()
    assert any("is no table" in problem.message for problem in check(odd, Catalog.builtin()))
    with pytest.raises(EditError, match="something else"):
        SetApp({"touch": True}).apply(odd)


@pytest.mark.parametrize(
    "line",
    [
        "app = 3",
        "pages = 7",
        "pages = [1, 2]",
        'on_error = "explode"',
        "backoff = -1",
        "notes = 5",
        "frames = { flow = { a = 1 } }",
    ],
)
def test_nonsense_in_the_header_is_told_with_its_line(line: str) -> None:
    text = TEXT.replace("# version = 1\n", f"# version = 1\n# {line}\n")
    told = [problem.line for problem in check(read(text), Catalog.builtin()) if problem.kind == "header"]
    assert told == [text.splitlines().index(f"# {line}") + 1]


def test_a_password_is_kept_so_that_nobody_reads_it_and_only_it_matches() -> None:
    kept = hashed("grüner Tee")
    assert "Tee" not in kept
    assert kept != hashed("grüner Tee")
    assert matches("grüner Tee", kept)
    assert matches("gru\u0308ner Tee", kept)  # the same signs, as another keyboard gives them
    assert not matches("gruener Tee", kept)
    assert not matches("", kept)
    known = "scrypt$16384$8$1$c2FsdHNhbHRzYWx0c2FsdA==$1RL+Xg0R5UtrsEx1/34MJGhCuDjQdo5E2HyYnASS5FE="
    assert matches("secret", known)
    assert not matches("secret", known.replace("1RL", "2RL"))


@pytest.mark.parametrize(
    "kept", ["", "secret", "scrypt$16384$8$1$c2FsdA==", "scrypt$9999999$99$9$c2FsdA==$a2V5", "md5$1$1$1$c2FsdA==$a2V5"]
)
def test_what_is_no_password_of_ours_matches_nothing(kept: str) -> None:
    with pytest.raises(ValueError, match="it "):
        matches(kept, kept)


def test_a_slip_in_the_line_of_the_password_opens_no_lock() -> None:
    assert app_of(read(with_table("# password = 12\n"))).password == "12"
    assert app_of(read(with_table('# password = ""\n'))).password == ""

"""``flodesk letters`` as a user calls it: list, show, put back, drop, and what it says when it cannot."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from flodesk.engine.events import Failure
from flodesk.engine.letters import Letter, Letters, keep_payload, put_back_words

TEXT = """# /// script
# [tool.flodesk]
# version = 1
# on_error = "reject"
# ///
import flodesk


def lines():
    yield from ["1", "2 kg", "3", "four"]


def weigh(line):
    return float(line)


def flow():
    for line in lines():
        weight = weigh(line)


if __name__ == "__main__":
    flodesk.main(flow)
"""


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def flodesk(flodesk: Callable[..., subprocess.CompletedProcess[str]]) -> Command:
    """Call ``flodesk``; returns its exit code, what it printed, and what it said beside that."""

    def call(*arguments: object) -> tuple[int, str, str]:
        done = flodesk(*arguments)
        return done.returncode, done.stdout, done.stderr

    return call


@pytest.fixture
def kept(flodesk: Command, tmp_path: Path) -> Path:
    path = tmp_path / "weights.py"
    path.write_text(TEXT, encoding="utf-8")
    code, _, said = flodesk("run", path)
    assert code == 1
    assert "finished; 2 of 4 turns of flow.line were rejected" in said
    assert f"flodesk letters list {path}" in said
    return path


def test_a_letter_of_a_detached_line_that_fails_again_stays_what_it_is(
    flodesk_from_nothing: Callable[..., subprocess.CompletedProcess[str]], flodesk: Command, tmp_path: Path
) -> None:
    path = tmp_path / "weights_beside.py"
    header = '# on_error = "reject"\n'
    path.write_text(
        TEXT.replace(header, f"{header}#\n# [tool.flodesk.detached.flow]\n# weight = 2\n"), encoding="utf-8"
    )
    assert flodesk("run", path)[0] == 1
    before = json.loads(flodesk("letters", "list", "--json", path)[1])
    done = flodesk_from_nothing("letters", "retry", "--all", path)
    assert done.returncode == 1
    assert "0 of 2 letters passed" in done.stdout
    after = json.loads(flodesk("letters", "list", "--json", path)[1])
    assert [letter["id"] for letter in after] == [letter["id"] for letter in before]
    assert [letter["count"] for letter in after] == [2, 2]


def test_letters_are_listed_shown_put_back_and_dropped(flodesk: Command, kept: Path, tmp_path: Path) -> None:
    code, listed, _ = flodesk("letters", kept)
    assert code == 0
    first, second, _, stock = (line.split() for line in listed.splitlines())
    assert " ".join(stock[:2]) == "2 letters,"
    assert "no more than 10,000 letters and 1,000 MB are kept, the oldest go first" in " ".join(stock)
    assert (first[0], second[0]) == ("1", "2")
    assert "flow.weight" in first
    assert "'2 kg'" in listed
    data = json.loads(flodesk("letters", "--json")[1])
    assert [(one["id"], one["returnable"], one["payload"][0]["text"]) for one in data] == [
        (1, True, "'2 kg'"),
        (2, True, "'four'"),
    ]
    code, shown, _ = flodesk("letters", "show", 2)
    assert code == 0
    assert "turn 4 of flow.line" in shown
    assert "line 14: return float(line)" in shown
    assert "could not convert string to float: 'four'" in shown

    code, put_back, _ = flodesk("letters", "retry", "--all")
    assert code == 1
    assert "0 of 2 letters passed" in put_back
    mended = tmp_path / "mended.py"
    mended.write_text(TEXT.replace("float(line)", "float(line.split()[0])"), encoding="utf-8")
    code, put_back, _ = flodesk("letters", "retry", "1-2", mended)
    assert code == 1
    assert "1 of 2 letters passed" in put_back
    assert "2 stays: flow.weight: ValueError" in put_back
    assert "3 ×" in flodesk("letters")[1]
    assert flodesk("letters", "drop", 2)[:2] == (0, "1 letter dropped\n")
    assert flodesk("letters")[1] == "There are no dead letters.\n"
    assert flodesk("letters", "retry", "--all")[0] == 0


def test_what_is_wrong_is_said_in_words(flodesk: Command, kept: Path, data_of_its_own: Path) -> None:
    for arguments, code, words in [
        (("drop",), 2, "say which"),
        (("drop", 1, "--all"), 2, "not both"),
        (("retry", 99), 3, "there is no letter 99"),
        (("show", 1, "a.py", "b.py"), 2, "two files"),
        (("retry", 1, kept.with_name("gone.py")), 3, "gone.py cannot be read"),
        (("drop", "1-999999999"), 2, "too many"),
    ]:
        found, _, said = flodesk("letters", *arguments)
        assert (found, words in said) == (code, True), (arguments, found, said)
    kept.write_text(TEXT.replace("for line in", "for word in").replace("weigh(line)\n\n\nif", "weigh(word)\n\n\nif"))
    found, _, said = flodesk("letters", "retry", 1)
    assert found == 1
    (data_of_its_own / "letters.db").write_bytes(b"rubbish" * 1000)
    found, _, said = flodesk("letters")
    assert (found, "was broken: it was moved to" in said) == (0, True)


def test_the_oldest_make_room_and_the_command_tells_how_many(
    flodesk: Command, tmp_path: Path, data_of_its_own: Path
) -> None:
    (data_of_its_own / "settings.toml").write_text("[letters]\nkeep_letters = 1\n")
    path = tmp_path / "weights.py"
    path.write_text(TEXT, encoding="utf-8")
    code, _, said = flodesk("run", path)
    assert code == 1
    assert "To make room, the oldest dead letter was dropped: no more than 1 letter and 1,000 MB are kept" in said
    code, listed, _ = flodesk("letters")
    assert (code, listed.splitlines()[0].split()[0]) == (0, "2")
    assert "1 letter dropped to make room since 20" in listed


def test_a_letter_of_a_worker_says_where_it_is_from(flodesk: Command) -> None:
    store = Letters()
    failure = Failure("flow.a", "ValueError", "no")
    store.write(Letter("r", "/f.py", "h", "flow", "flow.k", 1, failure, (keep_payload("flow.k", (1,)),), host="far-7"))
    store.close()
    assert "  from    a worker on far-7\n" in flodesk("letters", "show", 1)[1]
    assert json.loads(flodesk("letters", "--json")[1])[0]["host"] == "far-7"


def test_a_run_that_puts_letters_back_stands_in_the_history(flodesk: Command, kept: Path, tmp_path: Path) -> None:
    mended = tmp_path / "mended.py"
    mended.write_text(TEXT.replace("float(line)", "float(line.split()[0])"), encoding="utf-8")
    flodesk("letters", "retry", 1, mended)
    flodesk("letters", "retry", "--all", kept)
    last, before, first = json.loads(flodesk("runs", "--json")[1])
    assert (first["name"], first["state"]) == ("weights", "failed")
    assert (before["name"], before["state"], before["path"]) == ("mended: letter 1 put back", "succeeded", str(mended))
    assert (last["name"], last["state"]) == ("weights: letter 2 put back", "failed")
    assert "weights: letter 2 put back" in flodesk("runs")[1]
    code, shown, _ = flodesk("runs", "show", last["id"])
    assert code == 0
    assert "could not convert string to float: 'four'" in shown


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ([3], "letter 3 put back"),
        ([3, 4], "letters 3-4 put back"),
        ([9, 1, 2, 3, 7, 3], "letters 1-3, 7, 9 put back"),
        ([], ""),
    ],
)
def test_letters_that_are_put_back_are_named_in_short(ids: list[int], words: str) -> None:
    assert put_back_words(ids) == words


def test_where_a_flow_has_no_letters_those_of_others_are_told(flodesk: Command, kept: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text(TEXT, encoding="utf-8")
    code, said, _ = flodesk("letters", other)
    assert code == 0
    assert said.splitlines()[:2] == [
        f"There are no dead letters of {other}.",
        f"Other flows have some: {kept} (2 letters).",
    ]
    assert flodesk("letters", "--json", other)[:2] == (0, "[]\n")
    flodesk("letters", "drop", "--all")
    assert flodesk("letters", other)[1] == f"There are no dead letters of {other}.\n"


def test_a_word_that_is_neither_a_command_nor_a_file_is_not_taken_for_one(flodesk: Command, kept: Path) -> None:
    gone = kept.with_name("gone.py")
    for words, code, answer in [
        (
            ("shwo", 1),
            2,
            "“shwo” is no command, and there is no file of that name. Did you mean: flodesk letters show?",
        ),
        (("list", "xyzzy"), 2, "“xyzzy” is no command, and there is no file of that name. Commands: list, show"),
        ((gone,), 3, f"there is no file {gone}, and no letter is from it. Other flows have some: {kept} (2 letters)"),
        (("drop", "--all", gone), 3, f"there is no file {gone}"),
    ]:
        found, out, said = flodesk("letters", *words)
        assert (found, out, answer in said) == (code, "", True), (words, said)
    kept.rename(gone)  # the letters of a file that is not there any more are there all the same
    code, said, _ = flodesk("letters", "list", kept)
    assert (code, said.count("flow.weight")) == (0, 2)

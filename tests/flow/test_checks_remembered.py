"""What the checker remembers from one flow to the next never shows: it finds what it would find from nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flodesk.flow import function_check
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import Checker, check, finished
from flodesk.flow.edit import Edit, EditError, SetParameter
from flodesk.flow.edit.header import SetOption, SetSetting
from flodesk.flow.model import Call, Flow, Literal, Loop
from flodesk.flow.retyped import retyped
from flodesk.flow.script import ScriptError, read, write
from flodesk.resource import resource

CATALOG = Catalog.builtin()
EXAMPLES = sorted(Path(str(resource("examples"))).glob("*.py"))
EVERYTHING = """\
import math
import lost_package
import mine
from flodesk.nodes import collect, dsp, maths, queue, show, text, timing, visa

jobs = queue.Queue(size=10)


def halve(value: float, by: float = 2.0) -> float:
    half = maths.divide(value, by)
    far = maths.scale(half, factor=missing)
    return far


def quarter(value: float) -> float:
    once = halve(value)
    twice = halve(once)
    return twice


def flow():
    total = 0.0
    lowpass = dsp.Lowpass(order=4)
    rows = collect.Table()
    for tick in timing.count(3):
        clean = lowpass(tick, cutoff=-1.0)
        fourth = quarter(clean)
        word = text.template("{{ fourth }} {{ nobody }}", fourth=fourth)
        sums = [lambda: tick for _ in range(3)]
        rows.add(fourth)
        if fourth:
            level = maths.clip(fourth, upper="a lot")
            broken = maths.add(level, word)
        else:
            level = fourth
        total = maths.add(total, level)
        sent = jobs.put(total)
        if total:
            break
    found = rows.result()
    sheet = show.table(found, nonsense=1)
    after = maths.add(level, late)
    late = maths.add(after, other)
    own = mine.shape(after)
    read = lost_package.load(late)


async def report():
    other = math.pi
    for value in jobs:
        line = show.log(await value)
        names = dir()


if __name__ == "__main__":
    flodesk.main(flow, report)
"""
BESIDE = ("def shape(x: float) -> float:\n    return x\n", "def form(x: float) -> str:\n    return x\n", "def shape(")
TEXTS = [EVERYTHING, *(path.read_text(encoding="utf-8") for path in EXAMPLES)]
gestures = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=9)
quick = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
some = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))


def other_line(line: str, number: int) -> str:
    """A line with one of its words or numbers changed."""
    words = list(re.finditer(r"\w+", line))
    if not words:
        return line
    word = words[number % len(words)]
    into = ("total", "clean", "1.5", "'a'", "fourth", "xx", "maths", "None")[number % 8]
    return line[: word.start()] + into + line[word.end() :]


def edit_of(flow: Flow, kind: int, at: int, number: int) -> Edit | None:
    """Something that a hand does, in the text or on the canvas."""
    if kind == 0:
        calls = [(address, s) for address, (s, _) in flow.index.items() if isinstance(s, Call | Loop) and s.arguments]
        if not calls:
            return None
        address, call = calls[at % len(calls)]
        place = number % len(call.arguments)
        given = Literal(("1.5", "'word'", "-3", "[1]", "math.pi")[number % 5])
        keyword = call.arguments[place].keyword
        return SetParameter(address.function, address.id, keyword or "a", given, None if keyword else place)
    if kind == 1:
        ids = [address for address in flow.index if address.function]
        if not ids:
            return None
        table = ("places", "detached", "pins")[number % 3]
        value: object = {"places": "process", "detached": 2, "pins": ["factor"]}[table]
        address = ids[at % len(ids)]
        return SetSetting(table, address.function, address.id, value, "Set it")
    if kind == 2:
        return SetOption("on_error", ("stop", "reject", "never")[number % 3])
    lines = write(flow).splitlines()
    first = next((n for n, line in enumerate(lines) if not line.startswith("#")), 0)
    at = first + at % max(1, len(lines) - first)
    if kind in (3, 4, 5):
        lines[at : at + 1] = [other_line(line, number) for line in lines[at : at + 1]]
    elif kind == 6:
        del lines[at : at + 1]
    elif kind == 7:
        lines.insert(at, lines[first + number % max(1, len(lines) - first)])
    else:
        lines[at : at + 2] = lines[at : at + 2][::-1]
    return retyped(flow, "\n".join(lines) + "\n", CATALOG)


def play(text: int, does: list[tuple[int, int, int]], folder: Path) -> None:
    flow = read(TEXTS[text % len(TEXTS)])
    past, catalog, checker, moment = [flow], CATALOG, Checker(), 10**9
    for kind, at, number in does:
        try:
            if kind == 9:
                flow = past[at % len(past)]
            elif kind == 10:
                moment += 10**9
                (folder / "mine.py").write_text(BESIDE[number % len(BESIDE)])
                os.utime(folder / "mine.py", ns=(moment, moment))
            elif kind == 11:
                gone = ("maths.add", "dsp.Lowpass", "queue.Queue", "show.table")[number % 4]
                kept = {path: spec for path, spec in CATALOG.specs.items() if not path.endswith(gone)}
                catalog = Catalog(kept) if at % 2 else CATALOG
            elif (edit := edit_of(flow, kind, at, number)) is not None:
                flow, _ = edit.apply(flow)
        except (ScriptError, EditError):
            continue
        past.append(flow)
        steps = checker.steps(flow, catalog, folder)
        if number % 4 == 0:  # another edit comes before it is done
            for _ in range(at % 12):
                if next(steps, "over") == "over":
                    break
            continue
        assert finished(steps) == check(flow, catalog, folder), write(flow)
    assert finished(checker.steps(flow, catalog, folder)) == check(flow, catalog, folder)


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let flows of a few lines have pictures that are kept, and pauses in the midst of a function."""
    monkeypatch.setattr(function_check, "MANY", 4)
    monkeypatch.setattr(function_check, "PORTION", 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("beside")


@given(text=st.integers(0, 40), does=gestures)
@example(text=0, does=[(10, 0, 0), (9, 0, 1), (10, 0, 1), (9, 0, 1), (10, 0, 2), (9, 0, 1)])
@example(text=0, does=[(9, 0, 1), (11, 1, 1), (9, 0, 1), (11, 0, 1)])
@quick
def test_what_is_remembered_is_what_would_be_found(text: int, does: list[tuple[int, int, int]], folder: Path) -> None:
    play(text, does, folder)


@pytest.mark.long
@pytest.mark.timeout(1800)
@given(text=st.integers(0, 40), does=gestures)
@many
def test_after_many_edits_what_is_remembered_is_found(
    text: int, does: list[tuple[int, int, int]], folder: Path
) -> None:  # fmt: skip
    play(text, does, folder)


@pytest.mark.long
@pytest.mark.timeout(1800)
@given(data=st.data())
@some
def test_one_checker_sees_many_flows_as_each_alone(data: st.DataObject, flows: st.SearchStrategy[Flow]) -> None:
    checker = Checker()
    seen = [data.draw(flows) for _ in range(2)]
    for flow in (*seen, seen[0]):
        assert finished(checker.steps(flow, CATALOG)) == check(flow, CATALOG)


# ------------------------------------------------------------------ what a finding hangs on besides its own line
START = """\
import mine
from flodesk.nodes import collect, dsp, maths, show, text, timing


def halve(value: float) -> float:
    half = maths.scale(value, factor="a half")
    return half


def fill(rows: list) -> float:
    first = rows[0]
    return first


def flow():
    lowpass = dsp.Lowpass(order=4)
    made = [1.0]
    for tick in timing.count(3):
        clean = lowpass(tick, cutoff=-1.0)
        less = halve(clean)
        many = fill(made)
        shown = show.number(less)
        found = mine.shape(less)
    word = text.join("a")
    last = maths.add(word, other)


def report():
    another = maths.add(1.0)


if __name__ == "__main__":
    flodesk.main(flow, report)
"""
CHANGES = {
    "what its card is called": ("        less =", "        more = lowpass(tick)\n        less ="),
    "what another flow binds": ("another =", "other ="),
    "what another function changes": ("    first = rows[0]\n", "    first = rows.append(1)\n"),
    "what is an object": ("lowpass = dsp.Lowpass(order=4)", "lowpass = dsp.Highpass(order=4)"),
    "what is imported": ("import mine\n", "import mine\nfrom elsewhere import other\n"),
    "who is run": ("main(flow, report)", "main(flow, halve)"),
    "whether its line runs": ("maths.add(word, other)", "None  # off: maths.add(word, other)"),
    "where its line stands": ("def halve", "\n\ndef halve"),
}


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=list(CHANGES))
def test_what_a_finding_hangs_on_is_looked_at_again(old: str, new: str, folder: Path) -> None:
    before = read(START if "other" in old + new else START.replace(", other", ", 1.0"))
    before, _ = SetSetting("places", "flow", "many", "process", "Set it").apply(before)
    edit = retyped(before, write(before).replace(old, new), CATALOG)
    assert edit is not None
    after, _ = edit.apply(before)
    checker = Checker()
    for flow in (before, after, before):
        assert finished(checker.steps(flow, CATALOG, folder)) == check(flow, CATALOG, folder)
    assert check(before, CATALOG, folder) != check(after, CATALOG, folder), "nothing depends on it"


def test_what_is_switched_off_is_not_there_for_the_checker() -> None:
    whole = read(START)
    off = read(START.replace("lowpass(tick, cutoff=-1.0)", "None  # off: lowpass(tick, cutoff=-1.0)"))
    assert "clean" in [p.about.statement for p in check(whole, CATALOG) if p.kind == "type"]
    assert "clean" not in [p.about.statement for p in check(off, CATALOG) if p.kind == "type"], "its picture has that"


def test_a_file_beside_is_looked_at_again(folder: Path) -> None:
    # no other flow is asked for a name: such functions are looked at anew each time
    flow, checker = read(START.replace("other", "word")), Checker()
    found = set()
    for moment, text in enumerate(("shape = 1\n", "form = 1\n", "shape = [\n", "shape = [1\n")):
        (folder / "mine.py").write_text(text)
        os.utime(folder / "mine.py", ns=(moment, moment))
        problems = finished(checker.steps(flow, CATALOG, folder))
        assert problems == check(flow, CATALOG, folder)
        found.add(problems)
    assert len(found) >= 3


# ------------------------------------------------------------------ that it is remembered, and let go of again
def looked_at(monkeypatch: pytest.MonkeyPatch, checker: Checker, flow: Flow) -> list[str]:
    """The functions that a check goes through."""
    seen: list[str] = []
    run = function_check.FunctionCheck.run
    with monkeypatch.context() as patch:
        patch.setattr(function_check.FunctionCheck, "run", lambda self: seen.append(self._function) or run(self))
        finished(checker.steps(flow, CATALOG))
    return seen


def test_functions_that_have_not_changed_are_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    flow, checker = read(EVERYTHING.replace("import lost_package\n", "")), Checker()
    assert looked_at(monkeypatch, checker, flow) == ["flow", "report", "quarter", "halve"]
    changed, _ = SetParameter("halve", "far", "factor", Literal("3.0")).apply(flow)
    # "flow" reads a name of "report", which may be another one now
    assert looked_at(monkeypatch, checker, changed) == ["flow", "halve"]
    # a signature may mean anything for those that call it
    other = read(write(changed).replace("by: float = 2.0", "by: float = 2.5"))
    assert looked_at(monkeypatch, checker, other) == ["flow", "report", "quarter", "halve"]


def test_a_check_stops_often() -> None:
    lines = "\n".join(f"    n{n} = maths.add({f'n{n - 1}' if n else 1.0}, 2.0)" for n in range(60))
    head = "from flodesk.nodes import maths\n\n\ndef flow():\n"
    flow = read(f"{head}{lines}\n\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n")
    assert sum(1 for _ in Checker().steps(flow, CATALOG)) > 40


def test_a_check_stops_often_where_all_is_wrong() -> None:
    lines = "\n".join(f"    n{n} = lost{n}(later{n})\n    m{n} = maths.add(n{n}, m{n + 1})" for n in range(60))
    flow = read(f"def flow():\n{lines}\n\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n")
    assert sum(1 for _ in Checker().steps(flow, CATALOG)) > 60
    assert len(check(flow, CATALOG)) > 120


def test_nothing_of_a_flow_is_held_that_is_not_in_the_newest() -> None:
    checker = Checker()
    finished(checker.steps(read(EVERYTHING), CATALOG))
    finished(checker.steps(read("def flow():\n    pass\n"), CATALOG))
    memory = checker._memory
    assert not memory.functions
    assert not memory.lines

"""A file that starts its function itself: handed to flodesk, it is not run twice, and its other lines stay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.fixes import Fix, fixes_of
from flodesk.flow.script import read, write
from flodesk.flow.wiring.add import add_function

CATALOG = Catalog.builtin()
FLOW = 'import math\n\n\ndef flow():\n    print("once", math.pi)\n\n\n'
BLOCK = 'if __name__ == "__main__":\n'


def offered(text: str) -> tuple[str, list[Fix]]:
    flow = read(text)
    (problem,) = (p for p in check(flow, CATALOG) if p.kind == "no-flow")
    return problem.hint, list(fixes_of(flow, CATALOG.with_flow(flow), problem))


def mended(text: str) -> str:
    _, (fix,) = offered(text)
    assert fix.edit is not None
    assert fix.title == "Run “flow”: flodesk.main(flow) instead of flow()"
    new, back = fix.edit.apply(read(text))
    assert read(write(new)) == new
    assert read(write(new)).mains == ("flow",)
    assert write(back.apply(new)[0]) == text
    return write(new)


@pytest.mark.parametrize(
    ("end", "after"),
    [
        (BLOCK + "    flow()\n", BLOCK + "    flodesk.main(flow)\n"),
        (BLOCK + "    flow()  # go\n    x = 1\n", BLOCK + "    flodesk.main(flow)  # go\n    x = 1\n"),
        (BLOCK[:-1] + " flow()\n", BLOCK[:-1] + " flodesk.main(flow)\n"),
        ("x = 1\nflow()\n", "x = 1\n\n\n" + BLOCK + "    flodesk.main(flow)\n"),
        ("import asyncio\n\n" + BLOCK + "    asyncio.run(flow())\n", BLOCK + "    flodesk.main(flow)\n"),
    ],
)
def test_the_call_that_starts_it_gives_way(end: str, after: str) -> None:
    made = mended(FLOW + end)
    assert made.endswith(after)
    assert "flow()" not in made.partition("def flow()")[2]


@pytest.mark.parametrize(
    "end",
    [
        BLOCK + "    value = flow()\n    print(value)\n",
        "flow()\nflow()\n",
        "for k in range(2):\n    flow()\n",
        BLOCK + "    if math.pi > 3:\n        flow()\n",
    ],
)
def test_where_it_cannot_be_told_a_sentence_says_what_to_do(end: str) -> None:
    hint, fixes = offered(FLOW + end)
    assert fixes == []
    assert hint.startswith("It starts “flow” itself, which would run it twice. Write flodesk.main(flow) in the place")


@pytest.mark.parametrize(
    "end",
    [
        "flodesk.main(flow)\n",
        "try:\n    flodesk.main(flow)\nfinally:\n    print(1)\n",
        BLOCK + "    main(flow)\n    if math:\n        flodesk.main(flow)\n",
    ],
)
def test_a_call_of_flodesk_that_is_not_read_as_the_start_is_told_as_that(end: str) -> None:
    hint, fixes = offered("import flodesk\n" + FLOW + end)
    assert fixes == []
    assert hint.startswith("It calls flodesk.main(flow) where that is not read as its start. Write if __name__ ==")


def test_a_function_that_another_one_starts_is_run_by_that_one() -> None:
    _, fixes = offered(FLOW + "def main():\n    flow()\n\n\n" + BLOCK + "    main()\n")
    assert [fix.title for fix in fixes] == ["Run “main”: flodesk.main(main) instead of main()"]


def test_python_runs_it_once_and_its_other_lines_stay_also_beside_a_second_function(tmp_path: Path) -> None:
    made = mended(FLOW + BLOCK + '    print("before")\n    flow()\n    print("after")\n')
    file = tmp_path / "mine.py"
    file.write_text(made, encoding="utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.stdout.count("once") == 1, done.stdout + done.stderr
    assert done.stdout.index("before") < done.stdout.index("once") < done.stdout.index("after")

    edit, name = add_function(read(made), "flow")
    two = write(edit.apply(read(made))[0])
    assert two.endswith(f'    print("before")\n    flodesk.main(flow, {name})\n    print("after")\n')


def test_two_calls_of_main_run_the_file_once(tmp_path: Path) -> None:
    file = tmp_path / "twice.py"
    file.write_text(
        "import flodesk\n" + FLOW + BLOCK + "    flodesk.main(flow)\n    flodesk.main(flow)\n", encoding="utf-8"
    )
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.stdout.count("once") == 1, done.stdout + done.stderr
    assert done.returncode == 2
    assert "called twice" in done.stderr

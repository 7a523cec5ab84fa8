"""Own nodes whose files are saved while a flow runs: the new code comes at the next call, whole or not at all."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.client import Renewed

LOOP = """
import flodesk
from flodesk.nodes import timing
from nodes import mine


def flow():
    counted = mine.Counted()
    for tick in timing.every(0.01):
        a = mine.grown(tick)
        n = counted(a)


if __name__ == "__main__":
    flodesk.main(flow)
"""
ONCE = """
import flodesk
from nodes.mine import grown


def flow():
    a = grown(3)
    b = grown(a, by=10)


if __name__ == "__main__":
    flodesk.main(flow)
"""
MINE = """
from nodes import base


def grown(x, by=1):
    return "old", base.step


class Counted:
    def __init__(self):
        self.seen = 0

    def __call__(self, x):
        self.seen += 1
        return "old", self.seen
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "nodes").mkdir()
    (tmp_path / "nodes" / "base.py").write_text("step = 1\n")
    (tmp_path / "nodes" / "mine.py").write_text(MINE)
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in ("nodes", "flodesk_lab")]:
        del sys.modules[name]
    sys.path[:] = [place for place in sys.path if place != str(tmp_path)]


def reload(watcher: Any) -> Renewed:
    answers: list[Renewed] = []
    there = threading.Event()

    def told(answer: Renewed) -> None:
        answers.append(answer)
        there.set()

    watcher.engine.reload(told)
    assert there.wait(60)
    return answers[0]


def save(project: Path, name: str, old: str, new: str) -> None:
    file = project / "nodes" / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def begun(placed: Any, project: Path, text: str = LOOP) -> None:
    placed.engine.watch({"flow.a", "flow.n"}, set())
    placed.start(text, str(project / "flow.py"))


def test_a_loop_takes_the_new_code_and_what_is_the_same_keeps_its_state(placed: Any, project: Path) -> None:
    begun(placed, project)
    placed.until(lambda: (placed.value("flow.n") or ("", 0))[1] > 5)
    save(project, "mine.py", 'return "old", base', 'return "new", base')  # as long as before, in the same second
    assert reload(placed) == Renewed(("nodes.mine",))
    placed.until(lambda: placed.value("flow.a") == ("new", 1))
    seen = placed.value("flow.n")[1]
    assert seen > 5
    placed.until(lambda: placed.value("flow.n")[1] > seen + 3)
    assert placed.value("flow.n")[0] == "old"
    assert placed.stop().reason == "stopped"


def test_what_is_saved_between_its_import_and_the_first_turn_is_taken_too(placed: Any, project: Path) -> None:
    """As a busy machine has it: the file of a module that was just imported is another one by the next moment."""
    mine = project / "nodes" / "mine.py"
    new = MINE.replace('return "old", base', 'return "new", base')
    mine.write_text(f"from pathlib import Path\nPath(__file__).write_text({new!r})\n{MINE}")
    begun(placed, project)
    placed.until(lambda: placed.value("flow.a") == ("old", 1))
    assert mine.read_text() == new
    assert reload(placed) == Renewed(("nodes.mine",))
    placed.until(lambda: placed.value("flow.a") == ("new", 1))
    assert reload(placed) == Renewed()
    placed.stop()


def test_a_class_that_changes_is_made_anew_and_says_so(placed: Any, project: Path) -> None:
    begun(placed, project)
    placed.until(lambda: (placed.value("flow.n") or ("", 0))[1] > 20)
    save(project, "mine.py", 'return "old", self', 'return "new", self')
    assert reload(placed).taken == ("nodes.mine",)
    placed.until(lambda: placed.value("flow.n")[0] == "new")
    assert ("flow.counted", "made anew: it was changed") in [(line.node, line.text) for line in placed.lines()]
    placed.stop()


def test_a_module_that_others_import_is_taken_by_them(placed: Any, project: Path) -> None:
    begun(placed, project)
    placed.until(lambda: placed.value("flow.a") == ("old", 1))
    save(project, "base.py", "1", "2")
    assert reload(placed).taken == ("nodes.base", "nodes.mine")
    placed.until(lambda: placed.value("flow.a") == ("old", 2))
    placed.stop()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("def (:\n", "line 16: SyntaxError"),
        ("import flo_no_such\n", "line 16: ModuleNotFoundError"),
        ("1 / 0\n", "line 16: Zero"),
    ],
)
def test_a_file_that_cannot_be_imported_keeps_the_old_code_until_it_is_mended(
    placed: Any, project: Path, wrong: str, says: str
) -> None:
    begun(placed, project)
    placed.until(lambda: placed.value("flow.a") == ("old", 1))
    text = (project / "nodes" / "mine.py").read_text()
    (project / "nodes" / "mine.py").write_text(text.replace('"old", base', '"new", base') + wrong)
    answer = reload(placed)
    assert answer.taken == ()
    assert answer.failed["nodes.mine"].startswith(says)
    before = placed.value("flow.n")[1]
    placed.until(lambda: placed.value("flow.n")[1] > before + 5)
    assert placed.value("flow.a") == ("old", 1)
    save(project, "mine.py", wrong, "")
    assert reload(placed) == Renewed(("nodes.mine",))
    placed.until(lambda: placed.value("flow.a") == ("new", 1))
    assert placed.value("flow.n")[1] > before
    placed.stop()


def test_a_flow_that_has_ended_starts_anew_with_the_next_change(placed: Any, project: Path) -> None:
    placed.engine.watch({"flow.a", "flow.b"}, set())
    assert placed.run(ONCE, str(project / "flow.py")).reason == "succeeded"
    placed.until(lambda: placed.value("flow.b") == ("old", 1))
    save(project, "mine.py", 'return "old", base.step', 'return "new", by')
    assert reload(placed).taken == ("nodes.mine",)
    assert placed.value("flow.b") == ("old", 1), "nothing runs by itself"
    placed.finished.clear()
    placed.engine.set_parameter("flow.b", "by", "11")
    placed.wait()
    placed.until(lambda: placed.value("flow.b") == ("new", 11))
    assert placed.value("flow.a") == ("new", 1)


def test_what_is_not_loaded_is_left_alone_and_nothing_is_done_twice(placed: Any, project: Path) -> None:
    placed.engine.open(LOOP, str(project / "flow.py"))
    assert reload(placed) == Renewed()
    begun(placed, project)
    placed.until(lambda: placed.value("flow.a"))
    assert reload(placed) == Renewed(), "nothing has changed"
    (project / "nodes" / "mine.py").unlink()
    assert reload(placed) == Renewed(), "a file that is gone changes nothing"
    placed.stop()


def test_names_that_are_imported_one_by_one_are_taken_too(placed: Any, project: Path) -> None:
    text = LOOP.replace("from nodes import mine", "from nodes import mine\nfrom nodes.mine import grown as more")
    begun(placed, project, text.replace("mine.grown(tick)", "more(tick)"))
    placed.until(lambda: placed.value("flow.a") == ("old", 1))
    save(project, "mine.py", 'return "old", base', 'return "new", base')
    reload(placed)
    placed.until(lambda: placed.value("flow.a") == ("new", 1))
    save(project, "mine.py", "def grown", "def gone")
    answer = reload(placed)
    assert answer.taken == ()
    assert answer.failed["nodes.mine"].startswith("ImportError: cannot import name 'grown'")
    placed.until(
        lambda: any("The new code is not in effect: cannot import name 'grown'" in one.text for one in placed.lines())
    )
    assert placed.value("flow.a") == ("new", 1)
    placed.stop()


def test_a_file_whose_name_only_begins_as_ours_is_the_users_own(placed: Any, project: Path) -> None:
    lab = project / "flodesk_lab.py"
    lab.write_text("def grown(x):\n    return 'old', 1\n")
    begun(
        placed, project, LOOP.replace("from nodes", "import flodesk_lab\nfrom nodes").replace("mine.g", "flodesk_lab.g")
    )
    placed.until(lambda: placed.value("flow.a") == ("old", 1))
    lab.write_text("def grown(x):\n    return 'new', 1\n")
    assert reload(placed).taken == ("flodesk_lab",)
    placed.until(lambda: placed.value("flow.a") == ("new", 1))
    placed.stop()


STEPS = """
import flodesk
from flodesk.nodes import timing
from nodes.base import step
from nodes.mine import grown


def seen(x):
    return step, grown(x)[0]


def flow():
    for tick in timing.every(0.01):
        a = seen(tick)
        n = round(tick, 9)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_of_imports_none_is_taken_until_all_can_be(placed: Any, project: Path) -> None:
    begun(placed, project, STEPS)
    placed.until(lambda: placed.value("flow.a") == (1, "old"))
    save(project, "base.py", "1", "2")
    save(project, "mine.py", "def grown", "def gone")
    answer = reload(placed)
    assert (answer.taken, set(answer.failed)) == ((), {"nodes.base", "nodes.mine"})
    tick = placed.value("flow.n")
    placed.until(lambda: placed.value("flow.n") != tick)
    assert placed.value("flow.a") == (1, "old")
    assert set(reload(placed).failed) == {"nodes.base", "nodes.mine"}, "it stays so when something else is saved"
    save(project, "mine.py", "def gone", "def grown")
    assert reload(placed) == Renewed(("nodes.base", "nodes.mine"))
    placed.until(lambda: placed.value("flow.a") == (2, "old"))
    placed.stop()


def test_a_node_in_a_process_of_its_own_takes_it_too(host: Any, project: Path) -> None:
    head = "# /// script\n# [tool.flodesk]\n# version = 1\n#\n# [tool.flodesk.places.flow]\n# a = 'process'\n# ///\n"
    save(project, "mine.py", "from nodes import base", "import os\n\nfrom nodes import base")
    save(project, "mine.py", 'return "old", base.step', 'return "old", os.getpid()')
    begun(host, project, head + LOOP.lstrip())
    kind, worker = host.until(lambda: host.value("flow.a"))
    assert kind == "old"
    assert worker != host.engine.pid
    save(project, "mine.py", 'return "old", os', 'return "new", os')
    reload(host)
    host.until(lambda: host.value("flow.a") == ("new", worker))
    host.stop()

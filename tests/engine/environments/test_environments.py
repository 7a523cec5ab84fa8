"""Environments of users' packages with real ones: made, installed into, undone, repaired; flows run in them."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.child import Host
from flodesk.engine.environments import work as work_module
from flodesk.engine.environments.environment import (
    Environment,
    InstallationError,
    free_name,
    keep,
    named,
    names,
    own,
    packages_of,
    record_of,
    trouble,
)
from flodesk.engine.environments.interpreter import look_at
from flodesk.engine.environments.making import create, remove, repair
from flodesk.engine.environments.planning import can_undo, install, lacking, lock, plan, undo
from flodesk.engine.environments.project import beside, project_of
from flodesk.engine.environments.work import StoppedError, Work
from flodesk.engine.events import Event, RunFinished
from flodesk.engine.expected.saving import Given, save_test
from flodesk.flow.script import read

FLOW = """
import flodesk
import flo_tiny


def flow():
    version = flo_tiny.version()


if __name__ == "__main__":
    flodesk.main(flow)
"""
TEXT = "def version() -> str:\n    return __version__\n"


@pytest.fixture(params=["uv", pytest.param("pip", marks=pytest.mark.long)])
def installer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """By uv, which an installed program has; or by pip."""
    if request.param == "uv":
        if not work_module.find_uv():
            pytest.skip("there is no uv")
        monkeypatch.setattr("flodesk.engine.environments.planning.has_pip", lambda: False)
    else:
        monkeypatch.setattr("flodesk.engine.environments.making.find_uv", lambda: "")
    return str(request.param)


@pytest.fixture
def tiny(shelf: Any) -> Any:
    """Two versions of one package, of which the newer needs another one."""
    shelf.wheel("flo_tiny", "1.0", TEXT)
    shelf.wheel("flo_tiny", "2.0", TEXT, ("flo_other>=1",))
    shelf.wheel("flo_other", "1.5")
    return shelf


def put(environment: Environment, *wanted: str) -> str:
    changes = plan(environment, wanted, Work())
    install(environment, changes, Work())
    return changes.words()


def test_a_plan_says_what_changes_it_is_done_to_the_letter_and_taken_back(tiny: Any, installer: str) -> None:
    environment = create("lab", Work())
    assert names() == ("lab",)
    assert not trouble(environment)
    assert put(environment, "flo_tiny==1.0") == "Adds 1, changes 0 of yours."
    changes = plan(environment, ["flo_tiny>=2", "numpy", "flodesk"], Work())
    assert changes.words() == "Adds 1, changes 1 of yours."
    assert changes.lines() == ["+ flo-other 1.5", "~ flo-tiny 1.0 → 2.0"]
    assert packages_of(environment) == {"flo-tiny": "1.0"}  # nothing was done by asking
    install(environment, changes, Work())
    assert packages_of(environment) == {"flo-other": "1.5", "flo-tiny": "2.0"}
    assert undo(environment, Work()) == ("- flo-other 1.5", "~ flo-tiny 1.0")
    assert packages_of(environment) == {"flo-tiny": "1.0"}
    assert undo(environment, Work()) == ("- flo-tiny 1.0",)
    assert packages_of(environment) == {}
    assert not can_undo(environment)


def test_what_cannot_be_had_is_told_and_nothing_is_changed(tiny: Any, installer: str) -> None:
    environment = create("lab", Work())
    put(environment, "flo_tiny==1.0")
    put(environment, "flo_tiny==2.0")
    (tiny.folder / "flo_tiny-1.0-py3-none-any.whl").unlink()
    with pytest.raises(InstallationError, match=r"flo-tiny was not found|cannot be reached"):
        undo(environment, Work())
    assert packages_of(environment) == {"flo-other": "1.5", "flo-tiny": "2.0"}
    assert can_undo(environment)
    with pytest.raises(InstallationError, match=r"flo_nonesuch was not found|cannot be reached"):
        plan(environment, ["flo_nonesuch"], Work())


def test_one_that_is_broken_says_why_and_is_repaired_from_its_list(tiny: Any, installer: str) -> None:
    environment = create("lab", Work())
    put(environment, "flo_tiny==1.0")
    keep(environment.root, replace(record_of(environment.root), python="3.4"))
    assert "was made for Python 3.4" in trouble(environment)
    Path(environment.python).unlink()
    assert trouble(environment) == "The Python of the environment “lab” is gone."
    made = repair(environment, Work())
    assert not trouble(made)
    assert packages_of(made) == {"flo-tiny": "1.0"}
    assert can_undo(made)
    (tiny.folder / "flo_tiny-1.0-py3-none-any.whl").unlink()
    with pytest.raises(InstallationError):
        repair(made, Work())
    assert packages_of(made) == {"flo-tiny": "1.0"}  # as it was
    assert names() == ("lab",)
    remove(made)
    assert names() == ()
    assert trouble(made) == "The environment “lab” is gone."


def test_what_a_header_wants_is_told_and_a_lock_names_versions_alone(tiny: Any, tmp_path: Path) -> None:
    environment = create(free_name("my lab!"), Work())
    assert environment.name == "my-lab"
    assert free_name("My-Lab") == "My-Lab-2"
    put(environment, "flo_tiny==1.0")
    wanted = ("flodesk", "numpy", "flo_tiny>=2", "flo_tiny<2", "flo_other", "x; python_version < '3'", "not a name!")
    assert lacking(environment, wanted) == ("flo_tiny>=2", "flo_other")
    lock(environment, tmp_path / "constraints.txt")
    lines = (tmp_path / "constraints.txt").read_text("utf-8").splitlines()
    assert lines[1] == "flo-tiny==1.0"
    assert any(line.startswith("numpy==") for line in lines)
    assert not any("/" in line for line in lines if not line.startswith("#"))


def test_an_installation_is_stopped_and_nothing_of_a_new_environment_is_left(tmp_path: Path) -> None:
    work = Work()
    work._said = lambda line: work.stop() if line.startswith("$") else None
    with pytest.raises(StoppedError):
        create("lab", work)
    assert names() == ()
    assert not named("lab").root.exists()


# ------------------------------------------------------------------ flows in them
@pytest.fixture
def hosts() -> Iterator[list[Host]]:
    made: list[Host] = []
    yield made
    for host in made:
        host.close()


def shown(host: Host, seconds: float = 60.0) -> Any:
    """Run the flow, and return what it has seen."""
    over, events = threading.Event(), []

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, RunFinished):
            over.set()

    host.listener = listen
    host.open(FLOW)
    host.watch({"flow.version"}, set())
    host.start()
    assert over.wait(seconds), events
    assert [event.reason for event in events if isinstance(event, RunFinished)] == ["succeeded"], events
    return host.values()["flow.version"].value


def test_two_versions_of_a_package_run_side_by_side_and_a_host_moves(tiny: Any, hosts: list[Host]) -> None:
    first, second = create("first", Work()), create("second", Work())
    put(first, "flo_tiny==1.0")
    put(second, "flo_tiny==2.0")
    hosts += [Host(warm=(), python=first.python), Host(warm=(), python=second.python)]
    assert (shown(hosts[0]), shown(hosts[1])) == ("1.0", "2.0")
    hosts[0].use(second.python)
    assert shown(hosts[0]) == "2.0"
    hosts[0].use(str(second.root / "gone"))
    hosts[0].use(first.python)  # from one that could not be started, without waiting
    assert shown(hosts[0]) == "1.0"


# ------------------------------------------------------------------ elsewhere
def test_an_interpreter_from_elsewhere_says_whether_flows_can_run_in_it(tmp_path: Path) -> None:
    looked = look_at(sys.executable)
    assert (looked.trouble, looked.install) == ("", "")
    assert looked.version == ".".join(map(str, sys.version_info[:3]))
    assert Path(looked.environment.python) == Path(sys.executable)
    gone = look_at(str(tmp_path / "python"))
    assert "cannot be started" in gone.trouble
    mute = tmp_path / "mute"
    mute.write_text("#!/bin/sh\necho no\n")
    mute.chmod(0o755)
    assert "is no Python that works" in look_at(str(mute)).trouble


def test_an_interpreter_without_flodesk_says_what_would_have_to_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    uv = work_module.find_uv()
    code, _ = Work().run([uv, "venv", "--no-config", "--python", sys.executable, str(tmp_path / ".venv")])
    if code or not uv:
        pytest.skip("there is no uv")
    python = beside(tmp_path)
    looked = look_at(python)
    assert "has no flodesk" in looked.trouble
    assert looked.install.startswith("flodesk==")
    shutil.rmtree(tmp_path / ".venv")
    assert beside(tmp_path) == ""


def test_a_project_is_the_folder_or_what_is_above_it_with_a_pyproject(tmp_path: Path) -> None:
    inner = tmp_path / "lab" / "flows" / "deep"
    inner.mkdir(parents=True)
    assert project_of(inner / "a.py") == inner
    (tmp_path / "lab" / "pyproject.toml").touch()
    assert project_of(inner / "a.py") == tmp_path / "lab"
    assert project_of(None) is None
    assert own().python == ""


def test_a_run_is_saved_as_a_test_in_the_environment_that_it_has_run_in(tiny: Any, tmp_path: Path) -> None:
    environment = create("lab", Work())
    put(environment, "flo_tiny==1.0")
    source = tmp_path / "flow.py"
    source.write_text(FLOW, "utf-8")
    given, copy = Given({}, {}, 1), tmp_path / "tests" / "flow.py"
    saved = save_test(read(FLOW), given, source, copy, python=environment.python)
    assert not saved.fails
    assert "flo_tiny" in save_test(read(FLOW), given, source, copy).fails  # not there for the Python of this process

"""Environments of users' packages with real ones: made, installed into, undone, repaired; flows run in them."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tarfile
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
from flodesk.engine.environments.links import keep_links
from flodesk.engine.environments.locking import LOCK, as_locked, lock, locked
from flodesk.engine.environments.making import create, remove, repair
from flodesk.engine.environments.planning import can_undo, install, lacking, plan, undo, unfit_python
from flodesk.engine.environments.project import beside, project_of
from flodesk.engine.environments.wheels import NeedsBuildError, sources_in
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
    else:
        for module in ("making", "installers"):
            monkeypatch.setattr(f"flodesk.engine.environments.{module}.find_uv", lambda: "")
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


def test_an_installation_that_has_failed_or_was_stopped_is_none_to_be_undone(tiny: Any, installer: str) -> None:
    environment = create("lab", Work())
    put(environment, "flo_other")
    changes = plan(environment, ["flo_tiny==1.0"], Work())
    away = (tiny.folder / "flo_tiny-1.0-py3-none-any.whl").rename(tiny.folder / "away")
    with pytest.raises(InstallationError, match="flo-tiny was not found"):
        install(environment, changes, Work())
    stopped = Work()
    stopped.stop()
    with pytest.raises(StoppedError):
        install(environment, changes, stopped)
    assert record_of(environment.root).before == ({},)
    away.rename(tiny.folder / "flo_tiny-1.0-py3-none-any.whl")
    install(environment, changes, Work())
    assert undo(environment, Work()) == ("- flo-tiny 1.0",)
    assert undo(environment, Work()) == ("- flo-other 1.5",)


def test_what_has_no_wheel_is_built_for_a_plan_only_once_that_was_agreed_to(
    tiny: Any, installer: str, tmp_path: Path
) -> None:
    note = tmp_path / "built"
    tiny.wheel("flo_top", "1.0", "", ("flo_src>=1",))
    tiny.source("flo_src", "1.0", note, ("flo_deep",))
    tiny.source("flo_deep", "2.0", note)
    tiny.source("flo_tiny", "3.0", note)
    environment = create("lab", Work())
    assert plan(environment, ["flo_tiny"], Work()).adds["flo-tiny"] == "2.0"  # the newest that has a wheel
    with pytest.raises(NeedsBuildError, match=r"^flo-src comes as source, without a wheel") as needs:
        plan(environment, ["flo_top"], Work())
    assert needs.value.names == ("flo-src",)
    with pytest.raises(NeedsBuildError, match="flo-tiny"):
        plan(environment, ["flo_tiny>2"], Work())
    with pytest.raises(InstallationError, match="flo_tiny>3") as gone:
        plan(environment, ["flo_tiny>3"], Work())
    assert not isinstance(gone.value, NeedsBuildError)
    assert not note.exists(), "nothing was run by asking"
    with pytest.raises(NeedsBuildError) as needs:
        plan(environment, ["flo_top"], Work(), built=["flo-src"])
    assert needs.value.names == ("flo-deep",), "what it needs is asked for, too"
    assert set(note.read_text().split()) == {"flo_src"}
    changes = plan(environment, ["flo_top"], Work(), built=["flo-src", "flo-deep"])
    assert changes.lines() == [
        "+ flo-deep 2.0, built from its source", "+ flo-src 1.0, built from its source", "+ flo-top 1.0",
    ]  # fmt: skip
    install(environment, changes, Work())
    assert packages_of(environment) == {"flo-deep": "2.0", "flo-src": "1.0", "flo-top": "1.0"}


def test_what_is_source_by_its_address_is_not_built_for_a_plan_either(
    tiny: Any, installer: str, tmp_path: Path
) -> None:
    note = tmp_path / "built"
    made = tiny.source("flo_src", "1.0", note)
    address = made.as_uri()
    environment = create("lab", Work())
    for wanted, name in ((f"flo_src @ {address}", "flo-src"), (address, address)):
        with pytest.raises(NeedsBuildError) as needs:
            plan(environment, [wanted], Work())
        assert needs.value.names == (name,)
        assert not note.exists()
        changes = plan(environment, [wanted], Work(), built=[name])
        assert changes.lines() == [f"+ flo-src 1.0, from {made}, built from its source"]
        note.unlink()
    install(environment, changes, Work())
    assert packages_of(environment) == {"flo-src": "1.0"}
    wheel = (tiny.folder / "flo_tiny-1.0-py3-none-any.whl").as_uri()
    assert put(environment, f"flo_tiny @ {wheel}") == "Adds 1, changes 0 of yours."
    assert sources_in(["-e", "./lab", "--pre", "numpy", "x.whl", "--editable=lab"]) == ("./lab", "--editable=lab")


def test_files_of_requirements_and_unknown_options_are_refused_and_nothing_is_built(
    tiny: Any, installer: str, tmp_path: Path
) -> None:
    note, file = tmp_path / "built", tmp_path / "req.txt"
    file.write_text(f"{tiny.source('flo_src', '1.0', note)}\n", "utf-8")
    environment = create("lab", Work())
    for wanted in (["-r", str(file)], [f"-r{file}"], [f"--requirement={file}"], [f"--req={file}"], [f"-c{file}"]):
        with pytest.raises(InstallationError, match="files of requirements are not read here") as refused:
            plan(environment, wanted, Work())
        assert not isinstance(refused.value, NeedsBuildError)
    for option in ("--find-links=/lab", "-Ur" + str(file), "--no-deps"):
        with pytest.raises(InstallationError, match="is no package, and of options only"):
            plan(environment, [option, "flo_tiny"], Work())
    assert not note.exists()
    tiny.wheel("flo_tiny", "3.0b1", TEXT)
    assert plan(environment, ["flo_tiny"], Work()).adds["flo-tiny"] == "2.0"
    assert plan(environment, ["--pre", "flo_tiny"], Work()).adds["flo-tiny"] == "3.0b1"


def test_what_a_wheel_has_from_an_address_of_source_is_asked_for_though_there_is_a_pip(
    tiny: Any, tmp_path: Path
) -> None:
    note = tmp_path / "built"
    source = tiny.source("flo_src", "1.0", note).rename(tmp_path / "flo_src-1.0.tar.gz")
    wheel = tiny.wheel("flo_top", "1.0", "", (f"flo_src @ {source.as_uri()}",))
    environment = create("lab", Work())
    with pytest.raises(NeedsBuildError, match=r"^flo-src comes as source"):
        plan(environment, [f"flo_top @ {wheel.as_uri()}"], Work())
    with pytest.raises(InstallationError, match=f"To take it from there type it, too: flo-src @ {source.as_uri()}"):
        plan(environment, ["flo_top"], Work())
    assert not note.exists()


@pytest.mark.skipif(not shutil.which("git"), reason="there is no git")
def test_what_lies_in_a_repository_is_installed_as_it_was_planned(tiny: Any, installer: str, tmp_path: Path) -> None:
    note, repository = tmp_path / "built", tmp_path / "lab"
    with tarfile.open(tiny.source("flo_src", "1.0", note)) as packed:
        packed.extractall(tmp_path, filter="data")
    (tmp_path / "flo_src-1.0").rename(repository)
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "all"]):
        who = ["-c", "user.name=ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", "-C", str(repository), *who, *command], check=True)
    environment, wanted = create("lab", Work()), f"flo_src @ git+file://localhost{repository.as_posix()}"
    with pytest.raises(NeedsBuildError):
        plan(environment, [wanted], Work())
    assert not note.exists()
    install(environment, plan(environment, [wanted], Work(), built=["flo-src"]), Work())
    assert packages_of(environment) == {"flo-src": "1.0"}


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


def test_a_repair_that_was_cut_off_has_lost_nothing(tiny: Any, installer: str) -> None:
    environment = create("lab", Work())
    put(environment, "flo_tiny==1.0")
    environment.root.rename(environment.root.with_name("lab.old"))  # as a power cut leaves it, before it is filled
    made = repair(named("lab"), Work())
    assert packages_of(made) == {"flo-tiny": "1.0"}
    assert names() == ("lab",)
    assert [one.name for one in made.root.parent.iterdir()] == ["lab"]


def test_what_a_repair_could_not_take_away_is_not_put_back(
    tiny: Any, installer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = create("lab", Work())
    root = environment.root
    old, remove_all = root.with_name("lab.old"), shutil.rmtree

    def halfway(folder: Path, **how: Any) -> None:
        if folder == old and old.exists():
            remove_all(old / "lib", ignore_errors=True)  # a file of it is in use, or the power goes
        else:
            remove_all(folder, **how)

    with monkeypatch.context() as cut:
        cut.setattr("flodesk.engine.environments.making.shutil.rmtree", halfway)
        repair(environment, Work())
    assert old.exists()
    remove_all(root)  # by a hand
    assert names() == ()
    assert trouble(environment) == "The environment “lab” is gone."
    assert trouble(create("lab", Work())) == ""


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


KILLED = """
import os
from flodesk.engine.environments.making import create
from flodesk.engine.environments.work import Work

class Killed(Work):
    def run(self, command):
        super().run(command)
        os._exit(9)

create("lab", Killed())
"""


def test_what_is_left_of_one_whose_making_was_killed_gives_its_name_back() -> None:
    assert subprocess.run([sys.executable, "-c", KILLED], check=False).returncode == 9
    root = named("lab").root
    assert root.exists()
    (root / "half").touch()
    assert names() == ()
    assert free_name("lab") == "lab"
    made = create("lab", Work())
    assert trouble(made) == ""
    assert not (root / "half").exists()
    assert [one.name for one in root.parent.iterdir()] == ["lab"]
    assert free_name("lab") == "lab-2"


def test_one_that_is_being_made_is_left_alone_and_so_is_a_folder_of_somebody_else() -> None:
    refused = []

    class Meanwhile(Work):
        def run(self, command: Any) -> Any:
            done = super().run(command)
            assert free_name("lab") == "lab-2"
            with pytest.raises(InstallationError, match="is being made just now") as other:
                create("lab", Work())
            refused.append(other)
            return done

    assert trouble(create("lab", Meanwhile())) == ""
    assert len(refused) == 1
    with pytest.raises(InstallationError, match="There is an environment “lab” already"):
        create("lab", Work())
    own = named("notes").root
    own.mkdir()
    (own / "mine").touch()
    with pytest.raises(InstallationError, match="is no environment"):
        create("notes", Work())
    assert (own / "mine").exists()


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


def test_a_python_that_the_header_does_not_allow_is_told(tmp_path: Path) -> None:
    (tmp_path / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    there = Environment(tmp_path, str(tmp_path / "bin" / "python"))
    fits = {wanted: not unfit_python(there, wanted) for wanted in ("", ">=3.11", "~=3.12.4", "<3.12", "!=3.12.*", "?")}
    assert fits == {"": True, ">=3.11": True, "~=3.12.4": True, "<3.12": False, "!=3.12.*": False, "?": True}
    assert unfit_python(own(), ">=3.99").startswith("The header of this flow wants Python >=3.99, and it runs in")
    assert not unfit_python(Environment(tmp_path / "nowhere", "python"), ">=3.99"), "nobody knows"


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


def test_a_lock_is_installed_as_it_says_holds_what_is_installed_later_and_is_repaired_to(
    tiny: Any, installer: str, tmp_path: Path
) -> None:
    assert locked(None) == locked(tmp_path) == {}
    first, second = create("first", Work()), create("second", Work())
    put(first, "flo_tiny==1.0")
    lock(first, tmp_path / LOCK)
    versions = locked(tmp_path)
    assert versions == {"flo-tiny": "1.0"}  # what flodesk brings is not installed
    assert plan(second, ["flo_tiny"], Work()).adds == {"flo-other": "1.5", "flo-tiny": "2.0"}
    assert plan(second, ["flo_tiny"], Work(), versions).adds == {"flo-tiny": "1.0"}
    assert plan(second, ["flo_tiny>=2"], Work(), versions).adds["flo-tiny"] == "2.0"  # what is asked for comes first
    put(second, "flo_tiny==2.0")
    changes = as_locked(second, versions, Work())
    assert changes.lines() == ["~ flo-tiny 2.0 → 1.0"]
    install(second, changes, Work())
    assert packages_of(second)["flo-tiny"] == "1.0"
    assert as_locked(second, versions, Work()).is_none
    put(second, "flo_tiny==2.0")
    assert packages_of(repair(second, Work(), versions)) == {"flo-other": "1.5", "flo-tiny": "1.0"}


def test_what_a_lock_has_as_source_alone_is_shown_before_it_is_built_and_nothing_else_is_built(
    tiny: Any, installer: str, tmp_path: Path
) -> None:
    note = tmp_path / "built"
    made = [tiny.source(name, "1.0", note) for name in ("flo_deep", "flo_src")]
    environment, held = create("lab", Work()), {"flo-deep": "1.0", "flo-src": "1.0", "flo-tiny": "1.0"}
    changes = as_locked(environment, held, Work())
    assert changes.lines() == [
        "+ flo-deep 1.0, built from its source", "+ flo-src 1.0, built from its source", "+ flo-tiny 1.0",
    ]  # fmt: skip
    assert not note.exists(), "nothing was run by asking"
    with pytest.raises(InstallationError, match=r"flo-src 1.0 would be built from source"):
        install(environment, replace(changes, built=("flo-deep",)), Work())
    install(environment, changes, Work())
    assert packages_of(environment) == held
    with pytest.raises(InstallationError, match="flo-other was not found"):
        as_locked(environment, {"flo-other": "9.0"}, Work())
    # and from a folder, which is said, and has to be there
    folder = tmp_path / "stick"
    folder.mkdir()
    made[0].rename(folder / made[0].name)
    again = create("again", Work())
    keep_links(again, [folder])
    changes = as_locked(again, {"flo-deep": "1.0"}, Work())
    assert (changes.lines(), changes.links) == (["+ flo-deep 1.0, built from its source"], (str(folder),))
    folder.rename(tmp_path / "pulled out")
    with pytest.raises(InstallationError, match="stick is not there"):
        as_locked(again, {"flo-deep": "1.0"}, Work())


def test_a_repair_takes_of_a_lock_nothing_that_the_environment_has_not_and_builds_nothing_for_it(
    tiny: Any, installer: str, tmp_path: Path
) -> None:
    note = tmp_path / "built"
    tiny.source("flo_src", "1.0", note)
    tiny.source("flo_tiny", "3.0", note)
    environment = create("lab", Work())
    put(environment, "flo_tiny==1.0")
    made = repair(environment, Work(), {"flo-src": "1.0", "flo-other": "1.5", "flo-tiny": "1.0"})
    assert packages_of(made) == {"flo-tiny": "1.0"}, "what a lock names besides was shown to nobody"
    with pytest.raises(InstallationError, match=r"flo-tiny 3.0 would be built from source"):
        repair(made, Work(), {"flo-tiny": "3.0"})
    assert packages_of(made) == {"flo-tiny": "1.0"}
    assert not note.exists(), "no code of theirs was run"
    # what a hand has let be built is built again
    install(made, plan(made, ["flo_src"], Work(), built=["flo-src"]), Work())
    note.unlink()
    assert packages_of(repair(made, Work())) == {"flo-src": "1.0", "flo-tiny": "1.0"}
    assert note.exists()


@pytest.mark.parametrize("line", ["flo-tiny>=1", "not a name!", "flo-tiny==1.*", "flo-tiny"])
def test_a_lock_that_names_no_version_says_where(tmp_path: Path, line: str) -> None:
    (tmp_path / LOCK).write_text(f"# a comment\n{line}\n", "utf-8")
    with pytest.raises(InstallationError, match=f"Line 2 of .*{LOCK} names no version"):
        locked(tmp_path)


def test_a_network_that_is_not_there_is_said(tiny: Any, installer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = create("lab", Work())
    for name in ("PIP_NO_INDEX", "UV_NO_INDEX", "UV_OFFLINE"):
        monkeypatch.delenv(name)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{nobody.getsockname()[1]}/simple")
        monkeypatch.setenv("PIP_RETRIES", "0")
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        with pytest.raises(InstallationError, match=r"cannot be reached|was not found.*whether there is a network"):
            plan(environment, ["flo_nonesuch"], Work())
    assert packages_of(environment) == {}

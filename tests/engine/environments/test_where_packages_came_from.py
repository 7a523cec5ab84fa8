"""What came from a file is had from that file again, whatever an index has by its name; real files and installers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flodesk.engine.environments import work as work_module
from flodesk.engine.environments.environment import (
    Environment,
    InstallationError,
    free_name,
    keep,
    named,
    names,
    packages_of,
    record_of,
    site_of,
    trouble,
)
from flodesk.engine.environments.links import keep_links, links_of
from flodesk.engine.environments.locking import LOCK, as_locked, lock, locked
from flodesk.engine.environments.making import create, remove, repair
from flodesk.engine.environments.pins import pins_of, place_of
from flodesk.engine.environments.planning import install, plan, undo
from flodesk.engine.environments.wheels import NeedsBuildError
from flodesk.engine.environments.work import Work

LAB = "WHO = 'the lab'\n"
STRANGER = "WHO = 'a stranger on the index'\n"


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
def labs(shelf: Any, tmp_path: Path) -> Path:
    """A wheel of the lab; the index has a stranger's of that name and version, and one that needs it."""
    made = shelf.wheel("labtools", "1.0", LAB)
    own = tmp_path / "our lab" / made.name
    own.parent.mkdir()
    made.rename(own)
    shelf.wheel("labtools", "1.0", STRANGER)
    shelf.wheel("flo_top", "1.0", "", ("labtools",))
    return own


def put(environment: Environment, *wanted: str) -> None:
    install(environment, plan(environment, wanted, Work()), Work())


def who(environment: Environment) -> str:
    folder = site_of(environment.root)
    assert folder is not None
    return "lab" if LAB in (folder / "labtools.py").read_text("utf-8") else "stranger"


def test_a_repair_takes_it_from_where_it_came_and_refuses_where_that_is_gone(labs: Path, installer: str) -> None:
    environment = create("lab", Work())
    put(environment, f"labtools @ {labs.as_uri()}")
    assert who(environment) == "lab"
    kept = record_of(environment.root).packages["labtools"]
    assert kept.startswith(f"1.0 @ {labs.as_uri()}")
    assert ("#sha256=" in kept) == (installer == "pip")  # uv notes none
    made = repair(environment, Work())
    assert who(made) == "lab"
    assert record_of(made.root).packages["labtools"].partition("#")[0] == kept.partition("#")[0]
    for lock_of_old in ({"labtools": "1.0"}, {"labtools": "0.9"}, {"labtools": "1.0 @ https://stranger.example/x.whl"}):
        assert who(repair(environment, Work(), lock_of_old)) == "lab"
    Path(environment.python).unlink()
    away = labs.rename(labs.with_suffix(".away"))
    with pytest.raises(
        InstallationError, match=r"labtools 1.0 came from .*our lab.*\.whl, which is not there any more"
    ):
        repair(environment, Work())
    assert who(environment) == "lab"
    assert names() == ("lab",)
    away.rename(labs)
    assert who(repair(environment, Work())) == "lab"


def test_an_installation_from_an_index_over_it_is_undone_from_the_file(labs: Path, installer: str) -> None:
    environment = create("lab", Work())
    put(environment, f"labtools @ {labs.as_uri()}")
    put(environment, "flo_top")
    changes = plan(environment, ["flo_top==1.0"], Work())
    install(environment, replace(changes, adds={"labtools": "1.0"}), Work())  # that very version, of the index
    assert who(environment) == "stranger"
    assert "@" not in pins_of(environment)["labtools"]
    away = labs.rename(labs.with_suffix(".away"))
    with pytest.raises(InstallationError, match=r"labtools 1.0 came from .* Nothing was changed"):
        undo(environment, Work())
    away.rename(labs)
    assert undo(environment, Work()) == ("~ labtools 1.0",)
    assert who(environment) == "lab"
    assert undo(environment, Work()) == ("- flo-top 1.0",)
    assert who(environment) == "lab"


def test_a_lock_names_the_file_and_is_installed_from_it(labs: Path, installer: str, tmp_path: Path) -> None:
    first, second = create("first", Work()), create("second", Work())
    put(first, f"labtools @ {labs.as_uri()}")
    lock(first, tmp_path / LOCK)
    held = locked(tmp_path)
    assert held == pins_of(first)
    changes = as_locked(second, held, Work())
    assert changes.lines() == [f"+ labtools 1.0, from {labs}"]
    assert plan(second, ["flo_top"], Work(), held).sources["labtools"].partition("#")[0] == labs.as_uri()
    away = labs.rename(labs.with_suffix(".away"))
    with pytest.raises(InstallationError, match=rf"labtools 1.0 came from .* Or write in {LOCK} where it is now"):
        as_locked(second, held, Work())
    gone = r"labtools is needed, and the lock .* has it from" if installer == "pip" else "A package is to come from"
    with pytest.raises(InstallationError, match=gone + ".*our lab"):
        plan(second, ["flo_top"], Work(), held)
    away.rename(labs)
    install(second, changes, Work())
    assert who(second) == "lab"
    assert as_locked(second, held, Work()).is_none
    assert as_locked(second, {"labtools": "1.0"}, Work()).is_none  # as an older flodesk has written it
    put(second, "flo_top")
    assert who(repair(second, Work(), held)) == "lab"
    # one that has the stranger's gets the file's
    third = create("third", Work())
    put(third, "labtools")
    assert who(third) == "stranger"
    changes = as_locked(third, held, Work())
    assert changes.lines() == [f"~ labtools 1.0 → 1.0, from {labs}"]
    install(third, changes, Work())
    assert who(third) == "lab"


def test_what_a_lock_has_from_source_is_neither_built_for_a_plan_nor_asked_of_an_index(
    labs: Path, installer: str, shelf: Any, tmp_path: Path
) -> None:
    note = tmp_path / "built"
    source = shelf.source("labtools", "3.0", note).rename(labs.with_name("labtools-3.0.tar.gz"))
    shelf.wheel("labtools", "1.0", STRANGER)
    environment = create("lab", Work())
    held = {"labtools": f"3.0 @ {source.as_uri()}"}
    with pytest.raises(InstallationError, match=rf"has it from {source}.*Install as locked") as refused:
        plan(environment, ["flo_top"], Work(), held)
    assert not isinstance(refused.value, NeedsBuildError)
    assert not note.exists()
    assert plan(environment, ["flo_top", "labtools<2"], Work(), held).adds["labtools"] == "1.0"  # asked for by a hand
    changes = as_locked(environment, held, Work())
    assert changes.lines() == [f"+ labtools 3.0, from {source}, built from its source"]
    install(environment, changes, Work())
    assert packages_of(environment) == {"labtools": "3.0"}
    assert packages_of(repair(environment, Work())) == {"labtools": "3.0"}


def test_a_file_that_is_another_one_now_is_refused(labs: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(labs.read_bytes()).hexdigest()
    environment = create("lab", Work())
    (tmp_path / LOCK).write_text(f"labtools @ {labs.as_uri()}#sha256={digest}  # 1.0\n", "utf-8")
    held = locked(tmp_path)
    assert held == {"labtools": f"1.0 @ {labs.as_uri()}#sha256={digest}"}
    assert as_locked(environment, held, Work()).lines() == [f"+ labtools 1.0, from {labs}"]
    labs.write_bytes(labs.read_bytes() + b"\n")
    with pytest.raises(InstallationError, match="which is another file now"):
        as_locked(environment, held, Work())


@pytest.mark.parametrize(
    ("noted", "pinned"),
    [
        ({"url": "https://x.org/a.whl", "archive_info": {"hash": "sha256=ab"}}, "https://x.org/a.whl#sha256=ab"),
        ({"url": "https://x.org/a.whl#sha256=ab", "archive_info": {}}, "https://x.org/a.whl#sha256=ab"),
        (
            {"url": "https://me:key@x.org/lab", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}, "subdirectory": "a"},
            "git+https://me@x.org/lab@c0ffee#subdirectory=a",
        ),
        ({"url": "https://${USER}:${KEY}@x.org/a.whl", "archive_info": {}}, "https://${USER}:${KEY}@x.org/a.whl"),
        ({"url": "file:///lab", "dir_info": {"editable": True}}, "-e file:///lab"),
        ({"dir_info": {}}, "?"),
    ],
)  # fmt: skip
def test_what_an_installer_has_noted_is_read(tmp_path: Path, noted: dict[str, Any], pinned: str) -> None:
    info = tmp_path / "lib" / "python3.12" / "site-packages" / "lab-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lab\nVersion: 1.0\n", "utf-8")
    (info / "direct_url.json").write_text(json.dumps(noted), "utf-8")
    environment = Environment(tmp_path, str(tmp_path / "bin" / "python"), True)
    assert pins_of(environment) == {"lab": f"1.0 @ {pinned}"}
    lock(environment, tmp_path / LOCK)
    again = pinned.removeprefix("-e ")
    assert locked(tmp_path) == ({} if pinned == "?" else {"lab": f"1.0 @ {again}"})
    shown = pinned.partition("#")[0].replace("me@", "****@")  # a name alone may be a token
    assert place_of(pinned) == ("/lab" if "file:" in pinned else shown)


@pytest.mark.parametrize("line", ["lab @ https://x.org/lab.tar.gz", "lab @ https://x.org/a-1-py3-none-any.whl  # new"])
def test_an_address_in_a_lock_without_a_version_says_where(tmp_path: Path, line: str) -> None:
    (tmp_path / LOCK).write_text(f"b @ https://x.org/b-2.0-py3-none-any.whl\n{line}\n", "utf-8")
    with pytest.raises(InstallationError, match=f"Line 2 of .*{LOCK} names no version"):
        locked(tmp_path)


def test_a_folder_of_packages_that_is_gone_is_not_stood_in_for_by_an_index(labs: Path, shelf: Any) -> None:
    environment = create("lab", Work())
    (shelf.folder / labs.name).unlink()  # the index knows nothing of it yet
    keep_links(environment, [labs.parent])
    put(environment, "labtools")
    assert who(environment) == "lab"
    shelf.wheel("labtools", "1.0", STRANGER)
    put(environment, "flo_top")
    shelf.wheel("labtools", "2.0", STRANGER)
    put(environment, "labtools==2.0")
    away = labs.parent.rename(labs.parent.with_name("pulled out"))
    for again in (undo, repair):
        with pytest.raises(InstallationError, match=r"our lab is not there, .* or choose “From the index alone”"):
            again(environment, Work())
    assert packages_of(environment) == {"flo-top": "1.0", "labtools": "2.0"}
    away.rename(labs.parent)
    undo(environment, Work())
    assert packages_of(repair(environment, Work())) == {"flo-top": "1.0", "labtools": "1.0"}
    assert links_of(environment) == (str(labs.parent),)


# ------------------------------------------------------------------ a repair that was cut off
def test_a_repair_that_was_cut_off_keeps_its_name_and_is_repaired_or_taken_away(labs: Path) -> None:
    environment = create("lab", Work())
    put(environment, f"labtools @ {labs.as_uri()}")
    root = environment.root
    old = root.with_name("lab.old")
    root.rename(old)  # as a power cut leaves it, before it is filled
    assert names() == ("lab",)
    assert free_name("lab") == "lab-2"
    assert free_name("LAB.old") == "LAB-2"
    with pytest.raises(InstallationError, match="A repair of an environment “lab” was cut off"):
        create("lab", Work())
    with pytest.raises(InstallationError, match=r"A name that ends in \.old"):
        create("next.old", Work())
    assert trouble(environment).startswith("A repair of the environment “lab” was cut off")
    # or half filled
    half = create("half", Work())
    keep(half.root, replace(record_of(half.root), whole=False))
    half.root.rename(root)
    assert trouble(environment).startswith("A repair of the environment “lab” was cut off")
    with pytest.raises(InstallationError, match="was cut off"):
        put(environment, "flo_top")
    assert who(repair(environment, Work())) == "lab"
    assert trouble(named("lab")) == ""
    assert [one.name for one in root.parent.iterdir()] == ["lab"]
    root.rename(old)
    remove(environment)
    assert list(root.parent.iterdir()) == []


def test_one_that_is_whole_is_not_given_up_for_what_lies_beside_it(labs: Path) -> None:
    before = create("before", Work())
    environment = create("lab", Work())
    put(environment, f"labtools @ {labs.as_uri()}")
    before.root.rename(environment.root.with_name("lab.old"))
    assert trouble(environment) == ""
    assert who(repair(environment, Work())) == "lab"
    assert names() == ("lab",)


def test_what_else_is_kept_of_one_is_kept_by_a_repair(labs: Path) -> None:
    environment = create("lab", Work())
    put(environment, f"labtools @ {labs.as_uri()}")
    was = record_of(environment.root)
    repair(environment, Work())
    assert record_of(environment.root) == was

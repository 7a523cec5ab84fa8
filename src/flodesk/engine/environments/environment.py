"""An environment: the interpreter, where it looks for packages, what is installed on top of flodesk's own."""

from __future__ import annotations

import json
import os
import re
import site
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path

from flodesk.engine.environments.marks import is_left
from flodesk.engine.folders import data_folder

FOLDER = "envs"
"""The folder of the data folder that ours lie in."""
RECORD = "flodesk.json"
"""What is kept of one of ours, in its folder."""
OLD = ".old"
"""The name of one that is being made again ends so, until that is done."""
_LETTERS = re.compile(r"[^A-Za-z0-9._-]+")


class InstallationError(Exception):
    """What was wanted of an environment cannot be done; the message says what, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of an environment of ours, for it to be made again and its installations to be undone.

    Attributes
    ----------
    python : str
        The version that it was made of, ``3.12``.
    base : str
        The prefix of the Python with flodesk that it shares.
    packages : mapping of str to str
        What is installed in it: pins by names, as it was told last.
    before : tuple of mappings
        The same before each installation, the newest last.
    whole : bool
        Whether all of it was made: a repair that was cut off leaves one that is not, beside the old one, which is.
    links : tuple of str
        Folders of packages that are installed from, besides the package index.
    """

    python: str = ""
    base: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)
    before: tuple[Mapping[str, str], ...] = ()
    whole: bool = False
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a flow runs.

    Attributes
    ----------
    root : Path
        Its folder.
    python : str
        Its interpreter; empty is the one that flodesk runs in.
    ours : bool
        Whether flodesk has made it, and may change it.
    path : tuple of str
        Where its Python looks for packages, its own folder first.
    """

    root: Path
    python: str = ""
    ours: bool = False
    path: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called."""
        if not self.python:
            return "flodesk's own"
        return self.root.name if self.ours else self.python


def own() -> Environment:
    """Return the environment that flodesk itself runs in."""
    return Environment(Path(sys.prefix), path=tuple(entry for entry in sys.path if entry))


def named(name: str) -> Environment:
    """Return the environment of ours of that name, whether or not it is there.

    Raises
    ------
    FolderError
        There is no data folder.
    """
    root = data_folder(FOLDER) / name
    packages = site_of(root)
    return Environment(root, str(python_of(root)), True, (*((str(packages),) if packages else ()), *own().path))


def names() -> tuple[str, ...]:
    """Return the names of those of ours that there are.

    Raises
    ------
    FolderError
        There is no data folder.
    """
    # one whose repair was cut off may be there under its old name alone
    found = {one.name.removesuffix(OLD) for one in data_folder(FOLDER).iterdir() if (one / RECORD).is_file()}
    return tuple(sorted(found, key=str.lower))


def free_name(wanted: str) -> str:
    """Return a name for a new one, made of the words that it is wanted for."""
    plain = _LETTERS.sub("-", wanted).strip("-.")
    while plain.lower().endswith(OLD):
        plain = plain[: -len(OLD)].strip("-.")
    plain = plain or "flows"
    there = (one for one in data_folder(FOLDER).iterdir() if (one / RECORD).is_file() or not is_left(one))
    taken = {one.name.lower().removesuffix(OLD) for one in there}
    return next(name for name in (plain, *(f"{plain}-{n}" for n in range(2, 10_000))) if name.lower() not in taken)


def python_of(root: Path) -> Path:
    """Return where the interpreter of an environment is."""
    return root / "Scripts" / "python.exe" if os.name == "nt" else root / "bin" / "python"


def site_of(root: Path) -> Path | None:
    """Return the folder that an environment's packages lie in, or None if there is none."""
    if os.name == "nt":
        return root / "Lib" / "site-packages"
    return next(iter(sorted(root.glob("lib/python3*/site-packages"))), None)


def base_sites() -> tuple[str, ...]:
    """Return the folders of flodesk's own packages that an environment made of its Python would not see by itself."""
    return tuple(site.getsitepackages()) if sys.prefix != sys.base_prefix else ()


def version() -> str:
    """Return Python's version as folders have it: ``3.12``."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


# ------------------------------------------------------------------ what is installed
def normal(name: str) -> str:
    """Return a package's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(folders: Iterable[str | Path]) -> dict[str, str]:
    """Return the versions of what lies in some folders, by normal names; the first that has a name counts."""
    return {name: one.version for name, one in distributions_in(folders).items()}


def distributions_in(folders: Iterable[str | Path]) -> dict[str, Distribution]:
    """Return what lies in some folders, by normal names; the first that has a name counts."""
    found: dict[str, Distribution] = {}
    for one in distributions(path=[str(folder) for folder in folders]):
        if (name := _name(one)) and name not in found:
            found[name] = one
    return dict(sorted(found.items()))


def _name(one: Distribution) -> str:
    try:
        return normal(one.metadata["Name"] or "")
    except (KeyError, OSError, TypeError, ValueError):
        return ""


def packages_of(environment: Environment) -> dict[str, str]:
    """Return what is installed on top of flodesk's own; of an interpreter elsewhere all that it has."""
    if environment.ours:
        folder = site_of(environment.root)
        return {n: v for n, v in installed([folder]).items() if n not in ("pip", "setuptools")} if folder else {}
    return installed(environment.path)


def shared_of(environment: Environment) -> dict[str, str]:
    """Return what of flodesk's own packages an environment of ours sees, without what lies over it."""
    above = packages_of(environment) if environment.ours else {}
    shared = installed(own().path) if environment.ours or not environment.python else {}
    return {name: version for name, version in shared.items() if name not in above}


def size_of(environment: Environment) -> int:
    """Return what its folder takes on the disk, in bytes; of one that is not ours, 0."""
    if not environment.ours:
        return 0
    total = 0
    for folder, _, files in os.walk(environment.root):
        for file in files:
            try:
                total += Path(folder, file).lstat().st_size
            except OSError:
                continue
    return total


# ------------------------------------------------------------------ what is kept, and what is wrong
def record_of(root: Path) -> Record:
    """Return what is kept of an environment; an empty record where nothing is, or it cannot be read."""
    try:
        said = json.loads((root / RECORD).read_text("utf-8"))
        packages = {str(name): str(version) for name, version in said["packages"].items()}
        before = tuple({str(n): str(v) for n, v in one.items()} for one in said["before"])
        links = tuple(str(one) for one in said.get("links", ()))
        return Record(str(said["python"]), str(said["base"]), packages, before, said.get("whole") is True, links)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Record()


def keep(root: Path, record: Record) -> None:
    """Keep it: whole, or not at all."""
    new = root / f"{RECORD}.new"
    new.write_text(json.dumps(asdict(record), indent=1), "utf-8")
    new.replace(root / RECORD)


def old_of(root: Path) -> Path:
    """Return where an environment lies while it is made again."""
    return root.with_name(f"{root.name}{OLD}")


def cut_off(root: Path) -> bool:
    """Say whether a repair has not come to its end: the old environment is the whole one then."""
    return (old_of(root) / RECORD).is_file() and not record_of(root).whole


def trouble(environment: Environment) -> str:
    """Say why an environment cannot be used, from what lies on the disk: quick. Empty where nothing is known."""
    if not environment.python:
        return ""
    name = environment.name
    if not environment.ours:
        return "" if Path(environment.python).exists() else f"The interpreter {name} is gone."
    if cut_off(environment.root):
        return f"A repair of the environment “{name}” was cut off: repair it again. What was in it is kept."
    if not environment.root.is_dir():
        return f"The environment “{name}” is gone."
    if not Path(environment.python).exists():  # also a link into a Python that is no longer there
        return f"The Python of the environment “{name}” is gone."
    record = record_of(environment.root)
    if record.python != version():
        made = f"Python {record.python}" if record.python else "another Python"
        return f"The environment “{name}” was made for {made}, and flodesk runs in Python {version()} now."
    if record.base != sys.prefix:
        return f"The environment “{name}” was made for the flodesk in {record.base}, and this one is in {sys.prefix}."
    if site_of(environment.root) is None:
        return f"The environment “{name}” is damaged: it has no folder for packages."
    return ""


__all__ = [
    "Environment",
    "InstallationError",
    "Record",
    "base_sites",
    "cut_off",
    "distributions_in",
    "free_name",
    "installed",
    "keep",
    "named",
    "names",
    "normal",
    "old_of",
    "own",
    "packages_of",
    "python_of",
    "record_of",
    "shared_of",
    "site_of",
    "size_of",
    "trouble",
    "version",
]

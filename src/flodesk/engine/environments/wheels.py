"""Plans are made of wheels, which are read: what comes as source alone is built only once that was agreed to.

What a package without a wheel needs is known to an installer by its build alone, which is code of its maker. So an
installer is first asked with wheels only, and of its complaint is read what would have to be built.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement

from flodesk.engine.environments.environment import InstallationError, normal
from flodesk.engine.environments.passwords import hidden

_UV = (
    re.compile(r"Wheels are required for `([^`]+)` because building from source is disabled"),
    re.compile(r"Building source distributions for `([^`]+)` is disabled"),
    re.compile(r"([A-Za-z0-9][\w.-]*)(?:[<>=]=?[\w.+!]+)? ha(?:s|ve) no usable wheels"),
)
"""How uv names what it was not let build, its lines joined."""
_PIP = re.compile(r"^ERROR: No matching distribution found for (.+)$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_EDITABLE = ("-e", "--editable")


class NeedsBuildError(InstallationError):
    """No plan can be made before something is built; nothing of it was run yet.

    Attributes
    ----------
    names : tuple of str
        What would be built: the normal names of packages; an address or a folder where nobody knows the name.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        several = len(self.names) > 1
        needs = "" if all(map(_is_name, self.names)) else " So may be that of what it needs."
        named = " and ".join(map(hidden, self.names))
        super().__init__(
            f"{named} {'come' if several else 'comes'} as source, without a wheel for this Python. "
            f"To make the plan, {'their builds have' if several else 'its build has'} to be run: that is code of the "
            f"{'packages' if several else 'package'}, on this computer.{needs}"
        )


def options(built: Iterable[str]) -> list[str]:
    """Return the options by which pip and uv build what may be built, and nothing else."""
    names = tuple(built)
    if not all(map(_is_name, names)):
        return []  # what it is called is known when it is built
    return ["--only-binary=:all:", *(f"--no-binary={name}" for name in names)]


def sources_in(wanted: Iterable[str]) -> tuple[str, ...]:
    """Return what of some requirements is no wheel by its address: pip would build it, whatever it was told."""
    return tuple(name for name in map(_source, wanted) if name)


def refused_by_uv(printed: str) -> tuple[str, ...]:
    """Return what uv was not let build, from what it has printed."""
    flat = " ".join(printed.split())  # it breaks its lines anywhere
    return tuple(dict.fromkeys(normal(name) for sign in _UV for name in sign.findall(flat)))


def refused_by_pip(printed: str, versions_of: Callable[[str], str]) -> tuple[str, ...]:
    """Return what pip was not let build, from what it has printed.

    It says the same of a package that does not exist: so ``versions_of`` a name, which is ``pip index versions``, is
    asked whether there is a version that would do.
    """
    said = _PIP.search(printed)
    try:
        one = Requirement(said[1].strip()) if said is not None else None
    except InvalidRequirement:
        return ()
    listed = re.search(r"^Available versions: (.+)$", versions_of(one.name), re.MULTILINE) if one is not None else None
    if one is None or listed is None:
        return ()
    return (normal(one.name),) if any(one.specifier.filter(listed[1].split(", "), prereleases=True)) else ()


def is_wheel(address: str) -> bool:
    """Say whether what lies at an address, or under a path, is a wheel."""
    return urlsplit(address).path.endswith(".whl")


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def _source(text: str) -> str:
    try:
        one = Requirement(text)
    except InvalidRequirement:
        is_option = text.startswith("-") and not text.startswith(_EDITABLE)
        return "" if is_option or text in _EDITABLE or is_wheel(text) else text
    return normal(one.name) if one.url and not is_wheel(one.url) else ""


__all__ = ["NeedsBuildError", "is_wheel", "options", "refused_by_pip", "refused_by_uv", "sources_in"]

"""The installers, uv or pip: what they are called with, and versions installed by them exactly.

It is uv wherever uv is: it looks into what a package needs before anything of that is built, and pip does not always.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from flodesk.engine.environments.environment import Environment, InstallationError, installed
from flodesk.engine.environments.links import options as options_of_links
from flodesk.engine.environments.links import there_and_gone
from flodesk.engine.environments.meanings import is_unreached, meaning
from flodesk.engine.environments.pins import asked_for
from flodesk.engine.environments.wheels import refused_by_pip, refused_by_uv
from flodesk.engine.environments.work import Work, find_uv


def by_uv() -> bool:
    """Say whether uv is the installer."""
    return bool(find_uv())


def installer(environment: Environment) -> list[str]:
    """Return the command that installs into an environment, with the folders that it takes from."""
    if not by_uv():
        # -P: a file pip.py in the working folder is not it
        return [environment.python, "-P", "-m", "pip", "install", *options_of_links(environment, False)]
    return [find_uv(), "pip", "install", "--python", environment.python, *options_of_links(environment, True)]


def uninstaller(environment: Environment) -> list[str]:
    """Return the command that takes packages out of an environment."""
    if not by_uv():
        return [environment.python, "-P", "-m", "pip", "uninstall", "--yes"]
    return [find_uv(), "pip", "uninstall", "--python", environment.python]


def refused(environment: Environment, printed: str, work: Work) -> tuple[str, ...]:
    """Return what the installer was not let build, from what it has printed."""
    if by_uv():
        return refused_by_uv(printed)
    look = [environment.python, "-P", "-m", "pip", "index", "versions", *options_of_links(environment, False)]
    return refused_by_pip(printed, lambda name: work.run([*look, name])[1])


def install_exactly(
    environment: Environment,
    versions: Mapping[str, str],
    work: Work,
    sources: Mapping[str, str] | None = None,
    is_alone: bool = False,
    wheels: Collection[str] = (),
) -> None:
    """Install these versions and nothing that they would want besides.

    From the folders that the environment takes from alone, if that is said or the package index cannot be reached.

    Parameters
    ----------
    wheels : collection of str, optional
        What of it is taken as a wheel, and never built: nobody has agreed to that.

    Raises
    ------
    InstallationError, StoppedError
        It was not done.
    """
    if not versions:
        return
    here = installed(environment.path)
    again = [name for name, version in versions.items() if here.get(name) == version]  # from elsewhere this time
    command = [*installer(environment), "--no-deps", *_anew(again), *_as_wheels(versions, wheels)]
    code, printed, _ = _run(environment, command, _exact(versions, sources or {}), work, is_alone)
    if not code:
        return
    if wheels and (unbuilt := refused(environment, printed, work)):
        exact = " and ".join(f"{name} {versions[name]}" for name in unbuilt if name in versions)
        raise InstallationError(
            f"{exact or ' and '.join(unbuilt)} would be built from source, to which nobody has agreed: “Install as "
            "locked…” or “Install…” shows that first. Nothing was changed."
        )
    raise InstallationError(meaning(printed, " and ".join(versions), str(environment.root)))


def without_a_wheel(environment: Environment, versions: Mapping[str, str], work: Work) -> tuple[tuple[str, ...], bool]:
    """Return what of some versions of an index has no wheel here, without building it.

    The second answer says whether the folders that the environment takes from were asked alone, for the index could
    not be reached.

    Raises
    ------
    InstallationError, StoppedError
        One of them cannot be had.
    """
    rest, found, is_alone = dict(versions), list[str](), False
    command = [*installer(environment), "--dry-run", "--no-deps", "--only-binary=:all:"]
    while rest:
        code, printed, is_alone = _run(environment, command, _exact(rest, {}), work)
        if not code:
            break
        # they name the first alone
        if not (unbuilt := [name for name in refused(environment, printed, work) if name in rest]):
            raise InstallationError(meaning(printed, " and ".join(rest), str(environment.root)))
        found += unbuilt
        rest = {name: version for name, version in rest.items() if name not in unbuilt}
    return tuple(found), is_alone


def _run(
    environment: Environment, command: list[str], exact: list[str], work: Work, is_alone: bool = False
) -> tuple[int, str, bool]:
    """Run it with the index and, where that cannot be reached, without: the third answer."""
    code, printed = work.run([*command, *(["--no-index"] if is_alone else []), *exact])
    if code and not is_alone and there_and_gone(environment)[0] and is_unreached(printed):
        code, printed = work.run([*command, "--no-index", *exact])
        is_alone = True
    return code, printed, is_alone


def _exact(versions: Mapping[str, str], sources: Mapping[str, str]) -> list[str]:
    return [part for name, version in versions.items() for part in asked_for(name, version, sources.get(name, ""))]


def _as_wheels(versions: Collection[str], wheels: Collection[str]) -> list[str]:
    """Return the options by which some packages are not built."""
    if set(wheels) >= set(versions):
        return ["--only-binary=:all:"]
    return [f"--only-binary={name}" for name in wheels]


def _anew(again: Iterable[str]) -> list[str]:
    """Return the options by which packages are installed that are there in that version."""
    if not by_uv():
        return ["--force-reinstall"] if any(again) else []
    return [f"--reinstall-package={name}" for name in again]


__all__ = ["by_uv", "install_exactly", "installer", "refused", "uninstaller", "without_a_wheel"]

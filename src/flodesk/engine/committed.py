"""A file as git has it: asked of git as a process, which writes nothing and runs no filter, hook or pager."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEADLINE = 10.0
"""Seconds that git may take; on a slow network disk the first answer takes some."""
_QUIET = {
    "LC_ALL": "C",  # its messages are read here
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
}


class NotCommittedError(Exception):
    """There is no such version of the file; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask git for.

    Attributes
    ----------
    program, arguments : str, tuple of str
        The command.
    environment : mapping
        That of the process.
    """

    path: Path
    revision: str
    program: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]


def question(path: str | os.PathLike[str], revision: str = "HEAD") -> Question:
    """Make the command that writes a file, as a revision has it, on its standard output.

    Raises
    ------
    NotCommittedError
        There is no git on this machine.
    """
    path = Path(os.path.realpath(path))
    program = shutil.which("git")
    if program is None:
        raise NotCommittedError("git is not installed, or not on the path. Install it, or compare with another file.")
    # `cat-file blob` is plumbing: a repository from elsewhere can name no program for it to run
    arguments = (
        "-C", str(path.parent), "-c", "core.fsmonitor=false", "cat-file", "blob", f"{revision}:./{path.name}",
    )  # fmt: skip
    inherited = {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE")}
    return Question(path, revision, program, arguments, inherited | _QUIET)


def answer(asked: Question, code: int, output: bytes, errors: bytes) -> bytes:
    """Return what the file held, from what git has answered.

    Line ends are those of the file as it is now, where git keeps them as plain ones.

    Raises
    ------
    NotCommittedError
        Git has no such version.
    """
    if code:
        raise NotCommittedError(_why_not(asked, errors.decode("utf-8", "replace").strip()))
    try:
        with asked.path.open("rb") as file:
            first = file.readline()
    except OSError:
        return output
    return output.replace(b"\n", b"\r\n") if first.endswith(b"\r\n") and b"\r\n" not in output else output


def committed(path: str | os.PathLike[str], revision: str = "HEAD", deadline: float = DEADLINE) -> bytes:
    """Return what a file holds in a revision.

    Raises
    ------
    NotCommittedError
        There is no git, no repository, no such revision, or the file is not in it; or git took too long.
    """
    asked = question(path, revision)
    try:
        done = subprocess.run(
            [asked.program, *asked.arguments],
            env=dict(asked.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=deadline,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise NotCommittedError(too_late(deadline)) from late
    except OSError as error:
        raise NotCommittedError(f"git could not be started: {error.strerror or error}.") from error
    return answer(asked, done.returncode, done.stdout, done.stderr)


def too_late(deadline: float = DEADLINE) -> str:
    """Say that git took too long."""
    return f"git did not answer within {deadline:g} s. Try again, or compare with another file."


def _why_not(asked: Question, said: str) -> str:
    name, revision = asked.path.name, asked.revision
    words = said.lower()
    if "not a git repository" in words or "cannot change to" in words:
        return f"{name} is in no git repository. Compare with another file, or begin one: git init."
    if "dubious ownership" in words:
        return f"The repository of {name} belongs to another user, and git does not read it. {_first(said)}"
    if "exists on disk, but not in" in words or "does not exist in" in words:
        return f"{name} is not in {revision}: it was not committed then. Commit it, or name another revision."
    if "invalid object name" in words or "unknown revision" in words or "bad revision" in words or "ambiguous" in words:
        if revision == "HEAD":
            return f"The repository of {name} has no commit yet. Commit the file first."
        return f"There is no revision “{revision}” in the repository of {name}. See git log."
    return f"git has no {name} of {revision}: {_first(said)}"


def _first(said: str) -> str:
    return next((line.removeprefix("fatal: ") for line in said.splitlines() if line.strip()), "it did not say why.")

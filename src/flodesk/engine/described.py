"""Modules of packages as node types: read, asked of an import where no text tells, and kept on disk.

    told = describe("scipy.signal")               # in this process: reads files, up to a second for a large module
    told = describe("numpy", imports=True)        # what is compiled is told by a process that imports it
    told = Describer().describe("numpy", imports=True)  # all in a process of its own: nobody waits for the parser

Nothing is imported into this process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flodesk.engine.interpreting import module_command
from flodesk.engine.live_types import live_types
from flodesk.flow.packages.finding import Finder
from flodesk.flow.packages.keeping import keep_live, keep_reading, kept_live, kept_reading
from flodesk.flow.packages.reading import Reading, read_module
from flodesk.flow.spec import NodeSpec, from_json, to_json

LONGEST = 30.0
"""Seconds that an import may take before what it would tell is given up."""
_OWN = frozenset({"numpy", "scipy", "pandas"})
"""Packages that flodesk itself needs and imports anyway."""


_Answer = tuple[dict[str, NodeSpec] | None, str]
"""What an import tells; None, and why, if it cannot."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a module.

    Attributes
    ----------
    module : str
    specs : mapping of path to NodeSpec
    untold : tuple of str
        Names of which nothing is known but that they are there, as their text is compiled.
    reason : str
        Why it could not be read, or not all of it; empty if all went well.
    """

    module: str
    specs: Mapping[str, NodeSpec] = field(default_factory=dict)
    untold: tuple[str, ...] = ()
    reason: str = ""


def describe(
    module: str, *, imports: bool = False, seconds: float = LONGEST, path: Sequence[str] | None = None
) -> Told:
    """Describe what a module offers; what was described before comes from the disk.

    Parameters
    ----------
    imports : bool
        A process of its own may import the module where no text tells of its functions.
    seconds : float
        How long that may take, in s.
    path : sequence of str, optional
        Folders in which it is looked for, in place of those of this interpreter.
    """
    return _described(module, (lambda: _ask(module, seconds)) if imports else None, Finder(path))


def _described(module: str, ask: Callable[[], _Answer] | None, finder: Finder) -> Told:
    """Describe what a module offers; `ask` gives what an import of it tells."""
    reading = kept_reading(module, finder)
    if reading is None:
        reading = read_module(module, finder)
        keep_reading(reading, finder)
    stubs = {path: spec for path, spec in reading.hidden.items() if spec is not None}
    if reading.reason or not _asks(reading):
        return Told(module, {**stubs, **reading.specs}, (), reading.reason)
    live = kept_live(module, finder)
    reason = ""
    if live is None and ask is not None:
        live, reason = ask()
        if live is not None:
            live = {path: spec for path, spec in live.items() if path not in reading.specs}
            keep_live(_stamped(reading, module, finder), live, finder)
    known = {**stubs, **reading.specs, **(live or {})}
    untold = () if live is not None else tuple(path for path in reading.hidden if path not in known)
    return Told(module, known, untold, reason)


class Describer:
    """Describes modules as `describe` does, with all the work in other processes; what is kept is read here.

    A window asks it in a thread: the parser would hold the interpreter for longer than a frame takes.

    Parameters
    ----------
    python : str
        The interpreter of the environment whose modules are described; empty is this one.
    path : sequence of str, optional
        Where that looks for them.
    """

    def __init__(self, python: str = "", path: Sequence[str] | None = None) -> None:
        self._python, self.path = python, path
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    def describe(self, module: str, *, imports: bool = False, seconds: float = LONGEST) -> Told:
        """Describe a module."""
        finder = Finder(self.path)
        reading = kept_reading(module, finder)
        if reading is not None and not (_asks(reading) and imports and kept_live(module, finder) is None):
            return describe(module, path=self.path)
        wanted = ["--all", module, *(["--import"] if imports else [])]
        answer = _run(*wanted, seconds=seconds, began=self._began, python=self._python)
        if isinstance(answer, str):
            read = kept_reading(module, finder)  # the text was read before the import went wrong
            told = _described(module, None, finder) if read is not None else Told(module)
            return replace(told, reason=answer)
        return Told(module, _specs(answer), tuple(answer["untold"]), str(answer["reason"]))

    def stop(self) -> None:
        """End what is being described, and describe nothing more; from any thread."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                end_group(self._process)

    def _began(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._process = process
            if self._stopped:
                end_group(process)


def may_import(module: str) -> bool:
    """Say whether a module may be imported to be described although nobody has asked for it by name.

    What a flow imports is no such wish: a file is read and never run to be opened. What flodesk itself needs may be,
    and what is compiled into Python.
    """
    head = module.partition(".")[0]
    return head in _OWN or (head in sys.stdlib_module_names and (place := Finder().find(module)) is not None
                            and place.is_compiled and not place.is_package)  # fmt: skip


def _asks(reading: Reading) -> bool:
    """Say whether a module offers something of which no text, and no stub, tells."""
    return any(spec is None for spec in reading.hidden.values())


def _stamped(reading: Reading, module: str, finder: Finder) -> Reading:
    """Return a reading with stamps, also one that came from the disk or of a module without text."""
    return reading if reading.stamps else read_module(module, finder)


def _ask(module: str, seconds: float) -> _Answer:
    """Let a process of its own import a module and tell of it; None, and why, if it cannot."""
    answer = _run(module, "--import", seconds=seconds)
    if isinstance(answer, str):
        return None, answer
    return (None, str(answer["reason"])) if answer["reason"] else (_specs(answer), "")


def _specs(answer: dict[str, Any]) -> dict[str, NodeSpec]:
    return {spec.path: spec for spec in map(from_json, answer["specs"])}


def _run(
    *arguments: str,
    seconds: float,
    began: Callable[[subprocess.Popen[str]], object] = lambda process: None,
    python: str = "",
) -> dict[str, Any] | str:
    """Run this module with arguments: its answer, or a sentence about what went wrong."""
    command = [*module_command("flodesk.engine.described", python), *arguments]
    module = next(argument for argument in arguments if not argument.startswith("--"))
    channels: dict[str, Any] = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, encoding="utf-8", errors="replace", start_new_session=True, **channels
        )
    except OSError as error:
        return f"no process could be started to read {module}: {error.strerror or error}"
    with process:
        began(process)
        try:
            said, complaints = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            end_group(process)
            return f"importing {module} took more than {seconds:g} s, so what is compiled in it is not described"
    try:
        answer = json.loads(said)
    except ValueError:
        last = next((line for line in reversed(complaints.splitlines()) if line.strip()), "")
        return f"importing {module} ended its process{f': {last}' if last else f' ({process.returncode})'}"
    assert isinstance(answer, dict)
    return answer


def end_group(process: subprocess.Popen[str]) -> None:
    """End a process with all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


# ------------------------------------------------------------------ the other process
@contextlib.contextmanager
def _own_channel() -> Iterator[int]:
    """Give a channel to whoever asked, which nothing that is imported here prints into."""
    channel = os.dup(1)
    os.dup2(2, 1)
    try:
        yield channel
    finally:
        os.close(channel)


def _import(module: str) -> _Answer:
    """Import a module here, and tell of it."""
    try:
        return live_types(module, ()), ""
    except BaseException as error:  # noqa: BLE001 - a module may even ask for the end of the program
        return None, f"{module} cannot be imported: {type(error).__name__}: {error}"


def _main(arguments: list[str]) -> None:
    module = next(argument for argument in arguments if not argument.startswith("--"))
    with _own_channel() as channel:
        if "--all" in arguments:
            told = _described(module, (lambda: _import(module)) if "--import" in arguments else None, Finder())
        else:
            live, reason = _import(module)
            told = Told(module, live or {}, (), reason)
        answer = {"specs": [to_json(s) for s in told.specs.values()], "untold": told.untold, "reason": told.reason}
        with os.fdopen(os.dup(channel), "w", encoding="utf-8") as out:
            json.dump(answer, out)


if __name__ == "__main__":
    _main(sys.argv[1:])


__all__ = ["LONGEST", "Describer", "Told", "describe", "may_import"]

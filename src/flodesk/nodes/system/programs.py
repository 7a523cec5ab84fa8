"""Other programs."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._blocking import waited_for
from flodesk.nodes._disk import missing
from flodesk.nodes._network import without
from flodesk.public import Range, Unit, context, is_secret, node, secret

POLITE_SECONDS = 0.5
"""What a program gets to end by itself, once it was told to."""
_TOLD = 300
"""How many characters of what a program says are repeated by a message."""


class Done(NamedTuple):
    """How a program ended.

    Attributes
    ----------
    output, errors : str
        What it wrote.
    code : int
        Number that it ended with (dimensionless).
    """

    output: str
    errors: str
    code: int


@node(
    title="Run command",
    tags=("shell", "exec", "system exec", "subprocess", "program", "process", "terminal", "script", "bash", "cmd"),
    pure=False,
)
def command(
    line: str,
    arguments: list[str] | None = None,
    input: str = "",
    shell: bool = False,
    timeout: Annotated[float, Unit("s"), Range(0.0)] = 60.0,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
    on_error: Literal["stop", "give"] = "stop",
) -> Done:
    """Run another program, and wait for it.

    What it starts belongs to it: *Stop*, and the time that it has, end all of them.

    Parameters
    ----------
    line : str
        The program and its arguments, with blanks between: ``ping -c 1 "my host"``.
    arguments : list of str, optional
        Further arguments, one each, whatever signs are in them.
    input : str
        What the program is given to read.
    shell : bool
        Let the system's shell read the line, with its ``|``, ``>`` and ``*``. Never put into such a line what others
        have written: it would be run.
    timeout : float
        How long the program may take, in s; 0 for as long as it likes.
    folder : Path, optional
        Where it runs; a relative name counts from the folder of the flow, which it is without one.
    environment : dict of str to str, optional
        Variables that it is given besides those of flodesk; ``secret:NAME`` is looked up.
    on_error : str
        What to do if it ends with another code than 0: ``stop`` with an error, or ``give`` the code.

    Returns
    -------
    output : str
        What it wrote, without the line end at its end.
    errors : str
        What it wrote as its errors.
    code : int
        Number that it ended with: 0 if all is well (dimensionless); below 0 the signal that ended it.

    Raises
    ------
    OSError
        There is no such program or folder, it may not be run, it took too long, or it failed.
    LookupError
        A secret is not here.
    ValueError
        The line is empty, or a quote in it does not end.

    Examples
    --------
    >>> system.command("python -c", ["print(6 * 7)"]).output
    '42'
    """
    place, hidden = context().path(folder or Path()), []
    if not place.is_dir():
        raise missing(place / "program")
    given = dict(os.environ)
    for name, value in (environment or {}).items():
        given[name] = secret(value) if is_secret(value) else str(value)
        hidden += [given[name]] if is_secret(value) else []
    words = _words(line, [str(one) for one in arguments or ()], shell)
    called = line.strip() if len(line.strip()) <= 60 else f"{line.strip()[:57]}..."
    program = _Program(words, shell, place, given, called)
    done = waited_for(lambda: program.talk(input, timeout), program.end, "command")
    if program.late:
        raise TimeoutError(f"`{called}` was ended after {timeout:g} s: give it more time, or see why it hangs")
    if done.code and on_error == "stop":
        how = f"was ended by signal {-done.code}" if done.code < 0 else f"ended with code {done.code}"
        last = " ".join(without(done.errors or done.output, hidden).split())[-_TOLD:]
        raise ChildProcessError(f"`{called}` {how}" + (f": {last}" if last else ""))
    return done


def _words(line: str, arguments: list[str], shell: bool) -> Any:
    if not line.strip():
        raise ValueError("there is nothing to run: write the name of a program and its arguments")
    if shell:
        return line + "".join(f" {shlex.quote(one)}" for one in arguments)
    if sys.platform == "win32":  # programs take their line apart by themselves there
        return f"{line} {subprocess.list2cmdline(arguments)}".rstrip()
    try:
        return shlex.split(line) + arguments
    except ValueError:
        raise ValueError(
            f"a quote in `{line.strip()}` does not end: close it, or put that into the arguments"
        ) from None


class _Program:
    """A program with all that it has started."""

    def __init__(self, words: Any, shell: bool, folder: Path, environment: dict[str, str], called: str) -> None:
        # a group of its own, so that all of it can be ended; in the session of ours, whose end ends it too
        apart: dict[str, Any] = {"process_group": 0}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(
                words, shell=shell, cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True,
                encoding="utf-8", errors="replace", **apart,
            )  # fmt: skip
        except FileNotFoundError:
            name = called.split()[0]
            raise FileNotFoundError(f"there is no program {name!r}: check its name, or give its whole path") from None
        except (PermissionError, OSError) as error:
            raise PermissionError(f"`{called}` cannot be run ({error.strerror}): choose a program") from None
        self.late = False

    def talk(self, text: str, timeout: float) -> Done:
        """Give it its input, and return what it wrote when it has ended."""
        with self._process as process:
            try:
                output, errors = process.communicate(text, timeout if timeout > 0.0 else None)
            except subprocess.TimeoutExpired:
                self.late = True
                self.end()
                output, errors = process.communicate()
        return Done(output.removesuffix("\n"), errors.removesuffix("\n"), process.returncode)

    def end(self) -> None:
        """Ask all of it to end, and see to it a moment later."""
        self._tell(politely=True)
        threading.Thread(target=self._insist, name="command ends").start()

    def _insist(self) -> None:
        end = time.monotonic() + POLITE_SECONDS
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(POLITE_SECONDS)
        if self._left():  # what it has started has as long as it had itself
            time.sleep(max(end - time.monotonic(), 0.0))
            self._tell(politely=False)

    def _left(self) -> bool:
        """Whether anything of it is still there; where the system does not say, that is assumed."""
        try:
            if sys.platform != "win32":
                os.killpg(self._process.pid, 0)
        except OSError:
            return False
        return True

    def _tell(self, politely: bool) -> None:
        with suppress(OSError):
            if sys.platform == "win32":
                force = [] if politely else ["/F"]
                told = ["taskkill", *force, "/T", "/PID", str(self._process.pid)]
                subprocess.run(told, capture_output=True, check=False)
            else:
                os.killpg(self._process.pid, signal.SIGTERM if politely else signal.SIGKILL)

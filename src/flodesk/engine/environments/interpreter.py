"""An interpreter from elsewhere: asked what it is, and whether flodesk can run flows in it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import flodesk
from flodesk.engine.environments.environment import Environment

SECONDS = 20.0
"""What an interpreter gets to say what it is."""
_QUESTION = """\
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import importlib.util, json
found = {"version": "%d.%d.%d" % sys.version_info[:3], "prefix": sys.prefix, "path": sys.path, "flodesk": ""}
found["lacks"] = [name for name in ("PySide6", "numpy", "pandas", "scipy") if importlib.util.find_spec(name) is None]
if importlib.util.find_spec("flodesk") is not None and sys.version_info >= (3, 11):
    import flodesk
    found["flodesk"] = flodesk.__version__
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Looked:
    """What an interpreter has said.

    Attributes
    ----------
    environment : Environment
        By which flows would run in it.
    version : str
        Of Python.
    trouble : str
        Why flows cannot run in it; empty if they can.
    install : str
        The requirement that would have to be installed in it first; empty if that would not help, or need not be.
    """

    environment: Environment
    version: str = ""
    trouble: str = ""
    install: str = ""


def look_at(python: str, seconds: float = SECONDS) -> Looked:
    """Ask an interpreter what it is. It is run for that: takes up to `seconds`."""
    there = Environment(Path(python).parent, python)
    try:
        done = subprocess.run(
            [python, "-c", _QUESTION], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
            errors="replace", timeout=seconds, cwd=None, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Looked(there, trouble=f"{python} did not say within {seconds:g} s what it is.")
    except OSError as error:
        return Looked(there, trouble=f"{python} cannot be started: {error.strerror or error}.")
    try:
        said = json.loads(done.stdout.splitlines()[-1])
        there = Environment(Path(said["prefix"]), python, path=tuple(str(entry) for entry in said["path"]))
        version, has, lacks = str(said["version"]), str(said["flodesk"]), [str(name) for name in said["lacks"]]
    except (ValueError, IndexError, KeyError, TypeError):
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        return Looked(there, trouble=f"{python} is no Python that works{f': {last}' if last else ''}.")
    if tuple(map(int, version.split(".")[:2])) < (3, 11):
        return Looked(there, version, f"{python} is Python {version}: flows need 3.11 or newer.")
    wanted = f"flodesk=={flodesk.__version__}"
    if has != flodesk.__version__:
        found = f"flodesk {has}, and this is {flodesk.__version__}" if has else "no flodesk"
        return Looked(there, version, f"{python} has {found}.", wanted)
    if lacks:
        return Looked(there, version, f"{python} lacks what flodesk needs: {', '.join(lacks)}.", wanted)
    return Looked(there, version)


__all__ = ["Looked", "look_at"]

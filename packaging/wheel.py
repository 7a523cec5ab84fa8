#!/usr/bin/env python3
"""Try a wheel of flodesk as somebody would who installs it: ``wheel.py WHEEL [--python VERSION] [--extras EXTRAS]``.

It goes into a fresh environment that uv makes, with the newest of everything (``--constraints FILE``: with what was
tested), and is tried there by `smoke`. What differs from ``constraints.txt`` is said: where the newest of a package
breaks something, that is its name.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import smoke
from tree import ROOT, WINDOWS, run, uv

PLACES_OF_EXTRAS = {"redis": "rq", "dask": "dask"}
"""Which places an extra brings, besides that of processes, which is always there."""


def places(extras: Iterable[str]) -> list[str]:
    """Return the places on which a flow can run with these extras."""
    everything = {"all", "desktop"} & set(extras)
    there = [place for extra, place in PLACES_OF_EXTRAS.items() if everything or extra in extras]
    return [place for place in ("process", *there) if place in smoke.PLACES]


def versions(lines: Iterable[str]) -> dict[str, set[str]]:
    """Return the versions that lines like ``name==version; marker`` name, by the normal form of the name."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if match := re.match(r"([A-Za-z0-9._-]+)==([^;\s]+)", line):
            found.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), set()).add(match[2])
    return found


def differences(installed: Iterable[str], pinned: Iterable[str]) -> list[str]:
    """Return a line for each package that is installed in another version than those of the tests."""
    tested = versions(pinned)
    return [
        f"{name} {', '.join(there)}, tested with {', '.join(sorted(tested[name]))}"
        for name, there in versions(installed).items()
        if name in tested and not there & tested[name]
    ]


def try_wheel(wheel: Path, python: str, extras: list[str], constraints: Path | None, folder: Path) -> int:
    """Install a wheel in an environment in `folder`, try it, and return 0 if all went well."""
    environment = folder / "environment"
    scripts = environment / ("Scripts" if WINDOWS else "bin")
    run(uv(), "venv", "--quiet", "--python", python, environment)
    pinned = ("--constraints", constraints) if constraints else ()
    wanted = f"{wheel}[{','.join(extras)}]" if extras else wheel
    run(uv(), "pip", "install", "--quiet", "--python", environment, *pinned, wanted)
    run(uv(), "pip", "check", "--quiet", "--python", environment)
    frozen = subprocess.run(
        [uv(), "pip", "freeze", "--quiet", "--python", environment], capture_output=True, text=True, check=True
    )
    told = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for line in differences(frozen.stdout.splitlines(), told):
        print(f"       {line}", flush=True)
    return smoke.main(str(scripts / ("flodesk.exe" if WINDOWS else "flodesk")), places(extras))


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path, help="the wheel, or the folder in which it is the only one")
    parser.add_argument("--python", default=sys.executable, help="a version, or the path of an interpreter")
    parser.add_argument("--extras", default="", help="as in redis,dask")
    parser.add_argument("--constraints", type=Path, help="by default the newest of everything")
    options = parser.parse_args()
    wheels = list(options.wheel.glob("*.whl")) if options.wheel.is_dir() else [options.wheel]
    if len(wheels) != 1:
        sys.exit(f"packaging: {options.wheel} has {len(wheels)} wheels. Name one of them")
    extras = [extra for extra in options.extras.split(",") if extra]
    print(f"{wheels[0].name} with {options.extras or 'no extra'}, Python {options.python}", flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return try_wheel(wheels[0].resolve(), options.python, extras, options.constraints, Path(folder))


if __name__ == "__main__":
    sys.exit(main())

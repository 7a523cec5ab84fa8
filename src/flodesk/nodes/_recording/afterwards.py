"""Converting what was recorded when its run has ended: in a process of its own, which Stop ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from flodesk.nodes._recording import claims
from flodesk.nodes._recording.needs import needed
from flodesk.public import Context

Convert: TypeAlias = Literal["no", "parquet", "hdf5", "csv", "tdms"]
ENDINGS = {"parquet": ".parquet", "hdf5": ".h5", "csv": ".csv", "tdms": ".tdms"}
_NEEDS = {"parquet": ("pyarrow", "parquet"), "hdf5": ("h5py", "hdf5"), "tdms": ("nptdms", "tdms")}
_LOOK = 0.1
"""Time in s between two looks at how far it is."""
_STEP = 0.25
"""Part of the way after which the log says how far it is."""


def check_format(wanted: Convert, path: Path, endings: Sequence[str]) -> None:
    """See that a recording can be converted, before there is one.

    Raises
    ------
    ValueError
        It is in that format, there is no such format, or its name has none of the endings by which it is known.
    ModuleNotFoundError
        A package is missing.
    """
    if wanted == "no":
        return
    if wanted not in ENDINGS:
        raise ValueError(f"{wanted!r} is no format to convert to: choose one of {', '.join(ENDINGS)}")
    if path.suffix.lower() not in endings:
        raise ValueError(f"{path.name} cannot be converted by this name: end it in {' or '.join(endings)}")
    if ENDINGS[wanted] in endings:
        raise ValueError(f"{path.name} is in this format: set convert to another, or to 'no'")
    if wanted in _NEEDS:
        needed(*_NEEDS[wanted])


def convert_all(
    files: Sequence[Path],
    wanted: Convert,
    run: Context,
    replaced: Collection[Path] = (),
    done: Callable[[], None] = lambda: None,
) -> None:
    """Convert the files of a recording; each old one is removed when its new one was compared with it.

    A file that has the new name is replaced only if it is one of `replaced`; else the recording is kept as it is.
    `done` is called when all are converted, or none any more.

    While the run is on it waits for that, and Stop ends it. Of a run that was stopped it is done behind it: the end of
    a run must not take long.
    """
    targets = [file.with_suffix(ENDINGS[wanted]) for file in files]
    conversions = [Conversion(file, new, run, new in replaced) for file, new in zip(files, targets, strict=True)]
    try:
        run.check()
    except BaseException:  # noqa: BLE001 - however a run says that it was stopped
        threading.Thread(target=_finish_all, args=(conversions, done), name="flodesk convert").start()
        return
    try:
        for conversion in conversions:
            if not conversion.wait():
                return
    finally:
        done()


def _finish_all(conversions: Sequence[Conversion], done: Callable[[], None]) -> None:
    try:
        for conversion in conversions:
            conversion.finish()
    finally:
        done()


class Conversion:
    """One file on its way."""

    def __init__(self, source: Path, target: Path, run: Context, replace: bool = False) -> None:
        self._source, self._target, self._run, self._replace = source, target, run, replace
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._lock = threading.Lock()  # Stop comes before there is a process, or finds it
        self._said = 0.0

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "flodesk", "convert", str(self._source), str(self._target)]
        source = str(Path(__file__).resolve().parents[3])
        path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH", "")]))
        self._run.log(f"{self._source.name} is converted to {self._target.name}")
        process = subprocess.Popen(
            [*command, *(("--replace",) if self._replace else ()), "--remove", "--tell"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", claims.VARIABLE: claims.token()},
        )
        with self._lock:
            self._process = process
            if self._stopped:
                process.terminate()
        return process

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.terminate()

    def wait(self) -> bool:
        """Convert while the run waits; False if it was stopped."""
        done = threading.Thread(target=self.finish, name="flodesk convert", daemon=True)
        done.start()
        try:
            while done.is_alive():
                self._run.sleep(_LOOK)
        except BaseException:  # noqa: BLE001 - Stop, however the run says it; its end goes on here
            self._stop()
            done.join()
            if self._source.exists():
                self._run.log(f"{self._source.name} was not converted, as the run was stopped: it is kept", "warning")
            return False
        return True

    def finish(self) -> None:
        """Convert, and say how far it is and how it went."""
        process = self._start()
        assert process.stdout is not None
        assert process.stderr is not None
        with process, process.stdout, process.stderr:
            for line in process.stdout:
                fraction = float(line)
                if self._said + _STEP <= fraction < 1.0:
                    self._said = fraction
                    self._run.log(f"{self._target.name}: {fraction:.0%}")
            said = process.stderr.read().strip()
        if process.returncode == 0:
            self._run.log(f"{self._target.name} is whole{f' ({said})' if said else f'; {self._source.name} is gone'}")
        elif process.returncode > 0 and said:
            words = said.splitlines()[-1].removeprefix("flodesk convert: ")
            self._run.log(f"{self._source.name} was not converted and is kept: {words}", "error")

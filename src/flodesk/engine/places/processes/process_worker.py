"""A worker process of the place `process`: runs segments of flows, one after the other, in its main thread.

It knows no Qt. Frames come and go through a socket; a second thread listens on standard input, which says when to
interrupt, and whose end says that the engine is gone.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import json
import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO, cast

from flodesk.engine.errors import PlanError, StopRun, failure
from flodesk.engine.events import LogLine
from flodesk.engine.heeding import heed
from flodesk.engine.lifeline import die_with
from flodesk.engine.link import LinkError, pack, read_frame
from flodesk.engine.load import LoadError
from flodesk.engine.log import Log, Voice
from flodesk.engine.places.bench import Bench
from flodesk.engine.places.processes.parcel import INTERRUPT, Reads, Where, failure_to_json, unwrap, wrap
from flodesk.engine.places.processes.pool import Windows, address_of
from flodesk.engine.stepping import calling
from flodesk.engine.threads import raise_in

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


class Worker:
    """Serves one engine.

    Parameters
    ----------
    sock : socket
        Carries the frames.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._stream = cast(BinaryIO, Reads(sock))
        self._sending = threading.Lock()
        self._windows = Windows()
        self._log = Log(self._line)
        self._bench = Bench(self._log.say, own_process=True)
        self._room: list[list[Any]] = []
        self._texts: dict[str, str] = {}

    def serve(self) -> None:
        """Do what comes until the engine is gone."""
        while True:
            try:
                head, buffers = read_frame(self._stream)
                self._do(head, buffers)
            except StopRun:
                continue  # it was meant for a job that had ended already
            except (LinkError, OSError):
                return

    def interrupt(self, said: bytes) -> None:
        """Stop the job that runs; from another thread."""
        control = self._bench.control
        if said == INTERRUPT:
            control.stop()
            return
        with control.lock:
            if control.ident and not control.over:
                raise_in(control.ident)

    # -------------------------------------------------------------- frames
    def _do(self, head: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        self._windows.forget(head.get("gone", []))
        if head["c"] == "open":
            self._opened(head)
        elif head["c"] == "job":
            self._job(head, buffers)
        elif head["c"] == "close":
            failed = [[name, failure_to_json(told)] for name, told in self._bench.close(head["key"])]
            self._log.flush()
            self._send({"f": "closed", "failed": failed, "held": self._windows.held()})

    def _opened(self, head: Mapping[str, Any]) -> None:
        cells = self._windows.at(head["cells"]).memory[: 8 * int(head["count"])].cast("q")
        try:
            self._bench.open(
                head["key"],
                head["run"],
                head["text"],
                head["path"],
                head["function"],
                cells,
                cache=bool(head.get("cache")),
                modules=head["modules"] or None,
            )
        except LoadError as error:
            self._send({"f": "opened", "failed": failure_to_json(error.failure)})
        except PlanError as error:
            self._send({"f": "opened", "failed": failure_to_json(failure(error.node, error, line=error.line))})
        else:
            self._send({"f": "opened"})

    def _job(self, head: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        self._room = list(head["room"])
        parcels: dict[str, Any] = {}
        parts: list[Any] = []

        def take(name: str, value: Any) -> None:
            parcels[name] = wrap(value, parts, self._place)

        def value_of(parcel: Mapping[str, Any]) -> Any:
            return unwrap(parcel, buffers, bytes, self._windows.look)

        given = {name: value_of(parcel) for name, parcel in head["given"].items()}
        literals = [(statement, key, value_of(parcel)) for statement, key, parcel in head["literals"]]
        answer = self._bench.call(
            head["key"], head["function"], head["items"], given, literals, head["wanted"], take, head["shown"]
        )
        given.clear()
        literals.clear()
        self._flush()
        told: dict[str, Any] = {"f": "done", "values": parcels}
        if answer.failed is not None:
            told = {"f": "failed", "cell": answer.cell, "failure": failure_to_json(answer.failed)}
        elif answer.stopped:
            told = {"f": "stopped"}
        if answer.notes:
            told["notes"] = answer.notes
        self._send({**told, "held": self._windows.held()}, parts if "values" in told else [])

    def _place(self, part: memoryview) -> Where:
        """Find a place for a big buffer of a result: where it lies already, or a slot."""
        size = part.nbytes
        found = self._windows.place_of(address_of(part), size)
        if found is not None:
            return [*found, size]
        fit = next((slot for slot in self._room if slot[1] >= size), None)
        if fit is None:
            self._send({"f": "room", "size": size})
            head, _ = read_frame(self._stream)
            fit = head["room"]
        else:
            self._room.remove(fit)
        name = str(fit[0])
        self._windows.at(name).memory[:size] = part.cast("B")
        return [name, 0, size]

    def _send(self, head: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
        with self._sending:
            self._sock.sendall(pack(head, list(buffers)))

    def _line(self, line: LogLine) -> None:
        self._send({"f": "line", "node": line.node, "level": line.level, "text": line.text})

    def _print(self, stream: str, node: str, level: str, text: str) -> None:
        self._send({"f": "line", "node": node, "level": level, "text": text, "printed": stream})

    def _flush(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self._log.flush()

    def listen(self) -> None:
        """Take what nodes print."""
        sys.stdout = Voice("info", calling, partial(self._print, "stdout"), sys.stdout)
        sys.stderr = Voice("warning", calling, partial(self._print, "stderr"), sys.stderr)


def main() -> None:
    """Serve the engine that started this process, until it is gone."""
    hello = json.loads(sys.argv[1])
    heed(lambda: None)  # Ctrl+C in the terminal, and the end of a service, are the engine's business
    faulthandler.enable()
    die_with(int(hello["parent"]))
    _keep_memory()
    sys.path[:] = [str(entry) for entry in hello["path"]]
    orders = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)  # what C libraries print must not be lost in a pipe that nobody reads
    if "socket" in hello:
        sock = socket.socket(fileno=int(hello["socket"]))
    else:
        size = int.from_bytes(os.read(orders, 4), "little")
        sock = cast(Any, socket).fromshare(os.read(orders, size))
    os.set_inheritable(sock.fileno(), False)
    worker = Worker(sock)
    worker.listen()
    threading.Thread(target=_obey, args=(orders, worker), name="flodesk orders", daemon=True).start()
    worker.serve()
    # threads of nodes must not keep the process
    os._exit(0)


def _keep_memory() -> None:
    """Have the C library keep what is freed: a result of 8 MB made of fresh pages costs five times its computing.

    Of glibc alone; up to 32 MB a piece, 256 MB together.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, 1 << 25)
        mallopt(_M_TRIM_THRESHOLD, 1 << 28)


def _obey(orders: int, worker: Worker) -> None:
    while said := os.read(orders, 1):
        worker.interrupt(said)
    os._exit(0)  # the engine is gone, whatever a node is doing


if __name__ == "__main__":
    main()

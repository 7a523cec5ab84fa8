"""Instruments to test with: a real TCP server that speaks a little SCPI, and the description of simulated ones."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SIMULATED = Path(__file__).parents[2] / "resources" / "examples" / "voltmeter.yaml"
ADDRESS = f"TCPIP0::voltmeter::inst0::INSTR {SIMULATED}@sim"


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            command = line.decode().strip()
            if command.startswith("ECHO? "):
                reply = command[6:]
            elif command.startswith("SLOW? "):
                seconds, _, reply = command[6:].partition(" ")
                time.sleep(float(seconds))
            elif command == "BYE?":
                return
            elif command == "DEAF?":
                continue
            else:
                reply = "1.25"
            try:
                self.wfile.write(reply.encode() + b"\n")
            except OSError:
                return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.seen: list[socket.socket] = []

    def process_request(self, request, client_address) -> None:
        self.seen.append(request)
        super().process_request(request, client_address)


@contextmanager
def voltmeter() -> Iterator[str]:
    """Run an instrument on TCP; give its address."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"TCPIP0::127.0.0.1::{server.server_address[1]}::SOCKET @py"
    finally:
        server.shutdown()
        for connection in server.seen:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        server.server_close()
        thread.join()

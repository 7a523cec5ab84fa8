"""Twelve callers and a server on this machine: the squares, by the engine and by plain Python."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys

import pytest

from flodesk.engine.headless import run

SQUARES = [1.0, 4.0, 9.0, 16.0, 25.0, 36.0, 49.0, 64.0, 81.0, 100.0, 121.0, 144.0]


@pytest.fixture
def text(examples) -> str:
    return (examples / "echoes.py").read_text(encoding="utf-8")


def test_every_caller_hears_its_square(text):
    result = run(text, keep_values=True)
    assert result.reason == "succeeded", result.message
    assert result.values["flow.all_squares"] == SQUARES
    assert result.values["flow.answer"] == (144.0, 3)
    assert result.indicators["flow.heard"].text == "12 squared is 144"
    assert result.indicators["flow.curve"].traces[0].y.tolist() == SQUARES
    assert result.indicators["flow.length"].value == 3
    with pytest.raises(OSError, match="refused"):  # the server has gone with its loop
        socket.create_connection(("127.0.0.1", result.values["flow.port"]), timeout=2)


def test_plain_python_gives_the_same(text):
    space = {"__name__": "plain"}
    exec(compile(text, "echoes.py", "exec"), space)

    async def asked():
        return [(await space["ask"](caller, port)).square async for caller, port in space["callers"](number=12)]

    assert asyncio.run(asked()) == SQUARES


def test_python_and_flodesk_run_print_the_same(examples):
    path = str(examples / "echoes.py")
    said = [
        subprocess.run([sys.executable, *how, path], capture_output=True, text=True, check=True, timeout=60).stdout
        for how in ([], ["-m", "flodesk", "run"])
    ]
    assert said[0] == said[1]
    assert "12 squared is 144" in said[0]

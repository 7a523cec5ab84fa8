"""Runs an example as the plain script that it is, and looks at its variables while it runs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from flodesk.public import PlainContext, context, enter_context

EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"


class _Enough(Exception):
    pass


class Watch(PlainContext):
    """A context that notes the flow's variables after each turn instead of waiting for the next."""

    def __init__(self, folder: Path, turns: int, connections: dict[str, str]) -> None:
        self.folder = folder
        self.left = turns
        self.connections = connections
        self.turns: list[dict[str, Any]] = []

    def path(self, name: str | Path) -> Path:
        return self.folder / name

    def connection(self, name: str) -> str:
        return self.connections.get(name, name)

    def sleep(self, seconds: float) -> None:
        self._turn()

    def check(self) -> None:
        pass

    def _turn(self) -> None:
        frame = sys._getframe()
        while frame.f_code.co_name != "flow":
            frame = frame.f_back
        self.turns.append(dict(frame.f_locals))
        self.left -= 1
        if self.left <= 0:
            raise _Enough


def load(text: str, name: str) -> ModuleType:
    module = ModuleType(name)
    exec(compile(text, f"{name}.py", "exec"), module.__dict__)
    return module


@pytest.fixture
def run_plainly(tmp_path) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Give a function that runs an example and returns its variables, turn by turn; for a straight flow once."""
    before = context()

    def run(name: str, turns: int = 1, change: tuple[str, str] = ("", ""), connections: dict[str, str] | None = None):
        text = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
        assert change[0] in text
        module = load(text.replace(*change) if change[0] else text, name)
        for data in EXAMPLES.glob("*.csv"):  # an example may write beside what it reads
            shutil.copy(data, tmp_path)
        watch = Watch(tmp_path, turns, connections or {})
        enter_context(watch)
        last: dict[str, Any] = {}

        def at_return(frame, event, value):
            if event == "return" and frame.f_code is module.flow.__code__:
                last.update(frame.f_locals)

        sys.setprofile(at_return)
        try:
            module.flow()
        except _Enough:
            return watch.turns
        finally:
            sys.setprofile(None)
            for thing in last.values():
                if hasattr(thing, "close"):
                    thing.close()
        return [last]

    yield run
    enter_context(before)


@pytest.fixture
def examples() -> Path:
    return EXAMPLES

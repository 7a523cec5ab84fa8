"""The pytest plugin: a flow beside which stands what is expected of it (``flow.expected.json``) is a test.

Nothing of the engine is imported before a flow is run: pytest loads this module in every run of a project that has
flodesk installed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

ENDING = ".expected.json"


class _DiffersError(Exception):
    """The flow did not give what is expected of it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class FlowFile(pytest.File):
    """The file that says what a flow is expected to give."""

    def collect(self) -> Iterable[pytest.Item]:
        """Give the one test that it is."""
        yield FlowItem.from_parent(self, name=self.path.name.removesuffix(ENDING))


class FlowItem(pytest.Item):
    """A flow that is a test."""

    def runtest(self) -> None:
        """Run it in a process of its own."""
        from flodesk.engine.expected.trial import try_flow

        trial = try_flow(self.path.with_name(f"{self.name}.py"))
        if not trial.passed:
            raise _DiffersError(trial.message)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Name the first node that differs instead of a traceback through pytest."""
        if isinstance(excinfo.value, _DiffersError):
            return excinfo.value.message
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return what pytest writes above a failure."""
        return self.path, None, f"flow {self.name}"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect what is expected of flows."""
    return FlowFile.from_parent(parent, path=file_path) if file_path.name.endswith(ENDING) else None

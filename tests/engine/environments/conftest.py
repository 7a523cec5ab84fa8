"""Two environments that differ."""

from __future__ import annotations

from typing import Any

import pytest

from flodesk.engine.environments.environment import Environment
from flodesk.engine.environments.making import create
from flodesk.engine.environments.planning import install, plan
from flodesk.engine.environments.work import Work
from flodesk.engine.places.server.server_address import VARIABLE

MODULE = "def version() -> str:\n    return __version__\n"


@pytest.fixture
def two(shelf: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Environment, Environment]:
    """Two environments with two versions of a package."""
    monkeypatch.delenv(VARIABLE, raising=False)
    made = []
    for name, version in (("first", "1.0"), ("second", "2.0")):
        shelf.wheel("flo_tiny", version, MODULE)
        environment = create(name, Work())
        install(environment, plan(environment, [f"flo_tiny=={version}"], Work()), Work())
        made.append(environment)
    return made[0], made[1]

"""What is awaited may be given by a task at home: it goes on while the node that waits for it is elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flodesk.engine.headless import run
from flodesk.engine.limits import Limits

ECHOES = Path(__file__).resolve().parents[3] / "resources" / "examples" / "echoes.py"
SQUARES = [float(number * number) for number in range(1, 13)]
LIMITS = Limits(timeout=90)


def test_a_node_in_a_process_is_answered_by_a_server_at_home() -> None:
    text = ECHOES.read_text(encoding="utf-8")
    placed = text.replace("# ///\nimport", '# [tool.flodesk.places.flow]\n# answer = "process"\n# ///\nimport', 1)
    placed = placed.replace('# ///\n"""', '# [tool.flodesk.places.flow]\n# answer = "process"\n# ///\n"""', 1)
    assert placed != text
    placed = placed.replace("Answer(float(said), len(said))", "Answer(float(said), os.getpid())")
    result = run(placed.replace("import asyncio\n", "import asyncio\nimport os\n", 1), limits=LIMITS, keep_values=True)
    assert result.values["flow.all_squares"] == SQUARES, result.message
    assert result.values["flow.answer"].letters != os.getpid(), "it was in a process of its own"


@pytest.mark.parametrize("place", ["process"])
def test_what_is_awaited_stays_with_what_it_awaits_where_nothing_is_said(place: str) -> None:
    text = (
        ECHOES.read_text(encoding="utf-8")
        .replace("len(said))", "os.getpid())")
        .replace("asyncio\n", "asyncio\nimport os\n", 1)
    )
    result = run(text, limits=LIMITS, keep_values=True, place=place)
    assert result.values["flow.all_squares"] == SQUARES, result.message
    assert result.values["flow.answer"].letters == os.getpid()

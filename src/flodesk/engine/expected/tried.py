"""The process in which a flow that is a test is run: ``python -m flodesk.engine.expected.tried FLOW VERDICT``."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

from flodesk.engine.expected.judging import judge
from flodesk.engine.remains import end_others
from flodesk.engine.writable import json_of


def _judge(flow: str, told: str) -> None:
    """Run a flow in this process and write down how that went."""
    new = Path(told + ".new")
    new.write_text(json_of(asdict(judge(Path(flow)))), encoding="utf-8")
    new.replace(told)
    end_others()
    os._exit(0)  # a node's thread that does not end holds nothing up


if __name__ == "__main__":
    _judge(*sys.argv[1:])

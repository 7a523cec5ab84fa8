"""What can be typed next in a Python text: a process that is asked line by line, and answers with jedi.

A process of its own, since jedi reads whole libraries in pure Python: in a thread it would let the window wait for the
interpreter. A line of standard input is a question as JSON (``q``, ``text``, ``line`` from 1, ``column``, ``path``,
``folder``), a line of standard output its answer (``q``, ``found``: name and kind of each). It ends with its input.
"""

from __future__ import annotations

import json
import sys
from typing import Any

MOST = 60
"""So many are answered, those that fit best."""


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Return what fits at a place of a text; nothing where jedi cannot tell."""
    import jedi

    try:
        project = jedi.Project(question["folder"] or ".", load_unsafe_extensions=False)
        here = jedi.api.environment.InterpreterEnvironment()
        script = jedi.Script(question["text"], path=question["path"] or None, project=project, environment=here)
        found = script.complete(question["line"], question["column"])
        listed = [[one.name, one.type] for one in found if not one.name.startswith("__")][:MOST]
    except Exception:  # noqa: BLE001 - a text that is being typed: jedi may stumble over any of it
        listed = []
    return {"q": question["q"], "found": listed}


def main() -> None:
    """Answer until nothing more is asked."""
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()

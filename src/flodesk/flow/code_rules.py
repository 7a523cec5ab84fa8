"""Rules on code nodes: what a statement kept to the letter may hold."""

from __future__ import annotations

from functools import lru_cache

from flodesk.flow.binding_rules import Report
from flodesk.flow.jumps import needs_loop, yields
from flodesk.flow.model import Code
from flodesk.flow.names import Names
from flodesk.flow.problem import quoted
from flodesk.flow.script.names import kept_names, nonlocal_names, outer_names
from flodesk.flow.syntax import parse_tree

_INTO_A_FUNCTION = "Put the code into a function of the file, and call that."


def check_code(code: Code, place: int, names: Names, report: Report) -> None:
    """Report what a code node holds that a script would do in another way than the engine.

    Parameters
    ----------
    place : int
        Its number among the statements of the function that it stands in.
    names : Names
        Those of that function.
    """
    outer, kept, changed = _names_in(code.text)
    if changed:
        report(
            "not-yet", code,
            f"{quoted(code.id)} makes a function that gives {' and '.join(map(quoted, sorted(changed)))} another value "
            "when it is called: the flow would not see it.",
            "Put what the function changes into an object, or the code into a function of the file.",
        )  # fmt: skip
    if yields(code.text):
        report(
            "not-yet", code,
            f"{quoted(code.id)} holds a yield: in a script that makes the whole flow a generator, which nobody runs.",
            _INTO_A_FUNCTION,
        )  # fmt: skip
    if code.leaves and not names.standings[place].loops and needs_loop(code.text):
        report(
            "no-loop", code,
            f"{quoted(code.id)} ends a loop or its turn, and stands in none.",
            "Move it into the body of a loop, or write return.",
        )  # fmt: skip
    if outer:
        report(
            "not-yet", code,
            f"{quoted(code.id)} declares {' and '.join(map(quoted, sorted(outer)))} global: that cannot run in a flow "
            "yet.",
            _INTO_A_FUNCTION,
        )  # fmt: skip
    if not kept:
        return
    for name in sorted(kept):
        before = _binds(names, name, 0, place) or name in names.parameters
        if before and _binds(names, name, place + 1, len(names.standings)):
            report(
                "not-yet", code,
                f"{quoted(code.id)} makes a function of {quoted(name)}, which gets another value further down: the "
                "function would not see it in a flow.",
                f"Hand {quoted(name)} to the function as an argument where it is called.",
            )  # fmt: skip


@lru_cache(maxsize=4096)
def _names_in(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the names that code declares global, those its functions read when called, and those they bind anew."""
    body = parse_tree(text).body
    return outer_names(body), kept_names(body), nonlocal_names(body)


def _binds(names: Names, name: str, first: int, end: int) -> bool:
    """Return whether one of these statements, by their place in the function, gives a name its value."""
    inside = {id(standing.statement) for standing in names.standings[first:end]}
    return any(id(standing.statement) in inside for standing in names.bound.get(name, ()))

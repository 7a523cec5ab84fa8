"""What the tables of a command are printed on: nothing is folded where there is no terminal, for who cuts and greps."""

from __future__ import annotations

from rich.console import Console

ALL_OF_IT = 10_000
"""Columns where there is no terminal."""


class _Piped(Console):
    """Leaves a reader that went away to whoever runs the command, as for all else that is printed."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704 - it is called where that was caught


def unfolded(*, stderr: bool = False, highlight: bool = True) -> Console:
    """Return what to print on: as wide as the terminal, and as wide as it takes where there is none."""
    console = _Piped(stderr=stderr, highlight=highlight)
    return console if console.is_terminal else _Piped(stderr=stderr, highlight=highlight, width=ALL_OF_IT)

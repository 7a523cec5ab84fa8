"""How often a loop has turned, and how fast, in words: what the line above its producer says."""

from __future__ import annotations

_SPACE = "\u202f"


def number(count: float) -> str:
    """Write a number with its thousands apart."""
    return f"{count:,.0f}".replace(",", _SPACE)


def rate_words(rate: float) -> str:
    """Say how often in a second, or in a minute, in two figures: so the last one does not flicker."""
    if rate <= 0:
        return ""
    if rate < 0.95:
        return f"{number(max(1.0, rate * 60))}/min"
    if rate < 9.95:
        return f"{rate:.1f}/s"
    unit = 10.0 ** max(0, len(str(int(rate))) - 2)
    return f"{number(round(rate / unit) * unit)}/s"


def live_words(turns: int, rate: float) -> str:
    """Say which turn a loop is in, and how fast it turns."""
    return " · ".join(filter(None, (f"turn {number(turns)}", rate_words(rate))))


def end_words(turns: int, took: str) -> str:
    """Say how many turns a loop has made; without a time, in all of its rounds."""
    return f"{number(turns)} turn{'' if turns == 1 else 's'} {f'in {took}' if took else 'in all'}"

"""What an example needs and is not there: what is there needs no word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version

from flodesk.engine.environments.environment import normal
from flodesk.engine.environments.requirements import is_met, parsed, without_flodesk


def lacks(needs: Iterable[str]) -> tuple[str, ...]:
    """Return the packages of some requirements that flodesk's own Python does not have, those of its extras by name."""
    wanted = [one for one in map(parsed, without_flodesk(needs)) if one is not None]
    return tuple(one.name for one in wanted if not is_met(one, _there(one.name)))


def _there(name: str) -> Mapping[str, str]:
    try:
        return {normal(name): version(name)}
    except PackageNotFoundError:
        return {}


__all__ = ["lacks"]

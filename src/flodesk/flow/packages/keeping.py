"""What was read of a module, kept on disk: the second time nothing of the package is opened."""

from __future__ import annotations

from flodesk.flow.described_on_disk import Described, keep, kept
from flodesk.flow.packages.finding import Finder
from flodesk.flow.packages.reading import Reading
from flodesk.flow.spec import NodeSpec

_HIDDEN = "hidden"


def kept_reading(module: str, finder: Finder) -> Reading | None:
    """Return what was kept of a module, as long as its files are the same; None if there is nothing."""
    described = kept(_subject(module, finder))
    if described is None:
        return None
    hidden = {path: described.specs.get(path) for path, what in described.broken.items() if what == _HIDDEN}
    specs = {path: spec for path, spec in described.specs.items() if path not in hidden}
    return Reading(module, specs, hidden)


def keep_reading(reading: Reading, finder: Finder) -> None:
    """Keep what was read of a module."""
    stubs = {path: spec for path, spec in reading.hidden.items() if spec is not None}
    described = Described({**reading.specs, **stubs}, dict.fromkeys(reading.hidden, _HIDDEN))
    if reading.stamps:
        keep(_subject(reading.module, finder), reading.stamps, described)


def kept_live(module: str, finder: Finder) -> dict[str, NodeSpec] | None:
    """Return what an import of a module has told, as long as its files are the same; None if there is nothing."""
    described = kept(f"{_subject(module, finder)} imported")
    return dict(described.specs) if described is not None else None


def keep_live(reading: Reading, specs: dict[str, NodeSpec], finder: Finder) -> None:
    """Keep what an import of a module has told, beside what was read of it."""
    keep(f"{_subject(reading.module, finder)} imported", reading.stamps, Described(specs))


def _subject(module: str, finder: Finder) -> str:
    """Name a module and its place: two environments, and two versions side by side, have one of that name."""
    place = finder.find(module)
    where = "" if place is None else str(place.text or place.stub or next(iter(place.inside), ""))
    return f"package {module} at {where}"


__all__ = ["keep_live", "keep_reading", "kept_live", "kept_reading"]

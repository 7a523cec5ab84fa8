"""The places by their names, made when a flow first needs them and kept over runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from flodesk.engine.errors import PlanError, one_line
from flodesk.engine.places.elsewhere import QUEUED, Elsewhere, kind_of, places_of
from flodesk.engine.places.processes.process import ProcessPlace
from flodesk.engine.places.protocol import Place, Say
from flodesk.engine.plan import Plan
from flodesk.flow.changed_elsewhere import HINT, changed_elsewhere
from flodesk.flow.place_rules import GROUP, LOCAL, known_places


def _dask(settings: Mapping[str, Any], folder: str) -> Place:
    """Make the place `dask`, whose packages are imported when a flow first needs it."""
    try:
        found: Any = import_module("flodesk.engine.places.dask.dask_place")
    except ModuleNotFoundError as error:
        raise LookupError(f"it needs the package {error.name}: pip install 'flodesk[dask]'") from error
    made: Place = found.DaskPlace(settings, folder)
    return made


def _rq(settings: Mapping[str, Any], folder: str, queue: str = "") -> Place:
    """Make the place `rq`, whose packages are imported when a flow first needs it."""
    try:
        found: Any = import_module("flodesk.engine.places.part.rq_place")
    except ModuleNotFoundError as error:
        raise LookupError(f"it needs the package {error.name}: pip install 'flodesk[redis]'") from error
    made: Place = found.RqPlace(settings, folder, queue)
    return made


_BUILT_IN: dict[str, Callable[[Mapping[str, Any], str], Place]] = {"process": ProcessPlace, "dask": _dask, "rq": _rq}


class Places:
    """The places of one engine."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[object, Place]] = {}
        self._lock = threading.Lock()

    def elsewhere(self, run: str, say: Say, default: str = LOCAL) -> Elsewhere:
        """Return what runs the nodes of one function of a run elsewhere, if it has any.

        Parameters
        ----------
        default : str
            Where all nodes run that can go there; a whole run on a queue (``rq``) is at home where it is.
        """
        return Elsewhere(self, run, say, LOCAL if default == "rq" else default)

    def place(self, name: str, plan: Plan) -> Place:
        """Return a place, made for the settings of a flow; one that was made for others is ended.

        Parameters
        ----------
        name : str
            As in the header; a queue of the place `rq` after a colon.

        Raises
        ------
        PlanError
            There is none of that name, or it cannot be had.
        """
        settings = plan.loaded.flow.header.settings.get(kind_of(name), {})
        settings = dict(settings) if isinstance(settings, Mapping) else {}
        file = str(plan.loaded.namespace.get("__file__", ""))
        folder = str(Path(file).parent.resolve()) if file else ""
        wanted = (settings, folder)
        with self._lock:
            made = self._made.get(name)
            if made is not None and made[0] == wanted:
                return made[1]
            try:
                place = _factory(name)(settings, folder)
            except Exception as error:
                # a pack's own place is foreign code
                raise PlanError("", f"the place “{name}” cannot be had: {one_line(error)}") from error
            if made is not None:
                made[1].close()  # after the new one was made: what both have in common, as a cluster, need not end
            self._made[name] = wanted, place
            return place

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            made, self._made = self._made, {}
        for _, place in made.values():
            place.close()


def _factory(name: str) -> Callable[[Mapping[str, Any], str], Place]:
    if name.startswith(f"{QUEUED}:"):
        return partial(_rq, queue=name.partition(":")[2])
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    for entry in entry_points(group=GROUP, name=name):
        found: Callable[[Mapping[str, Any], str], Place] = entry.load()
        return found
    raise LookupError(f"nothing that is installed has a place of that name; there are {', '.join(known_places())}")


def check_places(plan: Plan) -> None:
    """Find out before a run whether its nodes can run where they should.

    Raises
    ------
    PlanError
        One cannot: the node and the reason are named.
    """
    for part in (plan, *plan.inner.values()):
        wanted = places_of(part, inside=part is not plan)
        known = known_places() if wanted else ()
        for name, place in wanted.items():
            if kind_of(place) not in known:
                said = f"there is no place “{place}”; there are {', '.join(known)}"
                raise PlanError(part.node(part.items[name]), said, part.items[name].line)
        if wanted:
            for name, said in changed_elsewhere(part.source, part.in_place, wanted):
                raise PlanError(part.node(part.items[name]), f"{said} {HINT}", part.items[name].line)

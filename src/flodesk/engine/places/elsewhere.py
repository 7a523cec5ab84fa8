"""Which nodes of a running function run elsewhere, and where: what its header says, as steps of its plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

from flodesk.engine.calls import Slots
from flodesk.engine.errors import PlanError
from flodesk.engine.live import SwapError
from flodesk.engine.places.protocol import ElsewhereError, Opened, Place, Say
from flodesk.engine.places.roaming import Roaming
from flodesk.engine.places.seats import Runs, Seats
from flodesk.engine.places.spread import stretch_of
from flodesk.engine.places.stretch import Stretch
from flodesk.engine.places.travel import stays
from flodesk.engine.plan import Item, Plan
from flodesk.flow.place_rules import queue_of
from flodesk.flow.script import toml

LOCAL = "local"
QUEUED = "rq"
"""The place whose nodes may each have a queue of their own: what is on another queue is in another place."""


class Known(Protocol):
    """What knows the places by their names."""

    def place(self, name: str, plan: Plan) -> Place:
        """Return a place, made for the settings of a flow."""


class Elsewhere:
    """The part of one running function that runs elsewhere.

    Parameters
    ----------
    known : Known, optional
        Gives the places; without it everything runs here.
    run : str
        Names the run.
    default : str
        The place of all nodes that can go there and of which the header says nothing.
    """

    def __init__(
        self,
        known: Known | None = None,
        run: str = "",
        say: Say = lambda node, level, text: None,
        default: str = LOCAL,
    ) -> None:
        self._known = known
        self._run = run
        self._default = default
        self._say = say
        self._plan: Plan | None = None
        self._places: dict[str, dict[str, str]] = {}
        self._seats: dict[str, Seats] = {}
        self._cached = False

    def follow(self, plan: Plan) -> None:
        """Speak of another plan from now on; the objects elsewhere stay, by the name of their variable.

        Raises
        ------
        SwapError
            An object would have to go to another place.
        """
        before, self._plan = self._plan, plan
        if self._known is not None:
            old = self._places.get(plan.function, {})
            default = self._default
            found = {inner.function: places_of(inner, inside=True, default=default) for inner in plan.inner.values()}
            found[plan.function] = places_of(plan, default=default)
            self._places = {function: places for function, places in found.items() if places}
            new = found[plan.function]
            for item in plan.items.values():
                if before is not None and plan.loops and stays(plan, item) and old.get(item.id) != new.get(item.id):
                    raise SwapError(f"{item.id} runs in another place now")
            for seats in self._seats.values():
                seats.follow()

    def place_of(self, plan: Plan, item: Item) -> str:
        """Return the name of the place that an item runs in."""
        return self._places.get(plan.function, {}).get(item.id, LOCAL)

    def groups(self, plan: Plan, items: Sequence[Item]) -> list[tuple[str, list[Item]]]:
        """Cut the items of a block into neighbours that have the same place.

        A mapped call is alone, so that its items may go to all workers; not where its neighbours were sent to the place
        with it by name: what goes from one to the other may be of a kind that cannot travel.
        """
        places = self._places.get(plan.function)
        if not places:
            return [(LOCAL, list(items))]
        named = places_of(plan, inside=True) if self._default != LOCAL and any(item.mapped for item in items) else {}
        groups: list[tuple[str, list[Item]]] = []
        cut = True
        for item in items:
            place = places.get(item.id, LOCAL)
            alone = item.mapped and self._default == place != LOCAL and item.id not in named
            if cut or alone or groups[-1][0] != place:
                groups.append((place, []))
            groups[-1][1].append(item)
            cut = alone
        return groups

    def step(
        self, runner: Runs, plan: Plan, name: str, items: Sequence[Item], kept: AbstractSet[int], drop: bool
    ) -> tuple[Stretch, int, int, int, int, tuple[int, ...]]:
        """Return the step that runs neighbours at a place; `plan` is that of their own function."""
        assert self._known is not None
        self._cached = self._cached or runner.memory is not None
        seats = self._seats.get(name)
        if seats is None:
            seats = self._seats[name] = Seats(name, self._known.place(name, runner.plan), self._opened)
        dead = {slot for item in items for slot in item.drops if slot not in kept} if drop else set()
        stay = self._staying(runner, plan, items)
        stretch = stretch_of(runner, plan, seats, items, frozenset(dead), stay)
        return stretch, -1, -1, plan.trash, items[0].cell, tuple(dead)

    def _staying(self, runner: Runs, plan: Plan, items: Sequence[Item]) -> Callable[[Slots], None] | None:
        """Return what runs items here after all, if nobody has said that they run elsewhere."""
        if self._default == LOCAL or any(item.id in places_of(plan) for item in items):
            return None
        steps: list[Any] = []

        def stay(slots: Slots) -> None:
            if not steps:
                steps.extend(step for item in items for step in runner.item_steps(plan, item, frozenset(), False))
            runner.run_steps(steps, slots)

        return stay

    def _opened(self) -> Opened:
        plan = self._plan
        assert plan is not None
        path = str(plan.loaded.namespace.get("__file__", ""))
        cells = (plan.whole or plan).cells  # elsewhere the text is compiled, all of it
        modules = str(plan.loaded.folder or "") if plan.loaded.read.travelled else ""
        return Opened(self._run, plan.function, plan.loaded.text, path, cells, self._say, self._cached, modules)

    def close(self) -> Iterator[tuple[str, BaseException]]:
        """Close the objects elsewhere; gives those that failed."""
        for seats in self._seats.values():
            for name, failed in seats.close():
                yield name, ElsewhereError(failed)


def places_of(plan: Plan, *, inside: bool = False, default: str = LOCAL) -> dict[str, str]:
    """Return the place of each item that runs elsewhere: as the header says, calls of an object where it was made.

    Parameters
    ----------
    inside : bool
        It is the plan of a subflow.
    default : str
        The place of what can go there and of which the header says nothing.

    Raises
    ------
    PlanError
        Something of it cannot run there.
    """
    table = plan.loaded.flow.header.settings.get("places", {})
    wanted = table.get(plan.function, {}) if isinstance(table, Mapping) else {}
    if not isinstance(wanted, Mapping):
        wanted = {}
    found: dict[str, str] = {}
    for name, place in wanted.items():
        item = plan.items.get(name)
        if item is None or place == LOCAL:
            continue
        if item.kind not in ("call", "make", "use", "code"):
            raise _refused(plan, item, f"a {item.kind} cannot run in another place: only calls and code can")
        if inside and stays(plan, item):
            said = f"an object of a subflow stays where the call of it runs: give the call of {plan.function} the place"
            raise _refused(plan, item, said)
        found[name] = _on_queue(plan, name, toml.said(place))
    homes = {name: item for item in plan.items.values() if stays(plan, item) for name in item.binds}
    for item in plan.items.values():
        maker = homes.get(item.owner)
        if item.kind == "use" and maker is not None:
            home = found.get(maker.id, LOCAL)
            if kind_of(found.get(item.id, home)) != kind_of(home):
                raise _refused(plan, item, f"“{item.owner}” is made in the place {home}, and is called there")
            if home != LOCAL:
                found[item.id] = home
        for name in item.head & homes.keys() - item.binds:
            home, here = found.get(homes[name].id, LOCAL), found.get(item.id, LOCAL)
            if home != here:
                said = f"“{name}” is an object that stays in the place {home}, but {item.id} runs in the place {here}"
                raise _refused(plan, item, f"{said}: give both one place")
    if default != LOCAL:
        table = plan.loaded.flow.header.settings.get("detached", {})
        aside = table.get(plan.function, {}) if isinstance(table, Mapping) else {}
        found |= dict.fromkeys(Roaming(plan).by_default({*wanted, *aside, *found}), default)
    return found


def kind_of(place: str) -> str:
    """Return the name that the header has for a place, without the queue of a node."""
    return place.partition(":")[0] if place.startswith(f"{QUEUED}:") else place


def _on_queue(plan: Plan, node: str, place: str) -> str:
    """Return a place with the queue that the header names for a node."""
    if place != QUEUED:
        return place
    queue = queue_of(plan.loaded.flow, plan.function, node)
    return f"{place}:{queue}" if queue else place


def _refused(plan: Plan, item: Item, message: str) -> PlanError:
    return PlanError(plan.node(item), message, item.line)

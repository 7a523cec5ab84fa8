"""The grounds of a canvas: those of the loops and of the arms of its ifs, each under the cards that stand in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from PySide6.QtWidgets import QGraphicsScene

from flodesk.flow.graph import Graph
from flodesk.ui.canvas.arm_item import ArmItem
from flodesk.ui.canvas.ground_item import Ground
from flodesk.ui.canvas.loop_item import LoopItem
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.regions import ARM_BAND, LOOP_BAND, Margin, Region, around, depth, margins

_WIDER = 16.0
"""How much wider than the band of what lies in it that of a ground is."""


class Grounds:
    """Keeps them as the picture has them, and rebuilds those alone that an edit or a drag has touched.

    Attributes
    ----------
    loops : by the id of the loop
    arms : by the id of the switch, and the number of the arm
    """

    def __init__(self, scene: QGraphicsScene, cards: Mapping[str, NodeItem]) -> None:
        self._scene = scene
        self._cards = cards
        self.loops: dict[str, LoopItem] = {}
        self.arms: dict[tuple[str, int], ArmItem] = {}
        self._items: dict[Region, Ground] = {}
        self._around: dict[str, tuple[Region, ...]] = {}
        self._members: dict[Region, list[tuple[str, Margin]]] = {}
        self._bands: dict[Region, float] = {}

    def show(self, graph: Graph, touched: Collection[str]) -> None:
        """Follow the picture; `touched` are the nodes that are others now, or have other wires, and those that went."""
        stale = {region for key in touched for region in self._around.get(key, ())}
        now = {key: around(graph.nodes[key], graph) for key in touched if key in graph.nodes}
        moved_in = any(self._around.get(key) != regions for key, regions in now.items())
        if moved_in or len(self._around) != len(graph.nodes):
            self._around = {key: now[key] if key in now else self._around[key] for key in graph.nodes}
            self._enter(graph)
        stale.update(region for regions in now.values() for region in regions)
        for key in touched:
            node = graph.nodes.get(key)
            if node is not None and node.kind == "switch":
                self._name(graph, key)
        self._rebuild(stale)

    def follow(self, moved: Iterable[NodeItem]) -> None:
        """Follow cards that moved."""
        self._rebuild({region for card in moved for region in self._around.get(card.id, ())})

    # -------------------------------------------------------------- inside
    def _enter(self, graph: Graph) -> None:
        """Take down who stands where, by the picture's order and not by that in which cards came."""
        members: dict[Region, list[tuple[str, Margin]]] = defaultdict(list)
        reaches = {regions: margins(regions) for regions in set(self._around.values())}
        inner: dict[Region, set[Region]] = defaultdict(set)
        for key, regions in self._around.items():
            reach = reaches[regions]
            for number, region in enumerate(regions):
                members[region].append((key, reach[region]))
                inner[region].update(regions[number + 1 : number + 2])
        self._members = dict(members)
        for region in [region for region in self._items if region not in members]:
            item = self._items.pop(region)
            self._scene.removeItem(item.label)
            self._scene.removeItem(item)
            self.loops.pop(region.owner, None) if not region.is_arm else self.arms.pop((region.owner, region.arm), None)
        self._bands = {}
        for region in sorted(members, key=lambda region: -depth(region, graph)):
            within = max((self._bands[one] + _WIDER for one in inner[region] if one.is_arm or region.is_arm), default=0)
            self._bands[region] = max(ARM_BAND if region.is_arm else LOOP_BAND, within)
            if region not in self._items:
                self._add(region)
                if region.is_arm:
                    self._name(graph, region.owner)
            self._items[region].set_depth(depth(region, graph))

    def _add(self, region: Region) -> None:
        if region.is_arm:
            item: Ground = self.arms.setdefault((region.owner, region.arm), ArmItem(region))
        else:
            item = self.loops.setdefault(region.owner, LoopItem(region))
        self._items[region] = item
        self._scene.addItem(item)
        self._scene.addItem(item.label)

    def _name(self, graph: Graph, switch: str) -> None:
        """Write the heads of a switch's arms on their grounds, as its card has them."""
        node = graph.nodes.get(switch)
        for port in node.outputs if node is not None else ():
            number = port.name.removeprefix("arm[").removesuffix("]")
            if number.isdigit() and (item := self.arms.get((switch, int(number)))) is not None:
                item.label.say(port.label)

    def _rebuild(self, regions: Iterable[Region]) -> None:
        for region in regions:
            if (item := self._items.get(region)) is not None:
                members = [(self._cards[key], more) for key, more in self._members[region] if key in self._cards]
                item.rebuild(members, self._bands[region])

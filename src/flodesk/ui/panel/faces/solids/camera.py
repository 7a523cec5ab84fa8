"""How places in a box are seen from a direction: turned, not in perspective, so that equal lengths stay equal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

HEIGHT = 0.62
"""Height of the box; its other edges are 1 long."""
CLOSEST, FARTHEST = 6.0, 0.5
FIRST = (-55.0, 28.0)
"""The direction that something is seen from at first: degrees around, and above the ground."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A direction and a zoom.

    Attributes
    ----------
    azimuth, elevation : float
        Degrees around the upright axis, and above the ground.
    zoom : float
        1 shows all.
    """

    azimuth: float = FIRST[0]
    elevation: float = FIRST[1]
    zoom: float = 1.0

    def turned(self, around: float, up: float) -> Camera:
        """Return it turned by so many degrees; no further than straight from above or below."""
        azimuth = (self.azimuth + around + 180.0) % 360.0 - 180.0
        return Camera(azimuth, min(max(self.elevation + up, -90.0), 90.0), self.zoom)

    def zoomed(self, factor: float) -> Camera:
        """Return it nearer by a factor."""
        return Camera(self.azimuth, self.elevation, min(max(self.zoom * factor, FARTHEST), CLOSEST))

    def project(self, x: Any, y: Any, z: Any) -> tuple[Any, Any, Any]:
        """Return how far right, how far up and how far away places of the box are, from its middle."""
        around, up = math.radians(self.azimuth), math.radians(self.elevation)
        right = x * math.cos(around) + y * math.sin(around)
        away = y * math.cos(around) - x * math.sin(around)
        return right, z * math.cos(up) + away * math.sin(up), away * math.cos(up) - z * math.sin(up)

    @property
    def far_side(self) -> tuple[float, float]:
        """The places of the two walls that are behind everything: x and y, each −0.5 or 0.5."""
        around = math.radians(self.azimuth)
        return (0.5 if -math.sin(around) >= 0 else -0.5), (0.5 if math.cos(around) >= 0 else -0.5)

    @property
    def reach(self) -> tuple[float, float]:
        """How far right and up the box reaches from its middle."""
        corners = [self.project(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-HEIGHT / 2, HEIGHT / 2)]
        return max(corner[0] for corner in corners), max(corner[1] for corner in corners)

"""Searches for the lowest place of a formula that go a step each turn: by swarms, by breeding, by chance."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes._formula import read
from flodesk.public import Array, Range

RASTRIGIN = "20 + x^2 + y^2 - 10 * (cos(2 * pi * x) + cos(2 * pi * y))"
"""A hilly function with its one best place at x = y = 0, where it is 0 (L. A. Rastrigin, 1974)."""


class Stage(NamedTuple):
    """How far a search is."""

    point: Array
    value: float
    places: Array


class _Search:
    """What the searches that go a step each turn have in common: a formula, its variables, and a box."""

    def __init__(self, formula: str, lower: float, upper: float, number: int, seed: int) -> None:
        import numpy

        if not lower < upper:
            raise ValueError(f"the lower limit {lower:g} is not below the upper one {upper:g}: swap them")
        self._asked = read(formula)
        if not self._asked.names:
            raise ValueError(f"{formula!r} has no variable: there is nothing to search")
        self._lower, self._upper = lower, upper
        self._draw = numpy.random.default_rng(seed)
        self._places = self._draw.uniform(lower, upper, (number, len(self._asked.names)))
        self._heights = self._measured(self._places)

    def _measured(self, places: Array) -> Array:
        """Return the formula at each place, shape (places,)."""
        import numpy

        columns = dict(zip(self._asked.names, places.T, strict=True))
        heights = numpy.asarray(self._asked.value(columns), dtype=float) + numpy.zeros(len(places))
        return numpy.where(numpy.isnan(heights), numpy.inf, heights)

    def _stage(self) -> Stage:
        best = int(self._heights.argmin())
        return Stage(self._places[best].copy(), float(self._heights[best]), self._places.copy())


class ParticleSwarm(_Search):
    """Search for the lowest place of a formula with a swarm: each particle is drawn to its own best and to that of all.

    Parameters
    ----------
    formula : str
        What is to be as small as possible; each name in it is a variable.
    lower, upper : float
        Limits of the search, of all variables and in their unit.
    particles : int
        Number of particles.
    seed : int
        Which random numbers (dimensionless).

    Raises
    ------
    ValueError
        The formula cannot be read or has no variable, the limits are not in order, or there are too few particles.

    Notes
    -----
    Reference: M. Clerc, J. Kennedy, The particle swarm, IEEE Trans. Evolutionary Computation 6 (2002) 58 (its
    constriction, 0.7298 and 1.4962).

    Examples
    --------
    >>> search = simulate.ParticleSwarm("x^2 + y^2", lower=-5.0, upper=5.0)
    >>> values = [search(turn).value for turn in range(100)]
    >>> values[99] < 1e-6 < values[0]
    True
    """

    def __init__(
        self,
        formula: str = RASTRIGIN,
        lower: float = -5.12,
        upper: float = 5.12,
        particles: Annotated[int, Range(2, 10000)] = 30,
        seed: Annotated[int, Range(0)] = 0,
    ) -> None:
        if particles < 2:
            raise ValueError(f"{particles} particle is no swarm: give 2 or more")
        super().__init__(formula, lower, upper, particles, seed)
        self._now = self._places.copy()
        self._speed = self._draw.uniform(-1.0, 1.0, self._places.shape) * 0.1 * (upper - lower)

    def __call__(self, trigger: object = None) -> Stage:
        """Go one step.

        Parameters
        ----------
        trigger : object, optional
            Whatever this is wired to decides when it goes on; the value plays no part.

        Returns
        -------
        point : Array
            The best place so far, in the units of the variables, shape (variables,), in the order of the formula.
        value : float
            The formula there, in its unit.
        places : Array
            Where the particles are, shape (particles, variables).
        """
        import numpy

        leader = self._places[self._heights.argmin()]
        own, common = self._draw.random((2, *self._now.shape))
        pull = own * (self._places - self._now) + common * (leader - self._now)
        self._speed = 0.7298 * self._speed + 1.4962 * pull
        self._now = numpy.clip(self._now + self._speed, self._lower, self._upper)
        heights = self._measured(self._now)
        better = heights < self._heights
        self._places[better], self._heights[better] = self._now[better], heights[better]
        best = self._stage()
        return Stage(best.point, best.value, self._now.copy())


class DifferentialEvolution(_Search):
    """Search for the lowest place of a formula by breeding: differences of places are added to others.

    Parameters
    ----------
    formula : str
        What is to be as small as possible; each name in it is a variable.
    lower, upper : float
        Limits of the search, of all variables and in their unit.
    members : int
        Number of members of the population.
    weight : float
        How much of a difference is added (dimensionless).
    crossing : float
        Share of the variables that a child takes from it (dimensionless).
    seed : int
        Which random numbers (dimensionless).

    Raises
    ------
    ValueError
        The formula cannot be read or has no variable, the limits are not in order, or there are too few members.

    Notes
    -----
    Reference: R. Storn, K. Price, Differential evolution, Journal of Global Optimization 11 (1997) 341 (DE/rand/1/bin).

    Examples
    --------
    >>> search = simulate.DifferentialEvolution("x^2 + y^2", lower=-5.0, upper=5.0)
    >>> values = [search(turn).value for turn in range(100)]
    >>> values[99] < 1e-6 < values[0]
    True
    """

    def __init__(
        self,
        formula: str = RASTRIGIN,
        lower: float = -5.12,
        upper: float = 5.12,
        members: Annotated[int, Range(4, 10000)] = 30,
        weight: Annotated[float, Range(0.0, 2.0)] = 0.6,
        crossing: Annotated[float, Range(0.0, 1.0)] = 0.9,
        seed: Annotated[int, Range(0)] = 0,
    ) -> None:
        if members < 4:
            raise ValueError(f"{members} members cannot breed: give 4 or more")
        super().__init__(formula, lower, upper, members, seed)
        self._weight, self._crossing = weight, crossing

    def __call__(self, trigger: object = None) -> Stage:
        """Breed one generation.

        Parameters
        ----------
        trigger : object, optional
            Whatever this is wired to decides when it goes on; the value plays no part.

        Returns
        -------
        point : Array
            The best place so far, in the units of the variables, shape (variables,), in the order of the formula.
        value : float
            The formula there, in its unit.
        places : Array
            Where the members are, shape (members, variables).
        """
        import numpy

        members, variables = self._places.shape
        others = numpy.array([self._draw.choice(members - 1, 3, replace=False) for _ in range(members)])
        others += others >= numpy.arange(members)[:, None]  # of all but the member itself
        first, second, third = (self._places[others[:, k]] for k in range(3))
        takes = self._draw.random((members, variables)) < self._crossing
        takes[numpy.arange(members), self._draw.integers(0, variables, members)] = True
        children = numpy.where(takes, first + self._weight * (second - third), self._places)
        children = numpy.clip(children, self._lower, self._upper)
        heights = self._measured(children)
        better = heights <= self._heights
        self._places[better], self._heights[better] = children[better], heights[better]
        return self._stage()


class Annealing(_Search):
    """Search for the lowest place of a formula by simulated annealing: jumps uphill get rarer as it cools.

    Parameters
    ----------
    formula : str
        What is to be as small as possible; each name in it is a variable.
    lower, upper : float
        Limits of the search, of all variables and in their unit.
    temperature : float
        How far uphill it goes at first, in the unit of the formula.
    cooling : float
        What the temperature is multiplied with at each step, below 1 (dimensionless).
    tries : int
        Number of jumps a step.
    seed : int
        Which random numbers (dimensionless).

    Raises
    ------
    ValueError
        The formula cannot be read or has no variable, the limits are not in order, or it does not cool.

    Notes
    -----
    Reference: S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi, Optimization by simulated annealing, Science 220 (1983) 671.

    Examples
    --------
    >>> search = simulate.Annealing("x^2 + y^2", lower=-5.0, upper=5.0)
    >>> values = [search(turn).value for turn in range(200)]
    >>> values[199] < 1e-3
    True
    """

    def __init__(
        self,
        formula: str = RASTRIGIN,
        lower: float = -5.12,
        upper: float = 5.12,
        temperature: Annotated[float, Range(0.0)] = 10.0,
        cooling: Annotated[float, Range(0.0, 1.0)] = 0.95,
        tries: Annotated[int, Range(1, 10000)] = 30,
        seed: Annotated[int, Range(0)] = 0,
    ) -> None:
        if not (temperature > 0.0 and 0.0 < cooling < 1.0 and tries >= 1):
            raise ValueError("the temperature must be above 0, cooling between 0 and 1, and tries 1 or more")
        super().__init__(formula, lower, upper, 1, seed)
        self._now, self._height = self._places[0].copy(), float(self._heights[0])
        self._first = self._temperature = temperature
        self._cooling, self._tries = cooling, tries

    def __call__(self, trigger: object = None) -> Stage:
        """Jump some times, and cool down.

        Parameters
        ----------
        trigger : object, optional
            Whatever this is wired to decides when it goes on; the value plays no part.

        Returns
        -------
        point : Array
            The best place so far, in the units of the variables, shape (variables,), in the order of the formula.
        value : float
            The formula there, in its unit.
        places : Array
            Where it is now, shape (1, variables).
        """
        import math

        import numpy

        reach = 0.3 * (self._upper - self._lower) * math.sqrt(self._temperature / self._first)
        for _ in range(self._tries):
            jump = self._now + reach * self._draw.standard_normal(self._now.shape)
            jump = numpy.clip(jump, self._lower, self._upper)
            height = float(self._measured(jump[None])[0])
            uphill = height - self._height
            if uphill <= 0.0 or self._draw.random() < math.exp(-uphill / self._temperature):
                self._now, self._height = jump, height
            if height < self._heights[0]:
                self._places[0], self._heights[0] = jump, height
        self._temperature = max(self._temperature * self._cooling, 1e-12 * self._first)
        best = self._stage()
        return Stage(best.point, best.value, self._now[None].copy())

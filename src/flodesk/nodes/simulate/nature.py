"""Models of nature: populations, oscillations, heat."""

from __future__ import annotations

from typing import Annotated, Literal

from flodesk.nodes._numbers import numbers
from flodesk.nodes.simulate.solving import solved
from flodesk.public import Array, Range, Signal, Unit, node

Seconds = Annotated[float, Unit("s"), Range(0.0)]
Points = Annotated[int, Range(2, 1_000_000)]
Rate = Annotated[float, Range(0.0)]
Diffusivity = Annotated[float, Unit("m²/s"), Range(0.0)]
Metres = Annotated[float, Unit("m"), Range(0.0)]


@node(
    title="Lotka-Volterra", tags=("predator prey", "population", "ecology", "limit cycle", "hares", "lynx"), pure=True
)
def lotka_volterra(
    prey: Rate = 10.0,
    predators: Rate = 5.0,
    alpha: Rate = 1.1,
    beta: Rate = 0.4,
    delta: Rate = 0.1,
    gamma: Rate = 0.4,
    duration: Seconds = 50.0,
    points: Points = 1001,
) -> Signal:
    """Let predators live on prey: x' = alpha x - beta x y, y' = delta x y - gamma y.

    Parameters
    ----------
    prey, predators : float
        How many there are at the start.
    alpha : float
        Growth of the prey, in 1 over the unit of time.
    beta : float
        How fast a predator eats, in 1 over the unit of time.
    delta : float
        How well predators grow on prey, in 1 over the unit of time.
    gamma : float
        How fast predators starve, in 1 over the unit of time.
    duration : float
        Length of time in s, which stands for any other unit of time.
    points : int
        Number of samples.

    Returns
    -------
    Waveform
        Prey and predators, shape (2, points).

    Raises
    ------
    ValueError
        The length makes no sense.

    Notes
    -----
    Reference: J. D. Murray, Mathematical Biology I, 3rd ed., 2002, section 3.1.

    Examples
    --------
    >>> simulate.lotka_volterra(prey=4.0, predators=2.75, duration=1.0, points=2).y.round(6)
    array([[4.  , 4.  ],
           [2.75, 2.75]])
    """
    return solved(
        lambda t, now: [alpha * now[0] - beta * now[0] * now[1], delta * now[0] * now[1] - gamma * now[1]],
        [prey, predators], duration, points,
    )  # fmt: skip


@node(tags=("swing", "nonlinear", "mechanics", "damped", "gravity"), pure=True)
def pendulum(
    angle: Annotated[float, Unit("rad")] = 1.0,
    length: Metres = 1.0,
    damping: Annotated[float, Unit("1/s"), Range(0.0)] = 0.0,
    gravity: Annotated[float, Unit("m/s²"), Range(0.0)] = 9.80665,
    duration: Seconds = 10.0,
    points: Points = 1001,
) -> Signal:
    """Let a pendulum swing, from rest and however far.

    Parameters
    ----------
    angle : float
        Where it is let go, in rad from below.
    length : float
        Its length in m.
    damping : float
        Loss of speed, in 1/s.
    gravity : float
        Acceleration of free fall, in m/s².
    duration : float
        Length of time in s.
    points : int
        Number of samples.

    Returns
    -------
    Waveform
        Angle in rad and angular speed in rad/s, shape (2, points).

    Raises
    ------
    ValueError
        The pendulum or the time has no length.

    Notes
    -----
    Reference: L. D. Landau, E. M. Lifshitz, Mechanics, 3rd ed., 1976, § 11.

    Examples
    --------
    >>> simulate.pendulum(angle=0.01, gravity=4 * np.pi**2, duration=1.0, points=3).y[0].round(4)
    array([ 0.01, -0.01,  0.01])
    """
    import math

    if not length > 0.0:
        raise ValueError(f"a pendulum of {length:g} m does not swing: give a length above 0 m")
    pull = gravity / length
    return solved(lambda t, now: [now[1], -pull * math.sin(now[0]) - damping * now[1]], [angle, 0.0], duration, points)


@node(tags=("mass spring damper", "vibration", "resonance", "harmonic", "suspension"), pure=True)
def oscillator(
    mass: Annotated[float, Unit("kg"), Range(0.0)] = 1.0,
    stiffness: Annotated[float, Unit("N/m"), Range(0.0)] = 100.0,
    damping: Annotated[float, Unit("N·s/m"), Range(0.0)] = 1.0,
    start: Annotated[float, Unit("m")] = 0.01,
    duration: Seconds = 5.0,
    points: Points = 1001,
) -> Signal:
    """Let a mass swing on a spring with a damper, from rest.

    Parameters
    ----------
    mass : float
        Mass in kg.
    stiffness : float
        Stiffness of the spring, in N/m.
    damping : float
        Force of the damper over the speed, in N·s/m; 2 √(stiffness · mass) is critical.
    start : float
        Where it is let go, in m from its place of rest.
    duration : float
        Length of time in s.
    points : int
        Number of samples.

    Returns
    -------
    Waveform
        Place in m and speed in m/s, shape (2, points).

    Raises
    ------
    ValueError
        The mass is not above 0, or the time has no length.

    Examples
    --------
    >>> found = simulate.oscillator(1.0, 4 * np.pi**2, damping=0.0, start=0.5, duration=1.0, points=3)
    >>> found.y[0].round(6)
    array([ 0.5, -0.5,  0.5])
    """
    if not mass > 0.0:
        raise ValueError(f"the mass is {mass:g} kg: it must be above 0 kg")
    return solved(
        lambda t, now: [now[1], -(stiffness * now[0] + damping * now[1]) / mass], [start, 0.0], duration, points
    )


class HeatPlate:
    """Let heat spread over a plate, a step each turn (explicit finite differences).

    Parameters
    ----------
    diffusivity : float
        How fast heat spreads, in m²/s: 1.1e-4 for copper, 4e-6 for steel.
    spacing : float
        Distance of neighbouring points, in m.
    interval : float
        Time that passes in a turn, in s; it is taken in as many steps as are needed.
    edge : str
        ``"fixed"``: the edges keep the temperature that they begin with; ``"insulated"``: no heat leaves the plate.

    Raises
    ------
    ValueError
        A number is not above 0.

    Notes
    -----
    Stable, as a step is at most spacing² / (4 · diffusivity). Reference: W. H. Press et al., Numerical Recipes, 3rd
    ed., 2007, section 20.2.

    Examples
    --------
    >>> plate = simulate.HeatPlate(diffusivity=1e-4, spacing=0.01, interval=0.25, edge="insulated")
    >>> plate([[0.0, 0.0, 0.0], [0.0, 8.0, 0.0], [0.0, 0.0, 0.0]])
    array([[0., 2., 0.],
           [2., 0., 2.],
           [0., 2., 0.]])
    """

    def __init__(
        self,
        diffusivity: Diffusivity = 1.1e-4,
        spacing: Metres = 0.01,
        interval: Seconds = 0.1,
        edge: Literal["fixed", "insulated"] = "fixed",
    ) -> None:
        if not (diffusivity > 0.0 and spacing > 0.0 and interval > 0.0):
            raise ValueError("diffusivity, spacing and interval must each be above 0")
        whole = 4.0 * diffusivity * interval / spacing**2
        self._steps = max(1, -int(-(whole - 1e-9) // 1))
        self._share = 0.25 * whole / self._steps
        self._edge = edge
        self._plate: Array = None

    def __call__(self, start: Array) -> Array:
        """Let one interval pass.

        Parameters
        ----------
        start : Array
            Temperatures at the start in any unit, shape (rows, columns), three of each or more; after the first turn
            only another shape is heeded, and starts it afresh.

        Returns
        -------
        Array
            Temperatures at the end of the interval, in the same unit, shape (rows, columns).

        Raises
        ------
        ValueError
            It is no plate of three rows and columns or more.
        """
        import numpy

        given = numbers(start, "start")
        if given.ndim != 2 or min(given.shape) < 3:
            raise ValueError(f"start has the shape {given.shape}: give three rows and three columns or more")
        if self._plate is None or self._plate.shape != given.shape:
            self._plate = given.copy()
        plate = self._plate
        for _ in range(self._steps):
            around = numpy.pad(plate, 1, mode="edge")
            flow = around[2:, 1:-1] + around[:-2, 1:-1] + around[1:-1, 2:] + around[1:-1, :-2] - 4.0 * plate
            if self._edge == "fixed":
                flow[[0, -1], :] = flow[:, [0, -1]] = 0.0
            plate = plate + self._share * flow
        self._plate = plate
        return plate.copy()


@node(tags=("heat equation", "1-d", "concentration", "rod", "pde", "fick", "fourier"), pure=True)
def diffusion(
    start: Array,
    diffusivity: Diffusivity = 1e-4,
    spacing: Metres = 0.01,
    duration: Seconds = 1.0,
    ends: Literal["fixed", "closed"] = "fixed",
) -> Array:
    """Let heat or matter spread along a line for a time.

    Parameters
    ----------
    start : Array
        Temperatures or concentrations at the start in any unit, shape (n,), three or more.
    diffusivity : float
        How fast it spreads, in m²/s.
    spacing : float
        Distance of neighbouring points, in m.
    duration : float
        Time that passes, in s.
    ends : str
        ``"fixed"``: the ends keep their value; ``"closed"``: nothing leaves the line.

    Returns
    -------
    Array
        What it is after that time, in the same unit, shape (n,).

    Raises
    ------
    ValueError
        It is no line of three points or more, or a number makes no sense.

    Notes
    -----
    Central differences in space, the exponential of their matrix in time: exact for any time. Reference: C. Moler,
    C. Van Loan, Nineteen dubious ways to compute the exponential of a matrix, SIAM Review 45 (2003) 3 (eigenvectors).

    Examples
    --------
    >>> simulate.diffusion([0.0, 0.0, 3.0], duration=1e9, ends="closed").round(6)
    array([1., 1., 1.])
    """
    import numpy

    line = numbers(start, "start")
    if line.ndim != 1 or not 3 <= line.size <= 5000:
        raise ValueError(f"start has the shape {line.shape}: give one row of 3 to 5000 points")
    if not (diffusivity >= 0.0 and spacing > 0.0 and duration >= 0.0):
        raise ValueError("diffusivity and duration must be 0 or more, and the spacing above 0")
    time, n = diffusivity * duration / spacing**2, line.size
    if ends == "closed":
        # cosines between the points are the eigenvectors
        place = numpy.pi * (numpy.arange(n) + 0.5) / n
        shapes = numpy.cos(numpy.arange(n)[:, None] * place)
        weights = shapes @ line * numpy.where(numpy.arange(n) == 0, 1.0, 2.0) / n
        return (weights * numpy.exp(-4.0 * time * numpy.sin(numpy.pi * numpy.arange(n) / (2 * n)) ** 2)) @ shapes
    steady = numpy.linspace(line[0], line[-1], n)
    number = numpy.arange(1, n - 1)
    shapes = numpy.sin(numpy.pi * numpy.outer(number, numpy.arange(n)) / (n - 1))
    weights = shapes @ (line - steady) * 2.0 / (n - 1)
    return steady + (weights * numpy.exp(-4.0 * time * numpy.sin(numpy.pi * number / (2 * (n - 1))) ** 2)) @ shapes

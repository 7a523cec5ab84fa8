"""Chance: walks, uncertainties, queues."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes._assignments import values_of
from flodesk.nodes._formula import read
from flodesk.public import Array, Range, Table, node

Seed = Annotated[int, Range(0)]
Rate = Annotated[float, Range(0.0)]


@node(tags=("brownian motion", "diffusion", "wiener", "paths", "drift", "ensemble"), pure=True)
def random_walks(
    walks: Annotated[int, Range(1)] = 10,
    steps: Annotated[int, Range(1)] = 1000,
    size: float = 1.0,
    drift: float = 0.0,
    seed: Seed = 0,
) -> Array:
    """Let walkers go step by step, each at random.

    Parameters
    ----------
    walks : int
        Number of walkers.
    steps : int
        Number of steps of each.
    size : float
        Standard deviation of a step, in the unit of the places.
    drift : float
        What each step goes forward on average, in the unit of the places.
    seed : int
        Which random numbers (dimensionless).

    Returns
    -------
    Array
        Where each is after 0, 1, 2 ... steps, shape (walks, steps + 1); all begin at 0.

    Raises
    ------
    ValueError
        There is no walker or no step, or the size is below 0.

    Examples
    --------
    >>> simulate.random_walks(walks=1, steps=3, size=0.0, drift=2.0)
    array([[0., 2., 4., 6.]])
    """
    import numpy

    if walks < 1 or steps < 1 or not size >= 0.0:
        raise ValueError(f"{walks} walks of {steps} steps of the size {size:g}: give one or more, and no size below 0")
    moves = numpy.random.default_rng(seed).normal(drift, size, (walks, steps))
    return numpy.concatenate([numpy.zeros((walks, 1)), numpy.cumsum(moves, axis=1)], axis=1)


class Propagated(NamedTuple):
    """A result with its uncertainty, by Monte Carlo."""

    value: float
    uncertainty: float
    lower: float
    upper: float
    samples: Array


def _given(values: str, uncertainties: str, formula: str) -> tuple[dict[str, float], dict[str, float]]:
    known, unsure = values_of(values, "values"), values_of(uncertainties, "uncertainties")
    if strange := [name for name in unsure if name not in known]:
        raise ValueError(f"there is an uncertainty of {', '.join(strange)} and no value: write it in values")
    if below := [name for name, size in unsure.items() if size < 0.0]:
        raise ValueError(f"the uncertainty of {', '.join(below)} is below 0: give 0 or more")
    read(formula).value(known)  # what it reads and is not there is told here
    return known, unsure


@node(
    title="Monte Carlo",
    tags=("uncertainty", "error propagation", "gum supplement 1", "tolerance analysis", "sampling", "risk"),
    pure=True,
)
def monte_carlo(
    formula: str = "u / i",
    values: str = "u = 10, i = 2",
    uncertainties: str = "u = 0.1, i = 0.02",
    samples: Annotated[int, Range(100, 10_000_000)] = 100_000,
    seed: Seed = 0,
) -> Propagated:
    """Find the uncertainty of a formula by drawing its inputs many times, each normally distributed.

    Parameters
    ----------
    formula : str
        How the result follows from the inputs, as ``u / i``.
    values : str
        Mean of each input, as ``u = 10, i = 2``.
    uncertainties : str
        Standard deviation of each, as ``u = 0.1``; what is not named is exact.
    samples : int
        How many times they are drawn.
    seed : int
        Which random numbers (dimensionless).

    Returns
    -------
    value : float
        Mean of the results, in the unit of the result.
    uncertainty : float
        Their standard deviation, in the unit of the result.
    lower, upper : float
        Ends of the interval that holds 95 % of them, in the unit of the result.
    samples : Array
        All results, shape (samples,): for a histogram.

    Raises
    ------
    ValueError
        A text cannot be read, the formula reads what is not there, or some results are no finite numbers.

    Notes
    -----
    Reference: JCGM 101:2008, Propagation of distributions using a Monte Carlo method.

    Examples
    --------
    >>> found = simulate.monte_carlo("a + b", values="a = 1, b = 2", uncertainties="a = 0.3, b = 0.4")
    >>> round(found.value, 2), round(found.uncertainty, 2)
    (3.0, 0.5)
    """
    import numpy

    known, unsure = _given(values, uncertainties, formula)
    if samples < 2:
        raise ValueError(f"{samples} samples tell no uncertainty: draw 100 or more")
    draw = numpy.random.default_rng(seed)
    drawn = {name: draw.normal(value, unsure.get(name, 0.0), samples) for name, value in known.items()}
    results = read(formula).value(drawn) + numpy.zeros(samples)
    if bad := int((~numpy.isfinite(results)).sum()):
        raise ValueError(f"{bad} of {samples} results are no finite numbers: the formula has none for some inputs")
    low, high = numpy.quantile(results, [0.025, 0.975])
    return Propagated(float(results.mean()), float(results.std(ddof=1)), float(low), float(high), results)


class Budget(NamedTuple):
    """A result with its uncertainty, and what that comes from."""

    value: float
    uncertainty: float
    table: Table


@node(tags=("error propagation", "gum", "standard uncertainty", "budget", "measurement", "gauss"), pure=True)
def uncertainty(
    formula: str = "u / i", values: str = "u = 10, i = 2", uncertainties: str = "u = 0.1, i = 0.02"
) -> Budget:
    """Find the uncertainty of a formula from those of its inputs, and what each adds (GUM).

    Parameters
    ----------
    formula : str
        How the result follows from the inputs, as ``u / i``.
    values : str
        Value of each input, as ``u = 10, i = 2``.
    uncertainties : str
        Standard uncertainty of each, as ``u = 0.1``; what is not named is exact.

    Returns
    -------
    value : float
        The result, in its unit.
    uncertainty : float
        Its combined standard uncertainty, in the unit of the result; twice of it holds about 95 %.
    table : Table
        A row for each unsure input: ``name``, ``value``, ``uncertainty``, ``sensitivity`` (derivative of the result),
        ``contribution`` to its uncertainty and ``share`` of its variance.

    Raises
    ------
    ValueError
        A text cannot be read, the formula reads what is not there, or has no finite value there.

    Notes
    -----
    First order, inputs independent. Reference: JCGM 100:2008, section 5.1.

    Examples
    --------
    >>> found = simulate.uncertainty("a + b", values="a = 1, b = 2", uncertainties="a = 0.3, b = 0.4")
    >>> found.value, round(found.uncertainty, 9), found.table["share"].round(2).tolist()
    (3.0, 0.5, [0.36, 0.64])
    """
    import math

    import pandas

    known, unsure = _given(values, uncertainties, formula)
    work = read(formula).value
    value = float(work(known))
    rows = []
    for name, size in unsure.items():
        step = 1e-3 * (size or 1.0)
        near, far = (
            float(work({**known, name: known[name] + n * step})) - float(work({**known, name: known[name] - n * step}))
            for n in (1, 2)
        )
        slope = (8.0 * near - far) / (12.0 * step)
        rows.append((name, known[name], size, slope, abs(slope) * size))
    total = math.hypot(*(row[-1] for row in rows))
    if not math.isfinite(value) or not math.isfinite(total):
        raise ValueError(f"{formula!r} has no finite value, or no derivative, for these inputs")
    columns = ["name", "value", "uncertainty", "sensitivity", "contribution"]
    table = pandas.DataFrame(rows, columns=columns)
    table["share"] = (table["contribution"] / (total or 1.0)) ** 2
    return Budget(value, total, table)


class Waiting(NamedTuple):
    """How long is waited in a queue."""

    load: float
    waits: float
    queue: float
    time: float


def _check_queue(arrivals: float, service: float, servers: int) -> None:
    if not (arrivals > 0.0 and service > 0.0 and servers >= 1):
        raise ValueError("arrivals and service must be above 0, and there must be one server or more")
    if arrivals >= service * servers:
        raise ValueError(
            f"{arrivals:g} arrive and {service * servers:g} can be served in the same time: the queue grows for ever."
            " Add servers"
        )


@node(title="Erlang C", tags=("queueing", "M/M/c", "waiting time", "call centre", "servers", "little"), pure=True)
def erlang_c(arrivals: Rate = 2.0, service: Rate = 1.0, servers: Annotated[int, Range(1, 10000)] = 3) -> Waiting:
    """Calculate how long is waited where many come at random and are served one after the other (M/M/c).

    Parameters
    ----------
    arrivals : float
        How many come in a unit of time.
    service : float
        How many one server serves in a unit of time.
    servers : int
        Number of servers.

    Returns
    -------
    load : float
        Share of the time that a server is busy (dimensionless).
    waits : float
        Share of those who have to wait (dimensionless).
    queue : float
        Mean number of those who wait.
    time : float
        Mean waiting time of all, in the unit of time.

    Raises
    ------
    ValueError
        A number is not above 0, or more come than can be served.

    Notes
    -----
    Reference: L. Kleinrock, Queueing Systems 1, 1975, section 3.5.

    Examples
    --------
    >>> simulate.erlang_c(arrivals=0.5, service=1.0, servers=1)
    Waiting(load=0.5, waits=0.5, queue=0.5, time=1.0)
    """
    _check_queue(arrivals, service, servers)
    offered, blocked = arrivals / service, 1.0
    for number in range(1, servers + 1):  # Erlang B by its recursion, which overflows for no number of servers
        blocked = offered * blocked / (number + offered * blocked)
    load = offered / servers
    waits = blocked / (1.0 - load * (1.0 - blocked))
    time = waits / (servers * service - arrivals)
    return Waiting(load, waits, arrivals * time, time)


class Served(NamedTuple):
    """What happened in a queue."""

    waiting: Array
    time: float
    waits: float


@node(title="Queue simulation", tags=("queueing", "M/M/c", "discrete event", "waiting time", "customers"), pure=True)
def simulate_queue(
    arrivals: Rate = 2.0,
    service: Rate = 1.0,
    servers: Annotated[int, Range(1, 1000)] = 3,
    customers: Annotated[int, Range(1, 1_000_000)] = 10_000,
    seed: Seed = 0,
) -> Served:
    """Let customers come at random and be served in their order, and see how long each waits.

    Parameters
    ----------
    arrivals : float
        How many come in a unit of time, on average.
    service : float
        How many one server serves in a unit of time, on average.
    servers : int
        Number of servers.
    customers : int
        Number of customers; the first finds nobody there.
    seed : int
        Which random numbers (dimensionless).

    Returns
    -------
    waiting : Array
        How long each waited, in the unit of time, shape (customers,).
    time : float
        Mean of that, in the unit of time.
    waits : float
        Share of those who had to wait (dimensionless).

    Raises
    ------
    ValueError
        A number is not above 0, or more come than can be served.

    Examples
    --------
    >>> simulate.simulate_queue(customers=1).time
    0.0
    """
    import heapq

    import numpy

    _check_queue(arrivals, service, servers)
    if customers < 1:
        raise ValueError(f"{customers} customers wait for nothing: give 1 or more")
    draw = numpy.random.default_rng(seed)
    came = numpy.cumsum(draw.exponential(1.0 / arrivals, customers)).tolist()
    needs = draw.exponential(1.0 / service, customers).tolist()
    free = [0.0] * servers
    waiting = []
    for when, need in zip(came, needs, strict=True):
        begins = max(when, free[0])
        heapq.heapreplace(free, begins + need)
        waiting.append(begins - when)
    waited = numpy.array(waiting)
    return Served(waited, float(waited.mean()), float((waited > 0.0).mean()))

"""How models are trained: on scaled columns where distances count, and with a word where they have not settled."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flodesk.nodes._columns import check
from flodesk.nodes.learn.cases import amounts, classes, core, features
from flodesk.public import context


def scaled(model: Any, scale: bool) -> Any:
    """Return a model that brings its columns to mean 0 and deviation 1 first, if that is wanted."""
    if not scale:
        return model
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), model)


def classifier(model: Any, table: Any, target: str, columns: list[str] | None) -> Any:
    """Train a model to tell classes, and return it."""
    return trained(model, features(table, columns, target), classes(table, target))


def regressor(model: Any, table: Any, target: str, columns: list[str] | None) -> Any:
    """Train a model to tell numbers, and return it."""
    return trained(model, features(table, columns, target), amounts(table, target))


def trained(model: Any, x: Any, y: Any = None) -> Any:
    """Train a model, say in the run's log if its rounds were not enough, and return it."""
    fit_quietly(model, x, y)
    inner = core(model)
    # boosting goes all its rounds always; what solves something says by which solver, or how far off it is
    if hasattr(inner, "solver") or hasattr(inner, "dual_gap_"):
        tell_unsettled(inner)
    return model


def tell_unsettled(model: Any) -> None:
    """Say in the run's log that a model has not settled, if its rounds were not enough."""
    most, took = getattr(model, "max_iter", None), getattr(model, "n_iter_", None)
    if most and took is not None and max(_flat(took)) >= most:
        context().log(f"{type(model).__name__} has not settled after {most} rounds: give it more", "warning")


def fit_quietly(model: Any, x: Any, y: Any = None) -> Any:
    """Train a model without the warnings that go to nobody: what has not settled is seen by its rounds."""
    with quietly():
        return model.fit(x) if y is None else model.fit(x, y)


@contextmanager
def quietly() -> Iterator[None]:
    """Keep scikit-learn from warning of too few rounds on the console."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def _flat(value: Any) -> list[int]:
    import numpy

    return [int(one) for one in numpy.ravel(value)]


def sizes(layers: list[int] | None) -> tuple[int, ...]:
    """Return how many neurons each hidden layer has."""
    if any(size < 1 for size in layers or ()):
        raise ValueError(f"the layers are {layers}: each needs one neuron or more")
    return tuple(layers or (100,))


def check_neighbours(neighbours: int, table: Any) -> None:
    """Raise if more neighbours are asked than there are."""
    check(table)
    if neighbours > len(table):
        raise ValueError(f"{neighbours} neighbours are asked of {len(table)} cases: ask fewer")


def parts_for(kinds: Any, most: int = 5) -> int:
    """Return into how many parts cases can be put so that each has all classes: `most`, or what the rarest allows."""
    import numpy

    names, counts = numpy.unique(kinds, return_counts=True)
    if counts.min() < 2:
        raise ValueError(f"class {names[counts.argmin()]!s} has one case only: two or more of each are needed")
    return min(most, int(counts.min()))

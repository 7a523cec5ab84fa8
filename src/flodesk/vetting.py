"""What a file of a model may hold: types that do nothing when they are made, and trees that lead nowhere outside.

Trees hold the numbers of their nodes and columns, at which scikit-learn looks without asking whether there are such:
with others a file could make the program read what is not the model's, or crash. So each tree is looked through
before its model goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from types import ModuleType
from typing import Any

_TREES = frozenset({"sklearn.tree._tree.Tree", "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"})
_KERNELS = ("CompoundKernel", "ConstantKernel", "Exponentiation", "Matern", "Product", "RBF", "Sum", "WhiteKernel")
_OPTIMIZERS = "sklearn.neural_network._stochastic_optimizers"
_PLAIN = frozenset({
    *(f"sklearn.gaussian_process.kernels.{name}" for name in _KERNELS),
    f"{_OPTIMIZERS}.AdamOptimizer", f"{_OPTIMIZERS}.SGDOptimizer",
    "sklearn.calibration._CalibratedClassifier", "sklearn.calibration._SigmoidCalibration",
})  # fmt: skip
"""Plain classes of scikit-learn that hold numbers and nothing else: making one of them runs nothing."""
VETTED = _TREES | _PLAIN
"""Types that a file may hold besides those that skops trusts, as long as `check_trees` is called."""

_ONE = frozenset({"DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor"})
_MANY = frozenset({
    "RandomForestClassifier", "RandomForestRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor", "IsolationForest",
    "HistGradientBoostingClassifier", "HistGradientBoostingRegressor",
})  # fmt: skip
_AROUND = frozenset({"Pipeline", "TransformedTargetRegressor", "CalibratedClassifierCV", "_CalibratedClassifier"})
"""What asks a model inside it as anybody does, by methods that count the columns first."""


def check_trees(model: Any, trusted: frozenset[str] = frozenset()) -> None:
    """Raise unless all trees in a model lead to nodes and columns that there are.

    Parameters
    ----------
    model : Any
        The model.
    trusted : frozenset of str
        Types at whose trees nobody needs to look. What is in objects of others is looked at, too.

    Raises
    ------
    ValueError
        One does not, or it is in a model of which it is not known how it asks its trees.
    """
    _walk(model, (), set(), trusted)


def _walk(value: Any, around: tuple[Any, ...], seen: set[tuple[int, ...]], trusted: frozenset[str]) -> None:
    """Look at all that a value is made of; `around` are the objects that it is in, outermost first."""
    mark = (id(value), *map(id, around))
    if mark in seen or isinstance(value, str | bytes | int | float | type | ModuleType | None):
        return
    if any(value is one for one in around):  # one that is trusted may hold itself
        return
    seen.add(mark)
    kind = type(value)
    path = f"{kind.__module__}.{kind.__qualname__}"
    if path in _TREES:
        if path not in trusted:
            _check(value, around)
        return
    inside = (*around, value)
    parts: Iterable[Any]
    if isinstance(value, dict):
        parts, inside = value.values(), around
    elif isinstance(value, list | tuple | set | frozenset) or getattr(getattr(value, "dtype", None), "kind", "") == "O":
        parts, inside = getattr(value, "flat", value), around
    elif isinstance(value, partial):
        parts = (value.func, value.args, value.keywords)
    else:  # a method holds its object
        parts = (getattr(value, "__self__", None), *getattr(value, "__dict__", {}).values())
    for part in parts:
        _walk(part, inside, seen, trusted)


def _check(tree: Any, around: tuple[Any, ...]) -> None:
    import numpy

    names = [type(one).__name__ for one in around]
    strange = [name for name in names if name not in _ONE | _MANY | _AROUND]
    if strange or not names:
        raise ValueError(f"trees in {strange[0] if strange else 'no model'} are not known well enough to be trusted")
    holders = [one for one, name in zip(around, names, strict=True) if name in _ONE | _MANY]
    columns = min((int(one.n_features_in_) for one in holders), default=0)
    for one in holders:
        _check_columns(one)
    left, right, feature, leaf = _read(tree)
    number = len(left)
    at = numpy.arange(number)
    # each leads on to later ones: so none leads back, and the last is a leaf
    inside = (at < left) & (left < number) & (at < right) & (right < number) & (feature >= 0) & (feature < columns)
    if not number or not (leaf | inside).all():
        raise ValueError("a tree in it leads to a node or a column that does not exist")


def _check_columns(holder: Any) -> None:
    """Raise unless a forest gives each tree as many columns as it asks for."""
    import numpy

    mapper = getattr(holder, "_bin_mapper", None)
    if getattr(holder, "_preprocessor", None) is not None or numpy.any(getattr(mapper, "is_categorical_", False)):
        raise ValueError("it looks at kinds in a way that is not known well enough to be trusted")
    if type(holder).__name__ == "IsolationForest":
        wanted = [int(tree.n_features_in_) for tree in holder.estimators_]
        given = [len(columns) for columns in holder.estimators_features_]
        if wanted != given:
            raise ValueError("a tree in it is given another number of columns than it asks for")


def _read(tree: Any) -> tuple[Any, Any, Any, Any]:
    """Return of each node those that follow it, its column, and whether it is a leaf, as arrays."""
    import numpy

    try:
        if type(tree).__name__ == "Tree":
            if not 0 <= tree.node_count <= tree.capacity:
                raise ValueError("a tree in it has fewer nodes than it says")
            return tree.children_left, tree.children_right, tree.feature, tree.children_left == -1
        nodes = tree.nodes
        if nodes["is_categorical"].any():
            raise ValueError("a tree in it asks for kinds, which is not known well enough to be trusted")
        left, right, feature = (nodes[name].astype(numpy.int64) for name in ("left", "right", "feature_idx"))
        return left, right, feature, nodes["is_leaf"] != 0
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"a tree in it cannot be read ({error})") from error

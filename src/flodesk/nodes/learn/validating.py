"""How right a model will be with cases that it has not seen, and with which settings it is best."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._columns import check_new
from flodesk.nodes.learn.cases import Model, Seed, amounts, classes, core, looked_at, tells_classes
from flodesk.nodes.learn.training import fit_quietly, parts_for
from flodesk.public import Range, Table, context, node

Folds = Annotated[int, Range(2, 1000)]
Score = Literal["usual", "accuracy", "f1", "r_squared", "rmse"]


class CrossValidation(NamedTuple):
    """How right a model is with cases that it has not seen."""

    mean: float
    deviation: float
    folds: Table
    table: Table


@node(
    title="Cross-validate",
    tags=("k-fold", "crossval", "test and score", "evaluate", "generalisation", "overfitting", "validation"),
    pure=True,
)
def cross_validate(
    model: Model, table: Table, target: str = "target", folds: Folds = 5, score: Score = "usual", seed: Seed = 0
) -> CrossValidation:
    """Train a model anew on all parts of a table but one, score it on that, and so for each part.

    Parameters
    ----------
    model : Model
        A classifier or regressor, trained with the columns that count; only its settings are used.
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes or numbers to tell.
    folds : int
        Number of parts; each has all classes in the same shares.
    score : str
        ``"usual"`` is the accuracy of classes, and R² of numbers. ``"f1"`` is the mean of all classes, ``"rmse"`` the
        root of the mean square error, in the unit of `target`.
    seed : int
        Which random numbers (dimensionless): the same seed makes the same parts.

    Returns
    -------
    mean : float
        Mean score (dimensionless, but for ``"rmse"``).
    deviation : float
        Standard deviation of the scores of the parts, in the unit of the score.
    folds : Table
        A row for each part: ``fold`` from 1, ``cases`` in it, ``score``, and ``train``, the score on the other parts:
        where that is far better, the model has learnt by heart.
    table : Table
        The table with a column ``predicted``: what was said of each case by the model that had not seen it.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No model or no table came, or it tells neither classes nor numbers.
    ValueError
        A value is missing, there are fewer cases than parts (of a class, for a classifier), the score is not one of
        such a model, or there is a column ``predicted`` already.

    Notes
    -----
    Reference: T. Hastie et al., The Elements of Statistical Learning, 2nd ed., 2009, section 7.10.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> found = learn.cross_validate(learn.naive_bayes(flowers), flowers)
    >>> len(found.folds), found.mean > 0.9
    (5, True)
    """
    import pandas

    x, y = _asked(model, table, target)
    measure = _measure(model, score)
    check_new(table, "predicted")
    told = y.copy()
    rows = []
    for number, (train, test) in enumerate(_parts(model, y, folds, score, seed), 1):
        fitted = _anew(model, _rows(x, train), y[train])
        told[test] = fitted.predict(_rows(x, test))
        seen = measure(y[train], fitted.predict(_rows(x, train)))
        rows.append({"fold": number, "cases": len(test), "score": measure(y[test], told[test]), "train": seen})
        context().progress(number / folds)
    made = pandas.DataFrame(rows)
    return CrossValidation(
        float(made["score"].mean()), float(made["score"].std(ddof=1)), made, table.assign(predicted=told)
    )


class Search(NamedTuple):
    """The best of several settings of a model."""

    model: Model
    table: Table
    score: float


@node(
    title="Grid search",
    tags=("tune", "hyperparameters", "optimise", "parameter sweep", "gridsearchcv", "bayesopt"),
    pure=True,
)
def grid_search(
    model: Model,
    table: Table,
    parameter: str,
    values: list[Any],
    second: str = "",
    second_values: list[Any] | None = None,
    target: str = "target",
    folds: Folds = 5,
    score: Score = "usual",
    seed: Seed = 0,
) -> Search:
    """Cross-validate a model with each of some values of a setting, or of two, and train it with the best.

    Parameters
    ----------
    model : Model
        A classifier or regressor, trained with the columns that count; all its other settings stay.
    table : Table
        A row for each case.
    parameter : str
        Name of the setting, as the node that trains has it (``c``, ``neighbours``, ``depth``) or scikit-learn.
    values : list
        Its values to try, in the unit that the setting has.
    second : str
        Name of a second setting; empty for none.
    second_values : list, optional
        Its values, each of which is tried with each of the first.
    target : str
        Name of the column with the classes or numbers to tell.
    folds : int
        Number of parts of the table for each cross-validation.
    score : str
        What is to be best: ``"usual"`` is the accuracy of classes, and R² of numbers; of ``"rmse"`` the lowest.
    seed : int
        Which random numbers (dimensionless): the same seed makes the same parts.

    Returns
    -------
    model : Model
        Trained on the whole table with the best settings; the first of several that are as good.
    table : Table
        A row for each try: the settings under their names, ``score`` (mean of the parts) and ``deviation``.
    score : float
        The best mean score (dimensionless, but for ``"rmse"``, in the unit of `target`).

    Raises
    ------
    LookupError
        The model has no such setting, or one of the columns does not exist.
    TypeError
        No model or no table came, or it tells neither classes nor numbers.
    ValueError
        There is nothing to try, a value is missing or makes no sense for the setting, or there are fewer cases than
        parts.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> model = learn.tree_classifier(flowers)
    >>> found = learn.grid_search(model, flowers, "depth", [1, 2])
    >>> found.table.score.round(1).tolist(), found.model.max_depth
    ([0.7, 0.9], 2)
    """
    import itertools

    import pandas

    x, y = _asked(model, table, target)
    measure = _measure(model, score)
    names = [name for name in (parameter, second) if name]
    lists = [list(values), *([list(second_values or [])] if second else [])]
    if not names or not all(lists):
        raise ValueError("there is nothing to try: give the name of a setting, and its values")
    keys = [_setting(model, name) for name in names]
    parts = list(_parts(model, y, folds, score, seed))
    tries = list(itertools.product(*lists))
    rows = []
    for number, tried in enumerate(tries, 1):
        settings = {key: _value(key, one) for key, one in zip(keys, tried, strict=True)}
        found = pandas.Series([
            measure(y[test], _anew(model, _rows(x, train), y[train], settings).predict(_rows(x, test)))
            for train, test in parts
        ])  # fmt: skip
        rows.append({**dict(zip(names, tried, strict=True)), "score": found.mean(), "deviation": found.std(ddof=1)})
        context().progress(number / len(tries))
    made = pandas.DataFrame(rows)
    at = int(made["score"].argmin() if score == "rmse" else made["score"].argmax())
    best = {key: _value(key, one) for key, one in zip(keys, tries[at], strict=True)}
    return Search(_anew(model, x, y, best), made, float(made["score"][at]))


@node(title="Learning curve", tags=("more data", "sample size", "overfitting", "generalisation", "evaluate"), pure=True)
def learning_curve(
    model: Model,
    table: Table,
    target: str = "target",
    steps: Annotated[int, Range(2, 100)] = 5,
    folds: Folds = 5,
    score: Score = "usual",
    seed: Seed = 0,
) -> Table:
    """Tell how right a model is over the number of cases that it has seen: whether more of them would help.

    Parameters
    ----------
    model : Model
        A classifier or regressor, trained with the columns that count; only its settings are used.
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes or numbers to tell.
    steps : int
        Number of sizes, from the first to all cases in equal steps.
    folds : int
        Number of parts of the table for each cross-validation.
    score : str
        ``"usual"`` is the accuracy of classes, and R² of numbers. ``"f1"`` is the mean of all classes, ``"rmse"`` the
        root of the mean square error, in the unit of `target`.
    seed : int
        Which random numbers (dimensionless): the same seed draws the same cases.

    Returns
    -------
    Table
        A row for each size: ``cases``, ``test`` and ``train``, the mean scores on what it has not seen, and has.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No model or no table came, or it tells neither classes nor numbers.
    ValueError
        A value is missing, or there are too few cases for so many parts and steps.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> learn.learning_curve(learn.naive_bayes(flowers), flowers, steps=3).cases.tolist()
    [40, 80, 120]
    """
    import numpy
    import pandas

    x, y = _asked(model, table, target)
    measure = _measure(model, score)
    found = []
    for number, (train, test) in enumerate(_parts(model, y, folds, score, seed), 1):
        drawn = _drawn(y, train, tells_classes(model), seed)
        for step in range(1, steps + 1):
            some = drawn[: max(1, round(len(drawn) * step / steps))]
            if tells_classes(model) and len(numpy.unique(y[some])) < 2:
                raise ValueError(f"the first of {steps} steps has {len(some)} cases of one class: take fewer steps")
            fitted = _anew(model, _rows(x, some), y[some])
            right = measure(y[test], fitted.predict(_rows(x, test)))
            found.append((step, len(some), right, measure(y[some], fitted.predict(_rows(x, some)))))
        context().progress(number / folds)
    made = pandas.DataFrame(found, columns=["step", "cases", "test", "train"]).groupby("step").mean()
    return made.assign(cases=made["cases"].round().astype(int)).reset_index(drop=True)


def _asked(model: Any, table: Any, target: str) -> tuple[Any, Any]:
    """Return what a model looks at, and what it is to tell."""
    from sklearn.base import is_regressor

    looked = looked_at(model, table)
    if tells_classes(model):
        return looked, classes(table, target)
    if not is_regressor(model):
        raise TypeError(f"{type(core(model)).__name__} tells neither classes nor numbers: train a model that does")
    return looked, amounts(table, target)


def _parts(model: Any, y: Any, folds: int, score: str, seed: int) -> Iterator[tuple[Any, Any]]:
    """Give the rows to train with and those to test on, part by part."""
    import numpy
    from sklearn.model_selection import KFold, StratifiedKFold

    sorts = tells_classes(model)
    # R² needs a scatter in each part, and so two cases
    most = parts_for(y, folds) if sorts else len(y) // (1 if score == "rmse" else 2)
    if not 2 <= folds <= most:
        raise ValueError(f"{folds} parts cannot be made of {len(y)} cases: give 2 to {most}, or more cases")
    parts = (StratifiedKFold if sorts else KFold)(folds, shuffle=True, random_state=seed)
    for train, test in parts.split(numpy.zeros(len(y)), y):
        context().check()
        yield train, test


def _drawn(y: Any, rows: Any, sorts: bool, seed: int) -> Any:
    """Return rows in an order drawn by chance, one of each class first."""
    import numpy

    drawn = numpy.random.default_rng(seed).permutation(rows)
    if not sorts:
        return drawn
    first = numpy.unique(y[drawn], return_index=True)[1]
    return numpy.concatenate([drawn[numpy.sort(first)], numpy.delete(drawn, first)])


def _anew(model: Any, x: Any, y: Any, settings: dict[str, Any] | None = None) -> Any:
    from sklearn.base import clone

    context().check()
    return fit_quietly(clone(model).set_params(**(settings or {})), x, y)


def _rows(x: Any, rows: Any) -> Any:
    return x.iloc[rows] if hasattr(x, "iloc") else x[rows]


def _measure(model: Any, score: str) -> Any:
    """Return what compares two arrays: what was so, and what was said."""
    from sklearn import metrics

    sorts = tells_classes(model)
    name = ("accuracy" if sorts else "r_squared") if score == "usual" else score
    if (name in ("accuracy", "f1")) != sorts:
        raise ValueError(f"{name!r} is no score of a model that tells {'classes' if sorts else 'numbers'}")
    measures: dict[str, Any] = {
        "accuracy": metrics.accuracy_score,
        "f1": lambda was, said: metrics.f1_score(was, said, average="macro", zero_division=0.0),
        "r_squared": metrics.r2_score,
        "rmse": metrics.root_mean_squared_error,
    }
    return lambda was, said: float(measures[name](was, said))


_THEIRS = {
    "c": "C", "neighbours": "n_neighbors", "depth": "max_depth", "leaf": "min_samples_leaf", "trees": "n_estimators",
    "rounds": "max_iter", "rate": "learning_rate", "leaves": "max_leaf_nodes", "layers": "hidden_layer_sizes",
    "smoothing": "var_smoothing", "intercept": "fit_intercept",
}  # fmt: skip
"""What scikit-learn calls a setting that our nodes have under another name."""


def _setting(model: Any, name: str) -> str:
    """Return the name of a setting as the model knows it, with the part of the pipeline that has it."""
    there = model.get_params()
    wanted = _THEIRS.get(name, name)
    found: list[str] = [key for key in there if key == wanted or key.endswith(f"__{wanted}")]
    if not found:
        ours = {theirs: our for our, theirs in _THEIRS.items()}
        names = sorted(ours.get(key, key) for key in core(model).get_params(deep=False))
        raise LookupError(f"{type(core(model)).__name__} has no setting {name!r}: it has {', '.join(names)}")
    return min(found, key=len)


def _value(key: str, value: Any) -> Any:
    return tuple(value) if isinstance(value, list) and key.endswith("hidden_layer_sizes") else value

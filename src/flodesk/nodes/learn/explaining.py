"""Why a model says what it says: which columns count, and how."""

from __future__ import annotations

from typing import Annotated, Any

from flodesk.nodes._columns import check
from flodesk.nodes.learn.cases import (
    Model,
    Seed,
    amounts,
    classes,
    core,
    known_columns,
    looked_at,
    named,
    tells_classes,
)
from flodesk.public import Range, Table, context, node


@node(
    title="Feature importance",
    tags=("explain", "weights", "coefficients", "rank", "variable importance", "predictorimportance", "select"),
    pure=True,
)
def importance(model: Model) -> Table:
    """Tell how much each column counts in a model, from the model itself.

    Parameters
    ----------
    model : Model
        A tree or forest, where it is the share of what is told by questions about a column; or one with weights, such
        as a linear or logistic regression, where it is their share. Weights compare only if the columns were scaled.

    Returns
    -------
    Table
        A row for each column, the most important first: ``column`` and ``importance``; all of them sum to 1.

    Raises
    ------
    TypeError
        No model came, or it has neither; *Permutation importance* works for all.

    Examples
    --------
    >>> model = learn.tree_classifier(pd.DataFrame({"volt": [1.0, 2.0], "noise": [5.0, 5.0], "target": ["off", "on"]}))
    >>> learn.importance(model)
      column  importance
    0   volt         1.0
    1  noise         0.0
    """
    import numpy
    import pandas

    names = known_columns(model)
    inner = core(model)
    found = getattr(inner, "feature_importances_", None)
    if found is None and hasattr(inner, "coef_"):
        found = numpy.atleast_2d(abs(numpy.asarray(inner.coef_))).mean(axis=0)
    if found is None:
        raise TypeError(f"{type(inner).__name__} has no weights of columns: use permutation importance")
    names = names or [f"column {number}" for number in range(1, len(found) + 1)]
    share = found / (found.sum() or 1.0)
    return _ranked(pandas.DataFrame({"column": names, "importance": share}))


@node(
    title="Permutation importance",
    tags=("explain", "shuffle", "feature importance", "sensitivity", "rank", "permutationimportance"),
    pure=True,
)
def permutation_importance(
    model: Model,
    table: Table,
    target: str = "target",
    repeats: Annotated[int, Range(1, 1000)] = 5,
    seed: Seed = 0,
) -> Table:
    """Tell how much worse any model gets when the values of a column are mixed up among the cases.

    Parameters
    ----------
    model : Model
        A trained classifier or regressor.
    table : Table
        A row for each case, best of cases that it has not seen.
    target : str
        Name of the column with the classes or numbers as they are.
    repeats : int
        How many times each column is mixed up.
    seed : int
        Which random numbers (dimensionless): the same seed mixes the same way.

    Returns
    -------
    Table
        A row for each column, the most important first: ``column``, ``importance`` (loss of accuracy, or of R²; mean
        of all times, dimensionless) and ``deviation``.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No model or no table came, or it does not predict.
    ValueError
        A value is missing.

    Notes
    -----
    Reference: L. Breiman, Random forests, Machine Learning 45 (2001) 5, section 10. Of two columns that say the same
    neither seems to count, as the other is still there.

    Examples
    --------
    >>> cases = pd.DataFrame({"volt": [1.0, 2.0, 3.0, 4.0], "noise": [1.0, 0.0, 0.0, 1.0], "target": [0, 0, 1, 1]})
    >>> learn.permutation_importance(learn.tree_classifier(cases), cases).column.tolist()
    ['volt', 'noise']
    """
    import pandas
    from sklearn.inspection import permutation_importance as mixed

    looked = looked_at(model, table)
    if not hasattr(model, "score") or not hasattr(model, "predict"):
        raise TypeError(f"{type(core(model)).__name__} does not predict: wire a classifier or a regressor to it")
    actual = classes(table, target) if tells_classes(model) else amounts(table, target)
    found = mixed(model, looked, actual, n_repeats=repeats, random_state=seed)
    names = known_columns(model) or [f"column {number}" for number in range(1, looked.shape[1] + 1)]
    return _ranked(
        pandas.DataFrame({
            "column": names, "importance": found.importances_mean, "deviation": found.importances_std,
        })
    )  # fmt: skip


@node(
    title="Partial dependence",
    tags=("explain", "pdp", "effect", "response curve", "what if", "plotpartialdependence"),
    pure=True,
)
def partial_dependence(model: Model, table: Table, column: str, points: Annotated[int, Range(2, 1000)] = 50) -> Table:
    """Tell what a model says on the average when one column is set to a value in all cases.

    Parameters
    ----------
    model : Model
        A trained regressor, or a classifier that knows probabilities.
    table : Table
        A row for each case.
    column : str
        Name of the column that is set.
    points : int
        Number of values of it, from the lowest to the highest in the table; fewer if it has fewer.

    Returns
    -------
    Table
        A row for each value: the value under the name of the column, and the mean of what the model says:
        ``predicted``, or the probability of each class, such as ``p_on``.

    Raises
    ------
    LookupError
        One of the columns does not exist, or the model does not look at this one.
    TypeError
        No model or no table came, or it tells neither numbers nor probabilities.
    ValueError
        A value is missing.

    Notes
    -----
    Reference: J. Friedman, Greedy function approximation: a gradient boosting machine, Ann. Stat. 29 (2001) 1189,
    section 8.2.

    Examples
    --------
    >>> cases = pd.DataFrame({"x": [0.0, 1.0, 2.0], "y": [5.0, 1.0, 3.0], "target": [5.0, 3.0, 7.0]})
    >>> learn.partial_dependence(learn.linear_regressor(cases), cases, "x", points=3).predicted.round(3).tolist()
    [3.0, 5.0, 7.0]
    """
    import numpy
    import pandas

    looked = looked_at(model, table)
    check(table, column)
    if not hasattr(looked, "columns") or column not in looked.columns:
        raise LookupError(f"the model does not look at column {column!r}: it looks at {known_columns(model)}")
    sorts = tells_classes(model)
    if not hasattr(model, "predict_proba" if sorts else "predict"):
        raise TypeError(f"{type(core(model)).__name__} tells neither numbers nor probabilities")
    values = numpy.unique(looked[column])
    if len(values) > points:
        values = numpy.linspace(values[0], values[-1], points)
    means = []
    for number, value in enumerate(values, 1):
        context().check()
        told = looked.assign(**{column: value})
        means.append(numpy.mean(model.predict_proba(told) if sorts else model.predict(told), axis=0))
        context().progress(number / len(values))
    if not sorts:
        return pandas.DataFrame({column: values, "predicted": means})
    names = [f"p_{named(kind)}" for kind in model.classes_.tolist()]
    return pandas.DataFrame(numpy.array(means), columns=names).assign(**{column: values})[[column, *names]]


def _ranked(found: Any) -> Any:
    return found.sort_values("importance", ascending=False, kind="stable").reset_index(drop=True)

"""What trained models say of cases."""

from __future__ import annotations

from typing import Any

from flodesk.nodes._columns import check_new
from flodesk.nodes.learn.cases import Model, core, known_columns, looked_at, named
from flodesk.public import Quantity, Table, node


@node(tags=("apply", "infer", "classify", "evaluate", "test", "predictions", "score"), pure=True)
def predict(model: Model, table: Table, name: str = "predicted") -> Table:
    """Tell the class or the number of each row of a table.

    Parameters
    ----------
    model : Model
        A trained classifier, regressor, k-means or mixture, or one that finds outliers (1 for a usual case, -1 for
        one).
    table : Table
        A row for each case, with the columns that the model was trained with; others are not looked at.
    name : str
        Name of the new column.

    Returns
    -------
    Table
        The table with a column for what the model says.

    Raises
    ------
    LookupError
        A column that the model looks at is missing.
    TypeError
        No model or no table came, or this model does not predict.
    ValueError
        A value is missing, or the new column is there already.

    Examples
    --------
    >>> model = learn.linear_regressor(pd.DataFrame({"x": [0.0, 1.0], "target": [1.0, 3.0]}))
    >>> learn.predict(model, pd.DataFrame({"x": [2.0, 3.0]})).round(6)
         x  predicted
    0  2.0        5.0
    1  3.0        7.0
    """
    looked = looked_at(model, table)
    check_new(table, name)
    return table.assign(**{name: _of(model, "predict", "predict")(looked)})


@node(title="Predict one case", tags=("live", "stream", "apply", "infer", "classify", "single"), pure=True)
def predict_one(model: Model, values: Quantity) -> Any:
    """Tell the class or the number of one case, as it comes in a loop.

    Parameters
    ----------
    model : Model
        A trained model.
    values : list, Array or dict
        What is known of the case: a number for each column that the model was trained with, in their order (of a
        picture its pixels, row by row), or under the names of these columns.

    Returns
    -------
    any
        The class, or the number in the unit of what the model was trained with.

    Raises
    ------
    LookupError
        A column is missing.
    TypeError
        No model came, or one of the values is no number.
    ValueError
        There are too few or too many values.

    Examples
    --------
    >>> model = learn.tree_classifier(pd.DataFrame({"volt": [0.1, 4.9], "target": ["off", "on"]}))
    >>> learn.predict_one(model, [5.1])
    'on'
    """
    import numpy
    import pandas

    names = known_columns(model)
    if isinstance(values, dict):
        table = pandas.DataFrame([values])
    else:
        row = numpy.ravel(numpy.asarray(values))
        needed = model.n_features_in_
        if row.size != needed:
            raise ValueError(f"there are {row.size} values, and the model was trained with {needed} columns")
        table = pandas.DataFrame(row[None, :], columns=names)
    found = _of(model, "predict", "predict")(looked_at(model, table))[0]
    return found.item() if hasattr(found, "item") else found


@node(title="Predict probabilities", tags=("predict_proba", "confidence", "certainty", "posterior", "score"), pure=True)
def probabilities(model: Model, table: Table, prefix: str = "p_") -> Table:
    """Tell how likely each class is for each row of a table.

    Parameters
    ----------
    model : Model
        A trained classifier that knows how sure it is; support vectors know it where that is switched on.
    table : Table
        A row for each case, with the columns that the model was trained with.
    prefix : str
        What the names of the new columns begin with.

    Returns
    -------
    Table
        The table with a column for each class, such as ``p_on``: its probability from 0 to 1 (dimensionless).

    Raises
    ------
    LookupError
        A column that the model looks at is missing.
    TypeError
        No model or no table came, or this model knows no probabilities.
    ValueError
        A value is missing, or a new column is there already.

    Examples
    --------
    >>> cases = pd.DataFrame({"volt": [1.0, 1.0, 1.0, 1.0, 5.0], "target": ["off", "off", "off", "on", "on"]})
    >>> learn.probabilities(learn.tree_classifier(cases), cases).p_on.tolist()
    [0.25, 0.25, 0.25, 0.25, 1.0]
    """
    looked = looked_at(model, table)
    found = _of(model, "predict_proba", "tell probabilities")(looked)
    places = getattr(model, "classes_", range(found.shape[1]))
    names = [f"{prefix}{named(value)}" for value in list(places)]
    check_new(table, *names)
    return table.assign(**dict(zip(names, found.T, strict=True)))


@node(
    title="Predict with uncertainty",
    tags=("error bar", "interval", "gaussian process", "confidence", "deviation", "std"),
    pure=True,
)
def predict_with_uncertainty(model: Model, table: Table, name: str = "predicted") -> Table:
    """Tell a number for each row of a table, and how far off it may be.

    Parameters
    ----------
    model : Model
        A trained Gaussian process, or a random forest for numbers, whose trees are asked one by one.
    table : Table
        A row for each case, with the columns that the model was trained with.
    name : str
        Name of the first of the new columns.

    Returns
    -------
    Table
        The table with the columns ``predicted``, ``predicted_deviation`` (standard deviation), ``predicted_lower`` and
        ``predicted_upper`` (where 95 % of a Gaussian lie), all in the unit of what is told. That of a forest is how
        far its trees are apart: less than the error, but larger where it is unsure.

    Raises
    ------
    LookupError
        A column that the model looks at is missing.
    TypeError
        No model or no table came, or this model does not know how sure it is.
    ValueError
        A value is missing, or a new column is there already.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "target": [0.0, 1.0, 0.0, -1.0]})
    >>> model = learn.gaussian_process(points, noise=False)
    >>> found = learn.predict_with_uncertainty(model, pd.DataFrame({"x": [1.0, 9.0]}))
    >>> found.predicted_deviation.round(2).tolist()
    [0.0, 0.71]
    """
    import numpy

    looked = looked_at(model, table)
    names = [name, f"{name}_deviation", f"{name}_lower", f"{name}_upper"]
    check_new(table, *names)
    kind = type(core(model)).__name__
    if kind == "GaussianProcessRegressor":
        middle, away = model.predict(looked, return_std=True)
    elif kind == "RandomForestRegressor":
        said = numpy.array([tree.predict(numpy.asarray(looked)) for tree in core(model).estimators_])
        middle, away = said.mean(axis=0), said.std(axis=0)
    else:
        raise TypeError(f"{kind} does not know how sure it is: train a Gaussian process or a random forest for numbers")
    return table.assign(**dict(zip(names, (middle, away, middle - 1.96 * away, middle + 1.96 * away), strict=True)))


def _of(model: Any, method: str, verb: str) -> Any:
    """Return a method of a model, or say that it has none."""
    found = getattr(model, method, None)
    if found is None:
        kind = type(core(model)).__name__
        more = " unless probabilities is set in its node" if kind == "SVC" and method == "predict_proba" else ""
        raise TypeError(f"{kind} does not {verb}{more}: wire another model to it")
    return found

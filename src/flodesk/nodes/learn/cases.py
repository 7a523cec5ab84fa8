"""What models are given: the columns that they look at, and the one that they are to tell."""

from __future__ import annotations

from typing import Annotated, Any

from flodesk.nodes._columns import check
from flodesk.public import Kind, Range

Model = Annotated[Any, Kind("any")]
"""An estimator of scikit-learn, trained."""
Seed = Annotated[int, Range(0, 4294967295)]


def features(table: Any, columns: list[str] | None = None, target: str = "", model: Any = None) -> Any:
    """Return the columns that a model looks at, as floats.

    Parameters
    ----------
    table : DataFrame
        A row for each case.
    columns : list of str, optional
        Which; all of numbers but `target` if there are none.
    target : str
        The column that it must not see; it need not be there.
    model : estimator, optional
        What has been trained: the columns that it was trained with are taken.
    """
    import numpy

    if model is not None:
        columns = known_columns(model)
    check(table, *(columns or ()))
    if not table.columns.is_unique:
        raise ValueError(f"two columns are called {table.columns[table.columns.duplicated()][0]!r}: rename one of them")
    if columns and target in columns:
        raise ValueError(f"column {target!r} is what is to be told: take it out of the columns to tell it from")
    wanted = columns or [name for name in table.columns if _is_real(table[name]) and name != target]
    if not wanted:
        raise ValueError("the table has no column of numbers to look at: make some, with table.one_hot from texts")
    if not len(table):
        raise ValueError("the table has no rows: there is nothing to look at")
    for name in wanted:
        if not _is_real(table[name]):
            raise TypeError(f"column {name!r} holds {table[name].dtype} and no numbers: see table.one_hot for texts")
        if gaps := int(table[name].isna().sum()):
            raise ValueError(f"column {name!r} has no value in {gaps} rows: fill or drop what is missing first")
    found = table[wanted].astype(float)
    if not numpy.isfinite(found.to_numpy()).all():
        raise ValueError("a value is infinite: filter such rows out first")
    return found.set_axis([str(name) for name in wanted], axis=1)


def known_columns(model: Any) -> list[str] | None:
    """Return the columns that a model was trained with; None if it has seen numbers without names."""
    if not hasattr(model, "get_params"):
        raise TypeError(f"a model is needed, and {type(model).__name__} came: wire a node to it that trains one")
    names = getattr(model, "feature_names_in_", None)
    if names is None and getattr(model, "n_features_in_", None) is None:
        raise ValueError(f"this {type(model).__name__} has not been trained: wire a node to it that does so")
    return None if names is None else [str(name) for name in names]


def looked_at(model: Any, table: Any) -> Any:
    """Return what a model is to look at: the columns that it was trained with, with their names if it knows them."""
    check(table)
    by_text = table.set_axis([str(name) for name in table.columns], axis=1)
    found = features(by_text, model=model)
    if known_columns(model) is not None:
        return found
    if found.shape[1] != model.n_features_in_:
        raise ValueError(
            f"the table has {found.shape[1]} columns of numbers, and the model was trained with "
            f"{model.n_features_in_}: select those"
        )
    return found.to_numpy()


def answers(table: Any, target: str) -> Any:
    """Return the column that is to be told; raise where a value is missing."""
    check(table, target)
    if gaps := int(table[target].isna().sum()):
        raise ValueError(f"column {target!r} has no value in {gaps} rows: drop these first")
    return table[target]


def classes(table: Any, target: str) -> Any:
    """Return the classes of all cases as an array of texts, truths or whole numbers."""
    import numpy

    column = answers(table, target)
    values = column.to_numpy()
    if values.dtype.kind in "biu":
        found = values
    elif values.dtype.kind == "f":
        if not (values == numpy.rint(values)).all():
            raise ValueError(
                f"column {target!r} holds numbers with fractions and no classes: train a regressor, or see table.bin"
            )
        found = values.astype(int)
    else:
        found = numpy.array([str(value) for value in column])
    if (found == found[:1]).all():
        raise ValueError(f"column {target!r} has one class only: a model needs two or more to tell apart")
    return found


def amounts(table: Any, target: str) -> Any:
    """Return the numbers of all cases as floats."""
    import numpy

    column = answers(table, target)
    if not _is_real(column):
        raise TypeError(f"column {target!r} holds {column.dtype} and no numbers: train a classifier")
    found = column.to_numpy(dtype=float)
    if not numpy.isfinite(found).all():
        raise ValueError(f"a value of column {target!r} is infinite: filter such rows out first")
    return found


def _is_real(column: Any) -> bool:
    """Say whether a column holds numbers or truths; complex ones would lose their imaginary part."""
    from pandas.api.types import is_complex_dtype, is_numeric_dtype

    return bool(is_numeric_dtype(column) and not is_complex_dtype(column))


def tells_classes(model: Any) -> bool:
    """Say whether it is a classifier."""
    from sklearn.base import is_classifier

    return bool(is_classifier(model))


def named(value: Any) -> str:
    """Return a class as text: ``1`` also for 1.0, which a table makes of it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def core(model: Any) -> Any:
    """Return the estimator inside a pipeline, or in what scales its answers; else the model itself."""
    inner = getattr(model, "regressor_", model)
    return inner[-1] if type(inner).__name__ == "Pipeline" else inner

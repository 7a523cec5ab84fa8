"""Models in files, without pickle: a file that is read runs nothing."""

from __future__ import annotations

from pathlib import Path

from flodesk.nodes._reading import reading
from flodesk.nodes._replacing import replacing
from flodesk.nodes.learn.cases import Model, core
from flodesk.public import context, node
from flodesk.vetting import VETTED, check_trees


@node(
    title="Save model", tags=("write", "export", "store", "skops", "pickle", "persist"), pure=False, saves=(".skops",)
)
def save_model(model: Model, path: Path) -> Path:
    """Write a model to a file of skops, whole or not at all.

    Parameters
    ----------
    model : Model
        A trained model of scikit-learn.
    path : Path
        The file; a relative name counts from the folder of the flow.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full: what was there stays.
    TypeError
        No model came, or it holds something that has no form in such a file.

    Examples
    --------
    >>> model = learn.linear_regressor(pd.DataFrame({"x": [0.0, 1.0], "target": [1.0, 3.0]}))
    >>> learn.save_model(model, "line.skops").name
    'line.skops'
    """
    import skops.io
    from skops.io.exceptions import UnsupportedTypeException

    if not hasattr(model, "get_params"):
        raise TypeError(f"a model is needed, and {type(model).__name__} came: wire a node to it that trains one")
    place = context().path(path)
    with replacing(place) as temporary:
        try:
            skops.io.dump(model, temporary)
        except UnsupportedTypeException as error:
            raise TypeError(f"{type(core(model)).__name__} cannot be saved: {error}") from error
    return place


@node(title="Load model", tags=("read", "open", "import", "skops", "pickle", "restore"), pure=False)
def load_model(path: Path, trust: list[str] | None = None) -> Model:
    """Read a model that was saved; what it is made of is known and looked through, and nothing in it is run.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    trust : list of str, optional
        Types that it may hold besides those that are known to be harmless, as the message names them: only for files
        that you or somebody you know made. Trees are looked through unless their own type is among these.

    Returns
    -------
    Model
        The model, to predict with.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no file of a model, holds types that are not trusted (the text names them), or a tree that leads to
        nodes or columns that do not exist.

    Notes
    -----
    Another version of scikit-learn may tell something else by the same model: the log says so where it was another.

    Examples
    --------
    >>> model = learn.linear_regressor(pd.DataFrame({"x": [0.0, 1.0], "target": [1.0, 3.0]}))
    >>> place = learn.save_model(model, "line.skops")
    >>> round(learn.predict_one(learn.load_model(place), [2.0]), 6)
    5.0
    """
    import warnings

    import skops.io
    from sklearn.exceptions import InconsistentVersionWarning

    given = set(trust or ())
    with reading(path) as place:
        found = _types(place)
        if strange := sorted(found - VETTED - given):
            raise ValueError(
                f"{place} holds types that are not known to be harmless: {', '.join(strange)}. If you know who made "
                "the file, add them to trust"
            )
        try:
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always", InconsistentVersionWarning)
                model = skops.io.load(place, trusted=sorted(found))
        except OSError:
            raise
        except Exception as error:  # a file that was tampered with may break anything
            raise ValueError(f"{place} is damaged: {type(error).__name__}, {error}") from error
    if not hasattr(model, "get_params"):
        raise ValueError(f"{place} holds {type(model).__name__} and no model: choose another file")
    try:
        check_trees(model, frozenset(given))
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError(
            f"{place} is not to be trusted: {error}. If you know who made the file, add "
            f"{', '.join(sorted(found - given))} to trust"
        ) from error
    saved = {getattr(one.message, "original_sklearn_version", None) for one in told}
    for version in saved - {None}:
        context().log(f"{place.name} was saved by scikit-learn {version}: see that it still tells the same", "warning")
    return model


def _types(place: Path) -> set[str]:
    """Return the types in a file that skops does not trust by itself."""
    import skops.io

    try:
        return set(skops.io.get_untrusted_types(file=place))
    except OSError:
        raise
    except Exception as error:  # it may be any file
        raise ValueError(f"{place} is no file of a model: choose one that Save model has written") from error

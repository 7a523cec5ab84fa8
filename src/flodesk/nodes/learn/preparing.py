"""What comes before a model: cases kept back for a test, columns on one scale, texts as numbers."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._columns import check, check_new
from flodesk.nodes.learn.cases import Model, Seed, answers, core, features, looked_at
from flodesk.nodes.learn.training import quietly, trained
from flodesk.public import Range, Table, node


class Parts(NamedTuple):
    """A table in two parts."""

    train: Table
    test: Table


@node(
    title="Split cases",
    tags=("train test split", "holdout", "partition", "validation", "data sampler", "cvpartition"),
    pure=True,
)
def split(
    table: Table,
    share: Annotated[float, Range(0.01, 0.99)] = 0.25,
    alike: str = "",
    shuffle: bool = True,
    seed: Seed = 0,
) -> Parts:
    """Keep some rows of a table back, to test a model on what it has not seen.

    Parameters
    ----------
    table : Table
        A row for each case.
    share : float
        Share of the rows that is kept back, above 0 and below 1 (dimensionless).
    alike : str
        Name of a column whose values both parts have in the same shares, such as the classes; empty for none.
    shuffle : bool
        Draw by chance; else the last rows are kept back, as is right for what follows in time.
    seed : int
        Which random numbers (dimensionless): the same seed draws the same rows.

    Returns
    -------
    train : Table
        The rows to train with.
    test : Table
        The rows that are kept back.

    Raises
    ------
    LookupError
        There is no such column.
    ValueError
        A part would have no rows, a class has fewer than two, or classes are wanted alike without drawing.

    Examples
    --------
    >>> parts = learn.split(source.dataset("iris"), alike="target")
    >>> len(parts.train), len(parts.test)
    (112, 38)
    """
    check(table)
    if not 0.0 < share < 1.0:
        raise ValueError(f"the share is {share:g}: give one above 0 and below 1")
    if len(table) < 2:
        raise ValueError(f"{len(table)} row cannot be split: two or more are needed")
    if alike and not shuffle:
        raise ValueError(f"values of {alike!r} are alike only where rows are drawn: set shuffle, or leave alike empty")
    kinds = answers(table, alike) if alike else None
    if kinds is not None and kinds.value_counts().min() < 2:
        raise ValueError(f"a value of {alike!r} comes once only: it cannot be in both parts")
    from sklearn.model_selection import train_test_split

    draw = {"random_state": seed, "stratify": kinds} if shuffle else {}
    train, test = train_test_split(table, test_size=share, shuffle=shuffle, **draw)
    return Parts(train.reset_index(drop=True), test.reset_index(drop=True))


@node(
    tags=("standardise", "normalise", "preprocess", "standardscaler", "minmax", "z-score", "mapstd", "train"), pure=True
)
def scaler(
    table: Table,
    method: Literal["deviation", "range", "quartiles"] = "deviation",
    target: str = "target",
    columns: list[str] | None = None,
) -> Model:
    """Learn from a table how to bring its columns to one scale; *Transform* does it, also for other tables.

    Parameters
    ----------
    table : Table
        A row for each case.
    method : str
        ``"deviation"`` gives mean 0 and standard deviation 1, ``"range"`` 0 to 1, ``"quartiles"`` median 0 and 1
        between the quartiles, which outliers do not move.
    target : str
        Name of a column that stays as it is; the table need not have it.
    columns : list of str, optional
        Names of the columns to scale; all others of numbers if there are none.

    Returns
    -------
    Model
        What was learnt, for *Transform*.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing, or there are no rows.

    Examples
    --------
    >>> model = learn.scaler(pd.DataFrame({"x": [0.0, 5.0, 10.0]}), "range")
    >>> learn.transform(model, pd.DataFrame({"x": [2.5, 20.0]}))
          x
    0  0.25
    1  2.00
    """
    from sklearn import preprocessing

    kinds = {
        "deviation": preprocessing.StandardScaler, "range": preprocessing.MinMaxScaler,
        "quartiles": preprocessing.RobustScaler,
    }  # fmt: skip
    return trained(kinds[method](), features(table, columns, target))


@node(tags=("apply", "preprocess", "scale", "project", "reduce", "encode", "domain"), pure=True)
def transform(model: Model, table: Table) -> Table:
    """Do with a table what a model has learnt to: scale, reduce, or count words.

    Parameters
    ----------
    model : Model
        From *Scaler*, *Principal components*, *Non-negative factors* or *Word weights*.
    table : Table
        A row for each case, with the columns that it was trained with.

    Returns
    -------
    Table
        Its other columns as they are, and those that the model looked at as it has changed them.

    Raises
    ------
    LookupError
        A column that the model looks at is missing.
    TypeError
        No model or no table came, or this model does not transform.
    ValueError
        A value is missing, or a column of the result is there already.

    Examples
    --------
    >>> model = learn.scaler(pd.DataFrame({"x": [1.0, 3.0], "target": [0, 1]}))
    >>> learn.transform(model, pd.DataFrame({"x": [2.0, 5.0], "target": [1, 0]}))
         x  target
    0  0.0       1
    1  3.0       0
    """
    if hasattr(model, "vocabulary_"):
        return weighted(model, table)
    looked = looked_at(model, table)
    if not hasattr(model, "transform"):
        raise TypeError(f"{type(core(model)).__name__} does not transform: wire a scaler or a reduction to it")
    return replaced(table, model, looked)


def replaced(table: Any, model: Any, looked: Any) -> Any:
    """Return a table with the columns that a model looks at as it changes them."""
    with quietly():
        found = model.transform(looked)
    names = [str(name) for name in model.feature_names_in_]
    prefix = {"PCA": "pc", "NMF": "factor"}.get(type(core(model)).__name__)
    if prefix is None:  # a scale: columns keep name and place
        by_text = {str(name): name for name in table.columns}
        return table.assign(**{by_text[name]: found[:, at] for at, name in enumerate(names)})
    return instead(table, names, found, prefix)


def instead(table: Any, looked: list[str], found: Any, prefix: str) -> Any:
    """Return a table with new columns, numbered from 1, instead of those that were looked at."""
    made = {f"{prefix}{number}": found[:, number - 1] for number in range(1, found.shape[1] + 1)}
    others = table[[name for name in table.columns if str(name) not in set(looked)]]
    check_new(others, *made)
    return others.assign(**made)


class Words(NamedTuple):
    """Texts as weights of words."""

    table: Table
    model: Model


@node(
    title="Word weights",
    tags=("tf-idf", "tfidf", "bag of words", "text features", "count vectorizer", "nlp", "bagofwords"),
    pure=True,
)
def tf_idf(
    table: Table,
    column: str,
    words: Annotated[int, Range(1, 100000)] = 500,
    longest: Annotated[int, Range(1, 5)] = 1,
    rarest: Annotated[int, Range(1, 100000)] = 1,
) -> Words:
    """Turn texts into numbers: how much each word says of a text, being frequent in it and rare elsewhere.

    Parameters
    ----------
    table : Table
        A row for each text.
    column : str
        Name of the column with the texts.
    words : int
        Number of different words, at most: the most frequent ones.
    longest : int
        Number of words that may follow one another to count as one: 2 also takes pairs.
    rarest : int
        Number of texts that a word must be in, at least.

    Returns
    -------
    table : Table
        The other columns as they are, and one for each word (in small letters) with its weight, from 0 to 1.
    model : Model
        What was learnt, for *Transform*.

    Raises
    ------
    LookupError
        There is no such column.
    ValueError
        A text is missing, there is no word in any, or a word is called like another column.

    Notes
    -----
    Reference: C. Manning, P. Raghavan, H. Schütze, Introduction to Information Retrieval, 2008, section 6.2. The
    weights of a text have the length 1; words have two letters or more.

    Examples
    --------
    >>> letters = pd.DataFrame({"text": ["pump leaks", "pump hums", "pump leaks"]})
    >>> learn.tf_idf(letters, "text").table.round(2)
       hums  leaks  pump
    0  0.00   0.79  0.61
    1  0.86   0.00  0.51
    2  0.00   0.79  0.61
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [str(text) for text in answers(table, column)]
    model = TfidfVectorizer(max_features=words, ngram_range=(1, longest), min_df=rarest)
    try:
        model.fit(texts)
    except ValueError as error:
        raise ValueError(
            f"no word of two letters or more is in {rarest} texts of column {column!r}, which has {len(texts)}"
        ) from error
    model.column_ = column
    return Words(weighted(model, table), model)


def weighted(model: Any, table: Any) -> Any:
    """Return a table with the weights of the words of a text in place of it."""
    import pandas

    column = getattr(model, "column_", "")
    if not column:
        raise ValueError("this model does not know which column holds the texts: make it by Word weights")
    texts = [str(text) for text in answers(table, column)]
    weights = model.transform(texts).toarray()
    others = table.drop(columns=column)
    names = [str(name) for name in model.get_feature_names_out()]
    check_new(others, *names)
    return pandas.concat([others, pandas.DataFrame(weights, columns=names, index=table.index)], axis=1)

"""Models in files: what comes back is what was saved, and what may do harm does not come in."""

from __future__ import annotations

import zipfile
from functools import partial

import numpy as np
import onnx
import pandas as pd
import pytest
import skops.io
from onnx import TensorProto, helper

from flodesk.nodes import learn
from flodesk.vetting import check_trees

CASES = pd.DataFrame({"x": np.linspace(0.0, 3.0, 40), "y": np.tile([0.0, 1.0], 20)})
CASES["target"] = 2.0 * CASES.x + CASES.y
KINDS = CASES.assign(target=np.where(CASES.target > 3.0, "high", "low"))
TRAIN = {
    "forest": lambda: learn.forest_classifier(KINDS, trees=5),
    "tree": lambda: learn.tree_regressor(CASES),
    "boosting": lambda: learn.boosting_regressor(CASES, rounds=5, leaf=2),
    "svm": lambda: learn.svm_classifier(KINDS, probabilities=True),
    "network": lambda: learn.network_regressor(CASES, layers=[4], rounds=5),
    "process": lambda: learn.gaussian_process(CASES.head(12), smoothness="rough"),
    "neighbours": lambda: learn.neighbours_classifier(KINDS),
    "clusters": lambda: learn.k_means(CASES).model,
    "outliers": lambda: learn.isolation_forest(CASES, trees=5).model,
}


@pytest.mark.node("learn.save_model", "learn.load_model")
@pytest.mark.parametrize("kind", TRAIN)
def test_a_model_comes_back(kind, tmp_path):
    model = TRAIN[kind]()
    place = learn.save_model(model, tmp_path / "model.skops")
    assert [path.name for path in tmp_path.iterdir()] == ["model.skops"]
    again = learn.load_model(place)
    assert type(again) is type(model)
    assert learn.predict(again, CASES).equals(learn.predict(model, CASES))


@pytest.mark.node("learn.load_model")
def test_what_transforms_comes_back(tmp_path):
    texts = pd.DataFrame({"text": ["red pump", "blue pump"]})
    made = learn.tf_idf(texts, "text")
    again = learn.load_model(learn.save_model(made.model, tmp_path / "words.skops"))
    assert learn.transform(again, texts).equals(made.table)
    reduced = learn.pca(CASES)
    again = learn.load_model(learn.save_model(reduced.model, tmp_path / "pca.skops"))
    assert learn.transform(again, CASES).equals(reduced.table)


def spoil_tree(tree, **changes):
    """Give a tree other numbers than it has, as whoever edits a file can."""
    state = tree.__getstate__()
    nodes = state["nodes"].copy()
    for name, value in changes.items():
        if name in nodes.dtype.names:
            nodes[name][0] = value
    tree.__setstate__({**state, "nodes": nodes, **{k: v for k, v in changes.items() if k in state}})


SPOILS = {
    "node": lambda model: spoil_tree(model.estimators_[0].tree_, left_child=10**6),
    "right": lambda model: spoil_tree(model.estimators_[0].tree_, right_child=10**6),
    "circle": lambda model: spoil_tree(model.estimators_[0].tree_, left_child=0),
    "column": lambda model: spoil_tree(model.estimators_[0].tree_, feature=2),
    "below": lambda model: spoil_tree(model.estimators_[0].tree_, feature=-5),
}


@pytest.mark.node("learn.load_model")
@pytest.mark.parametrize("spoil", SPOILS)
def test_a_tree_that_leads_outside_does_not_come_in(spoil, tmp_path):
    model = learn.forest_classifier(KINDS, trees=2)
    SPOILS[spoil](model)
    skops.io.dump(model, tmp_path / "bad.skops")
    with pytest.raises(ValueError, match="leads to a node or a column that does not exist"):
        learn.load_model(tmp_path / "bad.skops")


@pytest.mark.node("learn.load_model")
def test_a_forest_that_counts_wrong_does_not_come_in(tmp_path):
    place = tmp_path / "bad.skops"

    def refused(model, words):
        skops.io.dump(model, place)
        with pytest.raises(ValueError, match=words):
            learn.load_model(place)

    fewer = learn.forest_classifier(KINDS, trees=2)
    fewer.n_features_in_ = 1
    fewer.feature_names_in_ = fewer.feature_names_in_[:1]
    refused(fewer, "a column that does not exist")
    boosted = learn.boosting_regressor(CASES, rounds=1, leaf=2)
    boosted._predictors[0][0].nodes["left"][0] = 10**6
    refused(boosted, "a node or a column that does not exist")
    kinds = learn.boosting_regressor(CASES, rounds=1, leaf=2)
    kinds._predictors[0][0].nodes["is_categorical"][0] = 1
    refused(kinds, "asks for kinds")
    coded = learn.boosting_regressor(CASES, rounds=1, leaf=2)
    coded._bin_mapper.is_categorical_ = np.array([1, 0], dtype=np.uint8)
    refused(coded, "looks at kinds")
    lonely = learn.isolation_forest(CASES, trees=2).model
    lonely.estimators_features_[1] = lonely.estimators_features_[1][:1]
    refused(lonely, "given another number of columns")


@pytest.mark.node("learn.load_model")
def test_a_tree_with_more_nodes_than_it_brings_does_not_come_in(tmp_path):
    model = learn.tree_regressor(CASES, depth=1)
    state = model.tree_.__getstate__()
    model.tree_.__setstate__({**state, "nodes": state["nodes"][:1].copy(), "values": state["values"][:1].copy()})
    skops.io.dump(learn.tree_regressor(CASES, depth=1), tmp_path / "good.skops")
    with pytest.raises(ValueError, match="fewer nodes than it says"):
        check_trees(model)
    check_trees(learn.load_model(tmp_path / "good.skops"))


@pytest.mark.node("learn.load_model")
def test_what_is_not_known_is_refused_unless_it_is_trusted(tmp_path):
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import HuberRegressor
    from sklearn.preprocessing import FunctionTransformer

    place = tmp_path / "model.skops"
    skops.io.dump(FunctionTransformer(func=print), place)
    with pytest.raises(ValueError, match=r"not known to be harmless: builtins\.print\. If you know who"):
        learn.load_model(place)
    assert learn.load_model(place, trust=["builtins.print"]).func is print
    skops.io.dump(GradientBoostingClassifier(n_estimators=2).fit(CASES[["x", "y"]], KINDS.target), place)
    with pytest.raises(ValueError, match=r"trees in GradientBoostingClassifier are not known .* add sklearn\.tree"):
        learn.load_model(place)
    assert learn.load_model(place, trust=["sklearn.tree._tree.Tree"]).n_estimators == 2
    skops.io.dump(HuberRegressor().fit(CASES[["x", "y"]], CASES.target), place)
    assert learn.predict_one(learn.load_model(place), [1.0, 0.0]) == pytest.approx(2.0, abs=0.01)


@pytest.mark.node("learn.load_model")
def test_who_trusts_another_type_does_not_trust_the_trees(tmp_path):
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    place = tmp_path / "model.skops"
    forest = learn.forest_classifier(KINDS, trees=2)
    model = make_pipeline(FunctionTransformer(func=print), forest)
    skops.io.dump(model, place)
    assert learn.load_model(place, trust=["builtins.print"]).steps[0][1].func is print
    spoil_tree(forest.estimators_[0].tree_, left_child=10**6)
    skops.io.dump(model, place)
    with pytest.raises(ValueError, match=r"leads to a node .* add sklearn\.tree\._tree\.Tree to trust"):
        learn.load_model(place, trust=["builtins.print"])
    loaded = learn.load_model(place, trust=["builtins.print", "sklearn.tree._tree.Tree"])
    assert loaded.steps[1][1].n_estimators == 2


class Own:
    """A trusted type of somebody else, which holds itself."""

    def __init__(self, part):
        self.part, self.me = part, self


@pytest.mark.parametrize(
    "inside", [Own, lambda one: Own([one]), lambda one: partial(print, one), lambda one: one.apply]
)
def test_trees_in_objects_of_others_are_found(inside):
    model = learn.tree_regressor(CASES)
    tree = model.tree_
    with pytest.raises(ValueError, match="are not known well enough to be trusted"):
        check_trees(inside(tree if inside is Own else model))
    check_trees(inside(model), frozenset({"sklearn.tree._tree.Tree"}))


@pytest.mark.node("learn.save_model", "learn.load_model")
def test_what_is_no_model_is_said(tmp_path, capsys, monkeypatch):
    place = tmp_path / "model.skops"
    with pytest.raises(FileNotFoundError, match="there is no file"):
        learn.load_model(place)
    with pytest.raises(TypeError, match="a model is needed, and int came"):
        learn.save_model(5, place)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        learn.save_model(TRAIN["tree"](), tmp_path / "no" / "model.skops")
    for content in (b"", b"text", (tmp_path / "..").resolve().name.encode() * 99):
        place.write_bytes(content)
        with pytest.raises(ValueError, match="is no file of a model"):
            learn.load_model(place)
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("schema.json", "{}")
    with pytest.raises(ValueError, match="is no file of a model"):
        learn.load_model(place)
    skops.io.dump({"a": 1}, place)
    with pytest.raises(ValueError, match="holds dict and no model"):
        learn.load_model(place)
    monkeypatch.setattr("sklearn.base.__version__", "1.2.3")
    learn.save_model(TRAIN["neighbours"](), place)
    monkeypatch.undo()
    learn.load_model(place)
    assert "was saved by scikit-learn 1.2.3" in capsys.readouterr().out


def network(tmp_path, rows="n", inputs=1, kind=TensorProto.FLOAT):
    """Write a network that gives 2 a + 3 b + 1, and its negative."""
    given = [helper.make_tensor_value_info(name, kind, [rows, 2]) for name in ("x", "z")[:inputs]]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [rows, 1]) for name in ("y", "negative")]
    weights = [
        helper.make_tensor("w", TensorProto.FLOAT, [2, 1], [2.0, 3.0]),
        helper.make_tensor("b", TensorProto.FLOAT, [1], [1.0]),
    ]
    cast = [helper.make_node("Cast", ["x"], ["f"], to=TensorProto.FLOAT)]
    nodes = [*cast, helper.make_node("Gemm", ["f", "w", "b"], ["y"]), helper.make_node("Neg", ["y"], ["negative"])]
    graph = helper.make_graph(nodes, "sum", given, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, tmp_path / "sum.onnx")
    return tmp_path / "sum.onnx"


@pytest.mark.node("learn.OnnxModel")
def test_a_network_of_another_program_is_asked(tmp_path):
    model = learn.OnnxModel(network(tmp_path))
    assert model([[1.0, 1.0], [0.0, 2.0]]).tolist() == [[6.0], [7.0]]
    assert model([1, 1]).tolist() == [6.0]
    assert model(pd.DataFrame({"a": [1.0], "b": [3.0]})).tolist() == [[12.0]]
    assert learn.OnnxModel(network(tmp_path), output="negative")([1.0, 1.0]).tolist() == [-6.0]
    assert learn.OnnxModel(network(tmp_path, rows=1))([1.0, 1.0]).tolist() == [6.0]
    assert learn.OnnxModel(network(tmp_path, kind=TensorProto.INT64))(np.array([1.0, 1.0])).tolist() == [6.0]
    with pytest.raises(ValueError, match=r"shape \(1, 3\) came, and the model takes any × 2"):
        model([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"shape \(1, 1, 1\) came"):
        model(np.zeros((1, 1, 1)))
    with pytest.raises(TypeError, match="list came, and cannot be read as numbers"):
        model(["a", "b"])
    model.close()


@pytest.mark.node("learn.OnnxModel")
def test_what_is_no_such_network_is_said(tmp_path):
    with pytest.raises(ValueError, match="2 inputs \\(x, z\\): this node takes models of one"):
        learn.OnnxModel(network(tmp_path, inputs=2))
    with pytest.raises(ValueError, match="has no output 'p': it has y, negative"):
        learn.OnnxModel(network(tmp_path), output="p")
    with pytest.raises(TypeError, match=r"takes tensor\(string\), which no array has"):
        learn.OnnxModel(network(tmp_path, kind=TensorProto.STRING))([[1.0, 1.0]])
    (tmp_path / "sum.onnx").write_bytes(b"no network")
    with pytest.raises(ValueError, match="is no ONNX model that can be read"):
        learn.OnnxModel(tmp_path / "sum.onnx")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        learn.OnnxModel(tmp_path)

"""Machine learning with scikit-learn: models that are trained by tables, and what they say of others.

A model travels along a wire as the estimator itself, and knows the names of the columns that it was trained with. It
goes to the processes of this machine (place ``process``) where skops is installed; to others a file takes it.
"""

from __future__ import annotations

from flodesk.nodes.learn.classifiers import (
    logistic_regression,
    naive_bayes,
    neighbours_classifier,
    network_classifier,
    svm_classifier,
)
from flodesk.nodes.learn.clusters import agglomerative, agreement, dbscan, k_means, mixture, silhouette
from flodesk.nodes.learn.explaining import importance, partial_dependence, permutation_importance
from flodesk.nodes.learn.networks import OnnxModel
from flodesk.nodes.learn.outlying import find_outliers, isolation_forest, local_outliers
from flodesk.nodes.learn.predicting import predict, predict_one, predict_with_uncertainty, probabilities
from flodesk.nodes.learn.preparing import scaler, split, tf_idf, transform
from flodesk.nodes.learn.reducing import nmf, pca, t_sne
from flodesk.nodes.learn.regressors import gaussian_process, neighbours_regressor, network_regressor, svm_regressor
from flodesk.nodes.learn.scores import (
    class_report,
    confusion_matrix,
    precision_recall,
    roc_curve,
    score_classes,
    score_numbers,
)
from flodesk.nodes.learn.storing import load_model, save_model
from flodesk.nodes.learn.sums import lasso_regressor, linear_regressor, ridge_regressor
from flodesk.nodes.learn.trees import (
    boosting_classifier,
    boosting_regressor,
    forest_classifier,
    forest_regressor,
    tree_classifier,
    tree_regressor,
)
from flodesk.nodes.learn.validating import cross_validate, grid_search, learning_curve

__all__ = [
    "OnnxModel", "agglomerative", "agreement", "boosting_classifier", "boosting_regressor", "class_report",
    "confusion_matrix", "cross_validate", "dbscan", "find_outliers", "forest_classifier", "forest_regressor",
    "gaussian_process", "grid_search", "importance", "isolation_forest", "k_means", "lasso_regressor",
    "learning_curve", "linear_regressor", "load_model", "local_outliers", "logistic_regression", "mixture",
    "naive_bayes", "neighbours_classifier", "neighbours_regressor", "network_classifier", "network_regressor",
    "nmf", "partial_dependence", "pca", "permutation_importance", "precision_recall", "predict", "predict_one",
    "predict_with_uncertainty", "probabilities", "ridge_regressor", "roc_curve", "save_model", "scaler",
    "score_classes", "score_numbers", "silhouette", "split", "svm_classifier", "svm_regressor", "t_sne", "tf_idf",
    "transform", "tree_classifier", "tree_regressor",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__

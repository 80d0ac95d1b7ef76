"""Whether a classifier can tell new texts from the training texts: a reading, never a trigger.

A level of AUC means little alone: with one row in ten of another topic it is .54, and the test set
of a benchmark can lie further from its own training set than that. So it is shown beside the other
signals, with the error that it has where nothing can be told apart.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Any, Final

from msgspec import Struct

from ftaudit.model.errors import InputError, UsageError

FOLDS: Final = 5
SEED: Final = 0
"""Of the shuffle before rows are dealt to folds."""


class DomainAuc(Struct, frozen=True):
    """Area under the ROC curve of training texts against new ones, each row out of fold."""

    auc: float
    """In [0, 1]; .5 tells nothing apart."""
    null_error: float
    """Standard error where nothing can be told apart (Mann-Whitney)."""

    @property
    def errors_away(self) -> float:
        """How many such errors lie between the AUC and .5."""
        return (self.auc - 0.5) / self.null_error


def domain_auc(training: Sequence[str], new: Sequence[str]) -> DomainAuc:
    """Return how well a linear classifier of words tells new texts from training texts.

    Logistic regression with balanced classes over TF-IDF (1 + log of the count, words that stand
    in two rows at least), five stratified folds, shuffled with a fixed seed.

    Raises:
        InputError: fewer rows on a side than folds, or no word stands in two rows.
        UsageError: scikit-learn is not installed.
    """
    if min(len(training), len(new)) < FOLDS:
        problem = f"a classifier of {FOLDS} folds needs as many texts on each side"
        raise InputError("new data", problem, remedy="Give more rows, or leave it out")
    labels = [0] * len(training) + [1] * len(new)
    auc = _out_of_fold_auc([*training, *new], labels)
    rows = len(training), len(new)
    return DomainAuc(auc, sqrt((sum(rows) + 1) / (12 * rows[0] * rows[1])))


def _out_of_fold_auc(texts: list[str], labels: list[int]) -> float:
    learning = _scikit_learn()
    vectorizer = learning["text"].TfidfVectorizer(sublinear_tf=True, min_df=2)
    try:
        weights = vectorizer.fit_transform(texts)
    except ValueError:  # an empty vocabulary
        problem = "no word stands in two texts, so a classifier has nothing to learn from"
        raise InputError("new data", problem, remedy="Leave --domain-classifier out") from None
    classifier = learning["linear_model"].LogisticRegression(max_iter=1000, class_weight="balanced")
    selection = learning["model_selection"]
    folds = selection.StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    scores = selection.cross_val_predict(
        classifier, weights, labels, cv=folds, method="decision_function"
    )
    return float(learning["metrics"].roc_auc_score(labels, scores))


def _scikit_learn() -> dict[str, Any]:
    try:
        from sklearn import linear_model, metrics, model_selection
        from sklearn.feature_extraction import text
    except ImportError:
        message = "--domain-classifier needs the extra: pip install 'ftaudit[drift]'"
        raise UsageError(message) from None
    return {
        "linear_model": linear_model,
        "metrics": metrics,
        "model_selection": model_selection,
        "text": text,
    }

"""Macro-F1: a mean over classes, so no mean of rows."""

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.statistics.bootstrap import Values, Weights

Codes = npt.NDArray[np.int64]


class MacroF1(Struct, frozen=True, eq=False):
    """Macro-F1 as a function of weights on cells (reference, output).

    Classes are those of the references: an output that is no class is wrong for its reference,
    and makes no class of its own.
    """

    references: Codes
    """Class of every cell's reference, from 0."""
    outputs: Codes
    """Class of every cell's output, from 0; -1 when it is none."""
    classes: int

    def __call__(self, weights: Weights) -> Values:
        """Return one value in [0, 1] per draw; `weights` is draws x cells."""
        right = self.references == self.outputs
        truths = weights @ self._indicator(self.references)
        predicted = weights @ self._indicator(self.outputs)
        hits = (weights * right) @ self._indicator(self.references)
        denominators = truths + predicted
        scores = np.divide(2 * hits, denominators, out=np.zeros_like(hits), where=denominators > 0)
        present = denominators > 0
        counts = present.sum(axis=1)
        means: Values = np.divide(
            scores.sum(axis=1), counts, out=np.zeros(len(weights)), where=counts > 0
        )
        return means

    def _indicator(self, codes: Codes) -> Weights:
        table = np.zeros((len(codes), self.classes))
        inside = np.flatnonzero(codes >= 0)
        table[inside, codes[inside]] = 1.0
        return table

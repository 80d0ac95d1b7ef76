"""Distributions of scipy: the one module that imports it, when a tail is first asked for."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TypeAlias, cast

UpperGamma: TypeAlias = Callable[[float, float], float]


def binomial_at_most(successes: int, trials: int, probability: float = 0.5) -> float:
    """Return P(X <= successes) for X ~ Bin(trials, probability)."""
    from scipy.stats import binom

    return float(binom.cdf(successes, trials, probability))


def binomial_exactly(successes: int, trials: int, probability: float = 0.5) -> float:
    """Return P(X = successes) for X ~ Bin(trials, probability)."""
    from scipy.stats import binom

    return float(binom.pmf(successes, trials, probability))


def binomial_masses(trials: int, probability: float) -> Sequence[float]:
    """Return P(X = k) for k = 0 … trials, X ~ Bin(trials, probability)."""
    import numpy as np
    from scipy.stats import binom

    return [float(mass) for mass in binom.pmf(np.arange(trials + 1), trials, probability)]


def chi_square_tail(statistic: float, freedom: int) -> float:
    """Return the probability that chi-square with `freedom` degrees is at least `statistic`."""
    return float(_upper_gamma()(freedom / 2, statistic / 2))


@cache
def _upper_gamma() -> UpperGamma:
    """Return `scipy.special.gammaincc`, the function behind `scipy.stats.chi2.sf`.

    It stands in an extension module that needs nothing of scipy; importing scipy's packages around
    it takes as long as scanning a small file. Where a version of scipy is built otherwise, they
    are imported.
    """
    with suppress(Exception):
        found = find_spec("scipy")
        for folder in (found and found.submodule_search_locations) or ():
            name = "_special_ufuncs"
            for path in (Path(folder) / "special").glob(f"{name}{EXTENSION_SUFFIXES[0]}"):
                spec = spec_from_file_location(name, path)
                if spec is not None and spec.loader is not None:
                    module = module_from_spec(spec)
                    spec.loader.exec_module(module)
                    return cast("UpperGamma", module.gammaincc)
    from scipy.special import gammaincc

    return cast("UpperGamma", gammaincc)


def student_quantile(confidence: float, freedom: int) -> float:
    """Return t such that Student's t with `freedom` degrees lies within -t and t."""
    from scipy.stats import t

    return float(t.ppf((1 + confidence) / 2, freedom))


def student_tail(statistic: float, freedom: int) -> float:
    """Return the two-sided p-value of Student's t."""
    from scipy.stats import t

    return float(2 * t.sf(abs(statistic), freedom))


def rate_limit(events: int, trials: int, confidence: float = 0.95) -> float:
    """Return the one-sided upper limit of a rate (Clopper and Pearson 1934).

    None in n trials still allows up to 1 - (1 - confidence)^(1/n).
    """
    from scipy.stats import binomtest

    test = binomtest(events, trials, alternative="less")
    return float(test.proportion_ci(confidence_level=confidence, method="exact").high)


def smirnov_tail(distance: float, left: int, right: int) -> float:
    """Return the p-value of the two-sample Kolmogorov-Smirnov distance of two sample sizes.

    The asymptotic distribution of Kolmogorov at sqrt(n m / (n + m)), as
    `scipy.stats.ks_2samp(method="asymp")` takes it.
    """
    from scipy.stats import kstwo

    large, small = sorted((left, right), reverse=True)
    return float(kstwo.sf(distance, round(large * small / (large + small))))

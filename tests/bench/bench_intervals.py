"""How often the intervals hold the true lift: simulated coverage of nominal 95 %.

Run by hand: `python -m tests.bench --only intervals`. Prints a Markdown table.
"""

import numpy as np

from ftaudit.model.statistics.bootstrap import bootstrap
from ftaudit.model.statistics.interval import Interval
from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.model.statistics.paired_intervals import newcombe, tango, wald

SIMULATIONS = 1_500
CASES = (
    (50, 0.06, 0.02),
    (100, 0.05, 0.02),
    (100, 0.20, 0.08),
    (300, 0.15, 0.05),
    (1_000, 0.15, 0.05),
)
"""Rows, discordance, true lift."""
VALUES = np.array([-1.0, 0.0, 1.0])


def resampled(counts: PairedCounts) -> Interval:
    """Return the percentile bootstrap of the lift."""
    cells = np.array([counts.broken, counts.both + counts.neither, counts.fixed])
    values, kept = VALUES[cells > 0], cells[cells > 0]
    drawn = bootstrap(lambda weights: weights @ values / weights.sum(axis=1), kept, draws=2_000)
    return drawn.percentile()


METHODS = {"Wald": wald, "percentile bootstrap": resampled, "Tango": tango, "Newcombe": newcombe}


def main() -> None:
    """Print the share of simulations whose interval holds the true lift."""
    print(f"| rows | discordance | lift | {' | '.join(METHODS)} |")
    print("| ---: | ---: | ---: |" + " ---: |" * len(METHODS))
    generator = np.random.default_rng(12)
    for rows, discordance, lift in CASES:
        fixed, broken = (discordance + lift) / 2, (discordance - lift) / 2
        drawn = generator.multinomial(rows, [fixed, broken, 1 - discordance], size=SIMULATIONS)
        tables = [PairedCounts(int(rest), int(b), int(c), 0) for b, c, rest in drawn]
        shares = [np.mean([_holds(method(t), lift) for t in tables]) for method in METHODS.values()]
        cells = " | ".join(f"{share:.3f}" for share in shares)
        print(f"| {rows:,} | {discordance:.2f} | {lift:.2f} | {cells} |", flush=True)


def _holds(interval: Interval, lift: float) -> bool:
    return interval.lower <= lift <= interval.upper


if __name__ == "__main__":
    main()

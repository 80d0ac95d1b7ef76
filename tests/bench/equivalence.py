"""Prove that the two-stage scan finds what plain Presidio finds, row by row.

Run it as `python tests/bench/equivalence.py [share]`: share in (0, 1] of the rows, by default all.
Ends with 1 when any row differs. A version of presidio-analyzer or phonenumbers for which this
has not passed is not in `ftaudit.privacy.presidio.library_versions.PROVEN`.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

if __name__ == "__main__":  # run by its path, from anywhere
    sys.path.insert(0, str(Path(__file__).parents[2]))

from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.presidio import plain_analyzer, registry, two_stage
from tests.bench import pii_corpus as corpus

LANGUAGES = ("es", "it", "pl", "de", "fi", "ko", "kr", "sv", "th", "tr", "fr")
"""Languages besides English for which Presidio has recognizers."""


@dataclass(frozen=True)
class Difference:
    """A row on which the two differ. The texts are made up: they may be shown."""

    text: str
    plain: list[Span]
    fast: list[Span]


@dataclass(frozen=True, eq=False)
class Pair:
    """Two engines that must agree."""

    plain: plain_analyzer.PlainAnalyzer
    fast: two_stage.TwoStageSearch

    def differences(self, rows: Sequence[str]) -> tuple[int, list[Difference]]:
        """Return the number of findings of plain Presidio, and the rows that differ."""
        texts = pl.Series(rows, dtype=pl.String)
        plain, fast = dict(self.plain.find(texts)), dict(self.fast.find(texts))
        wrong = [
            Difference(row, plain.get(i, []), fast.get(i, []))
            for i, row in enumerate(rows)
            if plain.get(i) != fast.get(i)
        ]
        return sum(map(len, plain.values())), wrong


def pair(
    languages: tuple[str, ...], countries: tuple[str, ...] | None, own: tuple[str, ...] = ()
) -> tuple[Pair, list[str]]:
    """Build both engines, and values written from the patterns of their recognizers."""
    recognizers = registry.load(languages, countries, own)
    both = Pair(
        plain_analyzer.PlainAnalyzer(recognizers),
        two_stage.TwoStageSearch(two_stage.activate(recognizers)),
    )
    return both, corpus.from_patterns(recognizers)


def suites(share: float = 1.0) -> Iterator[tuple[str, Pair, list[str]]]:
    """Yield (name, engines, rows): 25,000 rows in all, or a share of each suite."""

    def some(rows: list[str]) -> list[str]:
        return rows[:: max(1, round(1 / share))]

    english, written = pair(("en",), None)
    yield "annotated", english, some(corpus.sentences())
    yield "questions", english, some(corpus.intents()[::9])
    yield "maths", english, some(corpus.maths()[::9])
    yield "mixed", english, some(corpus.mixed(1_500, seed=5))
    yield "clean", english, some(corpus.clean(500, seed=5))
    yield "dense", english, some(corpus.dense(300, seed=5))
    yield "fuzzed", english, some(corpus.fuzzed(9_500, seed=7, more=written))
    yield "long", english, some(corpus.long(6, seed=5))[: max(1, round(6 * share))]
    everywhere, written = pair(("en",), registry.known_countries())
    yield "fuzzed, every country", everywhere, some(corpus.fuzzed(4_000, seed=8, more=written))
    yield "mixed, every country", everywhere, some(corpus.mixed(300, seed=6))
    yield "dense, every country", everywhere, some(corpus.dense(100, seed=6))
    for language in LANGUAGES:
        own, written = pair((language,), _countries(language))
        yield f"fuzzed, {language}", own, some(corpus.fuzzed(400, seed=9, more=written))
        yield f"mixed, {language}", own, some(corpus.mixed(100, seed=9))
    several, written = pair(("en", "es", "de"), registry.known_countries())
    yield "fuzzed, en es de", several, some(corpus.fuzzed(300, seed=10, more=written))


def _countries(language: str) -> tuple[str, ...] | None:
    alike = {"ko": "kr", "kr": "kr", "sv": "se", "th": "th", "tr": "tr", "fr": "ca"}
    country = alike.get(language, language)
    return (country,) if country in registry.known_countries() else None


def main(share: float) -> int:
    """Run every suite and print what differs."""
    rows_in_all = findings_in_all = wrong_in_all = 0
    for name, both, rows in suites(share):
        started = time.perf_counter()
        findings, wrong = both.differences(rows)
        seconds = time.perf_counter() - started
        counts = f"{len(rows):6} rows {findings:7} findings {len(wrong):4} differ"
        print(f"{name:22} {counts} {seconds:6.0f} s", flush=True)
        for each in wrong[:3]:
            print(f"    {each.text[:400]!r}\n    plain {each.plain}\n    fast  {each.fast}")
        rows_in_all += len(rows)
        findings_in_all += findings
        wrong_in_all += len(wrong)
    print(f"{rows_in_all} rows, {findings_in_all} findings, {wrong_in_all} rows differ")
    return min(wrong_in_all, 1)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))

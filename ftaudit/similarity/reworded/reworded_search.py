"""Rows that say what a training row says, in other words: one line from texts to matches.

1. Read the holdout rows and a sample of the training rows; they tell how rare each word is.
2. Compare some rows of the sample with all others: what likeness is chance here (`chance_level`)?
   Rows among them that stand clear of chance say what another training row says.
3. Find for each holdout row the training rows that stand clear of chance, in one pass.

Rows that are near-identical to their match are left out: they are found as what they are.
"""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import ClassVar, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.model.progress import Silent
from ftaudit.similarity.relation import SearchLimit
from ftaudit.similarity.reworded.best_matches import (
    BestMatches,
    IndexedJoin,
    LeastLikeness,
    PlainJoin,
    load_join,
    without_other_signs,
)
from ftaudit.similarity.reworded.chance_level import (
    DEVIATIONS,
    WITH_VECTORS,
    ChanceLevel,
    chance_level,
)
from ftaudit.similarity.reworded.kernel_tokens import read_quickly
from ftaudit.similarity.reworded.kernel_weighing import KernelWeighing, count_words
from ftaudit.similarity.reworded.weighted_rows import CorpusWords, WeightedRows, vocabulary, weigh
from ftaudit.similarity.reworded.word_features import SIGNS, Tokens, joined, read_tokens
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.sorted_values import distinct_values
from ftaudit.similarity.search.containment import in_ranges, texts_in
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.static_vectors import cosines
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_hashes import TextHashes
from ftaudit.similarity.text.text_source import NumberedTexts, Ranges, TextReading, TextSlice

SAMPLE: Final = 20_000
"""Training rows, evenly spread, that stand for the corpus."""
WITHOUT_HOLDOUT: Final = 5_000
"""The same where there is no holdout: then rewordings are but noted."""
COMPARED: Final = 1_000
"""Rows of the sample, evenly spread, that are compared with all of it."""
MOST: Final = 5
"""Training rows that are kept for one holdout row."""
SMALL: Final = 400_000
"""Bytes of text up to which no kernel is loaded."""
AT_ONCE: Final = 50_000
"""Holdout rows looked for at once; more take further passes over the training data."""
MOST_PAIRS: Final = 10_000_000_000
"""Training rows times holdout rows up to which every holdout row is looked for: a minute of a
core. Of more holdout rows an even sample is, of at least `COMPARED`, and a note says so."""
MOST_POOLED: Final = 200_000
"""Rows up to which all are compared with all."""
CANDIDATES: Final = 10
"""Training rows of which the vectors are compared with those of one row."""
VECTOR_SHARE: Final = 0.3
"""Share of the likeness that the cosine of the vectors makes, where a model was given."""
MARGIN: Final = 0.95
"""Share of the threshold from which rows are joined before a split: that of a scan of the parts is
estimated anew, of fewer rows."""
ANY: Final = LeastLikeness(0.05, 0.05)
"""Likeness below which rows have nothing in common."""

KIND: Final = "reworded"
"""Of the clusters in the relation."""
NAMES: Final = {HOLDOUT: "holdout rows", TRAIN: "training rows that were compared"}

REWORDED: Final = pl.Schema({"row": pl.Int64, "match": pl.Int64, "likeness": pl.Float64})
"""A row, a training row that says the same in other words, and their likeness."""

Rows = npt.NDArray[np.int64]
"""Row numbers, ascending."""
ClustersOf: TypeAlias = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]]
"""Row numbers → a number for each: equal ones are of one cluster of near-identical rows."""


class RewordedRows(Struct, frozen=True, eq=False):
    """Rows with their matches, and the threshold that made them so."""

    pairs: pl.DataFrame
    """`REWORDED`, ascending in `row`, the most alike first: holdout rows, and those of the compared
    training rows, each with its best match."""
    configuration: Mapping[str, object]
    limits: tuple[SearchLimit, ...] = ()
    """Of which rows it could not be told, and of which not where they are of training."""


def find_reworded(
    task: SearchTask, given_away: Rows, clusters_of: ClustersOf, *, small: int = SMALL
) -> RewordedRows:
    """Return the rows that say in other words what a training row says.

    Args:
        task: the search.
        given_away: holdout rows that need not be looked for, ascending.
        clusters_of: tells the clusters of near-identical rows.
        small: bytes of text up to which no kernel is loaded; decides no result.
    """
    train, holdout = (task.source.numbering.of_split(split) for split in (TRAIN, HOLDOUT))
    sought = np.setdiff1d(_numbers(holdout), given_away, assume_unique=True)
    most = max(COMPARED, MOST_PAIRS // max(1, sum(high - low for low, high in train)))
    size = SAMPLE if holdout else WITHOUT_HOLDOUT
    searched = _search(task, train, _spread(sought, most), clusters_of, small, size=size)
    if len(sought) <= most:
        return searched
    note = (
        f"rewordings were looked for of {most:,} holdout rows, evenly spread, of {len(sought):,}: "
        "the rows counted as reworded are a lower bound"
    )
    left = SearchLimit(KIND, HOLDOUT, len(sought) - most, len(sought), note)
    configuration = {**searched.configuration, "sought": most}
    return RewordedRows(searched.pairs, configuration, (*searched.limits, left))


def join_reworded(task: SearchTask, clusters_of: ClustersOf) -> RewordedRows:
    """Return the rows that say in other words what any other row says, whatever their splits.

    Of each row the five most alike. More than `MOST_POOLED` rows are not searched.
    """
    if task.rows > MOST_POOLED:
        return RewordedRows(REWORDED.to_frame(), {"searched": False})
    return _search(
        task, [(0, task.rows)], np.arange(task.rows), clusters_of, SMALL, keys=_content_keys(task)
    )


def _search(  # noqa: PLR0913 - the one line, for both ways to ask
    task: SearchTask,
    train: list[tuple[int, int]],
    sought_rows: Rows,
    clusters_of: ClustersOf,
    small: int,
    *,
    size: int = SAMPLE,
    keys: Hashes | None = None,
) -> RewordedRows:
    """Look for the sought rows among the training rows.

    `size` training rows stand for the corpus. With `keys`, hashes of all texts, samples are drawn
    by content and not by place, and the threshold has a margin.
    """
    is_small = _is_small(task, small)
    if not is_small:
        load_join(task.progress)
    sample_rows = _spread_in(train, size) if keys is None else _spread(_numbers(train), size, keys)
    reading = read_tokens if is_small else read_quickly
    sample, sought = _read(task, (sample_rows, sought_rows), reading)
    with (Silent() if is_small else task.progress).stage("counting words", 2) as advance:
        words = (vocabulary if is_small else count_words)([sample, sought])
        advance(1)
        weighing = partial(weigh, words=words) if is_small else KernelWeighing(words).weigh
        advance(1)
    sample_keys = None if keys is None else keys[sample_rows]
    corpus = _Corpus(
        *(task, train, sample_rows, weighing(sample), words, is_small, sample_keys),
        _TextWeighing(reading, weighing),
    )
    level, duplicates = corpus.chance()
    least = level.least
    if keys is not None:
        least = LeastLikeness(MARGIN * least.words, MARGIN * least.numbers)
    every = weighing(sought)
    parts = [duplicates]
    for low in range(0, len(sought_rows), AT_ONCE):
        part = np.arange(low, min(low + AT_ONCE, len(sought_rows)))
        rows = sought_rows[part]
        parts.append(corpus.match(every.only(part), rows, least))
    pairs = pl.concat(parts).unique(["row", "match"])
    left, right = (clusters_of(pairs[name].to_numpy()) for name in ("row", "match"))
    ordered = without_other_signs(task, pairs.filter(pl.Series(left != right))).sort(
        "row", "likeness", "match", descending=[False, True, False]
    )
    configuration = {**level.configuration, **corpus.configuration}
    limits = _alike(level, every.numbered, corpus.compared.numbered)
    untold = {"untold": {limit.split: limit.rows for limit in limits}} if limits else {}
    return RewordedRows(ordered, {**configuration, **untold}, limits)


def _alike(
    level: ChanceLevel, sought: npt.NDArray[np.bool_], compared: npt.NDArray[np.bool_]
) -> tuple[SearchLimit, ...]:
    """Return of how many sought and compared rows it cannot be told, as all rows are alike."""
    rows = {HOLDOUT: sought, TRAIN: compared}
    untold = {split: level.untold(numbered) for split, numbered in rows.items()}
    return tuple(
        SearchLimit(
            KIND,
            split,
            untold[split],
            len(numbered),
            f"whether training says in other words what {untold[split]:,} of {len(numbered):,} "
            f"{NAMES[split]} say cannot be told: the rows of this data are too much alike, and "
            "only those of the very same words are named",
        )
        for split, numbered in rows.items()
        if untold[split]
    )


class _TextWeighing(Struct, frozen=True, eq=False):
    """Reads texts and weighs their words."""

    reading: Callable[[pl.Series], Tokens]
    weighing: Callable[[Tokens], WeightedRows]

    def __call__(self, texts: pl.Series) -> WeightedRows:
        """Return the rows as weighted words and numbers."""
        return self.weighing(self.reading(texts))


class _RewordingMatch(Struct, frozen=True, eq=False):
    """Matches sought rows with the texts of ranges."""

    join: PlainJoin | IndexedJoin
    weighing: _TextWeighing
    least: LeastLikeness
    ranges: Ranges
    nothing: BestMatches
    """No match for any sought row."""
    kernels: ClassVar[tuple[str, ...]] = ("word_tokens", "weighted_join")

    def __call__(self, reading: TextReading, /) -> BestMatches:
        """Return the best matches of all texts."""
        best = self.nothing
        inside = reading.source.within(self.ranges)
        for count, matches in reading.workers.through(inside, self._matched):
            best = best.merged([matches])
            reading.advance(count)
        return best

    def _matched(self, texts: TextSlice) -> tuple[int, BestMatches]:
        own = list(in_ranges(texts, self.ranges))
        matches = (self.join.match(self.weighing(t), rows, self.least) for rows, t in own)
        return sum(len(rows) for rows, _ in own), self.nothing.merged(matches)


class _Corpus(Struct, frozen=True, eq=False, dict=True):
    """The training rows, and the sample that stands for them."""

    task: SearchTask
    train: list[tuple[int, int]]
    """Ranges of row numbers."""
    rows: Rows
    """Those of the sample."""
    sample: WeightedRows
    words: CorpusWords
    is_small: bool
    keys: Hashes | None
    """Hashes of the texts of the sample, where it is drawn by content."""
    weighing: "_TextWeighing"
    """Reads prepared texts and weighs their words."""

    @property
    def size(self) -> int:
        """Training rows."""
        return sum(high - low for low, high in self.train)

    @cached_property
    def compared(self) -> WeightedRows:
        """The rows of the sample that are compared with all of it."""
        return self.sample.only(self._places)

    @property
    def _places(self) -> Rows:
        return _spread(np.arange(len(self.rows)), COMPARED, self.keys)

    @property
    def configuration(self) -> Mapping[str, object]:
        """What a manifest records of the model, if there is one."""
        model = self.task.options.vectors
        if model is None:
            return {}
        return {"vectors": {"files": dict(model.digests), "share": VECTOR_SHARE}}

    def chance(self) -> tuple[ChanceLevel, pl.DataFrame]:
        """Return the threshold, and `REWORDED` of the rows that were compared for it."""
        every, places, compared = np.arange(len(self.rows)), self._places, self.compared
        odd = (every if self.keys is None else self.keys) % 2 == 1
        has_model = self.task.options.vectors is not None
        join = self._join(compared, self.rows[places], CANDIDATES if has_model else 1)
        with self.task.progress.stage("comparing a sample", len(self.rows)) as advance:
            halves = self.task.workers.each(
                (every[~odd], every[odd]),
                lambda half: join.match(self.sample.only(half), self.rows[half], ANY),
            )
            advance(len(self.rows))
        both = halves[0].merged(halves[1:])
        best, half = (
            _best(self._judged(_pairs(self.rows[places], matches)), 1)
            for matches in (both, halves[0])
        )
        level = chance_level(
            _likeness_of(self.rows[places], best),
            _likeness_of(self.rows[places], half),
            compared.numbered,
            self.size / max(1, len(self.rows)),
            WITH_VECTORS if has_model else DEVIATIONS,
        )
        left, right = (
            self.sample.numbered[np.searchsorted(self.rows, best[name].to_numpy())]
            for name in ("row", "match")
        )
        least = np.where(left | right, level.least.numbers, level.least.words)
        return level, best.filter(pl.Series(best["likeness"].to_numpy() >= least))

    def match(self, sought: WeightedRows, rows: Rows, least: LeastLikeness) -> pl.DataFrame:
        """Return `REWORDED`: the training rows most like each of some others."""
        if self.task.options.vectors is None:
            return _pairs(rows, self._joined(sought, rows, least, MOST))
        # vectors add at most their share, so no row that counts has fewer words in common
        lower = LeastLikeness(
            max(ANY.words, (least.words - VECTOR_SHARE) / (1 - VECTOR_SHARE)),
            max(ANY.numbers, (least.numbers - VECTOR_SHARE) / (1 - VECTOR_SHARE)),
        )
        judged = self._judged(_pairs(rows, self._joined(sought, rows, lower, CANDIDATES)))
        floor = pl.when("numbered").then(least.numbers).otherwise(least.words)
        return _best(judged.filter(pl.col("likeness") >= floor), MOST)

    def _judged(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Return pairs with what the vectors of both texts add to their likeness.

        Of `REWORDED`, and `numbered`: whether one of the two has two numbers or more. Without a
        model nothing is added, and that column is null.
        """
        model = self.task.options.vectors
        if model is None:
            return pairs.with_columns(numbered=pl.lit(None, pl.Boolean))
        rows = distinct_values(pairs.select("row", "match").to_numpy()).astype(np.int64)
        vectors, numbered = [model.vectors([])], [np.zeros(0, np.bool_)]
        for _, texts in self.task.source.prepared(rows):
            vectors.append(model.vectors(_plain(texts)))
            numbered.append(self.weighing(texts).numbered)
        every, kinds = np.concatenate(vectors), np.concatenate(numbered)
        left, right = (
            np.searchsorted(rows, pairs[name].to_numpy()).astype(np.int64)
            for name in ("row", "match")
        )
        cosine = np.maximum(cosines(every, left, every, right), 0.0)
        likeness = (1 - VECTOR_SHARE) * pairs["likeness"].to_numpy() + VECTOR_SHARE * cosine
        return pairs.with_columns(
            likeness=pl.Series(likeness), numbered=pl.Series(kinds[left] | kinds[right])
        )

    def _joined(
        self, sought: WeightedRows, rows: Rows, least: LeastLikeness, most: int
    ) -> BestMatches:
        """Return the training rows most like each of some others, by words and numbers."""
        join, nothing = self._join(sought, rows, most), BestMatches.nothing(len(rows), most)
        if len(self.rows) == self.size:
            step = max(1, -(-len(self.rows) // (4 * self.task.workers.count)))
            parts = [
                np.arange(low, min(low + step, len(self.rows)))
                for low in range(0, len(self.rows), step)
            ]
            matched = self.task.workers.through(
                parts, lambda part: join.match(self.sample.only(part), self.rows[part], least)
            )
            return nothing.merged(matched)
        match = _RewordingMatch(join, self.weighing, least, self.train, nothing)
        with self.task.progress.stage("looking for rewordings", self.size) as advance:
            read = self.task.source.over(match, self.train, self.task.workers, advance)
            return nothing.merged(read)

    def _join(self, sought: WeightedRows, rows: Rows, most: int) -> PlainJoin | IndexedJoin:
        kind = PlainJoin if self.is_small else IndexedJoin
        return kind(sought, rows, self.words, most)


def _pairs(rows: Rows, matches: BestMatches) -> pl.DataFrame:
    """Return `REWORDED` of the matches there are."""
    place, rank = np.nonzero(matches.rows >= 0)
    columns = (rows[place], matches.rows[place, rank], matches.likeness[place, rank])
    return pl.DataFrame(dict(zip(REWORDED, columns, strict=True)), schema=REWORDED)


def _best(pairs: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return `REWORDED` of the pairs most alike of each row; of equals the first training row."""
    ordered = pairs.sort("row", "likeness", "match", descending=[False, True, False])
    return ordered.group_by("row", maintain_order=True).head(most).select(REWORDED.names())


def _likeness_of(rows: Rows, best: pl.DataFrame) -> npt.NDArray[np.float64]:
    """Return the likeness of each row to its best match, of which `best` has one; 0 without."""
    likeness = np.zeros(len(rows))
    likeness[np.searchsorted(rows, best["row"].to_numpy())] = best["likeness"].to_numpy()
    return likeness


def _plain(texts: pl.Series) -> list[str]:
    """Return prepared texts with the signs that stand-ins stand for."""
    plain = texts.str.replace_many(list(SIGNS), list(SIGNS.values()))
    return plain.to_list()


def _read(
    task: SearchTask, chosen: tuple[Rows, Rows], reading: Callable[[pl.Series], Tokens]
) -> tuple[Tokens, Tokens]:
    """Return the tokens of two sets of rows, in one pass over the texts."""

    def tokens_of(texts: NumberedTexts) -> tuple[int, list[Tokens]]:
        own = [np.isin(texts[0], sought, assume_unique=True) for sought in chosen]
        return len(texts[0]), [reading(texts[1].filter(places)) for places in own]

    parts: tuple[list[Tokens], list[Tokens]] = ([], [])
    every = np.union1d(*chosen)
    with task.progress.stage("reading words", len(every)) as advance:
        read = task.source.prepared(every)
        for rows, own in task.workers.through(read, tokens_of):
            for tokens, part in zip(own, parts, strict=True):
                part.append(tokens)
            advance(rows)
    return joined(parts[0]), joined(parts[1])


def rows_to_read(numbering: RowNumbering) -> Rows:
    """Return the rows that `find_reworded` reads before all others, and more: ascending.

    Not those of a holdout that is large; then it reads them in a pass of its own.
    """
    train, holdout = (numbering.of_split(split) for split in (TRAIN, HOLDOUT))
    sample = _spread_in(train, SAMPLE if holdout else WITHOUT_HOLDOUT)
    many = sum(high - low for low, high in holdout) > AT_ONCE
    return sample if many else np.union1d(sample, _numbers(holdout))


def _numbers(ranges: list[tuple[int, int]]) -> Rows:
    """Return the numbers in ranges, ascending."""
    return np.concatenate([np.zeros(0, np.int64), *(np.arange(*cut) for cut in ranges)])


def _spread(rows: Rows, most: int, keys: Hashes | None = None) -> Rows:
    """Return at most `most` of the rows, evenly spread, or those of the least keys."""
    count = len(rows)
    if count <= most:
        return rows
    if keys is None:
        return rows[np.arange(most) * count // most]
    return np.sort(rows[np.argsort(keys, kind="stable")[:most]])


def _spread_in(ranges: list[tuple[int, int]], most: int) -> Rows:
    """Return at most `most` of the rows in ranges, evenly spread, as `_spread` does."""
    sizes = np.array([high - low for low, high in ranges], np.int64)
    count = int(sizes.sum())
    if count <= most:
        return _numbers(ranges)
    before = np.cumsum(sizes) - sizes
    places = np.arange(most) * count // most
    own = np.searchsorted(before, places, side="right") - 1
    return np.array([low for low, _ in ranges], np.int64)[own] + places - before[own]


def _content_keys(task: SearchTask) -> Hashes:
    """Return a hash of the text of every row."""
    hashes = TextHashes.empty_rows(task.rows)
    for rows, texts in texts_in(TextReading(task.source, task.workers), [(0, task.rows)]):
        part = TextHashes.empty_rows(len(rows))
        shingle(task.workers, "word3", views(texts), _keep_nothing, into=part)
        hashes.first[rows] = part.first
    return hashes.first


def _keep_nothing(*_: object) -> None:
    """Keep nothing of the shingles of rows: their hashes are what is asked for."""


def _is_small(task: SearchTask, small: int) -> bool:
    """Return whether all texts together have at most `small` bytes."""
    size = 0
    for texts in task.source.texts():
        size += texts.size()
        if size > small:
            return False
    return True

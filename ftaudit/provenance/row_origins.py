"""What is wrong with the origin of a row: its source, and its licence."""

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ftaudit.provenance.licenses import Lists, Standing, classify, license_terms, parse_license

NO_SOURCE: Final = "provenance.no_source"
DENIED: Final = "provenance.denied_license"
REVIEW: Final = "provenance.review_license"
UNKNOWN: Final = "provenance.unknown_license"
UNLICENSED: Final = "provenance.missing_license"
CONTRADICTING: Final = "provenance.contradicting_license"

OF_STANDING: Final = {
    Standing.DENIED: DENIED,
    Standing.REVIEW: REVIEW,
    Standing.UNKNOWN: UNKNOWN,
}

ORIGINS: Final = pl.Schema(
    {"source_id": pl.String, "license": pl.String, "rule": pl.String, "detail": pl.String}
)
"""One row per origin and rule it breaks. `detail` never holds text of the data that is not a
valid licence expression."""


@dataclass(frozen=True)
class Origins:
    """The sources of the record and the policy's licences, by which rows are judged."""

    sources: tuple[tuple[str, str | None], ...] = ()
    """Id and licence of every source."""
    lists: Lists = field(default_factory=Lists)
    has_source_column: bool = False

    def judge(self, source_id: str | None, license_: str | None) -> list[tuple[str, str]]:
        """Return every rule that a row of this origin breaks, with the detail to tell.

        Without a column of source ids every row is of the record's one source; where there are
        several, nobody can tell which.
        """
        found, of_source = self._source(source_id)
        said = [] if found else [(NO_SOURCE, "joins to no source of the record")]
        own = (license_ or "").strip() or None
        said += self._contradiction(own, of_source)
        effective = own or of_source
        if effective is None:
            return [*said, (UNLICENSED, "no licence, neither its own nor of its source")]
        rule = OF_STANDING.get(self.standing(effective))
        canonical = parse_license(effective) or "not an SPDX expression"
        return [*said, (rule, canonical)] if rule else said

    def standing(self, expression: str) -> Standing:
        """Return what the policy makes of a licence."""
        lists = self.lists
        return classify(expression, allow=lists.allow, review=lists.review, deny=lists.deny)

    def _source(self, source_id: str | None) -> tuple[bool, str | None]:
        if not self.has_source_column and source_id is None:
            return (True, self.sources[0][1]) if len(self.sources) == 1 else (False, None)
        known = dict(self.sources)
        return source_id in known, known.get(source_id or "")

    def _contradiction(self, own: str | None, of_source: str | None) -> list[tuple[str, str]]:
        """Hold the row's licence to its source's: some of its terms, and no other."""
        ours = parse_license(own) if own else None
        theirs = parse_license(of_source) if of_source else None
        if ours is None or theirs is None or license_terms(ours) <= license_terms(theirs):
            return []
        return [(CONTRADICTING, f"{ours}, but its source has {theirs}")]


def judge_origins(batch: pl.DataFrame, origins: Origins) -> pl.DataFrame:
    """Return `ORIGINS` for every distinct pair of source id and licence in a batch of rows."""
    pairs = batch.select("source_id", "license").unique().sort("source_id", "license")
    said: list[tuple[str | None, str | None, str, str]] = [
        (source_id, license_, rule, detail)
        for source_id, license_ in pairs.iter_rows()
        for rule, detail in origins.judge(source_id, license_)
    ]
    return pl.DataFrame(said, schema=ORIGINS, orient="row")

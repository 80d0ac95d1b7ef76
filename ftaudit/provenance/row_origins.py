"""Judge the source and the licence of each row."""

from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.provenance.licenses import (
    LicenseStanding,
    Lists,
    classify,
    license_terms,
    parse_license,
)

NO_SOURCE: Final = "provenance.no_source"
DENIED: Final = "provenance.denied_license"
REVIEW: Final = "provenance.review_license"
UNKNOWN: Final = "provenance.unknown_license"
UNLICENSED: Final = "provenance.missing_license"
CONTRADICTING: Final = "provenance.contradicting_license"

OF_STANDING: Final = {
    LicenseStanding.DENIED: DENIED,
    LicenseStanding.REVIEW: REVIEW,
    LicenseStanding.UNKNOWN: UNKNOWN,
}

ORIGINS: Final = pl.Schema(
    {"source_id": pl.String, "license": pl.String, "rule": pl.String, "detail": pl.String}
)
"""One row per origin and rule it breaks. `detail` never holds text of the data that is not a
valid licence expression."""


class Origins(Struct, frozen=True):
    """The sources of the record and the policy's licences, by which rows are judged."""

    sources: tuple[tuple[str, str | None], ...] = ()
    """Id and licence of every source."""
    lists: Lists = field(default_factory=Lists)
    has_source_column: bool = False

    def judge(self, source_id: str | None, license_: str | None) -> list[tuple[str, str]]:
        """Return every rule that a row of this origin breaks, with its detail.

        Without a column of source ids every row belongs to the only source of the record; where the
        record has several, the source is unknown.
        """
        has_source, of_source = self._source(source_id)
        broken = [] if has_source else [(NO_SOURCE, "joins to no source of the record")]
        own = (license_ or "").strip() or None
        broken += self._contradiction(own, of_source)
        effective = own or of_source
        if effective is None:
            return [*broken, (UNLICENSED, "no licence, neither its own nor of its source")]
        rule = OF_STANDING.get(self.standing(effective))
        canonical = parse_license(effective) or "not an SPDX expression"
        return [*broken, (rule, canonical)] if rule else broken

    def standing(self, expression: str) -> LicenseStanding:
        """Classify a licence under the policy."""
        lists = self.lists
        return classify(expression, allow=lists.allow, review=lists.review, deny=lists.deny)

    def _source(self, source_id: str | None) -> tuple[bool, str | None]:
        if not self.has_source_column and source_id is None:
            return (True, self.sources[0][1]) if len(self.sources) == 1 else (False, None)
        licenses = dict(self.sources)
        return source_id in licenses, licenses.get(source_id or "")

    def _contradiction(self, own: str | None, of_source: str | None) -> list[tuple[str, str]]:
        """Return a finding where the row's licence has terms that its source's lacks."""
        ours = parse_license(own) if own else None
        theirs = parse_license(of_source) if of_source else None
        if ours is None or theirs is None or license_terms(ours) <= license_terms(theirs):
            return []
        return [(CONTRADICTING, f"{ours}, but its source has {theirs}")]


def judge_origins(batch: pl.DataFrame, origins: Origins) -> pl.DataFrame:
    """Return `ORIGINS` for every distinct pair of source id and licence in a batch of rows."""
    pairs = batch.select("source_id", "license").unique().sort("source_id", "license")
    broken: list[tuple[str | None, str | None, str, str]] = [
        (source_id, license_, rule, detail)
        for source_id, license_ in pairs.iter_rows()
        for rule, detail in origins.judge(source_id, license_)
    ]
    return pl.DataFrame(broken, schema=ORIGINS, orient="row")

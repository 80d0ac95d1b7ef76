"""Contradictions within a record, and dates that cannot be."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from ftaudit.provenance.licenses import parse_license
from ftaudit.provenance.provenance_record import ProvenanceRecord, SourceEntry


def contradictions(record: ProvenanceRecord) -> tuple[str, ...]:
    """Return every contradiction within a record, as sentences that name the fields."""
    conflicts = [*_repeats(record), *_dates(record), *_personal(record)]
    for source in record.sources:
        conflicts += [f"sources[{source.id}]: {conflict}" for conflict in _of_source(source)]
    return tuple(conflicts)


def _repeats(record: ProvenanceRecord) -> Iterator[str]:
    named = {
        "sources.id": [s.id for s in record.sources],
        "files.path": [f.path for f in record.files],
        "lineage.id": [s.id for s in record.lineage],
    }
    for field, values in named.items():
        for value, count in Counter(v for v in values if v is not None).items():
            if count > 1:
                yield f"{field} {value} stands {count} times"


def _dates(record: ProvenanceRecord) -> Iterator[str]:
    issued = record.dataset.issued if record.dataset else None
    expires = record.retention.expires if record.retention else None
    if issued and expires and expires < issued:
        yield "retention.expires is before dataset.issued"
    for source in record.sources:
        start = source.collected.start if source.collected else None
        if issued and start and start > issued:
            yield f"sources[{source.id}].collected begins after dataset.issued"
    for approval in record.approvals:
        if approval.at and approval.expires and approval.expires < approval.at:
            yield f"approvals[{approval.role}] expires before it was given"


def _personal(record: ProvenanceRecord) -> Iterator[str]:
    personal = record.personal_data
    if personal is None or personal.present is not False:
        return
    if personal.categories:
        yield "personal_data.present is false but categories are named"
    for source in record.sources:
        if source.consent and source.consent.required:
            yield f"personal_data.present is false but sources[{source.id}] requires consent"


def _of_source(source: SourceEntry) -> Iterator[str]:
    collected, consent, made = source.collected, source.consent, source.synthetic
    if collected and collected.start and collected.end and collected.end < collected.start:
        yield "collected ends before it starts"
    if source.kind == "synthetic" and (made is None or made.generator is None):
        yield "kind is synthetic but synthetic.generator is not named"
    if source.kind not in (None, "synthetic") and made is not None and made.generator:
        yield f"kind is {source.kind} but synthetic.generator is named"
    if source.license is not None and parse_license(source.license) is None:
        yield "license is neither an SPDX expression nor a LicenseRef"
    if source.rights_basis == "consent" and consent and consent.required is False:
        yield "rights_basis is consent but consent.required is false"
    if consent and consent.required and not consent.reference:
        yield "consent.required is true but consent.reference is not named"


def future_dates(record: ProvenanceRecord, today: date) -> tuple[str, ...]:
    """Return every field about the past whose date lies after `today`."""
    return tuple(name for name, day in _past(record) if day is not None and day > today)


def _past(record: ProvenanceRecord) -> Iterator[tuple[str, date | None]]:
    yield "dataset.issued", record.dataset.issued if record.dataset else None
    for source in record.sources:
        if source.collected:
            yield f"sources[{source.id}].collected.start", source.collected.start
            yield f"sources[{source.id}].collected.end", source.collected.end
    for step in record.lineage:
        yield f"lineage[{step.id}].ended", _day(step.ended)
    for approval in record.approvals:
        yield f"approvals[{approval.role}].at", approval.at


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None

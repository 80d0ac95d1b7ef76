"""`dirty/`: a classification set in which every defect it can have is planted."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from clean import Row, by_split, listed
from findable import COMMITTED, MARKINGS, PERSONAL
from planting import Plant, Sheet, suite
from tickets import DETAILS

FOLDER: Final = "dirty"

POLICY: Final = """\
# What the dirty sample is held to. It shows what is off by default.
schema: ftaudit.policy/v1
id: dirty-sample
description: The standard policy, with everything on that the dirty sample shows.
extends: standard
parameters:
  pii: {countries: [ca, de, uk, us]} # whose identifiers are searched
  schema: {maximum_characters: 2000} # so that a short row can be over-long
  provenance: {today: 2026-06-15} # so that dates are judged alike on every day
rules:
  FTA-DUP-002: {max: 0.001}
"""

PROVENANCE: Final = """\
# Planted: what this record lacks, and where it contradicts itself, is listed in ../README.md.
schema: ftaudit.provenance/v1
dataset:
  id: urn:ftaudit:sample:dirty
  title: Sample cancellation tickets, with planted defects
  issuer: The ftaudit project
  issued: 2019-06-01
files:
{files}intended_use: {{task: text-classification, stage: fine-tuning, allowed: [demonstration]}}
confidentiality: public
personal_data: {{present: false, categories: [contact], lawful_basis: not-applicable}}
geography: {{origin: [EU], processing_allow: [EU], storage_allow: [EU]}}
retention: {{expires: 2021-06-01, policy: two years}}
sources:
  - id: tickets-export
    kind: synthetic
    uri: sample_data/make.py
    collector: {{name: The ftaudit project, contact: maintainers@example.org}}
    collected: {{start: 2019-01-01, end: 2099-12-31}}
    method: written by hand and combined by script
    license: LicenseRef-Internal
    rights_basis: owned
    synthetic: {{generator: sample_data/make.py, terms: the licence of the project}}
  - id: magazine
    kind: other
    uri: urn:ftaudit:sample:magazine
    collected: {{start: 2019-01-01, end: 2019-02-01}}
    method: written by hand
    license: CC-BY-NC-4.0
    rights_basis: licence
  - id: encyclopedia
    kind: other
    uri: urn:ftaudit:sample:encyclopedia
    collected: {{start: 2019-01-01, end: 2019-02-01}}
    method: written by hand
    license: CC-BY-SA-4.0
    rights_basis: licence
  - id: found-on-a-disk
    kind: other
    uri: urn:ftaudit:sample:disk
    collected: {{start: 2019-01-01, end: 2019-02-01}}
    method: TODO how it got there
    rights_basis: licence
row_columns: {{source_id: source_id, license: license}}
"""

LENGTHS: Final = "expect_column_value_lengths_to_be_between"
SUITE: Final = suite(
    "dirty-sample",
    ("critical", "expect_column_values_to_match_regex", {"column": "id", "regex": r"^T-\d{5}$"}),
    (
        "warning",
        "expect_column_value_lengths_to_be_between",
        {"column": "customer_id", "max_value": 6},
    ),
    ("info", "expect_column_values_to_not_be_null", {"column": "customer_id"}),
)


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the set (path → text) and everything that was planted in them."""
    clean = by_split()
    sheets = _sheets(clean["train"], clean["test"])
    texts = {sheet.file: sheet.text() for sheet in sheets}
    named = {name: text for name, text in texts.items() if name != "train-2.csv"}
    record = PROVENANCE.format(files=listed(named | {"validation.csv": "other bytes"}))
    files = {f"{FOLDER}/{name}": text for name, text in texts.items()}
    files |= {f"{FOLDER}/provenance.yaml": record, f"{FOLDER}/policy.yaml": POLICY}
    return files | {"suites/dirty.json": SUITE}, [p for sheet in sheets for p in sheet.plants]


def _sheets(train: list[Row], test: list[Row]) -> list[Sheet]:
    # class by class in turn, so that no class is used up by the defects
    mixed = _mixed(train)
    held = {
        label: [r for r in test if r["label"] == label]
        for label in dict.fromkeys(r["label"] for r in test)
    }
    first = Sheet(FOLDER, "train-1.csv", mixed)
    more = Sheet(FOLDER, "train-2.csv", mixed)
    validation = Sheet(
        FOLDER, "validation.csv", iter(held["competitor"][2:] + held["onboarding"][2:])
    )
    often = chain.from_iterable(
        held[label] for label in ("pricing", "bugs", "support", "integration")
    )
    seldom = chain.from_iterable(
        held[label][:1]
        for label in held
        if label not in {"low_usage", "pricing", "bugs", "support", "integration"}
    )
    holdout = Sheet(FOLDER, "test.csv", chain(seldom, often))
    _record(first, more, validation)
    _malformed(first)
    _said(first)
    _origins(first)
    _alike(first, validation, holdout)
    _classes(first, holdout)
    _expected(first)
    holdout.rows.extend(holdout.source)
    more.pad(30)
    first.rows.extend(mixed)
    validation.rows.extend(validation.source)
    return [first, more, validation, holdout]


def _mixed(rows: list[Row]) -> Iterator[Row]:
    """Yield the rows of every class in turn."""
    classes = [
        [r for r in rows if r["label"] == label]
        for label in dict.fromkeys(r["label"] for r in rows)
    ]
    for place in range(max(map(len, classes))):
        yield from (rows[place] for rows in classes if place < len(rows))


def _record(first: Sheet, more: Sheet, validation: Sheet) -> None:
    """Note what the provenance record does wrong: it stands on row 0 of a file."""
    first.pad()
    # findings about the record itself stand on the first file
    first.note(
        0,
        "provenance.missing_field",
        "dataset.version; method and license of the source found-on-a-disk",
    )
    first.note(
        0, "provenance.contradiction", "personal_data.present is false, but a category is named"
    )
    first.note(0, "provenance.expired_retention", "retention.expires was 2021-06-01")
    first.note(0, "provenance.future_date", "tickets-export was collected until 2099-12-31")
    more.note(0, "provenance.unlisted_file", "the record does not name train-2.csv")
    validation.note(0, "provenance.hash_mismatch", "the record gives the digest of other bytes")


def _malformed(sheet: Sheet) -> None:
    put, clean = sheet.put, sheet.clean
    sheet.pad(4)
    put(clean(text=""), schema__missing_input="the text is empty")
    put(clean(text="   "), schema__empty_input="the text is three spaces")
    put(clean(text="?!? ... !!"), schema__no_words="the text has no letter and no digit")
    put(clean(label=""), schema__missing_label="the label is empty")
    put(clean(created_at="some day in spring"), schema__bad_time="the time cannot be read")
    same = clean(id=sheet.rows[1]["id"])
    put(same, schema__duplicate_id="has the id of row 1")
    for rule, sentence, what in (
        (
            "control_characters",
            "It ended with \x07 and \x1b[31m on the screen.",
            "a bell and an escape",
        ),
        ("mojibake", "The cafÃ© screen is the worst one.", "UTF-8 read as Latin-1"),
        ("replacement_character", "The word caf\ufffd is garbled.", "U+FFFD"),
    ):
        sheet.say(f"schema__{rule}", sentence, what)
    long = " ".join(list(chain.from_iterable(DETAILS.values()))[:32])
    put(clean(text=long), schema__over_long=f"{len(long):,} characters; the policy allows 2,000")


def _said(sheet: Sheet) -> None:
    for entity, sentence, what in PERSONAL:
        sheet.say(f"pii__{entity}", sentence, what)
    for kind, sentence, what in COMMITTED:
        sheet.say(f"secrets__{kind}", sentence, what)
    for kind, sentence in MARKINGS:
        sheet.say(f"markings__{kind}", sentence, "a marking")


def _origins(sheet: Sheet) -> None:
    put, clean = sheet.put, sheet.clean
    sheet.pad()
    put(clean(source_id="forum-dump"), provenance__no_source="no source has this id")
    put(clean(source_id=""), provenance__no_source="names no source")
    put(
        clean(source_id="magazine", license="CC-BY-NC-4.0"),
        provenance__denied_license="non-commercial use only",
    )
    put(
        clean(source_id="encyclopedia", license="CC-BY-SA-4.0"),
        provenance__review_license="share-alike",
    )
    put(clean(license="ask the author"), provenance__unknown_license="not an SPDX expression")
    put(
        clean(source_id="found-on-a-disk", license=""),
        provenance__missing_license="neither the row nor its source has a licence",
    )
    put(clean(license="MIT"), provenance__contradicting_license="its source is LicenseRef-Internal")


def _alike(train: Sheet, validation: Sheet, holdout: Sheet) -> None:
    first = train.pad()
    text = str(train.rows[first]["text"])
    train.pad(2)
    train.put(
        train.clean(text=text, label=train.rows[first]["label"]),
        duplicates__exact=f"the text of row {first}",
    )
    first = train.pad()
    again = train.rows[first] | {"text": f"{train.rows[first]['text']} Thanks!"}
    train.pad(2)
    train.put(
        train.clean() | {k: again[k] for k in ("text", "label")},
        duplicates__near=f"the text of row {first} and one more word",
    )
    first = train.pad()
    other = train.clean()
    while other["label"] == train.rows[first]["label"]:
        other = train.clean()
    what = f"the text of row {first}, but another label"
    second = train.put(
        other | {"text": train.rows[first]["text"]},
        label_conflicts__label=what,
        label_conflicts__suspect="of the two labels the wrong one",
        duplicates__exact=f"consequence: the text of row {first}",
    )
    train.note(first, "label_conflicts.label", f"the text of row {second}, but another label")
    _leaked(train, validation, holdout)


def _leaked(train: Sheet, validation: Sheet, holdout: Sheet) -> None:
    holdout.pad(3)
    for name, change in (("exact", ""), ("near", " Thank you!")):
        row = holdout.clean()
        known = train.put(train.clean(text=row["text"], label=row["label"]))
        what = f"the text of row {known} of train-1.csv" + (" and two more words" if change else "")
        holdout.put(row | {"text": f"{row['text']}{change}"}, **{f"leakage__{name}": what})
    row = holdout.clean()
    longer = f"{train.clean()['text']} A colleague wrote before me: {row['text']}"
    known = train.put(train.clean(text=longer))
    holdout.put(row, leakage__contained=f"stands inside the text of row {known} of train-1.csv")
    row = validation.clean()
    known = train.put(train.clean(text=row["text"], label=row["label"]))
    validation.pad(2)
    validation.put(row, leakage__validation=f"the text of row {known} of train-1.csv")
    group = train.rows[0]["customer_id"]
    holdout.put(
        holdout.clean(customer_id=group),
        group_leakage__shared=f"customer {group} is in training too",
    )
    train.put(
        train.clean(created_at="2026-05-30T08:00:00Z"),
        temporal_leakage__later="younger than the oldest holdout row",
    )


def _classes(train: Sheet, holdout: Sheet) -> None:
    train.pad()
    train.put(
        train.clean(label="legal_dispute"),
        balance__rare_class="the only row of its class",
        balance__imbalance="the smallest class, 20 times smaller than the largest",
        balance__missing_from_holdout="no holdout row has this label",
    )
    usual = train.clean()
    variant = str(usual["label"]).upper()
    train.put(
        usual | {"label": variant},
        schema__label_variant=f"the label {usual['label']} in capitals, here and in the next row",
    )
    train.put(train.clean(label=variant))
    train.note(
        next(i for i, row in enumerate(train.rows) if row["label"] == "low_usage"),
        "balance.missing_from_holdout",
        "no holdout row of low_usage; reported at the first row of the class",
    )
    train.note(
        next(i for i, row in enumerate(train.rows) if row["label"] == "low_usage"),
        "balance.drift",
        "consequence: low_usage is a tenth of training and none of the holdout",
    )
    holdout.put(
        holdout.clean(label="seasonal_pause"),
        balance__missing_from_train="a class that training does not have",
    )
    holdout.put(holdout.clean(label=""), schema__unanswered_holdout="the label is empty")


def _expected(train: Sheet) -> None:
    train.pad()
    train.put(
        train.clean(id="ticket 12"), expectations__expect_column_values_to_match_regex="no id"
    )
    train.put(
        train.clean(customer_id="C-0000000001"),
        **{f"expectations__warning.{LENGTHS}": "a customer_id of 12 characters"},
    )
    train.put(
        train.clean(customer_id=""),
        **{"expectations__info.expect_column_values_to_not_be_null": "no customer_id"},
    )

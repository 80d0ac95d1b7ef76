"""Small sets of what stands beside texts: annotators, identity, sources; reworded questions."""

from collections.abc import Iterator
from typing import Final

from clean import Row, by_split, provenance
from dirty_benchmark import BOOKS, CREW, GLACIER, ORCHARD, OTHERS, RAILWAY, REWORDED
from planting import Plant, Sheet

SECOND: Final = "the ticket of row {}, labelled by another annotator"
WHO: Final = ("a1", "a2", "a3")
ASKED: Final = "Please stop the plan of my {}, who moved abroad."
KIOSK: Final = "kiosk-export"
"""A source beside that of the clean tickets."""


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the sets (path → text) and what was planted in them."""
    sheets = [_annotators(), _identity(), *_reworded()]
    files = {f"{sheet.folder}/{sheet.file}": sheet.text() for sheet in sheets}
    for folder in dict.fromkeys(sheet.folder for sheet in sheets):
        own = {sheet.file: sheet.text() for sheet in sheets if sheet.folder == folder}
        record = provenance(folder, "text-classification", own)
        # these files have no columns that say of every row where it came from
        record = "".join(x for x in record.splitlines(keepends=True) if "row_columns" not in x)
        source = record[record.index("  - id: tickets-export") :]
        if folder == "dirty-identity":
            record += source.replace("tickets-export", KIOSK)
        files[f"{folder}/provenance.yaml"] = record
    return files, [plant for sheet in sheets for plant in sheet.plants]


def _annotators() -> Sheet:
    """Tickets that say who labelled them, some of them labelled twice."""
    urgency = ("urgent", "can wait")
    rows = (
        {"text": row["text"], "label": urgency[number % 2], "annotator": WHO[number % 3]}
        for number, row in enumerate(_tickets())
    )
    sheet = Sheet("dirty-annotators", "train.jsonl", rows)
    sheet.pad(24)
    for at in (2, 5, 9):
        again = sheet.rows[at] | {"annotator": WHO[(at + 1) % 3]}
        sheet.put(again, duplicates__exact=SECOND.format(at))
        sheet.pad()
    for at in (4, 7):
        other = urgency[1 - urgency.index(str(sheet.rows[at]["label"]))]
        disputed = SECOND.format(at) + ", who disagrees"
        row = sheet.put(
            sheet.rows[at] | {"annotator": WHO[(at + 1) % 3], "label": other},
            duplicates__exact=disputed,
            label_conflicts__label=disputed,
        )
        sheet.note(at, "label_conflicts.suspect", "its annotator agrees less with others")
        sheet.note(at, "agreement.disputed", f"the ticket of row {row}, labelled otherwise there")
        sheet.note(
            at, "label_conflicts.label", f"the ticket of row {row}, labelled otherwise there"
        )
        sheet.pad()
    return sheet


def _identity() -> Sheet:
    """Tickets whose class can be read from where they came from, from a word, and from a person."""
    rows = (
        {
            "text": f"{row['text']} Sent from the kiosk." if number % 2 else row["text"],
            "label": ("leaves", "stays")[number % 2],
            "source_id": ("tickets-export", KIOSK)[number % 2],
        }
        for number, row in enumerate(_tickets())
    )
    sheet = Sheet("dirty-identity", "train.jsonl", rows)
    sheet.pad(80)
    first = len(sheet.rows)
    for person, label, other in (("husband", "leaves", 1), ("wife", "stays", 0)):
        row = {"text": ASKED.format(person), "label": label, "source_id": "tickets-export"}
        told = f"differs from row {first + other} only in the person, and in the class"
        sheet.put(row, bias__counterfactual=told)
    like = f"a row like row {first}, of another class: a consequence"
    sheet.note(first + 1, "label_conflicts.suspect", like)
    sheet.note(0, "bias.field", "the source of a row tells its class")
    sheet.note(1, "bias.word", "one word stands in nearly all rows of this class, and in no other")
    for row in (0, 1, first + 1):
        sheet.note(row, "slices.difference", "this source has one class nearly alone")
    return sheet


def _reworded() -> tuple[Sheet, Sheet]:
    """Questions of a holdout, one of which stands in training in other words."""
    train = Sheet("dirty-rewordings", "train.jsonl", map(_asked, (BOOKS, GLACIER, *OTHERS)))
    train.pad(4)
    row = train.put(_asked(REWORDED))
    train.put(train.clean(completion=" "), schema__empty_output="nobody answered it")
    train.pad(2)
    test = Sheet("dirty-rewordings", "test.jsonl", map(_asked, (CREW, RAILWAY)))
    test.pad()
    test.put(_asked(ORCHARD), leakage__reworded=f"row {row} of train.jsonl asks it in other words")
    test.pad()
    return train, test


def _tickets() -> Iterator[Row]:
    return iter(by_split()["train"])


def _asked(question: str) -> Row:
    return {"prompt": question, "completion": f"Let me think about {question.split()[1]} first."}

"""Three small sets for what only their formats can get wrong: preferences, KTO, chat in csv."""

import json
from collections.abc import Iterator
from typing import Final

from clean import Row, by_split, conversation, provenance
from planting import Plant, Sheet

GOOD: Final = "The reason is {label}."
SUITE: Final = "consequence: the suite shipped for preferences"
WORSE: Final = "Thanks for the message."


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the three sets (path → text) and what was planted in them."""
    sheets = [_preference(), _kto(), _cells()]
    files = {f"{sheet.folder}/{sheet.file}": sheet.text() for sheet in sheets}
    for sheet in sheets[1:]:
        record = provenance(sheet.folder, "text-generation", {sheet.file: sheet.text()})
        # these files have no columns that say of every row where it came from
        record = "".join(x for x in record.splitlines(keepends=True) if "row_columns" not in x)
        files[f"{sheet.folder}/provenance.yaml"] = record
    return files, [plant for sheet in sheets for plant in sheet.plants]


def _pairs() -> Iterator[Row]:
    for row in by_split()["train"]:
        good = GOOD.format(label=str(row["label"]).replace("_", " "))
        yield {"prompt": row["text"], "chosen": good, "rejected": WORSE}


def _preference() -> Sheet:
    sheet = Sheet("dirty-preference", "train.jsonl", _pairs())
    sheet.pad(2)
    why = "there is no provenance record; stands on row 0 for the whole set"
    sheet.note(0, "provenance.no_record", why)
    sheet.note(0, "provenance.no_source", "consequence: there are no sources either")
    sheet.note(0, "provenance.missing_license", "consequence: nor is there a licence")
    sheet.note(0, "provenance.unlisted_file", "consequence: nor is the file in it")
    put, clean = sheet.put, sheet.clean
    row = clean()
    put(row | {"rejected": row["chosen"]}, schema__chosen_equals_rejected="both answers are one")
    put(
        clean(prompt=None),
        schema__missing_input="there is no prompt",
        expectations__expect_column_values_to_not_be_null=SUITE,
    )
    put(
        clean(prompt=" "),
        schema__empty_input="the prompt is blank",
        expectations__expect_column_values_to_match_regex=SUITE,
    )
    put(
        clean(chosen=None),
        schema__missing_output="there is no chosen answer",
        expectations__expect_column_values_to_not_be_null=SUITE,
    )
    put(
        clean(rejected="  "),
        schema__empty_output="the rejected answer is blank",
        expectations__expect_column_values_to_match_regex=SUITE,
    )
    sheet.pad(8)
    return sheet


def _kto() -> Sheet:
    judged = (
        {"prompt": row["prompt"], "completion": row["chosen"], "label": "true"} for row in _pairs()
    )
    sheet = Sheet("dirty-kto", "train.csv", judged)
    sheet.pad(2)
    sheet.put(sheet.clean(label="maybe"), schema__label_type="the label is neither true nor false")
    sheet.put(sheet.clean(label=""), schema__missing_label="there is no label")
    sheet.put(sheet.clean(completion=""), schema__missing_output="there is no completion")
    sheet.pad(8)
    return sheet


def _cells() -> Sheet:
    told = (conversation(row) for row in by_split()["train"])
    cells = ({"id": row["id"], "messages": json.dumps(row["messages"])} for row in told)
    sheet = Sheet("dirty-cells", "train.csv", cells)
    sheet.pad(2)
    row = sheet.clean()
    broken = str(row["messages"]).replace("pricing", "half of \\ud83d", 1)
    sheet.put(row | {"messages": broken}, schema__lone_surrogate="half of a surrogate pair")
    sheet.put(sheet.clean(messages="no JSON"), schema__malformed="the cell is not JSON")
    sheet.put(
        sheet.clean(messages='"a text"'),
        schema__missing_output="the cell is a text, which nobody answers",
    )
    sheet.pad(8)
    return sheet

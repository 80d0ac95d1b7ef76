"""Small sets of further record formats, each with a defect or two that only it can have."""

from typing import Final

from clean import Row, by_split, provenance
from planting import Plant, Sheet

REMARK: Final = "Rang twice before noon and was told to write to the accounts desk instead."


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the sets (path → text) and what was planted in them."""
    sheets = [_columns()]
    files = {f"{sheet.folder}/{sheet.file}": sheet.text() for sheet in sheets}
    for sheet in sheets:
        record = provenance(sheet.folder, "text-classification", {sheet.file: sheet.text()})
        # these files have no columns that say of every row where it came from
        record = "".join(x for x in record.splitlines(keepends=True) if "row_columns" not in x)
        files[f"{sheet.folder}/provenance.yaml"] = record
    return files, [plant for sheet in sheets for plant in sheet.plants]


def _rows() -> list[Row]:
    return by_split()["train"]


def _columns() -> Sheet:
    """Tickets with a column of remarks that no role claims."""
    rows = [
        {"text": row["text"], "label": row["label"], "remark": f"{row['id']}: {REMARK}"}
        for row in _rows()[:24]
    ]
    sheet = Sheet("dirty-columns", "train.jsonl", iter(rows))
    sheet.pad(24)
    sheet.note(0, "schema.unread_column", "nobody reads `remark`; stands on row 0 for the column")
    return sheet

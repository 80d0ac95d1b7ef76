"""What the small sets of one format each share: tickets, sheets and records of provenance."""

from collections.abc import Iterator, Sequence

from clean import Row, by_split, provenance
from planting import Plant, Sheet


def files_of(sheets: Sequence[Sheet]) -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the sets (path → text) and what was planted in them."""
    files = {f"{sheet.folder}/{sheet.file}": sheet.text() for sheet in sheets}
    for sheet in sheets:
        record = provenance(sheet.folder, "text-generation", {sheet.file: sheet.text()})
        # these files have no columns that say of every row where it came from
        record = "".join(x for x in record.splitlines(keepends=True) if "row_columns" not in x)
        files[f"{sheet.folder}/provenance.yaml"] = record
    return files, [plant for sheet in sheets for plant in sheet.plants]


def padded_sheet(folder: str, rows: Iterator[Row], clean: int = 10) -> Sheet:
    """Return a sheet of training rows that begins with so many clean ones."""
    sheet = Sheet(folder, "train.jsonl", rows)
    sheet.pad(clean)
    return sheet


def subject(row: Row) -> str:
    """Return the label of a ticket in words."""
    return str(row["label"]).replace("_", " ")


def tickets() -> Iterator[Row]:
    """Yield the clean training tickets."""
    return iter(by_split()["train"])

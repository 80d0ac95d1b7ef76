"""A document and its summary."""

from typing import Final

from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.completion import map_pair, needed
from ftaudit.records.format import MappedRecords, Parts
from ftaudit.records.shape import ColumnKind, TableShape

_DOCUMENTS: Final = (
    *("document", "article", "dialogue", "text", "content", "body", "report", "story"),
    *("transcript", "meeting_transcript", "source", "passage", "input", "chapter", "bill", "post"),
    *("news", "paper", "full_text", "maintext", "conversation", "dialog", "review", "abstract"),
    *("reviewText", "review_text", "review_body"),
    *("documents", "long_text", "original", "context", "email", "email_body", "code"),
    *("utt", "utterances", "description"),
)
_SUMMARIES: Final = (
    *("summary", "highlights", "summaries", "tldr", "tl_dr", "target_summary", "section_summary"),
    *("gold_summary", "reference_summary", "short_summary", "abstractive_summary", "lay_summary"),
    *("summary_text", "docstring", "simplified", "section_text", "clinical_note", "soap_note"),
)

_WHOLE: Final = ("article", "paper", "full_text", "body_text", "paper_text", "description")
"""Names of whole papers, of which an abstract is the summary."""


class Summarisation(Struct, frozen=True):
    """Records with a document and a summary of it, under their usual names.

    The input is the document, the output the summary.
    """

    id: str = "summarisation"
    needs: str = "document and summary (or article and highlights, dialogue and summary, …)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a document and a summary by name."""
        kinds = tuple(ColumnKind)
        summary = shape.pick_named("output", _SUMMARIES, kinds)
        whole = shape.named(_WHOLE, kinds)
        if summary is None and "output" not in shape.overrides and whole:
            summary = next(iter(shape.named(("abstract",), kinds)), None)
        documents = [c for c in shape.named(_DOCUMENTS, kinds) if c != summary]
        document = shape.pick_text("input", documents, kinds)
        if document is None or summary is None or document == summary:
            return None
        return {"input": document, "output": summary}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are requested."""
        output = ("output",)
        reads: dict[str, tuple[str, ...]] = {"input": ("input",), "output": output, "focus": ()}
        reads |= {"answer": output, "variant": output}
        return needed(parts, requested, reads)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read documents and summaries."""
        return map_pair(raw, parts, requested)

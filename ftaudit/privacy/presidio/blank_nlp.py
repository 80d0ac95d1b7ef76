"""Tokens for Presidio's context words, without a language model."""

from typing import Any, Final

import spacy
from presidio_analyzer.nlp_engine import NlpArtifacts, SlimSpacyNlpEngine
from spacy.tokens import Doc

STRINGS: Final = 200_000
"""Strings after which a pipeline is replaced: spaCy remembers every one it has ever seen."""


class BlankNlpEngine(SlimSpacyNlpEngine):
    """A blank spaCy pipeline per language whose lemmas are the lower-cased tokens.

    With `SlimSpacyNlpEngine` as it is, lemmas of a blank pipeline are empty, and context words
    silently never raise a score. A language whose tokenizer is not installed, or that spaCy does
    not know, is cut by the multilingual one.
    """

    engine_name = "blank"

    def __init__(self, languages: tuple[str, ...] = ("en",)) -> None:
        """Take ISO 639-1 codes. Nothing is loaded, and nothing ever downloaded."""
        self.languages = languages
        self.models: list[dict[str, str]] = []
        self.nlp: dict[str, Any] | None = None  # type: ignore[assignment] # as Presidio does

    def load(self) -> None:
        """Build the pipelines."""
        self.nlp = {language: blank(language) for language in self.languages}

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Cut one text into tokens."""
        if self.nlp is None or len(self.nlp[language].vocab.strings) > STRINGS:
            self.load()
        artifacts: NlpArtifacts = super().process_text(text, language)
        return artifacts

    def _doc_to_nlp_artifact(self, doc: Doc, language: str) -> NlpArtifacts:
        return NlpArtifacts(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.lemma_ or token.lower_ for token in doc],
            nlp_engine=self,
            language=language,
            scores=[],
        )


def blank(language: str) -> Any:  # noqa: ANN401 - spaCy's Language
    """Return a new blank pipeline for a language, or the multilingual one."""
    try:
        return spacy.blank(language)
    except (ImportError, OSError):
        return spacy.blank("xx")

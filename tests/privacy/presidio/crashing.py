"""A user's recognizer that breaks, with the text it was given in its exception."""

from presidio_analyzer import EntityRecognizer, RecognizerResult


class CrashingRecognizer(EntityRecognizer):
    def __init__(self) -> None:
        super().__init__(supported_entities=["CRASH"], name="CrashingRecognizer")

    def load(self) -> None:
        """Load nothing."""

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002 - Presidio's signature
        nlp_artifacts: object = None,  # noqa: ARG002 - as above
    ) -> list[RecognizerResult]:
        raise ValueError(text)

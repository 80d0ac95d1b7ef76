"""Recognizers such as users write, for the tests of the scan."""

from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult


class Ticket(PatternRecognizer):
    """Patterns with a checksum: a prefilter is derived."""

    def __init__(self, supported_language: str = "en") -> None:
        patterns = [Pattern("ticket", r"\bTK-\d{4}\b", 0.3)]
        super().__init__("TICKET", "Ticket", supported_language, patterns, context=["ticket"])

    def validate_result(self, pattern_text: str) -> bool | None:
        return None if int(pattern_text[3:]) % 2 else False


class Vowels(EntityRecognizer):
    """Python code that reads tokens: it sees every row."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["VOWELS"], name="Vowels")

    def load(self) -> None:
        """Load nothing."""

    def analyze(
        self,
        text: str,  # noqa: ARG002 - Presidio's signature
        entities: list[str],  # noqa: ARG002 - as above
        nlp_artifacts: object = None,
    ) -> list[RecognizerResult]:
        return [
            RecognizerResult("VOWELS", token.idx, token.idx + len(token), 0.5)
            for token in nlp_artifacts.tokens  # type: ignore[attr-defined] # Presidio's artifacts
            if set(token.lower_) <= set("aeiou")
        ]


class Twice(Ticket):
    """Looks for its patterns in its own way: nothing can be derived."""

    def analyze(self, text: str, *_: object, **__: object) -> list[RecognizerResult]:
        return super().analyze(text.upper(), ["TICKET"])


class Ruling(Ticket):
    """Has a context rule of its own: only plain Presidio can serve it."""

    def enhance_using_context(  # type: ignore[override] # it takes whatever comes
        self,
        raw_recognizer_results: list[RecognizerResult],
        **_: object,
    ) -> list[RecognizerResult]:
        for result in raw_recognizer_results:
            result.score = 0.77
        return raw_recognizer_results


class Leaking(Ticket):
    """Breaks, with the text it was given in its exception."""

    def validate_result(self, pattern_text: str) -> bool | None:
        raise ValueError(pattern_text)


class Slow(PatternRecognizer):
    """Takes exponential time on a long run of one letter."""

    def __init__(self) -> None:
        super().__init__("SLOW", "Slow", patterns=[Pattern("slow", r"(?:q|qq|q.)+(?!q)\d", 0.5)])

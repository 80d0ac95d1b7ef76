"""Postal codes that are said to be one."""

from typing import ClassVar

from ftaudit.privacy.recognizers.cued import CuedRecognizer, Shape


class CuedPostalCodeRecognizer(CuedRecognizer):
    """Find what follows "zip code" or "postcode", whatever the country's format."""

    entity: ClassVar = "ZIP_CODE"
    shapes: ClassVar = (
        Shape(
            "cued",
            r"\b(?i:zip(?:[ -]?code)?|post(?:al)?[ -]?code|postleitzahl|plz|c[óo]digo postal"
            r"|code postal)(?i:[ ]is)?[ ]?:?[ ]{0,3}"
            r"(?P<value>(?=[A-Z0-9 -]{0,6}\d)[A-Z0-9]{2,5}(?:[ -][A-Z0-9]{2,4})?)\b",
            0.7,
        ),
    )

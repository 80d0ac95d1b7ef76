"""Coordinates precise enough to name a house."""

from typing import ClassVar

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import key

_DEGREES = LazyPattern(r"(\d{1,3})\.\d{4}")
_LATITUDE = r"-?(?:[0-8]?\d\.\d{4,15}|90\.0{4,})"
_LONGITUDE = r"-?(?:1[0-7]\d|\d{1,2})\.\d{4,15}"


class CoordinatesRecognizer(CuedRecognizer):
    """Find latitude and longitude with four decimals (eleven metres) or more, after a word."""

    entity: ClassVar = "COORDINATES"
    patterns: ClassVar = (
        CuedPattern(
            "pair",
            key(
                r"gps|lat(?:itude)?|lat ?/? ?(?:lon|lng)|coords?|coordinates?|geo|location"
                r"|position|home"
                r"|koordinaten|coordenadas|coordonn[ée]es|coordinate|standort"
            )
            + rf"[^\d\n-]{{0,24}}(?P<value>{_LATITUDE}°?[ "
            rf"]?[NS]?[ ]?[,;/ ][ ]?{_LONGITUDE})(?![\w]|\.\d)",
            0.7,
        ),
        CuedPattern(
            "map",
            r"(?:[?&](?i:q|ll|sll|center|query|destination|daddr|saddr|cp|mlat)=|/@)"
            rf"(?P<value>{_LATITUDE},{_LONGITUDE})(?![\w]|\.\d)",
            0.7,
        ),
        CuedPattern(
            "keys",
            r"(?i:\blat(?:itude)?\b)[\"']?[ ]?[:=][ ]?[\"']?"
            rf"(?P<value>{_LATITUDE}[\"']?[ ]?[,;&][ ]?[\"']?(?i:lon|lng|long"
            rf"|longitude)[\"']?[ ]?[:=][ ]?[\"']?{_LONGITUDE})(?!\w)",
            0.7,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Refuse what lies within one degree of both zeros: boxes and weights, and open sea."""
        return any(int(degrees) for degrees in _DEGREES.findall(value))
